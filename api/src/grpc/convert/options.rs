//! How a search is to be made, and whom a request names.

use whorl_index::{Limits, Mode, Positions, Shortlist};
use whorl_proto::v1;
use whorl_service::Search;
use whorl_types::{Fmr, Fpir, ReferenceId};

use crate::grpc::failure::Failure;

/// The search that a request asks for, by default that of the server.
pub(in crate::grpc) fn search(options: Option<&v1::SearchOptions>, default: &Search) -> Result<Search, Failure> {
    let Some(options) = options else { return Ok(*default) };
    let shortlist = match default.mode {
        Mode::Cascade(shortlist) | Mode::Ann(shortlist) => shortlist,
        Mode::Exact => Shortlist::default(),
    };
    let fingers = options.fingers_first.map_or(shortlist.fingers, |fingers| fingers as usize);
    let mode = match options.mode() {
        v1::SearchMode::Exact => Mode::Exact,
        v1::SearchMode::Cascade => Mode::Cascade(Shortlist { fingers, ..shortlist }),
        v1::SearchMode::Unspecified => match default.mode {
            Mode::Exact => Mode::Exact,
            Mode::Cascade(_) | Mode::Ann(_) => Mode::Cascade(Shortlist { fingers, ..shortlist }),
        },
    };
    let candidates = match options.candidates as usize {
        0 => default.candidates,
        asked if asked <= Limits::MAX_CANDIDATES => asked,
        asked => {
            let message = format!("search.candidates: {asked} are more than the most, {}", Limits::MAX_CANDIDATES);
            return Err(Failure::field("search.candidates", message));
        }
    };
    let target = options.target_fpir.map_or(Ok(default.target), |rate| fpir(rate, "search.target_fpir"))?;
    let positions = if options.any_position { Positions::Blind } else { default.positions };
    Ok(Search { candidates, mode, positions, mirrored: options.mirrored || default.mirrored, target, within: None })
}

fn fpir(rate: f64, field: &str) -> Result<Fpir, Failure> {
    let open = Fpir::new(rate).ok().filter(|_| rate > 0.0 && rate < 1.0);
    open.ok_or_else(|| Failure::field(field, format!("{field}: a rate lies above 0 and below 1, not at {rate}")))
}

/// The rate of false matches that a request accepts.
pub(in crate::grpc) fn fmr(rate: Option<f64>, default: Fmr) -> Result<Fmr, Failure> {
    let Some(rate) = rate else { return Ok(default) };
    let open = Fmr::new(rate).ok().filter(|_| rate > 0.0 && rate < 1.0);
    open.ok_or_else(|| {
        Failure::field("target_fmr", format!("target_fmr: a rate lies above 0 and below 1, not at {rate}"))
    })
}

/// An id, if it is one.
pub(in crate::grpc) fn checked_id(id: &str, field: &str) -> Result<ReferenceId, Failure> {
    ReferenceId::new(id).map_err(|error| Failure::field(field, format!("{field}: {error}")))
}

/// Whether exceptions name what they except, and why.
pub(in crate::grpc) fn checked_exceptions(exceptions: &[v1::BiometricException]) -> Result<(), Failure> {
    let is_stated = |exception: &v1::BiometricException| {
        exception.position() != v1::Position::Unspecified && exception.reason() != v1::ExceptionReason::Unspecified
    };
    match exceptions.iter().position(|exception| !is_stated(exception)) {
        None => Ok(()),
        Some(number) => {
            let field = format!("exceptions[{number}]");
            let message = format!("{field}: state which position is missing, and why");
            Err(Failure::field(field, message))
        }
    }
}
