//! `whorl models pull`

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use whorl_extractors::face::model::{Description, NetworkFile, Sha256};
use whorl_extractors::face::network::MAX_NETWORK_BYTES;

use super::add::Added;
use super::address::Address;
use super::card::Card;
use super::staging::{Staging, before};
use super::store::{DESCRIPTION, Store};
use super::{Pulled, consent, download};
use crate::console::{Bars, Console};
use crate::outcome::Outcome;

/// The longest description, and the longest calibration beside one.
const MAX_TEXT_BYTES: usize = 64 << 10;

/// Within the store: files that are coming, each named after its SHA-256, so that any run can go on with any of them.
const PARTIAL: &str = ".partial";

/// A file whose hash is right.
struct Ready {
    path: PathBuf,
    /// Whether it came over the network, and is no longer needed once the model is installed.
    came: bool,
    /// How many bytes of it came now.
    fetched_bytes: u64,
}

/// Where a description comes from.
enum Origin {
    Here(PathBuf),
    There(Address),
}

pub(super) fn run(pulled: &Pulled, console: Console) -> anyhow::Result<Outcome> {
    let named = &pulled.named;
    let store = Store::of(&named.kept)?;
    let (origin, text) = read(&named.model)?;
    let description = described(&text).with_context(|| format!("{} is no description of a model", named.model))?;
    let card = Card::of(&description);
    if let Some(folder) = before(&store, &description)? {
        console.print(&Added { folder, before: true, fetched_bytes: 0, card })?;
        return Ok(Outcome::Complete);
    }
    if !pulled.yes {
        Console::warn(format!("{card}\n"));
        if !consent::ask("Fetch it under this licence?") {
            bail!("nothing was fetched: the licence was not accepted (--yes accepts it)");
        }
    }
    let mut ready = Vec::new();
    for network in description.networks() {
        ready.push((fetch(&store, &origin, network, &console.bars())?, network.file.as_str()));
    }
    let staging = Staging::new(&store)?;
    staging.write(DESCRIPTION, &text)?;
    for (Ready { path, came, .. }, name) in &ready {
        if *came { staging.link(path, name)? } else { staging.copy(path, name)? }
    }
    if let Some(name) = &description.calibration {
        staging.write(name, &beside(&origin, name)?)?;
    }
    let placed = staging.place(&description, named.runtime)?;
    for came in ready.iter().filter(|(ready, _)| ready.came) {
        // What stays is found, and not fetched again, by the next run that needs it.
        let _ = fs::remove_file(&came.0.path);
    }
    let fetched_bytes = ready.iter().map(|(ready, _)| ready.fetched_bytes).sum();
    console.print(&Added::of(placed, fetched_bytes, card))?;
    Ok(Outcome::Complete)
}

/// The bytes of the description, and where they come from.
fn read(model: &str) -> anyhow::Result<(Origin, Vec<u8>)> {
    if Address::is_meant(model) {
        let address = Address::parse(model)?;
        let text = download::text(&address, MAX_TEXT_BYTES)?;
        return Ok((Origin::There(address), text));
    }
    let path = PathBuf::from(model);
    let text = small(&path)?;
    Ok((Origin::Here(path), text))
}

fn described(text: &[u8]) -> anyhow::Result<Description> {
    Ok(Description::parse(std::str::from_utf8(text)?)?)
}

/// The bytes of a small file.
fn small(path: &Path) -> anyhow::Result<Vec<u8>> {
    let named = || format!("cannot read {}", path.display());
    let mut bytes = Vec::new();
    File::open(path)
        .with_context(named)?
        .take(MAX_TEXT_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .with_context(named)?;
    if bytes.len() > MAX_TEXT_BYTES {
        bail!("{} has over {MAX_TEXT_BYTES} bytes, which is refused", path.display());
    }
    Ok(bytes)
}

/// A small file beside the description.
fn beside(origin: &Origin, name: &str) -> anyhow::Result<Vec<u8>> {
    match origin {
        Origin::Here(path) => small(&path.with_file_name(name)),
        Origin::There(address) => download::text(&address.beside(name)?, MAX_TEXT_BYTES),
    }
}

/// The file of `network`, fetched unless it is here.
fn fetch(store: &Store, origin: &Origin, network: &NetworkFile, bars: &Bars) -> anyhow::Result<Ready> {
    if let Origin::Here(path) = origin {
        let here = path.with_file_name(&network.file);
        if hash(&here)? == Some(network.sha256) {
            return Ok(Ready { path: here, came: false, fetched_bytes: 0 });
        }
    }
    let Some(url) = &network.url else {
        bail!(
            "nobody says where {} can be fetched: put it beside the description, and `whorl models add` that",
            network.file
        );
    };
    let address = Address::parse(url)?;
    let folder = store.folder().join(PARTIAL);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let partial = folder.join(network.sha256.to_string());
    if hash(&partial)? == Some(network.sha256) {
        return Ok(Ready { path: partial, came: true, fetched_bytes: 0 });
    }
    let (mut fetched_bytes, kept) = download::file(&address, &partial, MAX_NETWORK_BYTES as u64, bars)?;
    let mut found = hash(&partial)?;
    if kept > 0 && found != Some(network.sha256) {
        // What was kept may have been the beginning of something else.
        fs::remove_file(&partial)?;
        fetched_bytes += download::file(&address, &partial, MAX_NETWORK_BYTES as u64, bars)?.0;
        found = hash(&partial)?;
    }
    if found == Some(network.sha256) {
        return Ok(Ready { path: partial, came: true, fetched_bytes });
    }
    fs::remove_file(&partial)?;
    let found = found.map_or_else(|| "unknown".to_owned(), |found| found.to_string());
    bail!(
        "{address} is not the file that the description means, so nothing was installed: its SHA-256 is {found}, not {}",
        network.sha256
    )
}

/// The hash of a file, or nothing where there is none.
fn hash(path: &Path) -> anyhow::Result<Option<Sha256>> {
    match File::open(path) {
        Ok(file) => Ok(Some(Sha256::of_reader(file).with_context(|| format!("cannot read {}", path.display()))?.0)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}
