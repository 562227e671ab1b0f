//! Architectures learn eight pictures by heart: what it computes forwards, its gradients and its first weights
//! are good enough to drive the loss to nothing.
#![cfg(not(target_arch = "wasm32"))]

use cnn_playground::data::shapes::shapes;
use cnn_playground::gpu::{Gpu, GpuOptions};
use cnn_playground::graph::{Graph, ModelSpec};
use cnn_playground::models;
use cnn_playground::ops::Layer;
use cnn_playground::optim::Optimizer;
use cnn_playground::train::{Data, Session, SessionConfig};
use pollster::block_on;

const PICTURES: usize = 8;

/// Loss of every head, without penalties, below which the pictures count as learnt.
const LEARNT: f32 = 0.05;

/// Steps of Adam that a network is given.
const STEPS: usize = 80;

/// Networks that are hundreds of layers deep or have tens of millions of weights, which take minutes each on a software adapter.
/// Not shown here: AlexNet, for one, is at 1.17 after 80 steps at a rate of 0.0003, so they need settings of their own.
const LARGE: &[&str] = &[
    "alexnet",
    "vgg16_cifar100",
    "vgg16_imagenet",
    "vgg19",
    "googlenet",
    "resnet56",
    "plain56",
    "resnet50_cifar100_note000",
    "resnet50_imagenet",
    "resnet50_keras",
    "resnet_note004",
];

/// The network as it stands in the registry but for two things. Dropout is off, for it is there to prevent just this.
/// Pictures of 224 pixels and more are as small as the layers allow, for time.
fn network(architecture: &models::Architecture) -> Graph {
    let mut spec = architecture.spec();
    for layer in &mut spec.layers {
        if let Layer::Dropout(dropout) = &mut layer.layer {
            dropout.rate = 0.0;
        }
    }
    let own = spec.input.shape[0];
    let sides = [32, 64, 96, 128, 160, 192].into_iter().filter(|&side| side < own).chain([own]);
    let of_side = |side: usize| {
        let mut spec: ModelSpec = spec.clone();
        spec.input.shape[..2].fill(side);
        Graph::new(&spec).ok()
    };
    sides.into_iter().find_map(of_side).expect("valid at its own size at least")
}

/// Eight shapes, one of a kind, for a network with this input.
fn pictures(input: &[usize]) -> Vec<f32> {
    let dataset = shapes(PICTURES, 1).expect("drawn");
    let [side, _, channels] = dataset.shape;
    let [h, w, depth] = [input[0], input[1], input[2]];
    let mut values = Vec::with_capacity(PICTURES * h * w * depth);
    for picture in dataset.pixels.chunks(side * side * channels) {
        for (y, x) in (0..h).flat_map(|y| (0..w).map(move |x| (y, x))) {
            let at = channels * (y * side / h * side + x * side / w);
            values.extend((0..depth).map(|c| f32::from(picture[at + c]) * dataset.scale));
        }
    }
    values
}

/// The loss once the pictures are learnt, or after the last step.
fn train(gpu: &Gpu, graph: Graph) -> (usize, f32) {
    let x = pictures(graph.input.extents());
    let labels: Vec<u32> = (0..PICTURES as u32).collect();
    let config =
        SessionConfig { batch: PICTURES, optimizer: Optimizer::adam(0.001), ..SessionConfig::default() };
    let mut session = Session::new(gpu, graph, &Data::Host, config).expect("fits");
    session.write_batch(&x, &labels).expect("a batch");
    let mut loss = f32::NAN;
    for step in 0..STEPS {
        let metrics = block_on(session.submit_batch().expect("runs").read()).expect("readable");
        loss = metrics.head_losses.iter().copied().fold(0.0, f32::max);
        if loss < LEARNT {
            return (step, loss);
        }
    }
    (STEPS, loss)
}

#[test]
fn architectures_learn_eight_pictures_by_heart() {
    let gpu = block_on(Gpu::new(GpuOptions::default())).expect("an adapter");
    for architecture in models::REGISTRY.iter().filter(|of| of.classes > 0 && !LARGE.contains(&of.name)) {
        let graph = network(architecture);
        let input = graph.input.to_string();
        let (steps, loss) = train(&gpu, graph);
        println!("{:26} {input:14} {steps:3} steps, loss {loss:.4}", architecture.name);
        assert!(loss < LEARNT, "{} is at {loss} after {steps} steps", architecture.name);
    }
}
