//! In inference a convolution's kernel also does the batch norm, the sum and the activation that follow. Whoever keeps all
//! activations gets them layer by layer; both must agree, with every kernel.

use cnn_playground::graph::{Graph, ModelSpec};
use cnn_playground::plan::{Choice, External, Plan, PlanOptions, Purpose, Target, plan};
use serde_json::{Value, json};

use crate::choices::choices;
use crate::rig::Rig;
use crate::support::{gpu, gpu_test};

/// A residual block with a projection: two branches of convolution and norm, their sum, an activation.
fn block(channels: [usize; 2], side: usize, strides: usize, activation: &str) -> Graph {
    let convolution = |name: &str, side: usize, use_bias: bool| {
        let config = json!({ "filters": channels[1], "kernel_size": [side, side], "strides": [strides, strides],
                             "padding": "same", "use_bias": use_bias });
        json!({ "name": name, "class": "Conv2D", "config": config, "connected_to": ["input"] })
    };
    let norm = |name: &str, from: &str, epsilon: f64| json!({ "name": name, "class": "BatchNormalization", "connected_to": [from], "config": { "epsilon": epsilon } });
    let layers: Vec<Value> = vec![
        convolution("main", side, true),
        convolution("short", 1, false),
        norm("main_norm", "main", 1e-3),
        norm("short_norm", "short", 1e-5),
        json!({ "name": "sum", "class": "Add", "connected_to": ["main_norm", "short_norm"] }),
        json!({ "name": "end", "class": "Activation", "connected_to": ["sum"], "config": { "activation": activation } }),
    ];
    wired(channels[0], &json!(layers))
}

fn wired(channels: usize, layers: &Value) -> Graph {
    let spec = json!({
        "version": 1, "name": "block", "kind": "functional",
        "input": { "layer": "input", "shape": [9, 11, channels] }, "layers": layers, "outputs": ["end"],
    });
    Graph::new(&ModelSpec::from_json(&spec.to_string()).expect("a model")).expect("a network")
}

/// Numbers in `[0.25, 1.25)` that look random: variances must not be negative.
fn numbers(count: usize) -> Vec<f32> {
    (0..count as u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 8) as f32 / 16_777_216.0 + 0.25).collect()
}

async fn output(graph: &Graph, plan: Plan) -> Vec<f32> {
    let rig = Rig::new(&gpu().await, plan);
    for buffer in &rig.plan().buffers {
        let numbers = numbers(buffer.elements);
        match buffer.purpose {
            Purpose::External(External::State) => rig.write_external(External::State, &numbers),
            Purpose::External(External::Parameters) => {
                rig.write_external(External::Parameters, &centred(&numbers));
            }
            _ => {}
        }
    }
    let input = rig.plan().values[0].expect("planned");
    rig.write(Some(input), &centred(&numbers(input.elements)));
    rig.run();
    rig.read(rig.plan().values[graph.layers.last().expect("layers").value.0]).await
}

fn centred(numbers: &[f32]) -> Vec<f32> {
    numbers.iter().map(|number| number - 0.75).collect()
}

async fn compare(graph: &Graph, choice: Choice, dispatches: [usize; 2]) {
    let options = PlanOptions::new(3, false, Target::Outputs, choice.clone());
    let fused = plan(graph, options.clone());
    let apart = plan(graph, PlanOptions { keep_activations: true, ..options });
    let (few, many) = (fused.dispatches.len(), apart.dispatches.len());
    assert_eq!(many - few, dispatches[1] - dispatches[0], "{choice:?}");
    // Only Winograd's convolution is more than one dispatch.
    assert!(few == dispatches[0] || choice == Choice::Fixed("winograd"), "{choice:?}: {few}");
    let (fused, apart) = (output(graph, fused).await, output(graph, apart).await);
    let largest = apart.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
    assert!(largest > 0.1, "nothing came out");
    for (at, (a, b)) in fused.iter().zip(&apart).enumerate() {
        assert!(
            (a - b).abs() <= 3e-6 * largest,
            "{choice:?}: value {at} is {a}, one by one {b}\n{}",
            graph.name
        );
    }
}

gpu_test!(fused_layers_compute_what_they_do_one_by_one, async {
    for (channels, side, strides) in
        [([3, 5], 3, 1), ([3, 8], 3, 2), ([8, 12], 3, 1), ([4, 6], 1, 1), ([16, 72], 1, 2)]
    {
        for choice in choices() {
            compare(&block(channels, side, strides, "relu"), choice, [2, 6]).await;
        }
    }
    compare(&block([4, 8], 3, 1, "tanh"), Choice::Plain, [2, 6]).await;
});

gpu_test!(what_somebody_else_reads_is_not_fused_away, async {
    // The first convolution is read twice, so only the second may take over what follows it.
    let graph = wired(
        3,
        &json!([
            { "name": "a", "class": "Conv2D", "connected_to": ["input"], "config": { "filters": 4, "kernel_size": [1, 1] } },
            { "name": "b", "class": "Conv2D", "connected_to": ["a"], "config": { "filters": 4, "kernel_size": [1, 1] } },
            { "name": "sum", "class": "Add", "connected_to": ["b", "a"] },
            { "name": "end", "class": "Activation", "connected_to": ["sum"], "config": { "activation": "relu" } },
        ]),
    );
    compare(&graph, Choice::Plain, [2, 4]).await;
});
