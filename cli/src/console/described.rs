//! A template in a few words.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use whorl_service::sample::Instance;
use whorl_types::{FaceTemplate, FingerTemplate, IrisTemplate, PpiSource, Template};

use super::Reported;

/// What a template is of and what it is worth; it prints what it holds.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Described {
    /// `fingerprint` or `iris`.
    pub(crate) modality: &'static str,
    /// Which finger, eye or face.
    pub(crate) position: &'static str,
    /// 0 to 100.
    pub(crate) quality: u8,
    /// What was reported of its liveness, where somebody did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) liveness: Option<Reported>,
    #[serde(flatten)]
    content: Content,
}

/// What a template holds.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
enum Content {
    Finger {
        minutiae: usize,
        /// Where the sampling rate came from: `stated` or `estimated`.
        ppi: &'static str,
    },
    Iris {
        /// Everything that its quality was made of, by name.
        measures: BTreeMap<&'static str, u8>,
    },
    Face {
        /// The model that made its embedding.
        model: String,
        /// Everything that its quality was made of, by name.
        measures: BTreeMap<&'static str, u8>,
    },
}

impl Described {
    pub(crate) fn new(instance: &Instance) -> Self {
        let Instance { position, template, liveness } = instance;
        let content = match template {
            Template::Finger(template) => Content::finger(template),
            Template::Iris(template) => Content::iris(template),
            Template::Face(template) => Content::face(template),
        };
        let (modality, position) = (template.modality().name(), position.name());
        let liveness = liveness.as_ref().map(Reported::new);
        Self { modality, position, quality: template.quality().get(), liveness, content }
    }
}

impl Content {
    fn finger(template: &FingerTemplate) -> Self {
        let ppi = match template.ppi_source() {
            PpiSource::Stated => "stated",
            PpiSource::Estimated => "estimated",
        };
        Self::Finger { minutiae: template.minutiae().len(), ppi }
    }

    fn iris(template: &IrisTemplate) -> Self {
        Self::Iris { measures: template.measures().named().into_iter().collect() }
    }

    fn face(template: &FaceTemplate) -> Self {
        let measures = template.measures().named().into_iter().collect();
        Self::Face { model: template.model().to_string(), measures }
    }
}

impl fmt::Display for Described {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.content {
            Content::Finger { minutiae, ppi } => write!(f, "{minutiae} minutiae, ppi {ppi}"),
            Content::Face { model, measures } => {
                let eyes = measures.get("eye-distance-px").copied().unwrap_or_default();
                write!(f, "{eyes} px between the eyes, model {model}")
            }
            Content::Iris { measures } => {
                let measure = |name| measures.get(name).copied().unwrap_or_default();
                write!(f, "{} % of the iris, dilation {} %", measure("usable-area"), measure("dilation"))
            }
        }
    }
}
