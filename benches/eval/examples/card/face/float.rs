//! Faces whose embeddings are not brought to bytes.

use whorl_datasets::manifest::Entry;
use whorl_eval::{Extracted, Faces, Failure, Matcher};
use whorl_extractors::face::{Trace, extract};
use whorl_formats::sample;
use whorl_types::{Modality, Similarity};

/// The shipped model, with the embeddings as the network gives them.
#[derive(Default)]
pub(super) struct FloatFaces {
    faces: Faces,
}

/// Keeps the embedding.
#[derive(Default)]
struct Embedding(Vec<f32>);

impl Trace for Embedding {
    fn embedding(&mut self, embedding: &[f32]) {
        self.0 = embedding.to_vec();
    }
}

impl Matcher for FloatFaces {
    type Template = Vec<f32>;
    type Probe = Vec<f32>;

    fn modality(&self) -> Modality {
        Modality::Face
    }

    fn extractor(&self) -> String {
        format!("{} in floating point", self.faces.model().extractor())
    }

    fn comparator(&self) -> String {
        "cosine in floating point".to_owned()
    }

    fn extract(&self, bytes: &[u8], _entry: &Entry) -> Result<Extracted<Vec<f32>>, Failure> {
        let format = |error: sample::SampleError| Failure::Format(error.to_string());
        let picture = sample::read(bytes).map_err(format)?.swap_remove(0);
        let mut embedding = Embedding::default();
        let template = extract(self.faces.model(), &picture.image, self.faces.several(), &mut embedding)?;
        let template_bytes = embedding.0.len() * size_of::<f32>();
        Ok(Extracted { quality: template.quality(), template_bytes, template: embedding.0, took: None })
    }

    fn prepare(&self, template: &Vec<f32>) -> Vec<f32> {
        template.clone()
    }

    fn compare(&self, probe: &Vec<f32>, reference: &Vec<f32>) -> Similarity {
        let product = |one: &[f32], other: &[f32]| -> f64 {
            one.iter().zip(other).map(|(one, other)| f64::from(*one) * f64::from(*other)).sum()
        };
        let cosine = product(probe, reference) / (product(probe, probe) * product(reference, reference)).sqrt();
        Similarity::new(((1.0 + cosine) * 32_768.0) as u32)
    }
}
