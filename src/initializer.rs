//! How weights begin: Keras's initialisers, drawn from counters.
//!
//! Formulas and names are those of <https://keras.io/api/layers/initializers/>. The values differ from Keras's own,
//! which come from another generator, but are the same on every machine.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result, bail};
use crate::json::Fields;
use crate::rng::Counter;

/// Standard deviation of a standard normal distribution that is cut at two: what a cut one must be divided by.
const CUT_DEVIATION: f64 = 0.879_625_661_034_239_8;

/// A distribution of first weights. Serialised as Keras's summaries have it: `{"class": "GlorotUniform"}`.
///
/// ```
/// use cnn_playground::{initializer::Initializer, rng::Counter};
/// let kernel = Initializer::GlorotUniform.fill(&[5, 5, 1, 6], Counter::new(1, 0));
/// assert_eq!(kernel.len(), 150);
/// assert!(kernel.iter().all(|w| w.abs() <= (6.0_f32 / 175.0).sqrt()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(tag = "class", try_from = "Fields")]
#[cfg_attr(not(target_arch = "wasm32"), schemars(!try_from, deny_unknown_fields))]
pub enum Initializer {
    /// All 0: biases, beta, moving means.
    Zeros,
    /// All 1: gamma, moving variances.
    Ones,
    /// Uniform within `sqrt(6 / (fan_in + fan_out))`: Keras's default for kernels (Glorot and Bengio 2010).
    GlorotUniform,
    /// Normal with variance `2 / (fan_in + fan_out)`, cut at two standard deviations.
    GlorotNormal,
    /// Uniform within `sqrt(6 / fan_in)` (He et al. 2015).
    HeUniform,
    /// Normal with variance `2 / fan_in`, cut at two standard deviations.
    HeNormal,
    /// Normal, not cut.
    RandomNormal {
        /// Centre of the distribution.
        mean: f64,
        /// Standard deviation.
        stddev: f64,
    },
    /// All the same.
    Constant {
        /// The value.
        value: f64,
    },
}

impl TryFrom<Fields> for Initializer {
    type Error = Error;

    fn try_from(mut fields: Fields) -> Result<Self> {
        let class: String = fields.need("class")?;
        let initializer = match class.as_str() {
            "Zeros" => Self::Zeros,
            "Ones" => Self::Ones,
            "GlorotUniform" => Self::GlorotUniform,
            "GlorotNormal" => Self::GlorotNormal,
            "HeUniform" => Self::HeUniform,
            "HeNormal" => Self::HeNormal,
            "RandomNormal" => {
                Self::RandomNormal { mean: fields.need("mean")?, stddev: fields.need("stddev")? }
            }
            "Constant" => Self::Constant { value: fields.need("value")? },
            _ => bail!("unknown initializer {class}"),
        };
        fields.finish()?;
        Ok(initializer)
    }
}

impl Initializer {
    /// The first values of a tensor of this shape in row-major order, each computed in `f64` and rounded once.
    ///
    /// The last two axes of `shape` are channels in and out, those before are the window (see [`fans`]).
    pub fn fill(&self, shape: &[usize], counter: Counter) -> Vec<f32> {
        let count = shape.iter().product::<usize>() as u64;
        let (fan_in, fan_out) = fans(shape);
        // Keras, too, takes a fan of 0 for 1.
        let (inputs, mean_fan) = (fan_in.max(1.0), f64::midpoint(fan_in, fan_out).max(1.0));
        let each = |value: &dyn Fn(u64) -> f64| (0..count).map(|j| value(j) as f32).collect();
        let uniform = |limit: f64| each(&|j| limit * counter.signed(j));
        let cut_normal = |variance: f64| {
            let deviation = variance.sqrt() / CUT_DEVIATION;
            each(&|j| deviation * normal_within_two(counter, j, count))
        };
        match *self {
            Self::Zeros => each(&|_| 0.0),
            Self::Ones => each(&|_| 1.0),
            Self::GlorotUniform => uniform((3.0 / mean_fan).sqrt()),
            Self::GlorotNormal => cut_normal(1.0 / mean_fan),
            Self::HeUniform => uniform((6.0 / inputs).sqrt()),
            Self::HeNormal => cut_normal(2.0 / inputs),
            Self::RandomNormal { mean, stddev } => each(&|j| mean + stddev * counter.normal(j)),
            Self::Constant { value } => each(&|_| value),
        }
    }
}

/// How many values flow into one output of a kernel of this shape, and out of one input: `window · channels in` and
/// `window · channels out`. A vector counts as both; a scalar has fans of 1.
pub fn fans(shape: &[usize]) -> (f64, f64) {
    match shape {
        [] => (1.0, 1.0),
        [n] => (*n as f64, *n as f64),
        [window @ .., inputs, outputs] => {
            let cells = window.iter().product::<usize>() as f64;
            (cells * *inputs as f64, cells * *outputs as f64)
        }
    }
}

/// Element `j` of `count` from a normal distribution cut at ±2: what falls outside (4.6 %) is drawn again from
/// counters that no other element uses.
fn normal_within_two(counter: Counter, j: u64, count: u64) -> f64 {
    let mut index = j;
    loop {
        let x = counter.normal(index);
        if x.abs() <= 2.0 {
            return x;
        }
        index = index.wrapping_add(count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KERNEL: [usize; 4] = [5, 5, 16, 40];

    fn mean_and_deviation(values: &[f32]) -> (f64, f64) {
        let n = values.len() as f64;
        let mean = values.iter().copied().map(f64::from).sum::<f64>() / n;
        let variance = values.iter().map(|&x| (f64::from(x) - mean).powi(2)).sum::<f64>() / n;
        (mean, variance.sqrt())
    }

    /// Asserts mean 0, this standard deviation, and that the values reach `limit` but stay within.
    fn assert_distribution(initializer: Initializer, shape: &[usize], deviation: f64, limit: f64) {
        let values = initializer.fill(shape, Counter::new(11, 4));
        let (mean, got) = mean_and_deviation(&values);
        let largest = f64::from(values.iter().fold(0.0, |m: f32, x| m.max(x.abs())));
        assert!(mean.abs() < 0.03 * deviation, "{initializer:?}: mean {mean}");
        assert!((got / deviation - 1.0).abs() < 0.02, "{initializer:?}: deviation {got}, want {deviation}");
        assert!(
            largest <= limit * 1.000_001 && largest > 0.99 * limit,
            "{initializer:?}: {largest} of {limit}"
        );
    }

    #[test]
    fn fans_are_those_of_keras() {
        assert_eq!(fans(&[]), (1.0, 1.0));
        assert_eq!(fans(&[7]), (7.0, 7.0));
        assert_eq!(fans(&[400, 120]), (400.0, 120.0));
        assert_eq!(fans(&[3, 5, 16, 40]), (240.0, 600.0));
    }

    #[test]
    fn uniform_kernels_fill_their_limits() {
        let glorot = (6.0_f64 / (25.0 * 56.0)).sqrt();
        assert_distribution(Initializer::GlorotUniform, &KERNEL, glorot / 3.0_f64.sqrt(), glorot);
        let he = (6.0_f64 / 400.0).sqrt();
        assert_distribution(Initializer::HeUniform, &KERNEL, he / 3.0_f64.sqrt(), he);
        let dense = (6.0_f64 / 520.0).sqrt();
        assert_distribution(Initializer::GlorotUniform, &[400, 120], dense / 3.0_f64.sqrt(), dense);
    }

    #[test]
    fn cut_normal_kernels_keep_their_variance() {
        let glorot = (2.0_f64 / (25.0 * 56.0)).sqrt();
        assert_distribution(Initializer::GlorotNormal, &KERNEL, glorot, 2.0 * glorot / CUT_DEVIATION);
        let he = (2.0_f64 / 400.0).sqrt();
        assert_distribution(Initializer::HeNormal, &KERNEL, he, 2.0 * he / CUT_DEVIATION);
    }

    #[test]
    fn random_normal_is_not_cut() {
        let normal = Initializer::RandomNormal { mean: 3.0, stddev: 0.01 };
        let values = normal.fill(&[100, 100], Counter::new(1, 0));
        let (mean, deviation) = mean_and_deviation(&values);
        assert!((mean - 3.0).abs() < 1e-3 && (deviation - 0.01).abs() < 3e-4, "{mean} {deviation}");
        assert!(values.iter().any(|x| (x - 3.0).abs() > 0.03));
    }

    #[test]
    fn constants_are_constant() {
        let counter = Counter::new(1, 0);
        assert_eq!(Initializer::Zeros.fill(&[2, 3], counter), [0.0; 6]);
        assert_eq!(Initializer::Ones.fill(&[3], counter), [1.0; 3]);
        assert_eq!(Initializer::Constant { value: 0.25 }.fill(&[], counter), [0.25]);
    }

    #[test]
    fn the_counter_decides_and_nothing_else() {
        for kind in [Initializer::GlorotUniform, Initializer::HeNormal] {
            let fill = |seed, stream| kind.fill(&[3, 3, 4, 5], Counter::new(seed, stream));
            assert_eq!(fill(1, 0), fill(1, 0));
            assert_ne!(fill(1, 0), fill(2, 0));
            assert_ne!(fill(1, 0), fill(1, 1));
        }
    }

    #[test]
    fn degenerate_shapes_stay_finite() {
        for shape in [&[][..], &[0], &[0, 4], &[3, 3, 0, 0]] {
            for kind in [Initializer::GlorotUniform, Initializer::GlorotNormal, Initializer::HeNormal] {
                let values = kind.fill(shape, Counter::new(1, 0));
                assert_eq!(values.len(), shape.iter().product::<usize>());
                assert!(values.iter().all(|x| x.is_finite()));
            }
        }
    }

    #[test]
    fn the_json_form_is_that_of_the_summaries() {
        for text in [
            r#"{"class":"Zeros"}"#,
            r#"{"class":"GlorotUniform"}"#,
            r#"{"class":"HeNormal"}"#,
            r#"{"class":"RandomNormal","mean":0.0,"stddev":0.01}"#,
            r#"{"class":"Constant","value":0.5}"#,
        ] {
            let parsed: Initializer = serde_json::from_str(text).expect(text);
            assert_eq!(serde_json::to_string(&parsed).expect(text), text);
        }
        assert!(serde_json::from_str::<Initializer>(r#"{"class":"Magic"}"#).is_err());
    }
}
