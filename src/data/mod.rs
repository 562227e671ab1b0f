//! Labelled pictures as they are stored: bytes, small enough to lie on the GPU whole.
//!
//! A [`Dataset`] is made by [`digits`](digits::digits) or [`shapes`](shapes::shapes), checked by
//! [`Dataset::validate`], and divided by [`Dataset::split`]. The GPU turns bytes into the network's numbers when it
//! gathers a batch; [`Dataset::values`] does the same on the processor, one sample at a time.

pub mod augment;
pub mod digits;
pub mod gather;
// The engine that every visitor loads goes without: own pictures come with the full one.
#[cfg(any(feature = "conform", not(target_arch = "wasm32")))]
pub mod pictures;
pub mod shapes;

use crate::error::{Error, Result};
use crate::rng::Counter;

pub use augment::Augment;
pub use digits::digits;
pub use shapes::shapes;

/// Labels travel to the GPU as `u32`, but a softmax over more classes than this is no picture classifier.
const MAX_CLASSES: usize = 65_536;

/// Keeps the numbers that divide a set apart from all others drawn from the same seed ("split" in ASCII).
const SPLIT_SEED: u64 = 0x73_70_6C_69_74;

/// Pictures of one size with a label each.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// What menus and the command line call it.
    pub name: String,
    /// Height, width and channels as the network sees them.
    pub shape: [usize; 3],
    /// Name of each class; a label is an index into this list.
    pub classes: Vec<String>,
    /// `[sample, height / repeat, width / repeat, channel]`, row-major.
    pub pixels: Vec<u8>,
    /// Each stored pixel is shown `repeat × repeat` times; 1 shows the picture as it is.
    pub repeat: usize,
    /// The network's value is byte × scale: 1/255 for ordinary pictures. It brings the brightest byte to 1.
    pub scale: f32,
    /// Class of each sample.
    pub labels: Vec<u32>,
}

/// Which samples train the network and which only measure it: indices into the dataset, in random order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// Samples to learn from.
    pub train: Vec<u32>,
    /// Samples that the network never learns from.
    pub validation: Vec<u32>,
}

impl Dataset {
    /// Number of samples.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are no samples at all.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Height, width and channels as they are stored.
    pub fn stored_shape(&self) -> [usize; 3] {
        let [height, width, channels] = self.shape;
        let repeat = self.repeat.max(1);
        [height / repeat, width / repeat, channels]
    }

    /// Bytes of one stored sample.
    pub fn sample_bytes(&self) -> usize {
        self.stored_shape().iter().fold(1, |bytes, &n| bytes.saturating_mul(n))
    }

    /// Whether all parts fit together; the error says which sample or number does not.
    pub fn validate(&self) -> Result<()> {
        self.validate_shape()?;
        if self.is_empty() {
            return Err(self.error("it has no samples; add pictures before training"));
        }
        if u32::try_from(self.len()).is_err() {
            return Err(
                self.error(format!("{} samples are more than an index of 32 bits reaches", self.len()))
            );
        }
        let expected = self.len().checked_mul(self.sample_bytes());
        if expected != Some(self.pixels.len()) {
            return Err(self.error(format!(
                "{} labels of {:?} pixels need {} bytes, but there are {}",
                self.len(),
                self.stored_shape(),
                expected.map_or_else(|| "too many".to_owned(), |bytes| bytes.to_string()),
                self.pixels.len()
            )));
        }
        self.validate_labels()
    }

    /// The network's values of one sample, `[height, width, channel]` row-major.
    pub fn values(&self, index: usize) -> Result<Vec<f32>> {
        let [height, width, channels] = self.shape;
        let [_, stored_width, _] = self.stored_shape();
        let sample = self.sample(index)?;
        let mut values = Vec::with_capacity(height * width * channels);
        for y in 0..height {
            for x in 0..width {
                let pixel = ((y / self.repeat) * stored_width + x / self.repeat) * channels;
                values
                    .extend(sample[pixel..pixel + channels].iter().map(|&byte| f32::from(byte) * self.scale));
            }
        }
        Ok(values)
    }

    /// One sample as a picture for people: `height × width` pixels of red, green, blue and full opacity. The first
    /// three channels are the colours; with fewer than three the first one is grey.
    pub fn rgba(&self, index: usize) -> Result<Vec<u8>> {
        let channels = self.shape[2];
        let colours = if channels < 3 { [0, 0, 0] } else { [0, 1, 2] };
        let values = self.values(index)?;
        let mut rgba = Vec::with_capacity(values.len() / channels * 4);
        for pixel in values.chunks_exact(channels) {
            rgba.extend(colours.map(|channel| (pixel[channel] * 255.0).round().clamp(0.0, 255.0) as u8));
            rgba.push(255);
        }
        Ok(rgba)
    }

    /// Divides the samples at random, `validation` (between 0 and 1) of them for measuring. The same seed divides
    /// the same way everywhere.
    pub fn split(&self, validation: f32, seed: u64) -> Result<Split> {
        if !(validation > 0.0 && validation < 1.0) {
            return Err(
                self.error(format!("a validation share of {validation} is not between 0 and 1; try 0.2"))
            );
        }
        let samples = u32::try_from(self.len()).map_err(|_| self.error("too many samples to divide"))?;
        let measured = (f64::from(samples) * f64::from(validation)).round() as usize;
        if measured == 0 || measured == self.len() {
            return Err(self.error(format!(
                "a validation share of {validation} of {samples} samples leaves one side empty; add samples or choose \
                 a share nearer to 0.5"
            )));
        }
        let mut train = Counter::scrambled(seed ^ SPLIT_SEED, 0).permutation(samples);
        let validation = train.split_off(self.len() - measured);
        Ok(Split { train, validation })
    }

    fn validate_shape(&self) -> Result<()> {
        let [height, width, channels] = self.shape;
        if height == 0 || width == 0 || channels == 0 {
            return Err(self.error(format!("a picture of {height}×{width}×{channels} has no pixels")));
        }
        if self.repeat == 0 || height % self.repeat != 0 || width % self.repeat != 0 {
            return Err(self.error(format!(
                "pixels repeated {} times do not make up {height}×{width}; choose a divisor of both sides",
                self.repeat
            )));
        }
        if !(self.scale.is_finite() && self.scale > 0.0) {
            return Err(self.error(format!("a scale of {} makes no pixel values; try 1/255", self.scale)));
        }
        Ok(())
    }

    fn validate_labels(&self) -> Result<()> {
        let classes = self.classes.len();
        if classes > MAX_CLASSES {
            return Err(self.error(format!("{classes} classes are more than {MAX_CLASSES}; merge some")));
        }
        match self.labels.iter().position(|&label| label as usize >= classes) {
            Some(sample) => Err(self.error(format!(
                "sample {sample} has label {}, but labels of {classes} classes must be below {classes}",
                self.labels[sample]
            ))),
            None => Ok(()),
        }
    }

    fn sample(&self, index: usize) -> Result<&[u8]> {
        self.validate_shape()?;
        let bytes = self.sample_bytes();
        index
            .checked_mul(bytes)
            .and_then(|start| self.pixels.get(start..start.checked_add(bytes)?))
            .ok_or_else(|| self.error(format!("sample {index} does not exist; there are {}", self.len())))
    }

    fn error(&self, message: impl AsRef<str>) -> Error {
        Error::new(format!("dataset \"{}\": {}", self.name, message.as_ref()))
    }
}

#[cfg(test)]
mod tests;
