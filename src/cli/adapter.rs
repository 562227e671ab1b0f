//! `adapter`: which GPU, and what it allows.

use super::{Outcome, gpu, say};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {}

impl Arguments {
    #[allow(clippy::unused_self, reason = "all commands look alike")]
    pub(super) fn run(&self) -> Outcome {
        let gpu = gpu()?;
        let info = gpu.adapter().get_info();
        let limits = gpu.device().limits();
        say(format!("{} ({:?}, {:?})", info.name, info.device_type, info.backend));
        if !info.driver.is_empty() {
            say(format!("driver {} {}", info.driver, info.driver_info));
        }
        for (what, limit) in [
            ("largest buffer", format!("{} MiB", limits.max_buffer_size >> 20)),
            ("largest storage binding", format!("{} MiB", limits.max_storage_buffer_binding_size >> 20)),
            ("storage buffers a stage", limits.max_storage_buffers_per_shader_stage.to_string()),
            ("workgroup memory", format!("{} KiB", limits.max_compute_workgroup_storage_size >> 10)),
            ("invocations a workgroup", limits.max_compute_invocations_per_workgroup.to_string()),
            ("workgroups a dimension", limits.max_compute_workgroups_per_dimension.to_string()),
        ] {
            say(format!("{what:24} {limit}"));
        }
        Ok(())
    }
}
