//! The kernels that a plan may be made of.

use cnn_playground::ops::VARIANTS;
use cnn_playground::plan::{AdapterKind, Choice};

/// The plain kernels, each variant wherever there is one, and what each kind of adapter would get.
pub(crate) fn choices() -> impl Iterator<Item = Choice> {
    let expected = [AdapterKind::Software, AdapterKind::Gpu, AdapterKind::Discrete].map(Choice::Expected);
    [Choice::Plain].into_iter().chain(expected).chain(VARIANTS.iter().copied().map(Choice::Fixed))
}
