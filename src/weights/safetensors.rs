//! Weights in the safetensors format (<https://huggingface.co/docs/safetensors>): one tensor a weight, named
//! `layer/kernel` as Keras names them.

use std::collections::HashMap;

use safetensors::Dtype;
use safetensors::tensor::TensorView;

use crate::error::{Error, Result, bail};
use crate::graph::Graph;
use crate::tensors::Tensors;

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
    let file = open(bytes)?;
    Ok(Origin {
        model: file.metadata(MODEL).to_owned(),
        input: serde_json::from_str(file.metadata(INPUT)).unwrap_or_default(),
        classes: serde_json::from_str(file.metadata(CLASSES)).unwrap_or_default(),
    })
}

/// Reads weights for `graph` in Keras's order: every tensor must be there in its shape, and none besides.
pub fn read(graph: &Graph, bytes: &[u8]) -> Result<Vec<Vec<f32>>> {
    let fit = fit(graph, bytes, false)?;
    match fit.fresh.iter().chain(&fit.unused).next() {
        None => Ok(fit.tensors.into_iter().flatten().collect()),
        Some(odd) => {
            bail!("{odd}; \"{}\" has {} tensors{}", graph.name, graph.parameters.len(), whose(&fit.model))
        }
    }
}

/// What a file has for a network, tensor by tensor.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// Name of the network that the file was saved from; empty where it does not say.
    pub model: String,
    /// In Keras's order; `None` where the file has nothing that fits.
    pub tensors: Vec<Option<Vec<f32>>>,
    /// The tensors that have none, each with the reason.
    pub fresh: Vec<String>,
    /// Tensors of the file that the network has no place for.
    pub unused: Vec<String>,
}

/// The weights in a file that `graph` has a place for: those under the same name, in the same shape. With `replace_head`
/// the layers that give the outputs their size ([`Graph::heads`]) get none, whatever the file has: what they learnt was
/// another task.
///
/// A file with nothing for the network is an error.
pub fn fit(graph: &Graph, bytes: &[u8], replace_head: bool) -> Result<Fit> {
    let file = open(bytes)?;
    let heads = if replace_head { graph.heads() } else { Vec::new() };
    if let Some(&head) = heads.iter().find(|&&layer| graph.layers[layer].parameters.is_empty()) {
        bail!(
            "\"{}\" ends in layer \"{}\", which has no weights to draw anew; a head that can be replaced is a layer with \
             weights behind all branches",
            graph.name,
            graph.layers[head].spec.name
        );
    }
    let model = file.metadata(MODEL).to_owned();
    let mut fit = Fit { model, tensors: Vec::new(), fresh: Vec::new(), unused: Vec::new() };
    let mut known = Vec::new();
    for (t, parameter) in graph.parameters.iter().enumerate() {
        let name = name(graph, t);
        let want = &parameter.spec.shape;
        let tensor = if heads.contains(&parameter.layer) {
            Err(format!("\"{name}\" belongs to the new head"))
        } else if !file.has(&name) {
            Err(format!("the file has no tensor \"{name}\""))
        } else {
            let tensor = file.tensor(&name)?;
            let (dtype, shape) = (&tensor.dtype, &tensor.shape);
            match dtype == "F32" && shape == want {
                true => Ok(tensor.floats()),
                false => {
                    Err(format!("tensor \"{name}\" is {dtype} of shape {shape:?}, not F32 of shape {want:?}"))
                }
            }
        };
        known.push(name);
        fit.tensors.push(tensor.map_err(|reason| fit.fresh.push(reason)).ok());
    }
    if let (true, Some(reason)) = (fit.tensors.iter().all(Option::is_none), fit.fresh.first()) {
        bail!("the file has no weights for \"{}\"{}: {reason}", graph.name, whose(&fit.model));
    }
    let unused = file.names().filter(|&name| !known.iter().any(|known| known == name));
    fit.unused = unused.map(|name| format!("tensor \"{name}\" has no place")).collect();
    Ok(fit)
}

fn whose(model: &str) -> String {
    if model.is_empty() { String::new() } else { format!(" (it was saved from \"{model}\")") }
}

fn open(bytes: &[u8]) -> Result<Tensors<'_>> {
    Tensors::read(bytes).map_err(|error| Error::new(format!("weights: {error}")))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::models;
    use proptest::prelude::*;
    use safetensors::SafeTensors;

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
        assert!(
            error.contains("\"dense/kernel\" is F32 of shape [400, 120], not F32 of shape [256, 120]"),
            "{error}"
        );
    }

    #[test]
    fn a_head_is_replaced_and_the_rest_kept() {
        let (ten, bytes) = lenet();
        let seven = Graph::new(&models::build_for("lenet", 1, 7).expect("a model")).expect("a graph");
        let fit_seven = fit(&seven, &bytes, false).expect("most fit");
        assert_eq!((fit_seven.model.as_str(), fit_seven.unused.len()), ("lenet", 0));
        assert_eq!(fit_seven.tensors.iter().filter(|tensor| tensor.is_some()).count(), 8);
        assert!(
            fit_seven.fresh[0]
                .contains("\"dense_2/kernel\" is F32 of shape [84, 10], not F32 of shape [84, 7]")
        );
        assert!(fit(&ten, &bytes, false).expect("all fit").fresh.is_empty());
        let fit_ten = fit(&ten, &bytes, true).expect("most fit");
        assert_eq!(
            fit_ten.fresh,
            ["kernel", "bias"].map(|name| format!("\"dense_2/{name}\" belongs to the new head"))
        );
        let error = fit(&graph("vgg19"), &bytes, false).expect_err("nothing fits").to_string();
        assert!(error.contains("no weights for \"vgg19\" (it was saved from \"lenet\")"), "{error}");
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
