//! What dispatches multiply, as the literature counts it.

use super::Dispatch;
use crate::graph::Graph;

/// Files whose kernels do a layer's multiplications, by how their names begin.
const MULTIPLYING: [&str; 3] = ["conv2d", "dense", "depthwise"];
/// Entry points that do all of them, for the output or for one of the gradients.
const WHOLE: [&str; 3] = ["forward", "backward_input", "backward_kernel"];

/// Gives each dispatch its multiply-accumulates: taps in the padding count, pooling does not, and Winograd's fewer count as
/// those they stand for. Where a layer takes several dispatches of a kind, each has its share.
pub(super) fn count(graph: &Graph, batch: usize, dispatches: &mut [Dispatch]) {
    let multiplies = |d: &&Dispatch| {
        MULTIPLYING.iter().any(|stem| d.kernel.shader.file.starts_with(stem))
            && WHOLE.contains(&d.kernel.entry_point)
    };
    let groups = |d: &Dispatch| d.workgroups.into_iter().map(u64::from).product::<u64>();
    for at in 0..dispatches.len() {
        let first = &dispatches[at];
        // Those of a kind get theirs with the first of them: a layer may take thousands.
        let Some(layer) = first.layer.filter(|_| first.macs == 0 && multiplies(&first)) else { continue };
        let kernel = first.kernel;
        let kind = |d: &Dispatch| d.layer == Some(layer) && std::ptr::eq(d.kernel, kernel);
        let all: u64 = dispatches.iter().filter(|d| kind(d)).map(groups).sum();
        let macs = graph.layers[layer].macs * batch as u64;
        for dispatch in dispatches.iter_mut().filter(|d| kind(d)) {
            // Multiplied first, a large batch of large pictures would be past 64 bits.
            dispatch.macs = macs / all * groups(dispatch) + macs % all * groups(dispatch) / all;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Shape;
    use crate::ops::conv2d::Conv2D;
    use crate::ops::max_pool::MaxPooling2D;
    use crate::ops::{Layer, Op};
    use crate::plan::{Choice, Pass, Plan, PlanOptions, Target, plan};

    const BATCH: usize = 4;

    fn alone(layer: &Layer, input: &Shape, choice: Choice) -> Plan {
        let graph = Graph::single(layer, true, std::slice::from_ref(input)).expect("a layer");
        let options = PlanOptions {
            input_gradient: true,
            ..PlanOptions::new(BATCH, true, Target::OutputGradient, choice)
        };
        plan(&graph, options)
    }

    #[test]
    fn every_pass_of_a_convolution_counts_once_however_it_is_computed() {
        let (layer, input) = (Conv2D::new(64, [3, 3]), Shape::image(64, 64, 64).expect("a shape"));
        let macs = layer.macs(&[&input]) * BATCH as u64;
        for choice in [Choice::Plain, Choice::Fixed("fours"), Choice::Fixed("winograd")] {
            let plan = alone(&layer.clone().into(), &input, choice.clone());
            let counted = plan.dispatches.iter().filter(|d| d.macs > 0).count();
            let several = choice == Choice::Fixed("winograd");
            assert_eq!(counted > 3, several, "{choice:?}: {counted} dispatches");
            for entry in WHOLE {
                let of = plan.dispatches.iter().filter(|d| d.kernel.entry_point == entry);
                let sum: u64 = of.map(|d| d.macs).sum();
                // Shares are whole numbers.
                assert!(sum <= macs && macs - sum < 100, "{choice:?} {entry}: {sum} of {macs}");
            }
        }
    }

    #[test]
    fn shares_are_by_workgroups_and_what_does_not_multiply_has_none() {
        let (layer, input) = (Conv2D::new(8, [3, 3]), Shape::image(8, 8, 4).expect("a shape"));
        let graph =
            Graph::single(&layer.clone().into(), true, std::slice::from_ref(&input)).expect("a layer");
        let plan = alone(&layer.clone().into(), &input, Choice::Plain);
        let forward = plan.dispatches.iter().find(|d| d.pass == Pass::Forward).expect("a forward pass");
        let large = Dispatch { workgroups: [3, 1, 1], macs: 0, ..forward.clone() };
        let mut parts = [large.clone(), Dispatch { workgroups: [1, 1, 1], ..large.clone() }];
        count(&graph, BATCH, &mut parts);
        let macs = layer.macs(&[&input]) * BATCH as u64;
        assert_eq!(parts.map(|part| part.macs), [macs * 3 / 4, macs / 4]);

        let pool = alone(&MaxPooling2D::new([2, 2]).into(), &input, Choice::Plain);
        assert!(pool.dispatches.iter().all(|d| d.macs == 0));
    }
}
