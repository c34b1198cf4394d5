//! Who did what.

use tonic::transport::Channel;
use whorl_proto::v1;
use whorl_proto::v1::audit_service_client::AuditServiceClient;

use super::error::ClientError;
use super::retry::Repeat;
use super::{Client, MAX_ANSWER_BYTES};

/// Which lines of a server's record to read; what is left out asks for all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// Those that concern this reference.
    pub reference: Option<String>,
    /// Those of this client, named as the record names it.
    pub client: Option<String>,
    /// Those of this gallery.
    pub gallery: Option<String>,
    /// Those of this method, such as `Identify`.
    pub method: Option<String>,
    /// Those written then or later, in milliseconds since 1970.
    pub since_unix_ms: Option<u64>,
    /// Those written before, in milliseconds since 1970.
    pub before_unix_ms: Option<u64>,
    /// The most lines of a page, 1 to 1,000.
    pub page_size: Option<u32>,
}

/// A line of a server's record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its number, from 1, without gaps.
    pub sequence: u64,
    /// When it was written, in milliseconds since 1970.
    pub time_unix_ms: u64,
    /// Who asked.
    pub client: String,
    /// For what.
    pub method: String,
    /// In which gallery; empty where it was in none.
    pub gallery: String,
    /// Whom it concerned.
    pub references: Vec<String>,
    /// Why; empty where nobody said so.
    pub purpose: String,
    /// How it ended: `OK`, or the reason of an error.
    pub outcome: String,
    /// The id of the request.
    pub request: String,
    /// The SHA-256 of details that are kept elsewhere, in hexadecimal digits; empty where there are none.
    pub detail_sha256: String,
    /// The hash of the line, in hexadecimal digits.
    pub hash: String,
}

/// A page of a server's record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditPage {
    /// The lines, oldest first. There may be none though more follow.
    pub records: Vec<AuditRecord>,
    /// Where to go on; none at the end.
    pub next: Option<String>,
    /// Lines of this stretch that are damaged.
    pub damaged: u64,
    /// Lines of this stretch that are sealed, for which the server has no key.
    pub sealed: u64,
}

impl Client {
    /// Reads a page of the record of who did what: the first, or the one that `after` names, which is `next` of the page before.
    ///
    /// # Errors
    /// [`ClientError`]; [`Reason::RoleMissing`](super::Reason::RoleMissing) without the role `audit`.
    pub async fn audit(&self, query: &AuditQuery, after: Option<&str>) -> Result<AuditPage, ClientError> {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let message = v1::ListRecordsRequest {
            reference: text(&query.reference),
            client: text(&query.client),
            gallery: text(&query.gallery),
            method: text(&query.method),
            since_unix_ms: query.since_unix_ms,
            before_unix_ms: query.before_unix_ms,
            page_size: query.page_size.unwrap_or(0),
            page_token: after.unwrap_or_default().to_owned(),
        };
        let send = |channel, request| async move { service(channel).list_records(request).await };
        let v1::ListRecordsResponse { records, next_page_token, damaged, sealed } =
            self.call(message, Repeat::Freely, send).await?;
        let next = Some(next_page_token).filter(|token| !token.is_empty());
        Ok(AuditPage { records: records.into_iter().map(Into::into).collect(), next, damaged, sealed })
    }
}

fn service(channel: Channel) -> AuditServiceClient<Channel> {
    AuditServiceClient::new(channel).max_decoding_message_size(MAX_ANSWER_BYTES)
}

impl From<v1::AuditRecord> for AuditRecord {
    fn from(told: v1::AuditRecord) -> Self {
        Self {
            sequence: told.sequence,
            time_unix_ms: told.time_unix_ms,
            client: told.client,
            method: told.method,
            gallery: told.gallery,
            references: told.references,
            purpose: told.purpose,
            outcome: told.outcome,
            request: told.request,
            detail_sha256: told.detail_sha256,
            hash: told.hash,
        }
    }
}
