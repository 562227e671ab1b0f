//! In inference a convolution's own kernel also does what follows it: the batch norm, the sum with a skip connection, and the
//! activation. Each was a pass over memory, and in the deep networks most of all dispatches.

use super::Slice;
use super::builder::Builder;
use crate::graph::{Graph, Node, ValueId};
use crate::ops::{Activation, Layer};

/// What a kernel does with its sums before it stores them.
#[derive(Clone, Copy, Debug)]
pub struct Fused {
    /// The batch norm that follows.
    pub norm: Option<FusedNorm>,
    /// What is added behind it; the output's shape.
    pub residual: Option<Slice>,
    /// The activation that comes last, as the shaders number it.
    pub activation: u32,
}

/// A batch norm of inference.
#[derive(Clone, Copy, Debug)]
pub struct FusedNorm {
    /// Gamma and beta, the second at the next multiple of [`ALIGN`](super::ALIGN) channels.
    pub weights: Slice,
    /// Moving mean and variance, likewise.
    pub moving: Slice,
    /// Added to the variance.
    pub epsilon: f64,
}

/// A convolution with the nodes that its kernel takes over. It runs in the place of the last one, when all inputs are there.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    /// The convolution, with the output of the last node.
    pub(super) node: Node,
    /// Layer of the norm, and its epsilon.
    pub(super) norm: Option<(usize, f64)>,
    /// The other summand.
    pub(super) residual: Option<ValueId>,
    /// What comes last.
    pub(super) activation: Activation,
}

/// What becomes of each node.
#[derive(Clone, Debug)]
pub(super) enum Role {
    /// It runs as it is, if it is needed.
    Alone,
    /// A chain that ends later does its work.
    Within,
    /// The end of a chain.
    End(Chain),
}

/// The role of every node. Only what nobody else looks at can be fused: `roots` are wanted themselves.
pub(super) fn roles(graph: &Graph, needed: &[bool], roots: &[ValueId]) -> Vec<Role> {
    let mut readers = Readers { graph, of_value: vec![Vec::new(); graph.values.len()], roots };
    for (at, node) in graph.nodes.iter().enumerate().filter(|&(at, _)| needed[at]) {
        for input in &node.inputs {
            readers.of_value[input.0].push(at);
        }
    }
    let mut roles = vec![Role::Alone; graph.nodes.len()];
    for (head, node) in graph.nodes.iter().enumerate().filter(|&(at, _)| needed[at]) {
        if !is_open_convolution(graph, node) {
            continue;
        }
        let (chain, members) = readers.follow(head, &roles);
        if let [within @ .., last] = members.as_slice()
            && !within.is_empty()
        {
            for &at in within {
                roles[at] = Role::Within;
            }
            roles[*last] = Role::End(chain);
        }
    }
    roles
}

impl Builder {
    /// Whether nobody wants to see what lies between a convolution and what follows it.
    pub(super) fn fuses(&self) -> bool {
        !self.options.training && !self.options.keep_activations && !self.backward()
    }

    /// The chain with memory in place of layers and values.
    pub(super) fn fused(&self, chain: &Chain) -> Fused {
        let pair = |layer, [first, second]: [&str; 2]| {
            let [first, second] = [first, second].map(|name| {
                self.parameter(layer, name).expect("a norm that scales and centres has all four")
            });
            Slice { elements: second.offset - first.offset + second.elements, ..first }
        };
        Fused {
            norm: chain.norm.map(|(layer, epsilon)| FusedNorm {
                weights: pair(layer, ["gamma", "beta"]),
                moving: pair(layer, ["moving_mean", "moving_variance"]),
                epsilon,
            }),
            residual: chain.residual.map(|value| self.value(value).slice),
            activation: chain.activation.fused(),
        }
    }
}

/// A convolution without an activation of its own.
fn is_open_convolution(graph: &Graph, node: &Node) -> bool {
    let Layer::Conv2D(convolution) = &graph.layers[node.layer].spec.layer else { return false };
    node.trailing.is_none() && convolution.activation == Activation::Linear
}

/// Who reads what.
struct Readers<'a> {
    graph: &'a Graph,
    of_value: Vec<Vec<usize>>,
    roots: &'a [ValueId],
}

impl Readers<'_> {
    /// The only reader of a value that nobody else wants, with its layer.
    fn only(&self, value: ValueId) -> Option<(usize, &Node, &Layer)> {
        let &[at] = self.of_value[value.0].as_slice() else { return None };
        let node = &self.graph.nodes[at];
        let free = !self.roots.contains(&value) && node.trailing.is_none();
        free.then(|| (at, node, &self.graph.layers[node.layer].spec.layer))
    }

    /// The chain that begins with a convolution, and its nodes.
    fn follow(&self, head: usize, roles: &[Role]) -> (Chain, Vec<usize>) {
        let mut members = vec![head];
        let node = self.graph.nodes[head].clone();
        let mut chain = Chain { node, norm: None, residual: None, activation: Activation::Linear };
        if let Some((at, norm, Layer::BatchNormalization(op))) = self.only(chain.node.output)
            && op.scale
            && op.center
        {
            chain.norm = Some((norm.layer, op.epsilon));
            chain.node.output = norm.output;
            members.push(at);
        }
        if let Some((at, sum, Layer::Add(_))) = self.only(chain.node.output)
            && let Some(other) = self.other_summand(sum, chain.node.output)
            && matches!(roles[at], Role::Alone)
        {
            chain.residual = Some(other);
            chain.node.output = sum.output;
            members.push(at);
        }
        if let Some((at, last, Layer::Activation(op))) = self.only(chain.node.output)
            && op.activation.fused() != 0
        {
            chain.activation = op.activation;
            chain.node.output = last.output;
            members.push(at);
        }
        (chain, members)
    }

    /// Of a sum of two tensors of one shape.
    fn other_summand(&self, sum: &Node, one: ValueId) -> Option<ValueId> {
        let other = match *sum.inputs.as_slice() {
            [a, b] if a == one => b,
            [a, b] if b == one => a,
            _ => return None,
        };
        (self.graph.values[other.0] == self.graph.values[one.0]).then_some(other)
    }
}
