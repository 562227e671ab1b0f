//! Several tensors behind one another along the last axis.

/// `channels[i]` is the length of the last axis of input `i`.
pub(crate) fn forward(inputs: &[&[f64]], channels: &[usize]) -> Vec<f64> {
    let pixels = inputs[0].len() / channels[0];
    let mut y = Vec::new();
    for pixel in 0..pixels {
        for (x, &own) in inputs.iter().zip(channels) {
            y.extend_from_slice(&x[pixel * own..(pixel + 1) * own]);
        }
    }
    y
}

/// The gradient of each input: its own channels of `dy`.
pub(crate) fn backward(channels: &[usize], dy: &[f64]) -> Vec<Vec<f64>> {
    let mut gradients = vec![Vec::new(); channels.len()];
    for pixel in dy.chunks_exact(channels.iter().sum()) {
        let mut start = 0;
        for (dx, &own) in gradients.iter_mut().zip(channels) {
            dx.extend_from_slice(&pixel[start..start + own]);
            start += own;
        }
    }
    gradients
}
