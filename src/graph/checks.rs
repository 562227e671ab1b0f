//! What can be wrong with a model before any shape is known.

use std::collections::BTreeMap;

use super::{LayerSpec, ModelSpec, Source};
use crate::error::{Error, Result, bail};
use crate::ops::ParameterSpec;

/// More layers than this are a generated mistake; ResNet-152 has 515.
const MAX_LAYERS: usize = 10_000;

/// Layer names to indices; names are unique and not the input's.
pub(super) fn name_index(spec: &ModelSpec) -> Result<BTreeMap<&str, usize>> {
    if spec.layers.is_empty() {
        bail!("model \"{}\" has no layers; add at least one", spec.name);
    }
    if spec.layers.len() > MAX_LAYERS {
        bail!("model \"{}\" has {} layers; at most {MAX_LAYERS} are supported", spec.name, spec.layers.len());
    }
    let mut index = BTreeMap::new();
    for (at, layer) in spec.layers.iter().enumerate() {
        if layer.name.is_empty() {
            bail!("layer {at} ({}) has no name; give it one", layer.layer.class());
        }
        if layer.name == spec.input.layer || index.insert(layer.name.as_str(), at).is_some() {
            bail!("the name \"{}\" is used twice; layer names must be unique", layer.name);
        }
    }
    Ok(index)
}

pub(super) fn wire(spec: &ModelSpec, index: &BTreeMap<&str, usize>) -> Result<Vec<Vec<Source>>> {
    let resolve = |layer: &LayerSpec, input: &String| {
        if *input == spec.input.layer {
            return Ok(Source::Input);
        }
        match index.get(input.as_str()) {
            Some(&at) => Ok(Source::Layer(at)),
            None => Err(Error::new(format!("is connected to \"{input}\", which does not exist"))
                .of_layer(layer.layer.class(), &layer.name)),
        }
    };
    spec.layers
        .iter()
        .map(|layer| layer.connected_to.iter().map(|input| resolve(layer, input)).collect())
        .collect()
}

/// Kahn's algorithm; what it cannot remove is on a cycle or behind one.
pub(super) fn check_acyclic(spec: &ModelSpec, wiring: &[Vec<Source>]) -> Result<()> {
    let mut readers = vec![Vec::new(); wiring.len()];
    let mut missing = vec![0usize; wiring.len()];
    for (layer, inputs) in wiring.iter().enumerate() {
        for source in inputs {
            if let Source::Layer(input) = *source {
                readers[input].push(layer);
                missing[layer] += 1;
            }
        }
    }
    let mut ready: Vec<usize> = (0..wiring.len()).filter(|&layer| missing[layer] == 0).collect();
    let mut done = 0;
    while let Some(layer) = ready.pop() {
        done += 1;
        for &reader in &readers[layer] {
            missing[reader] -= 1;
            if missing[reader] == 0 {
                ready.push(reader);
            }
        }
    }
    if done == wiring.len() {
        return Ok(());
    }
    let names: Vec<_> = (0..wiring.len())
        .filter(|&l| missing[l] > 0)
        .take(4)
        .map(|l| format!("\"{}\"", spec.layers[l].name))
        .collect();
    bail!(
        "model \"{}\" has a cycle through {}; a layer cannot read its own output",
        spec.name,
        names.join(", ")
    )
}

pub(super) fn output_layers(spec: &ModelSpec, index: &BTreeMap<&str, usize>) -> Result<Vec<usize>> {
    if spec.outputs.is_empty() {
        bail!("model \"{}\" has no outputs; name at least one layer", spec.name);
    }
    let find = |name: &String| match index.get(name.as_str()) {
        Some(&at) => Ok(at),
        None => bail!("model \"{}\": output \"{name}\" does not exist", spec.name),
    };
    spec.outputs.iter().map(find).collect()
}

/// One finite factor an output; all 1 when none is given.
pub(crate) fn loss_weights(given: &[f32], outputs: usize) -> Result<Vec<f32>> {
    if given.is_empty() {
        return Ok(vec![1.0; outputs]);
    }
    if given.len() != outputs || given.iter().any(|weight| !weight.is_finite()) {
        bail!("{} loss weights were given for {outputs} outputs; give one finite number each", given.len());
    }
    Ok(given.to_vec())
}

/// A sequential model is a stack: each layer reads the one before it.
pub(super) fn check_stack(spec: &ModelSpec, wiring: &[Vec<Source>]) -> Result<()> {
    for (at, inputs) in wiring.iter().enumerate() {
        let before = at.checked_sub(1).map_or(Source::Input, Source::Layer);
        if inputs[..] != [before] {
            return Err(Error::new("does not read the layer before it; make the model functional")
                .of_layer(spec.layers[at].layer.class(), &spec.layers[at].name));
        }
    }
    Ok(())
}

/// Shaders index with 32 bits.
pub(super) fn check_weight(spec: &ParameterSpec) -> Result<()> {
    for (name, factor) in [("l2", spec.l2), ("l1", spec.l1)] {
        if !(factor.is_finite() && factor >= 0.0) {
            bail!(
                "{}_{name} is {factor}; a penalty's factor is a number from 0 up, 0.0001 is usual",
                spec.name
            );
        }
    }
    let elements = spec.shape.iter().try_fold(1usize, |product, &n| product.checked_mul(n));
    match elements {
        Some(elements) if elements < 1 << 31 => Ok(()),
        _ => bail!(
            "{} of shape {:?} holds 2^31 values or more; use fewer units or filters",
            spec.name,
            spec.shape
        ),
    }
}

pub(super) fn check_all_used(spec: &ModelSpec, reached: &[usize]) -> Result<()> {
    let mut used = vec![false; spec.layers.len()];
    for &layer in reached {
        used[layer] = true;
    }
    match used.iter().position(|&used| !used) {
        None => Ok(()),
        Some(layer) => {
            let layer = &spec.layers[layer];
            Err(Error::new("leads to no output; connect it or remove it")
                .of_layer(layer.layer.class(), &layer.name))
        }
    }
}
