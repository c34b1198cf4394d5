//! Whorl inside a Rust program.
//!
//! What this crate is not, yet: a client of a server.

pub use whorl_api::service;
