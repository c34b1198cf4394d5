//! The verbs, one file each.

mod audit;
mod bench;
mod calibrate;
mod compare;
mod config;
mod dedup;
mod demo;
mod enrol;
mod eval;
mod extract;
mod gallery;
mod identify;
mod keys;
pub(crate) mod models;
mod plan;
mod sandbox;
mod serve;
mod synth;
mod uin;
mod verify;

use clap::Subcommand;

use crate::arguments::Arguments;
use crate::console::Console;
use crate::outcome::Outcome;

/// What a manifest is, for the help of every verb that reads one.
pub(crate) const MANIFEST: &str = "\
A manifest is a CSV file whose first line names its columns, in any order:
  path       an image or a record, relative to the folder of the manifest          (needed)
  subject    whose it is: the name or number under which the person is enrolled    (needed)
  modality   fingerprint, iris or face                                             (else by the position)
  position   right-thumb, right-index, right-middle, right-ring, right-little, left-thumb, ...; of an eye right or left;
             or unknown
  encounter  which capture session, when somebody was captured more than once      (1 where nothing is said)
  ppi        pixels per inch, where the file does not say it
  liveness   what a presentation attack detection said: live:87:vendor-x, attack:4:vendor-x, undecided::vendor-x;
             a reported attack is left out, by name
For example:
  path,subject,modality,position,encounter,ppi
  scans/0001_ri.png,A-1001,fingerprint,right-index,1,500
  scans/0001_li.png,A-1001,fingerprint,left-index,1,500
  eyes/0001_l.png,A-1001,iris,left,1,
A row that cannot be used is left out with its line and the reason; the others go on.";

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Extract(extract::Extract),
    Compare(compare::Compare),
    Enrol(enrol::Enrol),
    Identify(identify::Identify),
    Verify(verify::Verify),
    Dedup(dedup::Dedup),
    Eval(eval::Eval),
    Calibrate(calibrate::Calibrate),
    Synth(synth::Synth),
    Bench(bench::Bench),
    Plan(plan::PlanVerb),
    Gallery(gallery::GalleryVerb),
    Keys(keys::KeysVerb),
    Uin(uin::UinVerb),
    Models(models::ModelsVerb),
    Config(config::ConfigVerb),
    Serve(serve::Serve),
    Audit(audit::AuditVerb),
    Sandbox(sandbox::Sandbox),
    Demo(demo::Demo),
}

/// Does what the command line asks for.
///
/// # Errors
/// Where nothing could be done; what was merely left out is in the outcome.
pub(crate) fn run(arguments: &Arguments, console: Console) -> anyhow::Result<Outcome> {
    let threads = arguments.threads();
    match &arguments.verb {
        Verb::Extract(verb) => verb.run(console, threads),
        Verb::Compare(verb) => verb.run(console, threads),
        Verb::Enrol(verb) => verb.run(console, threads),
        Verb::Identify(verb) => verb.run(console, threads),
        Verb::Verify(verb) => verb.run(console, threads),
        Verb::Dedup(verb) => verb.run(console, threads),
        Verb::Eval(verb) => verb.run(console, threads),
        Verb::Calibrate(verb) => verb.run(console, threads),
        Verb::Bench(verb) => verb.run(console, threads),
        Verb::Plan(verb) => verb.run(console, threads),
        Verb::Synth(verb) => verb.run(console, threads),
        Verb::Gallery(verb) => verb.run(console, threads),
        Verb::Keys(verb) => verb.run(console),
        Verb::Uin(verb) => verb.run(console),
        Verb::Models(verb) => verb.run(console),
        Verb::Config(verb) => verb.run(console),
        Verb::Serve(verb) => verb.run(console, threads),
        Verb::Audit(verb) => verb.run(console),
        Verb::Sandbox(verb) => verb.run(console, threads),
        Verb::Demo(verb) => verb.run(console, threads),
    }
}
