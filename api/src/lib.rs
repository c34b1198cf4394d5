//! The server: the operations of [`whorl_service`] behind gRPC and HTTP.
//!
//! - [`config`]: what an operator may choose;
//! - [`server`]: what is opened, bound, served and drained;
//! - [`security`]: who a client is, and what it may do;
//! - [`grpc`] and [`http`]: requests taken apart, answers put together;
//! - [`identity`]: registration, adjudication, issuance and lifecycle of persons, for servers that have the identity layer;
//! - [`workplace`]: where the work is done, off the threads of the network;
//! - [`operations`]: what an operator sees.
//!
//! What this crate is not: it compares nothing and decides nothing. It finds out who asks, takes requests apart, has the work done
//! by the service on threads of its own, and says what happened.

mod calls;
pub mod config;
mod deadline;
pub mod grpc;
pub mod http;
pub mod identity;
mod incoming;
mod measured;
pub mod operations;
mod refusals;
pub mod security;
pub mod server;
pub mod workplace;

pub use incoming::Bounds;
pub use whorl_service as service;
