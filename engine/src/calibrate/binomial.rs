//! The distribution of the fraction of bits that differ by chance.

/// Steps of the continued fraction; it settles after some ten.
const MOST_STEPS: u32 = 500;

/// Where the continued fraction has settled.
const SETTLED: f64 = 1e-14;

/// What stands for a denominator of 0.
const TINY: f64 = 1e-300;

/// The natural logarithm of the share of `freedom` independent coin tosses, any number of them, of which at most `fraction`
/// fall one way: Daugman's model of the Hamming distance of two irises ("The importance of being random", Pattern
/// Recognition 36, 2003).
pub(super) fn log_share_at_most(freedom: f64, fraction: f64) -> f64 {
    let fraction = fraction.clamp(0.0, 1.0);
    let (heads, tails) = (freedom * fraction + 1.0, freedom * (1.0 - fraction));
    if heads <= tails + 1.0 {
        log_incomplete_beta(tails, heads)
    } else {
        libm::log1p(-libm::exp(log_incomplete_beta(heads, tails.max(TINY))))
    }
}

/// The logarithm of the regularised incomplete beta function at one half, by its continued fraction (NIST DLMF 8.17.22,
/// evaluated after Lentz); good where `a` is not much under `b`.
fn log_incomplete_beta(a: f64, b: f64) -> f64 {
    let log_front = libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b) - (a + b) * std::f64::consts::LN_2;
    log_front - libm::log(a) - libm::log(continued_fraction(a, b))
}

fn continued_fraction(a: f64, b: f64) -> f64 {
    let nonzero = |value: f64| if value.abs() < TINY { TINY } else { value };
    let (mut fraction, mut c, mut d) = (1.0, 1.0, 0.0);
    for step in 1..=MOST_STEPS {
        let m = f64::from(step / 2);
        let numerator = if step % 2 == 0 {
            0.5 * m * (b - m) / ((a + 2.0 * m - 1.0) * (a + 2.0 * m))
        } else {
            -0.5 * (a + m) * (a + b + m) / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
        };
        d = 1.0 / nonzero(1.0 + numerator * d);
        c = nonzero(1.0 + numerator / c);
        fraction *= c * d;
        if (c * d - 1.0).abs() < SETTLED {
            break;
        }
    }
    fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same, added up outcome by outcome.
    fn counted(tosses: u32, heads: u32) -> f64 {
        let mut outcome = 0.5_f64.powi(tosses as i32);
        let mut share = outcome;
        for number in 1..=heads {
            outcome *= f64::from(tosses - number + 1) / f64::from(number);
            share += outcome;
        }
        share.ln()
    }

    #[test]
    fn whole_numbers_of_tosses_give_what_counting_gives() {
        for (tosses, heads) in [(10, 0), (10, 3), (10, 5), (10, 8), (249, 60), (249, 82), (249, 124), (900, 250)] {
            let share = log_share_at_most(f64::from(tosses), f64::from(heads) / f64::from(tosses));
            assert!((share - counted(tosses, heads)).abs() < 1e-9, "{heads} of {tosses}: {share}");
        }
    }

    #[test]
    fn more_freedom_makes_small_fractions_rarer() {
        let shares = [50.0, 100.5, 249.0, 1000.25].map(|freedom| -log_share_at_most(freedom, 0.3));
        assert!(shares.is_sorted(), "{shares:?}");
    }

    #[test]
    fn every_share_lies_between_nothing_and_all() {
        for step in 0..=100 {
            let share = log_share_at_most(64.5, f64::from(step) / 100.0);
            assert!((-64.5 * std::f64::consts::LN_2 - 1e-9..=1e-9).contains(&share), "{step} %: {share}");
        }
    }
}
