//! What docs/twins.md says of skip connections, on the smallest pictures: with them a deep network learns, and its first
//! layer's gradient stays in the range of its last one's.
#![cfg(not(target_arch = "wasm32"))]

use std::process::Command;

/// The numbers of a network's row: four norms of gradients, loss, two accuracies in percent.
fn row(table: &str, name: &str) -> Vec<f64> {
    let line = table.lines().find(|line| line.starts_with(&format!("| {name} |"))).expect(name);
    let cells = line.split('|').skip(2).map(|cell| cell.trim().trim_end_matches(" %"));
    cells.take(7).map(|cell| cell.parse().expect(line)).collect()
}

#[test]
fn skips_tell_deep_twins_apart() {
    let output = Command::new(env!("CARGO_BIN_EXE_cnn-playground"))
        .args(["twins", "--side", "8", "--steps", "60"])
        .output()
        .expect("the runner starts");
    let table = String::from_utf8(output.stdout).expect("UTF-8");
    println!("{table}{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success());
    let [resnet20, plain20, resnet56, plain56] =
        ["resnet20", "plain20", "resnet56", "plain56"].map(|name| row(&table, name));
    // How much larger the gradient is at the first layer than at the last, in the first ten steps.
    let growth = |row: &[f64]| row[0] / row[1];
    assert!(growth(&plain56) > 10.0 * growth(&resnet56), "without skips it grows with depth");
    assert!(growth(&plain20) > growth(&resnet20), "and does so at 20 layers, too");
    assert!(resnet56[6] > plain56[6] + 30.0, "in the same steps only the one with skips has learnt");
    assert!(plain20[6] > plain56[6] + 30.0, "and a shallower plain network learns more than a deeper one");
}

#[test]
fn sides_that_digits_cannot_have_are_usage_errors() {
    let output = Command::new(env!("CARGO_BIN_EXE_cnn-playground"))
        .args(["twins", "--side", "12"])
        .output()
        .expect("the runner starts");
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(text.contains("12 pixels") && text.contains("multiple of their own 8"), "{text}");
}
