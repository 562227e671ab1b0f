//! Ten kinds of coloured shapes, drawn on the spot: any number of pictures from a seed, nothing to download.
//!
//! Every picture is a pure function of seed and index, to the byte and on every machine: the only functions beyond
//! plain arithmetic are one sine and one cosine a picture, and those come from `libm`.

use super::Dataset;
use crate::error::{Result, bail};
use crate::rng::Counter;

/// Side of a picture in pixels.
const SIDE: usize = 32;

/// Each pixel is the mean of `SAMPLES × SAMPLES` points.
const SAMPLES: usize = 4;

/// 300 MB of pixels: more than a browser tab should be asked for.
const MAX_COUNT: usize = 100_000;

/// Least difference of brightness between shape and background, where black to white is 1.
const CONTRAST: f64 = 0.3;

/// How far noise moves a pixel at most, in levels of 255; two thirds of all pixels move by less than 3.
const NOISE: f64 = 10.0;

/// Keeps these numbers apart from all others drawn from the same seed ("shapes" in ASCII).
const SHAPES_SEED: u64 = 0x7368_6170_6573;

/// A class: its name, and whether a point lies inside the shape. Shapes fill the unit circle around 0 with y growing
/// downwards, and no two of them look the same when turned.
type Class = (&'static str, fn(Point) -> bool);
type Point = [f64; 2];
type Colour = [f64; 3];

const CLASSES: [Class; 10] = [
    ("circle", |p| disc(p, [0.0, 0.0], 0.88)),
    ("square", |[x, y]| x.abs().max(y.abs()) < 0.74),
    ("triangle", |p| inside(p, &[[0.0, -1.0], [0.866, 0.5], [-0.866, 0.5]])),
    ("star", |p| inside(p, &STAR)),
    ("cross", |[x, y]| x.abs().max(y.abs()) < 0.92 && x.abs().min(y.abs()) < 0.28),
    ("ring", |p| disc(p, [0.0, 0.0], 0.92) && !disc(p, [0.0, 0.0], 0.55)),
    ("heart", |[x, y]| heart([1.28 * x, 0.27 - 1.28 * y])),
    ("moon", |p| disc(p, [0.1, 0.0], 0.95) && !disc(p, [0.54, 0.0], 0.76)),
    ("arrow", |p| inside(p, &ARROW)),
    ("drop", |p| disc(p, [0.0, 0.35], 0.6) || inside(p, &[[0.0, -1.0], [0.537, 0.083], [-0.537, 0.083]])),
];

/// Tips on the unit circle, 72° apart, with inner corners at 0.42.
const STAR: [Point; 10] = [
    [0.0, -1.0],
    [0.247, -0.340],
    [0.951, -0.309],
    [0.399, 0.130],
    [0.588, 0.809],
    [0.0, 0.42],
    [-0.588, 0.809],
    [-0.399, 0.130],
    [-0.951, -0.309],
    [-0.247, -0.340],
];

const ARROW: [Point; 7] =
    [[0.0, -1.0], [0.75, -0.15], [0.27, -0.15], [0.27, 0.95], [-0.27, 0.95], [-0.27, -0.15], [-0.75, -0.15]];

/// Draws `count` pictures of 32×32×3. The classes take turns, so every prefix is balanced, and a larger set from the
/// same seed begins with the smaller one.
pub fn shapes(count: usize, seed: u64) -> Result<Dataset> {
    if count == 0 || count > MAX_COUNT {
        bail!("shapes: {count} pictures can't be drawn; ask for 1 to {MAX_COUNT}");
    }
    let mut pixels = Vec::with_capacity(count * SIDE * SIDE * 3);
    let mut labels = Vec::with_capacity(count);
    for index in 0..count {
        let label = index % CLASSES.len();
        let counter = Counter::scrambled(seed ^ SHAPES_SEED, index as u64);
        draw(&Picture::random(CLASSES[label].1, counter), counter, &mut pixels);
        labels.push(label as u32);
    }
    let dataset = Dataset {
        name: "shapes".to_owned(),
        shape: [SIDE, SIDE, 3],
        classes: CLASSES.iter().map(|(name, _)| (*name).to_owned()).collect(),
        pixels,
        repeat: 1,
        scale: 1.0 / 255.0,
        labels,
    };
    dataset.validate()?;
    Ok(dataset)
}

/// Everything random about a picture but its noise.
struct Picture {
    contains: fn(Point) -> bool,
    centre: Point,
    radius: f64,
    /// Cosine and sine of the angle by which the shape is turned.
    turn: Point,
    foreground: Colour,
    /// Colours of the background at the top and at the bottom.
    background: [Colour; 2],
}

/// What the first counters of a picture are drawn for; colours begin at `COLOURS`, noise at `GRAIN`.
const RADIUS: u64 = 0;
const CENTRE: u64 = 1;
const ANGLE: u64 = 3;
const COLOURS: u64 = 8;
const GRAIN: u64 = 1024;

impl Picture {
    fn random(contains: fn(Point) -> bool, counter: Counter) -> Self {
        let between = |index: u64, low: f64, high: f64| low + (high - low) * counter.uniform(index);
        let side = SIDE as f64;
        let radius = between(RADIUS, 7.0, 13.5);
        // The whole shape stays inside, a pixel from the edge.
        let place = |index| between(index, radius + 1.0, side - radius - 1.0);
        let angle = between(ANGLE, 0.0, std::f64::consts::TAU);
        let (foreground, background) = colours(counter);
        Self {
            contains,
            centre: [place(CENTRE), place(CENTRE + 1)],
            radius,
            turn: [libm::cos(angle), libm::sin(angle)],
            foreground,
            background,
        }
    }

    /// Whether the point, in pixels, lies on the shape.
    fn covers(&self, [x, y]: Point) -> bool {
        let [dx, dy] = [(x - self.centre[0]) / self.radius, (y - self.centre[1]) / self.radius];
        let [cos, sin] = self.turn;
        (self.contains)([cos * dx + sin * dy, cos * dy - sin * dx])
    }

    /// The share of a pixel that the shape covers.
    fn coverage(&self, column: usize, row: usize) -> f64 {
        let middle = [column as f64 + 0.5, row as f64 + 0.5];
        // Most pixels are too far away for any shape; asking the shape 16 times each would take most of the time.
        if !disc(middle, self.centre, self.radius + 1.0) {
            return 0.0;
        }
        let step = 1.0 / SAMPLES as f64;
        let at = |pixel: usize, sample: usize| pixel as f64 + (sample as f64 + 0.5) * step;
        let points = (0..SAMPLES * SAMPLES).map(|i| [at(column, i % SAMPLES), at(row, i / SAMPLES)]);
        points.filter(|&point| self.covers(point)).count() as f64 * step * step
    }
}

fn draw(picture: &Picture, counter: Counter, pixels: &mut Vec<u8>) {
    for row in 0..SIDE {
        let [top, bottom] = picture.background;
        let ground = mix(top, bottom, row as f64 / (SIDE - 1) as f64);
        for column in 0..SIDE {
            let colour = mix(ground, picture.foreground, picture.coverage(column, row));
            for (channel, value) in colour.into_iter().enumerate() {
                let cell = (row * SIDE + column) * 3 + channel;
                let level = value * 255.0 + NOISE * grain(counter.bits(GRAIN + cell as u64));
                pixels.push(level.round().clamp(0.0, 255.0) as u8);
            }
        }
    }
}

/// A bell-shaped number within ±1 from 64 random bits: the mean of four uniform ones. No logarithm, no cosine.
fn grain(bits: u64) -> f64 {
    let sum: u64 = (0..4).map(|slice| (bits >> (16 * slice)) & 0xFFFF).sum();
    sum as f64 / f64::from(2 * 0xFFFF) - 1.0
}

/// A vivid foreground on a quiet background, light or dark, told apart by brightness alone. The background changes a
/// little from top to bottom.
fn colours(counter: Counter) -> (Colour, [Colour; 2]) {
    let mut index = COLOURS;
    let mut next = |low: f64, high: f64| {
        index += 1;
        low + (high - low) * counter.uniform(index)
    };
    loop {
        let foreground = from_hsv(next(0.0, 6.0), next(0.55, 0.95), next(0.6, 1.0));
        let (hue, dark) = (next(0.0, 6.0), next(0.0, 1.0) < 0.6);
        let (saturation, value) =
            if dark { (next(0.2, 0.6), next(0.1, 0.35)) } else { (next(0.05, 0.3), next(0.8, 0.97)) };
        let top = from_hsv(hue, saturation, value);
        let bottom = from_hsv(hue, saturation, value * next(0.75, 1.0));
        let contrast = |ground: Colour| (brightness(foreground) - brightness(ground)).abs();
        if contrast(top).min(contrast(bottom)) >= CONTRAST {
            return (foreground, [top, bottom]);
        }
    }
}

/// Luma after Rec. 709.
fn brightness([red, green, blue]: Colour) -> f64 {
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// `hue` from 0 (red) through 2 (green) and 4 (blue) to 6 (red again).
fn from_hsv(hue: f64, saturation: f64, value: f64) -> Colour {
    [5.0, 3.0, 1.0].map(|channel| {
        let k = (channel + hue) % 6.0;
        value * (1.0 - saturation * k.min(4.0 - k).clamp(0.0, 1.0))
    })
}

fn mix(from: Colour, to: Colour, share: f64) -> Colour {
    std::array::from_fn(|channel| from[channel] + (to[channel] - from[channel]) * share)
}

fn disc([x, y]: Point, [centre_x, centre_y]: Point, radius: f64) -> bool {
    let (dx, dy) = (x - centre_x, y - centre_y);
    dx * dx + dy * dy < radius * radius
}

/// A unit disc whose columns are pushed up by a root: a notch above, a tip below.
fn heart([x, y]: Point) -> bool {
    disc([x, y - 0.7 * x.abs().sqrt()], [0.0, 0.0], 1.0)
}

/// Even-odd rule: a ray to the right of an inner point crosses an odd number of edges.
fn inside([x, y]: Point, corners: &[Point]) -> bool {
    let edges = corners.iter().zip(corners.iter().cycle().skip(1));
    let crossed = |(a, b): &(&Point, &Point)| {
        (a[1] > y) != (b[1] > y) && x < a[0] + (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1])
    };
    edges.filter(crossed).count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_balanced_and_sound() {
        let dataset = shapes(25, 1).expect("pictures");
        assert_eq!((dataset.len(), dataset.shape, dataset.classes.len()), (25, [32, 32, 3], 10));
        assert_eq!(dataset.labels[8..13], [8, 9, 0, 1, 2]);
    }

    #[test]
    fn seed_and_index_decide_every_byte() {
        let (small, large) = (shapes(10, 3).expect("pictures"), shapes(30, 3).expect("pictures"));
        assert_eq!(small.pixels[..], large.pixels[..small.pixels.len()]);
        assert_ne!(small.pixels, shapes(10, 4).expect("pictures").pixels);
    }

    /// The hash of the bytes as they come out natively and in wasm; a change of look must be meant.
    #[test]
    fn pictures_keep_their_bytes() {
        let pixels = shapes(200, 1).expect("pictures").pixels;
        let hash = pixels.iter().fold(0, |hash, &byte| crate::rng::splitmix64(hash ^ u64::from(byte)));
        assert_eq!(hash, 10_286_810_261_142_095_676);
    }

    #[test]
    fn counts_that_cannot_be_drawn_are_errors() {
        for count in [0, MAX_COUNT + 1, usize::MAX] {
            assert!(shapes(count, 1).expect_err("no pictures").to_string().contains("ask for 1 to 100000"));
        }
    }

    #[test]
    fn shapes_fill_the_unit_circle_and_stay_inside() {
        for (name, contains) in CLASSES {
            let grid = || {
                (-150..150)
                    .flat_map(|y| (-150..150).map(move |x| [f64::from(x) / 100.0, f64::from(y) / 100.0]))
            };
            let covered: Vec<Point> = grid().filter(|&p| contains(p)).collect();
            let reach = covered.iter().map(|[x, y]| (x * x + y * y).sqrt()).fold(0.0, f64::max);
            let share = covered.len() as f64 / 31_416.0;
            assert!((0.8..1.06).contains(&reach), "{name} reaches {reach}");
            assert!((0.25..0.8).contains(&share), "{name} covers {share}");
        }
    }

    #[test]
    fn every_picture_has_contrast() {
        for index in 0..2000 {
            let (foreground, background) = colours(Counter::scrambled(9, index));
            for ground in background {
                assert!((brightness(foreground) - brightness(ground)).abs() >= CONTRAST, "picture {index}");
            }
        }
    }

    #[test]
    fn noise_is_slight_and_centred() {
        let counter = Counter::new(1, 0);
        let n = 10_000;
        let grains: Vec<f64> = (0..n).map(|j| grain(counter.bits(j))).collect();
        let mean = grains.iter().sum::<f64>() / n as f64;
        let deviation = (grains.iter().map(|g| g * g).sum::<f64>() / n as f64).sqrt();
        assert!(grains.iter().all(|g| g.abs() <= 1.0) && mean.abs() < 0.01, "mean {mean}");
        assert!((deviation - 1.0 / 12.0_f64.sqrt()).abs() < 0.01, "deviation {deviation}");
    }
}
