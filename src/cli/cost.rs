//! `summary --cost`: what training a network takes, and whether the GPU has it.

use cnn_playground::Error;
use cnn_playground::gpu::Gpu;
use cnn_playground::graph::Graph;
use cnn_playground::plan::{AdapterKind, Choice};
use cnn_playground::train::{Bytes, Cost, Ledger, Limits, SessionConfig};
use serde::Serialize;

use super::{Failure, Outcome, gpu, note, say, train};

/// Options of `summary`.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// What training it costs: multiply-adds, memory, receptive fields, dispatches, and whether it fits this GPU
    #[arg(long)]
    cost: bool,
    /// With --cost: samples a step
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = super::whole(1), requires = "cost")]
    batch: u32,
    /// With --cost: sgd, momentum, nesterov, rmsprop, adam or adamw
    #[arg(long, value_name = "NAME", default_value = "adam", requires = "cost")]
    optimizer: String,
}

#[derive(Serialize)]
struct Report<'a> {
    model: &'a str,
    optimizer: &'a str,
    #[serde(flatten)]
    ledger: &'a Ledger,
    /// Absent where there is no adapter.
    #[serde(skip_serializing_if = "Option::is_none")]
    adapter: Option<Verdict>,
    /// What every WebGPU adapter allows.
    webgpu: Verdict,
}

/// Whether limits are kept, and which are not.
#[derive(Serialize)]
struct Verdict {
    name: String,
    limits: Limits,
    training_fits: bool,
    inference_fits: bool,
    training_obstacles: Vec<String>,
    inference_obstacles: Vec<String>,
}

impl Verdict {
    fn of(name: String, limits: Limits, ledger: &Ledger) -> Self {
        let text = |errors: &Vec<Error>| errors.iter().map(ToString::to_string).collect::<Vec<_>>();
        let [training, inference] = &ledger.obstacles(limits);
        Self {
            name,
            limits,
            training_fits: training.is_empty(),
            inference_fits: inference.is_empty(),
            training_obstacles: text(training),
            inference_obstacles: text(inference),
        }
    }

    fn say(&self) {
        say(format!(
            "{} (a binding of {} MiB, a buffer of {} MiB):",
            self.name,
            self.limits.max_storage_buffer_binding_size >> 20,
            self.limits.max_buffer_size >> 20
        ));
        for (what, obstacles) in
            [("training", &self.training_obstacles), ("inference", &self.inference_obstacles)]
        {
            match &obstacles[..] {
                [] => say(format!("  {what} fits")),
                _ => obstacles.iter().for_each(|obstacle| say(format!("  {what} does not fit: {obstacle}"))),
            }
        }
    }
}

impl Options {
    pub(super) fn wanted(&self) -> bool {
        self.cost
    }

    pub(super) fn run(&self, graph: &Graph, json: bool) -> Outcome {
        let optimizer = train::optimizer(&self.optimizer, None)?;
        let config = SessionConfig { optimizer, batch: self.batch as usize, ..SessionConfig::default() };
        let gpu = match gpu() {
            Ok(gpu) => Some(gpu),
            Err(Failure::Run(message) | Failure::Usage(message)) => {
                note(format!("whether it fits is not known: {message}"));
                None
            }
            Err(failure) => return Err(failure),
        };
        let choice = gpu.as_ref().map_or(Choice::Expected(AdapterKind::Gpu), Gpu::choice);
        let ledger = Ledger::new(graph, &config, choice).map_err(Failure::usage)?;
        let adapter = gpu.map(|gpu| {
            let limits = gpu.device().limits();
            let limits = Limits {
                max_buffer_size: limits.max_buffer_size,
                max_storage_buffer_binding_size: limits.max_storage_buffer_binding_size,
            };
            Verdict::of(gpu.adapter().get_info().name, limits, &ledger)
        });
        let webgpu = Verdict::of("any WebGPU adapter".to_owned(), Limits::WEBGPU, &ledger);
        let report =
            Report { model: &graph.name, optimizer: &self.optimizer, ledger: &ledger, adapter, webgpu };
        if json {
            let text =
                serde_json::to_string_pretty(&report).map_err(|error| Failure::Run(error.to_string()))?;
            say(text);
            return Ok(());
        }
        table(&ledger);
        say("");
        cost(&format!("one training step, batch {}, {}", self.batch, self.optimizer), &ledger.training);
        cost(&format!("one inference, batch {}", self.batch), &ledger.inference);
        report.adapter.iter().for_each(Verdict::say);
        report.webgpu.say();
        Ok(())
    }
}

fn table(ledger: &Ledger) {
    let header =
        ["layer", "output", "parameters", "multiply-adds", "sees", "output bytes", "forward", "backward"];
    let row = |[name, shape, params, macs, field, bytes, forward, backward]: [String; 8]| {
        say(format!(
            "{name:28} {shape:>16} {params:>12} {macs:>15} {field:>6} {bytes:>13} {forward:>8} {backward:>9}"
        ));
    };
    row(header.map(str::to_owned));
    for layer in &ledger.layers {
        let shape: Vec<_> = layer.output_shape.iter().map(ToString::to_string).collect();
        let frozen = if layer.trainable || layer.params == 0 { "" } else { " (frozen)" };
        row([
            format!("{}{frozen}", layer.name),
            shape.join("×"),
            layer.params.to_string(),
            layer.macs.to_string(),
            layer.receptive_field.to_string(),
            layer.activation_bytes.to_string(),
            layer.dispatches.forward.to_string(),
            layer.dispatches.backward.to_string(),
        ]);
    }
}

fn cost(title: &str, cost: &Cost) {
    let Cost { dispatches, macs, bytes } = cost;
    let Bytes { outputs, output_gradients, scratch, .. } = *bytes;
    let line = |what: &str, bytes: u64| {
        if bytes > 0 {
            say(format!("  {what:34} {:>12.3} MB", bytes as f64 / 1e6));
        }
    };
    say(format!("{title}: {dispatches} dispatches, {macs} multiply-adds forwards"));
    line("weights", bytes.parameters);
    line("their gradients", bytes.gradients);
    line("optimiser", bytes.optimizer);
    line("tables for it", bytes.tables);
    line("activations and their gradients", bytes.activations);
    line("GPU memory", bytes.total);
    let [all, o, g, s] = [outputs + output_gradients + scratch, outputs, output_gradients, scratch]
        .map(|bytes| bytes as f64 / 1e6);
    say(format!(
        "  (without taking turns: outputs {o:.3}, their gradients {g:.3}, scratch {s:.3}, together {all:.3} MB)"
    ));
}
