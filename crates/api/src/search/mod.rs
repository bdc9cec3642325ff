//! Looking things up: names, people, places, hotspots, areas.

pub(crate) mod areas;
pub(crate) mod hotspots;
pub(crate) mod name_forms;
pub(crate) mod names;
pub(crate) mod places;
