//! Handwritten digits: 1,797 pictures of 8×8 pixels with 17 levels of grey.
//!
//! The file is the test part of "Optical Recognition of Handwritten Digits" by E. Alpaydin and C. Kaynak (UCI
//! Machine Learning Repository, <https://doi.org/10.24432/C50P49>, CC BY 4.0), as scikit-learn bundles it.

use super::Dataset;
use crate::error::{Error, Result, bail};
use crate::tensors::Tensors;

/// Side of a stored picture.
const SIDE: usize = 8;

/// Each stored pixel becomes 4×4: 32×32, what the classic network for digits takes.
const REPEAT: usize = 4;

/// The brightest level of the file.
const WHITE: u8 = 16;

/// Reads a safetensors file with `images` (u8, `[n, 8, 8]`, 0 to 16) and `labels` (u8, `[n]`, 0 to 9).
///
/// The network sees 32×32×1 with values from 0 to 1. Anything else in the file is an error that says what was found.
pub fn digits(bytes: &[u8]) -> Result<Dataset> {
    let named = |error: Error| Error::new(format!("digits: {error}"));
    let file = Tensors::read(bytes).map_err(named)?;
    let images = file.bytes("images").map_err(named)?;
    let labels = file.bytes("labels").map_err(named)?;
    if !matches!(images.shape[..], [_, SIDE, SIDE]) {
        bail!("digits: `images` has shape {:?}, but samples of 8×8 were expected", images.shape);
    }
    if labels.shape[..] != images.shape[..1] {
        bail!("digits: `labels` has shape {:?}, `images` {:?}; one label each", labels.shape, images.shape);
    }
    if let Some(at) = images.data.iter().position(|&level| level > WHITE) {
        let (sample, level) = (at / (SIDE * SIDE), images.data[at]);
        bail!("digits: sample {sample} has a pixel of level {level}, above {WHITE}");
    }
    let dataset = Dataset {
        name: "digits".to_owned(),
        shape: [SIDE * REPEAT, SIDE * REPEAT, 1],
        classes: (0..10).map(|digit| digit.to_string()).collect(),
        pixels: images.data.to_vec(),
        repeat: REPEAT,
        scale: 1.0 / f32::from(WHITE),
        labels: labels.data.iter().copied().map(u32::from).collect(),
    };
    dataset.validate()?;
    Ok(dataset)
}

/// The digits that the page is served with, built into native programs.
#[cfg(not(target_arch = "wasm32"))]
pub fn bundled_digits() -> Result<Dataset> {
    digits(include_bytes!("../../www/public/data/digits.safetensors"))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use safetensors::{Dtype, tensor::TensorView};

    fn file(images: (&[usize], &[u8]), labels: (Dtype, &[usize], &[u8])) -> Vec<u8> {
        let view =
            |dtype, shape: &[usize], data| TensorView::new(dtype, shape.to_vec(), data).expect("a tensor");
        let tensors =
            [("images", view(Dtype::U8, images.0, images.1)), ("labels", view(labels.0, labels.1, labels.2))];
        safetensors::serialize(tensors, None).expect("a file")
    }

    fn message(bytes: &[u8]) -> String {
        digits(bytes).expect_err("a malformed file").to_string()
    }

    #[test]
    fn the_bundled_digits_are_all_there() {
        let dataset = bundled_digits().expect("the shipped file");
        assert_eq!(dataset.len(), 1797);
        assert_eq!((dataset.shape, dataset.repeat), ([32, 32, 1], 4));
        assert_eq!(dataset.labels[..10], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        // The top row of the first zero: 0 0 5 13 9 1 0 0, each four pixels wide.
        let top: Vec<f32> = [0.0_f32, 0.0, 5.0, 13.0, 9.0, 1.0, 0.0, 0.0].iter().map(|x| x / 16.0).collect();
        let shown: Vec<f32> = top.iter().flat_map(|&x| [x; 4]).collect();
        assert_eq!(dataset.values(0).expect("a sample")[..32], shown);
        let brightest = dataset.rgba(0).expect("a sample").into_iter().step_by(4).max();
        assert_eq!(brightest, Some(239), "15 of 16");
    }

    #[test]
    fn malformed_files_say_what_is_wrong() {
        let (one, ten) = (&[0_u8; 64][..], &[10_u8][..]);
        let label = (Dtype::U8, &[1_usize][..], &[9_u8][..]);
        assert!(digits(&file((&[1, 8, 8], one), label)).is_ok());
        for (text, part) in [
            (message(b""), "not a safetensors file"),
            (message(&file((&[1, 64], one), label)), "`images` has shape [1, 64]"),
            (message(&file((&[0, 8, 8], &[]), (Dtype::U8, &[0], &[]))), "no samples"),
            (message(&file((&[1, 8, 8], one), (Dtype::U8, &[2], &[0, 0]))), "`labels` has shape [2]"),
            (message(&file((&[1, 8, 8], one), (Dtype::I16, &[1], &[0, 0]))), "`labels` is I16"),
            (message(&file((&[1, 8, 8], one), (Dtype::U8, &[1], ten))), "sample 0 has label 10"),
            (message(&file((&[1, 8, 8], &[17; 64]), label)), "sample 0 has a pixel of level 17, above 16"),
        ] {
            assert!(text.contains(part), "{text}");
        }
        let unnamed = safetensors::serialize(Vec::<(&str, TensorView<'_>)>::new(), None).expect("a file");
        assert!(message(&unnamed).contains("no tensor `images`"));
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = digits(&bytes);
        }

        /// A sound file with a few bytes changed or its end cut off gets further into the parser than noise does.
        #[test]
        fn damaged_files_never_panic(
            changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
            keep in any::<prop::sample::Index>(),
        ) {
            let mut bytes = file((&[1, 8, 8], &[3; 64]), (Dtype::U8, &[1], &[9]));
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            bytes.truncate(keep.index(bytes.len()) + 1);
            if let Ok(dataset) = digits(&bytes) {
                prop_assert!(dataset.validate().is_ok());
            }
        }
    }
}
