//! What an ONNX file says of its inputs and outputs, read before any runtime sees it.
//!
//! An ONNX file is a message of protocol buffers (`onnx/onnx.proto`, `ModelProto`). Only what is asked here is read, the rest is
//! skipped. The runtimes read nested messages by recursion without a bound, so that a file of a few kilobytes could use up the
//! stack of any of them, which ends the program; here nesting is bounded.

use super::wire::{Field, Fields, WireError};

/// Nested graphs (the branches of an `If` within a `Loop`, say) and nested types beyond this are refused. Networks in use have one
/// or two levels.
const MAX_DEPTH: usize = 8;

/// `TensorProto.DataLocation.EXTERNAL`: the numbers are in another file.
const EXTERNAL: u64 = 1;

/// The inputs and outputs of a network.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Graph {
    /// Names of the inputs that the caller feeds.
    pub(super) inputs: Vec<String>,
    /// The outputs in the file's order.
    pub(super) outputs: Vec<Output>,
}

/// One output of a network.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Output {
    pub(super) name: String,
    /// Name of the node that computes it; empty where the node has none.
    pub(super) node: String,
    /// Which of the node's outputs it is.
    pub(super) place: usize,
}

/// A node by the names of its outputs.
#[derive(Default)]
struct Node {
    name: String,
    outputs: Vec<String>,
}

/// The parts of a graph as they stand in the file.
#[derive(Default)]
struct Parts {
    inputs: Vec<String>,
    outputs: Vec<String>,
    constants: Vec<String>,
    nodes: Vec<Node>,
}

impl Graph {
    /// Reads what the file `onnx` says.
    pub(super) fn read(onnx: &[u8]) -> Result<Self, WireError> {
        let mut found = None;
        for field in Fields::new(onnx) {
            // `ModelProto.graph`
            if let (7, Field::Bytes(graph)) = field? {
                found = Some(parts(graph, 0)?);
            }
        }
        let Parts { inputs, outputs, constants, nodes } = found.ok_or(WireError::NoGraph)?;
        let constants: std::collections::HashSet<String> = constants.into_iter().collect();
        let outputs = outputs.into_iter().map(|name| produced(name, &nodes)).collect();
        Ok(Self { inputs: inputs.into_iter().filter(|name| !constants.contains(name)).collect(), outputs })
    }
}

fn produced(name: String, nodes: &[Node]) -> Output {
    let by = nodes.iter().find_map(|node| Some((node, node.outputs.iter().position(|output| *output == name)?)));
    let (node, place) = by.map_or_else(Default::default, |(node, place)| (node.name.clone(), place));
    Output { name, node, place }
}

/// `GraphProto`
fn parts(graph: &[u8], depth: usize) -> Result<Parts, WireError> {
    if depth > MAX_DEPTH {
        return Err(WireError::TooDeep);
    }
    let mut parts = Parts::default();
    for field in Fields::new(graph) {
        match field? {
            (1, Field::Bytes(inner)) => parts.nodes.push(node(inner, depth)?),
            (5, Field::Bytes(tensor)) => parts.constants.push(constant(tensor)?),
            (11, Field::Bytes(value)) => parts.inputs.push(value_name(value)?),
            (12, Field::Bytes(value)) => parts.outputs.push(value_name(value)?),
            (13, Field::Bytes(value)) => drop(value_name(value)?),
            _ => {}
        }
    }
    Ok(parts)
}

/// `NodeProto`
fn node(bytes: &[u8], depth: usize) -> Result<Node, WireError> {
    let mut node = Node::default();
    for field in Fields::new(bytes) {
        match field? {
            (2, Field::Bytes(name)) => node.outputs.push(text(name)),
            (3, Field::Bytes(name)) => node.name = text(name),
            (5, Field::Bytes(attribute)) => check_attribute(attribute, depth)?,
            _ => {}
        }
    }
    Ok(node)
}

/// `AttributeProto`: its tensors may be constants, its graphs are nested.
fn check_attribute(bytes: &[u8], depth: usize) -> Result<(), WireError> {
    for field in Fields::new(bytes) {
        match field? {
            (5 | 10, Field::Bytes(tensor)) => drop(constant(tensor)?),
            (6 | 11, Field::Bytes(graph)) => drop(parts(graph, depth + 1)?),
            (14 | 15, Field::Bytes(kind)) => check_type(kind, 0)?,
            _ => {}
        }
    }
    Ok(())
}

/// `TensorProto`: its name. Its numbers must be in this file, whose SHA-256 is what a description of a model states.
fn constant(bytes: &[u8]) -> Result<String, WireError> {
    let mut name = String::new();
    for field in Fields::new(bytes) {
        match field? {
            (8, Field::Bytes(found)) => name = text(found),
            (14, Field::Number(EXTERNAL)) => return Err(WireError::External),
            _ => {}
        }
    }
    Ok(name)
}

/// `ValueInfoProto`: its name.
fn value_name(bytes: &[u8]) -> Result<String, WireError> {
    let mut name = String::new();
    for field in Fields::new(bytes) {
        match field? {
            (1, Field::Bytes(found)) => name = text(found),
            (2, Field::Bytes(kind)) => check_type(kind, 0)?,
            _ => {}
        }
    }
    Ok(name)
}

/// `TypeProto`: sequences (4), maps (5) and optionals (9) of other types.
fn check_type(bytes: &[u8], depth: usize) -> Result<(), WireError> {
    if depth > MAX_DEPTH {
        return Err(WireError::TooDeep);
    }
    for field in Fields::new(bytes) {
        let (4 | 5 | 9, Field::Bytes(holder)) = field? else { continue };
        for inner in Fields::new(holder) {
            if let (1 | 2, Field::Bytes(kind)) = inner? {
                check_type(kind, depth + 1)?;
            }
        }
    }
    Ok(())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
