//! What whoever runs it relies on: starting, refusing to start, stopping, settings, copies, the API's own description.

mod copies;
mod description;
mod hardening;
mod indexes;
mod running;
mod settings;
mod starting;
