//! Trained networks in ONNX files, run by whichever runtime is compiled in.
//!
//! - `rten`, pure Rust, is always there and the default;
//! - `opencv` (cargo feature of that name) runs them by the DNN module of the system's OpenCV, 4.6 or later;
//! - `onnxruntime` (cargo feature of that name) finds Microsoft's library when the program runs.
//!
//! All of them agree to 1e-3; a test holds them to it.
//!
//! A call uses one core: whoever has many pictures runs several at a time.

mod graph;
mod idle;
#[cfg(feature = "onnxruntime")]
mod onnxruntime;
#[cfg(feature = "opencv")]
mod opencv;
mod rten;
mod runtime;
mod tensor;
mod wire;

use thiserror::Error;

use graph::Graph;

pub use runtime::{Runtime, RuntimeError};
pub use tensor::Tensor;

/// The largest file that is read as a network. The largest embedding networks in use have 260 MB.
pub const MAX_NETWORK_BYTES: usize = 512 << 20;

/// The most outputs that a network may have; a detector has twelve.
const MAX_OUTPUTS: usize = 64;

/// Runs a trained network: a tensor in, named tensors out.
pub trait Network: Send + Sync {
    /// Names of the outputs, in the network's order.
    fn outputs(&self) -> &[String];

    /// Feeds `input` to the only input and gives every output, in the order of [`Network::outputs`].
    ///
    /// # Errors
    /// [`NetworkError`] where the input does not fit the network, or what comes out is no bounded box of floats.
    fn run(&self, input: &Tensor) -> Result<Vec<Tensor>, NetworkError>;
}

/// Why a network cannot be loaded or run.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NetworkError {
    /// More bytes than a network may have.
    #[error("a network of {0} bytes is refused: {most} are the most", most = MAX_NETWORK_BYTES)]
    TooLarge(usize),
    /// Not an ONNX file that the runtime can read: damaged, cut short, or of operators that it does not know.
    #[error("{runtime} cannot read the network: {reason}")]
    Unreadable {
        /// Who tried.
        runtime: Runtime,
        /// What it says.
        reason: String,
    },
    /// More or fewer inputs than one.
    #[error("the network has {0} inputs; one is wanted")]
    Inputs(usize),
    /// No output, or too many.
    #[error("the network has {0} outputs; 1 to {most} are wanted", most = MAX_OUTPUTS)]
    Outputs(usize),
    /// An input whose values do not fill its shape, or are too many.
    #[error("{values} values do not make an input of shape {shape:?}, or are over {most}", most = Tensor::MAX_VALUES)]
    Input {
        /// The shape.
        shape: Vec<usize>,
        /// How many values there are.
        values: usize,
    },
    /// An output that is no box of floats, or too large.
    #[error("the output \"{name}\" is no box of at most {most} floats", most = Tensor::MAX_VALUES)]
    Output {
        /// Its name.
        name: String,
    },
    /// The network failed at work, mostly since the input is not of the shape that it was made for.
    #[error("{runtime} cannot run the network: {reason}")]
    Failed {
        /// Who tried.
        runtime: Runtime,
        /// What it says.
        reason: String,
    },
    /// The runtime's own library is not there.
    #[error("{runtime} is not installed: {reason}")]
    Missing {
        /// Which one.
        runtime: Runtime,
        /// What was looked for, and what to do.
        reason: String,
    },
}

/// The network in the bytes of an ONNX file, ready to be run by `runtime`.
///
/// # Errors
/// [`NetworkError`] where the file is too large, damaged, or has other than one input, or where the runtime is not installed.
pub fn load(runtime: Runtime, onnx: &[u8]) -> Result<Box<dyn Network>, NetworkError> {
    if onnx.len() > MAX_NETWORK_BYTES {
        return Err(NetworkError::TooLarge(onnx.len()));
    }
    let graph = Graph::read(onnx).map_err(|error| NetworkError::Unreadable { runtime, reason: error.to_string() })?;
    match graph.inputs.len() {
        1 => load_checked(runtime, onnx, &graph),
        other => Err(NetworkError::Inputs(other)),
    }
}

#[cfg_attr(not(feature = "opencv"), expect(unused_variables, reason = "only OpenCV needs to be told of the graph"))]
fn load_checked(runtime: Runtime, onnx: &[u8], graph: &Graph) -> Result<Box<dyn Network>, NetworkError> {
    match runtime {
        Runtime::Rten => Ok(Box::new(rten::Rten::load(onnx)?)),
        #[cfg(feature = "opencv")]
        Runtime::Opencv => Ok(Box::new(opencv::Opencv::load(onnx, graph)?)),
        #[cfg(feature = "onnxruntime")]
        Runtime::Onnxruntime => Ok(Box::new(onnxruntime::Onnxruntime::load(onnx)?)),
    }
}

/// Refuses an input that is no box.
fn check_input(input: &Tensor) -> Result<(), NetworkError> {
    if input.is_sound() {
        return Ok(());
    }
    Err(NetworkError::Input { shape: input.shape.clone(), values: input.values.len() })
}

/// Refuses a network without outputs, or with too many.
fn check_outputs(names: &[String]) -> Result<(), NetworkError> {
    if (1..=MAX_OUTPUTS).contains(&names.len()) { Ok(()) } else { Err(NetworkError::Outputs(names.len())) }
}
