//! What a server costs beside the library that does its work.
//!
//! A server in this process, on the loopback, with TLS where that is asked for, over a gallery of synthetic persons, and clients that speak gRPC with it
//! over real connections. The library is asked the same by direct calls, in passes of as many probes as the server gathers, turn
//! about with the clients, so that both suffer alike from whatever else the machine does. What the processor spends on
//! the clients is in the figures of the server, for they share a process.

mod asking;
mod authority;
mod figures;
mod requests;
mod stand;

use std::path::PathBuf;

use tonic::transport::Channel;
use whorl_api::workplace::Policy;
use whorl_index::{Files, Snapshot};
use whorl_proto::v1::enrolment_service_client::EnrolmentServiceClient;
use whorl_proto::v1::identification_service_client::IdentificationServiceClient;
use whorl_proto::v1::verification_service_client::VerificationServiceClient;
use whorl_service::Engine;
use whorl_service::sample::Instance;

use crate::at_rest::AtRest;
use crate::clock::{percentile, timed_both};
use crate::composition::Composition;
use crate::failure::{RunError, check};
use crate::progress::Watch;
use crate::search::{MAX_PERSONS, MAX_THREADS};
use crate::site::{Prepared, Site};
use crate::system::resident_bytes;
use asking::{ask_all, stream_all};
pub use figures::{Figures, Latency, Overhead, Rate};
use requests::Requests;
use stand::Stand;

/// The most probes, clients and persons to enrol: what a person waits for.
const MAX_PROBES: usize = 100_000;
const MAX_CLIENTS: usize = 256;
const MAX_ENROLMENTS: usize = 1_000_000;

/// How often clients and library take turns. The figure of each is the median of its turns.
const TURNS: usize = 5;

/// Verifications with a picture: each extracts it first, which takes most of the time.
const PICTURES: usize = 40;

/// What to run.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What a person has.
    pub composition: Composition,
    /// Persons in the gallery.
    pub persons: usize,
    /// Searches of each turn, each for somebody who is in the gallery, and verifications.
    pub probes: usize,
    /// Clients at the same time, each on a connection of its own.
    pub clients: usize,
    /// Persons to enrol.
    pub enrolments: usize,
    /// Threads that compare, the server's and the library's each; they do not work at the same time.
    pub threads: usize,
    /// Whether clients and server encrypt what they say.
    pub tls: bool,
    /// What the population is made from.
    pub seed: u64,
    /// Where the gallery is, or is made and stays; where none is named, it is made in the system's place for such things, and
    /// removed.
    pub directory: Option<PathBuf>,
}

/// What is asked, and who answers.
struct Run<'a> {
    settings: &'a Settings,
    stand: Stand,
    requests: Requests,
    channels: Vec<Channel>,
}

/// What searches by one way gave: in every turn as many a second, and a CPU second.
#[derive(Default)]
struct Turns {
    rates: Vec<Rate>,
    mates: usize,
}

/// The searches by every way.
struct Searches {
    alone: Vec<f64>,
    clients: Turns,
    stream: Turns,
    library: Turns,
}

/// Builds or takes a gallery, serves it, asks, and says how it went.
///
/// # Errors
/// [`RunError`].
pub fn run(settings: &Settings, watch: &mut Watch<'_>) -> Result<Figures, RunError> {
    check("persons", settings.persons, MAX_PERSONS)?;
    check("probes", settings.probes, MAX_PROBES.min(settings.persons))?;
    check("clients", settings.clients, MAX_CLIENTS)?;
    check("enrolments", settings.enrolments, MAX_ENROLMENTS)?;
    check("threads", settings.threads, MAX_THREADS)?;
    let Settings { composition, persons, seed, .. } = *settings;
    let site = Site::new((composition, persons), seed, settings.directory.as_deref(), AtRest::Clear, settings.threads)?;
    let prepared = site.prepare(watch)?;
    let requests = site.pool.install(|| Requests::new(&site.population, settings));
    let stand = Stand::start(&site, settings.threads, settings.tls)?;
    let channels = stand.channels(settings.clients)?;
    let run = Run { settings, stand, requests, channels };
    let measured = run.measure(&site, &prepared, watch);
    let Run { stand, .. } = run;
    stand.end()?;
    measured
}

impl Run<'_> {
    fn measure(&self, site: &Site, prepared: &Prepared, watch: &mut Watch<'_>) -> Result<Figures, RunError> {
        let Settings { composition, persons, probes, clients, threads, tls, .. } = *self.settings;
        let by_template = self.verify(&self.requests.claims, watch)?;
        self.stand.block_on(self.enrol_one(self.requests.portrait.clone()))?;
        let by_picture = self.verify(&self.requests.pictures, watch)?;
        let searches = self.search(site, watch)?;
        let (enrolled, rate) = self.enrol(watch)?;
        let library = Rate::median(&searches.library.rates);
        Ok(Figures {
            modality: composition.name(),
            composition,
            persons,
            probes,
            clients,
            threads,
            tls,
            verify_template: Latency::of(&by_template),
            verify_image: Latency::of(&by_picture),
            identify: Latency::of(&searches.alone),
            identifications_alone: 1e3 / percentile(&searches.alone, 50),
            identifications_clients: Rate::median(&searches.clients.rates),
            identifications_stream: Rate::median(&searches.stream.rates),
            identifications_library: library,
            overhead_clients: Rate::overhead(&searches.clients.rates, &searches.library.rates),
            overhead_stream: Rate::overhead(&searches.stream.rates, &searches.library.rates),
            mates_clients: searches.clients.mates,
            mates_stream: searches.stream.mates,
            mates_library: searches.library.mates,
            enrolments: rate,
            enrol: Latency::of(&enrolled),
            resident_bytes: resident_bytes(),
            reused: prepared.reused,
            build_s: prepared.seconds,
        })
    }

    /// One claim after the other, by one client.
    fn verify(&self, claims: &[whorl_proto::v1::VerifyRequest], watch: &mut Watch<'_>) -> Result<Vec<f64>, RunError> {
        watch("verifying", 0, claims.len());
        let asked = ask_all(&self.channels[..1], claims, async |channel, claim| {
            VerificationServiceClient::new(channel).verify(claim).await.map(|_| 0)
        });
        let (ms, _) = self.stand.block_on(asked)?;
        watch("verifying", claims.len(), claims.len());
        Ok(ms)
    }

    async fn enrol_one(&self, request: whorl_proto::v1::EnrolRequest) -> Result<(), RunError> {
        EnrolmentServiceClient::new(self.channels[0].clone()).enrol(request).await?;
        Ok(())
    }

    /// By one client, and then turn about by several, by a stream and by the library.
    fn search(&self, site: &Site, watch: &mut Watch<'_>) -> Result<Searches, RunError> {
        let snapshot = Snapshot::open(&Files::new(&site.root))?;
        let engine = Engine::new(self.settings.threads)?;
        let probes = self.requests.searches.len();
        let (alone, _) = self.by_clients(1)?;
        let (mut clients, mut stream, mut library) = (Turns::default(), Turns::default(), Turns::default());
        // The first turn warms all of them and does not count.
        for turn in 0..=TURNS {
            watch("searching", turn, TURNS + 1);
            let by_clients = timed_both(|| Ok(self.by_clients(self.settings.clients)?.1));
            let by_stream = timed_both(|| self.stand.block_on(stream_all(&self.channels[0], &self.requests.searches)));
            let by_library = timed_both(|| self.by_library(&engine, &snapshot));
            let told = [(&mut clients, by_clients), (&mut stream, by_stream), (&mut library, by_library)];
            for (turns, (mates, elapsed_s, cpu_s)) in told {
                turns.mates = mates?;
                turns.rates.extend((turn > 0).then(|| Rate::new(probes, elapsed_s, cpu_s)));
            }
        }
        watch("searching", TURNS + 1, TURNS + 1);
        Ok(Searches { alone, clients, stream, library })
    }

    /// How long each took, in milliseconds, and how many mates came first.
    fn by_clients(&self, clients: usize) -> Result<(Vec<f64>, usize), RunError> {
        let asked = ask_all(&self.channels[..clients], &self.requests.searches, async |channel, search| {
            let answer = IdentificationServiceClient::new(channel).identify(search.asked).await?.into_inner();
            Ok(usize::from(requests::is_first(&answer, &search.mate)))
        });
        self.stand.block_on(asked)
    }

    fn by_library(&self, engine: &Engine, snapshot: &Snapshot) -> Result<usize, RunError> {
        let search = Policy::default().search;
        let mut mates = 0;
        for probes in self.requests.searches.chunks(self.stand.probes_a_pass()) {
            let sought: Vec<Vec<Instance>> = probes.iter().map(|search| search.probe.clone()).collect();
            let answers = engine.identify(snapshot, &sought, &search)?;
            let found = answers.iter().zip(probes);
            let first = found.filter(|(answer, search)| {
                answer.candidates.first().is_some_and(|candidate| candidate.id.as_str() == search.mate)
            });
            mates += first.count();
        }
        Ok(mates)
    }

    /// All clients enrol, each one person after the other.
    fn enrol(&self, watch: &mut Watch<'_>) -> Result<(Vec<f64>, Rate), RunError> {
        let enrolments = &self.requests.enrolments;
        watch("enrolling", 0, enrolments.len());
        let asked = ask_all(&self.channels, enrolments, async |channel, enrolment| {
            EnrolmentServiceClient::new(channel).enrol(enrolment).await.map(|_| 0)
        });
        let (asked, elapsed_s, cpu_s) = timed_both(|| self.stand.block_on(asked));
        watch("enrolling", enrolments.len(), enrolments.len());
        Ok((asked?.0, Rate::new(enrolments.len(), elapsed_s, cpu_s)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        let composition = Composition::EYES_AND_FACE;
        Settings {
            composition,
            persons: 300,
            probes: 20,
            clients: 4,
            enrolments: 12,
            threads: 2,
            tls: false,
            seed: 7,
            directory: None,
        }
    }

    #[test]
    fn clients_and_library_find_the_same() {
        let figures = run(&settings(), &mut |_, _, _| ()).unwrap();
        let mates = [figures.mates_clients, figures.mates_stream, figures.mates_library];
        assert!(mates.iter().all(|found| *found == mates[0] && *found >= 18), "{figures:?}");
        assert!(figures.verify_template.ms_p50 <= figures.verify_template.ms_p99, "{figures:?}");
        assert!(figures.verify_image.ms_p50 > 0.0 && figures.enrolments.per_second > 0.0, "{figures:?}");
    }

    #[test]
    fn a_gallery_that_stays_is_as_it_was() {
        let place = tempfile::tempdir().unwrap();
        let settings = Settings { directory: Some(place.path().to_owned()), ..settings() };
        assert!(!run(&settings, &mut |_, _, _| ()).unwrap().reused);
        assert!(run(&settings, &mut |_, _, _| ()).unwrap().reused);
        let left = std::fs::read_dir(place.path()).unwrap().map(|entry| entry.unwrap().file_name());
        assert_eq!(left.collect::<Vec<_>>(), ["gallery"]);
    }

    #[test]
    fn runs_of_nobody_are_refused() {
        let nobody = Settings { clients: 0, ..settings() };
        assert!(run(&nobody, &mut |_, _, _| ()).unwrap_err().to_string().contains("clients must be 1 to 256"));
    }
}
