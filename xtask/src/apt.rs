//! Debian's packages, on systems that have them.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::cmd::Cmd;
use crate::tools::which;

/// Whether this is a system with apt.
pub(crate) fn here() -> bool {
    cfg!(target_os = "linux") && which("apt-get").is_some() && which("dpkg-query").is_some()
}

/// Installs those of `packages` that are missing.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("setup: apt-get install {}", missing.join(" "));
    apt_get(&["update", "-q"])?;
    let mut words = vec!["install", "-q", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=600"];
    words.extend(&missing);
    apt_get(&words)
        .with_context(|| format!("apt-get can't install {}; install them by hand", missing.join(" ")))
}

fn installed(package: &str) -> bool {
    let query = Cmd::new("dpkg-query").args(["-W", "-f=${db:Status-Status}", package]);
    query.output().as_deref() == Some("installed")
}

fn apt_get(words: &[&str]) -> Result<()> {
    let mut line = vec!["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"];
    line.extend(words);
    as_root(&line)
}

/// Runs a command as root: as it is if we are root, else with sudo.
pub(crate) fn as_root(words: &[&str]) -> Result<()> {
    let root = Cmd::new("id").arg("-u").output().as_deref() == Some("0");
    let command = if root {
        Cmd::new(words[0]).args(&words[1..])
    } else if which("sudo").is_some() {
        Cmd::new("sudo").args(words).asks()
    } else {
        bail!(
            "`{}` needs root, and there is no sudo; run it as root, then `cargo xtask setup` again",
            words.join(" ")
        )
    };
    command.run()
}

/// Runs a command as root with a path at the end, whatever characters it has.
pub(crate) fn copy_as_root(files: &[impl AsRef<Path>], folder: &str) -> Result<()> {
    let files: Vec<String> = files.iter().map(|file| file.as_ref().display().to_string()).collect();
    let mut words = vec!["cp", "-f"];
    words.extend(files.iter().map(String::as_str));
    words.push(folder);
    as_root(&words)
}
