//! The binary, driven as a user drives it: files in, exit code, standard output and standard error out.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod audit;
mod bad_eyes;
mod bad_input;
mod bench;
mod both;
mod compare;
mod config;
mod dedup;
mod eval;
mod extract;
mod gallery;
mod help;
mod irises;
mod keys;
mod liveness;
mod models;
mod records;
mod remote;
mod sandbox;
mod serve;
mod server;
mod uin;
mod whorl;
