//! Networks and datasets as they are named on the command line.

use std::path::Path;

use cnn_playground::data::{Dataset, digits, pictures, shapes};
use cnn_playground::graph::{Graph, ModelSpec};
use cnn_playground::models;

use super::{Failure, Outcome, read};

/// Pictures that the procedural set is drawn with.
const SHAPES: usize = 4000;

/// A registry name as its source has it, or a file in the model format.
pub(super) fn graph(model: &str) -> Outcome<Graph> {
    Graph::new(&spec(model, 0, 0)?).map_err(Failure::usage)
}

/// The same for pictures of this shape and for so many classes. A registered network takes them on; a file stays as it is.
pub(super) fn graph_for(model: &str, input: &[usize], classes: usize) -> Outcome<Graph> {
    let mut spec = spec(model, input.last().copied().unwrap_or_default(), classes)?;
    if !is_file(model) && input.len() == spec.input.shape.len() {
        spec.input.shape = input.to_vec();
    }
    Graph::new(&spec).map_err(Failure::usage)
}

/// The same for a dataset. The shipped ones have the size that the networks for the page are made for, so that only a
/// file changes height and width.
pub(super) fn graph_for_data(model: &str, data: &str, dataset: &Dataset) -> Outcome<Graph> {
    if is_dataset_file(data) {
        return graph_for(model, &dataset.shape, dataset.classes.len());
    }
    Graph::new(&spec(model, dataset.shape[2], dataset.classes.len())?).map_err(Failure::usage)
}

fn is_file(model: &str) -> bool {
    Path::new(model).extension().is_some_and(|extension| extension == "json")
}

fn is_dataset_file(data: &str) -> bool {
    Path::new(data).extension().is_some_and(|extension| extension == "safetensors")
}

/// `channels` and `classes` are those of a registered network's own where they are 0.
fn spec(model: &str, channels: usize, classes: usize) -> Outcome<ModelSpec> {
    if !is_file(model) {
        let fits = channels > 0 && classes > 0;
        let spec = if fits { models::build_for(model, channels, classes) } else { models::build(model) };
        return spec.map_err(Failure::usage);
    }
    let bytes = read(Path::new(model))?;
    let text =
        String::from_utf8(bytes).map_err(|_| Failure::Usage(format!("{model}: this is no JSON text")))?;
    ModelSpec::from_json(&text).map_err(|error| Failure::Usage(format!("{model}: {error}")))
}

/// `digits`, `shapes`, or a file of pictures.
pub(super) fn dataset(name: &str, seed: u32) -> Outcome<Dataset> {
    let dataset = match name {
        "digits" => digits::bundled_digits(),
        "shapes" => shapes::shapes(SHAPES, seed.into()),
        file if is_dataset_file(file) => pictures::pictures(file, &read(Path::new(file))?),
        other => {
            let known = "known are digits, shapes, or the path of a .safetensors file with images and labels";
            return Err(Failure::Usage(format!("there is no dataset \"{other}\"; {known}")));
        }
    };
    dataset.map_err(Failure::usage)
}
