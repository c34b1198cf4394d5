//! `whorl.v1.AuditService`.

use tonic::{Request, Response, Status};
use whorl_proto::v1;
use whorl_proto::v1::audit_service_server::AuditService;
use whorl_service::audit::{Filter, Page, Place, Record, Unread};

use super::Services;
use super::failure::{Failure, Reason};
use crate::calls::{About, Call};
use crate::workplace::Workplace;

const LIST: &str = "/whorl.v1.AuditService/ListRecords";

/// The lines of a page where the request does not say.
const PAGE: usize = 100;

/// The most lines of a page: what is worked on for one answer is bounded, and people read no more at once.
const MOST_A_PAGE: usize = 1_000;

/// The most bytes of what is looked for: the record has no longer texts.
const MAX_TEXT_BYTES: usize = 1_024;

#[tonic::async_trait]
impl AuditService for Services {
    async fn list_records(
        &self,
        request: Request<v1::ListRecordsRequest>,
    ) -> Result<Response<v1::ListRecordsResponse>, Status> {
        let (call, request) = (Call::of(LIST, &request), request.into_inner());
        let list = move |workplace: &Workplace, about: &mut About| {
            let asked = Asked::of(request)?;
            // Who reads is told with whom he looked for.
            about.gallery = asked.filter.gallery.clone().unwrap_or_default();
            about.references.extend(asked.filter.reference.clone());
            workplace.page(asked).map(answer)
        };
        self.work(call, About::default(), move |workplace, _, about| list(workplace, about)).await.map(Response::new)
    }
}

/// A page to read.
struct Asked {
    filter: Filter,
    from: Place,
    most: usize,
}

impl Asked {
    fn of(request: v1::ListRecordsRequest) -> Result<Self, Failure> {
        let v1::ListRecordsRequest { reference, client, gallery, method, page_size, page_token, .. } = request;
        let most = match page_size as usize {
            0 => PAGE,
            most @ 1..=MOST_A_PAGE => most,
            _ => return Err(Failure::field("page_size", format!("a page has at most {MOST_A_PAGE} lines"))),
        };
        let filter = Filter {
            reference: text(reference, "reference")?,
            client: text(client, "client")?,
            gallery: text(gallery, "gallery")?,
            method: text(method, "method")?,
            since_unix_ms: request.since_unix_ms,
            before_unix_ms: request.before_unix_ms,
        };
        Ok(Self { filter, from: place(&page_token)?, most })
    }
}

fn text(text: String, field: &str) -> Result<Option<String>, Failure> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(Failure::field(field, format!("no text of the record has more than {MAX_TEXT_BYTES} bytes")));
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// The place that a page said, or the beginning.
fn place(token: &str) -> Result<Place, Failure> {
    if token.is_empty() {
        return Ok(Place::START);
    }
    let read = || {
        let (file, line) = token.split_once(':')?;
        Some(Place { file: file.parse().ok()?, line: line.parse().ok()? })
    };
    read().ok_or_else(|| Failure::field("page_token", "this is no token of a page: send the one of the page before"))
}

impl Workplace {
    fn page(&self, asked: Asked) -> Result<Page, Failure> {
        let none = || Failure::new(Reason::AuditFailed, "this server keeps no record");
        let page = self.audit().ok_or_else(none)?.page(asked.filter, asked.from, asked.most);
        page.map_err(|error| Failure::new(Reason::AuditFailed, error.to_string()))
    }
}

fn answer(page: Page) -> v1::ListRecordsResponse {
    let Unread { damaged, sealed } = page.unread;
    let next_page_token = page.next.map(|next| format!("{}:{}", next.file, next.line)).unwrap_or_default();
    v1::ListRecordsResponse {
        records: page.records.into_iter().map(message).collect(),
        next_page_token,
        damaged,
        sealed,
    }
}

fn message(record: Record) -> v1::AuditRecord {
    v1::AuditRecord {
        sequence: record.sequence,
        time_unix_ms: record.time_unix_ms,
        client: record.client,
        method: record.method,
        gallery: record.gallery.unwrap_or_default(),
        references: record.references,
        purpose: record.purpose.unwrap_or_default(),
        outcome: record.outcome,
        request: record.request,
        detail_sha256: record.detail_sha256.map(|hash| hash.to_string()).unwrap_or_default(),
        hash: record.hash.to_string(),
    }
}
