//! `whorl sandbox`: a whole identity system on this machine, with residents who do not exist.

mod calls;
mod ground;
mod residents;
mod tour;

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;

use anyhow::Context;
use clap::Args;
use serde::Serialize;
use whorl_api::config::{Config, Environment};
use whorl_api::operations::log;
use whorl_api::server::{Opened, Stop, serve_until};
use whorl_service::Engine;

use crate::console::{Console, Show};
use crate::outcome::Outcome;
use calls::Calls;
use ground::Ground;

const EXAMPLES: &str = "\
Examples:
  whorl sandbox                        engine, identity layer, partners, operators and residents; serves until Ctrl-C
  whorl sandbox --tour                 the same, then a walk through everything, showing each request and answer, and ends
  whorl sandbox --folder try --residents 40

Nothing of it is meant to keep anybody's identity: it is not encrypted on the way, and one-time passwords are written into a file.
Its folder holds the configuration that it serves with, to begin your own from.";

/// Run a small country: engine, identity layer, partners, operators and synthetic residents
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Sandbox {
    /// Folder of everything; what is there from an earlier run is gone on with
    #[arg(long, value_name = "DIR", default_value = "whorl-sandbox")]
    folder: PathBuf,

    /// How many residents there are at first
    #[arg(long, value_name = "N", default_value = "8", value_parser = clap::value_parser!(u32).range(1..=1000))]
    residents: u32,

    /// Address to serve on; port 0 takes one that is free
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7443")]
    listen: String,

    /// Walk through registering, a duplicate, adjudication, issuing, authenticating, locking, a lost UIN and erasing, then end
    #[arg(long)]
    tour: bool,
}

/// What there is, for who tries it.
#[derive(Debug, Serialize)]
struct Open {
    url: String,
    folder: PathBuf,
    residents: usize,
    passwords: PathBuf,
    people: Vec<Person>,
    partners: Vec<Partner>,
}

#[derive(Debug, Serialize)]
struct Person {
    name: &'static str,
    roles: String,
    token: String,
}

#[derive(Debug, Serialize)]
struct Partner {
    id: &'static str,
    api_key: String,
}

impl Sandbox {
    pub(crate) fn run(&self, console: Console, threads: usize) -> anyhow::Result<Outcome> {
        let ground = Ground::lay(&self.folder, &self.listen)?;
        let config = Config::load(Some(&ground.config()), &Environment::of_process())?.config;
        log::begin(config.log)?;
        let opened = Opened::open(&config, Engine::new(threads)?)?;
        let (stop, stopped) = Stop::new();
        let (told, heard) = mpsc::channel();
        thread::scope(|scope| {
            let serving = scope.spawn(move || {
                serve_until(&config, opened, stopped, |listen, _| {
                    // Nobody listens only where the sandbox has failed already, which it says itself.
                    let _ = told.send(listen);
                })
            });
            let done = match heard.recv() {
                Ok(listen) => self.live(console, &ground, &format!("http://{listen}")),
                // It ended before it served: why is what it returns.
                Err(_) => Ok(()),
            };
            if self.tour || done.is_err() {
                stop.now();
            }
            let served = serving.join().map_err(|_| anyhow::anyhow!("the server broke off"))?;
            done.and(served.context("the server"))
        })?;
        Ok(Outcome::Complete)
    }

    /// What happens while it serves.
    fn live(&self, console: Console, ground: &Ground, url: &str) -> anyhow::Result<()> {
        let calls = Calls::to(url, ground)?;
        let bars = console.bars();
        let residents = residents::settle(&calls, ground, self.residents, &bars)?;
        drop(bars);
        let partners = residents::partners(&calls, ground)?;
        let people = ground::PEOPLE
            .iter()
            .map(|(name, roles)| Ok(Person { name, roles: roles.join(", "), token: ground.token(name, roles)? }));
        console.print(&Open {
            url: url.to_owned(),
            folder: self.folder.clone(),
            residents: residents.len(),
            passwords: ground.passwords(),
            people: people.collect::<anyhow::Result<_>>()?,
            partners: partners.iter().map(|(id, key)| Partner { id, api_key: key.clone() }).collect(),
        })?;
        if self.tour {
            tour::walk(&calls, ground, &residents, &partners)?;
        }
        Ok(())
    }
}

impl Show for Open {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "sandbox   {}   (the page there describes every call)", self.url)?;
        writeln!(
            out,
            "folder    {}   ({} residents; whorl.toml is its configuration)",
            self.folder.display(),
            self.residents
        )?;
        writeln!(out, "passwords {}   (one-time passwords, which nobody is sent)", self.passwords.display())?;
        for Partner { id, api_key } in &self.partners {
            writeln!(out, "partner   {id}   API key {api_key}")?;
        }
        for Person { name, roles, token } in &self.people {
            writeln!(out, "\n{name}   {roles}\n{token}")?;
        }
        writeln!(
            out,
            "\nFor example:\n  curl {}/identity/v1/adjudication/list-cases -H \"authorization: Bearer $TOKEN\" -H 'content-type: application/json' -d '{{}}'",
            self.url
        )
    }
}
