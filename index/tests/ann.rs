//! Searches by an index where there is none, or no faiss to have one.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod population;

use std::sync::Arc;

use population::reference;
use tempfile::TempDir;
use whorl_index::{Files, Gallery, Limits, Mode, SearchError, Shortlist};
use whorl_types::{LogLikelihoodRatio, Position};

fn gallery() -> (TempDir, Files, Gallery) {
    let directory = tempfile::tempdir().unwrap();
    let files = Files::new(directory.path());
    let gallery = Gallery::create(Arc::new(files.clone())).unwrap();
    gallery.enrol(vec![reference("ada", &[Position::Face])]).unwrap();
    (directory, files, gallery)
}

#[test]
fn a_search_by_an_index_that_was_not_opened_is_refused() {
    let (_directory, _, gallery) = gallery();
    let limits = Limits { mode: Mode::Ann(Shortlist::default()), ..Limits::default() };
    let probe = reference("ada", &[Position::Face]).templates;
    let refused = gallery.snapshot().identify_batch(&[probe], &limits, &|_| LogLikelihoodRatio::NEUTRAL);
    assert_eq!(refused, Err(SearchError::NoIndex));
}

#[cfg(not(feature = "faiss"))]
#[test]
fn without_the_feature_it_is_named_as_what_is_missing() {
    use whorl_index::{AnnError, AnnIndex, AnnKind};

    let (_directory, files, gallery) = gallery();
    let built = AnnIndex::build(&gallery.snapshot(), &files, AnnKind::HNSW).unwrap_err();
    let opened = gallery.snapshot().with_index(&files).unwrap_err();
    for error in [built, opened] {
        assert!(matches!(error, AnnError::Unavailable));
        assert!(error.to_string().contains("--features faiss"), "{error}");
    }
}
