//! [`Client`](super::Client) for programs that are not asynchronous: each method waits for its answer.
//!
//! Not for use within a runtime of tokio: there it panics, as whatever waits there does.

use std::future::Future;
use std::io::Write;
use std::thread;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::channel;
use tokio_stream::wrappers::ReceiverStream;
use whorl_types::ReferenceId;

use super::identity::{Caller, Services};
use super::{
    Answers, Assessed, AuditPage, AuditQuery, BackedUp, ClientError, Compared, EnrolledOne, EnrolledTemplate,
    Enrolment, Exception, Extracted, Finding, FoundPair, Gallery, Identified, Job, Options, Probe, Replaced, Sample,
    SearchOptions, Stream, StreamExt, Threshold, Verified,
};

/// How many items wait to be sent: the next is made ready while one is on its way, and samples do not pile up.
const READY: usize = 1;

/// A server of Whorl. It has a thread that keeps the connection.
#[derive(Debug)]
pub struct Client {
    runtime: Runtime,
    client: super::Client,
}

/// Answers as they come; the first error is the last.
pub struct Waiting<'a, T> {
    runtime: &'a Runtime,
    answers: Answers<T>,
}

/// The galleries of a server.
#[derive(Debug, Clone, Copy)]
pub struct Galleries<'a>(&'a Client);

/// The deduplications of a server.
#[derive(Debug, Clone, Copy)]
pub struct Jobs<'a>(&'a Client);

impl Client {
    /// As [`super::Client::connect`].
    ///
    /// # Errors
    /// As there, and [`ClientError::Runtime`] where the system gives no thread.
    pub fn connect(options: Options) -> Result<Self, ClientError> {
        let runtime =
            Builder::new_multi_thread().worker_threads(1).enable_all().build().map_err(ClientError::Runtime)?;
        let client = runtime.block_on(super::Client::connect(options))?;
        Ok(Self { runtime, client })
    }

    /// The same with another deadline for each call.
    #[must_use]
    pub fn within(self, deadline: Duration) -> Self {
        Self { client: self.client.within(deadline), runtime: self.runtime }
    }

    fn wait<T>(&self, asked: impl Future<Output = T>) -> T {
        self.runtime.block_on(asked)
    }

    /// As [`super::Client::enrol`].
    ///
    /// # Errors
    /// As there.
    pub fn enrol(&self, enrolment: Enrolment) -> Result<super::Enrolled, ClientError> {
        self.wait(self.client.enrol(enrolment))
    }

    /// As [`super::Client::enrol_many`]. A thread asks `enrolments` for the next whenever the server has room.
    ///
    /// # Errors
    /// As there.
    pub fn enrol_many<Many>(&self, enrolments: Many) -> Result<Waiting<'_, EnrolledOne>, ClientError>
    where
        Many: IntoIterator<Item = Enrolment, IntoIter: Send + 'static>,
    {
        self.waiting(self.client.enrol_many(fed(enrolments.into_iter())))
    }

    /// As [`super::Client::replace`].
    ///
    /// # Errors
    /// As there.
    pub fn replace(
        &self,
        gallery: &str,
        id: &ReferenceId,
        samples: Vec<Sample>,
        exceptions: Vec<Exception>,
    ) -> Result<Replaced, ClientError> {
        self.wait(self.client.replace(gallery, id, samples, exceptions))
    }

    /// As [`super::Client::remove`].
    ///
    /// # Errors
    /// As there.
    pub fn remove(&self, gallery: &str, id: &ReferenceId) -> Result<u64, ClientError> {
        self.wait(self.client.remove(gallery, id))
    }

    /// As [`super::Client::fetch`].
    ///
    /// # Errors
    /// As there.
    pub fn fetch(
        &self,
        gallery: &str,
        id: &ReferenceId,
        with_templates: bool,
    ) -> Result<Vec<EnrolledTemplate>, ClientError> {
        self.wait(self.client.fetch(gallery, id, with_templates))
    }

    /// As [`super::Client::identify`].
    ///
    /// # Errors
    /// As there.
    pub fn identify(&self, probe: Probe) -> Result<Identified, ClientError> {
        self.wait(self.client.identify(probe))
    }

    /// As [`super::Client::identify_stream`].
    ///
    /// # Errors
    /// As there.
    pub fn identify_stream(&self, probe: Probe) -> Result<Waiting<'_, Finding>, ClientError> {
        self.waiting(self.client.identify_stream(probe))
    }

    /// As [`super::Client::audit`].
    ///
    /// # Errors
    /// As there.
    pub fn audit(&self, query: &AuditQuery, after: Option<&str>) -> Result<AuditPage, ClientError> {
        self.wait(self.client.audit(query, after))
    }

    /// As [`super::Client::identify_many`]. A thread asks `probes` for the next whenever the server has room.
    ///
    /// # Errors
    /// As there.
    pub fn identify_many<Many>(&self, probes: Many) -> Result<Waiting<'_, Identified>, ClientError>
    where
        Many: IntoIterator<Item = Probe, IntoIter: Send + 'static>,
    {
        self.waiting(self.client.identify_many(fed(probes.into_iter())))
    }

    /// As [`super::Client::verify`].
    ///
    /// # Errors
    /// As there.
    pub fn verify(
        &self,
        gallery: &str,
        id: &ReferenceId,
        samples: Vec<Sample>,
        threshold: Threshold,
    ) -> Result<Verified, ClientError> {
        self.wait(self.client.verify(gallery, id, samples, threshold))
    }

    /// As [`super::Client::compare`].
    ///
    /// # Errors
    /// As there.
    pub fn compare(
        &self,
        probe: Vec<Sample>,
        reference: Vec<Sample>,
        threshold: Threshold,
    ) -> Result<Compared, ClientError> {
        self.wait(self.client.compare(probe, reference, threshold))
    }

    /// As [`super::Client::extract`].
    ///
    /// # Errors
    /// As there.
    pub fn extract(&self, samples: Vec<Sample>) -> Result<Extracted, ClientError> {
        self.wait(self.client.extract(samples))
    }

    /// As [`super::Client::assess`].
    ///
    /// # Errors
    /// As there.
    pub fn assess(&self, samples: Vec<Sample>) -> Result<Assessed, ClientError> {
        self.wait(self.client.assess(samples))
    }

    /// The galleries of the server.
    #[must_use]
    pub fn galleries(&self) -> Galleries<'_> {
        Galleries(self)
    }

    /// The deduplications of the server.
    #[must_use]
    pub fn jobs(&self) -> Jobs<'_> {
        Jobs(self)
    }

    /// The identity services of the server.
    #[must_use]
    pub fn identity(&self) -> Services<'_, Self> {
        Services::of(self)
    }

    fn waiting<T>(
        &self,
        opened: impl Future<Output = Result<Answers<T>, ClientError>>,
    ) -> Result<Waiting<'_, T>, ClientError> {
        Ok(Waiting { answers: self.wait(opened)?, runtime: &self.runtime })
    }
}

impl Caller for Client {
    type Answer<'a, T: Send + 'a> = Result<T, ClientError>;
    type Answers<'a, T: Send + 'static> = Result<Waiting<'a, T>, ClientError>;

    fn client(&self) -> &super::Client {
        &self.client
    }

    fn answer<'a, T: Send + 'a>(
        &'a self,
        asked: impl Future<Output = Result<T, ClientError>> + Send + 'a,
    ) -> Result<T, ClientError> {
        self.wait(asked)
    }

    fn answers<'a, T: Send + 'static>(
        &'a self,
        opened: impl Future<Output = Result<Answers<T>, ClientError>> + Send + 'a,
    ) -> Result<Waiting<'a, T>, ClientError> {
        self.waiting(opened)
    }
}

impl Galleries<'_> {
    /// As [`super::Galleries::create`].
    ///
    /// # Errors
    /// As there.
    pub fn create(&self, name: &str) -> Result<Gallery, ClientError> {
        self.0.wait(self.0.client.galleries().create(name))
    }

    /// As [`super::Galleries::list`].
    ///
    /// # Errors
    /// As there.
    pub fn list(&self) -> Result<Vec<Gallery>, ClientError> {
        self.0.wait(self.0.client.galleries().list())
    }

    /// As [`super::Galleries::get`].
    ///
    /// # Errors
    /// As there.
    pub fn get(&self, name: &str) -> Result<Gallery, ClientError> {
        self.0.wait(self.0.client.galleries().get(name))
    }

    /// As [`super::Galleries::compact`].
    ///
    /// # Errors
    /// As there.
    pub fn compact(&self, name: &str) -> Result<Gallery, ClientError> {
        self.0.wait(self.0.client.galleries().compact(name))
    }

    /// As [`super::Galleries::scrub`].
    ///
    /// # Errors
    /// As there.
    pub fn scrub(&self, name: &str) -> Result<Vec<String>, ClientError> {
        self.0.wait(self.0.client.galleries().scrub(name))
    }

    /// As [`super::Galleries::back_up`].
    ///
    /// # Errors
    /// As there.
    pub fn back_up(&self, name: &str) -> Result<BackedUp, ClientError> {
        self.0.wait(self.0.client.galleries().back_up(name))
    }

    /// As [`super::Galleries::reopen`].
    ///
    /// # Errors
    /// As there.
    pub fn reopen(&self, name: &str) -> Result<Gallery, ClientError> {
        self.0.wait(self.0.client.galleries().reopen(name))
    }

    /// As [`super::Galleries::export`].
    ///
    /// # Errors
    /// As there.
    pub fn export(&self, name: &str, out: &mut (impl Write + Send)) -> Result<u64, ClientError> {
        self.0.wait(self.0.client.galleries().export(name, out))
    }
}

impl<'a> Jobs<'a> {
    /// As [`super::Jobs::start`].
    ///
    /// # Errors
    /// As there.
    pub fn start(&self, gallery: &str, search: SearchOptions) -> Result<Job, ClientError> {
        self.0.wait(self.0.client.jobs().start(gallery, search))
    }

    /// As [`super::Jobs::get`].
    ///
    /// # Errors
    /// As there.
    pub fn get(&self, id: &str) -> Result<Job, ClientError> {
        self.0.wait(self.0.client.jobs().get(id))
    }

    /// As [`super::Jobs::list`].
    ///
    /// # Errors
    /// As there.
    pub fn list(&self, gallery: Option<&str>) -> Result<Vec<Job>, ClientError> {
        self.0.wait(self.0.client.jobs().list(gallery))
    }

    /// As [`super::Jobs::watch`].
    ///
    /// # Errors
    /// As there.
    pub fn watch(&self, id: &str) -> Result<Waiting<'a, Job>, ClientError> {
        self.0.waiting(self.0.client.jobs().watch(id))
    }

    /// As [`super::Jobs::cancel`].
    ///
    /// # Errors
    /// As there.
    pub fn cancel(&self, id: &str) -> Result<Job, ClientError> {
        self.0.wait(self.0.client.jobs().cancel(id))
    }

    /// As [`super::Jobs::resume`].
    ///
    /// # Errors
    /// As there.
    pub fn resume(&self, id: &str) -> Result<Job, ClientError> {
        self.0.wait(self.0.client.jobs().resume(id))
    }

    /// As [`super::Jobs::pairs`].
    ///
    /// # Errors
    /// As there.
    pub fn pairs(&self, id: &str) -> Result<Waiting<'a, FoundPair>, ClientError> {
        self.0.waiting(self.0.client.jobs().pairs(id))
    }
}

/// What `items` gives, on a thread of its own: making one may take long, as where a file is read. It ends when nobody takes the
/// next.
fn fed<T: Send + 'static>(items: impl Iterator<Item = T> + Send + 'static) -> impl Stream<Item = T> + Send + 'static {
    let (send, ready) = channel(READY);
    thread::spawn(move || {
        for item in items {
            if send.blocking_send(item).is_err() {
                break;
            }
        }
    });
    ReceiverStream::new(ready)
}

impl<T> Iterator for Waiting<'_, T> {
    type Item = Result<T, ClientError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.runtime.block_on(self.answers.next())
    }
}

impl<T> std::fmt::Debug for Waiting<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Waiting").finish_non_exhaustive()
    }
}
