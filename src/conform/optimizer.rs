//! Cases of optimisers and penalties: the dispatches that end a training step, on gradients written by hand.

use serde_json::Value;

use super::file::OpCase;
use super::op::Outputs;
use super::rig::{Rig, one_layer};
use crate::error::{Error, Result, bail};
use crate::gpu::{Gpu, Step};
use crate::graph::Graph;
use crate::json;
use crate::ops::Layer;
use crate::ops::dense::Dense;
use crate::optim::Optimizer;
use crate::plan::{External, Pass, PlanOptions, Target, plan};
use crate::train::Arena;

/// No reference file has more.
const MAX_STEPS: usize = 64;

/// Five steps on given gradients; what is compared are the parameters after each and the optimiser's memory at the
/// end.
pub(super) async fn run(gpu: &Gpu, case: &OpCase) -> Result<Outputs> {
    let optimizer = optimizer_of(case)?;
    let steps = case.attr::<usize>("steps")?.min(MAX_STEPS);
    let update = Update::new(gpu, &case.tensor("p0")?.values, optimizer, None)?;
    let mut outputs = Outputs::new();
    for step in 1..=steps {
        update.step(step as u32, &case.tensor(&format!("g{}", step - 1))?.values)?;
        outputs.push((format!("p{step}"), update.parameters().await?));
    }
    for (name, memory) in [("final_momentum", External::Momentum), ("final_velocity", External::Velocity)] {
        if case.tensors.contains_key(name) {
            outputs.push((name.to_owned(), update.memory(memory).await?));
        }
    }
    Ok(outputs)
}

/// The penalty's gradient, as the optimiser adds it: with a gradient of 0 and a rate of 1, momentum takes exactly the
/// negative of it.
pub(super) async fn penalty(gpu: &Gpu, case: &OpCase) -> Result<Outputs> {
    let l2: f32 = case.attr("l2")?;
    let x = &case.tensor("x")?.values;
    let optimizer = Optimizer::Sgd { learning_rate: 1.0, momentum: 0.5, nesterov: false };
    let update = Update::new(gpu, x, optimizer, Some(l2))?;
    update.step(1, &vec![0.0; x.len()])?;
    let dx = update.memory(External::Momentum).await?.iter().map(|value| -value).collect();
    let loss = crate::optim::penalty(&update.graph, std::slice::from_ref(x));
    Ok(vec![("dx".to_owned(), dx), ("loss".to_owned(), vec![loss as f32])])
}

/// The file's optimiser. Variants that the engine lacks must be off.
fn optimizer_of(case: &OpCase) -> Result<Optimizer> {
    let mut attrs = case.attrs.clone();
    attrs.remove("steps");
    for absent in ["amsgrad", "centered"] {
        match attrs.remove(absent) {
            None | Some(Value::Bool(false)) => {}
            Some(other) => bail!("{absent} is {other}; the engine has no {absent}"),
        }
    }
    let optimizer: Optimizer = json::read(&Value::Object(attrs))
        .map_err(|error| Error::new(format!("unknown optimizer: {error}")))?;
    optimizer.validate()?;
    Ok(optimizer)
}

/// The part of a training step that moves parameters, for one tensor.
struct Update {
    gpu: Gpu,
    graph: Graph,
    arena: Arena,
    rig: Rig,
    optimizer: Optimizer,
}

impl Update {
    fn new(gpu: &Gpu, parameters: &[f32], optimizer: Optimizer, l2: Option<f32>) -> Result<Self> {
        // A dense layer of one unit, because its kernel may have any number of values.
        let layer = Dense { use_bias: false, kernel_l2: l2, ..Dense::new(1) };
        let graph = one_layer(&Layer::from(layer), &[parameters.len()])?;
        let mut plan = plan(
            &graph,
            PlanOptions {
                optimizer: Some(optimizer),
                ..PlanOptions::new(
                    1,
                    true,
                    Target::CrossEntropy { weights: vec![1.0], label_smoothing: 0.0 },
                    gpu.choice(),
                )
            },
        );
        plan.dispatches.retain(|dispatch| dispatch.pass == Pass::Update);
        let arena = Arena::new(gpu, &graph, true, optimizer.slots())?;
        arena.write(0, parameters)?;
        let rig = Rig::new(gpu, plan, arena.externals().clone())?;
        Ok(Self { gpu: gpu.clone(), graph, arena, rig, optimizer })
    }

    fn step(&self, step: u32, gradient: &[f32]) -> Result<()> {
        self.rig.write("gradient", self.rig.plan().parameter_gradients[0], gradient)?;
        let rate = self.optimizer.learning_rate();
        self.rig.set_step(Step {
            step,
            samples: 1,
            learning_rate: rate as f32,
            rate: self.optimizer.rate(rate, step) as f32,
            ..Step::default()
        });
        self.rig.run();
        self.gpu.check()
    }

    async fn parameters(&self) -> Result<Vec<f32>> {
        self.arena.read(0).await
    }

    async fn memory(&self, memory: External) -> Result<Vec<f32>> {
        self.rig.read_external(memory, self.graph.parameters[0].spec.elements()).await
    }
}
