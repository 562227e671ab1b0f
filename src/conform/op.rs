//! Op cases: one layer forward and backward.

use serde_json::{Map, Value, json};

use super::compare::Comparison;
use super::file::{OpCase, Tensor};
use super::single::{Single, SingleRun, run_single};
use super::{loss, optimizer};
use crate::error::{Error, Result, bail};
use crate::gpu::Gpu;
use crate::ops::Layer;
use crate::ops::dropout::Dropout;

/// Weights by their Keras names.
const WEIGHTS: [&str; 6] = ["kernel", "bias", "gamma", "beta", "moving_mean", "moving_variance"];

/// Computed tensors by the names that the file uses.
pub(super) type Outputs = Vec<(String, Vec<f32>)>;

/// Runs the case and compares all that it expects.
pub(super) async fn run(gpu: &Gpu, case: &OpCase) -> Result<Comparison> {
    let outputs = match case.op.as_str() {
        "softmax_cross_entropy" => loss::cross_entropy(gpu, case).await?,
        "l2_penalty" => optimizer::penalty(gpu, case).await?,
        "optimizer" => optimizer::run(gpu, case).await?,
        _ => layer_case(gpu, case).await?,
    };
    let mut comparison = Comparison::default();
    for name in case.tolerance.keys() {
        case.tensor(name)?;
        if !outputs.iter().any(|(known, _)| known == name) {
            bail!("the file expects \"{name}\", which this op does not compute");
        }
    }
    for (name, got) in &outputs {
        if let Some(want) = case.values(name) {
            comparison.tensor(name, got, want, case.tolerance_of(name)?)?;
        }
    }
    Ok(comparison)
}

/// A layer, in as many steps as the file has.
async fn layer_case(gpu: &Gpu, case: &OpCase) -> Result<Outputs> {
    let layer = layer_of(case)?;
    let training = case.attrs.get("mode").is_none_or(|mode| mode == "training");
    let mut weights: Vec<(&str, Vec<f32>)> = Vec::new();
    for name in WEIGHTS {
        weights.extend(case.values(name).map(|values| (name, values.to_vec())));
    }
    if case.attrs.get("steps").is_none_or(Value::is_null) {
        let run = step(gpu, &layer, &inputs(case)?, &weights, case.values("dy"), training).await?;
        return Ok(named(run, "", case.tensor("x").is_err()));
    }
    let mut outputs = Outputs::new();
    for at in 0..case.attr::<usize>("steps")?.min(MAX_STEPS) {
        let x = case.tensor(&format!("x{at}"))?;
        let dy = case.values(&format!("dy{at}"));
        let run = step(gpu, &layer, &[x], &weights, dy, training).await?;
        for (name, values) in &mut weights {
            if let Some(state) = run.state(name) {
                *values = state.to_vec();
            }
        }
        outputs.extend(named(run, &at.to_string(), false));
    }
    Ok(outputs)
}

/// No reference file has more.
const MAX_STEPS: usize = 64;

/// `x` and, where the case brings dropout's, its mask; or `x0`, `x1` and so on.
fn inputs(case: &OpCase) -> Result<Vec<&Tensor>> {
    if let Ok(x) = case.tensor("x") {
        return Ok([x].into_iter().chain(case.tensors.get("mask")).collect());
    }
    let inputs: Vec<_> = (0..).map_while(|at| case.tensors.get(&format!("x{at}"))).collect();
    if inputs.is_empty() {
        bail!("the file has no input \"x\"");
    }
    Ok(inputs)
}

async fn step(
    gpu: &Gpu,
    layer: &Layer,
    inputs: &[&Tensor],
    weights: &[(&str, Vec<f32>)],
    dy: Option<&[f32]>,
    training: bool,
) -> Result<SingleRun> {
    let batch = inputs.first().map_or(Ok(1), |x| x.batch("x").map(|(batch, _)| batch))?;
    let samples =
        inputs.iter().map(|x| Ok((x.batch("x")?.1, x.values.as_slice()))).collect::<Result<Vec<_>>>()?;
    let parameters: Vec<_> = weights.iter().map(|(name, values)| (*name, values.as_slice())).collect();
    run_single(
        gpu,
        layer,
        &Single {
            batch,
            inputs: &samples,
            parameters: &parameters,
            dy,
            training,
            trainable: true,
            seed: 1,
            step: 1,
        },
    )
    .await
}

/// The file's names: `y`, `dx` or `dx0`…, `dkernel`…, `new_moving_mean`…; with a suffix where there are steps.
fn named(run: SingleRun, suffix: &str, several: bool) -> Outputs {
    let mut outputs = vec![(format!("y{suffix}"), run.y)];
    // A mask has no gradient.
    for (at, dx) in run.dx.into_iter().enumerate().filter(|(_, dx)| !dx.is_empty()) {
        outputs.push((if several { format!("dx{at}") } else { format!("dx{suffix}") }, dx));
    }
    outputs.extend(run.gradients.into_iter().map(|(name, values)| (format!("d{name}{suffix}"), values)));
    outputs.extend(run.state.into_iter().map(|(name, values)| (format!("new_{name}{suffix}"), values)));
    outputs
}

/// The Keras layer of an op case.
fn layer_of(case: &OpCase) -> Result<Layer> {
    let activation = |name: &str| ("Activation", json!({ "activation": name }));
    let (class, extra) = match case.op.as_str() {
        "conv2d" => ("Conv2D", kernel_config(case, "filters")?),
        "depthwise_conv2d" => ("DepthwiseConv2D", kernel_config(case, "depth_multiplier")?),
        "dense" => ("Dense", kernel_config(case, "units")?),
        "max_pool" => ("MaxPooling2D", json!({})),
        "avg_pool" => ("AveragePooling2D", json!({})),
        "global_avg_pool" => ("GlobalAveragePooling2D", json!({})),
        "global_max_pool" => ("GlobalMaxPooling2D", json!({})),
        "batch_norm" => ("BatchNormalization", json!({})),
        "layer_norm" => ("LayerNormalization", json!({})),
        "local_response_norm" => ("LocalResponseNormalization", json!({})),
        "leaky_relu" => ("LeakyReLU", json!({})),
        "elu" => ("ELU", json!({})),
        "gelu" if case.attr("approximate")? => activation("gelu_tanh"),
        "gelu" => activation("gelu"),
        "relu" | "sigmoid" | "tanh" | "softmax" | "log_softmax" => activation(&case.op),
        "add" => ("Add", json!({})),
        "concat" => ("Concatenate", json!({})),
        "zero_padding" => ("ZeroPadding2D", json!({})),
        "flatten" => ("Flatten", json!({})),
        "dropout" => ("Dropout", json!({})),
        "upsample_nearest" => ("UpSampling2D", json!({})),
        other => bail!("unknown op \"{other}\""),
    };
    let layer = Layer::read(class, &config(&case.attrs, extra))
        .map_err(|error| Error::new(format!("unknown op \"{}\" with these attributes: {error}", case.op)))?;
    Ok(match layer {
        // The file's numbers were random once; ours are others, so the mask is given.
        Layer::Dropout(dropout) => Layer::from(Dropout { given_mask: true, ..dropout }),
        layer => layer,
    })
}

/// Attributes under Keras's names; what belongs to the case rather than to the layer is left out.
fn config(attrs: &Map<String, Value>, extra: Value) -> Value {
    let mut config = if let Value::Object(extra) = extra { extra } else { Map::new() };
    for (key, value) in attrs {
        match (key.as_str(), value) {
            ("mode" | "steps" | "approximate", _) | ("activation", Value::Null) => {}
            ("dilation", _) => _ = config.insert("dilation_rate".to_owned(), value.clone()),
            _ => _ = config.insert(key.clone(), value.clone()),
        }
    }
    config.into()
}

/// What the shape of the kernel tells: the window, and the size of the last axis under the name `last`.
fn kernel_config(case: &OpCase, last: &str) -> Result<Value> {
    let shape = &case.tensor("kernel")?.shape;
    match (last, shape.as_slice()) {
        ("units", &[_, units]) => Ok(json!({ "units": units })),
        ("filters" | "depth_multiplier", &[kh, kw, _, size]) => {
            Ok(json!({ "kernel_size": [kh, kw], last: size }))
        }
        _ => bail!("the kernel's shape {shape:?} does not fit a {}", case.op),
    }
}
