//! Every reference file, on the GPU of this machine.
#![cfg(not(target_arch = "wasm32"))]

use cnn_playground::conform::{Report, conform};
use cnn_playground::data::digits::bundled_digits;
use cnn_playground::gpu::{Gpu, GpuOptions};
use cnn_playground::ops::VARIANTS;
use cnn_playground::plan::{Choice, PLAIN};
use pollster::block_on;
use proptest::prelude::*;
use safetensors::Dtype;
use safetensors::tensor::TensorView;
use std::path::{Path, PathBuf};

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
    let digits = bundled_digits().expect("the shipped file");
    block_on(conform(gpu, Some(&digits), &std::fs::read(path).expect("a readable file"), name))
}

fn gpu() -> Gpu {
    block_on(Gpu::new(GpuOptions::default())).expect("an adapter")
}

fn assert_all_pass(gpu: &Gpu, folder: &str, least: usize) {
    let paths = fixtures(folder);
    assert!(paths.len() >= least, "{} files were found in {folder}", paths.len());
    let mut failures = Vec::new();
    for path in paths {
        let report = report(gpu, &path);
        println!("{:50} {:9.2e} at {} {}", report.name, report.worst, report.worst_at, report.message);
        if !report.passed {
            failures.push(format!("{}: {}", report.name, report.message));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_op_case_lies_within_its_tolerance() {
    assert_all_pass(&gpu(), "ops", 112);
}

#[test]
fn every_op_case_passes_with_every_kernel_that_may_be_chosen() {
    for choice in [PLAIN].iter().chain(VARIANTS).map(|name| Choice::Fixed(name)) {
        println!("{choice:?}");
        assert_all_pass(&gpu().with_choice(choice), "ops", 112);
    }
}

#[test]
fn every_training_run_is_reproduced() {
    assert_all_pass(&gpu(), "training", 8);
}

#[test]
fn every_model_infers_as_keras_does() {
    assert_all_pass(&gpu(), "models", 16);
}

/// One device for all cases of a property test.
fn shared_gpu() -> &'static Gpu {
    static GPU: std::sync::OnceLock<Gpu> = std::sync::OnceLock::new();
    GPU.get_or_init(gpu)
}

/// What becomes of bytes that nobody vouches for: a failure with a reason, or, if they happen to be sound, a report.
fn assert_reported(bytes: &[u8]) -> Report {
    let report = block_on(conform(shared_gpu(), None, bytes, "fuzz"));
    assert!(report.passed == report.message.is_empty(), "{report:?}");
    report
}

fn op_case(op: &str, attrs: &str, tolerance: &str, tensors: &[(&str, Vec<usize>)]) -> Vec<u8> {
    let data: Vec<Vec<u8>> =
        tensors.iter().map(|(_, shape)| vec![0; 4 * shape.iter().product::<usize>()]).collect();
    let views = tensors.iter().zip(&data).map(|((name, shape), data)| {
        (*name, TensorView::new(Dtype::F32, shape.clone(), data).expect("bytes for the shape"))
    });
    let metadata = [("op", op), ("attrs", attrs), ("tolerance", tolerance)];
    let metadata = metadata.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    safetensors::serialize(views, Some(metadata)).expect("a file")
}

#[test]
fn what_is_not_known_fails_and_says_so() {
    let x = || vec![("x", vec![1, 4]), ("y", vec![1, 4])];
    let y = r#"{"y": {"rtol": 0, "atol": 1}}"#;
    for (bytes, part) in [
        (op_case("winograd", "{}", y, &x()), "unknown op \"winograd\""),
        (op_case("relu", r#"{"slope": 1}"#, y, &x()), "unknown op \"relu\" with these attributes"),
        (op_case("relu", "{}", "{}", &x()), "gives no tolerance for \"y\""),
        (op_case("relu", "{}", "{}", &x()[..1]), "expects nothing"),
        (op_case("relu", "{}", y, &x()[..1]), "no tensor \"y\""),
        (op_case("relu", "[]", y, &x()), "metadata \"attrs\""),
        (op_case("relu", "{}", y, &[("x", vec![4]), ("y", vec![4])]), "a batch axis"),
        (
            op_case("relu", "{}", y, &[("x", vec![1, 4]), ("y", vec![1, 5])]),
            "\"y\" has 4 values, the reference has 5",
        ),
        (b"{}".to_vec(), "neither a training run"),
        (br#"{"curves": 1}"#.to_vec(), "training run: missing field `network`"),
        (b"{\"model\": \"lenet\", \"seed\": 1, \"runs\": []}".to_vec(), "expects nothing"),
        (b"{\"model\": \"lenet9\", \"seed\": 1, \"runs\": []}".to_vec(), "unknown model \"lenet9\""),
        (b"no such thing".to_vec(), "neither a reference file"),
    ] {
        let report = assert_reported(&bytes);
        assert!(!report.passed && report.message.contains(part), "{part}: {}", report.message);
    }
    assert!(assert_reported(&op_case("relu", "{}", y, &x())).passed);
}

#[test]
fn a_training_run_without_its_data_says_so() {
    let path = fixtures("training").into_iter().find(|path| path.ends_with("lenet_digits_adam.json"));
    let bytes = std::fs::read(path.expect("the run")).expect("a readable file");
    let report = assert_reported(&bytes);
    assert!(report.message.contains("needs the dataset of digits"), "{}", report.message);
    let text = String::from_utf8(bytes).expect("JSON").replace("\"steps\": 60", "\"steps\": 61");
    let report = assert_reported(text.as_bytes());
    assert!(report.message.contains("a curve has 60 values for 61 steps"), "{}", report.message);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(!assert_reported(&bytes).passed);
    }

    /// Sound files whose attributes and shapes do not fit each other.
    #[test]
    fn nonsense_in_a_sound_file_never_panics(
        op in proptest::sample::select(&[
            "conv2d", "depthwise_conv2d", "dense", "max_pool", "avg_pool", "global_avg_pool", "batch_norm", "layer_norm",
            "relu", "softmax", "add", "concat", "zero_padding", "flatten", "dropout", "upsample_nearest", "l2_penalty",
            "softmax_cross_entropy", "optimizer", "local_response_norm",
        ][..]),
        keys in proptest::collection::btree_map(
            proptest::sample::select(&[
                "strides", "padding", "dilation", "groups", "use_bias", "activation", "pool_size", "steps", "epsilon",
                "momentum", "mode", "rate", "size", "l2", "label_smoothing", "algorithm", "learning_rate", "axis",
            ][..]),
            proptest::sample::select(&[
                "[1, 1]", "[2, 2]", "[0, 3]", "[[1, 2], [0, 9]]", "\"same\"", "\"valid\"", "\"relu\"", "\"training\"",
                "\"sgd\"", "null", "true", "0", "1", "2", "-1", "0.5", "1e30", "99999999999",
            ][..]),
            0..6,
        ),
        shapes in proptest::collection::btree_map(
            proptest::sample::select(&[
                "x", "x0", "x1", "y", "dy", "dy0", "kernel", "bias", "gamma", "beta", "moving_mean", "mask", "p0", "g0",
            ][..]),
            proptest::collection::vec(0_usize..4, 0..5),
            0..8,
        ),
    ) {
        let attrs: Vec<_> = keys.iter().map(|(key, value)| format!("\"{key}\": {value}")).collect();
        let tensors: Vec<_> = shapes.into_iter().collect();
        let tolerance = r#"{"y": {"rtol": 1e-5, "atol": 1e-5}}"#;
        assert_reported(&op_case(op, &format!("{{{}}}", attrs.join(", ")), tolerance, &tensors));
    }

    /// Real files with a few bytes changed or the end cut off.
    #[test]
    fn damaged_files_never_panic(
        file in any::<proptest::sample::Index>(),
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..4),
        keep in 0.0..2.0_f64,
    ) {
        let paths = fixtures("ops");
        let mut bytes = std::fs::read(&paths[file.index(paths.len())]).expect("a readable file");
        // Damage to the header does more than damage to the numbers.
        let header = bytes.len().min(1500);
        for (at, byte) in changes {
            bytes[at.index(header)] = byte;
        }
        bytes.truncate((bytes.len() as f64 * keep) as usize);
        assert_reported(&bytes);
    }
}
