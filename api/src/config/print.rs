//! The configuration in force, as TOML.

use std::fmt::Write;

use super::fault::Place;
use super::layers::{Layers, Setting};

/// In what column the origins stand where the values leave room.
const ORIGIN_COLUMN: usize = 44;

/// Every key with its value and where that comes from.
pub(super) fn text(layers: &Layers) -> String {
    let sections = layers.settings().chunk_by(|a, b| a.section == b.section);
    sections.map(section).collect::<Vec<_>>().join("\n")
}

fn section(settings: &[Setting]) -> String {
    let mut text = format!("[{}]\n", settings[0].section);
    for setting in settings {
        let line = format!("{} = {}", setting.key, shown(setting));
        let _ = writeln!(text, "{line:ORIGIN_COLUMN$} # {}", origin(&setting.place));
    }
    text
}

fn origin(place: &Place) -> String {
    match place {
        Place::Default => "default".to_owned(),
        Place::File { .. } => format!("file {place}"),
        Place::Variable(name) => format!("environment {name}"),
    }
}

fn shown(setting: &Setting) -> String {
    if setting.hidden {
        return "\"(not shown: no such file)\"".to_owned();
    }
    setting.value.to_string()
}
