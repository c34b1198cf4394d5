//! The environment of a process, as a value.

use std::collections::BTreeMap;
use std::env;
use std::fmt::{Debug, Formatter, Result};

/// Variables by name. They may hold secrets, so that `Debug` tells how many there are.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// The variables of this process. Bytes that are no UTF-8 are replaced.
    #[must_use]
    pub fn of_process() -> Self {
        let text = |part: std::ffi::OsString| part.to_string_lossy().into_owned();
        Self(env::vars_os().map(|(name, value)| (text(name), text(value))).collect())
    }

    /// These variables and no others.
    #[must_use]
    pub fn of<const N: usize>(variables: [(&str, &str); N]) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    /// What the variable `name` holds.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The names that begin with `prefix`, in order.
    pub(super) fn names<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.keys().map(String::as_str).filter(move |name| name.starts_with(prefix))
    }
}

impl Debug for Environment {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("Environment").field("variables", &self.0.len()).finish_non_exhaustive()
    }
}
