//! The log, as text for people or as JSON for programs, on standard error.
//!
//! Samples, templates and tokens never reach it. Our messages print sizes only; the libraries below us, which might print what they
//! send and receive, may only warn, whatever the level.

use std::io;

use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::{self, MakeWriter};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry;

use crate::config::{Level, Log, LogFormat};

/// How the names of our crates begin, as targets of events.
const OURS: &str = "whorl";

/// There is a log already.
#[derive(Debug, thiserror::Error)]
#[error("a log was begun before; begin it once, when the program starts")]
pub struct AlreadyBegun;

/// Begins the log of this process.
///
/// # Errors
/// [`AlreadyBegun`] where there is one.
pub fn begin(log: Log) -> Result<(), AlreadyBegun> {
    tracing::subscriber::set_global_default(subscriber(log, io::stderr)).map_err(|_| AlreadyBegun)
}

/// What writes events to `out` as `log` wants it.
pub fn subscriber<W>(log: Log, out: W) -> Box<dyn Subscriber + Send + Sync>
where
    W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
{
    let level = level_filter(log.level);
    let filter = Targets::new().with_default(level.min(LevelFilter::WARN)).with_target(OURS, level);
    let registry = registry().with(filter);
    match log.format {
        LogFormat::Text => Box::new(registry.with(fmt::layer().with_ansi(false).with_writer(out))),
        LogFormat::Json => Box::new(registry.with(fmt::layer().json().flatten_event(true).with_writer(out))),
    }
}

fn level_filter(level: Level) -> LevelFilter {
    match level {
        Level::Error => LevelFilter::ERROR,
        Level::Warn => LevelFilter::WARN,
        Level::Info => LevelFilter::INFO,
        Level::Debug => LevelFilter::DEBUG,
        Level::Trace => LevelFilter::TRACE,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::fmt::Debug;
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use whorl_proto::v1;

    use super::*;

    /// What was logged.
    #[derive(Clone, Default)]
    pub(in crate::operations) struct Written(Arc<Mutex<Vec<u8>>>);

    impl Written {
        pub(in crate::operations) fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).expect("a log is UTF-8")
        }
    }

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(log: Log, happens: impl FnOnce()) -> String {
        let written = Written::default();
        let out = written.clone();
        tracing::subscriber::with_default(subscriber(log, move || out.clone()), happens);
        written.text()
    }

    const FORMATS: [LogFormat; 2] = [LogFormat::Text, LogFormat::Json];
    const SECRET: &[u8] = b"SECRET-RIDGES";

    fn samples() -> Vec<v1::Sample> {
        vec![v1::Sample { data: SECRET.into(), ..v1::Sample::default() }]
    }

    /// Every message with samples or templates in it.
    fn messages() -> Vec<Box<dyn Debug>> {
        let enrol = v1::EnrolRequest { samples: samples(), ..Default::default() };
        let identify = v1::IdentifyRequest { samples: samples(), ..Default::default() };
        let enrolled = v1::EnrolledTemplate { template: SECRET.into(), ..Default::default() };
        let extracted = v1::ExtractedTemplate { template: SECRET.into(), ..Default::default() };
        vec![
            Box::new(v1::EnrolManyRequest { enrol: Some(enrol.clone()) }),
            Box::new(tonic::Request::new(enrol)),
            Box::new(v1::ReplaceRequest { samples: samples(), ..Default::default() }),
            Box::new(v1::IdentifyManyRequest { identify: Some(identify.clone()) }),
            Box::new(v1::IdentifyStreamRequest { identify: Some(identify.clone()) }),
            Box::new(identify),
            Box::new(v1::VerifyRequest { samples: samples(), ..Default::default() }),
            Box::new(v1::CompareRequest { probe: samples(), reference: samples(), ..Default::default() }),
            Box::new(v1::ExtractRequest { samples: samples() }),
            Box::new(v1::AssessRequest { samples: samples() }),
            Box::new(v1::FetchResponse { templates: vec![enrolled], ..Default::default() }),
            Box::new(v1::ExtractResponse { templates: vec![extracted], ..Default::default() }),
        ]
    }

    #[test]
    fn whole_requests_are_logged_without_their_samples_and_templates() {
        for format in FORMATS {
            for message in messages() {
                let text = logged(Log { format, level: Level::Trace }, || tracing::trace!(?message, "came"));
                assert!(text.contains("bytes: 13"), "{text}");
                // As letters, as numbers, and as both bases that bytes are usually written in.
                for secret in ["SECRET", "83, 69", "5345", "U0VDUkVU"] {
                    assert!(!text.contains(secret), "{secret} is in {text}");
                }
            }
        }
    }

    #[test]
    fn libraries_may_only_warn_and_we_say_what_the_level_wants() {
        let happens = || {
            tracing::debug!(target: "h2::codec", "LIBRARY");
            tracing::warn!(target: "rustls", "warned");
            tracing::debug!(target: "whorl_api::grpc", "ours");
            tracing::trace!(target: "whorl_api::grpc", "FINER");
        };
        for format in FORMATS {
            let text = logged(Log { format, level: Level::Debug }, happens);
            assert!(text.contains("warned") && text.contains("ours"), "{text}");
            assert!(!text.contains("LIBRARY") && !text.contains("FINER"), "{text}");
            let text = logged(Log { format, level: Level::Error }, happens);
            assert_eq!(text, "");
        }
    }

    #[test]
    fn json_is_an_object_a_line() {
        let text = logged(Log { format: LogFormat::Json, level: Level::Info }, || {
            tracing::info!(count = 3, "one");
            tracing::info!("two\nlines");
        });
        let lines: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
        assert_eq!(lines.len(), 2);
        assert_eq!((&lines[0]["message"], &lines[0]["count"]), (&"one".into(), &3.into()));
    }
}
