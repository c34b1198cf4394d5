//! Networks by Microsoft's onnxruntime, whose library is found when the program runs.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use ort::environment::Environment;
use ort::session::Session;
use ort::value::{DynValue, TensorRef};

use super::idle::Idle;
use super::{Network, NetworkError, Runtime, Tensor, check_input, check_outputs};

/// Names the library's file, where it does not lie where the system looks.
const PLACE: &str = "ORT_DYLIB_PATH";

/// The library allows one environment in a program, made once.
static ENVIRONMENT: OnceLock<Result<Environment, NetworkError>> = OnceLock::new();

/// A loaded network. A session takes one call at a time, so each call at one time has its own, made from the file's bytes again.
pub(super) struct Onnxruntime {
    file: Vec<u8>,
    names: Vec<String>,
    sessions: Idle<Session>,
}

impl Onnxruntime {
    /// The network in the bytes of an ONNX file.
    pub(super) fn load(onnx: &[u8]) -> Result<Self, NetworkError> {
        let first = session(onnx)?;
        if first.inputs().len() != 1 {
            return Err(NetworkError::Inputs(first.inputs().len()));
        }
        let names: Vec<String> = first.outputs().iter().map(|output| output.name().to_owned()).collect();
        check_outputs(&names)?;
        let sessions = Idle::new();
        sessions.give_back(first);
        Ok(Self { file: onnx.to_vec(), names, sessions })
    }
}

impl Network for Onnxruntime {
    fn outputs(&self) -> &[String] {
        &self.names
    }

    fn run(&self, input: &Tensor) -> Result<Vec<Tensor>, NetworkError> {
        check_input(input)?;
        let mut session = self.sessions.take().map_or_else(|| session(&self.file), Ok)?;
        let outputs = forward(&mut session, input, &self.names)?;
        self.sessions.give_back(session);
        Ok(outputs)
    }
}

/// The library, or why it is not there.
fn environment() -> Result<&'static Environment, NetworkError> {
    ENVIRONMENT.get_or_init(open).as_ref().map_err(Clone::clone)
}

fn open() -> Result<Environment, NetworkError> {
    let place = place();
    let builder = ort::init_from(&place).map_err(|error| missing(&place, &error.to_string()))?;
    // A recogniser of persons reports to nobody.
    builder.with_name("whorl").with_telemetry(false).build().map_err(|error| missing(&place, error.message()))
}

fn place() -> PathBuf {
    let named = std::env::var_os(PLACE).filter(|name| !name.is_empty());
    let prefix = std::env::consts::DLL_PREFIX;
    let suffix = std::env::consts::DLL_SUFFIX;
    named.map_or_else(|| PathBuf::from(format!("{prefix}onnxruntime{suffix}")), PathBuf::from)
}

fn missing(place: &Path, said: &str) -> NetworkError {
    let reason = format!(
        "{said} (looked for {}). Install onnxruntime 1.17 or later (`pip install onnxruntime` brings the library) and let {PLACE} \
         name its libonnxruntime file, or use rten, which is always there",
        place.display()
    );
    NetworkError::Missing { runtime: Runtime::Onnxruntime, reason }
}

fn session(onnx: &[u8]) -> Result<Session, NetworkError> {
    let environment = environment()?;
    let made = || -> ort::Result<Session> {
        let builder = Session::builder(environment)?;
        // One thread a call: the callers run side by side.
        builder.with_intra_threads(1)?.commit_from_memory(onnx)
    };
    made()
        .map_err(|error| NetworkError::Unreadable { runtime: Runtime::Onnxruntime, reason: error.message().to_owned() })
}

fn forward(session: &mut Session, input: &Tensor, names: &[String]) -> Result<Vec<Tensor>, NetworkError> {
    let shape: Vec<i64> = input.shape.iter().map(|&side| side as i64).collect();
    let view = TensorRef::from_array_view((shape, input.values.as_slice())).map_err(|error| failed(&error))?;
    let outputs = session.run(ort::inputs![view]).map_err(|error| failed(&error))?;
    let not_a_box = |name: &str| NetworkError::Output { name: name.to_owned() };
    names.iter().map(|name| tensor(outputs.get(name)).ok_or_else(|| not_a_box(name))).collect()
}

fn tensor(found: Option<&DynValue>) -> Option<Tensor> {
    let (shape, values) = found?.try_extract_tensor::<f32>().ok()?;
    if values.len() > Tensor::MAX_VALUES {
        return None;
    }
    let shape = shape.iter().map(|&side| usize::try_from(side).ok()).collect::<Option<Vec<_>>>()?;
    let tensor = Tensor { shape, values: values.to_vec() };
    tensor.is_sound().then_some(tensor)
}

fn failed(error: &ort::Error) -> NetworkError {
    NetworkError::Failed { runtime: Runtime::Onnxruntime, reason: error.message().to_owned() }
}
