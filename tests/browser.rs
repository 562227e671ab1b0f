//! Reference files on the browser's WebGPU: every op case, the networks, and training.
#![cfg(target_arch = "wasm32")]

use cnn_playground::conform::conform;
use cnn_playground::data;
use cnn_playground::gpu::{Gpu, GpuOptions};
use cnn_playground::ops::VARIANTS;
use cnn_playground::plan::Choice;
use include_dir::{Dir, include_dir};
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

static OPS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/tests/fixtures/ops");
static MODELS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/tests/fixtures/models");
const DIGITS: &[u8] = include_bytes!("../www/public/data/digits.safetensors");

async fn gpu() -> Gpu {
    Gpu::new(GpuOptions::default()).await.expect("an adapter")
}

async fn assert_pass(gpu: &Gpu, files: impl IntoIterator<Item = (String, &[u8])>, least: usize) {
    let digits = data::digits(DIGITS).expect("the shipped file");
    let mut failures = Vec::new();
    let mut run = 0;
    for (name, bytes) in files {
        let report = conform(gpu, Some(&digits), bytes, &name).await;
        console_log!("{:50} {:9.2e} at {} {}", report.name, report.worst, report.worst_at, report.message);
        if !report.passed {
            failures.push(format!("{}: {} ({})", report.name, report.worst, report.message));
        }
        run += 1;
    }
    assert!(run >= least, "{run} files were found");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[wasm_bindgen_test]
async fn every_op_case_passes_in_the_browser() {
    assert_pass(&gpu().await, op_cases(), 112).await;
}

fn op_cases() -> impl Iterator<Item = (String, &'static [u8])> {
    let cases = OPS.files().filter(|file| file.path().extension().is_some_and(|of| of == "safetensors"));
    cases.map(|file| (file.path().display().to_string(), file.contents()))
}

#[wasm_bindgen_test]
async fn every_kernel_that_may_be_chosen_passes_in_the_browser() {
    let gpu = gpu().await;
    let has_variants =
        |name: &str| ["conv2d", "dense", "max_pool", "batch_norm"].iter().any(|op| name.starts_with(op));
    for variant in VARIANTS {
        console_log!("{variant}");
        let cases = op_cases().filter(|(name, _)| has_variants(name));
        assert_pass(&gpu.clone().with_choice(Choice::Fixed(variant)), cases, 60).await;
    }
}

/// Networks whose weights take hundreds of megabytes, which wait for the native test.
const LARGE: &[&str] = &["alexnet", "resnet_note004", "vgg16_imagenet", "vgg19"];

#[wasm_bindgen_test]
async fn networks_infer_in_the_browser_as_in_keras() {
    let stem = |file: &include_dir::File<'_>| {
        file.path().file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned()
    };
    let files = MODELS.files().map(|file| (stem(file), file.contents()));
    assert_pass(&gpu().await, files.filter(|(name, _)| !LARGE.contains(&name.as_str())), 12).await;
}

#[wasm_bindgen_test]
async fn networks_train_in_the_browser_as_in_keras() {
    let runs: [(&str, &[u8]); 6] = [
        ("googlenet_one_step", include_bytes!("fixtures/training/googlenet_one_step.json")),
        ("resnet50_cifar100_one_step", include_bytes!("fixtures/training/resnet50_cifar100_one_step.json")),
        ("resnet8_digits_one_step", include_bytes!("fixtures/training/resnet8_digits_one_step.json")),
        ("vgg16_cifar100_one_step", include_bytes!("fixtures/training/vgg16_cifar100_one_step.json")),
        ("lenet_digits_adam", include_bytes!("fixtures/training/lenet_digits_adam.json")),
        ("lenet_tanh_digits_nesterov", include_bytes!("fixtures/training/lenet_tanh_digits_nesterov.json")),
    ];
    assert_pass(&gpu().await, runs.map(|(name, bytes)| (name.to_owned(), bytes)), 6).await;
}

/// Forty steps of a network with corners, where limits are wide, and thirty of one without, where nothing can hide.
#[wasm_bindgen_test]
async fn residual_networks_train_in_the_browser_as_in_keras() {
    let runs: [(&str, &[u8]); 2] = [
        ("resnet8_digits_momentum", include_bytes!("fixtures/training/resnet8_digits_momentum.json")),
        ("resnet8_elu_digits_momentum", include_bytes!("fixtures/training/resnet8_elu_digits_momentum.json")),
    ];
    assert_pass(&gpu().await, runs.map(|(name, bytes)| (name.to_owned(), bytes)), 2).await;
}
