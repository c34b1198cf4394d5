//! The check digit of Verhoeff, which catches every wrong digit and every exchange of neighbours.
//!
//! J. Verhoeff, Error Detecting Decimal Codes, Mathematical Centre Tracts 29, Amsterdam 1969: the digits are read as elements of the
//! dihedral group of order ten, each first permuted by a power of one permutation that depends on its place, and multiplied.

/// The permutation of the digits of Verhoeff's code; its eighth power is the identity.
const PERMUTATION: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

/// After how many places the permutations begin anew.
const PERIOD: usize = 8;

/// `PERMUTED[i][d]`: the `i`-th power of the permutation, applied to `d`.
const PERMUTED: [[u8; 10]; PERIOD] = {
    let mut powers = [[0; 10]; PERIOD];
    let mut place = 0;
    while place < PERIOD {
        let mut digit = 0;
        while digit < 10 {
            powers[place][digit] =
                if place == 0 { digit as u8 } else { PERMUTATION[powers[place - 1][digit] as usize] };
            digit += 1;
        }
        place += 1;
    }
    powers
};

/// `PRODUCT[a][b]`: 0 to 4 are the rotations of a pentagon, 5 to 9 its reflections.
const PRODUCT: [[u8; 10]; 10] = {
    let mut table = [[0; 10]; 10];
    let mut left = 0;
    while left < 10 {
        let mut right = 0;
        while right < 10 {
            let (turn, other) = (left % 5, right % 5);
            // A reflection turns what follows it the other way round.
            let sum = if left < 5 { (turn + other) % 5 } else { (turn + 5 - other) % 5 };
            let reflects = (left < 5) != (right < 5);
            table[left][right] = (if reflects { sum + 5 } else { sum }) as u8;
            right += 1;
        }
        left += 1;
    }
    table
};

/// What `product`, of all that stands to the left, becomes with `digit` at `place`, which counts from the check digit at 0.
pub(super) fn multiply(digit: u8, place: usize, product: u8) -> u8 {
    PRODUCT[PERMUTED[place % PERIOD][digit as usize] as usize][product as usize]
}

/// The check digit after digits of this product: the one that makes the product of all the neutral element.
pub(super) fn close(product: u8) -> u8 {
    if product < 5 { (5 - product) % 5 } else { product }
}

/// The check digit of `stem`, values 0 to 9.
pub(super) fn check_digit_of(stem: &[u8]) -> u8 {
    let places = (1..=stem.len()).rev();
    close(stem.iter().zip(places).fold(0, |product, (digit, place)| multiply(*digit, place, product)))
}

/// Whether the last of `digits`, values 0 to 9, is the check digit of those before.
pub(super) fn is_checked_of(digits: &[u8]) -> bool {
    digits.split_last().is_some_and(|(check, stem)| !stem.is_empty() && check_digit_of(stem) == *check)
}

/// The values of a text of decimal digits.
pub(super) fn values(text: &str) -> Option<Vec<u8>> {
    text.bytes().map(|byte| byte.is_ascii_digit().then(|| byte - b'0')).collect()
}

/// The check digit of `stem`, a text of decimal digits; none where it is empty or has anything else.
#[must_use]
pub fn check_digit(stem: &str) -> Option<char> {
    let digits = values(stem).filter(|digits| !digits.is_empty())?;
    Some(char::from(b'0' + check_digit_of(&digits)))
}

/// Whether `number` is two decimal digits or more, of which the last is the check digit of the others.
#[must_use]
pub fn is_checked(number: &str) -> bool {
    values(number).is_some_and(|digits| is_checked_of(&digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_have_their_check_digits() {
        for (stem, check) in [("236", '3'), ("12345", '1'), ("142857", '0')] {
            assert_eq!(check_digit(stem), Some(check), "{stem}");
            assert!(is_checked(&format!("{stem}{check}")), "{stem}");
        }
        assert_eq!((check_digit(""), check_digit("12a"), check_digit("١٢")), (None, None, None));
        assert!(!is_checked("0") && !is_checked("2364"));
    }

    #[test]
    fn the_tables_are_a_group_and_a_permutation_of_period_eight() {
        for a in 0..10 {
            let mut row = PRODUCT[a];
            row.sort_unstable();
            assert_eq!(row, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
            assert_eq!(PRODUCT[close(a as u8) as usize][a], 0);
            assert_eq!(PERMUTATION[PERMUTED[PERIOD - 1][a] as usize], a as u8);
            for (b, c) in (0..10).flat_map(|b| (0..10).map(move |c| (b, c))) {
                let (ab, bc) = (PRODUCT[a][b] as usize, PRODUCT[b][c] as usize);
                assert_eq!(PRODUCT[ab][c], PRODUCT[a][bc]);
            }
        }
    }

    /// In a group an error shows if and only if the products of the changed digits alone differ. So it is enough to try all digits
    /// at all places of one period, and the proof holds for numbers of any length.
    #[test]
    fn every_wrong_digit_and_every_exchange_of_neighbours_changes_the_product_at_every_place() {
        for (place, permuted) in PERMUTED.iter().enumerate() {
            for (a, b) in (0..10_u8).flat_map(|a| (0..10).map(move |b| (a, b))).filter(|(a, b)| a != b) {
                assert_ne!(permuted[a as usize], permuted[b as usize]);
                let pair = |left, right| multiply(right, place, multiply(left, place + 1, 0));
                assert_ne!(pair(a, b), pair(b, a), "{a} and {b} at {place}");
            }
        }
    }

    /// The same without algebra: all numbers of five digits, all that can happen to them.
    #[test]
    fn no_number_of_five_digits_hides_a_wrong_digit_or_an_exchange_of_neighbours() {
        for stem in 0..10_000_u32 {
            let mut digits = [1000, 100, 10, 1].map(|unit| (stem / unit % 10) as u8).to_vec();
            digits.push(check_digit_of(&digits));
            assert!(is_checked_of(&digits));
            for place in 0..5 {
                let right = digits[place];
                for wrong in (0..10).filter(|digit| *digit != right) {
                    digits[place] = wrong;
                    assert!(!is_checked_of(&digits));
                }
                digits[place] = right;
                if place > 0 && digits[place - 1] != right {
                    digits.swap(place - 1, place);
                    assert!(!is_checked_of(&digits));
                    digits.swap(place - 1, place);
                }
            }
        }
    }
}
