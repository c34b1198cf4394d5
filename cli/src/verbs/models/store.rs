//! The folder of models: one folder a model, named `NAME-VERSION`, with its description and its files.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use whorl_extractors::face::model::{Description, ModelError, read_description};

use super::Kept;

/// The description within a model's folder.
pub(super) const DESCRIPTION: &str = "model.toml";

/// The folder of models, which need not exist.
#[derive(Debug, Clone)]
pub(super) struct Store {
    folder: PathBuf,
}

/// An installed model, or what is left of one.
#[derive(Debug)]
pub(super) struct Installed {
    pub(super) folder: PathBuf,
    pub(super) description: Result<Description, ModelError>,
}

impl Store {
    /// The folder that was named, else the one of the environment.
    pub(super) fn of(kept: &Kept) -> anyhow::Result<Self> {
        let found = kept.models.clone().or_else(|| default_folder(|name| std::env::var_os(name)));
        let folder = found.context("nobody says where models are kept, not even HOME: name a folder with --models")?;
        Ok(Self { folder })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the model of `description` is or would be.
    pub(super) fn place(&self, description: &Description) -> PathBuf {
        self.folder.join(format!("{}-{}", description.name, description.version))
    }

    /// Every model, in order of their folders' names.
    pub(super) fn installed(&self) -> anyhow::Result<Vec<Installed>> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", self.folder.display())),
        };
        let mut folders: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
        // What begins with a dot is a download or an installation that was cut short.
        folders.retain(|folder| folder.is_dir() && !is_hidden(folder));
        folders.sort();
        let installed =
            |folder: PathBuf| Installed { description: read_description(&folder.join(DESCRIPTION)), folder };
        Ok(folders.into_iter().map(installed).collect())
    }

    /// The description that `named` means: a file, or the latest version of the installed model of that name, or the one whose
    /// `NAME-VERSION` that is.
    pub(super) fn find(&self, named: &str) -> anyhow::Result<PathBuf> {
        let file = Path::new(named);
        if file.is_file() || file.extension().is_some_and(|ending| ending == "toml") || named.contains(['/', '\\']) {
            return Ok(file.to_owned());
        }
        let installed = self.installed()?;
        let exact = installed.iter().find(|model| model.folder.file_name().is_some_and(|name| name == named));
        let of_name = installed.iter().filter_map(|model| {
            let description = model.description.as_ref().ok().filter(|description| description.name == named)?;
            Some((description.version, model))
        });
        let found = exact.or_else(|| of_name.max_by_key(|(version, _)| *version).map(|(_, model)| model));
        match found {
            Some(model) => Ok(model.folder.join(DESCRIPTION)),
            None => {
                bail!("no model \"{named}\" in {}: `whorl models list` says which there are", self.folder.display())
            }
        }
    }
}

fn is_hidden(folder: &Path) -> bool {
    folder.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

fn default_folder(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let set = |name| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let data = || set("XDG_DATA_HOME").or_else(|| Some(set("HOME")?.join(".local/share")));
    set("WHORL_MODELS").or_else(|| Some(data()?.join("whorl/models")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_says_where_models_are_kept() {
        let folder = |set: &[(&str, &str)]| {
            default_folder(|name| set.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into()))
        };
        let home = ("HOME", "/h");
        assert_eq!(folder(&[home, ("XDG_DATA_HOME", "/x"), ("WHORL_MODELS", "/w")]), Some("/w".into()));
        assert_eq!(folder(&[home, ("XDG_DATA_HOME", "/x")]), Some("/x/whorl/models".into()));
        assert_eq!(
            folder(&[home, ("XDG_DATA_HOME", ""), ("WHORL_MODELS", "")]),
            Some("/h/.local/share/whorl/models".into())
        );
        assert_eq!(folder(&[]), None);
    }
}
