//! The thin identity layer: registration, issuance, lifecycle and authentication. The only crate that knows a person's name.
//!
//! - [`registration`]: packets, worked on stage by stage until they end with a number or a refusal;
//! - [`demographic`], [`linkage`]: who is like whom by name, birth date and address;
//! - [`adjudication`]: people decide where neither biometrics nor names do;
//! - [`numbers`], [`issuance`], [`tokens`], [`credential`]: UINs, VIDs, what partners know a person by, what he carries;
//! - [`lifecycle`]: what becomes of an identity later, up to its erasure;
//! - [`authentication`]: is this the person he claims to be;
//! - [`store`], [`vault`]: ordered tables under transactions, and what is kept in them, encrypted by a key of each person's.
//!
//! What this crate is not: it has no network and no async, it compares no templates itself, and the gallery gets opaque ids from it only.

pub mod adjudication;
pub mod authentication;
pub mod chance;
pub mod clock;
pub mod credential;
pub mod demographic;
pub mod demography;
pub mod event;
pub mod issuance;
pub mod layer;
pub mod lifecycle;
pub mod linkage;
pub mod matcher;
pub mod numbers;
pub mod registration;
pub mod schema;
pub mod settings;
pub mod store;
pub mod subject;
pub mod tokens;
pub mod vault;
