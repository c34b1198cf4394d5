//! A documented default, over it a file, over that the environment: every key with its value and where that comes from.

use std::fmt::{Debug, Formatter};
use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::environment::Environment;
use super::fault::{ConfigError, Fault, Instead, Place};
use super::nearest::{nearest, nearest_key};
use super::value::Value;

/// What Kubernetes puts into the environment for a service called `whorl-server`; no key begins so.
const OF_KUBERNETES: [&str; 2] = ["SERVICE_", "PORT"];

/// Keys that name a variable with a secret, which may be called as if it were one of a key.
const OF_SECRETS: [&str; 4] =
    ["encryption.master_key_env", "identity.master_key_env", "identity.connection_env", "identity.mosip_salts_env"];

/// A documented default, which is the list of keys.
#[derive(Debug)]
pub(super) struct Document {
    /// Its file, for who maintains it.
    pub(super) name: &'static str,
    pub(super) toml: &'static str,
    /// The command that prints it.
    pub(super) shown_by: &'static str,
}

/// Every key there is, in the order of the default.
#[derive(Clone)]
pub(super) struct Layers {
    settings: Vec<Setting>,
    document: &'static Document,
}

/// Values as they were written may be secrets by mistake, so that `Debug` tells how many there are.
impl Debug for Layers {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Layers").field("settings", &self.settings.len()).finish_non_exhaustive()
    }
}

/// A key, and what is in force.
#[derive(Clone)]
pub(super) struct Setting {
    /// Such as `security.tls`.
    pub(super) section: String,
    pub(super) key: String,
    pub(super) value: Value,
    pub(super) place: Place,
    /// Whether the value may be a secret by mistake.
    pub(super) hidden: bool,
}

/// The keys and sections of one file, by the byte at which they stand.
#[derive(Default)]
struct Found {
    sections: Vec<(usize, String)>,
    keys: Vec<(usize, String, String, Option<Value>)>,
}

impl Setting {
    /// Section and key, with a dot between.
    pub(super) fn name(&self) -> String {
        within(&self.section, &self.key)
    }

    /// The name of its environment variable.
    pub(super) fn variable(&self) -> String {
        format!("{}{}", prefix(&self.section), self.key.to_ascii_uppercase())
    }
}

/// What a key or section is called that stands in another, or in none.
fn within(section: &str, key: &str) -> String {
    if section.is_empty() { key.to_owned() } else { format!("{section}.{key}") }
}

fn prefix(section: &str) -> String {
    format!("WHORL_{}_", section.replace('.', "_").to_ascii_uppercase())
}

impl Layers {
    /// What is compiled in.
    pub(super) fn of(document: &'static Document) -> Result<Self, ConfigError> {
        let mut found = parse(Path::new(document.name), document.toml, document)?.keys;
        found.sort_by_key(|(at, ..)| *at);
        let settings = found.into_iter().filter_map(|(_, section, key, value)| {
            Some(Setting { section, key, value: value?, place: Place::Default, hidden: false })
        });
        Ok(Self { settings: settings.collect(), document })
    }

    /// Puts the file at `path`, which holds `text`, over what there is.
    pub(super) fn lay_file(&mut self, path: &Path, text: &str, faults: &mut Vec<Fault>) -> Result<(), ConfigError> {
        let found = parse(path, text, self.document)?;
        for (at, section) in found.sections {
            // Nor are the sections within an unknown one.
            let parent = section.rsplit_once('.').map_or("", |(parent, _)| parent);
            if !self.has_section(&section) && self.has_section(parent) {
                faults.push(self.unknown_section(section, Place::in_file(path, text, at)));
            }
        }
        for (at, section, key, value) in found.keys {
            // The keys of an unknown section are not complained of again.
            if self.has_section(&section) {
                self.lay(&section, &key, value, Place::in_file(path, text, at))
                    .unwrap_or_else(|fault| faults.push(fault));
            }
        }
        Ok(())
    }

    fn lay(&mut self, section: &str, key: &str, value: Option<Value>, place: Place) -> Result<(), Fault> {
        let Some(setting) = self.settings.iter_mut().find(|setting| setting.section == section && setting.key == key)
        else {
            return Err(self.unknown_key(section, key, place));
        };
        let name = setting.name();
        setting.value =
            value.ok_or(Fault::WrongKind { place: place.clone(), key: name, wanted: setting.value.kind() })?;
        setting.place = place;
        Ok(())
    }

    /// Puts the variables of `environment` over what there is.
    pub(super) fn lay_environment(&mut self, environment: &Environment, faults: &mut Vec<Fault>) {
        for setting in &mut self.settings {
            let name = setting.variable();
            let Some(text) = environment.get(&name) else { continue };
            let wanted = setting.value.kind();
            match setting.value.like(text) {
                Some(value) => setting.value = value,
                None if matches!(setting.value, Value::List(_)) => {
                    faults.push(Fault::ListInVariable { name: name.clone() });
                }
                None => {
                    faults.push(Fault::WrongKind { place: Place::Variable(name.clone()), key: setting.name(), wanted });
                }
            }
            setting.place = Place::Variable(name);
        }
        self.refuse_unknown_variables(environment, faults);
    }

    fn refuse_unknown_variables(&self, environment: &Environment, faults: &mut Vec<Fault>) {
        let known: Vec<String> = self.settings.iter().map(Setting::variable).collect();
        let secrets: Vec<&Setting> =
            self.settings.iter().filter(|setting| OF_SECRETS.contains(&setting.name().as_str())).collect();
        let prefixes: Vec<String> = self.sections().map(prefix).collect();
        for name in environment.names("WHORL_") {
            let Some(rest) = prefixes.iter().find_map(|prefix| name.strip_prefix(prefix.as_str())) else { continue };
            let foreign = OF_KUBERNETES.iter().any(|start| rest.starts_with(start));
            let secret = secrets.iter().any(|setting| setting.value == Value::Text(name.to_owned()));
            if !foreign && !secret && !known.iter().any(|known| known == name) {
                let nearest = nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
                faults.push(Fault::UnknownVariable { name: name.to_owned(), instead: self.instead(nearest) });
            }
        }
    }

    /// What is in force under `key` of `section`.
    ///
    /// # Panics
    /// Where the default has no such key: what the code reads stands there.
    pub(super) fn setting(&mut self, section: &str, key: &str) -> &mut Setting {
        let found = self.settings.iter_mut().find(|setting| setting.section == section && setting.key == key);
        found.unwrap_or_else(|| panic!("{section}.{key} is read, and is not in the default"))
    }

    /// Every key, in the order of the default.
    pub(super) fn settings(&self) -> &[Setting] {
        &self.settings
    }

    /// What to write instead of a name that there is not.
    pub(super) fn instead(&self, nearest: Option<String>) -> Instead {
        nearest.map_or(Instead::ShownBy(self.document.shown_by), Instead::Nearest)
    }

    fn sections(&self) -> impl Iterator<Item = &str> {
        self.settings.chunk_by(|a, b| a.section == b.section).map(|chunk| chunk[0].section.as_str())
    }

    /// All sections, also those that have nothing but sections within them.
    fn all_sections(&self) -> impl Iterator<Item = &str> {
        let around = |section| std::iter::successors(Some(section), |inner: &&str| Some(inner.rsplit_once('.')?.0));
        self.sections().flat_map(around)
    }

    /// Whether there is such a section; the empty one is what stands outside of all.
    fn has_section(&self, section: &str) -> bool {
        section.is_empty() || self.all_sections().any(|known| known == section)
    }

    fn unknown_section(&self, section: String, place: Place) -> Fault {
        let nearest = nearest(&section, self.all_sections()).map(|near| format!("[{near}]"));
        Fault::UnknownSection { place, section, instead: self.instead(nearest) }
    }

    fn unknown_key(&self, section: &str, key: &str, place: Place) -> Fault {
        let known: Vec<(&str, &str)> =
            self.settings.iter().map(|known| (known.section.as_str(), known.key.as_str())).collect();
        let sections = [within(section, key), key.to_owned()];
        let as_section =
            sections.iter().find(|name| self.has_section(name)).map(|name| format!("the section [{name}]"));
        let nearest = as_section.or_else(|| nearest_key(section, key, &known));
        let instead = self.instead(nearest);
        Fault::UnknownKey { place, section: section.to_owned(), key: key.to_owned(), instead }
    }
}

fn parse(path: &Path, text: &str, document: &Document) -> Result<Found, ConfigError> {
    let table = DeTable::parse(text).map_err(|error| ConfigError::NoToml {
        place: Place::in_file(path, text, error.span().map_or(0, |span| span.start)),
        reason: error.message().replace('\n', ", "),
        shown_by: document.shown_by,
    })?;
    let mut found = Found::default();
    gather(table.get_ref(), "", &mut found);
    Ok(found)
}

/// The reader of TOML refuses tables more than 80 deep, so that this ends.
fn gather(table: &DeTable<'_>, section: &str, found: &mut Found) {
    for (key, value) in table {
        let (at, key) = (key.span().start, key.get_ref().as_ref());
        if let DeValue::Table(inner) = value.get_ref() {
            let inside = within(section, key);
            gather(inner, &inside, found);
            found.sections.push((at, inside));
        } else {
            found.keys.push((at, section.to_owned(), key.to_owned(), Value::of_toml(value.get_ref())));
        }
    }
}
