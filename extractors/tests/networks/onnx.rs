//! Writes small ONNX files (`onnx.proto`, the messages by field number), so that anybody can test the runtimes without any data.

/// A field of a length and as many bytes.
pub(crate) fn bytes(field: u64, value: &[u8]) -> Vec<u8> {
    [number(field << 3 | 2), number(value.len() as u64), value.to_vec()].concat()
}

/// A field of a number.
pub(crate) fn integer(field: u64, value: i64) -> Vec<u8> {
    [number(field << 3), number(value as u64)].concat()
}

fn number(mut value: u64) -> Vec<u8> {
    let mut written = Vec::new();
    while value >= 0x80 {
        written.push(value as u8 | 0x80);
        value >>= 7;
    }
    written.push(value as u8);
    written
}

/// A graph in the making.
#[derive(Default, Clone)]
pub(crate) struct Graph {
    body: Vec<u8>,
    nodes: usize,
}

impl Graph {
    /// With an input `input` of floats in a box of `shape`.
    pub(crate) fn new(shape: &[i64]) -> Self {
        Self::default().part(11, &value("input", shape))
    }

    /// With another part, a `GraphProto` field.
    pub(crate) fn part(mut self, field: u64, message: &[u8]) -> Self {
        self.body.extend(bytes(field, message));
        self
    }

    /// With a constant of floats that follow a rule: small, of either sign, all different.
    pub(crate) fn weights(self, name: &str, shape: &[i64]) -> Self {
        let count: i64 = shape.iter().product();
        let values = (0..count).map(|at| ((at * 37 + 11) % 101 - 50) as f32 / 64.0);
        let raw: Vec<u8> = values.flat_map(f32::to_le_bytes).collect();
        self.constant(name, shape, 1, &raw)
    }

    /// With a constant of integers.
    pub(crate) fn integers(self, name: &str, values: &[i64]) -> Self {
        let raw: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.constant(name, &[values.len() as i64], 7, &raw)
    }

    fn constant(self, name: &str, shape: &[i64], kind: i64, raw: &[u8]) -> Self {
        let dimensions: Vec<u8> = shape.iter().flat_map(|&side| integer(1, side)).collect();
        self.part(5, &[dimensions, integer(2, kind), bytes(8, name.as_bytes()), bytes(9, raw)].concat())
    }

    /// With an operation on `inputs` that gives `output`.
    pub(crate) fn node(mut self, operation: &str, inputs: &[&str], output: &str, attributes: &[Vec<u8>]) -> Self {
        let name = format!("n{}", self.nodes);
        self.nodes += 1;
        let inputs: Vec<u8> = inputs.iter().flat_map(|input| bytes(1, input.as_bytes())).collect();
        let named = [bytes(2, output.as_bytes()), bytes(3, name.as_bytes()), bytes(4, operation.as_bytes())].concat();
        let attributes: Vec<u8> = attributes.iter().flat_map(|attribute| bytes(5, attribute)).collect();
        self.part(1, &[inputs, named, attributes].concat())
    }

    /// With an output of floats.
    pub(crate) fn output(self, name: &str, shape: &[i64]) -> Self {
        self.part(12, &value(name, shape))
    }

    /// The whole file.
    pub(crate) fn file(&self) -> Vec<u8> {
        let graph = [self.body.clone(), bytes(2, b"whorl")].concat();
        [integer(1, 7), bytes(2, b"whorl"), bytes(7, &graph), bytes(8, &integer(2, 12))].concat()
    }
}

/// A value of floats.
pub(crate) fn value(name: &str, shape: &[i64]) -> Vec<u8> {
    let shape: Vec<u8> = shape.iter().flat_map(|&side| bytes(1, &integer(1, side))).collect();
    let tensor = [integer(1, 1), bytes(2, &shape)].concat();
    [bytes(1, name.as_bytes()), bytes(2, &bytes(1, &tensor))].concat()
}

/// An attribute of integers.
pub(crate) fn integers(name: &str, values: &[i64]) -> Vec<u8> {
    let values: Vec<u8> = values.iter().flat_map(|&value| integer(8, value)).collect();
    [bytes(1, name.as_bytes()), values, integer(20, 7)].concat()
}

/// An attribute of one integer.
pub(crate) fn single(name: &str, value: i64) -> Vec<u8> {
    [bytes(1, name.as_bytes()), integer(3, value), integer(20, 2)].concat()
}

/// An attribute of a nested graph.
pub(crate) fn nested(graph: &[u8]) -> Vec<u8> {
    [bytes(1, b"body"), bytes(6, graph), integer(20, 5)].concat()
}
