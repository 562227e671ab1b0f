//! Skips a step whose inputs are those of the last time.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::cmd::root;

/// A digest of a step's inputs.
#[derive(Default)]
pub(crate) struct Inputs(DefaultHasher);

impl Inputs {
    /// Takes in any value.
    pub(crate) fn value(mut self, value: impl Hash) -> Self {
        value.hash(&mut self.0);
        self
    }

    /// Takes in a file's bytes.
    pub(crate) fn content(self, path: &Path) -> Result<Self> {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(self.value(bytes))
    }

    /// Takes in the paths, sizes and times of all files under `path` but those in folders named in `without`.
    pub(crate) fn tree(mut self, path: &Path, without: &[&str]) -> Self {
        let Ok(data) = fs::metadata(path) else { return self.value(0_u8) };
        if data.is_file() {
            return self.value((path, data.len(), data.modified().ok()));
        }
        let mut entries: Vec<PathBuf> =
            fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        entries.sort();
        for entry in entries {
            if !entry.file_name().is_some_and(|name| without.iter().any(|skipped| name == *skipped)) {
                self = self.tree(&entry, without);
            }
        }
        self
    }

    /// Runs `make` unless it has succeeded with these same inputs before and `product` is still there.
    pub(crate) fn unless_fresh(
        self,
        step: &str,
        product: &Path,
        make: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        let stamp = root().join("target/xtask").join(step);
        let digest = format!("{:016x}", self.0.finish());
        if product.exists() && fs::read_to_string(&stamp).is_ok_and(|last| last == digest) {
            return Ok(());
        }
        let _ = fs::remove_file(&stamp);
        make()?;
        fs::create_dir_all(stamp.parent().unwrap_or(&stamp))?;
        fs::write(&stamp, digest).with_context(|| format!("cannot write {}", stamp.display()))
    }
}
