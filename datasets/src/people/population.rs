//! Households of people.

use super::culture::{Culture, Names};
use super::mistake::{self, Copy};
use super::random::{Random, Zipf};
use super::{Person, Sex};

/// The year in which everybody is as old as drawn, and after which nobody is born.
pub(super) const LAST_YEAR: u32 = 2026;

/// Births that are of twins, a little above what most countries count, so that a small population has some.
const TWINS: f64 = 0.02;
/// Sons and daughters that bear the given name of a parent of their sex.
const NAMESAKES: f64 = 0.02;
/// Of adults: those whose day of birth nobody wrote down, so that it stands as the first of January.
const UNKNOWN_DAY: f64 = 0.04;

const STREETS: [&str; 24] = [
    "Acacia",
    "Bridge",
    "Cedar",
    "Dawn",
    "East",
    "Forge",
    "Garden",
    "Harbour",
    "Island",
    "Jacaranda",
    "King",
    "Lake",
    "Market",
    "Mill",
    "North",
    "Orchard",
    "Palm",
    "Quarry",
    "River",
    "School",
    "Station",
    "Temple",
    "Union",
    "Well",
];
const KINDS: [&str; 6] = ["Street", "Road", "Lane", "Avenue", "Square", "Way"];
const TOWN_STARTS: [&str; 20] = [
    "Ash", "Bel", "Cor", "Dun", "El", "Far", "Glen", "Hav", "Inver", "Kal", "Lor", "Mon", "Nar", "Ost", "Por", "Quel",
    "Riv", "Sel", "Tam", "Vor",
];
const TOWN_ENDS: [&str; 16] = [
    "aby", "brook", "cester", "dale", "era", "ford", "gate", "ham", "ia", "kirk", "lund", "mouth", "nia", "port",
    "stead", "wick",
];

/// A population: the same seed gives the same people, and a larger one begins with the smaller.
pub struct Population {
    /// Everybody, household after household.
    pub people: Vec<Person>,
    seed: u64,
    names: Vec<Names>,
}

/// What draws names and places.
struct Sources<'a> {
    names: &'a [Names],
    towns: Zipf,
}

impl Population {
    /// At least `persons` people; the last household is completed.
    #[must_use]
    pub fn draw(seed: u64, persons: usize) -> Self {
        let names: Vec<Names> = Culture::SHARES.iter().map(|&(culture, _)| Names::new(culture)).collect();
        let sources = Sources { names: &names, towns: Zipf::new(TOWN_STARTS.len() * TOWN_ENDS.len()) };
        let mut people = Vec::with_capacity(persons + 8);
        let mut household = 0;
        while people.len() < persons {
            let first = people.len();
            sources.household(&mut Random::new(seed, u64::from(household)), &mut people);
            people[first..].iter_mut().for_each(|person| person.household = household);
            household += 1;
        }
        Self { people, seed, names }
    }

    /// The person at `index` as another office wrote them down, with one mistake or more; `number` tells copies apart.
    ///
    /// # Panics
    /// Where there is nobody at `index`.
    #[must_use]
    pub fn copy(&self, index: usize, number: u64) -> Copy {
        let mut random = Random::new(self.seed ^ (index as u64).rotate_left(32), (1 << 40) + number);
        let names = &self.names[self.people[index].culture as usize];
        let mut copy = mistake::copy(&self.people[index], names, &mut random);
        if copy.done.contains(&mistake::Mistake::MovedHouse) {
            let sources = Sources { names: &self.names, towns: Zipf::new(TOWN_STARTS.len() * TOWN_ENDS.len()) };
            sources.address(&mut random).put(&mut copy.person);
        }
        copy
    }
}

struct Address {
    street: String,
    town: String,
    post_code: String,
}

impl Address {
    fn put(self, person: &mut Person) {
        (person.street, person.town, person.post_code) = (self.street, self.town, self.post_code);
    }
}

impl Sources<'_> {
    fn address(&self, random: &mut Random) -> Address {
        let town = self.towns.draw(random);
        let street = random.index(STREETS.len() * KINDS.len());
        Address {
            street: format!(
                "{} {} {}",
                random.within(1, 240),
                STREETS[street % STREETS.len()],
                KINDS[street / STREETS.len()]
            ),
            town: format!("{}{}", TOWN_STARTS[town % TOWN_STARTS.len()], TOWN_ENDS[town / TOWN_STARTS.len()]),
            // A town has up to ten of them.
            post_code: format!("{:05}", 10_000 + town * 37 + street % 10),
        }
    }

    fn household(&self, random: &mut Random, people: &mut Vec<Person>) {
        let culture = random.weighted(&Culture::SHARES);
        let names = &self.names[culture as usize];
        let mut surname = names.family(random);
        if culture == Culture::Iberian {
            surname = format!("{surname} {}", names.family(random));
        }
        let home = self.address(random);
        let first = people.len();
        let parent_age = random.within(20, 85);
        let parents = if random.chance(0.7) { 2 } else { 1 };
        let father = random.chance(0.5);
        for at in 0..parents {
            let sex = if (at == 0) == father { Sex::Male } else { Sex::Female };
            let age = (parent_age + random.within(0, 8)).saturating_sub(4).max(18);
            let mut person = person(names, sex, &birth(age, random), random);
            // Not everybody takes the name of a husband or wife.
            person.family = if at == 1 && random.chance(0.35) { names.family(random) } else { surname.clone() };
            people.push(person);
        }
        let children = if random.chance(0.35) { 0 } else { random.within(1, 5) };
        let mut age = parent_age.saturating_sub(random.within(18, 36));
        for _ in 0..children {
            child(age, &surname, names, (first, random), people);
            // Brothers and sisters who are no twins are born a year apart at least; those who would come later are not born yet.
            match age.checked_sub(random.within(1, 5)) {
                Some(younger) if age > 0 => age = younger,
                _ => break,
            }
        }
        let shared = phone(random);
        for person in &mut people[first..] {
            Address { street: home.street.clone(), town: home.town.clone(), post_code: home.post_code.clone() }
                .put(person);
            reach(person, &shared, random);
        }
    }
}

fn child(age: u32, surname: &str, names: &Names, at: (usize, &mut Random), people: &mut Vec<Person>) {
    let (first, random) = at;
    let born = birth(age, random);
    let times = if random.chance(TWINS) { 2 } else { 1 };
    let mut sex = if random.chance(0.5) { Sex::Male } else { Sex::Female };
    for twin in 0..times {
        if twin == 1 && random.chance(0.35) {
            sex = if sex == Sex::Male { Sex::Female } else { Sex::Male };
        }
        let mut child = person(names, sex, &born, random);
        surname.clone_into(&mut child.family);
        let parent = people[first..].iter().find(|parent| parent.sex == Some(sex));
        if let Some(parent) = parent.filter(|_| twin == 0 && random.chance(NAMESAKES)) {
            child.given.clone_from(&parent.given);
        }
        // Nobody gives twins one name.
        while twin == 1 && people.last().is_some_and(|other| other.given == child.given) {
            child.given = names.given(sex, random);
        }
        people.push(child);
    }
}

fn person(names: &Names, sex: Sex, birth: &str, random: &mut Random) -> Person {
    let culture = names.culture();
    let second = match culture {
        Culture::Iberian => 0.6,
        Culture::Western | Culture::Arabic => 0.35,
        Culture::Slavic | Culture::Indic | Culture::Bantu => 0.2,
        Culture::Sinic => 0.0,
    };
    let mut given = names.given(sex, random);
    if random.chance(second) {
        given = format!("{given} {}", names.given(sex, random));
    }
    let empty = String::new;
    Person {
        culture,
        household: 0,
        given,
        family: empty(),
        birth: birth.to_owned(),
        sex: Some(sex),
        street: empty(),
        town: empty(),
        post_code: empty(),
        phone: empty(),
        email: empty(),
    }
}

/// A telephone and an address for e-mail, as people have them: children have their parents' or none.
fn reach(person: &mut Person, shared: &str, random: &mut Random) {
    let year: u32 = person.birth[..4].parse().unwrap_or(LAST_YEAR);
    let adult = LAST_YEAR - year >= 15;
    person.phone = match (adult, random.fraction()) {
        (true, 0.0..0.75) => phone(random),
        (true, 0.75..0.87) | (false, 0.0..0.5) => shared.to_owned(),
        _ => String::new(),
    };
    if adult && random.chance(0.4) {
        let first = person.given.split(' ').next().unwrap_or_default().to_lowercase();
        let last = person.family.split(' ').next().unwrap_or_default().to_lowercase();
        person.email = format!("{first}.{last}{}@mail.example", random.below(1_000));
    }
}

fn phone(random: &mut Random) -> String {
    format!("7{:08}", random.below(100_000_000))
}

fn birth(age: u32, random: &mut Random) -> String {
    let year = LAST_YEAR - age;
    if age > 18 && random.chance(UNKNOWN_DAY) {
        return format!("{year}-01-01");
    }
    let month = random.within(1, 12);
    let days = match month {
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    format!("{year}-{month:02}-{:02}", random.within(1, days))
}
