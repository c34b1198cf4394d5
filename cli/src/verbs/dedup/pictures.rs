//! The pictures of a report: read again for the clusters it shows, and held once each.

use std::collections::BTreeMap;

use whorl_service::population::{Enrolee, Source};
use whorl_service::sample::{self, Content, Instance};
use whorl_types::{Capture, Template};

use crate::draw::{self, Picture, Sight};

/// The most pictures on one page: at some 20 kB each, and twice as much for the marks on them, the page stays below 10 MB.
const MOST_PICTURES: usize = 200;

/// Pictures by the reference and instance that they show, each defined once for the whole page.
#[derive(Default)]
pub(super) struct Pictures {
    defined: BTreeMap<(usize, usize), Option<Defined>>,
}

/// A picture of the page.
struct Defined {
    markup: String,
    sight: Sight,
}

impl Pictures {
    /// The picture of an instance of the enrolee with this number; none where there is none, or no room for more.
    pub(super) fn of(&mut self, number: usize, enrolee: &Enrolee, instance: usize) -> (Picture, Sight) {
        let full = self.defined.len() >= MOST_PICTURES;
        let defined = match self.defined.get(&(number, instance)) {
            Some(defined) => defined,
            None if full => &None,
            None => self.defined.entry((number, instance)).or_insert(define(number, enrolee, instance)),
        };
        match defined {
            Some(defined) => (Picture::Shared(id(number, instance)), defined.sight.clone()),
            None => (Picture::None, Sight::default()),
        }
    }

    /// How many pictures the page shows, and whether some found no room.
    pub(super) fn note(&self) -> String {
        let shown = self.defined.values().flatten().count();
        let full = if self.defined.len() < MOST_PICTURES { "" } else { "; those after them found no room" };
        format!("{shown} pictures are shown, reduced in size{full}. What the template knows stands in for all others.")
    }

    /// All pictures so far, as one invisible drawing that the others refer to.
    pub(super) fn definitions(&self) -> String {
        let all: String = self.defined.values().flatten().map(|defined| defined.markup.as_str()).collect();
        format!("<svg width=\"0\" height=\"0\" style=\"position:absolute\"><defs>\n{all}</defs></svg>\n")
    }
}

fn id(number: usize, instance: usize) -> String {
    format!("picture-{number}-{instance}")
}

/// A file that held a template, or is gone since, has no picture to show.
fn define(number: usize, enrolee: &Enrolee, instance: usize) -> Option<Defined> {
    let (Instance { position, template }, Source { path, ppi, .. }) =
        (&enrolee.instances[instance], &enrolee.sources[instance]);
    let capture = Capture { modality: template.modality(), position: *position, ppi: *ppi };
    let contents = sample::decode(&sample::read(path).ok()?, &capture).ok()?;
    let shown = contents.into_iter().find(|content| content.position() == *position)?;
    let Content::Sample(sample) = shown else { return None };
    let (width, height) = match template {
        // A print is measured at 500 ppi, whatever its picture has.
        Template::Finger(template) => (u32::from(template.width_px()), u32::from(template.height_px())),
        Template::Iris(_) => (sample.image.width_px(), sample.image.height_px()),
    };
    let (uri, id) = (draw::thumbnail(&sample.image), id(number, instance));
    let markup = format!(
        "<image id=\"{id}\" width=\"{width}\" height=\"{height}\" preserveAspectRatio=\"none\" href=\"{uri}\"/>\n"
    );
    Some(Defined { markup, sight: Sight::of_size(&sample.image) })
}
