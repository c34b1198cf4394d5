//! An enrolment station: what was captured is assessed, what is too poor is captured again, and the person is enrolled after a search for
//! him.
//!
//! ```text
//! cargo run -p whorl-sdk --example enrolment_station -- http://127.0.0.1:7443 nation F-2051 \
//!     right-index=first.png,again.png right=eye.png
//! ```
//! Each position has its files in the order in which a camera would give them. The environment may name files: `CA` of those who sign
//! the server's certificate, `CERTIFICATE` and `KEY` of the station, `TOKEN_FILE` of its token.

use std::env;
use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;

use whorl_sdk::client::blocking::Client;
use whorl_sdk::client::{
    Assessed, ClientError, Enrolled, Enrolment, Exception, ExceptionReason, Files, Options, Sample,
};
use whorl_sdk::desk::DuplicateCheck;
use whorl_sdk::types::{Position, Quality, ReferenceId};

/// Below this a sample is captured again; an authority sets its own, from what its cameras give.
const LEAST_QUALITY: u8 = 40;

/// How often something is captured before the best that there was is taken.
const CAPTURES: usize = 3;

/// A station at which people are enrolled into one gallery.
pub(crate) struct Station<'a> {
    pub(crate) client: &'a Client,
    pub(crate) gallery: &'a str,
}

/// Gives the next picture of a position, if there is one.
pub(crate) type Camera<'a> = dyn FnMut(Position) -> Option<Vec<u8>> + 'a;

/// The best sample of a position so far.
struct Best {
    sample: Sample,
    quality: u8,
}

impl Station<'_> {
    /// Captures `positions`, enrols who shows them as `id`, and says on `out` how it went.
    pub(crate) fn enrol(
        &self,
        id: ReferenceId,
        positions: &[Position],
        camera: &mut Camera<'_>,
        out: &mut dyn Write,
    ) -> Result<Enrolled, Box<dyn Error>> {
        let (mut samples, mut exceptions) = (Vec::new(), Vec::new());
        for &position in positions {
            match self.capture(position, camera, out)? {
                Some(best) => samples.push(best.sample),
                None => exceptions.push(Exception { position, reason: ExceptionReason::Unreadable }),
            }
        }
        let enrolment = Enrolment::new(self.gallery, id, samples);
        let enrolment = Enrolment { exceptions, check: Some(DuplicateCheck::UnlessDuplicate), ..enrolment };
        let enrolled = self.client.enrol(enrolment)?;
        show(&enrolled, out)?;
        Ok(enrolled)
    }

    /// The best of a few captures; none where no picture could be used.
    fn capture(
        &self,
        position: Position,
        camera: &mut Camera<'_>,
        out: &mut dyn Write,
    ) -> Result<Option<Best>, Box<dyn Error>> {
        let mut best: Option<Best> = None;
        for _ in 0..CAPTURES {
            let Some(picture) = camera(position) else { break };
            let sample = Sample::at(position, picture);
            match quality(self.client.assess(vec![sample.clone()]))? {
                Ok(quality) => {
                    writeln!(out, "{position}: quality {quality}")?;
                    if best.as_ref().is_none_or(|best| best.quality < quality) {
                        best = Some(Best { sample, quality });
                    }
                    if quality >= LEAST_QUALITY {
                        break;
                    }
                }
                Err(why) => writeln!(out, "{position}: {why}")?,
            }
            writeln!(out, "{position}: please once more")?;
        }
        Ok(best)
    }
}

/// What a sample is worth, or what to tell the person. What a record does not say is taken to be good enough.
fn quality(assessed: Result<Assessed, ClientError>) -> Result<Result<u8, String>, ClientError> {
    let Assessed { assessments, refusals } = assessed?;
    match (assessments.first(), refusals.into_iter().next()) {
        (Some(assessment), _) => Ok(Ok(assessment.quality.map_or(LEAST_QUALITY, Quality::get))),
        (None, Some(refusal)) => Ok(Err(refusal.message)),
        (None, None) => Ok(Err("nothing was found".to_owned())),
    }
}

fn show(enrolled: &Enrolled, out: &mut dyn Write) -> io::Result<()> {
    match enrolled.sequence {
        Some(sequence) => writeln!(out, "{}: enrolled by change {sequence}", enrolled.verdict.name())?,
        None => writeln!(out, "{}: not enrolled", enrolled.verdict.name())?,
    }
    for candidate in enrolled.found.iter().flat_map(|found| &found.candidates) {
        let bans = candidate.evidence.llr.bans();
        writeln!(out, "  {} {}: {bans:.1} bans, {}", candidate.rank, candidate.id, candidate.verdict.name())?;
    }
    Ok(())
}

#[allow(dead_code, reason = "the tests have a camera and a server of their own")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments = env::args().skip(1).collect::<Vec<_>>();
    let [address, gallery, id, captured @ ..] = arguments.as_slice() else {
        return Err("give ADDRESS GALLERY ID POSITION=FILE[,FILE...]...".into());
    };
    let file = |name| env::var_os(name).map(PathBuf::from);
    let (authority, certificate, key, token) = (file("CA"), file("CERTIFICATE"), file("KEY"), file("TOKEN_FILE"));
    let client = Client::connect(Options::read(address, &Files { authority, certificate, key, token })?)?;
    let mut pictures = Vec::new();
    for argument in captured {
        let (position, files) = argument.split_once('=').ok_or("give POSITION=FILE")?;
        pictures.push((position.parse::<Position>()?, files.split(',')));
    }
    let positions = pictures.iter().map(|(position, _)| *position).collect::<Vec<_>>();
    let mut camera = |wanted: Position| {
        let (_, files) = pictures.iter_mut().find(|(position, _)| *position == wanted)?;
        std::fs::read(files.next()?).ok()
    };
    let station = Station { client: &client, gallery };
    station.enrol(ReferenceId::new(id)?, &positions, &mut camera, &mut io::stdout())?;
    Ok(())
}
