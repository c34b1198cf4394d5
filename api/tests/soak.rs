//! A server under mixed load for a long time: memory is flat.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod serving;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tonic::transport::Channel;
use whorl_datasets::synthetic::templates;
use whorl_formats::template;
use whorl_proto::v1;
use whorl_proto::v1::enrolment_service_client::EnrolmentServiceClient;
use whorl_proto::v1::gallery_service_client::GalleryServiceClient;
use whorl_proto::v1::identification_service_client::IdentificationServiceClient;
use whorl_proto::v1::verification_service_client::VerificationServiceClient;

use serving::memory::resident_bytes;
use serving::{Serving, enrol, print};

/// For how many minutes.
const MINUTES: &str = "WHORL_SOAK_MINUTES";
const DEFAULT_MINUTES: f64 = 10.0;

/// Who stays in the gallery throughout.
const RESIDENTS: u64 = 2_000;

/// How much the last quarter may have more than the first: a leak of a byte a request would be far less, one of a request far more.
const MAY_GROW_BYTES: u64 = 32 << 20;

const GALLERY: &str = "nation";

/// Both eyes of a person, as templates: extraction would leave little time for anything else.
fn eyes(person: u64, capture: u64) -> Vec<v1::Sample> {
    let positions = [(v1::Position::LeftEye, 0), (v1::Position::RightEye, 1 << 40)];
    let eye = |(position, side): (v1::Position, u64)| v1::Sample {
        data: template::encode(&templates::iris::template(7, person | side, capture).into()).into(),
        modality: v1::Modality::Iris.into(),
        position: position.into(),
        ..v1::Sample::default()
    };
    positions.map(eye).to_vec()
}

/// What goes on at the same time, and how much of it was done.
#[derive(Default)]
struct Load {
    over: AtomicBool,
    done: AtomicU64,
}

impl Load {
    fn goes_on(&self) -> bool {
        !self.over.load(Ordering::Relaxed)
    }

    fn count(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    /// People come and go.
    async fn enrol_and_remove(&self, channel: Channel, station: u64) {
        let mut enrolment = EnrolmentServiceClient::new(channel);
        for number in 0.. {
            let (id, person) = (format!("{station}-{number}"), 1_000_000 * station + number % 1_000);
            let request = v1::EnrolRequest {
                check: v1::DuplicateCheck::None.into(),
                idempotency_key: id.clone(),
                ..enrol(GALLERY, &id, eyes(person, 0))
            };
            enrolment.enrol(request).await.unwrap();
            enrolment.remove(v1::RemoveRequest { gallery: GALLERY.to_owned(), id }).await.unwrap();
            self.count();
            if !self.goes_on() {
                break;
            }
        }
    }

    /// People are looked for and verified.
    async fn ask(&self, channel: Channel, station: u64) {
        let mut identification = IdentificationServiceClient::new(channel.clone());
        let mut verification = VerificationServiceClient::new(channel);
        let mut number = station;
        while self.goes_on() {
            let (samples, id) = (eyes(number % RESIDENTS, number), format!("resident-{}", number % RESIDENTS));
            let sought = v1::IdentifyRequest {
                gallery: GALLERY.to_owned(),
                samples: samples.clone(),
                ..v1::IdentifyRequest::default()
            };
            identification.identify(sought).await.unwrap();
            let claim = v1::VerifyRequest { gallery: GALLERY.to_owned(), id, samples, ..v1::VerifyRequest::default() };
            verification.verify(claim).await.unwrap();
            self.count();
            number += 7;
        }
    }

    /// Pictures are looked at, some of them none.
    async fn send_pictures(&self, channel: Channel) {
        let mut identification = IdentificationServiceClient::new(channel);
        let pictures = [vec![print(1, 1)], vec![v1::Sample { data: vec![7; 100_000].into(), ..print(1, 1) }]];
        for samples in pictures.iter().cycle() {
            let request = v1::IdentifyRequest {
                gallery: GALLERY.to_owned(),
                samples: samples.clone(),
                ..v1::IdentifyRequest::default()
            };
            // Every other one is refused.
            let _ = identification.identify(request).await;
            self.count();
            tokio::time::sleep(Duration::from_millis(500)).await;
            if !self.goes_on() {
                break;
            }
        }
    }

    /// Clients come, say something that is wrong, and go.
    async fn disturb(&self, serving: std::net::SocketAddr) {
        while self.goes_on() {
            for word in [&b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"[..], &[7; 300], b"GET / HTTP/1.1\r\n"]
            {
                let mut stream = TcpStream::connect(serving).await.unwrap();
                let _ = stream.write_all(word).await;
            }
            self.count();
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

async fn populate(channel: &Channel) {
    let mut galleries = GalleryServiceClient::new(channel.clone());
    galleries.create_gallery(v1::CreateGalleryRequest { name: GALLERY.to_owned() }).await.unwrap();
    let mut enrolment = EnrolmentServiceClient::new(channel.clone());
    let residents = (0..RESIDENTS).map(|person| {
        let request = enrol(GALLERY, &format!("resident-{person}"), eyes(person, 0));
        v1::EnrolManyRequest { enrol: Some(v1::EnrolRequest { check: v1::DuplicateCheck::None.into(), ..request }) }
    });
    let mut answers = enrolment.enrol_many(tokio_stream::iter(residents)).await.unwrap().into_inner();
    while answers.message().await.unwrap().is_some() {}
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes ten minutes, or as many as WHORL_SOAK_MINUTES says"]
async fn memory_is_flat_under_mixed_load() {
    let minutes = std::env::var(MINUTES).ok().map_or(DEFAULT_MINUTES, |minutes| minutes.parse().unwrap());
    let serving = Serving::with(
        "[policy]\naccept_templates = true\nidempotency_entries = 1000\n\
         [security]\nrate_per_s = 1000000\nburst = 1000000\nconcurrent = 1000\n",
    )
    .await;
    let channel = serving.channel().await;
    populate(&channel).await;
    let load = Arc::new(Load::default());
    let mut tasks = Vec::new();
    for station in 1..=4 {
        let (load, channel) = (Arc::clone(&load), serving.channel().await);
        tasks.push(tokio::spawn(async move { load.enrol_and_remove(channel, station).await }));
    }
    for station in 1..=4 {
        let (load, channel) = (Arc::clone(&load), serving.channel().await);
        tasks.push(tokio::spawn(async move { load.ask(channel, station).await }));
    }
    let (pictures, disturbance, address) = (Arc::clone(&load), Arc::clone(&load), serving.address);
    tasks.push(tokio::spawn(async move { pictures.send_pictures(channel).await }));
    tasks.push(tokio::spawn(async move { disturbance.disturb(address).await }));

    let (began, mut resident) = (Instant::now(), Vec::new());
    while began.elapsed().as_secs_f64() < minutes * 60.0 {
        tokio::time::sleep(Duration::from_millis(200)).await;
        resident.extend(resident_bytes());
    }
    load.over.store(true, Ordering::Relaxed);
    for task in tasks {
        task.await.unwrap();
    }
    serving.end().await;
    let quarter = resident.len() / 4;
    let median = |part: &[u64]| {
        let mut sorted = part.to_vec();
        sorted.sort_unstable();
        sorted[sorted.len() / 2]
    };
    let quarters = resident.chunks(quarter.max(1)).take(4).map(median).collect::<Vec<_>>();
    let mib = quarters.iter().map(|bytes| bytes >> 20).collect::<Vec<_>>();
    println!("{} rounds in {minutes} minutes; MiB resident by quarters: {mib:?}", load.done.load(Ordering::Relaxed));
    assert!(quarters[3] < quarters[0] + MAY_GROW_BYTES, "{mib:?}");
}
