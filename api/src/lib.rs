//! What integrators call.
//!
//! What this crate is not, yet: a server. It names the operations of [`whorl_service`] so that the gRPC surface can grow here.

pub mod config;
pub mod http;
pub mod operations;

pub use whorl_service as service;
