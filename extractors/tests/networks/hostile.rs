//! Files and inputs that are wrong give an error that names what is, by every runtime.

use whorl_extractors::face::network::{MAX_NETWORK_BYTES, NetworkError, Runtime, Tensor, load};

use crate::nets::{detector, embedder};
use crate::onnx::{Graph, bytes, integer, nested, value};

/// The error of each runtime that is installed.
fn refusals(onnx: &[u8]) -> Vec<NetworkError> {
    let loaded = Runtime::ALL.iter().map(|&runtime| load(runtime, onnx).err().expect("it is refused"));
    loaded.filter(|error| !matches!(error, NetworkError::Missing { .. })).collect()
}

fn assert_unreadable(onnx: &[u8], word: &str) {
    for error in refusals(onnx) {
        assert!(matches!(error, NetworkError::Unreadable { .. }), "{error}");
        assert!(error.to_string().contains(word), "\"{error}\" does not say \"{word}\"");
    }
}

#[test]
fn what_is_no_network_is_refused() {
    assert_unreadable(&[], "no graph");
    assert_unreadable(b"<!DOCTYPE html><html>404</html>", "damaged");
    assert_unreadable(&[0xff; 64], "damaged");
    assert!(refusals(&bytes(7, &[])).iter().all(|error| *error == NetworkError::Inputs(0)));
}

#[test]
fn a_network_cut_short_is_refused() {
    let whole = embedder().file();
    for end in [1, 10, whole.len() / 2, whole.len() - 5, whole.len() - 1] {
        assert!(!refusals(&whole[..end]).is_empty());
    }
}

#[test]
fn a_byte_changed_anywhere_never_panics() {
    let whole = embedder().file();
    let zeros = Tensor::zeros(&[1, 3, 112, 112]);
    for (at, change) in (0..whole.len()).zip([0x01, 0x80, 0xff].into_iter().cycle()).step_by(5) {
        let mut damaged = whole.clone();
        damaged[at] ^= change;
        for &runtime in Runtime::ALL {
            // Whether it is refused depends on the byte: many a weight is as good as another.
            if let Ok(network) = load(runtime, &damaged) {
                let _ = network.run(&zeros);
            }
        }
    }
}

#[test]
fn a_network_beyond_the_limit_is_refused_unread() {
    let enormous = vec![0; MAX_NETWORK_BYTES + 1];
    for &runtime in Runtime::ALL {
        assert_eq!(load(runtime, &enormous).err(), Some(NetworkError::TooLarge(MAX_NETWORK_BYTES + 1)));
    }
}

#[test]
fn graphs_and_types_nested_without_end_are_refused() {
    // A node with an attribute with a graph with a node, and so on.
    let deep = (0..1_000).fold(Vec::new(), |inner, _| bytes(1, &bytes(5, &nested(&inner))));
    assert_unreadable(&bytes(7, &deep), "nested too deep");
    let kind = (0..1_000).fold(bytes(1, &integer(1, 1)), |inner, _| bytes(4, &bytes(1, &inner)));
    let input = [bytes(1, b"input"), bytes(2, &kind)].concat();
    assert_unreadable(&Graph::default().part(11, &input).output("out", &[1]).file(), "nested too deep");
}

#[test]
fn weights_in_a_second_file_are_refused() {
    let elsewhere = [integer(1, 3), integer(2, 1), bytes(8, b"weights"), integer(14, 1)].concat();
    let graph =
        Graph::new(&[1, 3]).part(5, &elsewhere).node("Add", &["input", "weights"], "out", &[]).output("out", &[1, 3]);
    assert_unreadable(&graph.file(), "second file");
}

#[test]
fn a_network_of_two_inputs_or_none_is_refused() {
    let two = Graph::new(&[1, 3]).part(11, &value("more", &[1, 3]));
    let two = two.node("Add", &["input", "more"], "out", &[]).output("out", &[1, 3]);
    assert!(refusals(&two.file()).iter().all(|error| *error == NetworkError::Inputs(2)));
    let none = Graph::default().weights("w", &[1, 3]).node("Relu", &["w"], "out", &[]).output("out", &[1, 3]);
    assert!(refusals(&none.file()).iter().all(|error| *error == NetworkError::Inputs(0)));
}

#[test]
fn an_operator_that_nobody_knows_is_refused() {
    let graph = Graph::new(&[1, 3]).node("Conjure", &["input"], "out", &[]).output("out", &[1, 3]);
    for error in refusals(&graph.file()) {
        assert!(matches!(error, NetworkError::Unreadable { .. }), "{error}");
    }
}

#[test]
fn an_input_of_the_wrong_shape_is_an_error() {
    for &runtime in Runtime::ALL {
        let Ok(network) = load(runtime, &detector().file()) else { continue };
        let bent = Tensor { shape: vec![1, 3, 64, 64], values: vec![0.0; 7] };
        assert_eq!(network.run(&bent), Err(NetworkError::Input { shape: bent.shape.clone(), values: 7 }));
        let five = network.run(&Tensor::zeros(&[1, 5, 64, 64]));
        assert!(matches!(five, Err(NetworkError::Failed { .. })), "{runtime}: {five:?}");
        assert!(network.run(&Tensor::zeros(&[1, 3, 64, 64])).is_ok(), "{runtime} works on after an error");
    }
}

#[test]
fn a_runtime_that_is_left_out_is_named_with_what_to_do() {
    for name in ["opencv", "onnxruntime"] {
        if let Err(error) = name.parse::<Runtime>() {
            assert!(error.to_string().contains(&format!("--features {name}")), "{error}");
        }
    }
    assert_eq!(
        "tensorflow".parse::<Runtime>().unwrap_err().to_string(),
        "\"tensorflow\" is no runtime: rten, opencv and onnxruntime are"
    );
    assert_eq!("rten".parse(), Ok(Runtime::Rten));
}
