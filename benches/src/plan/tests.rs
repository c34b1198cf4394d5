use whorl_types::Modality;

use super::rates::ModalityRate;
use super::*;

fn rates() -> Rates {
    let rate = |modality, one_core, hot_bytes, cold_bytes| ModalityRate {
        modality,
        rows: 1_000,
        one_core,
        each_of_all: one_core * 2.0,
        in_full: 0.05,
        in_full_one_core: 1e5,
        passing: 0.05,
        hot_bytes,
        cold_bytes,
    };
    Rates {
        processor: None,
        load: None,
        threads: 2,
        percent: 100,
        modalities: vec![
            rate(Modality::Fingerprint, 4e6, 1_500.0, 3_000.0),
            rate(Modality::Iris, 20e6, 160.0, 1_200.0),
            rate(Modality::Face, 50e6, 64.0, 600.0),
        ],
        durable_persons_per_second: 400.0,
        journal_bytes_per_person: 40_000.0,
    }
}

fn demand() -> Demand {
    Demand {
        composition: Composition::WHOLE,
        persons: 60e6,
        enrolments_per_day: 86_400.0,
        latency_s: 300.0,
        peak: 2.0,
        utilisation: 0.5,
        copies: 1.0,
    }
}

fn planned(demand: Demand) -> Plan {
    plan(demand, rates(), Prices::default()).unwrap()
}

fn figure(plan: &Plan, name: &str) -> f64 {
    plan.steps.iter().find(|step| step.name == name).unwrap_or_else(|| panic!("{name} is not told")).value
}

#[test]
fn cores_follow_from_the_rate_where_the_latency_is_long() {
    let plan = planned(demand());
    // 2 x 60 M / 4 M + 2 x 60 M / 20 M + 60 M / 50 M: of ten fingers two are scanned.
    let work = 30.0 + 6.0 + 1.2;
    assert!((figure(&plan, "work of a search") - work).abs() < 1e-9);
    assert!((figure(&plan, "searches at the peak") - 2.0).abs() < 1e-9);
    assert!((plan.cores - (2.0 * work / 0.5_f64).ceil()).abs() < 1e-9, "{plan:?}");
}

#[test]
fn rows_that_pass_in_earnest_only_cost_what_a_full_comparison_does() {
    let mut rates = rates();
    rates.modalities[0].passing = 0.07;
    let plan = plan(demand(), rates, Prices::default()).unwrap();
    // Each finger's row costs 2 % of 10 us more.
    let work = 30.0 + 120e6 * 0.02 / 1e5 + 6.0 + 1.2;
    assert!((figure(&plan, "work of a search") - work).abs() < 1e-6, "{plan:?}");
}

#[test]
fn cores_follow_from_the_latency_where_it_is_short_and_then_suffice_for_it() {
    for latency_s in [0.25, 0.5, 1.0, 2.0] {
        let plan = planned(Demand { latency_s, ..demand() });
        assert!(plan.cores > figure(&plan, "cores for the rate").ceil() + 1.0, "{plan:?}");
        let tail = figure(&plan, "99 of 100 searches within");
        assert!(tail <= latency_s && tail > latency_s * 0.98, "{tail} of {latency_s}");
    }
}

#[test]
fn twice_the_persons_need_twice_the_work_the_memory_and_the_disk() {
    let (one, two) = (planned(demand()), planned(Demand { persons: 120e6, ..demand() }));
    assert!((figure(&two, "work of a search") / figure(&one, "work of a search") - 2.0).abs() < 1e-9);
    assert!((two.memory_gib / one.memory_gib - 2.0).abs() < 1e-9);
    assert!((two.disk_gib / one.disk_gib - 2.0).abs() < 0.01);
}

#[test]
fn candidates_are_held_in_memory_where_disks_cannot_be_read_so_fast() {
    let busy = planned(demand());
    let all = 60e6 * (15_000.0 + 320.0 + 64.0 + 30_000.0 + 2_400.0 + 600.0 + 64.0) * 1.2 / GIB;
    assert!((busy.memory_gib - all).abs() < 1e-6, "{busy:?}");
    let calm = planned(Demand { enrolments_per_day: 10.0, latency_s: 1.0, ..demand() });
    assert!((calm.memory_gib - 60e6 * 3_384.0 * 1.2 / GIB).abs() < 1e-6, "{calm:?}");
}

#[test]
fn copies_and_prices_multiply() {
    let one = planned(demand());
    assert_eq!(one.cost_per_month, None);
    let prices = Prices { core_hour: Some(0.02), memory_gib_month: Some(2.0), disk_gib_month: None };
    let two = plan(Demand { copies: 2.0, ..demand() }, rates(), prices).unwrap();
    assert!((two.cores - one.cores * 2.0).abs() < 1e-9);
    let due = two.cores * 0.02 * 730.0 + two.memory_gib * 2.0;
    assert!((two.cost_per_month.unwrap() - due).abs() < 1e-6);
}

#[test]
fn the_journal_is_held_against_what_becomes_durable() {
    assert!((figure(&planned(demand()), "the journal at the peak") - 2.0 / 400.0 * 100.0).abs() < 1e-9);
}

#[test]
fn numbers_that_no_demand_has_are_refused_by_name() {
    let refused = |demand| plan(demand, rates(), Prices::default()).unwrap_err().to_string();
    assert_eq!(refused(Demand { utilisation: 1.0, ..demand() }), "the utilisation must be over 0 and below 1, not 1");
    for (number, what) in [(0.0, "persons"), (f64::NAN, "persons")] {
        assert!(refused(Demand { persons: number, ..demand() }).starts_with(what));
    }
    assert!(refused(Demand { latency_s: 0.0, ..demand() }).starts_with("the latency"));
    assert!(refused(Demand { peak: 0.5, ..demand() }).starts_with("the peak"));
    let prices = Prices { core_hour: Some(-1.0), ..Prices::default() };
    assert!(plan(demand(), rates(), prices).unwrap_err().to_string().starts_with("a price"));
}

#[test]
fn every_figure_says_how_it_came_about_and_what_was_left_out_is_told() {
    let plan = planned(demand());
    assert!(plan.steps.iter().all(|step| !step.formula.is_empty() && step.value.is_finite()), "{plan:?}");
    assert!(plan.assumed.len() > 3 && plan.not_modelled.iter().any(|what| what.contains("one machine")));
}
