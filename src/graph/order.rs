//! The order in which Keras lists the layers of a functional model.

use super::Source;

/// Layers by depth (longest distance to an output, decreasing); equal depths in the order in which a depth-first
/// walk from the outputs first meets them. The result is a topological order, and layers that reach no output are
/// absent from it.
///
/// `inputs[i]` are the inputs of layer `i`; the wiring must be free of cycles.
pub(super) fn keras_order(inputs: &[Vec<Source>], outputs: &[usize]) -> Vec<usize> {
    let (first_met, post_order) = walk(inputs, outputs);
    // Reversed post-order visits every layer before the layers it reads.
    let mut depth = vec![0usize; inputs.len()];
    for &layer in post_order.iter().rev() {
        for source in &inputs[layer] {
            if let Source::Layer(input) = *source {
                depth[input] = depth[input].max(depth[layer] + 1);
            }
        }
    }
    let key = |layer: usize| (usize::MAX - depth[layer], first_met[layer], layer);
    // The only sort there would be: putting each where it belongs takes less wasm, and no time for a thousand layers.
    let mut order = Vec::with_capacity(post_order.len());
    for key in post_order.into_iter().map(key) {
        order.insert(order.partition_point(|known| *known < key), key);
    }
    order.into_iter().map(|(_, _, layer)| layer).collect()
}

/// Depth-first from each output in turn, inputs in order, without recursion: deep networks are deeper than stacks.
fn walk(inputs: &[Vec<Source>], outputs: &[usize]) -> (Vec<usize>, Vec<usize>) {
    const UNSEEN: usize = usize::MAX;
    let mut first_met = vec![UNSEEN; inputs.len()];
    let mut met = 0;
    let mut post_order = Vec::with_capacity(inputs.len());
    for &output in outputs {
        let mut stack = vec![(output, 0)];
        while let Some((layer, next)) = stack.pop() {
            if next == 0 {
                if first_met[layer] != UNSEEN {
                    continue;
                }
                first_met[layer] = met;
                met += 1;
            }
            match inputs[layer].get(next) {
                Some(source) => {
                    stack.push((layer, next + 1));
                    if let Source::Layer(input) = *source {
                        stack.push((input, 0));
                    }
                }
                None => post_order.push(layer),
            }
        }
    }
    (first_met, post_order)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_side_head_comes_late() {
        // 0 → 1 → 2 → 3 (output), 1 → 4 (side output, listed first)
        let l = Source::Layer;
        let inputs = vec![vec![Source::Input], vec![l(0)], vec![l(1)], vec![l(2)], vec![l(1)]];
        assert_eq!(keras_order(&inputs, &[4, 3]), [0, 1, 2, 4, 3]);
        assert_eq!(keras_order(&inputs, &[3]), [0, 1, 2, 3]);
    }
}
