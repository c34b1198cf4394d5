//! The configuration in force, as TOML.

use std::fmt::Write;

use super::fault::Place;
use super::layers::{Layers, Setting};
use super::value::Value;

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
    let Value::Text(text) = &setting.value else { return setting.value.to_string() };
    Value::Text(without_password(text)).to_string()
}

/// An address without the name and password that may stand in it.
fn without_password(text: &str) -> String {
    let parts = text.split_once("://").and_then(|(scheme, rest)| {
        let host_end = rest.find('/').unwrap_or(rest.len());
        rest[..host_end].rfind('@').map(|at| format!("{scheme}://(not shown)@{}", &rest[at + 1..]))
    });
    parts.unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_an_address_is_not_shown() {
        assert_eq!(without_password("https://me:secret@idp/keys?a@b"), "https://(not shown)@idp/keys?a@b");
        assert_eq!(without_password("https://idp/keys@x"), "https://idp/keys@x");
        assert_eq!(without_password("plain@text"), "plain@text");
    }
}
