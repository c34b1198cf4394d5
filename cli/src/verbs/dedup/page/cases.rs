//! One cluster or one pair, with what speaks for it.

use whorl_service::deduplicate::{Member, Pair};
use whorl_service::sample::Instance;
use whorl_service::{Agreement, Compared};

use super::super::Results;
use super::super::pictures::Pictures;
use super::push;
use crate::console::Counts;
use crate::draw::{self, Escaped, Shown};

/// Pairs of one cluster that are drawn.
const MOST_PAIRS_DRAWN: usize = 3;

/// Instances of one pair that are drawn: those that say most, and of each modality one before any second.
const MOST_DRAWN: usize = 2;

/// A cluster: who is in it, what contradicts it, and the pairs that hold it together.
pub(super) fn cluster(
    body: &mut String,
    results: &Results<'_>,
    pictures: &mut Pictures,
    (number, members): (usize, &[usize]),
) {
    let subjects = results.subjects_of(members).len();
    push(
        body,
        format_args!(
            "<section class=\"case\" id=\"cluster-{0}\">\n<h3>Cluster {0}: {subjects} subjects</h3>\n",
            number + 1
        ),
    );
    body.push_str("<table><tr><th>reference</th><th>subject</th><th>with</th><th>from</th></tr>\n");
    for &member in members {
        let Member { id, subject, enrolee } = &results.found.members[member];
        let (counts, from) = match enrolee {
            Some(place) => (Counts::of(&results.enrolees[*place].instances).to_string(), "the population"),
            None => (String::new(), "the gallery"),
        };
        let (id, subject) = (Escaped(id.as_str()), Escaped(subject));
        push(body, format_args!("<tr><td>{id}</td><td>{subject}</td><td>{counts}</td><td>{from}</td></tr>\n"));
    }
    body.push_str("</table>\n");
    for against in results.contradictions_in(members) {
        let (a, b) = (&results.found.members[against.a].id, &results.found.members[against.b].id);
        let (a, b, llr) = (Escaped(a.as_str()), Escaped(b.as_str()), against.evidence.llr.nats());
        push(
            body,
            format_args!(
                "<p class=\"against\">Contradiction: {a} and {b} are not alike by themselves (llr {llr:.1}).</p>\n"
            ),
        );
    }
    let told: Vec<&Pair> = results.pairs_in(members).collect();
    for one in told.iter().take(MOST_PAIRS_DRAWN) {
        pair(body, results, pictures, one);
    }
    if told.len() > MOST_PAIRS_DRAWN {
        let more = told.len() - MOST_PAIRS_DRAWN;
        push(body, format_args!("<p class=\"note\">{more} more pairs of this cluster are in pairs.csv.</p>\n"));
    }
    body.push_str("</section>\n");
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
    ranked.into_iter().take(MOST_DRAWN).map(|(_, compared)| compared).collect()
}

/// Both side by side; nothing where one lies in the gallery, which keeps no pictures.
fn drawing(
    body: &mut String,
    results: &Results<'_>,
    pictures: &mut Pictures,
    (a, b): (&Member, &Member),
    compared: &Compared,
) {
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
    let Instance { position, template } = enrolee.instances.get(instance)?;
    let caption = format!("{} {position}, quality {}", enrolee.id, template.quality().get());
    let (picture, sight) = pictures.of(number, enrolee, instance);
    Some(Shown { template, picture, sight, caption })
}
