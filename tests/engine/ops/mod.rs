//! One file an op, with the stem of its shader: chosen cases here, random ones in `property`.

pub(crate) mod activation;
pub(crate) mod add;
pub(crate) mod avg_pool;
pub(crate) mod batch_norm;
pub(crate) mod concat;
pub(crate) mod conv2d;
pub(crate) mod cross_entropy;
pub(crate) mod dense;
pub(crate) mod depthwise_conv2d;
pub(crate) mod dropout;
mod fan_out;
mod flatten;
pub(crate) mod global_avg_pool;
pub(crate) mod global_max_pool;
pub(crate) mod layer_norm;
pub(crate) mod local_response_norm;
pub(crate) mod max_pool;
pub(crate) mod softmax;
pub(crate) mod upsampling;
pub(crate) mod window;
pub(crate) mod zero_padding;
