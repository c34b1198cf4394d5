//! Measures the demographic search on generated people: every record is searched for among those before it, then added.
//!
//! `linkage [count|sweep|report] <seed> <persons> [whole]`: `count` prints how often each level occurs in pairs of one person
//! and of two (which is where the default odds come from), `sweep` the rates at many thresholds, both for development seeds only;
//! `report` prints the rates at the rules' thresholds. With `whole`, records hold
//! a full name instead of given and family names.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::env::args;
use std::time::Instant;

use whorl_datasets::people::{Mistake, Person, Population, Sex};
use whorl_identity::demographic::{
    Bounds, Field, Level, Linker, MatchWeight, Particulars, Prepared, Rules, Verdict, block_keys,
};

/// Of the population, those that are registered a second time.
const COPIED: f64 = 0.05;

struct Record {
    prepared: Prepared,
    person: usize,
    household: u32,
    birth: String,
    done: Vec<Mistake>,
}

fn main() {
    let args: Vec<String> = args().skip(1).collect();
    let number =
        |at: usize| args.get(at).and_then(|text| text.parse::<u64>().ok()).expect("a seed and a number of persons");
    let (seed, persons, whole) = (number(1), number(2) as usize, args.get(3).is_some_and(|word| word == "whole"));
    let mut rules = Rules::default();
    rules = rules.for_persons(persons as u64);
    let count = args[0] == "sweep";
    let thresholds = (rules.adjudicate_bits, rules.duplicate_bits);
    if count {
        (rules.adjudicate_bits, rules.duplicate_bits) = (f32::MIN, f32::MAX);
    }
    let records = records(seed, persons, &rules, whole);
    if args[0] == "count" {
        return Counts::of(&records, &rules, seed).print();
    }
    let run = Run::over(&records, Linker::new(rules), count);
    if count { run.print_sweep(thresholds.0) } else { run.print_rates() }
}

fn records(seed: u64, persons: usize, rules: &Rules, whole: bool) -> Vec<Record> {
    let start = Instant::now();
    let population = Population::draw(seed, (persons as f64 / (1.0 + COPIED)) as usize);
    let mut records: Vec<Record> = Vec::with_capacity(persons + 8);
    for (person, registered) in population.people.iter().enumerate() {
        let mut add = |written: &Person, done: Vec<Mistake>| {
            let prepared = rules.prepare(&particulars(written, whole));
            records.push(Record {
                prepared,
                person,
                household: registered.household,
                birth: registered.birth.clone(),
                done,
            });
        };
        add(registered, Vec::new());
        if mix(seed ^ 0xC0 ^ (person as u64) << 8) as f64 / (u64::MAX as f64) < COPIED {
            let copy = population.copy(person, 0);
            add(&copy.person, copy.done);
        }
    }
    for at in (1..records.len()).rev() {
        records.swap(at, (mix(seed ^ (at as u64) << 20) % (at as u64 + 1)) as usize);
    }
    println!("{} records drawn and prepared in {:.1} s", records.len(), start.elapsed().as_secs_f64());
    records
}

fn mix(value: u64) -> u64 {
    let mixed = value.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

fn particulars(person: &Person, whole: bool) -> Particulars {
    let sex = match person.sex {
        Some(Sex::Female) => "FLE",
        Some(Sex::Male) => "MLE",
        None => "",
    };
    let name = format!("{} {}", person.given, person.family);
    Particulars {
        full_name: if whole { name } else { String::new() },
        given: if whole { String::new() } else { person.given.clone() },
        family: if whole { String::new() } else { person.family.clone() },
        birth: person.birth.clone(),
        sex: sex.to_owned(),
        address: vec![person.street.clone(), person.town.clone()],
        post_code: person.post_code.clone(),
        phone: person.phone.clone(),
        email: person.email.clone(),
    }
}

#[derive(Default)]
struct Run {
    /// Pairs of one person: how many there are, share a key, and reached each verdict.
    pairs: usize,
    blocked: usize,
    true_found: [usize; 2],
    false_found: [usize; 2],
    /// Records of people who were registered before, or were not, and for which anything was found.
    capped: usize,
    compared: usize,
    largest: usize,
    keys: usize,
    bytes: usize,
    search_s: f64,
    total_s: f64,
    slowest_ms: f64,
    records: usize,
    weights: [BTreeMap<i32, u64>; 2],
    missed: BTreeMap<Vec<Mistake>, usize>,
    unblocked: BTreeMap<Vec<Mistake>, usize>,
    kinds: BTreeMap<char, usize>,
    false_levels: BTreeMap<(Level, Level, Level), usize>,
}

impl Run {
    fn over(records: &[Record], mut linker: Linker, count: bool) -> Self {
        let mut run = Self { records: records.len(), ..Self::default() };
        let mut first: HashMap<usize, usize> = HashMap::new();
        let start = Instant::now();
        for (at, record) in records.iter().enumerate() {
            let begun = Instant::now();
            let found = linker.search(&record.prepared, Bounds::default());
            let took = begun.elapsed().as_secs_f64();
            run.search_s += took;
            run.slowest_ms = run.slowest_ms.max(took * 1_000.0);
            run.compared += found.coverage.compared;
            run.largest = run.largest.max(found.coverage.compared);
            run.capped += usize::from(!found.coverage.is_complete());
            for kind in &found.coverage.capped {
                *run.kinds.entry(*kind).or_default() += 1;
            }
            let mate = first.insert(record.person, at);
            let mut verdict = Verdict::Unique;
            for candidate in &found.candidates {
                let other = &records[candidate.person as usize];
                let same = mate == Some(candidate.person as usize);
                let kind = match (same, record.household == other.household, record.birth == other.birth) {
                    (true, _, _) => 0,
                    (_, false, _) => 1,
                    (_, true, false) => 2,
                    (_, true, true) => 3,
                };
                if same {
                    verdict = candidate.weight.verdict;
                }
                run.tally(&candidate.weight, kind, count);
            }
            if let Some(mate) = mate {
                run.pairs += 1;
                let done = if record.done.is_empty() { &records[mate].done } else { &record.done };
                let mut done = done.clone();
                done.sort();
                let keys: HashSet<_> = block_keys(&records[mate].prepared).into_iter().collect();
                if block_keys(&record.prepared).iter().any(|key| keys.contains(key)) {
                    run.blocked += 1;
                    if verdict == Verdict::Unique {
                        *run.missed.entry(done).or_default() += 1;
                    }
                } else {
                    *run.unblocked.entry(done).or_default() += 1;
                }
            }
            run.keys += block_keys(&record.prepared).len();
            run.bytes += record.prepared.to_bytes().len();
            linker.add(&record.prepared);
        }
        run.total_s = start.elapsed().as_secs_f64();
        run
    }

    fn tally(&mut self, weight: &MatchWeight, kind: usize, count: bool) {
        let same = kind == 0;
        let found = if same { &mut self.true_found } else { &mut self.false_found };
        match weight.verdict {
            Verdict::Duplicate => found[1] += 1,
            Verdict::Adjudicate => found[0] += 1,
            Verdict::Unique => {}
        }
        if !same {
            *self
                .false_levels
                .entry((weight.fields[0].level, weight.fields[1].level, weight.fields[3].level))
                .or_default() += 1;
        }
        if count {
            *self.weights[usize::from(same)].entry(weight.bits.floor() as i32).or_default() += 1;
        }
    }

    fn print_sweep(&self, near: f32) {
        println!("\npairs of one person {}, share a key {}", self.pairs, self.blocked);
        for threshold in (near as i32 - 8)..(near as i32 + 14) {
            let above = |same: usize| self.weights[same].range(threshold..).map(|(_, count)| count).sum::<u64>();
            let (right, wrong) = (above(1) as f64, above(0) as f64);
            println!(
                "from {threshold:3} bits: recall {:.4} precision {:.4}",
                right / self.pairs as f64,
                right / (right + wrong).max(1.0)
            );
        }
        Self::print_missed("without a common key", &self.unblocked);
    }

    fn print_rates(&self) {
        let pairs = self.pairs as f64;
        let any = |found: [usize; 2]| (found[0] + found[1]) as f64;
        println!("pairs of one person {}; pairs completeness {:.4}", self.pairs, self.blocked as f64 / pairs);
        println!(
            "found: recall {:.4} precision {:.4} ({} wrong)",
            any(self.true_found) / pairs,
            any(self.true_found) / (any(self.true_found) + any(self.false_found)),
            any(self.false_found)
        );
        println!(
            "duplicate: recall {:.4} precision {:.5} ({} wrong)",
            self.true_found[1] as f64 / pairs,
            self.true_found[1] as f64 / (self.true_found[1] + self.false_found[1]) as f64,
            self.false_found[1]
        );
        let all = self.records as f64 * (self.records as f64 - 1.0) / 2.0;
        println!(
            "compared {} pairs, {:.1} a search, most {}; reduction ratio {:.7}",
            self.compared,
            self.compared as f64 / self.records as f64,
            self.largest,
            1.0 - self.compared as f64 / all
        );
        println!("capped searches {} {:?}", self.capped, self.kinds);
        println!(
            "{:.1} s searching, {:.1} s in all, {:.0} searches a second, slowest {:.1} ms",
            self.search_s,
            self.total_s,
            self.records as f64 / self.search_s,
            self.slowest_ms
        );
        println!(
            "{:.1} keys and {:.1} bytes a record",
            self.keys as f64 / self.records as f64,
            self.bytes as f64 / self.records as f64
        );
        if let Some(line) = std::fs::read_to_string("/proc/self/status")
            .ok()
            .and_then(|text| text.lines().find(|line| line.starts_with("VmHWM")).map(str::to_owned))
        {
            println!("{line}");
        }
        Self::print_missed("without a common key", &self.unblocked);
        Self::print_missed("below the threshold", &self.missed);
        let mut wrong: Vec<_> = self.false_levels.iter().collect();
        wrong.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        for (levels, count) in wrong.iter().take(10) {
            println!("  wrong {count:5} name, birth, address {levels:?}");
        }
    }

    fn print_missed(why: &str, missed: &BTreeMap<Vec<Mistake>, usize>) {
        let mut single: BTreeMap<Mistake, usize> = BTreeMap::new();
        for (done, count) in missed {
            for mistake in done {
                *single.entry(*mistake).or_default() += count;
            }
        }
        println!("{} {why}, with {single:?}", missed.values().sum::<usize>());
    }
}

/// How often each level occurs in pairs of one person, two strangers, two relatives and twins, whether they share a block or not.
#[derive(Default)]
struct Counts {
    counts: BTreeMap<(Field, Level), [u64; 4]>,
    pairs: [u64; 4],
}

/// So many pairs of strangers are drawn.
const STRANGERS: u64 = 3_000_000;

impl Counts {
    fn of(records: &[Record], rules: &Rules, seed: u64) -> Self {
        let mut counts = Self::default();
        let mut homes: BTreeMap<u32, Vec<&Record>> = BTreeMap::new();
        for record in records {
            homes.entry(record.household).or_default().push(record);
        }
        for home in homes.values() {
            for (at, one) in home.iter().enumerate() {
                for other in &home[at + 1..] {
                    let kind = if one.person == other.person { 0 } else { 2 + usize::from(one.birth == other.birth) };
                    counts.add(one, other, rules, kind);
                }
            }
        }
        let records_f = records.len() as f64;
        let strangers = records_f * (records_f - 1.0) / 2.0 - counts.pairs.iter().sum::<u64>() as f64;
        for draw in 0..STRANGERS {
            let one = &records[(mix(seed ^ 0xA000_0000 ^ draw << 1) % records.len() as u64) as usize];
            let other = &records[(mix(seed ^ 0xB000_0000 ^ draw << 33) % records.len() as u64) as usize];
            if one.household != other.household {
                counts.add(one, other, rules, 1);
            }
        }
        counts.pairs[1] = strangers as u64;
        counts
    }

    fn add(&mut self, one: &Record, other: &Record, rules: &Rules, kind: usize) {
        self.pairs[kind] += 1;
        for field in rules.compare(&one.prepared, &other.prepared, &|_| 0.0).fields {
            self.counts.entry((field.field, field.level)).or_default()[kind] += 1;
        }
    }

    fn print(&self) {
        println!("kinds {}", self.pairs.map(|count| count.to_string()).join(" "));
        let pairs = self.pairs.map(|count| count as f64 / self.pairs[0] as f64);
        println!("[pairs]\nstrangers = {:.3}\nrelatives = {:.3}\ntwins = {:.4}", pairs[1], pairs[2], pairs[3]);
        for field in Field::ALL {
            println!("\n[odds.{}]", serde_json::to_value(field).expect("a word").as_str().expect("a word"));
            let of = |level: &Level| self.counts.get(&(field, *level)).copied().unwrap_or_default();
            let sums =
                field.levels().iter().map(of).fold([0; 4], |sum, count| std::array::from_fn(|at| sum[at] + count[at]));
            for level in field.levels() {
                let counts = of(level);
                let shares: [f64; 4] = std::array::from_fn(|at| (counts[at] as f64 + 0.5) / (sums[at] as f64 + 1.0));
                let name = serde_json::to_value(level).expect("a word");
                let name = name.as_str().expect("a word");
                let [m, strangers, relatives, twins] = shares;
                println!(
                    "{name} = {{ m = {m:.6}, strangers = {strangers:.6}, relatives = {relatives:.6}, twins = {twins:.6} }} # {counts:?}"
                );
            }
        }
    }
}
