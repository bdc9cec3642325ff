//! What whoever runs it relies on: starting, refusing to start, stopping, settings, copies, the API's own description.

mod bodies;
mod canaries;
mod copies;
mod description;
mod hardening;
mod indexes;
mod migrating;
mod panics;
mod running;
mod settings;
mod starting;
