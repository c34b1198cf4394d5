//! One cluster or one pair, with what speaks for it.

use whorl_service::deduplicate::{Finding, Member, Pair};
use whorl_service::sample::Instance;
use whorl_service::{Agreement, Compared};

use super::super::Results;
use super::super::pictures::{MOST_OF_A_PAIR, Pictures};
use super::push;
use crate::console::Counts;
use crate::draw::{self, Escaped, Shown};

/// Contradictions of one cluster that are named.
const MOST_CONTRADICTIONS: usize = 5;

/// Encounters of one subject that are named.
const MOST_ENCOUNTERS: usize = 12;

/// A cluster: who is in it, what contradicts it, and the pairs that hold it together.
pub(super) fn cluster(
    body: &mut String,
    results: &Results<'_>,
    pictures: &mut Pictures,
    (number, members): (usize, &[usize]),
) {
    let count = results.subjects_of(members).len();
    push(
        body,
        format_args!(
            "<section class=\"case\" id=\"cluster-{0}\">\n<h3>Cluster {0}: {count} subjects</h3>\n",
            number + 1
        ),
    );
    subjects(body, results, members);
    contradictions(body, results, members);
    let mut told: Vec<&Pair> = results.pairs_in(members).collect();
    told.sort_by_key(|pair| pair.finding != Finding::Duplicate);
    let shown = pictures.pairs_of_one();
    for one in told.iter().take(shown) {
        pair(body, results, pictures, one);
    }
    if told.len() > shown {
        let more = told.len() - shown;
        push(body, format_args!("<p class=\"note\">Pairs of this cluster that are only in pairs.csv: {more}.</p>\n"));
    }
    body.push_str("</section>\n");
}

/// Who is in a cluster, subject by subject.
fn subjects(body: &mut String, results: &Results<'_>, members: &[usize]) {
    body.push_str("<table><tr><th>subject</th><th>encounters</th><th>with</th><th>from</th></tr>\n");
    for subject in results.subjects_of(members) {
        let own = members.iter().map(|&member| &results.found.members[member]).filter(|one| one.subject == subject);
        let own: Vec<&Member> = own.collect();
        let enrolees = own.iter().filter_map(|member| member.enrolee).map(|place| &results.enrolees[place]);
        let counts = Counts::of(enrolees.flat_map(|enrolee| &enrolee.instances));
        let held = own.iter().filter(|member| member.enrolee.is_none()).count();
        let from = match held {
            0 => "the population",
            _ if held == own.len() => "the gallery",
            _ => "the population and the gallery",
        };
        let counts = if held == own.len() { String::new() } else { counts.to_string() };
        let (encounters, subject) = (encounters(&own), Escaped(subject));
        push(body, format_args!("<tr><td>{subject}</td><td>{encounters}</td><td>{counts}</td><td>{from}</td></tr>\n"));
    }
    body.push_str("</table>\n");
}

/// The names of a subject's encounters.
fn encounters(members: &[&Member]) -> String {
    let name = |member: &Member| {
        let id = member.id.as_str();
        Escaped(id.rsplit_once('/').map_or(id, |(_, encounter)| encounter)).to_string()
    };
    let named: Vec<String> = members.iter().take(MOST_ENCOUNTERS).map(|member| name(member)).collect();
    let more = members.len() - named.len();
    if more == 0 { named.join(", ") } else { format!("{} and {more} more", named.join(", ")) }
}

fn contradictions(body: &mut String, results: &Results<'_>, members: &[usize]) {
    let against: Vec<&Pair> = results.contradictions_in(members).collect();
    for pair in against.iter().take(MOST_CONTRADICTIONS) {
        let (a, b) = (&results.found.members[pair.a].id, &results.found.members[pair.b].id);
        let (a, b, llr) = (Escaped(a.as_str()), Escaped(b.as_str()), pair.evidence.llr.nats());
        push(
            body,
            format_args!(
                "<p class=\"against\">Contradiction: {a} and {b} are not alike by themselves (llr {llr:.1}).</p>\n"
            ),
        );
    }
    if against.len() > MOST_CONTRADICTIONS {
        let more = against.len() - MOST_CONTRADICTIONS;
        push(body, format_args!("<p class=\"against\">Contradictions that are only in pairs.csv: {more}.</p>\n"));
    }
}

/// A pair: its evidence instance by instance, and those that say most, drawn.
pub(super) fn pair(body: &mut String, results: &Results<'_>, pictures: &mut Pictures, pair: &Pair) {
    let (a, b) = (&results.found.members[pair.a], &results.found.members[pair.b]);
    let (finding, evidence) = (pair.finding.name(), &pair.evidence);
    let extrapolated = if evidence.fmr.extrapolated { ", <i>extrapolated</i>" } else { "" };
    push(
        body,
        format_args!(
            "<h4>{} and {} <span class=\"{finding}\">{finding}</span></h4>\n<p>llr {:.1}, FMR {:.1e}{extrapolated}</p>\n",
            Escaped(a.id.as_str()),
            Escaped(b.id.as_str()),
            evidence.llr.nats(),
            evidence.fmr.fmr.get()
        ),
    );
    body.push_str("<table><tr><th>of</th><th>position</th><th>with</th><th>raw</th><th>llr</th></tr>\n");
    for Compared { score, .. } in &evidence.instances {
        let (raw, llr) = (score.similarity.get(), score.llr.nats());
        push(
            body,
            format_args!(
                "<tr><td>{}</td><td>{}</td><td>{}</td><td>{raw}</td><td>{llr:.2}</td></tr>\n",
                score.modality, score.probe, score.reference
            ),
        );
    }
    body.push_str("</table>\n<div class=\"prints\">\n");
    for compared in most_telling(&evidence.instances) {
        drawing(body, results, pictures, (a, b), compared);
    }
    body.push_str("</div>\n");
}

/// The instances that are drawn.
fn most_telling(instances: &[Compared]) -> Vec<&Compared> {
    let mut strongest: Vec<&Compared> = instances.iter().collect();
    strongest.sort_by(|one, other| other.score.llr.nats().total_cmp(&one.score.llr.nats()));
    let rank = |at: usize| {
        let modality = strongest[at].score.modality;
        strongest[..at].iter().filter(|before| before.score.modality == modality).count()
    };
    let mut ranked: Vec<(usize, &Compared)> = (0..strongest.len()).map(|at| (rank(at), strongest[at])).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().take(MOST_OF_A_PAIR).map(|(_, compared)| compared).collect()
}

/// Both side by side; nothing where one lies in the gallery, which keeps no pictures, or the page has no room.
fn drawing(
    body: &mut String,
    results: &Results<'_>,
    pictures: &mut Pictures,
    (a, b): (&Member, &Member),
    compared: &Compared,
) {
    if a.enrolee.is_none() || b.enrolee.is_none() || !pictures.take_room() {
        return;
    }
    let mut one = |member: &Member, instance| shown(results, pictures, member.enrolee, instance);
    let (Some(probe), Some(reference)) = (one(a, compared.probe), one(b, compared.reference)) else { return };
    let agreement = Agreement::of(probe.template, reference.template, compared.mirrored);
    let drawing = agreement.and_then(|agreement| draw::pair(&probe, &reference, &agreement));
    body.push_str(&drawing.map(|drawing| drawing.inline()).unwrap_or_default());
}

fn shown<'a>(
    results: &'a Results<'_>,
    pictures: &mut Pictures,
    enrolee: Option<usize>,
    instance: usize,
) -> Option<Shown<'a>> {
    let number = enrolee?;
    let enrolee = &results.enrolees[number];
    let Instance { position, template, .. } = enrolee.instances.get(instance)?;
    let caption = format!("{} {position}, quality {}", enrolee.id, template.quality().get());
    let (picture, sight) = pictures.of(number, enrolee, instance);
    Some(Shown { template, picture, sight, caption })
}
