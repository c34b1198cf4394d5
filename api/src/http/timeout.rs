//! How long a client is ready to wait.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName};
use tonic::Status;

/// The header in which a client says how many milliseconds he waits. `grpc-timeout` is understood as well.
pub const REQUEST_TIMEOUT_MS: HeaderName = HeaderName::from_static("request-timeout-ms");

/// The same as gRPC writes it.
const GRPC_TIMEOUT: HeaderName = HeaderName::from_static("grpc-timeout");

/// Numbers of more digits are refused, as gRPC does.
const MAX_DIGITS: usize = 8;

/// What the client says, none where he says nothing.
///
/// # Errors
/// Where he says it so that it cannot be understood.
pub(super) fn stated(headers: &HeaderMap) -> Result<Option<Duration>, Status> {
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    match (text(&REQUEST_TIMEOUT_MS), text(&GRPC_TIMEOUT)) {
        (Some(ms), _) => number(ms).map(Duration::from_millis).map(Some).ok_or_else(|| {
            Status::invalid_argument(
                "the header request-timeout-ms must be a whole number of milliseconds, such as 5000",
            )
        }),
        (None, Some(timeout)) => of_grpc(timeout).map(Some).ok_or_else(|| {
            Status::invalid_argument("the header grpc-timeout must be a whole number and a unit, such as 5S or 200m")
        }),
        (None, None) => Ok(None),
    }
}

/// What the client says as gRPC does; none where he says nothing that can be understood.
pub(crate) fn grpc_timeout(headers: &HeaderMap) -> Option<Duration> {
    of_grpc(headers.get(&GRPC_TIMEOUT)?.to_str().ok()?)
}

fn number(text: &str) -> Option<u64> {
    let digits = (1..=MAX_DIGITS).contains(&text.len()) && text.bytes().all(|letter| letter.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

fn of_grpc(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let count = number(digits)?;
    match unit {
        "H" => Some(Duration::from_hours(count)),
        "M" => Some(Duration::from_mins(count)),
        "S" => Some(Duration::from_secs(count)),
        "m" => Some(Duration::from_millis(count)),
        "u" => Some(Duration::from_micros(count)),
        "n" => Some(Duration::from_nanos(count)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: HeaderName, value: &str, expected: Result<Option<u64>, ()>) {
        let headers = HeaderMap::from_iter([(name, value.parse().unwrap())]);
        let ms = stated(&headers).map(|timeout| timeout.map(|timeout| timeout.as_millis() as u64)).map_err(|_| ());
        assert_eq!(ms, expected, "{value}");
    }

    #[test]
    fn what_a_client_says_is_understood_or_refused() {
        assert_eq!(stated(&HeaderMap::new()).unwrap(), None);
        check(REQUEST_TIMEOUT_MS, "250", Ok(Some(250)));
        for wrong in ["", "-1", "1.5", "999999999", "5S", "+5", "\u{ff11}"] {
            check(REQUEST_TIMEOUT_MS, wrong, Err(()));
        }
        check(GRPC_TIMEOUT, "2S", Ok(Some(2000)));
        check(GRPC_TIMEOUT, "99999999H", Ok(Some(99_999_999 * 3_600_000)));
        for wrong in ["", "S", "5", "5s", "123456789m", "5\u{fc}"] {
            check(GRPC_TIMEOUT, wrong, Err(()));
        }
    }
}
