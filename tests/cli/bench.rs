//! `cnn-playground bench`.

use super::stdout;
use serde_json::Value;

#[test]
fn bench_tells_times_and_shares_of_the_adapter() {
    let bench =
        |more: &[&'static str]| stdout(&[&["bench", "--seconds", "0.001", "--batch", "2"], more].concat());
    let ops = stdout(&["bench", "--list"]);
    assert!(ops.lines().any(|name| name == "conv2d_lenet_1"), "{ops}");

    let kernels = "--kernels=plain,rows";
    let report = bench(&["conv2d_lenet_1", "lenet", kernels, "--each", "--json"]);
    let report: Value = serde_json::from_str(&report).expect("JSON");
    assert!(report["adapter"].is_string(), "{report}");
    let positive = |value: &Value| value.as_f64().is_some_and(|number| number > 0.0 && number.is_finite());
    assert!(positive(&report["peak"]["gflops"]) && positive(&report["peak"]["gbytes"]), "{report}");
    let rows = report["rows"].as_array().expect("a list");
    for row in rows {
        let numbers = ["ms", "best_ms", "gbytes", "of_copy", "dispatches"];
        assert!(numbers.iter().all(|key| positive(&row[key])) && row["batch"] == 2, "{row}");
    }
    for kernels in ["plain", "rows"] {
        let row = |workload: &str, part: &str| {
            let found = rows
                .iter()
                .find(|row| row["workload"] == workload && row["part"] == part && row["kernels"] == kernels);
            found.unwrap_or_else(|| panic!("{workload} {part}: {report}"))
        };
        let step = row("lenet", "step");
        assert!(
            positive(&step["gflops"]) && positive(&step["of_peak"]) && positive(&step["bytes"]),
            "{step}"
        );
        assert!(step["dispatches"].as_u64().is_some_and(|count| count <= 25), "{step}");
        assert!(positive(&row("lenet", "inference")["gflops"]));
        assert!(positive(&row("conv2d_lenet_1", "forward")["gflops"]));
        assert!(positive(&row("conv2d_lenet_1", "backward")["gflops"]));
        assert!(positive(&row("lenet", "max_pool backward max_pooling2d")["ms"]));
    }

    let table = bench(&["relu"]);
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].contains("GFLOP/s in registers") && lines[2].starts_with("workload "), "{table}");
    assert!(lines[3].starts_with("relu ") && lines[3].contains(" forward "), "{table}");
    assert!(lines[4].starts_with("relu ") && lines[4].contains(" backward "), "{table}");
}

#[test]
fn every_op_can_be_timed() {
    let ops = stdout(&["bench", "--list"]);
    let small = ops.lines().filter(|name| !name.ends_with("_large") && !name.starts_with("conv2d_7x7"));
    let mut arguments = vec!["bench", "--seconds", "0.001", "--batch", "1", "--json"];
    arguments.extend(small.clone());
    let report: Value = serde_json::from_str(&stdout(&arguments)).expect("JSON");
    let rows = report["rows"].as_array().expect("a list");
    for name in small {
        let parts: Vec<_> =
            rows.iter().filter(|row| row["workload"] == name).map(|row| &row["part"]).collect();
        assert_eq!(parts, ["forward", "backward"], "{name}");
    }
}
