//! Which layers learn: the three strategies of transfer learning are all of them, the last few, and the last one alone.

use super::{Graph, Source};
use crate::error::{Result, bail};

impl Graph {
    /// Freezes layers by name, as `layer.trainable = False` does in Keras: their weights stay as they are, and a batch
    /// norm among them works as in inference, with its moving statistics. Layers without weights may be named, too.
    ///
    /// Frozen weights have neither gradients nor optimiser memory, and where nothing that learns lies before a layer,
    /// no gradient is computed there.
    ///
    /// ```
    /// use cnn_playground::{graph::Graph, models};
    /// let mut lenet = Graph::new(&models::build("lenet")?)?;
    /// lenet.freeze(&["conv2d", "conv2d_1"])?;
    /// assert_eq!(lenet.summary().totals.non_trainable, 2572);
    /// # Ok::<(), cnn_playground::Error>(())
    /// ```
    pub fn freeze<T: AsRef<str>>(&mut self, names: &[T]) -> Result<()> {
        for name in names {
            let layer = self.layer(name.as_ref())?;
            self.freeze_layer(layer);
        }
        self.check_learns()
    }

    /// Freezes all but the last `k` layers that have weights, in the order of the summary; layers without weights are
    /// not counted. As many as there are, or more, freeze nothing.
    pub fn freeze_all_but(&mut self, k: usize) -> Result<()> {
        let weighty: Vec<usize> =
            (0..self.layers.len()).filter(|&layer| !self.layers[layer].parameters.is_empty()).collect();
        for &layer in &weighty[..weighty.len().saturating_sub(k)] {
            self.freeze_layer(layer);
        }
        self.check_learns()
    }

    fn freeze_layer(&mut self, layer: usize) {
        self.layers[layer].spec.trainable = false;
        for parameter in &mut self.parameters[self.layers[layer].parameters.clone()] {
            parameter.trainable = false;
        }
    }

    /// Whether there is anything to train.
    pub(crate) fn check_learns(&self) -> Result<()> {
        if self.parameters.iter().any(|parameter| parameter.trainable) {
            return Ok(());
        }
        bail!("no layer of \"{}\" has weights that are trained; leave at least one unfrozen", self.name)
    }

    /// The heads: for each output the layer that gives it its size, the last one on the way there that has weights.
    pub fn heads(&self) -> Vec<usize> {
        let mut heads = Vec::new();
        for &output in &self.outputs {
            let mut layer = output;
            while let (true, [Source::Layer(before)]) =
                (self.layers[layer].parameters.is_empty(), &self.layers[layer].inputs[..])
            {
                layer = *before;
            }
            heads.push(layer);
        }
        heads
    }
}

#[cfg(test)]
mod tests {
    use crate::graph::Graph;
    use crate::models;

    fn graph(name: &str) -> Graph {
        Graph::new(&models::build(name).expect("registered")).expect("valid")
    }

    fn learning(graph: &Graph) -> Vec<&str> {
        let layers = graph.layers.iter();
        layers
            .filter(|layer| graph.parameters[layer.parameters.clone()].iter().any(|weight| weight.trainable))
            .map(|layer| layer.spec.name.as_str())
            .collect()
    }

    #[test]
    fn the_last_layers_are_counted_by_their_weights() {
        let mut lenet = graph("lenet");
        lenet.freeze_all_but(9).expect("all learn");
        assert_eq!(learning(&lenet), ["conv2d", "conv2d_1", "dense", "dense_1", "dense_2"]);
        lenet.freeze_all_but(2).expect("two learn");
        assert_eq!(learning(&lenet), ["dense_1", "dense_2"]);
        let totals = lenet.summary().totals;
        assert_eq!((totals.trainable, totals.non_trainable), (84 * 121 + 10 * 85, 48120 + 2416 + 156));
        let error = lenet.freeze_all_but(0).expect_err("nothing learns").to_string();
        assert!(error.contains("no layer of \"lenet\" has weights that are trained"), "{error}");
        let error = lenet.freeze(&["conv9"]).expect_err("no such layer").to_string();
        assert!(error.contains("\"lenet\" has no layer \"conv9\""), "{error}");
    }

    #[test]
    fn softmax_as_a_layer_of_its_own_is_no_head() {
        for (name, heads) in [
            ("lenet", vec!["dense_2"]),
            ("resnet50_cifar100", vec!["fc1000"]),
            ("googlenet", vec!["dense_1", "dense_3", "dense_4"]),
        ] {
            let graph = graph(name);
            let found: Vec<_> =
                graph.heads().iter().map(|&layer| graph.layers[layer].spec.name.as_str()).collect();
            assert_eq!(found, heads, "{name}");
        }
    }
}
