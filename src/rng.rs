//! Random numbers that are a pure function of seed, stream and index.
//!
//! Nothing here has a state to carry along: element 1000 of a tensor is computed without the 999 before it, so the
//! order of the work never changes a result, and a seed means the same numbers natively and in every browser. For
//! the same reason logarithm and cosine come from the `libm` crate: those of the platform differ in the last bit.

/// Sebastiano Vigna's `SplitMix64` as a hash of its counter.
///
/// ```
/// assert_eq!(cnn_playground::rng::splitmix64(0), 16_294_208_416_658_607_535);
/// ```
pub fn splitmix64(x: u64) -> u64 {
    let mut z = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A number in `[0, 1)` with 24 bits, exact as `f32`: `u(t, j)` of the reference files' weight filler, where the
/// stream is the number of the tensor and the index counts its elements in row-major order.
pub fn uniform(seed: u64, stream: u64, index: u64) -> f64 {
    Counter::new(seed, stream).uniform(index)
}

/// One stream of random numbers, read at any index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counter {
    /// The user's seed, or a hash of it.
    pub seed: u64,
    /// Keeps apart what draws from the same seed: tensors, epochs, pictures. Each stream has 2³² indices.
    pub stream: u64,
}

impl Counter {
    /// The stream of the weight filler. Mind that its seed `s` at index `j + 1` is its seed `s + 1` at index `j`.
    pub fn new(seed: u64, stream: u64) -> Self {
        Self { seed, stream }
    }

    /// A stream whose seed is hashed first, so that neighbouring seeds share no numbers: for everything that a user
    /// tries with seeds 1, 2 and 3 and expects to be independent.
    pub fn scrambled(seed: u64, stream: u64) -> Self {
        Self { seed: splitmix64(seed), stream }
    }

    /// 64 random bits.
    pub fn bits(&self, index: u64) -> u64 {
        splitmix64(self.seed.wrapping_add(self.stream.wrapping_shl(32)).wrapping_add(index))
    }

    /// Uniform in `[0, 1)`, a multiple of 2⁻²⁴.
    pub fn uniform(&self, index: u64) -> f64 {
        (self.bits(index) >> 40) as f64 / f64::from(1 << 24)
    }

    /// Uniform in `[-1, 1)`: the filler's `v(t, j)`.
    pub fn signed(&self, index: u64) -> f64 {
        2.0 * self.uniform(index) - 1.0
    }

    /// Standard normal by Box and Muller's cosine; it draws at `2 · index` and `2 · index + 1`. Never beyond ±5.77.
    pub fn normal(&self, index: u64) -> f64 {
        // 1 - u lies in (0, 1]: the logarithm stays finite.
        let radius = (-2.0 * libm::log(1.0 - self.uniform(2 * index))).sqrt();
        radius * libm::cos(std::f64::consts::TAU * self.uniform(2 * index + 1))
    }

    /// A whole number below `n`: `floor(u · n)`, the filler's rule for labels. Every number is reached for `n` up to
    /// 2²⁴. Returns 0 for `n = 0`.
    pub fn below(&self, index: u64, n: u32) -> u32 {
        (self.uniform(index) * f64::from(n)) as u32
    }

    /// The numbers `0..n` in a random order (Fisher and Yates).
    pub fn permutation(&self, n: u32) -> Vec<u32> {
        let mut order: Vec<u32> = (0..n).collect();
        for last in (1..order.len()).rev() {
            // All 64 bits, because `below` gets coarse for large sets.
            let other = (u128::from(self.bits(last as u64)) * (last as u128 + 1)) >> 64;
            order.swap(last, other as usize);
        }
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn filler() -> Value {
        serde_json::from_str(include_str!("../tests/fixtures/filler.json")).expect("a JSON fixture")
    }

    fn rows<'a>(value: &'a Value, key: &str) -> &'a Vec<Value> {
        value[key].as_array().expect("an array")
    }

    #[test]
    fn splitmix64_gives_the_reference_numbers() {
        for row in rows(&filler(), "splitmix64") {
            let number = |key: &str| row[key].as_str().expect("a string").parse::<u64>().expect("a number");
            assert_eq!(splitmix64(number("state")), number("output"), "{row}");
        }
    }

    #[test]
    fn uniform_gives_the_reference_numbers_to_the_bit() {
        for row in rows(&filler(), "uniform") {
            let number = |key: &str| row[key].as_u64().expect("a number");
            let want = row["u"].as_f64().expect("a number");
            let got = uniform(number("seed"), number("t"), number("j"));
            assert_eq!(got.to_bits(), want.to_bits(), "{row}");
        }
    }

    #[test]
    fn tensors_come_out_as_the_reference_has_them() {
        for row in rows(&filler(), "tensors") {
            let number = |key: &str| row[key].as_u64().expect("a number");
            let shape: Vec<f64> = rows(row, "shape").iter().filter_map(Value::as_f64).collect();
            let counter = Counter::new(number("seed"), number("t"));
            for (j, want) in rows(row, "first4_float32").iter().enumerate() {
                let v = counter.signed(j as u64);
                let got = match row["kind"].as_str().expect("a string") {
                    "kernel" => v * (6.0 / (shape[0] * shape[1] * shape[2])).sqrt(),
                    "gamma" => 0.7 * (1.0 + 0.2 * v),
                    "moving_variance" => 1.0 + 0.5 * v,
                    _ => v * 0.1,
                };
                let want = want.as_f64().expect("a number") as f32;
                assert_eq!((got as f32).to_bits(), want.to_bits(), "{row} {j}");
            }
        }
    }

    #[test]
    fn below_gives_the_reference_labels() {
        let labels = &filler()["labels"];
        let counter = Counter::new(labels["seed"].as_u64().expect("a number"), (1 << 20) + 1);
        for (j, want) in rows(labels, "values").iter().enumerate() {
            let got = u64::from(counter.below(j as u64, 100));
            assert_eq!(Some(got), want.as_u64(), "sample {j}");
        }
        assert_eq!(counter.below(0, 0), 0);
        assert_eq!(counter.below(0, 1), 0);
    }

    #[test]
    fn normal_has_mean_zero_variance_one_and_no_skew() {
        let counter = Counter::new(7, 3);
        let n = 200_000_u32;
        let mut moments = [0.0; 4];
        for j in 0..n {
            let x = counter.normal(u64::from(j));
            assert!(x.abs() < 5.8, "{x}");
            for (power, moment) in moments.iter_mut().enumerate() {
                *moment += (0..=power).map(|_| x).product::<f64>() / f64::from(n);
            }
        }
        for (got, want) in moments.iter().zip([0.0, 1.0, 0.0, 3.0]) {
            assert!((got - want).abs() < 0.03, "moments {moments:?}");
        }
    }

    /// The bits as they come out of x86-64 and of wasm32; a change of `libm` that moves them must be noticed.
    #[test]
    fn normal_keeps_its_bits() {
        let counter = Counter::new(1, 0);
        let bits: Vec<u64> = (0..4).map(|j| counter.normal(j).to_bits()).collect();
        assert_eq!(bits, NORMAL_BITS);
    }

    const NORMAL_BITS: [u64; 4] = [
        13_830_944_283_989_610_100,
        13_825_076_945_448_797_929,
        13_812_592_789_202_807_803,
        13_828_131_118_427_305_712,
    ];

    #[test]
    fn a_permutation_holds_every_number_once_and_depends_on_seed_and_stream() {
        for n in [0, 1, 2, 3, 1797] {
            let order = Counter::new(1, 0).permutation(n);
            let mut sorted = order.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, (0..n).collect::<Vec<_>>());
            assert_eq!(order, Counter::new(1, 0).permutation(n));
        }
        assert_ne!(Counter::new(1, 0).permutation(100), Counter::new(2, 0).permutation(100));
        assert_ne!(Counter::new(1, 0).permutation(100), Counter::new(1, 1).permutation(100));
    }

    #[test]
    fn every_order_of_a_permutation_is_equally_likely() {
        let mut counts = std::collections::BTreeMap::new();
        for stream in 0..24_000 {
            *counts.entry(Counter::scrambled(5, stream).permutation(4)).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 24);
        // Each count has a standard deviation of 31.
        assert!(counts.values().all(|count| (850..1150).contains(count)), "{counts:?}");
    }

    #[test]
    fn scrambling_keeps_neighbouring_seeds_apart() {
        let shifted = |make: fn(u64, u64) -> Counter| make(1, 0).bits(1) == make(2, 0).bits(0);
        assert!(shifted(Counter::new), "the filler's definition");
        assert!(!shifted(Counter::scrambled));
    }
}
