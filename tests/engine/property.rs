//! Random shapes and configurations, legal ones, against the oracle. Seed 1 every time, and a fresh one that is
//! printed; a failure prints its case whole.

use crate::ops::activation::ActivationCase;
use crate::ops::add::AddCase;
use crate::ops::avg_pool::AvgCase;
use crate::ops::batch_norm::NormCase;
use crate::ops::concat::ConcatCase;
use crate::ops::conv2d::Conv;
use crate::ops::cross_entropy::LossCase;
use crate::ops::dense::DenseCase;
use crate::ops::depthwise_conv2d::DepthwiseCase;
use crate::ops::dropout::DropoutCase;
use crate::ops::global_avg_pool::GlobalAverageCase;
use crate::ops::global_max_pool::GlobalMaxCase;
use crate::ops::layer_norm::LayerNormCase;
use crate::ops::local_response_norm::ResponseCase;
use crate::ops::max_pool::MaxCase;
use crate::ops::softmax::SoftmaxCase;
use crate::ops::upsampling::UpsampleCase;
use crate::ops::zero_padding::PaddingCase;
use crate::support::{Draw, Problem, gpu_test};

/// The seed that every run has.
const FIXED: u64 = 1;

/// A seed that nobody has had; `PROPERTY_SEED` repeats one.
#[cfg(not(target_arch = "wasm32"))]
fn fresh() -> u64 {
    if let Ok(seed) = std::env::var("PROPERTY_SEED") {
        return seed.parse().expect("PROPERTY_SEED is a number");
    }
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    now.as_secs()
}

/// `share` cases with either seed, 2,800 in all; a browser takes a tenth of them with the fixed seed.
async fn cases<P: Problem>(share: u64) {
    #[cfg(not(target_arch = "wasm32"))]
    let (seeds, count) = ([FIXED, fresh()], share);
    #[cfg(target_arch = "wasm32")]
    let (seeds, count) = ([FIXED], share.div_ceil(10));
    for seed in seeds {
        for case in 0..count {
            let problem = P::random(&mut Draw::new(seed, case));
            if let Err(text) = problem.check().await {
                panic!("seed {seed}, case {case}: {text}");
            }
        }
        println!("seed {seed}: {count} cases hold");
    }
}

gpu_test!(conv2d, cases::<Conv>(300));
gpu_test!(avg_pool, cases::<AvgCase>(100));
gpu_test!(batch_norm, cases::<NormCase>(100));
gpu_test!(dense, cases::<DenseCase>(100));
gpu_test!(depthwise_conv2d, cases::<DepthwiseCase>(100));
gpu_test!(max_pool, cases::<MaxCase>(100));
gpu_test!(activation, cases::<ActivationCase>(50));
gpu_test!(add, cases::<AddCase>(50));
gpu_test!(concat, cases::<ConcatCase>(50));
gpu_test!(cross_entropy, cases::<LossCase>(50));
gpu_test!(dropout, cases::<DropoutCase>(50));
gpu_test!(global_avg_pool, cases::<GlobalAverageCase>(50));
gpu_test!(global_max_pool, cases::<GlobalMaxCase>(50));
gpu_test!(layer_norm, cases::<LayerNormCase>(50));
gpu_test!(local_response_norm, cases::<ResponseCase>(50));
gpu_test!(softmax, cases::<SoftmaxCase>(50));
gpu_test!(upsampling, cases::<UpsampleCase>(50));
gpu_test!(zero_padding, cases::<PaddingCase>(50));
