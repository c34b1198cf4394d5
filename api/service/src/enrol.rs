//! Enrolment: a manifest goes into a gallery.

use whorl_index::{Gallery, GalleryError};

use crate::engine::Engine;
use crate::omission::{Omission, Reason};
use crate::population::{self, Listed, Listing};
use crate::watch::Watch;

/// References that are extracted and made durable together: templates of as many with ten fingers and two eyes each take some 300 MB.
const BATCH: usize = 4096;

/// What an enrolment did.
#[derive(Debug, Default)]
pub struct Enrolment {
    /// References that are in the gallery now and were not before.
    pub references: usize,
    /// Their templates.
    pub templates: usize,
    /// What is not.
    pub omissions: Vec<Omission>,
}

impl Engine {
    /// Adds everybody of `listing` to `gallery`, batch by batch; what is in the gallery already is left out.
    ///
    /// # Errors
    /// [`GalleryError`] where the gallery cannot be written; the batches before are in it.
    pub fn enrol(&self, gallery: &Gallery, listing: Listing, watch: &dyn Watch) -> Result<Enrolment, GalleryError> {
        watch.begin("enrolling", listing.samples());
        let before = gallery.snapshot();
        let (known, new): (Vec<Listed>, Vec<Listed>) =
            listing.listed.into_iter().partition(|listed| before.contains(&listed.id));
        let mut enrolment = Enrolment { omissions: listing.omissions, ..Enrolment::default() };
        for listed in known {
            watch.advance(listed.entries.len());
            let (what, line) = (listed.id.to_string(), listed.entries.first().map(|entry| entry.line));
            enrolment.omissions.push(Omission { what, line, reason: Reason::EnrolledAlready });
        }
        for batch in new.chunks(BATCH) {
            let population = self.install(|| population::extract(batch, self.faces(), watch));
            enrolment.references += population.enrolees.len();
            enrolment.templates += population.enrolees.iter().map(|enrolee| enrolee.instances.len()).sum::<usize>();
            enrolment.omissions.extend(population.omissions);
            gallery.enrol(population.enrolees.iter().map(population::Enrolee::to_reference).collect())?;
        }
        Ok(enrolment)
    }
}
