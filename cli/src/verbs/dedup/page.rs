//! `report.html`: one page that needs nothing else.

mod cases;
mod head;

use std::fmt::Write;

use whorl_service::Watch;
use whorl_service::deduplicate::{Finding, Pair};

use super::Results;
use super::pictures::Pictures;
use super::summary::Summary;
use crate::console::LeftOutItem;
use crate::draw::Escaped;

/// Clusters that are drawn; the files list all.
const MOST_CLUSTERS: usize = 100;

/// Pairs outside clusters that are drawn, of each kind.
const MOST_PAIRS: usize = 40;

/// Rows of the table of what was left out.
const MOST_LEFT_OUT: usize = 200;

/// The whole page.
pub(super) fn page(results: &Results<'_>, summary: &Summary, watch: &dyn Watch) -> String {
    let mut pictures = Pictures::default();
    let mut body = head::head(summary);
    clusters(&mut body, results, &mut pictures, watch);
    let with = |finding| results.found.pairs.iter().filter(move |pair| pair.finding == finding).collect();
    let shown: [(Vec<&Pair>, &str, &str); 3] = [
        (
            results.to_adjudicate(),
            "For a human to look at",
            "Different subjects, near enough that a person must decide.",
        ),
        (
            with(Finding::Mixed),
            "One finger, eye or face agrees, the others do not",
            "A sample filed under the wrong name, or enrolments that mix people.",
        ),
        (
            with(Finding::Contradicted),
            "Encounters that contradict their subject",
            "Filed under one subject, and the samples say two persons: look for swapped files or labels.",
        ),
    ];
    for (found, title, meaning) in shown {
        pairs(&mut body, results, &mut pictures, (&found, title, meaning));
    }
    left_out(&mut body, results);
    body += &head::reading(results, summary, &pictures.note());
    let style = concat!(include_str!("page.css"), include_str!("../../draw/style.css"));
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Deduplication report</title>\n\
         <style>\n{style}</style>\n</head>\n<body>\n{}<main>\n{body}</main>\n</body>\n</html>\n",
        pictures.definitions()
    )
}

/// The clusters of several subjects, strongest first.
fn clusters(body: &mut String, results: &Results<'_>, pictures: &mut Pictures, watch: &dyn Watch) {
    let mut several: Vec<(usize, &Vec<usize>)> = results.found.clusters.iter().enumerate().collect();
    several.retain(|(_, members)| results.subjects_of(members).len() > 1);
    watch.begin("drawing", several.len().min(MOST_CLUSTERS));
    push(body, format_args!("<h2>Clusters: one person under several names</h2>\n"));
    if several.is_empty() {
        body.push_str("<p>None.</p>\n");
    }
    pictures.share_among(several.len().min(MOST_CLUSTERS));
    for (number, members) in several.iter().take(MOST_CLUSTERS) {
        cases::cluster(body, results, pictures, (*number, members));
        watch.advance(1);
    }
    if several.len() > MOST_CLUSTERS {
        let more = several.len() - MOST_CLUSTERS;
        push(body, format_args!("<p class=\"note\">{more} more clusters are in clusters.csv.</p>\n"));
    }
}

/// Pairs that somebody should see.
fn pairs(
    body: &mut String,
    results: &Results<'_>,
    pictures: &mut Pictures,
    (found, title, meaning): (&[&Pair], &str, &str),
) {
    if found.is_empty() {
        return;
    }
    push(body, format_args!("<h2>{title}</h2>\n<p>{meaning}</p>\n"));
    for pair in found.iter().take(MOST_PAIRS) {
        body.push_str("<section class=\"case\">\n");
        cases::pair(body, results, pictures, pair);
        body.push_str("</section>\n");
    }
    if found.len() > MOST_PAIRS {
        push(body, format_args!("<p class=\"note\">{} more are in pairs.csv.</p>\n", found.len() - MOST_PAIRS));
    }
}

fn left_out(body: &mut String, results: &Results<'_>) {
    let omissions = &results.omissions;
    push(body, format_args!("<h2>Left out: {}</h2>\n", omissions.len()));
    if omissions.is_empty() {
        body.push_str("<p>Nothing: every row of the manifest took part.</p>\n");
        return;
    }
    body.push_str("<table><tr><th>line</th><th>what</th><th>reason</th><th>detail</th></tr>\n");
    for LeftOutItem { line, what, reason, detail } in omissions.iter().take(MOST_LEFT_OUT).map(LeftOutItem::from) {
        let line = line.map_or_else(String::new, |line| line.to_string());
        let (what, detail) = (Escaped(&what), Escaped(&detail));
        push(body, format_args!("<tr><td>{line}</td><td>{what}</td><td>{reason}</td><td>{detail}</td></tr>\n"));
    }
    body.push_str("</table>\n");
    if omissions.len() > MOST_LEFT_OUT {
        let more = omissions.len() - MOST_LEFT_OUT;
        push(body, format_args!("<p class=\"note\">{more} more are in left-out.csv.</p>\n"));
    }
}

/// Appends to a text, which cannot fail.
fn push(body: &mut String, piece: std::fmt::Arguments<'_>) {
    body.write_fmt(piece).expect("writing to a string does not fail");
}

/// What the drawings mean.
fn legend() -> &'static str {
    "On prints rings are ridge endings, squares are bifurcations, ticks show their direction; coloured lines join the minutiae \
     that the comparison matched, and what nothing answers is pale. On eyes yellow is the edge of the pupil and green that of \
     the iris; below them are both irises unwrapped, and between those what agrees."
}
