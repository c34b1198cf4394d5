//! Authentication: is this the person he claims to be.

mod factor;

pub use factor::{AuthenticationLock, Factor};
