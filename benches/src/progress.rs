//! How far a run is.

/// Is told which stage a run is in, how much of it is done, and of how much. Stages follow one another; what is done only grows.
pub type Watch<'a> = dyn FnMut(&'static str, usize, usize) + Send + 'a;
