//! The networks of these tests: no training, but the shapes of a detector, an embedder and a detector of attacks.

use std::fs;
use std::path::{Path, PathBuf};

use crate::onnx::{Graph, integers, single};

/// Side of the pictures that [`detector`] takes.
pub(crate) const DETECTOR_SIDE: i64 = 64;

/// How many values [`embedder`] gives.
pub(crate) const DIMENSION: i64 = 8;

/// The twelve heads of YuNet over pooled pixels.
pub(crate) fn detector() -> Graph {
    let mut graph = Graph::new(&[1, 3, DETECTOR_SIDE, DETECTOR_SIDE]);
    for stride in [8, 16, 32] {
        let pool = format!("pool_{stride}");
        let window = [integers("kernel_shape", &[stride, stride]), integers("strides", &[stride, stride])];
        graph = graph.node("AveragePool", &["input"], &pool, &window);
        let cells = (DETECTOR_SIDE / stride).pow(2);
        for (head, channels) in [("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10)] {
            graph = add_head(graph, &pool, &format!("{head}_{stride}"), channels)
                .output(&format!("{head}_{stride}"), &[1, cells, channels]);
        }
    }
    graph
}

fn add_head(graph: Graph, pool: &str, head: &str, channels: i64) -> Graph {
    let [weights, conv, turned, shape] = ["w", "c", "t", "s"].map(|prefix| format!("{prefix}_{head}"));
    let graph = graph
        .weights(&weights, &[channels, 3, 1, 1])
        .integers(&shape, &[1, -1, channels])
        .node("Conv", &[pool, &weights], &conv, &[integers("kernel_shape", &[1, 1])])
        .node("Transpose", &[&conv], &turned, &[integers("perm", &[0, 2, 3, 1])]);
    if channels > 1 {
        return graph.node("Reshape", &[&turned, &shape], head, &[]);
    }
    let flat = format!("f_{head}");
    graph.node("Reshape", &[&turned, &shape], &flat, &[]).node("Sigmoid", &[&flat], head, &[])
}

/// Quarters of the picture, weighed.
pub(crate) fn embedder() -> Graph {
    let window = [integers("kernel_shape", &[56, 56]), integers("strides", &[56, 56])];
    Graph::new(&[1, 3, 112, 112])
        .weights("weights", &[DIMENSION, 12])
        .weights("bias", &[DIMENSION])
        .node("AveragePool", &["input"], "pool", &window)
        .node("Flatten", &["pool"], "flat", &[])
        .node("Gemm", &["flat", "weights", "bias"], "embedding", &[single("transB", 1)])
        .output("embedding", &[1, DIMENSION])
}

/// Two classes by the picture's colour.
pub(crate) fn attack() -> Graph {
    Graph::new(&[1, 3, 80, 80])
        .weights("weights", &[2, 3])
        .weights("bias", &[2])
        .node("GlobalAveragePool", &["input"], "pool", &[])
        .node("Flatten", &["pool"], "flat", &[])
        .node("Gemm", &["flat", "weights", "bias"], "logits", &[single("transB", 1)])
        .node("Softmax", &["logits"], "classes", &[])
        .output("classes", &[1, 2])
}

/// Where the files of these networks lie, for the tests of other packages.
pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// To write them anew: `WRITE_FIXTURES=1 cargo nextest run -p whorl-extractors fixtures`.
#[test]
fn the_fixtures_are_the_networks_of_these_tests() {
    for (name, graph) in [("detector", detector()), ("embedder", embedder()), ("attack", attack())] {
        let path = fixtures().join(format!("{name}.onnx"));
        if std::env::var_os("WRITE_FIXTURES").is_some() {
            fs::write(&path, graph.file()).unwrap();
        }
        assert!(fs::read(&path).unwrap() == graph.file(), "{} is not what the tests build", path.display());
    }
}
