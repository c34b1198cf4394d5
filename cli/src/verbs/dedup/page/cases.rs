//! One cluster or one pair, with what speaks for it.

use whorl_service::Compared;
use whorl_service::deduplicate::{Member, Pair};

use super::super::Results;
use super::super::pictures::Pictures;
use super::push;
use crate::draw::{self, Escaped, Print};

/// Pairs of one cluster that are drawn.
const MOST_PAIRS_DRAWN: usize = 3;

/// Fingers of one pair that are drawn: those that say most.
const MOST_FINGERS_DRAWN: usize = 2;

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
    body.push_str("<table><tr><th>reference</th><th>subject</th><th>fingers</th><th>from</th></tr>\n");
    for &member in members {
        let Member { id, subject, enrolee } = &results.found.members[member];
        let (fingers, from) = match enrolee {
            Some(place) => (results.enrolees[*place].instances.len().to_string(), "the population"),
            None => (String::new(), "the gallery"),
        };
        let (id, subject) = (Escaped(id.as_str()), Escaped(subject));
        push(body, format_args!("<tr><td>{id}</td><td>{subject}</td><td>{fingers}</td><td>{from}</td></tr>\n"));
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

/// A pair: its evidence finger by finger, and the fingers that say most, drawn.
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
    body.push_str("<table><tr><th>finger</th><th>with</th><th>raw</th><th>llr</th></tr>\n");
    for Compared { score, .. } in &evidence.instances {
        let (raw, llr) = (score.similarity.get(), score.llr.nats());
        push(
            body,
            format_args!(
                "<tr><td>{}</td><td>{}</td><td>{raw}</td><td>{llr:.2}</td></tr>\n",
                score.probe, score.reference
            ),
        );
    }
    body.push_str("</table>\n<div class=\"prints\">\n");
    let mut strongest: Vec<&Compared> = evidence.instances.iter().collect();
    strongest.sort_by_key(|compared| std::cmp::Reverse(compared.score.similarity));
    for compared in strongest.into_iter().take(MOST_FINGERS_DRAWN) {
        drawing(body, results, pictures, (a, b), compared);
    }
    body.push_str("</div>\n");
}

/// Both fingers side by side; nothing where one lies in the gallery, which keeps no pictures.
fn drawing(
    body: &mut String,
    results: &Results<'_>,
    pictures: &mut Pictures,
    (a, b): (&Member, &Member),
    compared: &Compared,
) {
    let (Some(probe), Some(reference)) =
        (print(results, pictures, a.enrolee, compared.probe), print(results, pictures, b.enrolee, compared.reference))
    else {
        return;
    };
    let matched = results.engine.matched_minutiae(probe.template, reference.template);
    body.push_str(&draw::pair(&probe, &reference, &matched).inline());
}

fn print<'a>(
    results: &'a Results<'_>,
    pictures: &mut Pictures,
    enrolee: Option<usize>,
    finger: usize,
) -> Option<Print<'a>> {
    let number = enrolee?;
    let enrolee = &results.enrolees[number];
    let instance = enrolee.instances.get(finger)?;
    let template = &instance.template;
    let caption = format!("{} {}, quality {}", enrolee.id, instance.position, template.quality().get());
    Some(Print { template, picture: pictures.of(number, enrolee, finger), caption })
}
