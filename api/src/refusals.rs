//! Puts into the audit whom the gate did not let in: what is done behind it is recorded where it is done.

use std::borrow::Cow;
use std::num::NonZeroU32;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};

use crate::operations::RequestId;
use crate::security::{MethodOf, Refusal, Refused};
use crate::workplace::{TurnedAway, Workplace};

/// The most refusals of strangers that are recorded a second: who cannot say who he is must not fill the disk. All are in the metrics.
const STRANGERS_A_SECOND: NonZeroU32 = NonZeroU32::new(10).unwrap();

/// What the audit calls who did not say who he is; no client is called so, for those have what recognised them before their names.
const STRANGER: &str = "unknown";

/// What the audit calls a method that does not exist: its path could be any text.
const NO_METHOD: &str = "unknown";

/// Records refusals.
pub(crate) struct Refusals {
    workplace: Arc<Workplace>,
    method_of: MethodOf,
    strangers: DefaultDirectRateLimiter,
}

impl Refusals {
    pub(crate) fn new(workplace: Arc<Workplace>, method_of: MethodOf) -> Self {
        Self { workplace, method_of, strangers: RateLimiter::direct(Quota::per_second(STRANGERS_A_SECOND)) }
    }

    /// Whether there is to be a line of it. Who asks too often is counted: a line for each would be as many lines as he likes.
    fn are_to_record(&self, refused: &Refused) -> bool {
        match (&refused.refusal, &refused.client) {
            (Refusal::OverLimit(_), _) => false,
            (_, Some(_)) => true,
            (_, None) => self.strangers.check().is_ok(),
        }
    }
}

/// Records a refusal before it is answered, for [`axum::middleware::from_fn_with_state`].
pub(crate) async fn record_refusals(State(refusals): State<Arc<Refusals>>, request: Request, next: Next) -> Response {
    let method = (refusals.method_of)(request.method(), request.uri().path()).map(Cow::into_owned);
    let name = request.extensions().get::<RequestId>().cloned();
    let response = next.run(request).await;
    let refused = response.extensions().get::<Refused>().filter(|refused| refusals.are_to_record(refused));
    let turned_away = refused.map(|Refused { refusal, client }| TurnedAway {
        client: client.as_ref().map_or_else(|| STRANGER.to_owned(), ToString::to_string),
        method: method.unwrap_or_else(|| NO_METHOD.to_owned()),
        outcome: refusal.reason(),
        request: name.map(|name| name.to_string()).unwrap_or_default(),
    });
    if let Some(turned_away) = turned_away {
        let workplace = Arc::clone(&refusals.workplace);
        // Nothing was done that could not be told, so the answer stays what it is whether or not this succeeds.
        let _ = tokio::task::spawn_blocking(move || workplace.record_refusal(turned_away)).await;
    }
    response
}
