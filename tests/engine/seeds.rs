//! A seed means the same weights natively and in every browser.

use cnn_playground::initializer::Initializer;
use cnn_playground::rng::Counter;

use crate::support::gpu_test;

/// FNV-1a over the bits of all values.
fn digest(values: &[f32]) -> u64 {
    let bytes = values.iter().flat_map(|value| value.to_bits().to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// Recorded natively; the browser's test compares with the same numbers.
#[allow(clippy::unused_async)] // as the tests around it
async fn assert_recorded() {
    let initializers = [
        Initializer::GlorotUniform,
        Initializer::GlorotNormal,
        Initializer::HeUniform,
        Initializer::HeNormal,
        Initializer::RandomNormal { mean: 0.5, stddev: 2.0 },
    ];
    let found =
        initializers.map(|initializer| digest(&initializer.fill(&[3, 3, 16, 32], Counter::new(7, 3))));
    assert_eq!(found, RECORDED, "{found:#x?}");
}

const RECORDED: [u64; 5] = [
    0x7c91_ad7c_eb32_63ad,
    0x07dd_fd92_57b9_93be,
    0x334a_491d_d3f5_3273,
    0x40c4_4981_36c4_085d,
    0x2123_fdf4_ff4c_c0aa,
];

gpu_test!(initial_weights_are_the_same_bits_everywhere, assert_recorded());
