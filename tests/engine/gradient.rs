//! Gradients of whole networks against central differences of their losses; and that a wrong one is noticed.

use cnn_playground::conform::{GradientCheck, GradientOptions};
use cnn_playground::graph::Graph;
use cnn_playground::models;

use crate::support::{gpu, gpu_test};

async fn prepare(model: &str) -> GradientCheck {
    let graph = Graph::new(&models::build(model).expect("a known model")).expect("a valid one");
    GradientCheck::new(&gpu().await, graph, GradientOptions::default()).await.expect("a network that runs")
}

/// Every `stride`th layer passes.
async fn assert_passes(model: &str, stride: usize) {
    let check = prepare(model).await;
    let mut failures = Vec::new();
    for layer in check.layers().into_iter().step_by(stride) {
        let row = check.check(layer).await.expect("a layer with weights");
        assert!(row.measured > 0.0, "{row:?}");
        if !row.passed {
            failures.push(row);
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

gpu_test!(lenet_descends_as_it_promises, assert_passes("lenet", 1));

// Residual connections and batch norm; all layers would take a software adapter half a minute.
#[cfg(not(target_arch = "wasm32"))]
gpu_test!(a_residual_network_descends_as_it_promises, assert_passes("resnet8", 3));

/// Spoils the gradient of every weight tensor in turn; its layer fails, and passes again once it is mended.
async fn assert_noticed(what: &str, spoil: fn(&mut [f32])) {
    let mut check = prepare("lenet").await;
    for layer in check.layers() {
        for t in check.graph().layers[layer].parameters.clone() {
            let sound = check.gradient_mut(t).to_vec();
            spoil(check.gradient_mut(t));
            let row = check.check(layer).await.expect("a layer with weights");
            let spoilt = check.graph().parameters[t].spec.name;
            assert!(!row.passed && row.tensor == spoilt, "{what} {spoilt} of {row:?}");
            check.gradient_mut(t).copy_from_slice(&sound);
        }
    }
}

gpu_test!(
    a_scaled_gradient_is_noticed,
    assert_noticed("scaled", |gradient| {
        for g in gradient {
            *g *= 1.5;
        }
    })
);

gpu_test!(a_missing_gradient_is_noticed, assert_noticed("missing", |gradient| gradient.fill(0.0)));

gpu_test!(a_gradient_in_the_wrong_order_is_noticed, assert_noticed("reversed", <[f32]>::reverse));

gpu_test!(
    a_gradient_that_is_no_number_is_noticed,
    assert_noticed("no number", |gradient| gradient[0] = f32::NAN)
);

gpu_test!(what_cannot_be_checked_says_so, async {
    let check = prepare("lenet").await;
    let error = check.check(1).await.expect_err("a pooling layer");
    assert!(error.to_string().contains("\"max_pooling2d\" has no weights"), "{error}");
    assert!(check.check(99).await.is_err());
    let graph = check.graph().clone();
    let options = GradientOptions { batch: 0, ..GradientOptions::default() };
    assert!(GradientCheck::new(&gpu().await, graph, options).await.is_err());
});
