//! Isotonic regression: the nearest never-falling sequence.

/// A value and how much it counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Weighted {
    pub(super) value: f64,
    pub(super) weight: f64,
}

/// Pools adjacent violators: the never-falling sequence with the least weighted squared distance to `values`
/// (Ayer et al., "An empirical distribution function for sampling with incomplete information", 1955).
///
/// Weights must be positive.
pub(super) fn never_falling(values: &[Weighted]) -> Vec<f64> {
    let mut blocks: Vec<(Weighted, usize)> = Vec::with_capacity(values.len());
    for &value in values {
        let mut block = (value, 1);
        while let Some(before) = blocks.pop_if(|before| before.0.value > block.0.value) {
            let weight = before.0.weight + block.0.weight;
            let mean = (before.0.value * before.0.weight + block.0.value * block.0.weight) / weight;
            block = (Weighted { value: mean, weight }, before.1 + block.1);
        }
        blocks.push(block);
    }
    blocks.iter().flat_map(|&(block, length)| std::iter::repeat_n(block.value, length)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(values: &[f64]) -> Vec<Weighted> {
        values.iter().map(|&value| Weighted { value, weight: 1.0 }).collect()
    }

    #[test]
    fn a_rising_sequence_stays() {
        assert_eq!(never_falling(&flat(&[1.0, 2.0, 2.0, 5.0])), [1.0, 2.0, 2.0, 5.0]);
    }

    #[test]
    fn violators_are_pooled_into_their_mean() {
        assert_eq!(never_falling(&flat(&[1.0, 4.0, 2.0, 3.0, 9.0])), [1.0, 3.0, 3.0, 3.0, 9.0]);
        assert_eq!(never_falling(&flat(&[3.0, 2.0, 1.0])), [2.0, 2.0, 2.0]);
    }

    #[test]
    fn heavier_values_pull_harder() {
        let values = [Weighted { value: 4.0, weight: 3.0 }, Weighted { value: 0.0, weight: 1.0 }];
        assert_eq!(never_falling(&values), [3.0, 3.0]);
    }
}
