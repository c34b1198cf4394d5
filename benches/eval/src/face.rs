//! Whorl's own face matcher, from file to score.

use std::time::Instant;

use whorl_datasets::manifest::Entry;
use whorl_engine::face::{COMPARATOR, EmbeddingRow, Probe, similarity};
use whorl_extractors::face::{NoTrace, extract};
use whorl_formats::template;
use whorl_service::sample::Faces;
use whorl_types::{FaceTemplate, Modality, Similarity};

use crate::matcher::{Extracted, Failure, Matcher};
use crate::picture::picture;

impl Matcher for Faces {
    /// The template, and its embedding as galleries keep it.
    type Template = (FaceTemplate, EmbeddingRow);
    type Probe = Probe;

    fn modality(&self) -> Modality {
        Modality::Face
    }

    fn extractor(&self) -> String {
        self.model().extractor()
    }

    fn comparator(&self) -> String {
        COMPARATOR.to_owned()
    }

    fn extract(&self, bytes: &[u8], entry: &Entry) -> Result<Extracted<Self::Template>, Failure> {
        let picture = picture(bytes, entry)?;
        let began = Instant::now();
        let template = extract(self.model(), &picture.image, self.several(), &mut NoTrace)?;
        let took = Some(began.elapsed());
        let template_bytes = template::face::encode(&template).len();
        let (quality, row) = (template.quality(), EmbeddingRow::from(&template));
        Ok(Extracted { quality, template_bytes, template: (template, row), took })
    }

    fn prepare(&self, (template, _): &Self::Template) -> Probe {
        Probe::new(template)
    }

    fn compare(&self, probe: &Probe, (_, reference): &Self::Template) -> Similarity {
        similarity(probe, reference)
    }
}
