//! Status lists of credentials, for whoever checks one: `GET /credentials/status/<list>` in the form of the IETF, and
//! `GET /credentials/status/<list>/revocation` and `.../suspension` in that of the W3C.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tonic::Status;

use super::{Gateway, STATUS_LISTS, problem};
use crate::identity::{Published, Services};

/// Pages of any site may fetch a list (draft-ietf-oauth-status-list, section 8.1): it says the same to everybody.
const ANY_ORIGIN: &str = "*";

impl Gateway {
    /// Serves status lists.
    #[must_use]
    pub fn status_lists(mut self, services: &Arc<Services>) -> Self {
        let (whole, part) = (Arc::clone(services), Arc::clone(services));
        let token = move |Path(list): Path<String>| async move { answer(whole.status_list(&list, None).await) };
        let credential = move |Path((list, purpose)): Path<(String, String)>| async move {
            answer(part.status_list(&list, Some(&purpose)).await)
        };
        self.router = self
            .router
            .route(&format!("{STATUS_LISTS}/{{list}}"), get(token))
            .route(&format!("{STATUS_LISTS}/{{list}}/{{purpose}}"), get(credential));
        self
    }
}

fn answer(published: Result<Published, Status>) -> Response {
    match published {
        Ok(Published { media_type, text, ttl_s }) => {
            let kind = (header::CONTENT_TYPE, media_type.to_owned());
            let kept = (header::CACHE_CONTROL, format!("public, max-age={ttl_s}"));
            let origin = (header::ACCESS_CONTROL_ALLOW_ORIGIN, ANY_ORIGIN.to_owned());
            let as_said = (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned());
            ([kind, kept, origin, as_said], text.to_string()).into_response()
        }
        Err(status) => problem::response(&status),
    }
}
