//! `conform`: reference files against this GPU.

use std::path::{Path, PathBuf};

use cnn_playground::conform::{Report, conform};
use cnn_playground::data::digits::bundled_digits;
use pollster::block_on;

use super::{Failure, Outcome, gpu, read, say, say_json};

/// What lies beside reference files and is none: lists, test vectors of other things, training data, and Keras's
/// summaries, for which there is the command `summary`.
const NO_CASES: [&str; 3] = ["index.json", "filler.json", "digits.safetensors"];
const NO_CASE_FOLDERS: [&str; 1] = ["summaries"];

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Reference files, or folders of them
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// One JSON object a file
    #[arg(long)]
    json: bool,
}

impl Arguments {
    pub(super) fn run(&self) -> Outcome {
        let mut files = Vec::new();
        for path in &self.paths {
            if !path.exists() {
                return Err(Failure::Usage(format!("{}: there is no such file or folder", path.display())));
            }
            collect(path, &mut files)?;
        }
        if files.is_empty() {
            let paths: Vec<_> = self.paths.iter().map(|path| path.display().to_string()).collect();
            return Err(Failure::Run(format!(
                "no reference files were found in {} (.safetensors or .json)",
                paths.join(", ")
            )));
        }
        let gpu = gpu()?;
        let digits = bundled_digits()?;
        let mut failed = 0;
        for file in &files {
            let name = file.file_stem().unwrap_or_default().to_string_lossy();
            let report = match read(file) {
                Ok(bytes) => block_on(conform(&gpu, Some(&digits), &bytes, &name)),
                Err(Failure::Usage(message) | Failure::Run(message)) => {
                    Report::failure(&name, &cnn_playground::Error::new(message))
                }
                Err(failure) => return Err(failure),
            };
            failed += usize::from(!report.passed);
            if self.json {
                say_json(&report)?;
            } else {
                say(line(&report));
            }
        }
        let passed = files.len() - failed;
        if !self.json {
            say(format!("{passed} passed, {failed} failed"));
        }
        if failed == 0 { Ok(()) } else { Err(Failure::Reported) }
    }
}

/// Name, worst error, what was allowed there, verdict.
fn line(report: &Report) -> String {
    let Report { name, worst_at, error, tolerance, message, .. } = report;
    if worst_at.is_empty() {
        return format!("{name:50} FAIL  {message}");
    }
    let verdict = if report.passed { format!("pass  at {worst_at}") } else { format!("FAIL  {message}") };
    format!("{name:50} error {error:9.2e}  tolerance {tolerance:9.2e}  {verdict}")
}

/// A file as it is; a folder's reference files in the order of their names, and those of the folders in it.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Outcome {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let unreadable = |error: std::io::Error| Failure::Run(format!("{}: {error}", path.display()));
    let entries = std::fs::read_dir(path).map_err(unreadable)?;
    let mut entries =
        entries.map(|entry| Ok(entry.map_err(unreadable)?.path())).collect::<Outcome<Vec<_>>>()?;
    entries.sort();
    for entry in entries {
        let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let extension = entry.extension().unwrap_or_default();
        let wanted = if entry.is_dir() {
            !NO_CASE_FOLDERS.contains(&name.as_str())
        } else {
            (extension == "safetensors" || extension == "json") && !NO_CASES.contains(&name.as_str())
        };
        if wanted {
            collect(&entry, files)?;
        }
    }
    Ok(())
}
