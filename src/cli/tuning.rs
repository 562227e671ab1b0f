//! `--tune`: which kernels are fastest on this GPU, measured once and remembered in a file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use cnn_playground::gpu::Gpu;
use cnn_playground::ops::shaders;
use cnn_playground::plan::{Choice, Table};
use cnn_playground::train::{Tuner, Tuning};
use pollster::block_on;
use serde::{Deserialize, Serialize};

use super::note;

/// What is found in the file of every version, so that no other file is taken for one.
const FORM: &str = "cnn-playground tuning";

/// Options of commands that can measure first.
#[derive(Debug, clap::Args)]
pub(super) struct TuneOptions {
    /// Measures, in two seconds at most, which kernels are fastest on this GPU, takes them, and remembers them for other
    /// runs with --tune. Results differ by rounding from those without
    #[arg(long)]
    tune: bool,
    /// Remembers what was measured in this file, in place of one in the user's cache folder; measures like --tune
    #[arg(long, value_name = "FILE")]
    tuning: Option<PathBuf>,
    /// Takes the kernels that are expected to be fastest, which are the same wherever this version runs on the same kind
    /// of adapter; so does every run without --tune
    #[arg(long, conflicts_with_all = ["tune", "tuning"])]
    deterministic: bool,
}

/// The file.
#[derive(Debug, Serialize, Deserialize)]
struct File {
    form: String,
    /// Version of the engine that measured: others have other kernels.
    engine: String,
    /// For each adapter the variant for each key.
    adapters: BTreeMap<String, BTreeMap<String, String>>,
}

/// What was measured here before, and where it is written.
#[derive(Debug)]
pub(super) struct Memory {
    path: Option<PathBuf>,
    file: File,
    adapter: String,
}

impl TuneOptions {
    /// The same device with the kernels that are remembered for it, where measuring was asked for.
    pub(super) fn open(&self, gpu: Gpu) -> (Gpu, Option<Memory>) {
        if self.deterministic || !self.tune && self.tuning.is_none() {
            return (gpu, None);
        }
        let mut memory = Memory { path: None, file: File::new(), adapter: adapter(&gpu) };
        match self.tuning.clone().or_else(cache) {
            None => note("there is no folder for caches (HOME is not set): what is measured is forgotten"),
            Some(path) => match read(&path) {
                Ok(file) => {
                    memory.file = file.unwrap_or(memory.file);
                    memory.path = Some(path);
                }
                // Somebody else's file is not written over; one of our own folder is.
                Err(reason) => {
                    note(format!("{}: {reason}; kernels are measured anew", path.display()));
                    memory.path = Some(path).filter(|_| self.tuning.is_none());
                }
            },
        }
        (memory.chosen(gpu), Some(memory))
    }
}

impl Memory {
    /// The device with all that is known about it.
    pub(super) fn chosen(&self, gpu: Gpu) -> Gpu {
        let (Choice::Expected(kind) | Choice::Tuned(kind, _)) = gpu.choice() else { return gpu };
        let mut table = Table::default();
        for (key, name) in self.file.adapters.get(&self.adapter).into_iter().flatten() {
            table.set(key, name);
        }
        gpu.with_choice(Choice::Tuned(kind, Arc::new(table)))
    }

    /// Measures what is not known, says what came of it, and remembers it.
    pub(super) fn measure(&mut self, tuner: Tuner) -> Tuning {
        let begin = Instant::now();
        let tuning = block_on(tuner.tune(|_| begin.elapsed().as_secs_f64()));
        let Tuning { shapes, measured, other, seconds, .. } = tuning;
        if shapes == 0 {
            note("kernels as measured before");
            return tuning;
        }
        note(format!(
            "{measured} of {shapes} shapes measured in {seconds:.1} s; {other} {} other than expected",
            if other == 1 { "kernel" } else { "kernels" }
        ));
        let known = self.file.adapters.entry(self.adapter.clone()).or_default();
        known.extend(tuning.table.rows().map(|(key, name)| (key.to_owned(), name.to_owned())));
        if let Some(path) = &self.path
            && let Err(error) = write(path, &self.file)
        {
            note(format!("{}: {error}; what was measured is forgotten", path.display()));
        }
        tuning
    }
}

impl File {
    fn new() -> Self {
        Self { form: FORM.to_owned(), engine: engine(), adapters: BTreeMap::new() }
    }

    /// What a file says; `None` where it is another version's, or the reason why it is no such file.
    fn parse(text: &[u8]) -> Result<Option<Self>, String> {
        #[derive(Deserialize)]
        struct Head {
            form: String,
            engine: String,
        }
        let no = |_| "this is no file of measured kernels".to_owned();
        let head: Head = serde_json::from_slice(text).map_err(no)?;
        if head.form != FORM {
            return Err("this is no file of measured kernels".to_owned());
        }
        if head.engine != engine() {
            return Ok(None);
        }
        serde_json::from_slice(text).map(Some).map_err(|error| error.to_string())
    }
}

/// What is remembered; nothing where there is no file yet, or that of another version.
fn read(path: &Path) -> Result<Option<File>, String> {
    let text = match std::fs::read(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.to_string()),
        Ok(text) => text,
    };
    let file = File::parse(&text)?;
    if file.is_none() {
        note(format!("{}: another version measured this; kernels are measured anew", path.display()));
    }
    Ok(file)
}

/// Whole or not at all: another run may read it at the same time.
fn write(path: &Path, file: &File) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let part = path.with_extension(format!("{}.part", std::process::id()));
    std::fs::write(&part, serde_json::to_string_pretty(file)?)?;
    std::fs::rename(&part, path)
}

/// `$XDG_CACHE_HOME/cnn-playground/tuning.json`, `~/.cache/…` where that is not set.
fn cache() -> Option<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = set("XDG_CACHE_HOME")
        .filter(|path| path.is_absolute())
        .or_else(|| set("HOME").map(|home| home.join(".cache")))?;
    Some(folder.join("cnn-playground/tuning.json"))
}

/// The crate's version and a hash (FNV-1a) of all shaders.
fn engine() -> String {
    let bytes = shaders().into_iter().flat_map(|shader| shader.source.bytes());
    let hash = bytes.fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    });
    format!("{} {hash:016x}", env!("CARGO_PKG_VERSION"))
}

/// All that the adapter says of itself.
fn adapter(gpu: &Gpu) -> String {
    let info = gpu.adapter().get_info();
    let (vendor, device) = (info.vendor, info.device);
    format!(
        "{} ({vendor:04x}:{device:04x}, {:?}, {} {})",
        info.name, info.backend, info.driver, info.driver_info
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sound() -> File {
        let mut file = File::new();
        let kernels = [("conv forward 1 2 3", "fours"), ("dense input 4", "tiled")];
        let kernels = kernels.map(|(key, name)| (key.to_owned(), name.to_owned()));
        file.adapters.insert("a GPU".to_owned(), kernels.into_iter().collect());
        file
    }

    #[test]
    fn a_file_says_what_was_written() {
        let text = serde_json::to_vec(&sound()).expect("JSON");
        let file = File::parse(&text).expect("a tuning file").expect("of this version");
        assert_eq!(file.adapters, sound().adapters);
    }

    #[test]
    fn other_versions_say_nothing_and_other_files_why() {
        let old = File { engine: "0.0.1".to_owned(), ..sound() };
        assert!(File::parse(&serde_json::to_vec(&old).expect("JSON")).expect("a tuning file").is_none());
        let other = File { form: "a model".to_owned(), ..sound() };
        File::parse(&serde_json::to_vec(&other).expect("JSON")).expect_err("another form");
        let text = serde_json::to_string(&sound()).expect("JSON");
        for broken in ["", "[]", "{}", "null", &text[..text.len() - 1], &text.replace("\"fours\"", "7")] {
            File::parse(broken.as_bytes()).expect_err(broken);
        }
        File::parse("[".repeat(100_000).as_bytes()).expect_err("too deep");
    }

    proptest! {
        #[test]
        fn no_file_breaks_the_parser(bytes: Vec<u8>) {
            let _ = File::parse(&bytes);
        }

        #[test]
        fn no_change_of_a_sound_file_breaks_it(at in 0_usize..400, byte: u8, cut: bool) {
            let mut text = serde_json::to_vec(&sound()).expect("JSON");
            let at = at % text.len();
            text[at] = byte;
            text.truncate(if cut { at } else { text.len() });
            if let Ok(Some(file)) = File::parse(&text) {
                let mut table = Table::default();
                file.adapters.values().flatten().for_each(|(key, name)| table.set(key, name));
            }
        }
    }
}
