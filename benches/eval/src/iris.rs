//! Whorl's own iris matcher, from file to score.

use std::time::Instant;

use whorl_datasets::manifest::Entry;
use whorl_engine::iris::{COMPARATOR, Probe, similarity};
use whorl_extractors::iris::{EXTRACTOR, NoTrace, extract};
use whorl_formats::template;
use whorl_types::{IrisTemplate, Modality, Similarity};

use crate::matcher::{Extracted, Failure, Matcher};
use crate::picture::picture;

/// Irises by the phase of their texture: near-infrared pictures of any format that is known.
#[derive(Debug, Clone, Copy, Default)]
pub struct Irises;

impl Matcher for Irises {
    type Template = IrisTemplate;
    type Probe = Probe;

    fn modality(&self) -> Modality {
        Modality::Iris
    }

    fn extractor(&self) -> String {
        EXTRACTOR.to_owned()
    }

    fn comparator(&self) -> String {
        COMPARATOR.to_owned()
    }

    fn extract(&self, bytes: &[u8], entry: &Entry) -> Result<Extracted<IrisTemplate>, Failure> {
        let picture = picture(bytes, entry)?;
        picture.check_infrared()?;
        let image = picture.image.into_grey();
        let began = Instant::now();
        let template = extract(&image, &mut NoTrace)?;
        let took = Some(began.elapsed());
        let template_bytes = template::iris::encode(&template).len();
        Ok(Extracted { quality: template.quality(), template_bytes, template, took })
    }

    fn prepare(&self, template: &IrisTemplate) -> Probe {
        Probe::new(template)
    }

    fn compare(&self, probe: &Probe, reference: &IrisTemplate) -> Similarity {
        similarity(probe, reference.code())
    }
}
