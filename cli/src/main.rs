//! The `whorl` command: thin verbs over the crates.

fn main() {}
