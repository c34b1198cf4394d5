//! The client against a server: each test has one of its own in this process, on the local host, that stops when the test is over.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod adjudication;
mod authentication;
mod country;
mod enrolment;
mod examples;
mod galleries;
mod issuer;
mod people;
mod registration;
mod retries;
mod running;
mod security;
