//! The pictures of a report: read again for the clusters it shows, and held once each.

use std::collections::BTreeMap;

use whorl_service::population::{Enrolee, Source};
use whorl_service::sample::{self, Content};
use whorl_types::{Capture, Modality};

use crate::draw::{self, Picture};

/// The most pictures on one page: at some 20 kB each, and twice as much for the marks on them, the page stays below 10 MB.
const MOST_PICTURES: usize = 200;

/// Pictures by the reference and finger that they show, each defined once for the whole page.
#[derive(Default)]
pub(super) struct Pictures {
    definitions: BTreeMap<(usize, usize), Option<String>>,
}

impl Pictures {
    /// The picture of a finger of the enrolee with this number; its ridge flow where there is none, or no room for more.
    pub(super) fn of(&mut self, number: usize, enrolee: &Enrolee, finger: usize) -> Picture {
        let full = self.definitions.len() >= MOST_PICTURES;
        let definition = match self.definitions.get(&(number, finger)) {
            Some(definition) => definition,
            None if full => return Picture::None,
            None => self.definitions.entry((number, finger)).or_insert(definition(number, enrolee, finger)),
        };
        if definition.is_some() { Picture::Shared(id(number, finger)) } else { Picture::None }
    }

    /// How many pictures the page shows, and whether some found no room.
    pub(super) fn note(&self) -> String {
        let shown = self.definitions.values().flatten().count();
        let full = if self.definitions.len() < MOST_PICTURES { "" } else { "; those after them found no room" };
        format!("{shown} pictures are shown, reduced in size{full}. What the template knows stands in for all others.")
    }

    /// All pictures so far, as one invisible drawing that the others refer to.
    pub(super) fn definitions(&self) -> String {
        let all: String = self.definitions.values().flatten().map(String::as_str).collect();
        format!("<svg width=\"0\" height=\"0\" style=\"position:absolute\"><defs>\n{all}</defs></svg>\n")
    }
}

fn id(number: usize, finger: usize) -> String {
    format!("picture-{number}-{finger}")
}

/// A file that held a template, or is gone since, has no picture to show.
fn definition(number: usize, enrolee: &Enrolee, finger: usize) -> Option<String> {
    let (instance, Source { path, ppi, .. }) = (&enrolee.instances[finger], &enrolee.sources[finger]);
    let capture = Capture { modality: Modality::Fingerprint, position: instance.position, ppi: *ppi };
    let contents = sample::decode(&sample::read(path).ok()?, &capture).ok()?;
    let shown = contents.into_iter().find(|content| content.position() == instance.position)?;
    let Content::Sample(sample) = shown else { return None };
    let (width, height) = (instance.template.width_px(), instance.template.height_px());
    let uri = draw::thumbnail(&sample.image);
    let id = id(number, finger);
    Some(format!(
        "<image id=\"{id}\" width=\"{width}\" height=\"{height}\" preserveAspectRatio=\"none\" href=\"{uri}\"/>\n"
    ))
}
