//! A value that two layers read: the second gradient is added to the first, in every op's shader.

use cnn_playground::graph::{Graph, InputSpec, Kind, LayerSpec, ModelSpec, VERSION};
use cnn_playground::ops::Layer;
use cnn_playground::ops::activation::{ActivationLayer, ELU, LeakyReLU, ReLU};
use cnn_playground::ops::avg_pool::AveragePooling2D;
use cnn_playground::ops::batch_norm::BatchNormalization;
use cnn_playground::ops::conv2d::Conv2D;
use cnn_playground::ops::dense::Dense;
use cnn_playground::ops::depthwise_conv2d::DepthwiseConv2D;
use cnn_playground::ops::dropout::Dropout;
use cnn_playground::ops::flatten::Flatten;
use cnn_playground::ops::global_avg_pool::GlobalAveragePooling2D;
use cnn_playground::ops::global_max_pool::GlobalMaxPooling2D;
use cnn_playground::ops::layer_norm::LayerNormalization;
use cnn_playground::ops::local_response_norm::LocalResponseNormalization;
use cnn_playground::ops::max_pool::MaxPooling2D;
use cnn_playground::ops::upsampling::UpSampling2D;
use cnn_playground::ops::zero_padding::ZeroPadding2D;
use cnn_playground::ops::{Activation, CLASSES};
use cnn_playground::ops::{add::Add, concat::Concatenate, global_avg_pool::Lambda};
use cnn_playground::plan::{PlanOptions, Target, plan};

use crate::rig::Rig;
use crate::support::{gpu, gpu_test, random};

const BATCH: usize = 2;
const SHAPE: [usize; 3] = [5, 6, 4];

/// One layer of every class.
fn layers() -> Vec<Layer> {
    vec![
        ActivationLayer { activation: Activation::Tanh }.into(),
        ActivationLayer { activation: Activation::Softmax }.into(),
        ActivationLayer { activation: Activation::LogSoftmax }.into(),
        ELU::new(0.5).into(),
        LeakyReLU::new(0.5).into(),
        ReLU::default().into(),
        Add {}.into(),
        AveragePooling2D::new([2, 2]).into(),
        BatchNormalization::default().into(),
        Concatenate::default().into(),
        Conv2D::new(3, [3, 3]).into(),
        Dense::new(5).into(),
        DepthwiseConv2D::new([3, 3]).into(),
        Dropout::new(0.4).into(),
        Flatten {}.into(),
        GlobalAveragePooling2D::default().into(),
        GlobalMaxPooling2D::default().into(),
        Lambda::mean().into(),
        LayerNormalization::default().into(),
        LocalResponseNormalization::default().into(),
        MaxPooling2D::new([2, 2]).into(),
        UpSampling2D::new([2, 2]).into(),
        ZeroPadding2D::new(1).into(),
    ]
}

/// `input` → `layer`, once or twice. A layer that joins inputs reads the same one twice.
fn model(layer: &Layer, copies: usize) -> ModelSpec {
    let input = InputSpec { layer: "input".to_owned(), shape: SHAPE.to_vec() };
    let inputs = *layer.op().arity().start();
    let copy = |i: usize| LayerSpec {
        name: format!("copy {i}"),
        layer: layer.clone(),
        connected_to: vec!["input".to_owned(); inputs],
        trainable: true,
    };
    let layers: Vec<LayerSpec> = (0..copies).map(copy).collect();
    ModelSpec {
        version: VERSION,
        name: "fan-out".to_owned(),
        source: String::new(),
        notes: Vec::new(),
        kind: Kind::Functional,
        input,
        outputs: layers.iter().map(|layer| layer.name.clone()).collect(),
        loss_weights: Vec::new(),
        layers,
    }
}

/// The input's gradient when every copy receives the same output gradient.
async fn input_gradient(layer: &Layer, copies: usize) -> Vec<f32> {
    let gpu = gpu().await;
    let graph = Graph::new(&model(layer, copies)).expect("a valid model");
    let options = PlanOptions {
        keep_activations: true,
        input_gradient: true,
        ..PlanOptions::new(BATCH, true, Target::OutputGradient, gpu.choice())
    };
    let rig = Rig::new(&gpu, plan(&graph, options));
    let plan = rig.plan();
    let x = plan.values[0].expect("an input");
    rig.write(Some(x), &random(1, x.elements));
    for (index, (slice, parameter)) in plan.parameters.iter().zip(&graph.parameters).enumerate() {
        // The copies have the same weights.
        let own = index - graph.layers[parameter.layer].parameters.start;
        let values: Vec<f32> =
            random(10 + own as u64, slice.elements).iter().map(|v| 1.0 + 0.5 * v).collect();
        rig.write(Some(*slice), &values);
    }
    for &output in &graph.outputs {
        let slice = plan.gradients[graph.layers[output].value.0].expect("a gradient");
        rig.write(Some(slice), &random(2, slice.elements));
    }
    rig.run();
    rig.read(plan.gradients[0]).await
}

gpu_test!(the_gradients_of_two_readers_add_up, async {
    for layer in layers() {
        // Dropout's masks differ between layers, and two views of one value share one gradient: see below.
        if matches!(layer, Layer::Dropout(_) | Layer::Flatten(_)) {
            continue;
        }
        let one = input_gradient(&layer, 1).await;
        let two = input_gradient(&layer, 2).await;
        for (i, (one, two)) in one.iter().zip(&two).enumerate() {
            // A layer that joins inputs has four readers here, and rounds three times.
            let close = (two - 2.0 * one).abs() <= 1e-6 * one.abs();
            assert!(close, "{layer:?}: dx[{i}] is {two}, twice {one} was expected");
        }
        assert!(one.iter().any(|dx| *dx != 0.0), "{layer:?}: no gradient");
    }
});

gpu_test!(the_same_run_has_the_same_bits, async {
    for layer in layers() {
        let bits = |values: Vec<f32>| values.into_iter().map(f32::to_bits).collect::<Vec<_>>();
        let (first, second) = (input_gradient(&layer, 2).await, input_gradient(&layer, 2).await);
        assert_eq!(bits(first), bits(second), "{layer:?}");
    }
});

gpu_test!(two_dropouts_of_one_value_have_masks_of_their_own, async {
    let layer = Layer::from(Dropout::new(0.5));
    let one = input_gradient(&layer, 1).await;
    let two = input_gradient(&layer, 2).await;
    assert!(one.iter().zip(&two).any(|(one, two)| (two - 2.0 * one).abs() > 1e-3), "the same mask twice");
    assert!(two.iter().filter(|dx| **dx == 0.0).count() < one.iter().filter(|dx| **dx == 0.0).count());
});

#[test]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn every_class_is_here() {
    let missing: Vec<_> =
        CLASSES.iter().filter(|class| !layers().iter().any(|layer| layer.class() == **class)).collect();
    assert!(missing.is_empty(), "add {missing:?} to the list above");
}
