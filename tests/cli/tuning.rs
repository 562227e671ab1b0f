//! `--tune`: kernels that were measured.

use super::{assert_usage, path, run, scratch, text};
use serde_json::Value;

/// Standard error, and what the last line of `--json` says of the losses.
fn train(more: &[&str]) -> (String, f64) {
    let output = run(&[&["train", "lenet", "--epochs", "1", "--batch", "64", "--json"], more].concat());
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{err}");
    let last: Value = serde_json::from_str(out.lines().last().expect("lines")).expect("JSON");
    (err, last["loss"].as_f64().expect("a loss"))
}

#[test]
fn what_was_measured_is_remembered_and_trains_the_same() {
    let folder = scratch("tuning");
    let file = path(&folder, "new/tuning.json");
    let (said, tuned) = train(&["--tuning", &file]);
    assert!(said.contains(" shapes measured in "), "{said}");
    let (said, again) = train(&["--tuning", &file]);
    assert!(said.contains("kernels as measured before"), "{said}");
    assert_eq!(tuned.to_bits(), again.to_bits(), "the same table, the same bits");
    let (said, expected) = train(&["--deterministic"]);
    assert!(!said.contains("note"), "{said}");
    assert!((tuned - expected).abs() < 0.02 * expected, "{tuned} and {expected}");
    assert_eq!(expected.to_bits(), train(&[]).1.to_bits());

    let report = run(&["bench", "dense", "--batch", "8", "--seconds", "0.001", "--tuning", &file]);
    let table = text(&report.stdout);
    assert!(table.contains(" expected ") && table.contains(" tuned "), "{table}");
    assert_usage(&["train", "lenet", "--tune", "--deterministic"], "cannot be used with");
}

#[test]
fn a_file_that_is_something_else_is_left_alone() {
    let file = path(&scratch("foreign"), "model.json");
    std::fs::write(&file, "{\"version\": 1}").expect("written");
    let (said, _) = train(&["--tuning", &file]);
    assert!(said.contains("no file of measured kernels"), "{said}");
    assert_eq!(std::fs::read_to_string(&file).expect("still there"), "{\"version\": 1}");
}
