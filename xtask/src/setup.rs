//! `setup`: installs what is missing and leaves alone what is there, so that a second call takes a moment.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::cmd::{Cmd, www};
use crate::tools::{self, CHROMEDRIVER_HELP, CHROMIUM_HELP, DEBIAN, WASM, WASM_PACK, which};
use crate::{apt, debian};

/// The oldest Node.js that Vite runs on, as major and minor version.
const NODE: (u32, u32) = (20, 19);
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
    let (major, minor) = NODE;
    let wanted = format!("Node.js {major}.{minor} or newer");
    let way_out = format!("install {wanted} with npm (nodejs.org, nvm, or your system's packages)");
    let Some(version) = tools::version("node") else { bail!("node is not installed; {way_out}") };
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    if (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) < NODE {
        bail!("node is version {version}, and the page's build needs {wanted}; {way_out}");
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

/// The page's packages, unless those of the lock are there.
fn npm() -> Result<()> {
    let lock = www().join("package-lock.json");
    if !www().join("package.json").is_file() {
        return Ok(());
    }
    let lock = fs::read_to_string(lock)
        .context("www/package-lock.json can't be read; make it with `npm install` in www/ and commit it")?;
    // npm's own record of what it has installed. Times would not do: npm writes both files at about the same time.
    let installed = fs::read_to_string(www().join("node_modules/.package-lock.json")).unwrap_or_default();
    if has_all(&installed, &lock) {
        return Ok(());
    }
    println!("setup: npm ci");
    Cmd::new(npm_program()).args(["ci", "--no-audit", "--no-fund"]).dir(www()).run()
}

/// npm's name on this system.
pub(crate) fn npm_program() -> &'static str {
    if cfg!(windows) { "npm.cmd" } else { "npm" }
}

/// Whether `installed` has every package of `lock` in its version; an optional one may be for another system.
fn has_all(installed: &str, lock: &str) -> bool {
    let parse = serde_json::from_str::<Value>;
    let (Ok(installed), Ok(lock)) = (parse(installed), parse(lock)) else { return false };
    let Some(wanted) = lock["packages"].as_object() else { return false };
    let mut wanted = wanted.iter().filter(|(path, _)| !path.is_empty());
    wanted.all(|(path, package)| {
        let found = &installed["packages"][path];
        found["version"] == package["version"] || (found.is_null() && package["optional"] == true)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn installed_packages_are_compared_with_the_lock() {
        let lock = r#"{"packages": {"": {"name": "page"}, "node_modules/lit": {"version": "3.3.3"},
            "node_modules/bind-mac": {"version": "1.0.0", "optional": true}}}"#;
        assert!(has_all(r#"{"packages": {"node_modules/lit": {"version": "3.3.3"}}}"#, lock));
        assert!(!has_all(r#"{"packages": {"node_modules/lit": {"version": "3.3.2"}}}"#, lock));
        assert!(!has_all(r#"{"packages": {}}"#, lock));
        assert!(!has_all("", lock));
    }
}
