//! Every instruction set that this processor has gives the answers of the portable one.

use proptest::array::uniform32;
use proptest::prelude::*;
use whorl_kernels::{
    Chosen, Factors, Isa, Kernels, MAX_PAIRS, Masked, MaskedOctet, NEAREST_MAX_STRINGS, Numbers, Pairs, PairsLane,
    Panel, Poses, Products, ROW_WORDS, SHIFTED_WORDS, Slack, StoredOctet, Weights, octets,
};

/// Lengths before, on and after the vector widths of every set, and none.
const LENGTHS: [usize; 14] = [0, 1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 40, NEAREST_MAX_STRINGS];

fn portable() -> &'static Kernels {
    Kernels::of(Isa::Portable).expect("every processor runs plain code")
}

fn strings<const W: usize>() -> impl Strategy<Value = Vec<[u64; W]>> {
    let word = prop_oneof![8 => any::<u64>(), 1 => Just(0), 1 => Just(u64::MAX)];
    prop::collection::vec(prop::collection::vec(word, W), NEAREST_MAX_STRINGS)
        .prop_map(|strings| strings.into_iter().map(|words| words.try_into().expect("W words")).collect())
}

fn lane(largest: i16) -> impl Strategy<Value = PairsLane> {
    uniform32(-largest..=largest)
}

fn pairs() -> impl Strategy<Value = Pairs> {
    let planes = (lane(4095), lane(4095), lane(4095), lane(4095));
    (planes, uniform32(any::<i16>()), lane(i16::MAX), lane(i16::MAX), uniform32(0..=Pairs::MOST_WEIGHT)).prop_map(
        |((from_x, from_y, to_x, to_y), turn, cos, sin, weight)| Pairs {
            from_x,
            from_y,
            to_x,
            to_y,
            turn,
            cos,
            sin,
            weight,
        },
    )
}

/// Masked words, most of them of any bits, some of none or all.
fn masked<const W: usize>() -> impl Strategy<Value = ([u64; W], [u8; W])> {
    let word = prop_oneof![8 => any::<u64>(), 1 => Just(0), 1 => Just(u64::MAX)];
    let counted = prop_oneof![4 => any::<u8>(), 1 => Just(0), 1 => Just(u8::MAX)];
    prop::collection::vec((word, counted), W)
        .prop_map(|masked| std::array::from_fn(|place| masked[place]))
        .prop_map(|masked: [(u64, u8); W]| (masked.map(|(word, _)| word), masked.map(|(_, counted)| counted)))
}

fn octet() -> impl Strategy<Value = MaskedOctet> {
    masked::<{ 8 * MaskedOctet::WORDS }>().prop_map(|(words, counted)| {
        let mut octet = MaskedOctet { words: [[0; 8]; 16], counted: [[0; 8]; 4] };
        octet.words.as_flattened_mut().copy_from_slice(&words);
        // Eight bytes that are none or all make a word of both.
        let counted = counted.as_chunks().0.iter().map(|bytes| u64::from_le_bytes(*bytes));
        octet.counted.as_flattened_mut().iter_mut().zip(counted.cycle()).for_each(|(out, word)| *out = word);
        octet
    })
}

fn poses() -> impl Strategy<Value = Poses> {
    octet().prop_map(|octet| {
        let pose = |lane: usize| (octet.words.map(|word| word[lane]), octet.counted.map(|word| word[lane]));
        Poses::new(&std::array::from_fn(|number| pose(number % 8)))
    })
}

proptest! {
    #[test]
    fn overlaps_are_the_same_on_every_set((row, row_counted) in masked(), (words, counted) in masked()) {
        let row = Masked { words: &row, counted: &row_counted };
        let string = Masked { words: &words, counted: &counted };
        let expected = portable().overlaps_b8192(row, string);
        for kernels in Kernels::available() {
            prop_assert_eq!(kernels.overlaps_b8192(row, string), expected, "{:?}", kernels);
        }
    }

    #[test]
    fn margins_are_the_same_on_every_set(
        octets in prop::collection::vec(octet(), 0..4),
        strings in prop::collection::vec(poses(), 0..4),
        counted in 0..=Weights::MOST_COUNTED,
        unlike in 0..=Weights::MOST_UNLIKE,
    ) {
        let weights = Weights { counted, unlike };
        for kernels in Kernels::available() {
            let (mut expected, mut got) = (vec![[0; 8]; octets.len() * strings.len()], vec![[7; 8]; octets.len() * strings.len()]);
            portable().margins_b1024(&octets, &strings, weights, &mut expected);
            kernels.margins_b1024(&octets, &strings, weights, &mut got);
            prop_assert_eq!(got, expected, "{:?}", kernels);
        }
    }

    #[test]
    fn the_nearest_string_is_the_same_on_every_set(mut strings in strings(), twin in 0..NEAREST_MAX_STRINGS) {
        strings[twin] = strings[0];
        for kernels in Kernels::available() {
            for lanes in LENGTHS {
                for length in LENGTHS {
                    let probe = octets(&strings[NEAREST_MAX_STRINGS - lanes..]);
                    let (mut expected, mut got) = (vec![[0; 8]; probe.len()], vec![[0; 8]; probe.len()]);
                    portable().nearest_b256(&probe, &strings[..length], &mut expected);
                    kernels.nearest_b256(&probe, &strings[..length], &mut got);
                    prop_assert_eq!(&got, &expected, "{:?}, {} lanes, {} strings", kernels, lanes, length);
                }
            }
        }
    }

    #[test]
    fn distances_are_the_same_on_every_set(narrow in strings(), wide in strings()) {
        for kernels in Kernels::available() {
            for lanes in LENGTHS {
                for length in LENGTHS {
                    let probe = octets(&narrow[NEAREST_MAX_STRINGS - lanes..]);
                    let mut expected = vec![[0; 8]; probe.len() * length];
                    let mut got = expected.clone();
                    portable().distances_b256(&probe, &narrow[..length], &mut expected);
                    kernels.distances_b256(&probe, &narrow[..length], &mut got);
                    prop_assert_eq!(&got, &expected, "{:?}, {} lanes, {} strings", kernels, lanes, length);

                    let probe = octets(&wide[NEAREST_MAX_STRINGS - lanes..]);
                    portable().distances_b512(&probe, &wide[..length], &mut expected);
                    kernels.distances_b512(&probe, &wide[..length], &mut got);
                    prop_assert_eq!(&got, &expected, "{:?}, {} lanes, {} strings", kernels, lanes, length);
                }
            }
        }
    }

    #[test]
    fn near_strings_are_the_same_on_every_set(wide in strings::<8>(), octets in 0..5_usize, within in 0..=512_u16) {
        let stored = |which: usize| StoredOctet { words: std::array::from_fn(|word| std::array::from_fn(|lane| wide[(11 * which + lane) % 64][word])) };
        let octets: Vec<_> = (0..octets).map(stored).collect();
        for count in [0, 1, 2, 5, 16, 63, 64, 65, 130] {
            let strings: Vec<_> = wide.iter().cycle().take(count).copied().collect();
            let places = octets.len() * count;
            let (mut expected, mut expected_distances) = (vec![0; places], vec![[0; 8]; places]);
            portable().near_b512(&octets, &strings, within, &mut expected, &mut expected_distances);
            for kernels in Kernels::available() {
                let (mut near, mut distances) = (vec![7; places], vec![[7; 8]; places]);
                kernels.near_b512(&octets, &strings, within, &mut near, &mut distances);
                prop_assert_eq!(&near, &expected, "{:?}, {} strings", kernels, count);
                prop_assert_eq!(&distances, &expected_distances, "{:?}, {} strings", kernels, count);
            }
        }
    }

    #[test]
    fn products_and_squares_are_the_same_on_every_set(numbers in prop::collection::vec(any::<i8>(), 10 * 512)) {
        let numbers: Vec<_> = numbers.chunks_exact(512).map(Numbers::new).collect();
        let factors: Vec<_> = numbers.iter().map(Factors::new).collect();
        let factors: Vec<_> = factors.iter().cycle().take(17).collect();
        for blocks in 1..=Numbers::BLOCKS {
            for (probes, rows) in [(0, 3), (1, 0), (1, 1), (1, 4), (1, 10), (2, 3), (3, 1), (4, 5), (7, 2), (16, 9), (17, 3)] {
                let (factors, rows) = (&factors[..probes], &numbers[numbers.len() - rows..]);
                let mut expected = vec![0; probes * rows.len()];
                portable().products_i8(factors, rows, blocks, &mut expected);
                let mut expected_squares = vec![0; rows.len()];
                portable().squares_i8(rows, blocks, &mut expected_squares);
                for kernels in Kernels::available() {
                    let (mut got, mut squares) = (vec![7; expected.len()], vec![7; rows.len()]);
                    kernels.products_i8(factors, rows, blocks, &mut got);
                    kernels.squares_i8(rows, blocks, &mut squares);
                    prop_assert_eq!(&got, &expected, "{:?}, {} x {}, {} blocks", kernels, probes, rows.len(), blocks);
                    prop_assert_eq!(&squares, &expected_squares, "{:?}, {} blocks", kernels, blocks);
                }
            }
        }
    }

    #[test]
    fn products_of_panels_are_those_of_their_lanes_on_every_set(numbers in prop::collection::vec(any::<i8>(), 40 * 512)) {
        let numbers: Vec<_> = numbers.chunks_exact(512).map(Numbers::new).collect();
        for blocks in 1..=Numbers::BLOCKS {
            for (lanes, rows) in [(1, 0), (1, 1), (16, 3), (17, 4), (20, 15), (16, 16), (33, 17), (3, 37)] {
                let probes: Vec<_> = numbers.iter().take(lanes).collect();
                let factors: Vec<_> = probes.iter().copied().map(Factors::new).collect();
                let factors: Vec<_> = factors.iter().collect();
                let panels: Vec<_> = probes.chunks(Panel::LANES).map(Panel::new).collect();
                let rows = &numbers[numbers.len() - rows..];
                let (mut due, mut due_squares) = (vec![0; lanes * rows.len()], vec![0; rows.len()]);
                portable().products_i8(&factors, rows, blocks, &mut due);
                portable().squares_i8(rows, blocks, &mut due_squares);
                for kernels in Kernels::available() {
                    let (mut got, mut squares) = (vec![[7; Panel::LANES]; panels.len() * rows.len()], vec![7; rows.len()]);
                    kernels.panel_products_i8(&panels, rows, blocks, &mut got, &mut squares);
                    prop_assert_eq!(&squares, &due_squares, "{:?}, {} blocks", kernels, blocks);
                    for (place, due) in due.iter().enumerate() {
                        let (row, lane) = (place / lanes, place % lanes);
                        let got = got[lane / Panel::LANES * rows.len() + row][lane % Panel::LANES];
                        prop_assert_eq!(got, *due, "{:?}, {} lanes, row {}, {} blocks", kernels, lanes, row, blocks);
                    }
                }
            }
        }
    }

    #[test]
    fn products_of_chosen_rows_are_those_of_all(
        numbers in prop::collection::vec(any::<i8>(), 9 * 512),
        chosen in prop::collection::vec((0..4_u32, 0..9_u32), 0..40),
        blocks in 1..=Numbers::BLOCKS,
    ) {
        let rows: Vec<_> = numbers.chunks_exact(512).map(Numbers::new).collect();
        let factors: Vec<_> = rows[3..7].iter().map(Factors::new).collect();
        let factors: Vec<_> = factors.iter().collect();
        let (mut dots, mut squares) = ([0; 9 * 4], [0; 9]);
        portable().products_i8(&factors, &rows, blocks, &mut dots);
        portable().squares_i8(&rows, blocks, &mut squares);
        let due = |&(which, row): &(u32, u32)| Products { dot: dots[(4 * row + which) as usize], square: squares[row as usize] };
        let expected: Vec<_> = chosen.iter().map(due).collect();
        let chosen: Vec<_> = chosen.iter().map(|&(factors, row)| Chosen { factors, row }).collect();
        for kernels in Kernels::available() {
            let mut got = vec![Products::default(); chosen.len()];
            kernels.chosen_i8(&factors, &rows, blocks, &chosen, &mut got);
            prop_assert_eq!(&got, &expected, "{:?}, {} blocks", kernels, blocks);
        }
    }

    #[test]
    fn dot_products_are_the_same_on_every_set(numbers in prop::collection::vec(any::<i8>(), 4 * 131)) {
        for kernels in Kernels::available() {
            for length in [1, 15, 16, 17, 31, 32, 33, 64, 127, 128, 131] {
                let (query, rows) = (&numbers[..length], &numbers[length..4 * length]);
                let (mut expected, mut got) = ([0; 3], [0; 3]);
                portable().dots_i8(query, rows, &mut expected);
                kernels.dots_i8(query, rows, &mut got);
                prop_assert_eq!(got, expected, "{:?}, {} numbers", kernels, length);
            }
        }
    }

    #[test]
    fn consensus_is_the_same_on_every_set(pairs in pairs(), near in any::<bool>(), turn in any::<u16>(), rows in lane(4000)) {
        let row = rows.map(|slack| if near { slack.abs() } else { slack.abs() / 8 });
        let slack = Slack { shift: std::array::from_fn(|voter| { let mut row = row; row.rotate_left(voter); row }), turn };
        for kernels in Kernels::available() {
            for count in 0..=MAX_PAIRS {
                let expected = portable().consensus_i16(&pairs, &slack, count);
                prop_assert_eq!(kernels.consensus_i16(&pairs, &slack, count), expected, "{:?}, {} pairs", kernels, count);
            }
        }
    }
}

#[test]
fn the_nearest_of_equally_near_strings_is_the_first() {
    let probe = octets(&[[5; 4]]);
    for kernels in Kernels::available() {
        let mut nearest = [[0; 8]];
        kernels.nearest_b256(&probe, &[[0; 4], [7; 4], [4; 4], [7; 4]], &mut nearest);
        assert_eq!(nearest[0][0], (4 << 6) | 1, "{kernels:?}");
    }
}

#[test]
fn distances_count_the_bits_that_differ() {
    let probe = octets(&[[0, 0, 0, 0], [u64::MAX; 4]]);
    for kernels in Kernels::available() {
        let mut distances = [[0; 8]; 2];
        kernels.distances_b256(&probe, &[[1, 2, 4, 3], [u64::MAX; 4]], &mut distances);
        assert_eq!(distances[0][..2], [5, 251], "{kernels:?}");
        assert_eq!(distances[1][..2], [256, 0], "{kernels:?}");
    }
}

#[test]
fn overlaps_count_what_differs_at_each_shift() {
    let (mut row, mut string) = ([0; ROW_WORDS], [0; SHIFTED_WORDS]);
    (row[127], string[128], string[0]) = (0xFF00, 0x0F0F, u64::MAX);
    let row = Masked { words: &row, counted: &[3; ROW_WORDS] };
    let string = Masked { words: &string, counted: &[2; SHIFTED_WORDS] };
    for kernels in Kernels::available() {
        let [none, one, two, ..] = kernels.overlaps_b8192(row, string).map(|overlap| (overlap.counted, overlap.unlike));
        // Only the second byte of each word counts: 8 bits of the row's last and, as long as it is within reach, 8 of the
        // string's first; 4 where the row's last meets the string's; 8 and 4 beside one another.
        assert_eq!([none, one, two], [(128, 16), (128, 4), (128, 12)], "{kernels:?}");
    }
}

#[test]
fn a_margin_is_that_of_the_best_pose() {
    let mut octet = MaskedOctet { words: [[0; 8]; 16], counted: [[0; 8]; 4] };
    // Of lane 3 the first and the last nibble count; seven of their bits are set.
    (octet.words[0][3], octet.words[15][3]) = (0x87, u64::MAX);
    (octet.counted[0][3], octet.counted[3][3]) = (1, 1 << 63);
    let pose = |first| ([first; 16], [u64::MAX; 4]);
    let poses = Poses::new(&std::array::from_fn(|number| pose([0, 1, 3, 7, 3, 1, 0][number % 7])));
    let weights = Weights { counted: 20, unlike: 9 };
    for kernels in Kernels::available() {
        let mut margins = [[1; 8]];
        kernels.margins_b1024(&[octet], std::slice::from_ref(&poses), weights, &mut margins);
        assert_eq!(margins, [[0, 0, 0, 2 * 20 - 4 * 9, 0, 0, 0, 0]], "{kernels:?}");
    }
}

#[test]
fn strings_are_near_up_to_the_bound_and_told_by_their_lane() {
    let mut octet = StoredOctet { words: [[0; 8]; 8] };
    (octet.words[7][3], octet.words[0][4], octet.words[1][4]) = (0b111, 1, 0b11);
    octet.words[2][6] = 0b1111;
    for kernels in Kernels::available() {
        let (mut near, mut distances) = ([0], [[9; 8]]);
        kernels.near_b512(&[octet], &[[0; 8]], 3, &mut near, &mut distances);
        assert_eq!((near, distances), ([0b1011_1111], [[0, 0, 0, 3, 3, 0, 4, 0]]), "{kernels:?}");
    }
}

#[test]
fn products_of_the_farthest_numbers_are_exact_and_end_at_the_last_block() {
    let lowest = Numbers::new(&[i8::MIN; 512]);
    for kernels in Kernels::available() {
        for blocks in 1..=Numbers::BLOCKS {
            let (mut product, mut square) = ([0; 5], [0]);
            kernels.products_i8(&[&Factors::new(&lowest); 5], &[lowest], blocks, &mut product);
            kernels.squares_i8(&[lowest], blocks, &mut square);
            let (mut of_panel, mut panel_square) = ([[0; Panel::LANES]], [0]);
            let panel = Panel::new(&[&lowest; Panel::LANES]);
            kernels.panel_products_i8(
                std::slice::from_ref(&panel),
                &[lowest],
                blocks,
                &mut of_panel,
                &mut panel_square,
            );
            let due = blocks as i32 * 64 * (1 << 14);
            assert_eq!((product, square), ([due; 5], [due]), "{kernels:?}");
            assert_eq!((of_panel, panel_square), ([[due; Panel::LANES]], [due]), "{kernels:?}");
        }
    }
}

#[test]
fn dot_products_of_the_farthest_numbers_are_exact() {
    let numbers = vec![i8::MIN; 1 << 16];
    for kernels in Kernels::available() {
        let mut dots = [0];
        kernels.dots_i8(&numbers, &numbers, &mut dots);
        assert_eq!(dots[0], 1 << 30, "{kernels:?}");
    }
}

#[test]
fn pairs_that_one_turn_and_shift_explains_agree() {
    let mut pairs = Pairs::NONE;
    // A quarter turn counter-clockwise (y down: x, y -> y, -x) and a shift by (10, 20); the fourth pair is elsewhere.
    for (n, (x, y)) in [(0, 0), (100, 40), (-60, 80), (50, 50)].into_iter().enumerate() {
        (pairs.from_x[n], pairs.from_y[n]) = (x, y);
        (pairs.to_x[n], pairs.to_y[n]) = if n == 3 { (500, 500) } else { (y + 10, -x + 20) };
        (pairs.turn[n], pairs.cos[n], pairs.sin[n]) = (0x4000, 0, i16::MAX);
        pairs.weight[n] = [16, 32, 64, 120][n];
    }
    pairs.turn[2] = 0x4100;
    let wide = Slack { shift: [[2; MAX_PAIRS]; MAX_PAIRS], turn: 0x100 };
    let narrow = Slack { turn: 0xff, ..wide.clone() };
    for kernels in Kernels::available() {
        // Three agree twice with one another: 2 * (16 + 32 + 64) / 16 = 14 each, then 2 * 3 * 14.
        assert_eq!(kernels.consensus_i16(&pairs, &wide, 4), 84, "{kernels:?}");
        // The third is turned otherwise, so the fourth alone is the strongest: 2 * 120 / 16 = 15, then 2 * 15.
        assert_eq!(kernels.consensus_i16(&pairs, &narrow, 4), 30, "{kernels:?}");
        assert_eq!(kernels.consensus_i16(&pairs, &wide, 0), 0, "{kernels:?}");
    }
}

#[test]
fn work_handed_over_runs_on_every_set() {
    let numbers: Vec<f32> = (0..1000_u16).map(f32::from).collect();
    for kernels in Kernels::available() {
        let sum = kernels.run(|| numbers.iter().map(|number| number * 0.1 + 1.0).sum::<f32>());
        assert_eq!(sum.to_bits(), portable().run(|| numbers.iter().map(|n| n * 0.1 + 1.0).sum::<f32>()).to_bits());
    }
}
