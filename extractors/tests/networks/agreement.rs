//! Every runtime gives what `rten` gives.

use std::path::{Path, PathBuf};

use whorl_extractors::face::network::{Network, NetworkError, Runtime, Tensor, load};

use crate::nets::{attack, detector, embedder};
use crate::onnx::value;

/// The most that a value may differ between runtimes.
const TOLERANCE: f32 = 1e-3;

/// A picture of numbers that follow no pattern, from 0 to `most`.
fn picture(shape: &[usize], most: f32) -> Tensor {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as f32 / 255.0 * most
    };
    Tensor { shape: shape.to_vec(), values: (0..shape.iter().product()).map(|_| next()).collect() }
}

/// The others beside `rten`; one that is compiled in but not installed is left out, unless `WHORL_ALL_RUNTIMES` is set.
fn others(onnx: &[u8]) -> Vec<(Runtime, Box<dyn Network>)> {
    let loaded = Runtime::ALL.iter().filter(|runtime| **runtime != Runtime::Rten).filter_map(|&runtime| {
        match load(runtime, onnx) {
            Ok(network) => Some((runtime, network)),
            Err(error @ NetworkError::Missing { .. }) if std::env::var_os("WHORL_ALL_RUNTIMES").is_none() => {
                println!("skipped: {error}");
                None
            }
            Err(error) => panic!("{runtime}: {error}"),
        }
    });
    loaded.collect()
}

/// Runs `onnx` on `input` by all runtimes, and holds the others to `rten`, whose answer it gives.
fn agreed(onnx: &[u8], input: &Tensor) -> Vec<(String, Tensor)> {
    let rten = load(Runtime::Rten, onnx).expect("rten reads it");
    let expected = rten.run(input).expect("rten runs it");
    for (runtime, network) in others(onnx) {
        assert_eq!(network.outputs(), rten.outputs(), "{runtime} names other outputs");
        let found = network.run(input).expect("the runtime runs it");
        let mut worst = 0.0_f32;
        for ((name, ours), theirs) in rten.outputs().iter().zip(&expected).zip(&found) {
            assert_eq!(theirs.shape, ours.shape, "{runtime}: the shape of {name}");
            let apart = ours.values.iter().zip(&theirs.values).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(apart <= TOLERANCE, "{runtime}: {name} is off by {apart}");
            worst = worst.max(apart);
        }
        println!("{runtime} differs from rten by at most {worst:.2e}");
    }
    rten.outputs().iter().cloned().zip(expected).collect()
}

#[test]
fn runtimes_agree_on_networks_of_our_own() {
    let heads = agreed(&detector().file(), &picture(&[1, 3, 64, 64], 1.0));
    assert_eq!(heads.len(), 12);
    assert_eq!((heads[3].0.as_str(), heads[3].1.shape.as_slice()), ("kps_8", &[1, 64, 10][..]));
    let embedded = agreed(&embedder().file(), &picture(&[1, 3, 112, 112], 1.0));
    assert_eq!((embedded[0].0.as_str(), embedded[0].1.values.len()), ("embedding", 8));
    let classes = agreed(&attack().file(), &picture(&[1, 3, 80, 80], 1.0));
    assert!((classes[0].1.values.iter().sum::<f32>() - 1.0).abs() < 1e-5);
}

#[test]
fn a_network_computes_what_its_weights_say() {
    // The embedder of a picture of ones: every quarter's mean is 1, so each value is the sum of a row of weights and the bias.
    let weight = |at: usize| ((at * 37 + 11) % 101) as f32 / 64.0 - 50.0 / 64.0;
    let ones = Tensor { shape: vec![1, 3, 112, 112], values: vec![1.0; 3 * 112 * 112] };
    let (_, found) = agreed(&embedder().file(), &ones).remove(0);
    for (row, value) in found.values.iter().enumerate() {
        let expected: f32 = (0..12).map(|column| weight(row * 12 + column)).sum::<f32>() + weight(row);
        assert!((value - expected).abs() < 1e-4, "{value} instead of {expected}");
    }
}

#[test]
fn weights_that_an_old_file_lists_among_its_inputs_are_no_inputs() {
    // As files before version 4 of the format do, SFace among them.
    let old = embedder().part(11, &value("weights", &[8, 12])).part(11, &value("bias", &[8]));
    let input = picture(&[1, 3, 112, 112], 1.0);
    assert_eq!(agreed(&old.file(), &input), agreed(&embedder().file(), &input));
}

/// Models of others: `WHORL_DATA`, else beside the checkout.
fn shared(name: &str) -> Option<Vec<u8>> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let data = std::env::var_os("WHORL_DATA").map_or_else(beside, PathBuf::from);
    let found = std::fs::read(data.join("face/models").join(name)).ok();
    if found.is_none() {
        println!("skipped: no {name} under WHORL_DATA");
    }
    found
}

#[test]
fn runtimes_agree_on_yunet() {
    for side in [320, 640] {
        let Some(onnx) = shared(&format!("yunet_s_{side}_{side}.onnx")) else { continue };
        let heads = agreed(&onnx, &picture(&[1, 3, side, side], 255.0));
        let names: Vec<&str> = heads.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names[..4], ["cls_8", "cls_16", "cls_32", "obj_8"]);
        assert_eq!(heads[9].1.shape, [1, (side / 8).pow(2), 10]);
    }
}

#[test]
fn calls_side_by_side_give_what_one_call_gives() {
    let onnx = embedder().file();
    let input = picture(&[1, 3, 112, 112], 1.0);
    for &runtime in Runtime::ALL {
        let Ok(network) = load(runtime, &onnx) else { continue };
        let alone = network.run(&input).unwrap();
        std::thread::scope(|scope| {
            let calls: Vec<_> = (0..8).map(|_| scope.spawn(|| network.run(&input).unwrap())).collect();
            for call in calls {
                assert_eq!(call.join().unwrap(), alone, "{runtime}");
            }
        });
    }
}
