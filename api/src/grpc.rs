//! The services of `whorl.v1`: each method takes a request apart, has the work done off the threads of the network, and puts the answer
//! together.

mod audit;
mod code;
mod convert;
mod deduplication;
mod enrolment;
mod extraction;
mod failure;
mod galleries;
mod identification;
mod repeated;
mod stream;
mod verification;

use std::sync::Arc;

use tonic::Status;
use whorl_index::Wanted;
use whorl_proto::v1;

use crate::calls::{About, Call};
use crate::workplace::{Policy, Unworked, Workplace};
use convert::{Extracted, Taken, extract};
pub(crate) use convert::{capture, modality, position};
pub use failure::DOMAIN;
use failure::Failure;
pub(crate) use failure::Failure as CommonFailure;
pub(crate) use failure::Reason;
pub(crate) use failure::too_late;

/// The methods of all services.
#[derive(Debug, Clone)]
pub struct Services {
    workplace: Arc<Workplace>,
    repeated: Arc<repeated::Repeated>,
}

impl Services {
    /// The services of a workplace.
    #[must_use]
    pub fn new(workplace: Arc<Workplace>) -> Self {
        let Policy { kept_answers, answers_kept_for, .. } = workplace.policy;
        Self { workplace, repeated: Arc::new(repeated::Repeated::new(kept_answers, answers_kept_for)) }
    }

    /// Has the work of a call done at the workplace, and records it before it is answered.
    async fn work<T: Send + 'static>(
        &self,
        call: Call,
        mut about: About,
        work: impl FnOnce(&Workplace, &Wanted, &mut About) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Status> {
        let workplace = Arc::clone(&self.workplace);
        let done = self.workplace.work(move |wanted| {
            let done = workplace.may_touch(&call, &about).and_then(|()| work(&workplace, wanted, &mut about));
            let outcome = done.as_ref().err().map_or("OK", |failure| failure.reason.name());
            workplace.record(&call, about, outcome)?;
            done
        });
        done.await.map_err(Failure::from)?.map_err(Status::from)
    }
}

/// What may be done with the gallery of the identity layer by others than itself: looking after it. Whoever enrolled there would enrol
/// somebody whom the layer does not know.
const OF_IDENTITY_GALLERY: [&str; 5] = [
    "/whorl.v1.GalleryService/GetGallery",
    "/whorl.v1.GalleryService/CompactGallery",
    "/whorl.v1.GalleryService/ScrubGallery",
    "/whorl.v1.GalleryService/BackUpGallery",
    "/whorl.v1.GalleryService/ReopenGallery",
];

impl Workplace {
    /// Whether a call may be about the gallery that it is about.
    fn may_touch(&self, call: &Call, about: &About) -> Result<(), Failure> {
        let own = self.identity().and_then(|office| office.gallery());
        if own != Some(about.gallery.as_str()) || OF_IDENTITY_GALLERY.contains(&call.method) {
            return Ok(());
        }
        let message = format!(
            "gallery \"{}\" belongs to the identity layer: people come into it by registration, and out of it by that layer alone",
            about.gallery
        );
        Err(Failure::new(Reason::GalleryReserved, message))
    }

    /// The samples of a field, extracted.
    fn extracted(&self, samples: &[v1::Sample], field: &str) -> Result<Extracted, Failure> {
        let taken = Taken { templates: self.policy.accept_templates, most: self.policy.most_samples };
        let extracted = extract(&self.engine, samples, field, taken)?;
        extracted.refusals.iter().for_each(|refusal| self.metrics.sample_refused(&refusal.reason));
        Ok(extracted)
    }
}

impl From<Unworked> for Failure {
    fn from(unworked: Unworked) -> Self {
        match unworked {
            Unworked::Overloaded => {
                Self::new(Reason::Overloaded, "as many requests wait as may: ask again in a while, or ask less often")
            }
            Unworked::Broken => {
                Self::new(Reason::Internal, "the work broke off by a fault of the server; its log says why")
            }
        }
    }
}
