//! Against the closed formulae, worked out by hand, and Keras's own walk through `ReduceLROnPlateau`.

use serde_json::json;

use super::*;
use crate::json;

fn schedule(value: &serde_json::Value) -> LearningRateSchedule {
    let schedule: LearningRateSchedule = json::read(value).expect("a schedule");
    schedule.validate().expect("valid");
    schedule
}

/// Rates of the steps after so many, with a target of 0.1.
fn assert_rates(value: &serde_json::Value, want: &[(u32, f64)]) {
    let schedule = schedule(value);
    for &(done, want) in want {
        let got = schedule.rate(0.1, done);
        assert!((got - want).abs() <= 1e-15, "{value} after {done} steps: {got}, not {want}");
    }
}

#[test]
fn a_constant_rate_stays() {
    assert_rates(&json!({ "class": "Constant" }), &[(0, 0.1), (1_000_000, 0.1)]);
}

#[test]
fn a_staircase_moves_every_decay_steps() {
    let value =
        json!({ "class": "ExponentialDecay", "decay_steps": 10, "decay_rate": 0.5, "staircase": true });
    assert_rates(&value, &[(0, 0.1), (9, 0.1), (10, 0.05), (19, 0.05), (20, 0.025), (100, 0.1 / 1024.0)]);
}

#[test]
fn without_a_staircase_every_step_shrinks_the_rate() {
    let value = json!({ "class": "ExponentialDecay", "decay_steps": 10, "decay_rate": 0.25 });
    assert_rates(&value, &[(0, 0.1), (5, 0.05), (10, 0.025), (15, 0.0125), (20, 0.00625)]);
}

#[test]
fn a_cosine_falls_to_alpha_and_stays() {
    let third = 0.1 * 0.75; // cos 60° = 1/2
    let value = json!({ "class": "CosineDecay", "decay_steps": 30 });
    assert_rates(&value, &[(0, 0.1), (10, third), (15, 0.05), (20, 0.025), (30, 0.0), (99, 0.0)]);
    let value = json!({ "class": "CosineDecay", "decay_steps": 30, "alpha": 0.2 });
    assert_rates(&value, &[(0, 0.1), (10, 0.1 * (0.8 * 0.75 + 0.2)), (15, 0.06), (30, 0.02), (99, 0.02)]);
}

#[test]
fn a_warm_up_rises_to_the_target_and_the_decay_counts_from_its_end() {
    let value = json!({
        "class": "CosineDecay", "decay_steps": 30, "warmup_steps": 4, "initial_learning_rate": 0.02
    });
    assert_rates(&value, &[(0, 0.02), (1, 0.04), (3, 0.08), (4, 0.1), (14, 0.075), (34, 0.0)]);
    let value = json!({ "class": "Constant", "warmup_steps": 5 });
    assert_rates(&value, &[(0, 0.0), (1, 0.02), (4, 0.08), (5, 0.1), (50, 0.1)]);
    let value = json!({
        "class": "ExponentialDecay", "decay_steps": 3, "decay_rate": 0.1, "staircase": true, "warmup_steps": 2
    });
    assert_rates(&value, &[(1, 0.05), (2, 0.1), (4, 0.1), (5, 0.01), (8, 0.001)]);
}

/// Target rates after epochs with these losses.
fn walk(plateau: Plateau, losses: &[f64]) -> Vec<f64> {
    let (mut monitor, mut rate) = (Monitor::default(), 1.0);
    let mut after = |&loss: &f64| {
        rate = plateau.observe(&mut monitor, loss, rate);
        rate
    };
    losses.iter().map(&mut after).collect()
}

#[test]
fn a_plateau_shrinks_the_rate_after_its_patience() {
    let plateau = Plateau { factor: 0.5, patience: 2, ..Plateau::default() };
    // An improvement by less than min_delta is none.
    let losses = [3.0, 2.0, 2.0, 1.99995, 1.5, 1.6, 1.4, 1.4, 1.4, 1.4, 1.4];
    let want = [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.125];
    assert_eq!(walk(plateau, &losses), want);
}

#[test]
fn epochs_of_the_cooldown_do_not_count_against_the_patience() {
    let plateau = Plateau { factor: 0.5, patience: 2, cooldown: 2, ..Plateau::default() };
    // Keras counts the cooldown down before it looks: its last epoch counts against the patience again.
    let want = [1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125];
    assert_eq!(walk(plateau, &[1.0; 9]), want);
}

#[test]
fn reductions_end_at_min_lr_and_a_loss_that_is_no_number_is_no_improvement() {
    let plateau = Plateau { factor: 0.1, patience: 1, min_lr: 0.05, ..Plateau::default() };
    assert_eq!(walk(plateau, &[1.0, f64::NAN, f64::NAN, 1.0]), [1.0, 0.1, 0.05, 0.05]);
}

#[test]
fn what_cannot_be_trained_with_is_named() {
    for (value, part) in [
        (json!({ "class": "Cosine" }), "unknown schedule Cosine"),
        (json!({ "class": "CosineDecay" }), "missing field `decay_steps`"),
        (json!({ "class": "CosineDecay", "decay_steps": 0 }), "decay_steps is 0"),
        (json!({ "class": "CosineDecay", "decay_steps": 1, "alpha": 2 }), "alpha is 2"),
        (json!({ "class": "ExponentialDecay", "decay_steps": 1, "decay_rate": 0 }), "decay_rate is 0"),
        (json!({ "class": "ReduceLROnPlateau", "factor": 1 }), "factor is 1"),
        (json!({ "class": "ReduceLROnPlateau", "min_lr": -1 }), "min_lr is -1"),
        (json!({ "class": "Constant", "initial_learning_rate": -1 }), "initial_learning_rate is -1"),
        (json!({ "class": "Constant", "patience": 3 }), "unknown field `patience`"),
    ] {
        let schedule = json::read::<LearningRateSchedule>(&value);
        let error = schedule.and_then(|schedule| schedule.validate()).expect_err("cannot work").to_string();
        assert!(error.contains(part), "{value}: {error}");
    }
}
