//! The messages and services of Whorl's gRPC API: what `whorl/v1/*.proto` and `whorl/identity/v1/*.proto` say, compiled.
//!
//! Every field has its meaning, unit and range in the `.proto` files, whose comments are repeated on the generated items. The
//! same messages have the JSON of the protocol buffers' own mapping (proto3 JSON), for the HTTP gateway.
//!
//! What this crate is not: it has no code of ours but the `Debug` of what holds samples and templates, which prints sizes only, free fields
//! ([`record`]), and the words by which programs know why a call failed ([`Reason`]). Generated types stop at `api/src/grpc/convert`, `api/src/identity` and `sdk`.

mod hidden;
mod reason;
pub mod record;

pub use reason::Reason;

/// Package `whorl.v1`.
#[allow(missing_docs, clippy::pedantic, clippy::allow_attributes_without_reason, reason = "generated")]
pub mod v1 {
    tonic::include_proto!("whorl.v1");
    include!(concat!(env!("OUT_DIR"), "/whorl.v1.serde.rs"));

    /// The descriptors of all files, encoded, as reflection and other languages' tools read them.
    pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/whorl.v1.descriptors"));
}

/// The identity layer's packages.
pub mod identity {
    /// Package `whorl.identity.v1`. Its messages are of persons, so that `Debug` prints their sizes only.
    #[allow(missing_docs, clippy::pedantic, clippy::allow_attributes_without_reason, reason = "generated")]
    pub mod v1 {
        tonic::include_proto!("whorl.identity.v1");
        include!(concat!(env!("OUT_DIR"), "/whorl.identity.v1.serde.rs"));
        include!(concat!(env!("OUT_DIR"), "/whorl.identity.v1.debug.rs"));
    }
}
