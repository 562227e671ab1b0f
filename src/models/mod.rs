//! The registry of architectures, each built by one function.
//!
//! A network of a course note, of `keras.applications` or of the training references has the layers, names and numbers
//! that Keras gives it; the quirks of the notes are kept and told by `notes`. Names that end in `_32` are the same
//! ideas in sizes that learn on 32×32 pictures in a minute or two.

mod alexnet;
mod build;
mod googlenet;
mod lenet;
mod resnet;
mod resnet_cifar;
mod simple_cnn;
#[cfg(test)]
mod tests;
mod vgg;

use crate::error::{Error, Result};
use crate::graph::ModelSpec;

/// Source of the networks that were made smaller for the page.
const ADAPTED: &str = "adapted to 32x32 pictures";

/// A row of the registry.
#[derive(Clone, Copy, Debug)]
pub struct Architecture {
    /// What menus, URLs and reference files call it.
    pub name: &'static str,
    /// Classes it tells apart where nobody asks for another number; 0 for a block without a classifier.
    pub classes: usize,
    build: fn(usize) -> ModelSpec,
}

impl Architecture {
    const fn new(name: &'static str, classes: usize, build: fn(usize) -> ModelSpec) -> Self {
        Self { name, classes, build }
    }

    /// The network with its own input shape and number of classes.
    pub fn spec(&self) -> ModelSpec {
        (self.build)(self.classes)
    }
}

/// Every architecture. Menus, tests and snapshots walk this list.
pub const REGISTRY: &[Architecture] = &[
    Architecture::new("lenet", 10, lenet::lenet),
    Architecture::new("lenet_tanh", 10, lenet::lenet_tanh),
    Architecture::new("simple_cnn", 100, simple_cnn::simple_cnn),
    Architecture::new("alexnet_32", 10, alexnet::alexnet_32),
    Architecture::new("alexnet", 1000, alexnet::alexnet),
    Architecture::new("vgg_32", 10, vgg::vgg_32),
    Architecture::new("vgg_bn_32", 10, vgg::vgg_bn_32),
    Architecture::new("vgg16_cifar100", 100, vgg::vgg16_cifar100),
    Architecture::new("vgg16_imagenet", 1000, vgg::vgg16_imagenet),
    Architecture::new("vgg19", 1000, vgg::vgg19),
    Architecture::new("inception_block", 0, googlenet::inception_block),
    Architecture::new("googlenet_32", 10, googlenet::googlenet_32),
    Architecture::new("googlenet", 1000, googlenet::googlenet),
    Architecture::new("residual_block", 0, resnet::residual_block),
    Architecture::new("resnet8", 10, resnet_cifar::resnet8),
    Architecture::new("resnet8_elu", 10, resnet_cifar::resnet8_elu),
    Architecture::new("plain8", 10, resnet_cifar::plain8),
    Architecture::new("resnet20", 10, resnet_cifar::resnet20),
    Architecture::new("plain20", 10, resnet_cifar::plain20),
    Architecture::new("resnet56", 10, resnet_cifar::resnet56),
    Architecture::new("plain56", 10, resnet_cifar::plain56),
    Architecture::new("resnet50_cifar100", 100, resnet::resnet50_cifar100),
    Architecture::new("resnet50_cifar100_note000", 100, resnet::resnet50_cifar100_note000),
    Architecture::new("resnet50_imagenet", 1000, resnet::resnet50_imagenet),
    Architecture::new("resnet50_keras", 1000, resnet::resnet50_keras),
    Architecture::new("resnet_note004", 1000, resnet::resnet_note004),
];

/// The architecture of this name, as its source has it.
pub fn build(name: &str) -> Result<ModelSpec> {
    Ok(find(name)?.spec())
}

/// The architecture of this name, for pictures with so many channels and for so many classes.
///
/// Height and width stay; whoever wants others sets `input.shape` of the result. A block without a classifier takes no
/// notice of `classes`.
///
/// ```
/// use cnn_playground::{graph::Graph, models};
/// let lenet = Graph::new(&models::build_for("lenet", 3, 4)?)?;
/// assert_eq!(lenet.input.extents(), [32, 32, 3]);
/// assert_eq!(lenet.layers[lenet.outputs[0]].shape.extents(), [4]);
/// # Ok::<(), cnn_playground::Error>(())
/// ```
pub fn build_for(name: &str, input_channels: usize, classes: usize) -> Result<ModelSpec> {
    let mut spec = (find(name)?.build)(classes);
    if let Some(channels) = spec.input.shape.last_mut() {
        *channels = input_channels;
    }
    Ok(spec)
}

fn find(name: &str) -> Result<&'static Architecture> {
    REGISTRY.iter().find(|known| known.name == name).ok_or_else(|| {
        let known: Vec<_> = REGISTRY.iter().map(|known| known.name).collect();
        Error::new(format!("there is no model \"{name}\"; known are {}", known.join(", ")))
    })
}
