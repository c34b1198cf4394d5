//! One section, read key by key. A fault is noted and the reading goes on, so that all faults are told at once.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::fault::{Fault, Place};
use super::layers::Layers;
use super::nearest::nearest;
use super::value::Value;

/// The longest value that a message repeats, in letters.
const TOLD_LETTERS: usize = 40;

/// The longest name of a variable; a key in hexadecimal digits is longer.
const MAX_VARIABLE_LETTERS: usize = 60;

/// How a PEM file begins. Whoever writes one where its path belongs has written a secret there.
const PEM: &str = "-----BEGIN";

/// What is read, and what was wrong so far. Nothing that was read counts where anything was.
pub(super) struct Reading<'a> {
    pub(super) layers: &'a mut Layers,
    pub(super) faults: &'a mut Vec<Fault>,
    /// What relative paths are relative to.
    pub(super) base: &'a Path,
}

impl Reading<'_> {
    /// The keys of `name`.
    pub(super) fn section<'b>(&'b mut self, name: &'b str) -> Section<'b> {
        Section { name, layers: self.layers, faults: self.faults, base: self.base }
    }
}

/// The keys of one section.
pub(super) struct Section<'a> {
    name: &'a str,
    layers: &'a mut Layers,
    faults: &'a mut Vec<Fault>,
    base: &'a Path,
}

impl Section<'_> {
    pub(super) fn flag(&mut self, key: &str) -> bool {
        if let Value::Flag(flag) = self.value(key) { flag } else { self.wrong(key, "true or false") }
    }

    pub(super) fn whole<T: TryFrom<i64> + Default>(&mut self, key: &str, range: RangeInclusive<i64>) -> T {
        let Value::Whole(value) = self.value(key) else { return self.wrong(key, "a whole number") };
        let (least, most) = range.clone().into_inner();
        match T::try_from(value) {
            Ok(number) if range.contains(&value) => number,
            _ => self.fault(key, |place, key| Fault::OutOfRange { place, key, value, least, most }),
        }
    }

    pub(super) fn seconds(&mut self, key: &str, range: RangeInclusive<i64>) -> Duration {
        Duration::from_secs(self.whole(key, range))
    }

    /// A number above 0 and below 1.
    pub(super) fn rate(&mut self, key: &str) -> f64 {
        let wanted = "above 0 and below 1; choose a rate within, such as 0.001";
        self.real(key, wanted, |value| value > 0.0 && value < 1.0)
    }

    /// A number that `fits`, which is what people are told is `wanted`.
    pub(super) fn real(&mut self, key: &str, wanted: &'static str, fits: impl FnOnce(f64) -> bool) -> f64 {
        let value = match self.value(key) {
            Value::Real(real) => real,
            Value::Whole(whole) => whole as f64,
            Value::Flag(_) | Value::Text(_) | Value::List(_) | Value::Table(_) => return self.wrong(key, "a number"),
        };
        if fits(value) { value } else { self.fault(key, |place, key| Fault::WrongNumber { place, key, value, wanted }) }
    }

    pub(super) fn word<T: Copy>(&mut self, key: &str, words: &[(&str, T)]) -> T {
        let text = self.any_text(key);
        let found = words.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            self.note(key, |place, key| unknown_word(place, key, &text, words));
        }
        found.unwrap_or(&words[0]).1
    }

    pub(super) fn address(&mut self, key: &str) -> SocketAddr {
        let text = self.any_text(key);
        text.parse().unwrap_or_else(|_| {
            let value = cut(&text);
            self.note(key, |place, key| Fault::NoAddress { place, key, value });
            SocketAddr::from((Ipv4Addr::LOCALHOST, 0))
        })
    }

    /// A text that is not empty.
    pub(super) fn text(&mut self, key: &str) -> String {
        let text = self.any_text(key);
        if text.is_empty() { self.fault(key, |place, key| Fault::Empty { place, key }) } else { text }
    }

    /// A text, or none where it is empty.
    pub(super) fn optional_text(&mut self, key: &str) -> Option<String> {
        Some(self.any_text(key)).filter(|text| !text.is_empty())
    }

    pub(super) fn path(&mut self, key: &str) -> PathBuf {
        let text = self.text(key);
        self.resolved(key, &text)
    }

    pub(super) fn optional_path(&mut self, key: &str) -> Option<PathBuf> {
        let text = self.optional_text(key)?;
        if text.contains(PEM) || text.contains('\n') {
            self.layers.setting(self.name, key).hidden = true;
            return self.fault(key, |place, key| Fault::SecretInPlace { place, key });
        }
        Some(self.resolved(key, &text))
    }

    /// The path of a file with a secret, which somebody may have written in its place.
    pub(super) fn secret_path(&mut self, key: &str) -> Option<PathBuf> {
        let path = self.optional_path(key)?;
        self.layers.setting(self.name, key).hidden = !path.is_file();
        Some(path)
    }

    /// The name of an environment variable, or none where it is empty. It is told from a key of 32 bytes, which has 64 hexadecimal
    /// digits or an equals sign.
    pub(super) fn variable_name(&mut self, key: &str) -> Option<String> {
        let name = self.optional_text(key)?;
        let fits = name.len() <= MAX_VARIABLE_LETTERS && name.starts_with(|first: char| !first.is_ascii_digit());
        if fits && name.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'_') {
            return Some(name);
        }
        self.fault(key, |place, key| Fault::NoVariable { place, key })
    }

    /// A list of texts that `fit`, of which people are told what is `wanted`.
    pub(super) fn texts(
        &mut self,
        key: &str,
        most: usize,
        wanted: &'static str,
        fits: impl Fn(&str) -> bool,
    ) -> Vec<String> {
        let Value::List(list) = self.value(key) else { return self.wrong(key, wanted) };
        let count = list.len();
        if count > most {
            return self.fault(key, |place, key| Fault::TooMany { place, key, count, most });
        }
        let text = |item| if let Value::Text(text) = item { Some(text).filter(|text| fits(text)) } else { None };
        let texts = list.into_iter().map(text).collect::<Option<Vec<_>>>();
        texts.unwrap_or_else(|| self.wrong(key, wanted))
    }

    /// Notes where the first of two numbers, which must not be above the second, is; at the one that was written.
    pub(super) fn refuse_above(&mut self, (key, value): (&str, f64), (other, most): (&'static str, f64)) {
        if value > most {
            let is_written = self.layers.setting(self.name, key).place != Place::Default;
            let (written, key) = (if is_written { key } else { other }, key.to_owned());
            self.note(written, |place, _| Fault::Above { place, key, value, other, most });
        }
    }

    /// A list of tables that have no keys but `known`.
    pub(super) fn tables(&mut self, key: &str, most: usize, known: &[&str]) -> Vec<BTreeMap<String, Value>> {
        let Value::List(list) = self.value(key) else { return self.wrong(key, "a list of tables") };
        let count = list.len();
        if count > most {
            return self.fault(key, |place, key| Fault::TooMany { place, key, count, most });
        }
        let mut tables = Vec::with_capacity(count);
        for item in list {
            let Value::Table(table) = item else { return self.wrong(key, "a list of tables") };
            self.refuse_others(key, &table, known);
            tables.push(table);
        }
        tables
    }

    fn refuse_others(&mut self, key: &str, table: &BTreeMap<String, Value>, known: &[&str]) {
        for other in table.keys().filter(|other| !known.contains(&other.as_str())) {
            let nearest = nearest(other, known.iter().copied()).map(|near| format!("`{near}`"));
            let (written, instead) = (cut(other), self.layers.instead(nearest));
            self.note(key, |place, section| Fault::UnknownKey { place, section, key: written, instead });
        }
    }

    /// A text of a table of the list `key`.
    pub(super) fn member_text(&mut self, key: &str, table: &BTreeMap<String, Value>, member: &str) -> String {
        match table.get(member) {
            Some(Value::Text(text)) if !text.is_empty() => text.clone(),
            _ => self.member_fault(key, member, "a text that is not empty"),
        }
    }

    /// A path of a table of the list `key`.
    pub(super) fn member_path(&mut self, key: &str, table: &BTreeMap<String, Value>, member: &str) -> PathBuf {
        let text = self.member_text(key, table, member);
        if text.contains(PEM) || text.contains('\n') {
            self.layers.setting(self.name, key).hidden = true;
            return self.fault(key, |place, key| Fault::SecretInPlace { place, key: format!("{key}.{member}") });
        }
        self.base.join(text)
    }

    /// A list of words of a table of the list `key`.
    pub(super) fn member_words<T: Copy>(
        &mut self,
        key: &str,
        table: &BTreeMap<String, Value>,
        member: &str,
        words: &[(&str, T)],
    ) -> Vec<T> {
        let Some(Value::List(list)) = table.get(member) else {
            return self.member_fault(key, member, "a list of words");
        };
        let mut found = Vec::with_capacity(list.len());
        for item in list {
            let Value::Text(text) = item else { return self.member_fault(key, member, "a list of words") };
            match words.iter().find(|(word, _)| word == text) {
                Some((_, meaning)) => found.push(*meaning),
                None => self.note(key, |place, key| unknown_word(place, format!("{key}.{member}"), text, words)),
            }
        }
        found
    }

    fn member_fault<T: Default>(&mut self, key: &str, member: &str, wanted: &'static str) -> T {
        self.fault(key, |place, key| Fault::WrongKind { place, key: format!("{key}.{member}"), wanted })
    }

    fn value(&mut self, key: &str) -> Value {
        self.layers.setting(self.name, key).value.clone()
    }

    fn any_text(&mut self, key: &str) -> String {
        if let Value::Text(text) = self.value(key) { text } else { self.wrong(key, "a text in quotation marks") }
    }

    /// The path that `text` means, noted as the value in force.
    fn resolved(&mut self, key: &str, text: &str) -> PathBuf {
        let path = self.base.join(text);
        self.layers.setting(self.name, key).value = Value::Text(path.to_string_lossy().into_owned());
        path
    }

    fn wrong<T: Default>(&mut self, key: &str, wanted: &'static str) -> T {
        self.fault(key, |place, key| Fault::WrongKind { place, key, wanted })
    }

    fn fault<T: Default>(&mut self, key: &str, fault: impl FnOnce(Place, String) -> Fault) -> T {
        self.note(key, fault);
        T::default()
    }

    fn note(&mut self, key: &str, fault: impl FnOnce(Place, String) -> Fault) {
        let setting = self.layers.setting(self.name, key);
        self.faults.push(fault(setting.place.clone(), setting.name()));
    }
}

fn unknown_word<T>(place: Place, key: String, value: &str, words: &[(&str, T)]) -> Fault {
    let words = words.iter().map(|(word, _)| format!("\"{word}\"")).collect::<Vec<_>>().join(", ");
    Fault::UnknownWord { place, key, value: cut(value), words }
}

fn cut(text: &str) -> String {
    let told: String = text.chars().take(TOLD_LETTERS).collect();
    if told.len() < text.len() { format!("{told}...") } else { told }
}
