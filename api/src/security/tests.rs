//! Clients that are let in, and all those that must not be.

mod authority;
mod handshake;
pub(super) mod issuer;
mod keys;
mod layer;
mod server;
mod tokens;
