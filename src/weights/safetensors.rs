//! Weights in the safetensors format (<https://huggingface.co/docs/safetensors>): one tensor a weight, named
//! `layer/kernel` as Keras names them.

use std::collections::HashMap;

use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

use crate::error::{Error, Result, bail};
use crate::graph::Graph;

/// Metadata key of the network's name.
const MODEL: &str = "model";
/// Metadata key of the class names, a JSON list.
const CLASSES: &str = "classes";

/// Metadata key of the input's shape, a JSON list.
const INPUT: &str = "input";

/// What a file says of the network that it was saved from; empty where it does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Name of the network.
    pub model: String,
    /// Shape of one input sample.
    pub input: Vec<usize>,
    /// What the outputs stand for.
    pub classes: Vec<String>,
}

/// `layer/kernel`.
fn name(graph: &Graph, t: usize) -> String {
    let parameter = &graph.parameters[t];
    format!("{}/{}", graph.layers[parameter.layer].spec.name, parameter.spec.name)
}

/// The bytes of a file with `tensors`, which are in Keras's order; `classes` are the names of the outputs.
pub fn write(graph: &Graph, tensors: &[Vec<f32>], classes: &[String]) -> Result<Vec<u8>> {
    if tensors.len() != graph.parameters.len() {
        bail!(
            "{} weight tensors were given; \"{}\" has {}",
            tensors.len(),
            graph.name,
            graph.parameters.len()
        );
    }
    let mut views = Vec::new();
    for (t, values) in tensors.iter().enumerate() {
        let bytes: &[u8] = bytemuck::cast_slice(values);
        let view = TensorView::new(Dtype::F32, graph.parameters[t].spec.shape.clone(), bytes)
            .map_err(|error| Error::new(format!("{}: {error}", name(graph, t))))?;
        views.push((name(graph, t), view));
    }
    let json = |value: serde_json::Value| value.to_string();
    let metadata = HashMap::from([
        (MODEL.to_owned(), graph.name.clone()),
        (INPUT.to_owned(), json(graph.input.extents().into())),
        (CLASSES.to_owned(), json(classes.into())),
    ]);
    safetensors::serialize(views, Some(metadata)).map_err(|error| Error::new(format!("weights: {error}")))
}

/// What the file says of its network.
pub fn origin(bytes: &[u8]) -> Result<Origin> {
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(|error| unreadable(&error))?;
    let metadata = header.metadata().clone().unwrap_or_default();
    let text = |key: &str| metadata.get(key).map_or("", String::as_str);
    Ok(Origin {
        model: text(MODEL).to_owned(),
        input: serde_json::from_str(text(INPUT)).unwrap_or_default(),
        classes: serde_json::from_str(text(CLASSES)).unwrap_or_default(),
    })
}

/// Reads weights for `graph` in Keras's order: every tensor must be there in its shape, and none besides.
pub fn read(graph: &Graph, bytes: &[u8]) -> Result<Vec<Vec<f32>>> {
    let file = SafeTensors::deserialize(bytes).map_err(|error| unreadable(&error))?;
    let model = origin(bytes)?.model;
    let whose = if model.is_empty() { String::new() } else { format!(" (it was saved from \"{model}\")") };
    let mut tensors = Vec::new();
    for (t, parameter) in graph.parameters.iter().enumerate() {
        let name = name(graph, t);
        let Ok(view) = file.tensor(&name) else {
            bail!("the file has no tensor \"{name}\", which \"{}\" needs{whose}", graph.name)
        };
        if view.dtype() != Dtype::F32 || view.shape() != parameter.spec.shape {
            bail!(
                "tensor \"{name}\" is {:?} of shape {:?}; \"{}\" needs F32 of shape {:?}{whose}",
                view.dtype(),
                view.shape(),
                graph.name,
                parameter.spec.shape
            );
        }
        // Word by word: the bytes of a file need not be aligned.
        let words = view.data().chunks_exact(4);
        tensors.push(words.map(|word| f32::from_le_bytes([word[0], word[1], word[2], word[3]])).collect());
    }
    if file.len() > tensors.len() {
        bail!("the file has {} tensors, \"{}\" needs {}{whose}", file.len(), graph.name, tensors.len());
    }
    Ok(tensors)
}

fn unreadable(error: &safetensors::SafeTensorError) -> Error {
    Error::new(format!("this is not a safetensors file: {error}"))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::models;
    use proptest::prelude::*;

    fn graph(name: &str) -> Graph {
        Graph::new(&models::build(name).expect("a model")).expect("a graph")
    }

    fn lenet() -> (Graph, Vec<u8>) {
        let graph = graph("lenet");
        let values = |t: usize| (0..graph.parameters[t].spec.elements()).map(|j| (t + j) as f32).collect();
        let tensors: Vec<Vec<f32>> = (0..graph.parameters.len()).map(values).collect();
        let bytes = write(&graph, &tensors, &["zero".to_owned()]).expect("a file");
        (graph, bytes)
    }

    #[test]
    fn weights_survive_a_file() {
        let (graph, bytes) = lenet();
        let weights = read(&graph, &bytes).expect("the same network");
        assert_eq!(weights[1], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        let classes = vec!["zero".to_owned()];
        let origin = origin(&bytes).expect("a header");
        assert_eq!(origin, Origin { model: "lenet".to_owned(), input: vec![32, 32, 1], classes });
        let file = SafeTensors::deserialize(&bytes).expect("a file");
        assert_eq!(file.tensor("conv2d_1/kernel").expect("Keras's name").shape(), [5, 5, 6, 16]);
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let (lenet, bytes) = lenet();
        assert!(read(&lenet, b"").expect_err("nothing").to_string().contains("not a safetensors file"));
        assert!(write(&lenet, &[], &[]).is_err());
        let mut spec = models::build("lenet").expect("a model");
        spec.layers[0].name = "first".to_owned();
        spec.layers[1].connected_to = vec!["first".to_owned()];
        let renamed = Graph::new(&spec).expect("a graph");
        let error = read(&renamed, &bytes).expect_err("another name").to_string();
        assert!(error.contains("\"first/kernel\"") && error.contains("saved from \"lenet\""), "{error}");
        let mut spec = models::build("lenet").expect("a model");
        spec.input.shape = vec![28, 28, 1];
        let error =
            read(&Graph::new(&spec).expect("a graph"), &bytes).expect_err("another shape").to_string();
        assert!(error.contains("\"dense/kernel\" is F32 of shape [400, 120]"), "{error}");
    }

    proptest! {
        #[test]
        fn damaged_files_never_panic(
            changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5),
            keep in any::<prop::sample::Index>(),
        ) {
            let (graph, mut bytes) = lenet();
            let header = 900;
            for (at, byte) in changes {
                bytes[at.index(header)] = byte;
            }
            bytes.truncate(keep.index(2 * bytes.len()));
            let _ = read(&graph, &bytes);
        }
    }
}
