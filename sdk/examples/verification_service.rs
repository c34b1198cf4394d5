//! A service that says whether people are who they claim to be: it reads claims and answers them, several at a time, in their order.
//!
//! ```text
//! echo "F-2051 right-index right-index.png" |
//!     cargo run -p whorl-sdk --example verification_service -- http://127.0.0.1:7443 nation
//! ```
//! A claim is a line: who it is, what was captured, the file. The environment may name files: `CA` of those who sign the server's
//! certificate, `CERTIFICATE` and `KEY` of the service, `TOKEN_FILE` of its token.

use std::collections::VecDeque;
use std::env;
use std::error::Error;
use std::io::{self, BufRead};
use std::path::PathBuf;
use std::time::Duration;

use tokio::task::JoinHandle;
use whorl_sdk::client::{Client, Files, Options, Reason, Sample, Threshold};
use whorl_sdk::types::{Decision, Fmr, Position, ReferenceId};

/// How often a stranger may pass.
const TARGET_FMR: f64 = 1e-4;

/// Who waits at a gate waits no longer.
const DEADLINE: Duration = Duration::from_secs(5);

/// How many claims are on their way at once.
const AT_ONCE: usize = 8;

/// Answers every claim of `claims` by a line that `answered` hears.
pub(crate) async fn serve(
    client: &Client,
    gallery: &str,
    claims: impl Iterator<Item = String>,
    mut answered: impl FnMut(String),
) {
    let client = client.within(DEADLINE);
    let mut waiting: VecDeque<JoinHandle<String>> = VecDeque::new();
    for claim in claims {
        if waiting.len() == AT_ONCE {
            finish(&mut waiting, &mut answered).await;
        }
        let (client, gallery) = (client.clone(), gallery.to_owned());
        waiting.push_back(tokio::spawn(async move {
            let answer = verify(&client, &gallery, &claim).await;
            let who = claim.split(' ').next().unwrap_or_default();
            format!("{who}: {}", answer.unwrap_or_else(|error| format!("no answer: {error}")))
        }));
    }
    while !waiting.is_empty() {
        finish(&mut waiting, &mut answered).await;
    }
}

async fn finish(waiting: &mut VecDeque<JoinHandle<String>>, answered: &mut impl FnMut(String)) {
    let Some(first) = waiting.pop_front() else { return };
    answered(first.await.unwrap_or_else(|error| format!("no answer: {error}")));
}

async fn verify(client: &Client, gallery: &str, claim: &str) -> Result<String, Box<dyn Error + Send + Sync>> {
    let mut words = claim.splitn(3, ' ');
    let (Some(id), Some(position), Some(file)) = (words.next(), words.next(), words.next()) else {
        return Err("a claim is ID POSITION FILE".into());
    };
    let sample = Sample::at(position.parse::<Position>()?, std::fs::read(file)?);
    let threshold = Threshold { target_fmr: Some(Fmr::new(TARGET_FMR)?), mirrored: false };
    match client.verify(gallery, &ReferenceId::new(id)?, vec![sample], threshold).await {
        Ok(verified) => {
            let bans = verified.evidence.llr.bans();
            Ok(match verified.decision {
                Decision::Match => format!("match, {bans:.1} bans"),
                Decision::NonMatch => format!("no match, {bans:.1} bans"),
            })
        }
        // Who is not enrolled has claimed what cannot be: an answer, and no fault.
        Err(error) if error.reason() == Some(Reason::NotEnrolled) => Ok("no match, nobody of that name".to_owned()),
        Err(error) => Err(error.into()),
    }
}

#[allow(dead_code, reason = "the tests have claims and a server of their own")]
#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = env::args().skip(1).collect::<Vec<_>>();
    let [address, gallery] = arguments.as_slice() else { return Err("give ADDRESS GALLERY".into()) };
    let file = |name| env::var_os(name).map(PathBuf::from);
    let (authority, certificate, key, token) = (file("CA"), file("CERTIFICATE"), file("KEY"), file("TOKEN_FILE"));
    let client = Client::connect(Options::read(address, &Files { authority, certificate, key, token })?).await?;
    let claims = io::stdin().lock().lines().map_while(Result::ok);
    serve(&client, gallery, claims, |answer| println!("{answer}")).await;
    Ok(())
}
