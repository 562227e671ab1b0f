//! Augmentation on the GPU against a plain loop, and that only training sees it.
#![cfg(not(target_arch = "wasm32"))]

use std::sync::Arc;

use cnn_playground::data::digits::bundled_digits;
use cnn_playground::data::{Augment, Dataset, shapes};
use cnn_playground::gpu::{Gpu, GpuOptions};
use cnn_playground::graph::Graph;
use cnn_playground::models;
use cnn_playground::train::{Data, Part, Session, SessionConfig};
use pollster::block_on;

fn session(gpu: &Gpu, data: &Arc<Dataset>, augment: &str, seed: u32) -> Session {
    let spec = models::build_for("lenet", data.shape[2], data.classes.len()).expect("known");
    let augment = augment.parse().expect("known");
    let config = SessionConfig { augment, seed, batch: 64, ..SessionConfig::default() };
    Session::new(gpu, Graph::new(&spec).expect("valid"), &Data::Dataset(data.clone()), config).expect("fits")
}

fn pcg4d(numbers: [u32; 4]) -> [u32; 4] {
    let mut v = numbers.map(|n| n.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    let mix = |v: &mut [u32; 4]| {
        for (to, a, b) in [(0, 1, 3), (1, 2, 0), (2, 0, 1), (3, 1, 2)] {
            v[to] = v[to].wrapping_add(v[a].wrapping_mul(v[b]));
        }
    };
    mix(&mut v);
    v = v.map(|n| n ^ (n >> 16));
    mix(&mut v);
    v
}

/// The shader's formulae, in f64 and with the platform's sine and cosine.
fn expected(data: &Dataset, index: usize, augment: Augment, seed: u32, step: u32, n: u32) -> Vec<f64> {
    let [h, w, channels] = data.shape;
    let stored = data.values(index).expect("there");
    let has = |name: &str| augment.to_string().split(',').any(|word| word == name);
    let random = pcg4d([n, 0xA000_0000, step, seed]);
    let centre = pcg4d([n, 0xA000_0001, step, seed]);
    let centre = [centre[0] as usize % h, centre[1] as usize % w].map(|side| side as i64);
    let half = (h.min(w) / 4).max(2) as i64 / 2;
    let shift = |word: u32, side: usize| {
        let most = (side / 8).max(1) as i64;
        (i64::from(word) % (2 * most + 1) - most) as f64
    };
    let angle = 2.0 * ((f64::from(random[3] >> 8) / 8_388_608.0 - 1.0) * 7.5f64.to_radians().tan()).atan();
    let at = |y: i64, x: i64, c: usize| {
        let inside = (0..h as i64).contains(&y) && (0..w as i64).contains(&x);
        if inside { f64::from(stored[(y as usize * w + x as usize) * channels + c]) } else { 0.0 }
    };
    let mut values = Vec::new();
    for (row, column) in (0..h).flat_map(|row| (0..w).map(move |column| (row, column))) {
        let near = |at: usize, centre: i64| (-half..half).contains(&(at as i64 - centre));
        let covered = has("cutout") && near(row, centre[0]) && near(column, centre[1]);
        let middle = [h, w].map(|side| (side - 1) as f64 / 2.0);
        let (mut y, mut x) = (row as f64 - middle[0], column as f64 - middle[1]);
        if has("shift") {
            (y, x) = (y - shift(random[1], h), x - shift(random[2], w));
        }
        if has("rotate") {
            (y, x) = (angle.cos() * y - angle.sin() * x, angle.sin() * y + angle.cos() * x);
        }
        if has("flip") && random[0] >= 1 << 31 {
            x = -x;
        }
        (y, x) = (y + middle[0], x + middle[1]);
        let (top, left) = (y.floor(), x.floor());
        let (dy, dx) = (y - top, x - left);
        for c in 0..channels {
            let value = |down: i64, right: i64| at(top as i64 + down, left as i64 + right, c);
            let above = value(0, 0) * (1.0 - dx) + value(0, 1) * dx;
            let below = value(1, 0) * (1.0 - dx) + value(1, 1) * dx;
            values.push(if covered { 0.0 } else { above * (1.0 - dy) + below * dy });
        }
    }
    values
}

fn shown(session: &Session, index: u32, count: usize) -> Vec<f32> {
    let words = block_on(session.submit_augmented(index, count).expect("there").read()).expect("readable");
    words.into_iter().map(f32::from_bits).collect()
}

#[test]
fn the_kernel_does_what_a_plain_loop_does() {
    let gpu = block_on(Gpu::new(GpuOptions::default())).expect("an adapter");
    let digits = Arc::new(bundled_digits().expect("shipped"));
    let coloured = Arc::new(shapes(200, 3).expect("shapes"));
    for data in [&digits, &coloured] {
        for augment in ["flip", "shift", "rotate", "cutout", "flip,shift,rotate,cutout"] {
            let session = session(&gpu, data, augment, 9);
            let pictures = shown(&session, 17, 6);
            let size = pictures.len() / 6;
            for (n, got) in pictures.chunks_exact(size).enumerate() {
                let want = expected(data, 17, augment.parse().expect("known"), 9, 1, n as u32);
                let worst = got.iter().zip(&want).map(|(g, w)| (f64::from(*g) - w).abs()).fold(0.0, f64::max);
                assert!(worst < 1e-4, "{augment} of {}, place {n}: {worst}", data.name);
            }
            let first = &pictures[..size];
            assert!(pictures.chunks_exact(size).any(|other| other != first), "{augment}: all the same");
        }
    }
}

#[test]
fn without_augmentation_pictures_are_what_they_were_and_measuring_never_sees_it() {
    let gpu = block_on(Gpu::new(GpuOptions::default())).expect("an adapter");
    let data = Arc::new(bundled_digits().expect("shipped"));
    let plain = session(&gpu, &data, "", 4);
    let values = data.values(5).expect("there");
    assert!(shown(&plain, 5, 2) == [&values[..], &values[..]].concat());

    let augmented = session(&gpu, &data, "flip,shift,rotate,cutout", 4);
    for part in [Part::Train, Part::Validation] {
        let [a, b] = [&plain, &augmented].map(|session| block_on(session.evaluate(part)).expect("finite"));
        assert_eq!(a, b);
    }
}

#[test]
fn the_same_seed_augments_the_same_way() {
    let gpu = block_on(Gpu::new(GpuOptions::default())).expect("an adapter");
    let data = Arc::new(bundled_digits().expect("shipped"));
    let run = |augment: &str| {
        let mut session = session(&gpu, &data, augment, 4);
        let bits = |_| block_on(session.train_step()).expect("finite").loss.to_bits();
        (0..6).map(bits).collect::<Vec<_>>()
    };
    let augmented = run("shift,rotate");
    assert_eq!(augmented, run("shift,rotate"));
    assert_ne!(augmented, run(""));
}
