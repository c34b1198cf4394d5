//! End to end, accuracy and tidiness tests of the whole, each in a folder of its own beside this file.
//!
//! What this crate is not: it offers nothing to import.
