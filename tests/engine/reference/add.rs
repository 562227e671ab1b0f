//! The sum of several tensors. One with a single channel is added to every channel.

/// `channels[i]` is the length of the last axis of input `i`: that of the output, or 1.
pub(crate) fn forward(inputs: &[&[f64]], channels: &[usize]) -> Vec<f64> {
    let widest = output_channels(channels);
    let pixels = inputs[0].len() / channels[0];
    let value = |at: usize| inputs.iter().zip(channels).map(|(x, &own)| x[source(at, widest, own)]).sum();
    (0..pixels * widest).map(value).collect()
}

/// The gradient of each input: `dy` itself, or its sum over the channels.
pub(crate) fn backward(channels: &[usize], dy: &[f64]) -> Vec<Vec<f64>> {
    let widest = output_channels(channels);
    let one = |&own: &usize| {
        let mut dx = vec![0.0; dy.len() / widest * own];
        for (at, dy) in dy.iter().enumerate() {
            dx[source(at, widest, own)] += dy;
        }
        dx
    };
    channels.iter().map(one).collect()
}

fn output_channels(channels: &[usize]) -> usize {
    channels.iter().copied().max().expect("at least one input")
}

/// Which element of an input with `own` channels is added to element `at` of the output.
fn source(at: usize, widest: usize, own: usize) -> usize {
    if own == widest { at } else { at / widest }
}
