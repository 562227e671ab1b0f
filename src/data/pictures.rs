//! Datasets from files of one's own.

use super::Dataset;
use super::digits::digits;
use crate::error::{Error, Result, bail};
use crate::tensors::{Tensor, Tensors};

/// Metadata key of the class names, a JSON list.
const CLASSES: &str = "classes";

/// Reads a safetensors file with `images`, `[n, height, width, channels]` or `[n, height, width]`, and `labels`, `[n]`;
/// `name` is how errors and summaries call it.
///
/// Images are bytes (U8, shown to the network as 0 to 1), or F32 from 0 to 1, which are kept to the nearest of 255
/// steps. Labels are U8, I32, U32 or I64, from 0 on. There are as many classes as the highest label asks for, or as the
/// metadata's `classes`, a JSON list, names; at least two. Bytes of shape `[n, 8, 8]` without such a list are [`digits`].
pub fn pictures(name: &str, bytes: &[u8]) -> Result<Dataset> {
    let named = |error: Error| Error::new(format!("{name}: {error}"));
    let mut dataset = read(bytes).map_err(named)?;
    name.clone_into(&mut dataset.name);
    dataset.validate()?;
    if dataset.classes.len() < 2 {
        bail!("{name}: there is {} class; a network can tell two or more apart", dataset.classes.len());
    }
    Ok(dataset)
}

fn read(bytes: &[u8]) -> Result<Dataset> {
    let file = Tensors::read(bytes)?;
    let images = file.tensor("images")?;
    if matches!(images.shape[..], [_, 8, 8]) && images.dtype == "U8" && file.metadata(CLASSES).is_empty() {
        return digits(bytes);
    }
    let shape = match images.shape[..] {
        [_, height, width] => [height, width, 1],
        [_, height, width, channels] => [height, width, channels],
        _ => bail!("`images` has shape {:?}; [n, height, width, channels] was expected", images.shape),
    };
    let labels = labels(&file.tensor("labels")?)?;
    if labels.len() != images.shape[0] {
        bail!("there are {} labels for {} images; each needs one", labels.len(), images.shape[0]);
    }
    let pixels = match &images.dtype[..] {
        "U8" => images.data.to_vec(),
        "F32" => to_bytes(&images.floats())?,
        other => bail!("`images` is {other}; use U8, or F32 from 0 to 1"),
    };
    let names: Vec<String> = serde_json::from_str(file.metadata(CLASSES)).unwrap_or_default();
    let count = labels.iter().max().map_or(0, |&label| label as usize + 1);
    let classes = if names.is_empty() { (0..count).map(|class| class.to_string()).collect() } else { names };
    Ok(Dataset { name: String::new(), shape, classes, pixels, repeat: 1, scale: 1.0 / 255.0, labels })
}

fn to_bytes(values: &[f32]) -> Result<Vec<u8>> {
    match values.iter().position(|value| !(0.0..=1.0).contains(value)) {
        Some(at) => bail!("`images` has the value {} at {at}; F32 images lie between 0 and 1", values[at]),
        None => Ok(values.iter().map(|value| (255.0 * value).round() as u8).collect()),
    }
}

/// A label above any number of classes is told by [`Dataset::validate`].
fn labels(tensor: &Tensor<'_>) -> Result<Vec<u32>> {
    if tensor.shape.len() != 1 {
        bail!("`labels` has shape {:?}; [n] was expected", tensor.shape);
    }
    let whole: Vec<i64> = match &tensor.dtype[..] {
        "U8" => tensor.data.iter().copied().map(i64::from).collect(),
        "I32" => words(tensor).map(|word| i64::from(i32::from_le_bytes(word))).collect(),
        "U32" => words(tensor).map(|word| i64::from(u32::from_le_bytes(word))).collect(),
        "I64" => words(tensor).map(i64::from_le_bytes).collect(),
        other => bail!("`labels` is {other}; use U8, I32, U32 or I64"),
    };
    let label = |(at, &label): (usize, &i64)| match u32::try_from(label) {
        Ok(label) if label < u32::from(u16::MAX) => Ok(label),
        _ => Err(Error::new(format!("label {at} is {label}; labels count classes from 0 on"))),
    };
    whole.iter().enumerate().map(label).collect()
}

fn words<'a, const N: usize>(tensor: &Tensor<'a>) -> impl Iterator<Item = [u8; N]> + 'a {
    tensor.data.as_chunks::<N>().0.iter().copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use safetensors::{Dtype, tensor::TensorView};
    use std::collections::HashMap;

    fn file(images: (Dtype, &[usize], &[u8]), labels: (Dtype, &[usize], &[u8])) -> Vec<u8> {
        let view = |(dtype, shape, data): (Dtype, &[usize], _)| {
            TensorView::new(dtype, shape.to_vec(), data).expect("a tensor")
        };
        let metadata = HashMap::from([("other".to_owned(), "x".to_owned())]);
        safetensors::serialize([("images", view(images)), ("labels", view(labels))], Some(metadata))
            .expect("a file")
    }

    #[test]
    fn bytes_and_floats_become_pictures() {
        let labels = (Dtype::I64, &[2_usize][..], &[2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0][..]);
        let bytes: Vec<u8> = (0..24).collect();
        let colour =
            pictures("a.safetensors", &file((Dtype::U8, &[2, 2, 2, 3], &bytes), labels)).expect("fits");
        assert_eq!((colour.shape, colour.classes.len(), &colour.labels[..]), ([2, 2, 3], 3, &[2, 0][..]));
        assert_eq!(colour.values(1).expect("there")[0], 12.0 * (1.0 / 255.0));
        let floats: Vec<u8> =
            [0.0_f32, 1.0, 0.5, 0.25].iter().flat_map(|value| value.to_le_bytes()).collect();
        let grey = pictures("a.safetensors", &file((Dtype::F32, &[2, 1, 2], &floats), labels)).expect("fits");
        assert_eq!((grey.shape, &grey.pixels[..]), ([1, 2, 1], &[0, 255, 128, 64][..]));
    }

    #[test]
    fn one_class_cannot_be_told_from_another() {
        let one = file((Dtype::U8, &[2, 1, 1], &[0; 2]), (Dtype::U8, &[2], &[0; 2]));
        let text = pictures("a.safetensors", &one).expect_err("one class").to_string();
        assert_eq!(text, "a.safetensors: there is 1 class; a network can tell two or more apart");
    }

    #[test]
    fn what_does_not_fit_is_told_with_the_name_of_the_file() {
        let one = (Dtype::U8, &[1_usize][..], &[0_u8][..]);
        let error = |images, labels| {
            pictures("a.safetensors", &file(images, labels)).expect_err("cannot be read").to_string()
        };
        for (text, part) in [
            (error((Dtype::U8, &[1, 2], &[0; 2]), one), "`images` has shape [1, 2]"),
            (error((Dtype::U8, &[2, 2, 2], &[0; 8]), one), "there are 1 labels for 2 images"),
            (error((Dtype::I32, &[1, 1, 1], &[0; 4]), one), "`images` is I32"),
            (error((Dtype::F32, &[1, 1, 1], &2.0_f32.to_le_bytes()), one), "has the value 2 at 0"),
            (error((Dtype::U8, &[1, 1, 1], &[0]), (Dtype::I32, &[1], &[255; 4])), "label 0 is -1"),
            (error((Dtype::U8, &[1, 1, 1], &[0]), (Dtype::U8, &[1, 1], &[0])), "`labels` has shape [1, 1]"),
            (pictures("a.safetensors", b"x").expect_err("noise").to_string(), "not a safetensors file"),
        ] {
            assert!(text.starts_with("a.safetensors: ") && text.contains(part), "{text}");
        }
    }

    #[cfg(not(target_arch = "wasm32"))]
    proptest::proptest! {
        #[test]
        fn a_spoilt_file_is_told_or_read(
            changes in proptest::collection::vec((0_usize..400, proptest::num::u8::ANY), 1..6),
            length in 0_usize..400,
        ) {
            let labels = (Dtype::I64, &[2_usize][..], &[1_u8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0][..]);
            let mut bytes = file((Dtype::U8, &[2, 2, 2, 3], &[7; 24]), labels);
            for (at, byte) in changes {
                let end = bytes.len();
                bytes[at % end] = byte;
            }
            bytes.truncate(if length < 60 { length } else { bytes.len() });
            if let Ok(dataset) = pictures("a.safetensors", &bytes) {
                dataset.validate().expect("whatever is read fits together");
            }
        }
    }
}
