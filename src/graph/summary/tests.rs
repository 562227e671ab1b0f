//! Keras's own summaries, recomputed: a reference file gives configuration and wiring, [`Graph`] must find all the
//! rest.

use serde_json::{Value, json};

use crate::graph::{Graph, ModelSpec, VERSION};
use crate::models;

/// Every network of `tests/fixtures/summaries`.
fn references() -> Vec<String> {
    let folder = format!("{}/tests/fixtures/summaries", env!("CARGO_MANIFEST_DIR"));
    let files = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{folder}: {error}"));
    let mut names: Vec<_> = files
        .map(|file| file.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names.len(), 17, "{names:?}");
    names
}

fn fixture(file: &str) -> String {
    let path = format!("{}/tests/fixtures/summaries/{file}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The model format from a reference summary: names, classes, configuration and wiring, and nothing that follows from
/// them. A functional model's layers come in reverse, so that their order is not simply copied.
fn spec_of(reference: &Value) -> ModelSpec {
    let layers = reference["layers"].as_array().expect("layers").iter();
    let mut layers: Vec<Value> = layers
        .filter(|layer| layer["class"] != "InputLayer")
        .map(|layer| {
            json!({
                "name": layer["name"], "class": layer["class"],
                "config": layer["config"], "connected_to": layer["connected_to"],
            })
        })
        .collect();
    if reference["kind"] == "functional" {
        layers.reverse();
    }
    let spec = json!({
        "version": VERSION, "name": reference["name"], "source": reference["source"], "notes": reference["notes"],
        "kind": reference["kind"], "input": reference["input"], "layers": layers, "outputs": reference["outputs"],
    });
    ModelSpec::from_json(&spec.to_string()).unwrap_or_else(|error| panic!("{}: {error}", reference["name"]))
}

/// Every key of a JSON text in the order in which it stands there.
fn keys(text: &str) -> Vec<&str> {
    let mut strings = text.split('"').skip(1);
    let mut keys = Vec::new();
    while let (Some(string), Some(after)) = (strings.next(), strings.next()) {
        if after.starts_with(':') {
            keys.push(string);
        }
    }
    keys
}

fn assert_reproduced(network: &str, graph: &Graph) {
    let text = fixture(&format!("{network}.json"));
    let want: Value = serde_json::from_str(&text).expect("JSON");
    let json = graph.summary_json();
    let got: Value = serde_json::from_str(&json).expect("JSON");
    for (got, want) in
        got["layers"].as_array().into_iter().flatten().zip(want["layers"].as_array().expect("layers"))
    {
        assert_eq!(got, want, "{network}");
    }
    assert_eq!(got, want, "{network}");
    // Quotes inside the notes would lead the reader of keys astray; the notes themselves are compared above.
    let body = |text: &str| text[text.find("\"kind\"").expect("a kind")..].to_owned();
    assert_eq!(keys(&body(&json)), keys(&body(&text)), "{network}: order of keys");

    let want = fixture(&format!("{network}.txt"));
    let got = graph.summary_text();
    // The file shows the name that Keras gives the model, which need not be the registry's.
    for (line, (got, want)) in got.lines().zip(want.lines()).enumerate().skip(1) {
        assert_eq!(got, want, "{network}.txt, line {}", line + 1);
    }
    assert_eq!(got.lines().count(), want.lines().count(), "{network}.txt");
}

#[test]
fn every_reference_network_is_worked_out_as_keras_does() {
    for network in references() {
        let reference: Value = serde_json::from_str(&fixture(&format!("{network}.json"))).expect("JSON");
        let graph = Graph::new(&spec_of(&reference)).unwrap_or_else(|error| panic!("{network}: {error}"));
        assert_reproduced(&network, &graph);
    }
}

#[test]
fn every_reference_network_is_registered_and_equals_it() {
    for network in references() {
        let spec = models::build(&network).expect("registered");
        let graph = Graph::new(&spec).unwrap_or_else(|error| panic!("{network}: {error}"));
        assert_reproduced(&network, &graph);
    }
}
