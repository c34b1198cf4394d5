//! Networks by the DNN module of OpenCV, 4.6 or later.

use opencv::core::{Mat, MatTraitConst, MatTraitConstManual, Vector, set_num_threads};
use opencv::dnn::{Net, NetTrait, NetTraitConst, read_net_from_onnx_buffer};

use super::graph::{Graph, Output};
use super::idle::Idle;
use super::{Network, NetworkError, Runtime, Tensor, check_input, check_outputs};

/// A loaded network. OpenCV changes it while it runs, so each call at one time has a copy, read from the file's bytes again.
pub(super) struct Opencv {
    file: Vector<u8>,
    names: Vec<String>,
    /// What OpenCV calls the layers of the outputs.
    layers: Vector<String>,
    copies: Idle<Net>,
}

impl Opencv {
    /// The network in the bytes of an ONNX file that says `graph` of itself.
    pub(super) fn load(onnx: &[u8], graph: &Graph) -> Result<Self, NetworkError> {
        let names: Vec<String> = graph.outputs.iter().map(|output| output.name.clone()).collect();
        check_outputs(&names)?;
        // OpenCV has one such number in a program. Whorl runs samples side by side, not the loops of one.
        set_num_threads(1).map_err(|error| unreadable(&error))?;
        let file = Vector::from_slice(onnx);
        let net = read(&file)?;
        let known: Vec<String> = net.get_layer_names().map_err(|error| unreadable(&error))?.into();
        let found: Result<Vec<String>, _> = graph.outputs.iter().map(|output| layer(output, &known)).collect();
        let layers = found?.iter().map(String::as_str).collect();
        let copies = Idle::new();
        copies.give_back(net);
        Ok(Self { file, names, layers, copies })
    }
}

impl Network for Opencv {
    fn outputs(&self) -> &[String] {
        &self.names
    }

    fn run(&self, input: &Tensor) -> Result<Vec<Tensor>, NetworkError> {
        check_input(input)?;
        let mut net = self.copies.take().map_or_else(|| read(&self.file), Ok)?;
        let found = forward(&mut net, input, &self.layers).map_err(|error| failed(&error))?;
        let outputs = self.names.iter().zip(found.iter()).map(|(name, found)| tensor(name, &found)).collect();
        drop(found);
        self.copies.give_back(net);
        outputs
    }
}

fn read(file: &Vector<u8>) -> Result<Net, NetworkError> {
    read_net_from_onnx_buffer(file).map_err(|error| unreadable(&error))
}

/// The layer of an output. Up to 4.6 OpenCV has no outputs but layers, and from 4.5.5 on it names them after the node, or after the
/// first output of a node that has no name.
fn layer(output: &Output, known: &[String]) -> Result<String, NetworkError> {
    let Output { name, node, place } = output;
    let names = [format!("onnx_node!{node}"), format!("onnx_node_output_{place}!{name}"), name.clone(), node.clone()];
    let found = names.into_iter().find(|candidate| known.contains(candidate));
    found.ok_or_else(|| NetworkError::Unreadable {
        runtime: Runtime::Opencv,
        reason: format!("no layer computes the output \"{name}\""),
    })
}

fn forward(net: &mut Net, input: &Tensor, layers: &Vector<String>) -> opencv::Result<Vector<Mat>> {
    let shape: Vec<i32> = input.shape.iter().map(|&side| side as i32).collect();
    let blob = Mat::new_nd_with_data(&shape, &input.values)?;
    net.set_input_def(&blob)?;
    let mut found = Vector::<Mat>::new();
    net.forward(&mut found, layers)?;
    Ok(found)
}

fn tensor(name: &str, found: &Mat) -> Result<Tensor, NetworkError> {
    let not_a_box = || NetworkError::Output { name: name.to_owned() };
    let shape = found.mat_size().iter().map(|&side| side as usize).collect();
    let values = found.data_typed::<f32>().map_err(|_| not_a_box())?;
    if values.len() > Tensor::MAX_VALUES {
        return Err(not_a_box());
    }
    let tensor = Tensor { shape, values: values.to_vec() };
    if tensor.is_sound() { Ok(tensor) } else { Err(not_a_box()) }
}

fn unreadable(error: &opencv::Error) -> NetworkError {
    NetworkError::Unreadable { runtime: Runtime::Opencv, reason: said(error) }
}

fn failed(error: &opencv::Error) -> NetworkError {
    NetworkError::Failed { runtime: Runtime::Opencv, reason: said(error) }
}

/// OpenCV's own words, in one line.
fn said(error: &opencv::Error) -> String {
    error.message.split_whitespace().collect::<Vec<_>>().join(" ")
}
