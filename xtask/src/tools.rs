//! Which tools are here, where, and in which version.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::cmd::{Cmd, root};

/// The compiler target of the page's engine.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";
/// The rustup name of the toolchain that set-up builds from Debian's packages.
pub(crate) const DEBIAN: &str = "debian";
/// The wasm-pack release that set-up installs.
pub(crate) const WASM_PACK: &str = "0.15.1";
/// Names this variable's toolchain for wasm32 instead of choosing one, as in `WASM_TOOLCHAIN=debian`.
const CHOICE: &str = "WASM_TOOLCHAIN";

/// The full path of `program`, if it is on `PATH`.
pub(crate) fn which(program: &str) -> Option<PathBuf> {
    let file = format!("{program}{}", env::consts::EXE_SUFFIX);
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|dir| dir.join(&file)).find(|path| path.is_file())
}

/// A tool's own path from `variable`, else the first of `names` on `PATH`, else the first of `places` that exists.
fn find(variable: &str, names: &[&str], places: &[&str]) -> Option<PathBuf> {
    let named = env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from);
    named
        .or_else(|| names.iter().find_map(|name| which(name)))
        .or_else(|| places.iter().map(PathBuf::from).find(|path| path.is_file()))
}

/// A Chromium or Chrome: `$CHROMIUM`, else from `PATH`, else where its installers put it.
pub(crate) fn chromium() -> Option<PathBuf> {
    find(
        "CHROMIUM",
        &["chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "chrome"],
        &[
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            "/Applications/Chromium.app/Contents/MacOS/Chromium",
            r"C:\Program Files\Google\Chrome\Application\chrome.exe",
            r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
        ],
    )
}

/// The WebDriver of that browser: `$CHROMEDRIVER`, else from `PATH`, else where its packages put it.
pub(crate) fn chromedriver() -> Option<PathBuf> {
    find(
        "CHROMEDRIVER",
        &["chromedriver"],
        &[
            "/usr/lib/chromium/chromedriver",
            "/usr/lib/chromium-browser/chromedriver",
            "/opt/homebrew/bin/chromedriver",
        ],
    )
}

/// Says which tool is missing and how to get it.
pub(crate) fn require(found: Option<PathBuf>, tool: &str, way_out: &str) -> Result<PathBuf> {
    match found {
        Some(path) if path.is_file() => Ok(path),
        Some(path) => bail!("{tool}: {} is not a file; {way_out}", path.display()),
        None => bail!("{tool} is not installed; {way_out}"),
    }
}

/// What to do where no Chromium is found and the system is not one that set-up can install it on.
pub(crate) const CHROMIUM_HELP: &str = "install Chromium or Chrome (`apt-get install chromium`, `dnf install chromium`, \
     `pacman -S chromium`, `brew install --cask google-chrome`) or put its path in CHROMIUM";
/// The same for its driver.
pub(crate) const CHROMEDRIVER_HELP: &str = "install the driver of the same version as the browser (`apt-get install chromium-driver`, \
     `dnf install chromedriver`, `brew install --cask chromedriver`) or put its path in CHROMEDRIVER";

/// The folder of the libraries of `toolchain` (rustup's current one without it).
pub(crate) fn sysroot(toolchain: Option<&str>) -> Result<PathBuf> {
    let mut rustc = Cmd::new("rustc").args(["--print", "sysroot"]);
    if let Some(name) = toolchain {
        rustc = rustc.env("RUSTUP_TOOLCHAIN", name);
    }
    rustc.output().map(PathBuf::from).context("`rustc --print sysroot` failed; install Rust with rustup")
}

/// Whether a toolchain at `sysroot` has a built standard library for wasm32.
pub(crate) fn has_wasm_std(sysroot: &Path) -> bool {
    let libraries = sysroot.join("lib/rustlib").join(WASM).join("lib");
    fs::read_dir(libraries).is_ok_and(|files| {
        files.flatten().any(|file| file.file_name().to_string_lossy().starts_with("libstd-"))
    })
}

/// How to compile for wasm32 here: nothing to add where the current toolchain can, else Debian's toolchain.
pub(crate) fn wasm_env() -> Result<Vec<(&'static str, String)>> {
    let wanted = chosen_toolchain();
    if wanted.is_none() && has_wasm_std(&sysroot(None)?) {
        return Ok(Vec::new());
    }
    let name = wanted.unwrap_or_else(|| DEBIAN.into());
    match sysroot(Some(&name)) {
        Ok(path) if has_wasm_std(&path) => Ok(vec![("RUSTUP_TOOLCHAIN", name)]),
        _ => bail!("no Rust toolchain here compiles for {WASM}; run `cargo xtask setup`"),
    }
}

/// The toolchain that the developer asked for by name.
pub(crate) fn chosen_toolchain() -> Option<String> {
    env::var(CHOICE).ok().filter(|name| !name.is_empty())
}

/// The version of `name` in `Cargo.lock`.
pub(crate) fn locked_version(name: &str) -> Result<String> {
    let path = root().join("Cargo.lock");
    let lock = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    version_in_lock(&lock, name).with_context(|| format!("Cargo.lock has no `{name}`"))
}

fn version_in_lock(lock: &str, name: &str) -> Option<String> {
    let entry = lock
        .split("[[package]]")
        .find(|entry| entry.trim_start().starts_with(&format!("name = \"{name}\"\n")))?;
    let line = entry.lines().find_map(|line| line.strip_prefix("version = \""))?;
    line.strip_suffix('"').map(Into::into)
}

/// The version that `program --version` prints: its first word that begins with a digit, after an optional `v`.
pub(crate) fn version(program: impl Into<OsString>) -> Option<String> {
    let text = Cmd::new(program.into()).arg("--version").output()?;
    let word = text.split_whitespace().map(|word| word.trim_start_matches('v'));
    word.into_iter().find(|word| word.starts_with(|first: char| first.is_ascii_digit())).map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_version_of_the_exact_package() {
        let lock = "version = 4\n\n[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.80\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";
        assert_eq!(version_in_lock(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in_lock(lock, "wasm"), None);
    }

    #[test]
    fn finds_nothing_for_an_unknown_program() {
        assert_eq!(which("no-such-program-anywhere"), None);
        assert_eq!(version("no-such-program-anywhere"), None);
    }
}
