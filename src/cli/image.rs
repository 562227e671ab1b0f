//! Pictures from PNG files, scaled to what a network takes.

use std::path::Path;

use super::{Failure, Outcome, read};

/// More pixels than this are a mistake, or an attack.
const MAX_PIXELS: u64 = 1 << 26;

/// Red, green and blue between 0 and 1; transparent parts are black.
#[derive(Debug)]
pub(super) struct Picture {
    width: usize,
    height: usize,
    rgb: Vec<[f32; 3]>,
}

impl Picture {
    pub(super) fn read(path: &Path) -> Outcome<Self> {
        let bytes = read(path)?;
        Self::decode(&bytes).map_err(|message| Failure::Usage(format!("{}: {message}", path.display())))
    }

    fn decode(bytes: &[u8]) -> Result<Self, String> {
        let unreadable = |error: png::DecodingError| format!("this is no PNG that can be read: {error}");
        let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
        decoder
            .set_transformations(png::Transformations::normalize_to_color8() | png::Transformations::ALPHA);
        let mut reader = decoder.read_info().map_err(unreadable)?;
        let (width, height) = reader.info().size();
        if u64::from(width) * u64::from(height) > MAX_PIXELS {
            return Err(format!("{width}×{height} pixels are too many; scale the picture down first"));
        }
        let size = reader.output_buffer_size().ok_or("the picture is too large")?;
        let mut buffer = vec![0; size];
        let frame = reader.next_frame(&mut buffer).map_err(unreadable)?;
        let samples = frame.color_type.samples();
        let pixels = buffer[..frame.buffer_size()].chunks_exact(samples);
        Ok(Self { width: width as usize, height: height as usize, rgb: pixels.map(colour).collect() })
    }

    /// `[height, width, channels]` values: each the mean of the pixels that it covers. One channel is grey, by the
    /// weights of ITU-R BT.601.
    pub(super) fn values(&self, [height, width, channels]: [usize; 3], invert: bool) -> Vec<f32> {
        let mut values = Vec::with_capacity(height * width * channels);
        for y in 0..height {
            let rows = covered(y, height, self.height);
            for x in 0..width {
                let mut rgb = self.mean(&rows, &covered(x, width, self.width));
                if invert {
                    rgb = rgb.map(|value| 1.0 - value);
                }
                let grey = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
                values
                    .extend((0..channels).map(|channel| if channels < 3 { grey } else { rgb[channel % 3] }));
            }
        }
        values
    }

    fn mean(&self, rows: &[(usize, f32)], columns: &[(usize, f32)]) -> [f32; 3] {
        let mut sum = [0.0; 3];
        let mut total = 0.0;
        for &(row, height) in rows {
            for &(column, width) in columns {
                let pixel = self.rgb[row * self.width + column];
                for (sum, value) in sum.iter_mut().zip(pixel) {
                    *sum += height * width * value;
                }
                total += height * width;
            }
        }
        sum.map(|sum| sum / total)
    }
}

/// Grey or colour, with its opacity as a factor.
fn colour(samples: &[u8]) -> [f32; 3] {
    let value = |at: usize| f32::from(samples[at]) / 255.0;
    let opacity = if samples.len().is_multiple_of(2) { value(samples.len() - 1) } else { 1.0 };
    let rgb = if samples.len() < 3 { [value(0); 3] } else { [value(0), value(1), value(2)] };
    rgb.map(|value| value * opacity)
}

/// The pixels along one axis, `of` many, that value `at` of `n` covers, each with the covered share of it.
fn covered(at: usize, n: usize, of: usize) -> Vec<(usize, f32)> {
    let scale = of as f64 / n as f64;
    let (start, end) = (at as f64 * scale, (at + 1) as f64 * scale);
    let first = (start as usize).min(of - 1);
    let last = (end.ceil() as usize).clamp(first + 1, of);
    let share = |pixel: usize| (end.min((pixel + 1) as f64) - start.max(pixel as f64)).max(1e-6) as f32;
    (first..last).map(|pixel| (pixel, share(pixel))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32, color: png::ColorType, data: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, width, height);
        encoder.set_color(color);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.write_header().and_then(|mut writer| writer.write_image_data(data)).expect("a PNG");
        bytes
    }

    #[test]
    fn pictures_shrink_and_grow_by_area() {
        let picture =
            Picture::decode(&png(4, 2, png::ColorType::Grayscale, &[0, 255, 51, 51, 255, 0, 51, 51]));
        let picture = picture.expect("a picture");
        assert_eq!(picture.values([1, 2, 1], false), [0.5, 0.2]);
        assert_eq!(picture.values([1, 2, 1], true), [0.5, 0.8]);
        let grown = picture.values([4, 8, 1], false);
        assert_eq!((grown[0], grown[2], grown[31]), (0.0, 1.0, 0.2));
        let third = picture.values([1, 3, 1], false);
        assert!((third[0] - 0.5).abs() < 1e-6 && (third[2] - 0.2).abs() < 1e-6, "{third:?}");
    }

    #[test]
    fn colour_and_opacity_are_kept() {
        let picture =
            Picture::decode(&png(1, 1, png::ColorType::Rgba, &[255, 102, 0, 255])).expect("a picture");
        assert_eq!(picture.values([1, 1, 3], false), [1.0, 0.4, 0.0]);
        let clear =
            Picture::decode(&png(1, 1, png::ColorType::Rgba, &[255, 255, 255, 0])).expect("a picture");
        assert_eq!(clear.values([1, 1, 1], false), [0.0]);
        assert!(Picture::decode(b"GIF89a").is_err());
    }
}
