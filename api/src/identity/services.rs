//! What all methods share: whether there is a layer, where the work is done, and that it is recorded.

use std::sync::Arc;

use tonic::Status;
use whorl_identity::layer::Layer;

use super::Office;
use super::failure::Failure;
use crate::calls::{About, Call};
use crate::workplace::Workplace;

/// The services of `whorl.identity.v1`. On a server without the layer every method says that.
#[derive(Debug)]
pub struct Services {
    pub(super) workplace: Arc<Workplace>,
}

/// What a method works with.
pub(super) struct Desk<'a> {
    pub(super) workplace: &'a Workplace,
    pub(super) office: &'a Office,
    pub(super) layer: &'a Layer,
    /// Who asks, as the records of the layer name him.
    pub(super) by: String,
    /// Whom it is about, for the audit.
    pub(super) about: &'a mut About,
}

impl Services {
    /// The services of a workplace.
    #[must_use]
    pub fn new(workplace: Arc<Workplace>) -> Self {
        Self { workplace }
    }

    /// The layer, or that there is none here.
    pub(super) fn office(&self) -> Result<Arc<Office>, Failure> {
        self.workplace.identity().cloned().ok_or_else(Failure::off)
    }

    /// Has the work of a call done off the threads of the network, and records it before it is answered.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        call: Call,
        work: impl FnOnce(&mut Desk<'_>) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Status> {
        let office = self.office()?;
        let workplace = Arc::clone(&self.workplace);
        let done = self.workplace.work(move |_| {
            let mut about = About::default();
            let by = call.client.to_string();
            let done = office.layer().and_then(|layer| {
                work(&mut Desk { workplace: &workplace, office: &office, layer: &layer, by, about: &mut about })
            });
            let outcome = done.as_ref().err().map_or("OK", |failure| failure.reason.name());
            workplace.record(&call, about, outcome)?;
            done
        });
        done.await.map_err(Failure::from)?.map_err(Status::from)
    }
}

impl Desk<'_> {
    /// Notes in the audit whom it is about.
    pub(super) fn concerns(&mut self, name: &impl ToString) {
        self.about.references.push(name.to_string());
    }

    /// Notes in the audit what it is for, which must be said.
    pub(super) fn purpose(&mut self, field: &'static str, purpose: &str) -> Result<(), Failure> {
        if !(1..=MOST_PURPOSE_BYTES).contains(&purpose.len()) {
            return Err(Failure::field(field, format!("{field}: say why, in 1 to {MOST_PURPOSE_BYTES} bytes")));
        }
        purpose.clone_into(&mut self.about.purpose);
        Ok(())
    }

    /// The person of a UIN, noted in the audit.
    pub(super) fn subject(&mut self, uin: &str) -> Result<whorl_identity::subject::Subject, Failure> {
        let subject = self.layer.subject(uin)?;
        self.concerns(&subject.id);
        Ok(subject)
    }
}

/// The most bytes of a purpose or reason: what the audit and the history keep.
const MOST_PURPOSE_BYTES: usize = 1_024;
