//! `setup`: installs what is missing and leaves alone what is there, so that a second call takes a moment.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::cmd::{Cmd, www};
use crate::tools::{self, CHROMEDRIVER_HELP, CHROMIUM_HELP, DEBIAN, WASM, WASM_PACK, which};
use crate::{apt, debian};

/// The oldest Node.js that Vite runs on.
const NODE: u32 = 20;
/// How long rustup may look for its server before Debian's packages are tried.
const RUSTUP_LIMIT: Duration = Duration::from_mins(3);

/// How much to install.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// What the page is built from.
    Page,
    /// That, and a browser, its driver and a Vulkan driver for the tests.
    All,
}

/// Installs what `scope` needs.
pub(crate) fn setup(scope: Scope) -> Result<()> {
    node()?;
    if scope == Scope::All {
        browser()?;
    }
    wasm_target()?;
    let bindgen = tools::locked_version("wasm-bindgen")?;
    cargo_tool("wasm-bindgen", "wasm-bindgen-cli", &bindgen, false)?;
    if scope == Scope::All {
        cargo_tool("wasm-pack", "wasm-pack", WASM_PACK, true)?;
    }
    npm()
}

fn node() -> Result<()> {
    let way_out =
        format!("install Node.js {NODE} or newer with npm (nodejs.org, nvm, or your system's packages)");
    let Some(version) = tools::version("node") else { bail!("node is not installed; {way_out}") };
    let major: u32 = version.split('.').next().and_then(|major| major.parse().ok()).unwrap_or(0);
    if major < NODE {
        bail!("node is version {version}, and the page's build needs {NODE}; {way_out}");
    }
    tools::require(which("npm").or_else(|| which("npm.cmd")), "npm", &way_out)?;
    Ok(())
}

/// A browser and its driver, a software Vulkan driver for the native tests, and fonts for the page's languages.
fn browser() -> Result<()> {
    if apt::here() {
        let mut wanted =
            vec!["libvulkan1", "mesa-vulkan-drivers", "fonts-noto-cjk", "fonts-noto-color-emoji"];
        if tools::chromium().is_none() {
            wanted.push("chromium");
        }
        if tools::chromedriver().is_none() {
            wanted.push("chromium-driver");
        }
        apt::install(&wanted)?;
    }
    tools::require(tools::chromium(), "Chromium", CHROMIUM_HELP)?;
    tools::require(tools::chromedriver(), "chromedriver", CHROMEDRIVER_HELP)?;
    Ok(())
}

/// A toolchain that compiles for wasm32: rustup's own where its server answers, else one made of Debian's packages.
fn wasm_target() -> Result<()> {
    let chosen = tools::chosen_toolchain();
    let ready = match chosen.as_deref() {
        None => tools::has_wasm_std(&tools::sysroot(None)?) || debian::ready(),
        Some(DEBIAN) => debian::ready(),
        Some(name) => tools::sysroot(Some(name)).is_ok_and(|path| tools::has_wasm_std(&path)),
    };
    if ready {
        return Ok(());
    }
    let way_out = "install it from rustup.rs, or add your system's wasm32 standard library to its Rust";
    tools::require(which("rustup"), "rustup", way_out)?;
    if chosen.as_deref() != Some(DEBIAN) {
        println!("setup: rustup target add {WASM}");
        let rustup = Cmd::new("rustup").args(["target", "add", WASM]).limit(RUSTUP_LIMIT);
        let added = rustup.args(chosen.as_ref().map(|name| format!("--toolchain={name}"))).run();
        let Err(error) = added else { return Ok(()) };
        if chosen.is_some() || !apt::here() {
            return Err(error.context(format!("{WASM} can't be added; check the network and set up again")));
        }
        println!("setup: {error}; building the target from Debian's packages instead");
    }
    debian::install()
}

/// Installs a crate's programs at exactly `version`.
fn cargo_tool(program: &str, package: &str, version: &str, locked: bool) -> Result<()> {
    let found = tools::version(program);
    if found.as_deref() == Some(version) {
        return Ok(());
    }
    println!("setup: {program} {version} (found: {})", found.as_deref().unwrap_or("none"));
    let cargo = Cmd::new("cargo").args(["install", package, "--version", version]);
    // From the root folder it would read this workspace's configuration.
    let cargo = cargo.dir(std::env::temp_dir()).args(locked.then_some("--locked"));
    cargo.run().with_context(|| format!("{package} {version} can't be installed"))?;
    match tools::version(program) {
        Some(now) if now == version => Ok(()),
        now => bail!(
            "{program} {version} is installed, but PATH finds {}; put cargo's bin folder (~/.cargo/bin) first on PATH",
            now.as_deref().unwrap_or("none")
        ),
    }
}

/// The page's packages, when there are none or the lock is newer.
fn npm() -> Result<()> {
    let lock = www().join("package-lock.json");
    if !www().join("package.json").is_file() {
        return Ok(());
    }
    if !lock.is_file() {
        bail!(
            "www/package-lock.json is missing; restore it, or make it with `npm install` in www/ and commit it"
        );
    }
    let installed = www().join("node_modules/.package-lock.json");
    if newer(&installed, &lock) {
        return Ok(());
    }
    println!("setup: npm ci");
    Cmd::new(npm_program()).args(["ci", "--no-audit", "--no-fund"]).dir(www()).run()
}

/// npm's name on this system.
pub(crate) fn npm_program() -> &'static str {
    if cfg!(windows) { "npm.cmd" } else { "npm" }
}

/// Whether both files exist and `made` is at least as new as `from`.
fn newer(made: &Path, from: &Path) -> bool {
    let time = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    matches!((time(made), time(from)), (Some(made), Some(from)) if made >= from)
}
