//! Every reference file, on the GPU of this machine.
#![cfg(not(target_arch = "wasm32"))]

use cnn_playground::conform::{Report, conform};
use cnn_playground::gpu::{Gpu, GpuOptions};
use pollster::block_on;
use std::path::{Path, PathBuf};

/// Cases, by the beginning of their names, whose op is still to come: these may fail, and must say why.
const PENDING: &[&str] = &[
    "add_",
    "batch_norm",
    "concat",
    "depthwise",
    "dropout",
    "elu",
    "gelu",
    "global_",
    "layer_norm",
    "leaky_relu",
    "log_softmax",
    "upsample",
    "zero_padding",
    "optimizer_rmsprop",
    "optimizer_adamw",
];

fn fixtures(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(folder);
    let entries = std::fs::read_dir(folder).expect("a folder of fixtures");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.file_stem().is_some_and(|stem| stem != "index"));
    paths.sort();
    paths
}

fn report(gpu: &Gpu, path: &Path) -> Report {
    let name = path.file_stem().and_then(|stem| stem.to_str()).expect("a name");
    block_on(conform(gpu, None, &std::fs::read(path).expect("a readable file"), name))
}

fn gpu() -> Gpu {
    block_on(Gpu::new(GpuOptions::default())).expect("an adapter")
}

#[test]
fn every_op_case_lies_within_its_tolerance() {
    let gpu = gpu();
    let paths = fixtures("ops");
    assert!(paths.len() > 100, "{} op cases were found", paths.len());
    let mut failures = Vec::new();
    for path in paths {
        let report = report(&gpu, &path);
        let pending = PENDING.iter().any(|stem| report.name.starts_with(stem));
        let pending = pending && report.message.starts_with("unknown op");
        if !report.passed && !pending {
            failures.push(format!("{}: {}", report.name, report.message));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
