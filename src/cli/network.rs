//! Networks and datasets as they are named on the command line.

use std::path::Path;

use cnn_playground::data::{Dataset, digits, shapes};
use cnn_playground::graph::{Graph, ModelSpec};
use cnn_playground::models;

use super::{Failure, Outcome, read};

/// Pictures that the procedural set is drawn with.
const SHAPES: usize = 4000;

/// A registry name as its source has it, or a file in the model format.
pub(super) fn graph(model: &str) -> Outcome<Graph> {
    Graph::new(&spec(model, None)?).map_err(Failure::usage)
}

/// The same for pictures of this shape and for so many classes. A registered network takes on channels and classes; a
/// file stays as it is.
pub(super) fn graph_for(model: &str, input: &[usize], classes: usize) -> Outcome<Graph> {
    let fit = input.last().filter(|_| classes > 0).map(|&channels| (channels, classes));
    Graph::new(&spec(model, fit)?).map_err(Failure::usage)
}

fn spec(model: &str, fit: Option<(usize, usize)>) -> Outcome<ModelSpec> {
    if Path::new(model).extension().is_none_or(|extension| extension != "json") {
        let spec = match fit {
            Some((channels, classes)) => models::build_for(model, channels, classes),
            None => models::build(model),
        };
        return spec.map_err(Failure::usage);
    }
    let bytes = read(Path::new(model))?;
    let text =
        String::from_utf8(bytes).map_err(|_| Failure::Usage(format!("{model}: this is no JSON text")))?;
    ModelSpec::from_json(&text).map_err(|error| Failure::Usage(format!("{model}: {error}")))
}

/// `digits`, `shapes`, or a file in the form of the digits.
pub(super) fn dataset(name: &str, seed: u32) -> Outcome<Dataset> {
    let dataset = match name {
        "digits" => digits::bundled_digits(),
        "shapes" => shapes::shapes(SHAPES, seed.into()),
        file if Path::new(file).extension().is_some_and(|extension| extension == "safetensors") => {
            digits::digits(&read(Path::new(file))?)
        }
        other => {
            let known =
                "known are digits, shapes, or the path of a .safetensors file in the form of the digits";
            return Err(Failure::Usage(format!("there is no dataset \"{other}\"; {known}")));
        }
    };
    dataset.map_err(Failure::usage)
}
