//! Architectures learn eight pictures by heart: what they compute forwards, their gradients and their first weights
//! are good enough to drive the loss to nothing. `cnn-playground overfit` does it, with a rate for each network.
#![cfg(not(target_arch = "wasm32"))]

use std::process::Command;

use cnn_playground::models::REGISTRY;

/// Networks that take minutes each on a software adapter: tens of millions of weights, or pictures that cannot be made
/// smaller. What came of them stands in docs/overfit.md.
const SLOW: &[&str] = &[
    "alexnet",
    "vgg16_cifar100",
    "vgg16_imagenet",
    "vgg19",
    "googlenet",
    "plain56",
    "resnet50_cifar100_note000",
    "resnet50_imagenet",
    "resnet50_keras",
    "resnet_note004",
];

/// Those with a classifier.
fn registered() -> impl Iterator<Item = &'static str> {
    REGISTRY.iter().filter(|known| known.classes > 0).map(|known| known.name)
}

#[test]
fn architectures_learn_eight_pictures_by_heart() {
    let quick: Vec<_> = registered().filter(|name| !SLOW.contains(name)).collect();
    assert_eq!(quick.len() + SLOW.len(), registered().count(), "a slow network is not registered");
    let mut command = Command::new(env!("CARGO_BIN_EXE_cnn-playground"));
    let output = command.arg("overfit").args(&quick).output().expect("the runner starts");
    let table = String::from_utf8(output.stdout).expect("UTF-8");
    println!("{table}{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "a loss did not go below 0.05");
    for name in quick {
        assert!(table.contains(&format!("| {name} |")), "{name} has no row");
    }
}

/// Every network has its figures in the docs.
#[test]
fn the_docs_account_for_every_architecture() {
    let text = include_str!("../docs/overfit.md");
    for name in registered() {
        let row = text.lines().find(|line| line.starts_with(&format!("| {name} |"))).expect(name);
        let loss: f32 = row.split('|').nth(6).and_then(|cell| cell.trim().parse().ok()).expect(row);
        assert!(loss < 0.05, "{row}");
    }
}
