//! Runs that are taken up again.

use super::{bits_of_run, gpu, lenet, noisy};
use cnn_playground::optim::schedule::{Decay, Plateau};
use cnn_playground::optim::{LearningRateSchedule, Optimizer};
use cnn_playground::train::{Session, SessionConfig};
use pollster::block_on;

/// Optimiser memories, moving statistics, dropout's numbers, the order of samples over an epoch's end, a plateau's patience: what a
/// snapshot leaves out would show in the bits.
#[test]
fn a_run_that_is_taken_up_again_goes_on_bit_for_bit() {
    let gpu = gpu();
    let plateau = Plateau { patience: 1, ..Plateau::default() };
    let schedule =
        LearningRateSchedule { decay: Decay::ReduceLROnPlateau(plateau), ..LearningRateSchedule::default() };
    let config = |seed| SessionConfig { seed, batch: 256, schedule, ..SessionConfig::default() };
    let mut session = noisy(&gpu, config(7));
    bits_of_run(&mut session, 4);
    // The second one loses patience: the rate is another than the one chosen.
    session.monitor(1.0);
    session.monitor(1.0);
    let snapshot = block_on(session.submit_snapshot().read()).expect("readable");
    let rate = session.learning_rate();
    session.monitor(2.0);
    let on = (bits_of_run(&mut session, 6), session.learning_rate());
    assert!(session.steps() == 10 && on.1 < rate && rate < 0.001);

    for seed in [7, 8] {
        let mut other = noisy(&gpu, config(seed));
        bits_of_run(&mut other, 2);
        other.restore(&snapshot).expect("its own snapshot");
        assert_eq!((other.steps(), other.learning_rate()), (4, rate));
        other.monitor(2.0);
        assert!((bits_of_run(&mut other, 6), other.learning_rate()) == on, "opened with seed {seed}");
    }
}

#[test]
fn a_snapshot_of_something_else_is_refused() {
    let gpu = gpu();
    let config = SessionConfig { batch: 32, ..SessionConfig::default() };
    let mut session = noisy(&gpu, config.clone());
    let snapshot = block_on(session.submit_snapshot().read()).expect("readable");
    let mut refusal = |words: &[u32]| session.restore(words).expect_err("refused").to_string();
    assert_eq!(refusal(&[]), "this is no snapshot of a run");
    assert!(refusal(&snapshot[..snapshot.len() - 1]).ends_with("it is not whole"));
    let mut newer = snapshot.clone();
    newer[1] += 1;
    assert!(refusal(&newer).starts_with("the snapshot has version 2, this engine reads 1"));
    let mut rate = snapshot.clone();
    rate[8] = u32::MAX;
    assert!(refusal(&rate).contains("rate"), "{}", refusal(&rate));

    let refusal = |mut other: Session| other.restore(&snapshot).expect_err("refused").to_string();
    assert!(refusal(lenet(&gpu, config.clone())).starts_with("the snapshot belongs to other network"));
    let momentum = SessionConfig { optimizer: Optimizer::sgd(0.1), ..config };
    assert!(refusal(noisy(&gpu, momentum)).starts_with("the snapshot belongs to other training settings"));
}
