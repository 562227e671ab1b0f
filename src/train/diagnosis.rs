//! Where a loss that is no number came from.
//!
//! The optimiser stands still from the first such step on, so the weights are still those of that step. Running the
//! same batch again and looking at every tensor in order finds the first one that is not finite.

use super::session::Session;
use super::step::Recent;
use crate::error::Result;
use crate::gpu::{Gpu, Memory, Program};
use crate::plan::{PlanOptions, Target, plan};

/// A tensor to look at, in the order of cause and effect.
#[derive(Debug)]
struct Suspect {
    what: String,
    staging: Memory,
}

/// A search that was submitted.
#[derive(Debug)]
pub struct PendingDiagnosis {
    gpu: Gpu,
    step: u32,
    learning_rate: f64,
    suspects: Vec<Suspect>,
}

impl PendingDiagnosis {
    /// Waits for it; the text says at which step and layer, and what to do.
    pub async fn read(self) -> Result<String> {
        for suspect in &self.suspects {
            let bits: Vec<u32> = self.gpu.map(&suspect.staging).await?;
            let bad = bits.iter().filter(|&&bits| bits & 0x7f80_0000 == 0x7f80_0000).count();
            if bad > 0 {
                return Ok(format!(
                    "training stopped at step {}: {} ({bad} of {} values are NaN or infinite). The learning rate of {} is \
                     probably too large: try a tenth of it, and reset",
                    self.step,
                    suspect.what,
                    bits.len(),
                    self.learning_rate
                ));
            }
        }
        Ok(format!(
            "training stopped at step {}: the loss is NaN or infinite although every layer's output is finite; the logits or the \
             penalty on the weights are too large. Try a tenth of the learning rate {}, and reset",
            self.step, self.learning_rate
        ))
    }
}

impl Session {
    /// Submits the search for the tensor that made the loss of `step` no number.
    pub fn submit_diagnosis(&mut self, step: u32) -> Result<PendingDiagnosis> {
        self.stopped = Some(step);
        let mut suspects = Vec::new();
        let mut encoder = self.gpu.encoder();
        let look =
            |encoder: &mut wgpu::CommandEncoder, what: String, from: (&Memory, u64), elements: usize| {
                let bytes = 4 * elements as u64;
                let staging = self.gpu.staging("suspect", bytes);
                encoder.copy_buffer_to_buffer(from.0.buffer(), from.1, staging.buffer(), 0, bytes);
                Suspect { what, staging }
            };
        for (index, parameter) in self.graph.parameters.iter().enumerate() {
            // Frozen weights have not changed. The step that failed has put its own batch into the moving statistics: no
            // cause, but one more effect.
            if !parameter.trainable {
                continue;
            }
            let layer = &self.graph.layers[parameter.layer].spec.name;
            let (memory, offset, elements) = self.arena.locate(index);
            let what = format!(
                "the {} of layer \"{layer}\" went out of range in the update before",
                parameter.spec.name
            );
            suspects.push(look(&mut encoder, what, (memory, offset), elements));
        }
        let batch = self.recent.iter().find(|recent| recent.step == step);
        let program = batch.map(|batch| self.rerun(batch)).transpose()?;
        if let Some(program) = &program {
            program.encode(&mut encoder);
            for layer in &self.graph.layers {
                let Some(slice) = program.plan().values[layer.value.0] else { continue };
                let what =
                    format!("the output of layer \"{}\" is the first that is out of range", layer.spec.name);
                suspects.push(look(&mut encoder, what, program.locate(slice), slice.elements));
            }
        }
        self.gpu.submit(encoder);
        let learning_rate = batch.map_or(self.target_rate, |batch| batch.learning_rate);
        Ok(PendingDiagnosis { gpu: self.gpu.clone(), step, learning_rate, suspects })
    }

    /// A program that runs a batch forwards again and keeps everything.
    fn rerun(&self, batch: &Recent) -> Result<Program> {
        self.gpu.write(&self.indices, 0, &batch.samples);
        self.write_step(batch.step, batch.samples.len(), batch.learning_rate);
        let options = PlanOptions {
            target: Target::Outputs,
            keep_activations: true,
            reuse: true,
            optimizer: None,
            ..self.train.plan().options.clone()
        };
        Program::new(&self.gpu, plan(&self.graph, options), &self.externals)
    }
}
