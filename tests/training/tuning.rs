//! Kernels chosen by measuring.

use std::sync::Arc;
use std::time::Instant;

use cnn_playground::gpu::Gpu;
use cnn_playground::optim::Optimizer;
use cnn_playground::plan::{AdapterKind, Choice, Table};
use cnn_playground::train::{Session, SessionConfig};
use pollster::block_on;

fn session(gpu: &Gpu) -> Session {
    super::lenet(
        gpu,
        SessionConfig { batch: 32, optimizer: Optimizer::adam(0.002), ..SessionConfig::default() },
    )
}

fn losses(session: &mut Session) -> Vec<f32> {
    (0..8).map(|_| block_on(session.train_step()).expect("finite").loss).collect()
}

#[test]
fn a_tuned_network_learns_the_same_and_is_not_measured_again() {
    let gpu = super::gpu();
    let kind = AdapterKind::of(&gpu.adapter().get_info());
    let want = losses(&mut session(&gpu));
    let mut first = session(&gpu);
    let tuner = first.tuner().expect("kernels by cost");
    let count = tuner.shapes().len();
    assert!(count >= 4, "{count} shapes");
    let (begin, mut told) = (Instant::now(), Vec::new());
    let tuning = block_on(tuner.tune(|done| {
        told.push(done);
        begin.elapsed().as_secs_f64()
    }));
    println!("{tuning:?}");
    assert_eq!((tuning.shapes, tuning.table.rows().count()), (count, count));
    assert!(told.is_sorted() && told.last() == Some(&count), "{told:?}");
    let table = tuning.table.clone();
    first.retune(tuning).expect("plans");
    let got = losses(&mut first);
    for (got, want) in got.iter().zip(&want) {
        assert!((got - want).abs() <= 2e-3 * want.abs(), "{got:?} where the expected kernels give {want:?}");
    }
    // Remembered, it gives the same bits and is not measured.
    let gpu = gpu.with_choice(Choice::Tuned(kind, Arc::new(table)));
    let mut again = session(&gpu);
    assert!(again.tuner().expect("kernels by cost").shapes().is_empty());
    assert_eq!(losses(&mut again), got);
}

#[test]
fn any_table_learns_the_same() {
    let gpu = super::gpu();
    let kind = AdapterKind::of(&gpu.adapter().get_info());
    let want = losses(&mut session(&gpu));
    let plain = session(&gpu);
    let mut table = Table::default();
    for (at, pick) in plain.train_program().plan().picks.iter().enumerate() {
        table.set(&pick.key, pick.candidates[at % pick.candidates.len()].name);
    }
    let tuned = Choice::Tuned(kind, Arc::new(table));
    let got = losses(&mut session(&gpu.with_choice(tuned)));
    for (got, want) in got.iter().zip(&want) {
        assert!((got - want).abs() <= 2e-3 * want.abs(), "{got:?} where the expected kernels give {want:?}");
    }
}
