//! The services of `whorl.v1`: each method takes a request apart, has the work done off the threads of the network, and puts the answer
//! together.

mod convert;
mod enrolment;
mod extraction;
mod failure;
mod galleries;
mod identification;
mod repeated;
mod stream;
mod verification;

use std::sync::Arc;

use tonic::{Request, Status};
use whorl_index::Wanted;

use crate::workplace::{Unworked, Workplace};
use convert::Taken;
use failure::Failure;
pub use failure::{DOMAIN, Reason};

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
        Self { workplace, repeated: Arc::default() }
    }

    /// Who asks.
    fn client_of<T>(_request: &Request<T>) -> String {
        "anonymous".to_owned()
    }

    /// Has `work` done at the workplace.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Workplace, &Wanted) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Status> {
        let workplace = Arc::clone(&self.workplace);
        let done = self.workplace.work(move |wanted| work(&workplace, wanted)).await;
        done.map_err(Failure::from)?.map_err(Status::from)
    }
}

impl Workplace {
    /// What is taken of samples here.
    fn taken(&self) -> Taken {
        Taken { templates: self.policy.accept_templates, most: self.policy.most_samples }
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
