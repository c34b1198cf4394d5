//! Trained networks, run by every runtime that is compiled in.

mod agreement;
mod hostile;
mod models;
mod nets;
mod onnx;
