//! How many are authenticated in a second.

use super::*;

/// Writes persons as a registration would leave them, and says their UINs. A key is shared by a hundred of them.
fn populate(ground: &Ground, persons: u64) -> Vec<String> {
    let database = Database::open(Arc::clone(&ground.store)).unwrap();
    let vault = Vault::open(Arc::new(ground.keys.clone()), &ground.master, &database).unwrap();
    let numbers = Filter::new(Rules::uin()).unwrap();
    let (mut uins, mut given) = (Vec::new(), std::collections::HashSet::new());
    for first in (0..persons).step_by(1_000) {
        let locks = (0..10).map(|_| vault.assign().unwrap()).collect::<Vec<_>>();
        let written = database.write(|draft| {
            for person in first..(first + 1_000).min(persons) {
                let mut subject = Subject::applicant(Opaque::draw().unwrap(), START_MS);
                let mut drawn = std::iter::repeat_with(|| numbers.draw().unwrap());
                let number = drawn.find(|number| given.insert(number.clone())).unwrap();
                subject.status = Status::Active;
                subject.uin = Some(number.clone());
                subject.demographics = fields(person);
                draft.put(Table::Numbers, &vault.blind("uin", &number), subject.id.bytes().to_vec());
                let lock = locks[(person % 10) as usize].clone();
                Found { subject, lock }.save(&vault, draft)?;
                uins.push(number);
            }
            Ok::<_, VaultError>(())
        });
        written.unwrap();
    }
    uins
}

fn at(sorted: &[Duration], share: f64) -> Duration {
    sorted[((sorted.len() - 1) as f64 * share) as usize]
}

#[test]
#[ignore = "a measurement, of minutes"]
fn how_many_are_authenticated_in_a_second() {
    const PERSONS: u64 = 100_000;
    const ASKED: usize = 6_000;
    let mut ground = without_biometrics();
    let settings = &mut ground.settings.authentication;
    (settings.per_id_per_minute, settings.per_partner_per_minute) = (u32::MAX, u32::MAX);
    let counter = Counter::on(ground);
    let Counter { ground, layer, key, outbox, uin: _ } = counter;
    drop(layer);
    let uins = populate(&ground, PERSONS);
    let counter = Counter { layer: ground.open(), ground, key, outbox, uin: String::new() };
    let turn = AtomicUsize::new(0);
    for threads in [1, 8, 32] {
        let ask = || {
            let ask = |_| {
                let turn = turn.fetch_add(1, Ordering::Relaxed);
                let person = turn.wrapping_mul(7_919) % uins.len();
                let claims = vec![claim(Attribute::Name, &name(person as u64))];
                let id = uins[person].clone();
                let request = Request { id, demographics: claims, ..counter.request(&format!("m{turn}")) };
                let since = Instant::now();
                let answer = counter.ask(&request);
                let took = since.elapsed();
                assert!(answer.is_authentic, "person {person}: {answer:?}");
                took
            };
            (0..ASKED / threads).map(ask).collect::<Vec<_>>()
        };
        let since = Instant::now();
        let mut took = std::thread::scope(|scope| {
            let asked = (0..threads).map(|_| scope.spawn(ask)).collect::<Vec<_>>();
            asked.into_iter().flat_map(|asked| asked.join().unwrap()).collect::<Vec<_>>()
        });
        let rate = took.len() as f64 / since.elapsed().as_secs_f64();
        took.sort();
        println!("{threads} at a time: {rate:.0}/s, p50 {:?}, p99 {:?}", at(&took, 0.5), at(&took, 0.99));
    }
    let foreign = Filter::new(Rules::uin()).unwrap();
    let mut took = [Vec::new(), Vec::new()];
    for turn in 0..2_000 {
        let id = if turn % 2 == 0 { uins[turn].clone() } else { foreign.draw().unwrap() };
        let claims = vec![claim(Attribute::Name, "somebody else")];
        let request = Request { id, demographics: claims, ..counter.request(&format!("n{turn}")) };
        let since = Instant::now();
        assert!(!counter.ask(&request).is_authentic);
        took[turn % 2].push(since.elapsed());
    }
    for took in &mut took {
        took.sort();
    }
    let [known, unknown] = took.map(|took| (at(&took, 0.5), at(&took, 0.9)));
    println!(
        "\"no\" of a person: p50 {:?}, p90 {:?}; of nobody: p50 {:?}, p90 {:?}",
        known.0, known.1, unknown.0, unknown.1
    );
}
