//! `whorl bench`: how fast is it here.

mod enrol;
mod restart;
mod search;
mod server;

use clap::{Args, Subcommand};

use crate::console::{Bars, Console};
use crate::outcome::Outcome;

/// Measure speed on this machine
#[derive(Debug, Args)]
pub(crate) struct Bench {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Search(search::Search),
    Enrol(enrol::Enrol),
    Restart(restart::Restart),
    Server(server::Server),
}

impl Bench {
    pub(crate) fn run(&self, console: Console, threads: usize) -> anyhow::Result<Outcome> {
        match &self.what {
            What::Search(search) => search.run(console, threads),
            What::Enrol(enrol) => enrol.run(console, threads),
            What::Restart(restart) => restart.run(console, threads),
            What::Server(server) => server.run(console, threads),
        }
    }
}

/// Shows on `bars` how far a run is.
pub(super) fn watch(bars: &Bars) -> impl FnMut(&'static str, usize, usize) + Send + '_ {
    let (mut current, mut before) = ("", 0);
    move |stage, done, total| {
        if stage != current || done < before {
            whorl_service::Watch::begin(bars, stage, total);
            (current, before) = (stage, 0);
        }
        whorl_service::Watch::advance(bars, done - before);
        before = done;
    }
}
