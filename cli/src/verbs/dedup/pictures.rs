//! The pictures of a report: read again for the clusters it shows, and held once each.

use std::collections::BTreeMap;

use whorl_service::population::{Enrolee, Source};
use whorl_service::sample::{self, Content, Faces, Instance};
use whorl_types::{Capture, Template};

use crate::draw::{self, Picture, Sight};

/// The most drawings on one page: with their pictures at some 20 kB each and the marks on them at 40 kB it stays below 10 MB.
const MOST_DRAWINGS: usize = 120;

/// Pairs of one cluster that are drawn, where all find room.
const MOST_PAIRS_OF_ONE: usize = 3;

/// Instances of one pair that are drawn: those that say most, and of each modality one before any second.
pub(super) const MOST_OF_A_PAIR: usize = 2;

/// Pictures by the reference and instance that they show, each defined once for the whole page.
#[derive(Default)]
pub(super) struct Pictures {
    defined: BTreeMap<(usize, usize), Option<Defined>>,
    drawings: usize,
    pairs_of_one: usize,
}

/// A picture of the page.
struct Defined {
    markup: String,
    sight: Sight,
}

impl Pictures {
    /// Divides the room of the page among so many clusters.
    pub(super) fn share_among(&mut self, clusters: usize) {
        let share = MOST_DRAWINGS / MOST_OF_A_PAIR / clusters.max(1);
        self.pairs_of_one = share.clamp(1, MOST_PAIRS_OF_ONE);
    }

    /// How many pairs of each cluster are drawn.
    pub(super) fn pairs_of_one(&self) -> usize {
        self.pairs_of_one
    }

    /// Whether one more drawing finds room, which it takes.
    pub(super) fn take_room(&mut self) -> bool {
        self.drawings += 1;
        self.drawings <= MOST_DRAWINGS
    }

    /// The picture of an instance of the enrolee with this number, where there is one.
    pub(super) fn of(&mut self, number: usize, enrolee: &Enrolee, instance: usize) -> (Picture, Sight) {
        let defined = self.defined.entry((number, instance)).or_insert_with(|| define(number, enrolee, instance));
        match defined {
            Some(defined) => (Picture::Shared(id(number, instance)), defined.sight.clone()),
            None => (Picture::None, Sight::default()),
        }
    }

    /// How many pictures the page shows, and what found no room.
    pub(super) fn note(&self) -> String {
        let shown = self.defined.values().flatten().count();
        let full = match self.drawings.saturating_sub(MOST_DRAWINGS) {
            0 => String::new(),
            more => format!(" {more} more drawings found no room."),
        };
        format!("{shown} pictures are shown, reduced in size.{full}")
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
    let (Instance { position, template, .. }, Source { path, place, ppi, .. }) =
        (&enrolee.instances[instance], &enrolee.sources[instance]);
    let capture = Capture { modality: template.modality(), position: *position, ppi: *ppi, liveness: None };
    let shown = sample::open(path, |_| capture).into_iter().nth(*place)?.ok()?;
    let Content::Sample { sample, .. } = &shown else { return None };
    let (width, height) = match template {
        // A print is measured at 500 ppi, whatever its picture has.
        Template::Finger(template) => (u32::from(template.width_px()), u32::from(template.height_px())),
        Template::Iris(_) | Template::Face(_) => (sample.image.width_px(), sample.image.height_px()),
    };
    let (uri, id) = (draw::thumbnail(&sample.image), id(number, instance));
    let markup = format!(
        "<image id=\"{id}\" width=\"{width}\" height=\"{height}\" preserveAspectRatio=\"none\" href=\"{uri}\"/>\n"
    );
    let mut sight = Sight::of_size(&sample.image);
    if let Template::Iris(_) = template {
        // Extracted again for its contours and its strip, which no template keeps.
        shown.extract(&Faces::default(), &mut sight).ok()?;
    }
    Some(Defined { markup, sight })
}
