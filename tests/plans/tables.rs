//! Plans whose kernels a table chooses, as after measuring.

use std::collections::BTreeMap;
use std::sync::Arc;

use cnn_playground::graph::Graph;
use cnn_playground::plan::{AdapterKind, Choice, Plan, PlanOptions, Table, plan};
use proptest::prelude::*;

use crate::{options, random, registered, simulator};

/// Any of what each place could have taken.
fn any_table(plan: &Plan, seed: u64) -> Table {
    let mut table = Table::default();
    for (at, pick) in (0..).zip(&plan.picks) {
        let number = (seed ^ at).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33;
        table.set(&pick.key, pick.candidates[number as usize % pick.candidates.len()].name);
    }
    table
}

fn planned(graph: &Graph, training: bool, choice: Choice) -> Plan {
    plan(graph, PlanOptions { choice, ..options(graph, training) })
}

fn tuned(graph: &Graph, training: bool, table: &Table) -> Plan {
    planned(graph, training, Choice::Tuned(AdapterKind::Gpu, Arc::new(table.clone())))
}

/// What decides which bits come out.
fn kernels(plan: &Plan) -> Vec<String> {
    let of = |d: &cnn_playground::plan::Dispatch| {
        format!("{} {} {:?} {:?}", d.kernel.shader.file, d.kernel.entry_point, d.constants, d.workgroups)
    };
    plan.dispatches.iter().map(of).collect()
}

/// Whether a plan by any table is sound, and the same each time.
fn check(graph: &Graph, seed: u64) -> Result<(), String> {
    for training in [false, true] {
        let expected = planned(graph, training, Choice::Expected(AdapterKind::Gpu));
        let table = any_table(&expected, seed);
        let plan = tuned(graph, training, &table);
        simulator::check(&plan)?;
        for pick in &plan.picks {
            let range = plan.picked(&pick.key).ok_or("what was picked has dispatches")?;
            if range.is_empty() || plan.dispatches[range.start].layer.is_none() {
                return Err(format!("{}: dispatches {range:?}", pick.key));
            }
        }
        if kernels(&plan) != kernels(&tuned(graph, training, &table)) {
            return Err("the same table gave other kernels".to_owned());
        }
        // Nothing known is the same as what is expected.
        if kernels(&expected) != kernels(&tuned(graph, training, &Table::default())) {
            return Err("an empty table chooses".to_owned());
        }
    }
    Ok(())
}

#[test]
fn registered_networks_are_sound_with_tables_of_random_choices() {
    for name in ["lenet", "alexnet_32", "vgg_bn_32", "resnet8"] {
        for seed in 0..2 {
            check(&registered(name), seed).unwrap_or_else(|error| panic!("{name} with seed {seed}: {error}"));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn random_networks_are_sound_with_tables_of_random_choices(network in random::network(), seed: u64) {
        prop_assert_eq!(check(&random::graph(&network), seed), Ok(()), "{:?}", network);
    }
}

#[test]
fn shapes_that_are_the_same_are_measured_once_and_the_longest_work_first() {
    let graph = registered("resnet20");
    let plan = planned(&graph, true, Choice::Expected(AdapterKind::Software));
    let shapes = plan.tunables(&graph);
    let mut layers = BTreeMap::new();
    for pick in &plan.picks {
        layers.entry(&pick.key).or_insert_with(Vec::new).push(pick.layer);
        assert!(pick.key.is_ascii() && !pick.key.contains(['\n', '=']), "{}", pick.key);
    }
    assert!(shapes.len() > 5 && shapes.len() < plan.picks.len() / 2, "{} shapes", shapes.len());
    for shape in &shapes {
        assert_eq!(shape.layers, layers[&shape.key], "{}", shape.key);
        let costs: Vec<_> = shape.candidates.iter().map(|&(_, seconds)| seconds).collect();
        assert!(
            costs.len() > 1 && costs.is_sorted() && costs[costs.len() - 1] <= 3.0 * costs[0],
            "{costs:?}"
        );
    }
    let all = |at: usize| shapes[at].candidates[0].1 * shapes[at].layers.len() as f64;
    assert!((1..shapes.len()).all(|at| all(at) <= all(at - 1)));
    // Kernels that were asked for by name are not for measuring.
    assert!(planned(&graph, true, Choice::Plain).tunables(&graph).is_empty());
}

#[test]
fn discrete_gpus_alone_are_expected_to_share_tiles_and_only_of_large_layers() {
    let shares = |name: &str, kind| {
        let plan = planned(&registered(name), true, Choice::Expected(kind));
        plan.dispatches.iter().filter(|d| d.kernel.shader.file.ends_with("_shared.wgsl")).count()
    };
    for kind in [AdapterKind::Software, AdapterKind::Gpu] {
        assert_eq!(shares("resnet50_imagenet", kind), 0, "{kind:?}");
    }
    assert_eq!(shares("lenet", AdapterKind::Discrete), 0);
    let large = shares("resnet50_imagenet", AdapterKind::Discrete);
    assert!(large > 40, "{large}");
}
