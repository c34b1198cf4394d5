//! What is known of single files.

use std::fs;
use std::path::Path;

use anyhow::Context;
use clap::Args;
use whorl_sdk::client::Sample;
use whorl_service::sample::{self, SampleError};
use whorl_types::{Capture, Liveness, Modality, Position, Ppi, Refusal};

/// What is known of image files that come without a manifest.
#[derive(Debug, Clone, Args)]
pub(crate) struct Captured {
    /// What the files show: fingerprint, iris or face [default: what the position or the file says, else fingerprint]
    #[arg(long, value_name = "MODALITY")]
    modality: Option<Modality>,

    /// Which finger: right-thumb, right-index, right-middle, right-ring, right-little, left-thumb, ...; which eye: right,
    /// left; face; or unknown
    #[arg(long, default_value = "unknown", value_name = "POSITION")]
    position: Position,

    /// Pixels per inch of prints, where their files do not say it or say it wrongly
    #[arg(long, value_name = "N", value_parser = ppi)]
    ppi: Option<Ppi>,

    /// What a presentation attack detection said of the images (of two to compare, of A): outcome, score and source, such as
    /// live:87:vendor-x; the score may be left empty; it is told with the answer, which does not rest on it
    #[arg(long, value_name = "LIVENESS")]
    liveness: Option<Liveness>,
}

impl Captured {
    /// What is known of the file with these bytes.
    pub(crate) fn of(&self, bytes: &[u8]) -> Capture {
        let &Self { modality, position, ppi, ref liveness } = self;
        let modality = modality.or_else(|| position.modality()).or_else(|| sample::modality(bytes));
        Capture { modality: modality.unwrap_or(Modality::Fingerprint), position, ppi, liveness: liveness.clone() }
    }

    /// The file at `path` as it is sent to a server.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub(crate) fn sample(&self, path: &Path) -> anyhow::Result<Sample> {
        let data = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let Capture { modality, position, ppi, liveness } = self.of(&data);
        Ok(Sample { modality: Some(modality), ppi, liveness, ..Sample::at(position, data) })
    }

    /// The same of files of whose liveness nobody spoke.
    pub(crate) fn without_liveness(&self) -> Self {
        Self { liveness: None, ..self.clone() }
    }

    /// What to try where nobody said what a picture shows, and it was no print.
    pub(crate) fn advice(&self, error: &SampleError) -> Option<&'static str> {
        let stated = self.modality.is_some() || self.position.modality().is_some();
        let no_print = error.refusal() == Some(Refusal::NoRidges);
        (!stated && no_print).then_some(
            "pictures are taken for prints; if it shows an eye, add --modality iris, if a face, --modality face",
        )
    }
}

/// A sampling rate on the command line.
fn ppi(text: &str) -> Result<Ppi, String> {
    let rate: f32 = text.parse().map_err(|_| format!("\"{text}\" is not a number of pixels per inch"))?;
    Ppi::new(rate).map_err(|error| error.to_string())
}
