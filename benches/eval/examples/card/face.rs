//! The card of faces.

mod float;
mod held_out;

use std::io;
use std::path::Path;

use whorl_eval::{Faces, Protocol, Report};

use crate::table::{Columns, percent, report, versions};
use float::FloatFaces;
use held_out::HeldOut;

const ABOUT: &str = "\
# Accuracy card: faces, by the model that ships

**The embedded networks are a default that needs no download, not a claim.** They are small, learnt from 7,000 pictures of public
figures, and know few kinds of people; `extractors/face/training/README.md` says what they learnt from. A face alone should not
decide who is a duplicate: the calibration says so by itself. An authority brings its own licensed network (`whorl models`).

Every row is what `whorl eval --modality face` reports of that set, in per cent, with 90 % intervals by persons drawn again. A sample
that gives no template (FTA: no face, or one that the gate or a quality check refuses) counts as a non-match everywhere. A dash: the
corpus has too few non-mated comparisons to say.

This page is printed by `WHORL_DATA=../shared/data cargo run --release -p whorl-eval --example card -- face`.";

/// Prints the card of the sets in the folder `data`.
pub(crate) fn print(data: &Path) -> io::Result<()> {
    println!("{ABOUT}\n");
    let scratch = tempfile::tempdir()?;
    let held_out = HeldOut::write(data, scratch.path())?;
    let faces = Faces::default();
    println!("## Persons that no network was trained on\n");
    println!(
        "ORL as a whole, the last fifth of CelebA's persons, and everybody in the pairs of fold 5 of LFW. CelebA is taken in the \
         wild; some 3 % of its pictures show somebody else, a shoulder, or nothing.\n"
    );
    let columns = Columns { fnmr_at: ["1e-2", "1e-3", "1e-4"] };
    columns.print_head();
    let mut reports = Vec::new();
    for (name, manifest) in held_out.manifests() {
        let of_set = report(&faces, manifest, &Protocol::AllPairs)?;
        columns.print_row(name, &of_set);
        reports.push(of_set);
    }
    println!("\n{}\n", versions(&reports[0]));
    print_pairs(data, &faces, &held_out)?;
    print_acquisition(data, &faces, &held_out)?;
    print_quantisation(&reports, &held_out)
}

/// The pairs of LFW.
fn print_pairs(data: &Path, faces: &Faces, held_out: &HeldOut) -> io::Result<()> {
    println!("## Pairs of LFW\n");
    println!(
        "The official pairs as far as both pictures are at hand, grey and cut tight. Of the fold of strangers the threshold comes from \
         the other four fifths of its own pairs; in the second row persons of folds 1 to 4 were learnt from, so that its figure is \
         no forecast.\n"
    );
    println!("| pairs | comparisons | FTA | accuracy | EER |\n|---|--:|--:|--:|--:|");
    let all = data.join("face-lfw-pairs.csv");
    for (name, pairs) in [("fold 5, strangers", &held_out.pairs), ("folds 1 to 5, each by the others' threshold", &all)]
    {
        let report = report(faces, &data.join("face-lfw.csv"), &Protocol::Pairs(pairs.clone()))?;
        let Report { genuine, impostor, fta, accuracy, eer, .. } = report;
        let [fta, accuracy, eer] = [Some(fta), accuracy, eer].map(percent);
        println!("| {name} | {} | {fta} | {accuracy} | {eer} |", genuine + impostor);
    }
    println!();
    Ok(())
}

/// What gives no template, and why.
fn print_acquisition(data: &Path, faces: &Faces, held_out: &HeldOut) -> io::Result<()> {
    println!("## Failure to acquire\n");
    println!("Of all pictures of a set, learnt from or not.\n");
    println!("| set | pictures | a template, per cent | refused |\n|---|--:|--:|---|");
    for set in ["lfw", "celeba", "orl"] {
        let none = Protocol::Pairs(held_out.no_pairs.clone());
        let report = report(faces, &data.join(format!("face-{set}.csv")), &none)?;
        let refused: Vec<String> =
            report.failures_by_reason.iter().map(|(reason, count)| format!("{reason} {count}")).collect();
        println!("| {set} | {} | {} | {} |", report.samples, percent(Some(1.0 - report.fta)), refused.join(", "));
    }
    println!();
    Ok(())
}

/// What the embedding loses by being kept in bytes.
fn print_quantisation(reports: &[Report], held_out: &HeldOut) -> io::Result<()> {
    println!("## What int8 costs\n");
    println!("The same comparisons with the embeddings as the network gives them, in 32-bit floating point.\n");
    println!("| set | FNMR at FMR 1e-3, int8 | FNMR at FMR 1e-3, float | int8 loses, points |\n|---|--:|--:|--:|");
    for ((name, manifest), int8) in held_out.manifests().into_iter().zip(reports) {
        let float = report(&FloatFaces::default(), manifest, &Protocol::AllPairs)?;
        let rates = [int8, &float].map(|report| report.fnmr_at_fmr.get("1e-3").copied().flatten());
        let lost = rates[0]
            .zip(rates[1])
            .map_or_else(|| "–".to_owned(), |(int8, float)| format!("{:.2}", (int8 - float) * 100.0));
        println!("| {name} | {} | {} | {lost} |", percent(rates[0]), percent(rates[1]));
    }
    Ok(())
}
