//! The checks, each a command of its own that CI runs as well.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::cmd::{Cmd, root, www};
use crate::counts::{Runner, Tally};
use crate::page::page;
use crate::setup::npm_program;
use crate::tools::{self, CHROMEDRIVER_HELP, CHROMIUM_HELP, WASM};
use crate::wasm::wasm;

/// Formatting, of Rust here and of the page in `lint`; with `fix`, formats both.
pub(crate) fn fmt(fix: bool) -> Result<Tally> {
    Cmd::new("cargo")
        .args(["fmt", "--all"])
        .args((!fix).then_some("--check"))
        .run()
        .context("`cargo xtask fmt --fix` mends it")?;
    if fix {
        npm(&["run", "format"]).run()?;
    }
    Ok(Tally::STEP)
}

/// Clippy natively and for wasm32, then the page's eslint, Prettier and type check. A warning is an error; it is clippy that
/// is told so, since `RUSTFLAGS` would compile everything anew.
pub(crate) fn lint() -> Result<Tally> {
    let clippy = || Cmd::new("cargo").arg("clippy");
    clippy().args(["--workspace", "--all-targets", "--", "-D", "warnings"]).run()?;
    let library = clippy().args(["--package", "cnn-playground", "--lib", "--tests", "--target", WASM]);
    library.args(["--", "-D", "warnings"]).envs(&tools::wasm_env()?).run()?;
    // The page is checked against the engine's types, which are generated.
    wasm(false, true)?;
    npm(&["run", "lint"]).run()?;
    Ok(Tally::STEP)
}

/// Every shader, by naga and reflection, and by tint where it is installed.
pub(crate) fn shaders() -> Result<Tally> {
    counted(Cmd::new("cargo").args(["test", "--test", "shaders"]), Runner::Cargo)?.into_result()?;
    let Some(tint) = tools::which("tint") else {
        println!("shaders: tint is not on PATH, so naga alone has read them");
        return Ok(Tally::STEP);
    };
    let mut rejected = Vec::new();
    for shader in wgsl()? {
        if !Cmd::new(&tint).args(["--format", "wgsl"]).arg(&shader).lines(|_| ())?.success() {
            rejected.push(shader.display().to_string());
        }
    }
    if rejected.is_empty() { Ok(Tally::STEP) } else { bail!("tint rejects {}", rejected.join(", ")) }
}

fn wgsl() -> Result<Vec<PathBuf>> {
    let folder = root().join("shaders");
    let files = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths: Vec<PathBuf> = files.flatten().map(|file| file.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "wgsl"));
    paths.sort();
    Ok(paths)
}

/// All Rust tests, natively.
pub(crate) fn unit() -> Result<Tally> {
    Ok(counted(Cmd::new("cargo").args(["test", "--workspace", "--no-fail-fast"]), Runner::Cargo)?.tally)
}

/// The same tests compiled for wasm32, on a browser's WebGPU.
pub(crate) fn browser() -> Result<Tally> {
    let chromium = tools::require(tools::chromium(), "Chromium", CHROMIUM_HELP)?;
    let driver = tools::require(tools::chromedriver(), "chromedriver", CHROMEDRIVER_HELP)?;
    let command =
        Cmd::new("wasm-pack").args(["test", "--headless", "--chrome", "--chromedriver"]).arg(driver);
    // Without the examples in the documentation, which are native, and on a page even if a test does not ask for one.
    let command = command.args([".", "--lib", "--test", "*"]).env("WASM_BINDGEN_USE_BROWSER", "1");
    // In seconds, and generous: on a software adapter two cores are both the GPU and the machine that it serves.
    let command =
        command.env("WASM_BINDGEN_TEST_TIMEOUT", "1200").env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60");
    let command = command.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", webdriver(&chromium)?);
    Ok(counted(command.envs(&tools::wasm_env()?), Runner::Cargo)?.tally)
}

/// `webdriver.json` for the browser that is here.
fn webdriver(chromium: &Path) -> Result<PathBuf> {
    let ours = root().join("webdriver.json");
    let text = fs::read_to_string(&ours).with_context(|| format!("cannot read {}", ours.display()))?;
    let mut capabilities: serde_json::Value =
        serde_json::from_str(&text).context("webdriver.json is not JSON")?;
    let binary = &mut capabilities["goog:chromeOptions"]["binary"];
    *binary = chromium.display().to_string().into();
    let here = root().join("target/xtask/webdriver.json");
    fs::create_dir_all(root().join("target/xtask"))?;
    fs::write(&here, capabilities.to_string())?;
    Ok(here)
}

/// The page's own tests: its modules by Vitest, the built page in a browser by Playwright.
pub(crate) fn page_test() -> Result<Tally> {
    page()?;
    let mut tally = counted(npm(&["run", "test:unit"]), Runner::Vitest)?.tally;
    let chromium = tools::require(tools::chromium(), "Chromium", CHROMIUM_HELP)?;
    // Every test has a limit of its own; a machine that does much else takes twice as long for all of them.
    let tests = npm(&["run", "test:page"]).env("CHROMIUM", chromium).limit(Duration::from_mins(45));
    tally.add(counted(tests, Runner::Playwright)?.tally);
    Ok(tally)
}

fn npm(words: &[&str]) -> Cmd {
    Cmd::new(npm_program()).args(words).dir(www())
}

/// What a test run counted, and the command that did it.
struct Run {
    tally: Tally,
    line: String,
}

impl Run {
    fn into_result(self) -> Result<()> {
        if self.tally.failed == 0 { Ok(()) } else { bail!("`{}`: {} failed", self.line, self.tally.failed) }
    }
}

/// Runs tests, shows their output as it comes and counts them. A run that breaks off counts as one failed test at least, and one
/// without any test is an error: it would stay green for ever.
fn counted(command: Cmd, runner: Runner) -> Result<Run> {
    let line = command.line();
    let mut tally = Tally::default();
    let status = command.lines(|text| {
        println!("{text}");
        tally.add(runner.read(text));
    })?;
    if !status.success() {
        eprintln!("error: `{line}` failed ({status})");
        tally.failed = tally.failed.max(1);
    } else if tally == Tally::default() {
        bail!("`{line}` ran no test");
    }
    Ok(Run { tally, line })
}
