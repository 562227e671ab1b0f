//! The runner as its users meet it: what it prints, and how it ends.
#![cfg(not(target_arch = "wasm32"))]

use cnn_playground::data::digits::bundled_digits;
use cnn_playground::graph::ModelSpec;
use safetensors::Dtype;
use safetensors::tensor::TensorView;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

#[path = "cli/bench.rs"]
mod bench;
#[path = "cli/tuning.rs"]
mod tuning;

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cnn-playground"));
    command.args(arguments).output().expect("the runner starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn fixture(path: &str) -> String {
    format!("{}/tests/fixtures/{path}", env!("CARGO_MANIFEST_DIR"))
}

/// A folder of this test's own, empty.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn path(folder: &Path, file: &str) -> String {
    folder.join(file).to_str().expect("UTF-8").to_owned()
}

/// Standard output of a call that must succeed.
fn stdout(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

/// Asserts that a call is turned down as bad usage, for a reason that names `part`.
fn assert_usage(arguments: &[&str], part: &str) {
    let output = run(arguments);
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {message}");
    assert!(message.contains(part), "{arguments:?}: {message}");
}

/// Every reference summary: layers, classes, shapes, parameters, connections, configuration, totals; and Keras's table.
#[test]
fn summary_prints_what_keras_prints() {
    let mut files = 0;
    for entry in std::fs::read_dir(fixture("summaries")).expect("a folder") {
        let file = entry.expect("a file").path();
        let Some(name) = file.to_str().and_then(|path| path.strip_suffix(".json")) else { continue };
        let name = name.rsplit(std::path::MAIN_SEPARATOR).next().expect("a name");
        files += 1;
        let read = |file: &str| std::fs::read_to_string(fixture(file)).expect("a fixture");
        let want: Value = serde_json::from_str(&read(&format!("summaries/{name}.json"))).expect("JSON");
        let got: Value = serde_json::from_str(&stdout(&["summary", name, "--json"])).expect("JSON");
        assert!(got == want, "{name}");
        // The first line holds the name that Keras gave the model, which need not be the registry's.
        let (got, want) = (stdout(&["summary", name]), read(&format!("summaries/{name}.txt")));
        let lines = |text: &str| text.trim_end().lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
        assert!(lines(&got) == lines(&want), "{name}: {got}");
    }
    assert_eq!(files, 17);
}

#[test]
fn summary_tells_what_training_would_cost() {
    let table = stdout(&["summary", "lenet", "--cost", "--batch", "4", "--optimizer", "sgd"]);
    assert!(table.lines().any(|line| line.starts_with("conv2d ") && line.contains("117600")), "{table}");
    assert!(
        table.contains("one training step, batch 4, sgd: ") && table.contains("  training fits"),
        "{table}"
    );
    let cost: Value = serde_json::from_str(&stdout(&["summary", "lenet", "--cost", "--json"])).expect("JSON");
    assert_eq!((&cost["batch"], &cost["adapter"]["training_fits"]), (&16.into(), &true.into()), "{cost}");
    assert_eq!(cost["training"]["bytes"]["optimizer"].as_u64(), Some(2 * 4 * 62_080), "{cost}");
    assert_eq!(cost["layers"][2]["receptive_field"], 14);
    let large = stdout(&["summary", "vgg16_imagenet", "--cost", "--freeze-all-but", "1"]);
    assert!(large.contains("dense_1 (frozen)") && large.contains("does not fit: the arena"), "{large}");
    assert_usage(&["summary", "lenet", "--batch", "4"], "--cost");
    assert_usage(&["summary", "lenet", "--cost", "--batch", "0"], "use a whole number from 1");
    assert_usage(&["summary", "lenet", "--cost", "--optimizer", "magic"], "optimizer \"magic\"");
}

#[test]
fn every_network_is_listed() {
    let spec = stdout(&["models", "lenet"]);
    assert_eq!(ModelSpec::from_json(&spec).expect("the model format").layers.len(), 8);
    assert_usage(&["models", "lenet6"], "there is no model \"lenet6\"");
    let list = stdout(&["models"]);
    assert!(list.lines().any(|line| line.starts_with("lenet ") && line.contains("61706")), "{list}");
    for line in stdout(&["models", "--json"]).lines() {
        let row: Value = serde_json::from_str(line).expect("JSON");
        assert!(row["params"].is_u64(), "{line}");
    }
}

#[test]
fn bad_usage_is_named_and_exits_with_2() {
    let train = ["train", "lenet", "--data", "digits"];
    let with = |more: &[&'static str]| [&train[..], more].concat();
    assert_usage(&[], "Usage");
    assert_usage(&["summary"], "MODEL");
    assert_usage(&["summary", "lenet9"], "there is no model \"lenet9\"; known are lenet");
    assert_usage(&["summary", "no/such.json"], "no/such.json");
    assert_usage(&["summary", &fixture("filler.json")], "filler.json: model:");
    assert_usage(&["train", "lenet", "--data", "cats"], "there is no dataset \"cats\"");
    assert_usage(&["train", "vgg16_imagenet", "--data", "digits"], "takes pictures of shape (224, 224, 1)");
    assert_usage(&with(&["--epochs", "0"]), "--epochs");
    assert_usage(&with(&["--batch", "0"]), "a batch of 0");
    assert_usage(&with(&["--batch", "5000"]), "a batch of 5000 is larger than the 1438 training samples");
    assert_usage(&with(&["--optimizer", "magic"]), "optimizer \"magic\"");
    assert_usage(&with(&["--learning-rate", "NaN"]), "learning rate is NaN");
    assert_usage(&with(&["--learning-rate", "-1"]), "learning rate is -1");
    assert_usage(&with(&["--save", "."]), ". is a folder; name a file to save to");
    assert_usage(&with(&["--save", "no/such/w.safetensors"]), "there is no folder no/such; make it first");
    assert_usage(&with(&["--learning-rate=-1"]), "learning rate is -1");
    assert_usage(&with(&["--schedule", "magic"]), "--schedule");
    assert_usage(&with(&["--alpha", "2"]), "alpha is 2");
    assert_usage(&with(&["--schedule", "plateau", "--factor", "1"]), "factor is 1");
    assert_usage(&with(&["--validation-split", "1"]), "validation share of 1");
    assert_usage(
        &with(&["--epochs", "-1"]),
        "invalid value '-1' for '--epochs <N>': use a whole number from 1",
    );
    assert_usage(&with(&["--seed", "-1"]), "invalid value '-1' for '--seed <N>': use a whole number from 0");
    assert_usage(
        &with(&["--batch", "-1"]),
        "invalid value '-1' for '--batch <N>': use a whole number from 0",
    );
    assert_usage(
        &with(&["--decay-rate", "0.5"]),
        "--decay-rate has no effect with --schedule cosine; it belongs to step",
    );
    assert_usage(
        &with(&["--schedule", "plateau", "--alpha", "0"]),
        "--alpha has no effect with --schedule plateau",
    );
    assert_usage(&with(&["--schedule", "constant", "--decay-steps", "9"]), "--decay-steps has no effect");
    assert_usage(&with(&["--freeze", "conv2d,conv9"]), "\"lenet\" has no layer \"conv9\"");
    assert_usage(&with(&["--freeze-all-but", "0"]), "--freeze-all-but");
    assert_usage(&with(&["--replace-head"]), "--weights");
    assert_usage(&with(&["--weights", "no.safetensors"]), "no.safetensors");
    assert_usage(&["predict", "lenet", "--weights", "w.safetensors"], "--index");
    assert_usage(&["predict", "lenet", "--weights", "no.safetensors", "--index", "0"], "no.safetensors");
    assert_usage(&["conform"], "PATH");
    assert_usage(&["conform", "no/such/folder"], "no such file or folder");
    assert_usage(&["bench", "conv9"], "there is no model \"conv9\"");
    assert_usage(&["bench", "conv9"], "Ops are conv2d_3x3");
    assert_usage(&["bench", "lenet", "--kernels", "fast"], "there are no kernels \"fast\"; known are");
    assert_usage(&["bench", "lenet", "--batch", "0"], "a batch of 0");
    assert_usage(&["bench", "dense", "--batch", "20000000"], "a batch of 20000000");
    assert_usage(&["bench", "lenet", "--seconds", "0"], "--seconds is 0");
}

#[test]
fn conform_says_of_each_file_whether_it_passes() {
    let output = stdout(&["conform", &fixture("ops/relu.safetensors"), &fixture("ops/flatten.safetensors")]);
    let lines: Vec<&str> = output.lines().collect();
    assert_eq!(lines.len(), 3, "{output}");
    assert!(
        lines[0].starts_with("relu ") && lines[0].contains("tolerance") && lines[0].contains("pass"),
        "{output}"
    );
    assert_eq!(lines[2], "2 passed, 0 failed");
}

#[test]
fn conform_fails_where_a_file_does_and_where_there_is_none() {
    let folder = scratch("conform");
    let output = run(&["conform", folder.to_str().expect("UTF-8")]);
    assert_eq!(output.status.code(), Some(1), "nothing to compare is no success");
    let message = text(&output.stderr);
    assert!(
        message.contains("no reference files were found in ") && message.contains("conform ("),
        "{message}"
    );

    let inner = folder.join("inner");
    std::fs::create_dir(&inner).expect("a folder");
    let mut bytes = std::fs::read(fixture("ops/tanh.safetensors")).expect("a fixture");
    std::fs::write(inner.join("good.safetensors"), &bytes).expect("written");
    let last = bytes.len() - 1;
    bytes[last] ^= 0x7F;
    std::fs::write(inner.join("wrong.safetensors"), &bytes).expect("written");
    std::fs::write(folder.join("unreadable.json"), "{").expect("written");
    std::fs::write(folder.join("index.json"), "[]").expect("written");
    std::fs::write(folder.join("notes.txt"), "no case").expect("written");
    let output = run(&["conform", folder.to_str().expect("UTF-8")]);
    let lines = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{lines}");
    assert!(lines.ends_with("1 passed, 2 failed\n"), "{lines}");
    assert!(lines.lines().any(|line| line.starts_with("wrong ") && line.contains("FAIL  ")), "{lines}");
    assert!(lines.lines().any(|line| line.starts_with("unreadable ") && line.contains("FAIL  ")), "{lines}");
    for line in text(&run(&["conform", "--json", folder.to_str().expect("UTF-8")]).stdout).lines() {
        let report: Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(report["passed"] == true, report["name"] == "good", "{line}");
    }
}

#[test]
fn a_network_is_trained_saved_and_asked() {
    let folder = scratch("train");
    let weights = path(&folder, "lenet.safetensors");
    let data = path(&folder, "few.safetensors");
    write_digits(&data, 100);
    let train =
        ["train", "lenet", "--data", &data, "--epochs", "2", "--batch", "20", "--seed", "3", "--json"];
    let first = stdout(&[&train[..], &["--save", &weights]].concat());
    let lines: Vec<Value> = first.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 9, "four steps an epoch and the result: {first}");
    for (at, step) in lines[..8].iter().enumerate() {
        assert_eq!(step["step"], at + 1);
        assert!(step["loss"].is_f64() && step["accuracy"].is_f64(), "{step}");
    }
    let last = &lines[8];
    assert_eq!(last["steps"], 8);
    for key in ["val_accuracy", "loss", "seconds"] {
        assert!(last[key].as_f64().is_some_and(|value| value > 0.0), "{last}");
    }
    let again = stdout(&train);
    let steps = |text: &str| text.lines().take(8).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(steps(&again), steps(&first), "the same seed gives the same bits");

    let predict = ["predict", "lenet", "--weights", &weights];
    let answer = stdout(&[&predict[..], &["--index", "0", "--json", "--top", "10"]].concat());
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    let predictions = answer["predictions"].as_array().expect("a list");
    let sum: f64 = predictions.iter().filter_map(|class| class["probability"].as_f64()).sum();
    assert!(answer["label"] == 0 && predictions.len() == 10 && (sum - 1.0).abs() < 1e-4, "{answer}");

    let png = path(&folder, "zero.png");
    write_png(&png);
    let listed = stdout(&[&predict[..], &["--image", &png, "--top", "3"]].concat());
    assert_eq!(listed.lines().count(), 3, "{listed}");
    assert_usage(&[&predict[..], &["--index", "5000"]].concat(), "5000");
    assert_usage(&[&predict[..], &["--image", &weights]].concat(), "no PNG");
    assert_usage(&["predict", "lenet", "--weights", &png, "--index", "0"], "not a safetensors file");
    assert_usage(
        &["predict", "vgg_32", "--weights", &weights, "--index", "0"],
        "it was saved from \"lenet\"",
    );
}

#[test]
fn a_network_goes_on_from_anothers_weights() {
    let folder = scratch("transfer");
    let (base, data) = (path(&folder, "base.safetensors"), path(&folder, "few.safetensors"));
    write_digits(&data, 100);
    let train = ["train", "--data", &data, "--epochs", "1", "--batch", "20"];
    let with = |more: &[&str]| run(&[&train[..], more].concat());
    let first = with(&["lenet", "--save", &base]);
    assert!(first.status.success(), "{}", text(&first.stderr));

    let next = path(&folder, "next.safetensors");
    let more = ["lenet", "--weights", &base, "--freeze-all-but", "1", "--replace-head", "--save", &next];
    let second = with(&more);
    let (said, noted) = (text(&second.stdout), text(&second.stderr));
    assert!(
        second.status.success() && said.contains("61706 parameters, 850 of them trained"),
        "{said} {noted}"
    );
    assert!(noted.contains("8 of 10 weight tensors are from") && noted.contains("dense_2/kernel"), "{noted}");
    let tensor = |file: &str, name: &str| {
        let bytes = std::fs::read(file).expect("a file");
        let file = safetensors::SafeTensors::deserialize(&bytes).expect("weights");
        file.tensor(name).expect("a tensor").data().to_vec()
    };
    assert_eq!(tensor(&base, "dense_1/kernel"), tensor(&next, "dense_1/kernel"), "frozen");
    assert_ne!(tensor(&base, "dense_2/kernel"), tensor(&next, "dense_2/kernel"), "trained");

    let other = with(&["lenet_tanh", "--weights", &base]);
    let noted = text(&other.stderr);
    assert!(
        other.status.success() && noted.contains("saved from \"lenet\", not from \"lenet_tanh\""),
        "{noted}"
    );
    let asked = run(&["predict", "lenet_tanh", "--weights", &base, "--index", "0"]);
    let noted = text(&asked.stderr);
    assert!(
        asked.status.success() && noted.contains("saved from \"lenet\", not from \"lenet_tanh\""),
        "{noted}"
    );
    assert_usage(
        &[&train[..], &["vgg_32", "--weights", &base]].concat(),
        "the file has no weights for \"vgg_32\" (it was saved from \"lenet\")",
    );
    let alone = with(&["lenet", "--freeze", "conv2d"]);
    assert!(text(&alone.stderr).contains("keep their random first weights"), "{}", text(&alone.stderr));
}

#[test]
fn pictures_of_ones_own_are_learnt() {
    let folder = scratch("pictures");
    let (data, weights) = (path(&folder, "mine.safetensors"), path(&folder, "weights.safetensors"));
    let images: Vec<u8> = (0..40 * 28 * 28 * 3).map(|at| (at / (28 * 28 * 3) % 4 * 60) as u8).collect();
    let labels: Vec<u8> = (0..40).map(|at| at % 4).collect();
    let view = |shape: &[usize], data| TensorView::new(Dtype::U8, shape.to_vec(), data).expect("a tensor");
    let tensors = [("images", view(&[40, 28, 28, 3], &images)), ("labels", view(&[40], &labels))];
    std::fs::write(&data, safetensors::serialize(tensors, None).expect("a file")).expect("written");
    let train = ["train", "lenet", "--data", &data, "--epochs", "1", "--save", &weights];
    assert!(stdout(&train).contains("lenet on "));
    let predict = ["predict", "lenet", "--weights", &weights, "--data", &data, "--index", "3", "--top", "4"];
    assert_eq!(stdout(&predict).lines().count(), 5);
    std::fs::write(
        &data,
        safetensors::serialize([("images", view(&[40, 28, 28, 3], &images))], None).expect("a file"),
    )
    .expect("written");
    assert_usage(&train, "mine.safetensors: the file has no tensor `labels`");
}

#[test]
fn a_run_that_leaves_the_numbers_says_where() {
    let data = path(&scratch("nan"), "few.safetensors");
    write_digits(&data, 100);
    let output = run(&[
        "train",
        "lenet",
        "--data",
        &data,
        "--optimizer",
        "sgd",
        "--learning-rate",
        "1e30",
        "--batch",
        "20",
    ]);
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.contains("training stopped at step") && message.contains("layer"), "{message}");
}

/// The first digits of the bundled set, as a file of their own.
fn write_digits(path: &str, count: usize) {
    let digits = bundled_digits().expect("the shipped file");
    let labels: Vec<u8> = digits.labels[..count].iter().map(|&label| label as u8).collect();
    let view = |shape: &[usize], data| {
        TensorView::new(Dtype::U8, shape.to_vec(), data).expect("bytes for the shape")
    };
    let tensors =
        [("images", view(&[count, 8, 8], &digits.pixels[..64 * count])), ("labels", view(&[count], &labels))];
    std::fs::write(path, safetensors::serialize(tensors, None).expect("a file")).expect("written");
}

/// A grey gradient, 40 × 30.
fn write_png(path: &str) {
    let file = std::fs::File::create(path).expect("a file");
    let mut encoder = png::Encoder::new(file, 40, 30);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let pixels: Vec<u8> = (0..40 * 30).map(|at| (at % 40 * 6) as u8).collect();
    encoder.write_header().and_then(|mut writer| writer.write_image_data(&pixels)).expect("a PNG");
}
