//! The loops against Keras's own numbers: every file in `tests/fixtures/ops`, within the tolerance that it carries.

use super::activation::Activation;
use super::add;
use super::avg_pool::AvgPool;
use super::batch_norm::{BatchNorm, NormGradients, Statistics};
use super::concat;
use super::conv2d::Conv2d;
use super::dense::Dense;
use super::depthwise_conv2d::DepthwiseConv2d;
use super::layer_norm::LayerNorm;
use super::max_pool::MaxPool;
use super::optimizer::{Optimizer, Rule};
use super::penalty::Penalty;
use super::softmax_cross_entropy::SoftmaxCrossEntropy;
use super::upsample_nearest::UpsampleNearest;
use super::window::Window;
use super::zero_padding::ZeroPadding;
use super::{Dims, Gradients, dropout, flatten, global_avg_pool, global_max_pool, log_softmax, softmax};
use safetensors::{Dtype, SafeTensors};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// Computed tensors by name.
type Outputs = BTreeMap<String, Vec<f64>>;

/// One reference file, in `f64`.
struct Case {
    op: String,
    attrs: Value,
    tolerance: BTreeMap<String, Value>,
    tensors: BTreeMap<String, (Vec<usize>, Vec<f64>)>,
}

impl Case {
    fn read(path: &Path) -> Self {
        let bytes = std::fs::read(path).expect("a readable file");
        let (_, header) = SafeTensors::read_metadata(&bytes).expect("a safetensors header");
        let metadata = header.metadata().as_ref().expect("metadata");
        let json = |key: &str| serde_json::from_str::<Value>(&metadata[key]).expect("JSON metadata");
        let file = SafeTensors::deserialize(&bytes).expect("a safetensors file");
        let tensors = file.iter().map(|(name, view)| {
            let words = view.data().chunks_exact(4).map(|word| word.try_into().expect("four bytes"));
            let values = match view.dtype() {
                Dtype::F32 => words.map(|word| f64::from(f32::from_le_bytes(word))).collect(),
                Dtype::I32 => words.map(|word| f64::from(i32::from_le_bytes(word))).collect(),
                other => panic!("{name} is {other:?}"),
            };
            (name.to_owned(), (view.shape().to_vec(), values))
        });
        Self {
            op: metadata["op"].clone(),
            attrs: json("attrs"),
            tolerance: serde_json::from_value(json("tolerance")).expect("a tolerance for each tensor"),
            tensors: tensors.collect(),
        }
    }

    fn get(&self, name: &str) -> &[f64] {
        &self.tensors[name].1
    }

    fn optional(&self, name: &str) -> Option<&[f64]> {
        self.tensors.get(name).map(|(_, values)| values.as_slice())
    }

    fn shape(&self, name: &str) -> &[usize] {
        &self.tensors[name].0
    }

    /// Of a tensor with four axes.
    fn dims(&self, name: &str) -> Dims {
        Dims::new(self.shape(name).try_into().expect("four axes"))
    }

    fn last_axis(&self, name: &str) -> usize {
        *self.shape(name).last().expect("an axis")
    }

    /// `stem0`, `stem1` … as far as there are any, with the lengths of their last axes.
    fn inputs(&self, stem: &str) -> (Vec<&[f64]>, Vec<usize>) {
        let names = (0..).map(|i| format!("{stem}{i}")).take_while(|name| self.tensors.contains_key(name));
        names.map(|name| (self.tensors[&name].1.as_slice(), self.last_axis(&name))).unzip()
    }

    fn number(&self, key: &str) -> f64 {
        self.attrs[key].as_f64().expect("a number")
    }

    fn flag(&self, key: &str) -> bool {
        self.attrs[key].as_bool().expect("true or false")
    }

    fn pair(&self, key: &str) -> [usize; 2] {
        serde_json::from_value(self.attrs[key].clone()).expect("two sizes")
    }

    fn activation(&self) -> Activation {
        match self.attrs["activation"].as_str() {
            None => Activation::Linear,
            Some("relu") => Activation::Relu,
            Some(other) => panic!("activation {other}"),
        }
    }

    fn window(&self, size: [usize; 2]) -> Window {
        let (strides, image) = (self.pair("strides"), self.dims("x").image());
        let dilation = if self.attrs["dilation"].is_null() { [1, 1] } else { self.pair("dilation") };
        match self.attrs["padding"].as_str() {
            Some("same") => Window::same(size, strides, dilation, image),
            Some("valid") => Window::valid(size, strides, dilation),
            other => panic!("padding {other:?}"),
        }
    }

    /// The window of a convolution: its size is that of the kernel.
    fn kernel_window(&self) -> Window {
        let kernel = self.shape("kernel");
        self.window([kernel[0], kernel[1]])
    }

    fn run(&self) -> Outputs {
        match self.op.as_str() {
            "conv2d" | "depthwise_conv2d" | "dense" => self.weighted(),
            "max_pool" | "avg_pool" | "global_avg_pool" | "global_max_pool" => self.pool(),
            "batch_norm" if self.attrs["mode"] == "training" => self.batch_norm_training(),
            "batch_norm" => self.batch_norm_inference(),
            "layer_norm" => self.layer_norm(),
            "add" | "concat" => self.joined(),
            "softmax_cross_entropy" => self.cross_entropy(),
            "l2_penalty" => self.penalty(),
            "optimizer" => self.optimizer(),
            _ => self.elementwise(),
        }
    }

    fn weighted(&self) -> Outputs {
        let (x, kernel, bias, dy) =
            (self.get("x"), self.get("kernel"), self.optional("bias"), self.get("dy"));
        let (y, gradients) = match self.op.as_str() {
            "conv2d" => {
                let conv = Conv2d {
                    input: self.dims("x"),
                    filters: self.last_axis("kernel"),
                    groups: self.number("groups") as usize,
                    window: self.kernel_window(),
                    activation: self.activation(),
                };
                (conv.forward(x, kernel, bias), conv.backward(x, kernel, bias, dy))
            }
            "depthwise_conv2d" => {
                let conv = DepthwiseConv2d {
                    input: self.dims("x"),
                    multiplier: self.last_axis("kernel"),
                    window: self.kernel_window(),
                };
                (conv.forward(x, kernel, bias), conv.backward(x, kernel, dy))
            }
            _ => {
                let [inputs, outputs] = self.shape("kernel").try_into().expect("two axes");
                let dense = Dense { inputs, outputs, activation: self.activation() };
                (dense.forward(x, kernel, bias), dense.backward(x, kernel, bias, dy))
            }
        };
        let Gradients { dx, dkernel, dbias } = gradients;
        outputs([("y", y), ("dx", dx), ("dkernel", dkernel), ("dbias", dbias)])
    }

    fn pool(&self) -> Outputs {
        let (input, x, dy) = (self.dims("x"), self.get("x"), self.get("dy"));
        let (y, dx) = match self.op.as_str() {
            "max_pool" => {
                let pool = MaxPool { input, window: self.window(self.pair("pool_size")) };
                (pool.forward(x).0, pool.backward(x, dy))
            }
            "avg_pool" => {
                let pool = AvgPool { input, window: self.window(self.pair("pool_size")) };
                (pool.forward(x), pool.backward(dy))
            }
            "global_avg_pool" => (global_avg_pool::forward(input, x), global_avg_pool::backward(input, dy)),
            _ => (global_max_pool::forward(input, x), global_max_pool::backward(input, x, dy)),
        };
        outputs([("y", y), ("dx", dx)])
    }

    fn batch_norm(&self) -> (BatchNorm, Statistics) {
        let norm = BatchNorm {
            channels: self.last_axis("gamma"),
            epsilon: self.number("epsilon"),
            momentum: self.number("momentum"),
        };
        let moving = Statistics {
            mean: self.get("moving_mean").to_vec(),
            variance: self.get("moving_variance").to_vec(),
        };
        (norm, moving)
    }

    fn batch_norm_training(&self) -> Outputs {
        let (norm, mut moving) = self.batch_norm();
        let (gamma, beta) = (self.get("gamma"), self.get("beta"));
        let mut all = Outputs::new();
        for (step, x) in self.inputs("x").0.into_iter().enumerate() {
            let batch = norm.batch_statistics(x);
            moving = norm.update_moving(&moving, &batch);
            let NormGradients { dx, dgamma, dbeta } =
                norm.backward_training(x, gamma, self.get(&format!("dy{step}")));
            let named = outputs([
                ("y", norm.forward(x, gamma, beta, &batch)),
                ("dx", dx),
                ("dgamma", dgamma),
                ("dbeta", dbeta),
                ("new_moving_mean", moving.mean.clone()),
                ("new_moving_variance", moving.variance.clone()),
            ]);
            all.extend(named.into_iter().map(|(name, values)| (format!("{name}{step}"), values)));
        }
        all
    }

    fn batch_norm_inference(&self) -> Outputs {
        let (norm, moving) = self.batch_norm();
        let (x, gamma) = (self.get("x"), self.get("gamma"));
        let y = norm.forward(x, gamma, self.get("beta"), &moving);
        let NormGradients { dx, dgamma, dbeta } = norm.backward_inference(x, gamma, &moving, self.get("dy"));
        outputs([("y", y), ("dx", dx), ("dgamma", dgamma), ("dbeta", dbeta)])
    }

    fn layer_norm(&self) -> Outputs {
        let norm = LayerNorm { width: self.last_axis("x"), epsilon: self.number("epsilon") };
        let (x, gamma) = (self.get("x"), self.get("gamma"));
        let y = norm.forward(x, gamma, self.get("beta"));
        let NormGradients { dx, dgamma, dbeta } = norm.backward(x, gamma, self.get("dy"));
        outputs([("y", y), ("dx", dx), ("dgamma", dgamma), ("dbeta", dbeta)])
    }

    fn joined(&self) -> Outputs {
        let (inputs, channels) = self.inputs("x");
        let (y, gradients) = match self.op.as_str() {
            "add" => (add::forward(&inputs, &channels), add::backward(&channels, self.get("dy"))),
            _ => (concat::forward(&inputs, &channels), concat::backward(&channels, self.get("dy"))),
        };
        let mut all = outputs([("y", y)]);
        all.extend(gradients.into_iter().enumerate().map(|(i, dx)| (format!("dx{i}"), dx)));
        all
    }

    fn cross_entropy(&self) -> Outputs {
        let classes = self.last_axis("x");
        let loss = SoftmaxCrossEntropy { classes, smoothing: self.number("label_smoothing") };
        let (x, labels) = (self.get("x"), self.get("labels"));
        let labels: Vec<usize> = labels.iter().map(|&label| label as usize).collect();
        outputs([
            ("y", softmax::forward(classes, x)),
            ("loss", vec![loss.loss(x, &labels)]),
            ("loss_per_sample", loss.losses(x, &labels)),
            ("dx", loss.backward(x, &labels)),
        ])
    }

    fn penalty(&self) -> Outputs {
        let penalty = Penalty { l1: 0.0, l2: self.number("l2") };
        outputs([("loss", vec![penalty.loss(self.get("x"))]), ("dx", penalty.gradient(self.get("x")))])
    }

    fn optimizer(&self) -> Outputs {
        let rule = match self.attrs["algorithm"].as_str() {
            Some("sgd") => Rule::Sgd { momentum: self.number("momentum"), nesterov: self.flag("nesterov") },
            Some("rmsprop") => Rule::RmsProp {
                rho: self.number("rho"),
                momentum: self.number("momentum"),
                epsilon: self.number("epsilon"),
            },
            Some("adam" | "adamw") => Rule::Adam {
                beta_1: self.number("beta_1"),
                beta_2: self.number("beta_2"),
                epsilon: self.number("epsilon"),
                weight_decay: self.attrs["weight_decay"].as_f64().unwrap_or(0.0),
            },
            other => panic!("algorithm {other:?}"),
        };
        let mut parameters = self.get("p0").to_vec();
        let mut optimizer = Optimizer::new(rule, self.number("learning_rate"), parameters.len());
        let mut all = Outputs::new();
        for (step, gradient) in self.inputs("g").0.into_iter().enumerate() {
            optimizer.step(&mut parameters, gradient);
            all.insert(format!("p{}", step + 1), parameters.clone());
        }
        all.insert("final_momentum".to_owned(), optimizer.momentum);
        all.insert("final_velocity".to_owned(), optimizer.velocity);
        all
    }

    fn elementwise(&self) -> Outputs {
        let (x, dy, classes) = (self.get("x"), self.get("dy"), self.last_axis("x"));
        let activation = match self.op.as_str() {
            "relu" => Activation::Relu,
            "leaky_relu" => Activation::LeakyRelu { slope: self.number("negative_slope") },
            "elu" => Activation::Elu { alpha: self.number("alpha") },
            "gelu" if self.flag("approximate") => Activation::GeluTanh,
            "gelu" => Activation::GeluExact,
            "sigmoid" => Activation::Sigmoid,
            "tanh" => Activation::Tanh,
            _ => Activation::Linear,
        };
        let (y, dx) = match self.op.as_str() {
            "softmax" => (softmax::forward(classes, x), softmax::backward(classes, x, dy)),
            "log_softmax" => (log_softmax::forward(classes, x), log_softmax::backward(classes, x, dy)),
            "flatten" => (flatten::forward(x), flatten::backward(dy)),
            "dropout" => {
                let (rate, mask) = (self.number("rate"), self.get("mask"));
                (dropout::forward(rate, x, mask), dropout::backward(rate, dy, mask))
            }
            "zero_padding" => {
                let pads = serde_json::from_value(self.attrs["padding"].clone()).expect("four pads");
                let padding = ZeroPadding { input: self.dims("x"), pads };
                (padding.forward(x), padding.backward(dy))
            }
            "upsample_nearest" => {
                let larger = UpsampleNearest { input: self.dims("x"), size: self.pair("size") };
                (larger.forward(x), larger.backward(dy))
            }
            other if activation == Activation::Linear => panic!("no loops for {other}"),
            _ => (activation.forward(x), activation.backward(x, dy)),
        };
        outputs([("y", y), ("dx", dx)])
    }

    /// What differs from the file by more than it allows.
    fn failures(&self) -> Vec<String> {
        let got = self.run();
        let mut failures = Vec::new();
        for (name, tolerance) in &self.tolerance {
            let want = self.get(name);
            let limit = |key: &str| tolerance[key].as_f64().expect("a tolerance");
            let Some(got) = got.get(name).filter(|got| got.len() == want.len()) else {
                failures.push(format!("{name}: missing or of another size"));
                continue;
            };
            for (i, (got, want)) in got.iter().zip(want).enumerate() {
                let allowed = limit("atol") + limit("rtol") * want.abs();
                // Not "error > allowed": NaN must fail.
                let close = (got - want).abs() <= allowed;
                if !close {
                    failures.push(format!("{name}[{i}]: {got}, Keras {want}, allowed {allowed:e}"));
                    break;
                }
            }
        }
        failures
    }
}

fn outputs<const N: usize>(named: [(&str, Vec<f64>); N]) -> Outputs {
    named.into_iter().map(|(name, values)| (name.to_owned(), values)).collect()
}

#[test]
fn the_loops_agree_with_keras() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/ops");
    let mut failures = Vec::new();
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the reference cases") {
        let path = entry.expect("a folder entry").path();
        if path.extension().is_some_and(|extension| extension == "safetensors") {
            count += 1;
            let case = Case::read(&path);
            failures
                .extend(case.failures().into_iter().map(|failure| format!("{}: {failure}", path.display())));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert_eq!(count, 112, "cases in the folder");
}
