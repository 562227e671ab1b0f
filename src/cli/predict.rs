//! `predict`: what a trained network sees in a picture.

use std::path::PathBuf;

use cnn_playground::data::Dataset;
use cnn_playground::graph::Graph;
use cnn_playground::train::{Arena, Observer};
use cnn_playground::weights::safetensors;
use pollster::block_on;
use serde::Serialize;

use super::{Failure, Outcome, gpu, image, network, read, say, say_json, transfer};

#[derive(Debug, clap::Args)]
#[command(allow_negative_numbers = true, group(clap::ArgGroup::new("picture").required(true).args(["index", "image"])))]
pub(super) struct Arguments {
    /// Registry name, or a .json file in the model format
    model: String,
    /// Weights that `train --save` has written
    #[arg(long, value_name = "FILE")]
    weights: PathBuf,
    /// Dataset that --index counts in
    #[arg(long, value_name = "DATASET", default_value = "digits", conflicts_with = "image")]
    data: String,
    /// Sample of the dataset, from 0 on
    #[arg(long, value_name = "N", value_parser = super::whole(0))]
    index: Option<u32>,
    /// A PNG; it is scaled to the network's input
    #[arg(long, value_name = "FILE")]
    image: Option<PathBuf>,
    /// Swaps black and white: the digits are white on black
    #[arg(long, requires = "image")]
    invert: bool,
    /// How many classes to list
    #[arg(long, value_name = "K", default_value_t = 5, value_parser = super::whole(1))]
    top: u32,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Prediction {
    class: usize,
    name: String,
    probability: f32,
}

#[derive(Serialize)]
struct Answer {
    predictions: Vec<Prediction>,
    /// The right class, where the dataset knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<u32>,
}

impl Arguments {
    pub(super) fn run(&self) -> Outcome {
        let bytes = read(&self.weights)?;
        let named = |error| Failure::Usage(format!("{}: {error}", self.weights.display()));
        let origin = safetensors::origin(&bytes).map_err(named)?;
        let graph = network::graph_for(&self.model, &origin.input, origin.classes.len())?;
        let weights = safetensors::read(&graph, &bytes).map_err(named)?;
        transfer::warn_of_another(&self.weights.display().to_string(), &origin.model, &graph);
        let (x, label) = self.picture(&graph)?;
        let gpu = gpu()?;
        let arena = Arena::new(&gpu, &graph, false, 0)?;
        for (t, values) in weights.iter().enumerate() {
            arena.write(t, values)?;
        }
        let observer = Observer::new(&gpu, &graph, arena.externals())?;
        observer.set_input(&x).map_err(Failure::usage)?;
        let outputs = block_on(observer.submit(|_| {}).read())?;
        gpu.check()?;
        let main = outputs.last().map_or(&[][..], Vec::as_slice);
        let probabilities = if graph.ends_in_softmax() { main.to_vec() } else { softmax(main) };
        let answer = Answer { predictions: self.best(&probabilities, &origin.classes), label };
        if self.json {
            return say_json(&answer);
        }
        for prediction in &answer.predictions {
            say(format!("{:6.2} %  {}", 100.0 * prediction.probability, prediction.name));
        }
        if let Some(label) = label {
            let name = origin.classes.get(label as usize).cloned().unwrap_or_else(|| label.to_string());
            say(format!("label     {name}"));
        }
        Ok(())
    }

    /// Values of the picture, and its label if it comes from a dataset.
    fn picture(&self, graph: &Graph) -> Outcome<(Vec<f32>, Option<u32>)> {
        let [height, width, channels] = graph.input.extents() else {
            return Err(Failure::Usage(format!("\"{}\" does not take pictures", graph.name)));
        };
        if let Some(path) = &self.image {
            let picture = image::Picture::read(path)?;
            return Ok((picture.values([*height, *width, *channels], self.invert), None));
        }
        let dataset: Dataset = network::dataset(&self.data, 1)?;
        let index = self.index.unwrap_or_default() as usize;
        let x = dataset.values(index).map_err(Failure::usage)?;
        Ok((x, dataset.labels.get(index).copied()))
    }

    fn best(&self, probabilities: &[f32], names: &[String]) -> Vec<Prediction> {
        let mut order: Vec<usize> = (0..probabilities.len()).collect();
        order.sort_by(|&a, &b| probabilities[b].total_cmp(&probabilities[a]));
        let prediction = |class: usize| Prediction {
            class,
            name: names.get(class).cloned().unwrap_or_else(|| class.to_string()),
            probability: probabilities[class],
        };
        order.into_iter().take(self.top as usize).map(prediction).collect()
    }
}

fn softmax(logits: &[f32]) -> Vec<f32> {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let exponentials: Vec<f32> = logits.iter().map(|logit| (logit - largest).exp()).collect();
    let sum: f32 = exponentials.iter().sum();
    exponentials.iter().map(|value| value / sum).collect()
}
