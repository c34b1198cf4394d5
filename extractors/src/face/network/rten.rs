//! Networks by the crate `rten`.

use std::sync::Arc;
use std::thread;

use rten::{Model, NodeId, RunOptions, ThreadPool, Value, ValueView};
use rten_tensor::Layout;

use super::idle::Idle;
use super::{Network, NetworkError, Runtime, Tensor, check_input, check_outputs};

/// A loaded network, and the threads it runs on.
///
/// The crate runs every network on a thread pool, by default one of all cores. Here each call has a pool of one thread. It is
/// waited for on a plain thread, since a worker of the caller's pool that waited itself would meanwhile begin other work of that
/// pool, and wait in it again, ever deeper.
pub(super) struct Rten {
    model: Model,
    input: NodeId,
    outputs: Vec<NodeId>,
    names: Vec<String>,
    pools: Idle<Arc<ThreadPool>>,
}

impl Rten {
    /// The network in the bytes of an ONNX file.
    pub(super) fn load(onnx: &[u8]) -> Result<Self, NetworkError> {
        let model = guarded(|| Model::load(onnx.to_vec()))
            .map_err(unreadable)?
            .map_err(|error| unreadable(error.to_string()))?;
        let &[input] = model.input_ids() else { return Err(NetworkError::Inputs(model.input_ids().len())) };
        let outputs = model.output_ids().to_vec();
        let name =
            |&id: &NodeId| model.node_info(id).and_then(|node| node.name().map(str::to_owned)).unwrap_or_default();
        let names: Vec<String> = outputs.iter().map(name).collect();
        check_outputs(&names)?;
        Ok(Self { input, outputs, names, model, pools: Idle::new() })
    }

    fn values(&self, input: &Tensor) -> Result<Vec<Value>, NetworkError> {
        let view = ValueView::from_shape(&input.shape, &input.values).map_err(|error| failed(error.to_string()))?;
        let pool = self.pools.take().unwrap_or_else(|| Arc::new(ThreadPool::with_num_threads(1)));
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(&pool)));
        let ran = guarded(|| self.model.run(vec![(self.input, view.into())], &self.outputs, Some(options)));
        self.pools.give_back(pool);
        ran.map_err(failed)?.map_err(|error| failed(error.to_string()))
    }
}

impl Network for Rten {
    fn outputs(&self) -> &[String] {
        &self.names
    }

    fn run(&self, input: &Tensor) -> Result<Vec<Tensor>, NetworkError> {
        check_input(input)?;
        self.names.iter().zip(self.values(input)?).map(|(name, value)| tensor(name, value)).collect()
    }
}

/// Does `work` on a thread of its own. Where that thread panics, which the crate does on some operators whose attributes contradict
/// one another, there is its last word instead of an answer.
fn guarded<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, String> {
    thread::scope(|scope| scope.spawn(work).join()).map_err(|panic| {
        let said = panic.downcast_ref::<String>().cloned();
        said.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
            .unwrap_or_else(|| "it panicked".to_owned())
    })
}

fn unreadable(reason: String) -> NetworkError {
    NetworkError::Unreadable { runtime: Runtime::Rten, reason }
}

fn failed(reason: String) -> NetworkError {
    NetworkError::Failed { runtime: Runtime::Rten, reason }
}

fn tensor(name: &str, value: Value) -> Result<Tensor, NetworkError> {
    let not_a_box = || NetworkError::Output { name: name.to_owned() };
    let Value::FloatTensor(found) = value else { return Err(not_a_box()) };
    let shape = found.shape().to_vec();
    let tensor = Tensor { shape, values: found.into_data() };
    if tensor.is_sound() { Ok(tensor) } else { Err(not_a_box()) }
}
