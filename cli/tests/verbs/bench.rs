use crate::whorl::Folder;

const KEYS: [&str; 29] = [
    "modality",
    "fingers",
    "irises",
    "faces",
    "persons",
    "rows",
    "probes",
    "threads",
    "isa",
    "at_rest",
    "mode",
    "comparisons_per_second",
    "comparisons_per_cpu_second",
    "turned_comparisons_per_second",
    "persons_per_second",
    "persons_per_cpu_second",
    "compared_in_full",
    "probe_ms_p50",
    "probe_ms_p99",
    "mate_recall",
    "hot_bytes_per_row",
    "cold_bytes_per_row",
    "hot_bytes_per_person",
    "cold_bytes_per_person",
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
    assert!(run.err.contains("persons must be 1 to"), "{}", run.err);
    let run = Folder::new().whorl(&["bench", "search", "--rows", "9", "--probes", "1", "--fingers", "0"]);
    assert_eq!(run.code, 3);
    assert!(run.err.contains("cannot be found"), "{}", run.err);
}

#[test]
fn persons_of_several_modalities_are_searched_for_together() {
    let size = ["--fingers", "2", "--irises", "2", "--faces", "1", "--persons", "0.3k", "--probes", "4", "--json"];
    let run = Folder::new().whorl(&[["bench", "search"].as_slice(), &size].concat());
    assert_eq!(run.code, 0, "{run:?}");
    let figures = run.json();
    assert_eq!((&figures["persons"], &figures["rows"]), (&300.into(), &1500.into()));
    assert_eq!((&figures["modality"], &figures["mate_recall"]), (&"fingerprint+iris+face".into(), &1.0.into()));
}

#[test]
fn enrolments_are_acknowledged_when_they_are_durable_and_are_all_there() {
    let run = Folder::new().whorl(&["bench", "enrol", "--references", "50", "--writers", "4", "--json"]);
    assert_eq!(run.code, 0, "{run:?}");
    let figures = run.json();
    assert_eq!((&figures["templates"], &figures["verified"]), (&650.into(), &true.into()));
    for key in ["templates_per_second", "ack_ms_p50", "ack_ms_p99", "written_bytes_per_template", "settle_s"] {
        assert!(figures[key].as_f64() > Some(0.0), "{key}: {figures}");
    }
    let words = Folder::new().whorl(&["bench", "enrol", "--modality", "iris", "--references", "20"]);
    assert!(words.out.contains("20 persons with 20 templates (iris)"), "{}", words.out);
}

#[test]
fn a_gallery_that_is_restarted_in_a_named_folder_stays_there() {
    let folder = Folder::new();
    let restart = ["bench", "restart", "--persons", "100", "--journal-mib", "1", "--folder", ".", "--json"];
    for reused in [false, true] {
        let run = folder.whorl(&restart);
        assert_eq!(run.code, 0, "{run:?}");
        let figures = run.json();
        assert_eq!((&figures["reused"], &figures["persons"]), (&reused.into(), &100.into()));
        assert_eq!(figures["settled"]["journal_bytes"], 0);
        assert!(figures["replaying"]["journal_bytes"].as_u64() >= Some(1 << 20), "{figures}");
        assert!(figures["replaying"]["open_s"].as_f64() > Some(0.0), "{figures}");
    }
    assert!(folder.path("gallery/MANIFEST").exists());
}

#[test]
fn a_plan_says_what_is_needed_how_it_follows_and_what_it_leaves_out() {
    let asked = ["plan", "--persons", "60M", "--enrolments-per-day", "100k", "--latency", "5m", "--effort", "2"];
    let prices = ["--price-core-hour", "0.02", "--price-gib-month", "1.5", "--irises", "2", "--faces", "1"];
    let run = Folder::new().whorl(&[asked.as_slice(), &prices, &["--json"]].concat());
    assert_eq!(run.code, 0, "{run:?}");
    let plan = run.json();
    assert_eq!((&plan["demand"]["persons"], &plan["demand"]["latency_s"]), (&60e6.into(), &300.0.into()));
    for key in ["cores", "memory_gib", "disk_gib", "cost_per_month"] {
        assert!(plan[key].as_f64() > Some(0.0), "{key}: {plan}");
    }
    for key in ["steps", "assumed", "not_modelled"] {
        assert!(plan[key].as_array().is_some_and(|list| list.len() > 3), "{key}: {plan}");
    }
    let words = Folder::new().whorl(&[asked.as_slice(), &["--modality", "face"]].concat());
    for part in ["cores", "ROUGH", "How that follows:", "work of a search", "Assumed:", "Not in here:"] {
        assert!(words.out.contains(part), "{part}: {}", words.out);
    }
}

#[test]
fn numbers_that_a_plan_cannot_read_are_refused_with_what_to_write() {
    let plan = |persons, latency, peak| {
        let asked = ["plan", "--persons", persons, "--enrolments-per-day", "1", "--latency", latency, "--peak", peak];
        Folder::new().whorl(&asked)
    };
    for (persons, latency, word) in [("60m", "5m", "60M"), ("many", "5m", "100k"), ("60M", "5", "250ms")] {
        let run = plan(persons, latency, "1");
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.err.contains(word), "{}", run.err);
    }
    let run = plan("60M", "5m", "0.5");
    assert_eq!(run.code, 3);
    assert!(run.err.contains("the peak must be 1 to 1000"), "{}", run.err);
}

#[test]
fn a_server_is_asked_by_clients_and_held_against_the_library() {
    let size = ["--persons", "200", "--probes", "8", "--clients", "2", "--enrolments", "4", "--threads", "1", "--json"];
    let run = |more: &[&str]| Folder::new().whorl(&[["bench", "server"].as_slice(), &size, more].concat());
    let encrypted = run(&["--tls"]);
    assert_eq!((encrypted.code, &encrypted.json()["tls"]), (0, &true.into()), "{encrypted:?}");
    let run = run(&[]);
    assert_eq!(run.code, 0, "{run:?}");
    let figures = run.json();
    assert_eq!(figures["tls"], false);
    for key in ["verify_template", "verify_image", "identify", "enrol"] {
        assert!(figures[key]["ms_p50"].as_f64() <= figures[key]["ms_p99"].as_f64(), "{key}: {figures}");
    }
    for key in ["clients", "stream", "library"] {
        assert!(figures[format!("identifications_{key}")]["per_second"].as_f64() > Some(0.0), "{key}: {figures}");
    }
    assert!(figures["overhead_clients"]["time"].is_number() && figures["enrolments"]["per_second"].is_number());
    assert_eq!(figures["modality"], "iris+face");
}
