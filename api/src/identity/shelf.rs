//! Status lists as they are published: signed when somebody asks, and kept for a moment for those who ask with him.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tonic::Status;
use whorl_identity::chance::Opaque;
use whorl_identity::credential::{StatusList, StatusPurpose};

use super::failure::{Failure, Reason};
use super::issuance::issuer;
use super::office::Office;
use super::services::Services;
use crate::grpc::CommonFailure;

/// How long a signed list is given to whoever asks: what changes is published within this time, and nobody who asks again and again
/// has more signed than one a second.
const FRESH: Duration = Duration::from_secs(1);

/// How many are kept: most are some kilobytes, and none is more than 64.
const MOST_KEPT: usize = 512;

/// A list as it is published.
#[derive(Debug, Clone)]
pub struct Published {
    /// Its type.
    pub media_type: &'static str,
    /// The token.
    pub text: Arc<str>,
    /// For how many seconds a copy may be used.
    pub ttl_s: u64,
}

/// Which list, and in which form: that of the W3C for a purpose, or that of the IETF.
type Title = (Opaque, Option<StatusPurpose>);

/// A list that is being signed, or was; those who come meanwhile wait for it.
type Place = Arc<tokio::sync::Mutex<Option<(Instant, Published)>>>;

/// The lists that were signed within this moment.
#[derive(Debug, Default)]
pub(super) struct Shelf(Mutex<HashMap<Title, Place>>);

impl Shelf {
    /// The place of a list.
    fn place(&self, title: Title) -> Place {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if places.len() >= MOST_KEPT && !places.contains_key(&title) {
            // What nobody waits for is signed again when it is asked for.
            places.retain(|_, place| Arc::strong_count(place) > 1);
        }
        Arc::clone(places.entry(title).or_default())
    }

    /// Forgets a list, for there is none of that name.
    fn forget(&self, title: Title) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&title);
    }
}

impl Services {
    /// A status list by its name, for a purpose in the form of the W3C, else in that of the IETF. Anybody may ask: it costs no line of the
    /// audit.
    ///
    /// # Errors
    /// `NOT_FOUND` where there is none, and as any method.
    pub async fn status_list(&self, list: &str, purpose: Option<&str>) -> Result<Published, Status> {
        let office = self.office()?;
        let list = list.parse::<Opaque>().map_err(|_| absent())?;
        let purpose = purpose.map(|name| StatusPurpose::named(name).ok_or_else(absent)).transpose()?;
        let place = office.shelf().place((list, purpose));
        let mut kept = place.lock().await;
        if let Some((_, published)) = kept.as_ref().filter(|(since, _)| since.elapsed() < FRESH) {
            return Ok(published.clone());
        }
        let signing = Arc::clone(&office);
        let signed = self.workplace.work(move |_| sign(&signing, list, purpose)).await.map_err(CommonFailure::from);
        let Some(published) = signed?? else {
            office.shelf().forget((list, purpose));
            return Err(absent().into());
        };
        *kept = Some((Instant::now(), published.clone()));
        Ok(published)
    }
}

fn sign(office: &Office, list: Opaque, purpose: Option<StatusPurpose>) -> Result<Option<Published>, Failure> {
    let (layer, issuer) = (office.layer()?, issuer(office)?);
    let Some(list) = layer.status_list(list)? else { return Ok(None) };
    let now_ms = layer.now_ms();
    let (text, media_type) = match purpose {
        Some(purpose) => (list.sign_vc(purpose, &issuer.name, &issuer.key, now_ms)?, "application/vc+jwt"),
        None => (list.sign_token(&issuer.name, &issuer.key, now_ms)?, "application/statuslist+jwt"),
    };
    Ok(Some(Published { media_type, text: text.into(), ttl_s: StatusList::TTL_S }))
}

fn absent() -> Failure {
    let message = "there is no such status list: credentials name those that there are";
    Failure::new(Reason::StatusListNotFound, message)
}
