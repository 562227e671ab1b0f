//! `wasm`: compiles the engine for the browser into `www/pkg`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::cmd::{Cmd, root, www};
use crate::fresh::Inputs;
use crate::tools::{self, WASM};

/// What rustc may use for wasm32, and wasm-opt therefore has to understand. Every browser with WebGPU has these.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Builds the engine: small and slow to compile, or with `dev` the other way round.
pub(crate) fn wasm(dev: bool) -> Result<()> {
    let profile = if dev { "dev" } else { "wasm" };
    let cargo = Cmd::new("cargo").args(["build", "--package", "cnn-playground", "--lib", "--target", WASM]);
    // Without `conform`, which only the check page needs.
    let cargo = cargo.args(["--profile", profile, "--no-default-features"]);
    cargo.envs(&tools::wasm_env()?).run()?;

    let folder = if dev { "debug" } else { "wasm" };
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let built = target.join(WASM).join(folder).join("cnn_playground.wasm");
    let package = www().join("pkg");
    let engine = package.join("cnn_playground_bg.wasm");
    let inputs =
        Inputs::default().content(&built)?.value((tools::locked_version("wasm-bindgen")?, FEATURES, dev));
    inputs.unless_fresh("wasm", &engine, || {
        let bindgen =
            Cmd::new("wasm-bindgen").arg(&built).args(["--target", "web", "--out-dir"]).arg(&package);
        bindgen.args(dev.then_some("--keep-debug")).run()?;
        if dev { Ok(()) } else { shrink(&engine) }
    })
}

/// Replaces the module by what wasm-opt makes of it, and says what that saved.
fn shrink(engine: &Path) -> Result<()> {
    let before = fs::metadata(engine)?.len();
    let small = engine.with_extension("opt");
    let program = www().join("node_modules/binaryen/bin/wasm-opt");
    // As a script for node, since npm's link to it is another file on every system.
    Cmd::new("node")
        .arg(program)
        .args(["-Oz", "--converge"])
        .args(FEATURES)
        .arg(engine)
        .arg("-o")
        .arg(&small)
        .run()?;
    fs::rename(&small, engine).with_context(|| format!("cannot replace {}", engine.display()))?;
    println!("wasm: {} KB, {} KB before wasm-opt", fs::metadata(engine)?.len() / 1000, before / 1000);
    Ok(())
}
