use crate::whorl::Folder;

const KEYS: [&str; 20] = [
    "modality",
    "rows",
    "probes",
    "threads",
    "isa",
    "mode",
    "comparisons_per_second",
    "comparisons_per_cpu_second",
    "turned_comparisons_per_second",
    "compared_in_full",
    "probe_ms_p50",
    "probe_ms_p99",
    "mate_recall",
    "hot_bytes_per_row",
    "cold_bytes_per_row",
    "resident_bytes",
    "build_s",
    "open_s",
    "preload_s",
    "preloaded_bytes",
];

#[test]
fn a_scale_run_prints_every_figure_that_was_promised() {
    let size = ["--rows", "3000", "--probes", "4", "--threads", "1", "--json"];
    for more in
        [vec![], vec!["--modality", "iris"], vec!["--modality", "face"], vec!["--exact"], vec!["--isa", "scalar"]]
    {
        let run = Folder::new().whorl(&[["bench", "search"].as_slice(), &size, &more].concat());
        assert_eq!(run.code, 0, "{run:?}");
        let figures = run.json();
        for key in KEYS {
            assert!(figures.get(key).is_some(), "{key}: {figures}");
        }
        assert_eq!((&figures["rows"], &figures["threads"]), (&3000.into(), &1.into()));
        assert!(figures["mate_recall"].as_f64() > Some(0.7), "{figures}");
        assert!(!more.contains(&"scalar") || figures["isa"] == "scalar", "{figures}");
    }
}

#[test]
fn a_scale_run_of_nothing_is_refused() {
    let run = Folder::new().whorl(&["bench", "search", "--rows", "0", "--probes", "1"]);
    assert_eq!(run.code, 3);
    assert!(run.err.contains("rows must be 1 to"), "{}", run.err);
}
