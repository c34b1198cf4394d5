//! The server: the operations of [`whorl_service`] behind gRPC and HTTP.
//!
//! What this crate is not: it compares nothing and decides nothing. It finds out who asks, takes requests apart, has the work done
//! by the service on threads of its own, and says what happened.

mod calls;
pub mod grpc;
mod incoming;
mod measured;
mod refusals;
pub mod server;
pub mod workplace;

pub use incoming::Bounds;

pub mod security;

pub mod config;
pub mod http;
pub mod operations;

pub use whorl_service as service;
