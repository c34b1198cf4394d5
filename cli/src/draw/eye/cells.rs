//! The cells of a code that look alike, gathered into runs.

use whorl_types::IrisCode;

use super::super::push;

/// Neighbouring cells of one ring: the directions `from..to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) ring: usize,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// The longest runs of cells, given by direction and ring, of which `holds` is true.
pub(super) fn runs(holds: impl Fn(usize, usize) -> bool) -> impl Iterator<Item = Run> {
    (0..IrisCode::RINGS).flat_map(move |ring| {
        let here: Vec<usize> = (0..IrisCode::ANGLES).filter(|&direction| holds(direction, ring)).collect();
        let runs = here.chunk_by(|one, next| one + 1 == *next);
        runs.map(|run| Run { ring, from: run[0], to: run[run.len() - 1] + 1 }).collect::<Vec<_>>()
    })
}

/// A path that fills these cells, in a grid with a unit for each direction and each ring.
pub(super) fn filled(holds: impl Fn(usize, usize) -> bool) -> String {
    let mut path = String::new();
    for Run { ring, from, to } in runs(holds) {
        let length = to - from;
        push(&mut path, format_args!("M{from} {ring}h{length}v1h-{length}z"));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_of_one_ring_are_one_run() {
        let found: Vec<Run> = runs(|direction, ring| ring == 2 && [3, 4, 5, 9, 127].contains(&direction)).collect();
        let run = |from, to| Run { ring: 2, from, to };
        assert_eq!(found, [run(3, 6), run(9, 10), run(127, 128)]);
        assert_eq!(filled(|direction, ring| ring == 0 && direction < 2), "M0 0h2v1h-2z");
    }
}
