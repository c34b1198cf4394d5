//! Huffman coding of quantised coefficients (IAFIS-IC-0110, annex C; the codes are made as in ISO/IEC 10918-1, annexes C and K).

use super::bits::{BitReader, BitWriter};

/// The longest code, in bits.
pub(super) const LONGEST_CODE: usize = 16;

/// Symbols 1 to 254: see [`Token::symbol`].
const SYMBOLS: usize = 255;

/// What one symbol, with the bits behind it, stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// That many coefficients of zero, 1 to 65,535.
    Zeros(u16),
    /// One coefficient, -65,535 to 65,535, not zero.
    Value(i32),
}

impl Token {
    /// The symbol of the token, and the bits that follow it: a number and how many bits it takes.
    fn symbol(self) -> (u8, u16, u32) {
        match self {
            Self::Zeros(run @ 1..=100) => (run as u8, 0, 0),
            Self::Zeros(run @ ..=255) => (105, run, 8),
            Self::Zeros(run) => (106, run, 16),
            Self::Value(value @ -73..=74) => ((value + 180) as u8, 0, 0),
            Self::Value(value @ 75..=255) => (101, value as u16, 8),
            Self::Value(value @ 256..) => (103, value as u16, 16),
            Self::Value(value @ -255..=-74) => (102, -value as u16, 8),
            Self::Value(value) => (104, -value as u16, 16),
        }
    }

    /// The token of `symbol`, with the bits behind it read from `reader`. None where the symbol is none, or the bits are missing.
    fn read(symbol: u8, reader: &mut BitReader) -> Option<Self> {
        let token = match symbol {
            1..=100 => Self::Zeros(u16::from(symbol)),
            101 => Self::Value(i32::from(reader.number(8)?)),
            102 => Self::Value(-i32::from(reader.number(8)?)),
            103 => Self::Value(i32::from(reader.number(16)?)),
            104 => Self::Value(-i32::from(reader.number(16)?)),
            105 => Self::Zeros(reader.number(8)?),
            106 => Self::Zeros(reader.number(16)?),
            107..=254 => Self::Value(i32::from(symbol) - 180),
            0 | 255 => return None,
        };
        Some(token)
    }
}

/// The tokens of a run of coefficients.
pub(super) fn tokens(coefficients: &[i32]) -> Vec<Token> {
    let mut tokens = Vec::new();
    for group in coefficients.chunk_by(|a, b| *a == 0 && *b == 0) {
        if group[0] == 0 {
            tokens.extend(group.chunks(usize::from(u16::MAX)).map(|run| Token::Zeros(run.len() as u16)));
        } else {
            tokens.push(Token::Value(group[0]));
        }
    }
    tokens
}

/// A code, as a file states it: how many codes of each length there are, and the symbols in the order of their codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HuffmanTable {
    counts: [u8; LONGEST_CODE],
    symbols: Vec<u8>,
}

/// What [`HuffmanTable::read`] met.
pub(super) enum Read {
    /// A token.
    Token(Token),
    /// The end of the coded data, or a marker.
    End,
    /// Bits that are no code.
    Unknown,
}

impl HuffmanTable {
    /// The table with `counts[n]` codes of `n + 1` bits for `symbols`. None where the counts do not fit the symbols, or ask for
    /// more codes than there are.
    pub(super) fn new(counts: [u8; LONGEST_CODE], symbols: Vec<u8>) -> Option<Self> {
        let total: usize = counts.iter().map(|count| usize::from(*count)).sum();
        let free = counts.iter().try_fold(1_u32, |free, count| (2 * free).checked_sub(u32::from(*count)));
        (total == symbols.len() && free.is_some()).then_some(Self { counts, symbols })
    }

    /// How many codes of each length, and the symbols: what a file states.
    pub(super) fn parts(&self) -> (&[u8; LONGEST_CODE], &[u8]) {
        (&self.counts, &self.symbols)
    }

    /// Reads one token.
    pub(super) fn read(&self, reader: &mut BitReader) -> Read {
        let (mut code, mut first, mut index) = (0_u32, 0_u32, 0_usize);
        for count in self.counts {
            let Some(bit) = reader.bit() else { return Read::End };
            code = code << 1 | u32::from(bit);
            first <<= 1;
            let beyond = code.wrapping_sub(first);
            if code >= first && beyond < u32::from(count) {
                let symbol = self.symbols[index + beyond as usize];
                return Token::read(symbol, reader).map_or(Read::Unknown, Read::Token);
            }
            first += u32::from(count);
            index += usize::from(count);
        }
        Read::Unknown
    }

    /// Writes `tokens`, all of which the table must have been made for.
    pub(super) fn write(&self, tokens: &[Token], writer: &mut BitWriter) {
        let codes = self.codes();
        for token in tokens {
            let (symbol, number, bits) = token.symbol();
            let (code, length) = codes[usize::from(symbol)];
            writer.number(code, length);
            writer.number(number, bits);
        }
    }

    /// The code of each symbol and its length in bits; length 0 where the symbol has none.
    fn codes(&self) -> [(u16, u32); SYMBOLS] {
        let mut codes = [(0, 0); SYMBOLS];
        let (mut code, mut symbols) = (0_u32, self.symbols.iter());
        for (count, length) in self.counts.iter().zip(1..) {
            for symbol in symbols.by_ref().take(usize::from(*count)) {
                codes[usize::from(*symbol)] = (code as u16, length);
                code += 1;
            }
            code <<= 1;
        }
        codes
    }

    /// The best table for `tokens` with codes of at most 16 bits, none of them all ones (ISO/IEC 10918-1, K.2).
    pub(super) fn best_for(tokens: &[Token]) -> Self {
        let mut frequencies = [0_u64; SYMBOLS];
        for token in tokens {
            frequencies[usize::from(token.symbol().0)] += 1;
        }
        if tokens.is_empty() {
            frequencies[1] = 1;
        }
        let lengths = code_lengths(&frequencies);
        let mut counts = limited_counts(&lengths);
        // The symbol that was reserved for the all-ones code is the last of the longest: its code stays unused.
        if let Some(longest) = counts.iter_mut().rev().find(|count| **count > 0) {
            *longest -= 1;
        }
        let mut symbols: Vec<u8> =
            (0..SYMBOLS).filter(|symbol| lengths[*symbol] > 0).map(|symbol| symbol as u8).collect();
        symbols.sort_by_key(|symbol| lengths[usize::from(*symbol)]);
        Self { counts, symbols }
    }
}

/// The length of each symbol's code in a Huffman tree, 0 for those that do not occur; the last one is the reserved symbol.
fn code_lengths(frequencies: &[u64; SYMBOLS]) -> [usize; SYMBOLS + 1] {
    let mut lengths = [0; SYMBOLS + 1];
    let mut trees: Vec<(u64, Vec<usize>)> = frequencies
        .iter()
        .enumerate()
        .filter(|(_, often)| **often > 0)
        .map(|(symbol, often)| (*often, vec![symbol]))
        .collect();
    // The reserved symbol is rarer than any other, so it ends in the deepest place.
    trees.push((0, vec![SYMBOLS]));
    while trees.len() > 1 {
        trees.sort_by_key(|(often, symbols)| (std::cmp::Reverse(*often), std::cmp::Reverse(symbols.len())));
        let (Some((rare, mut symbols)), Some((next, others))) = (trees.pop(), trees.pop()) else { break };
        symbols.extend(others);
        for symbol in &symbols {
            lengths[*symbol] += 1;
        }
        trees.push((rare + next, symbols));
    }
    lengths
}

/// How many codes of each length there are when none is longer than 16 bits: pairs of longer ones are hung up higher, each
/// under a shorter code that becomes one longer in turn (ISO/IEC 10918-1, figure K.3).
fn limited_counts(lengths: &[usize; SYMBOLS + 1]) -> [u8; LONGEST_CODE] {
    let longest = lengths.iter().copied().max().unwrap_or(0).max(LONGEST_CODE);
    let mut counts = vec![0_usize; longest + 1];
    for length in lengths.iter().filter(|length| **length > 0) {
        counts[*length] += 1;
    }
    for length in (LONGEST_CODE + 1..=longest).rev() {
        while counts[length] > 0 {
            let shorter = (1..length - 1).rev().find(|shorter| counts[*shorter] > 0).unwrap_or(1);
            counts[length] -= 2;
            counts[length - 1] += 1;
            counts[shorter + 1] += 2;
            counts[shorter] -= 1;
        }
    }
    std::array::from_fn(|at| counts[at + 1] as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(coefficients: &[i32]) -> Vec<i32> {
        let tokens = tokens(coefficients);
        let table = HuffmanTable::best_for(&tokens);
        let (counts, symbols) = table.parts();
        assert_eq!(HuffmanTable::new(*counts, symbols.to_vec()), Some(table.clone()));
        let mut writer = BitWriter::default();
        table.write(&tokens, &mut writer);
        let bytes = writer.finish();
        let mut reader = BitReader::new(&bytes, 0);
        let mut found = Vec::new();
        while let Read::Token(token) = table.read(&mut reader) {
            match token {
                Token::Zeros(run) => found.extend(std::iter::repeat_n(0, usize::from(run))),
                Token::Value(value) => found.push(value),
            }
        }
        found
    }

    #[test]
    fn every_kind_of_token_survives() {
        let mut coefficients = vec![1, -1, 74, 75, 255, 256, 65_535, -73, -74, -255, -256, -65_535, 2];
        for run in [1, 100, 101, 255, 256, 65_535, 65_536, 140_000] {
            coefficients.extend(std::iter::repeat_n(0, run));
            coefficients.push(3);
        }
        assert_eq!(round_trip(&coefficients), coefficients);
        assert_eq!(round_trip(&[7]), [7]);
        assert_eq!(round_trip(&[]), [0_i32; 0]);
    }

    #[test]
    fn codes_stay_within_16_bits_for_the_most_lopsided_counts() {
        // Frequencies like Fibonacci numbers make the deepest tree.
        let mut coefficients = Vec::new();
        let (mut often, mut next) = (1_usize, 1_usize);
        for value in 1..=24 {
            coefficients.extend(std::iter::repeat_n(value, often));
            (often, next) = (next, often + next);
        }
        assert_eq!(round_trip(&coefficients), coefficients);
    }

    #[test]
    fn tables_with_too_many_codes_are_refused() {
        let mut counts = [0; LONGEST_CODE];
        counts[0] = 3;
        assert_eq!(HuffmanTable::new(counts, vec![1, 2, 3]), None);
        counts[0] = 2;
        assert_eq!(HuffmanTable::new(counts, vec![1]), None);
    }
}
