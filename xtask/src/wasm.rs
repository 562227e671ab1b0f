//! `wasm`: compiles the engine for the browser, into `www/pkg` for the playground and `www/pkg-full` for the check page.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::cmd::{Cmd, root, www};
use crate::fresh::Inputs;
use crate::names::Names;
use crate::squeeze::for_compilers;
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

/// For wasm-opt, beside `-Oz`. Nothing lies in the first KB, since the stack grows down towards it and `null` points there:
/// so a field's place can be part of the load instead of an addition before it. Functions that differ in constants become
/// one with arguments. Names between the module and its glue become short ([`Names`]).
const OPTIONS: [&str; 3] =
    ["--low-memory-unused", "--merge-similar-functions", "--minify-imports-and-exports-and-modules"];

/// Which of the two engines.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Engine {
    /// What everybody downloads.
    Playground,
    /// With `conform`, which only the check page needs, and `bench`, for measuring.
    Full,
}

/// Builds the playground's engine, and with `full` the check page's as well: small and slow to compile, or with `dev` the
/// other way round.
pub(crate) fn wasm(dev: bool, full: bool) -> Result<()> {
    build(Engine::Playground, dev)?;
    if full { build(Engine::Full, dev) } else { Ok(()) }
}

/// The two differ in a feature of our own crate, so they share everything compiled but that; and since they also share its
/// place, cargo would compile it at every turn. So cargo is only asked where a source has changed.
fn build(engine: Engine, dev: bool) -> Result<()> {
    let (step, package) = match engine {
        Engine::Playground => ("wasm", www().join("pkg")),
        Engine::Full => ("wasm-full", www().join("pkg-full")),
    };
    let module = package.join("cnn_playground_bg.wasm");
    let environment = tools::wasm_env()?;
    let tools = (tools::locked_version("wasm-bindgen")?, FEATURES, OPTIONS, dev);
    let mut sources = Inputs::default().value((&environment, &tools));
    for path in ["src", "shaders", "build", "Cargo.toml", "Cargo.lock", ".cargo"] {
        sources = sources.tree(&root().join(path), &[]);
    }
    sources.unless_fresh(&format!("{step}-sources"), &module, || {
        let profile = if dev { "dev" } else { "wasm" };
        let cargo =
            Cmd::new("cargo").args(["build", "--package", "cnn-playground", "--lib", "--target", WASM]);
        let cargo = cargo.args(["--profile", profile, "--no-default-features"]);
        let cargo = cargo.args((engine == Engine::Full).then_some("--features=conform,bench,shaders-inside"));
        cargo.envs(&environment).run()?;

        let folder = if dev { "debug" } else { "wasm" };
        let target =
            std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
        let built = target.join(WASM).join(folder).join("cnn_playground.wasm");
        if engine == Engine::Playground {
            write_shaders(&package)?;
        }
        let inputs = Inputs::default().content(&built)?.value(&tools);
        inputs.unless_fresh(step, &module, || {
            let bindgen =
                Cmd::new("wasm-bindgen").arg(&built).args(["--target", "web", "--out-dir"]).arg(&package);
            bindgen.args(dev.then_some("--keep-debug")).run()?;
            if dev { Ok(()) } else { shrink(&module, engine) }
        })
    })
}

/// The text of all shaders, which the playground's engine does not carry: that loads beside it, not behind it, and those that
/// share memory in a workgroup when somebody takes them.
fn write_shaders(package: &Path) -> Result<()> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(root().join("shaders"))? {
        let path = entry?.path();
        if let Some(name) = path.file_name().filter(|_| path.extension().is_some_and(|of| of == "wgsl")) {
            files.insert(name.to_string_lossy().into_owned(), for_compilers(&fs::read_to_string(&path)?));
        }
    }
    let (later, first): (BTreeMap<_, _>, _) =
        files.into_iter().partition(|(name, _)| name.ends_with("_shared.wgsl"));
    fs::create_dir_all(package)?;
    for (to, files) in [("shaders.txt", first), ("shaders-shared.txt", later)] {
        let mut texts: Vec<String> =
            files.into_iter().map(|(name, text)| format!("// {name}\n{text}")).collect();
        // Compression looks 32 KB back, and kernels of a size have most in common: 0.9 KB less than by name.
        texts.sort_by_key(String::len);
        fs::write(package.join(to), texts.concat()).with_context(|| format!("cannot write {to}"))?;
    }
    Ok(())
}

/// Replaces the module by what wasm-opt makes of it, and says what that saved.
fn shrink(module: &Path, engine: Engine) -> Result<()> {
    let before = fs::metadata(module)?.len();
    let small = module.with_extension("opt");
    let program = www().join("node_modules/binaryen/bin/wasm-opt");
    // As a script for node, since npm's link to it is another file on every system.
    let mut table = String::new();
    let status = Cmd::new("node")
        .arg(program)
        // The last percent takes as long again; it counts where everybody downloads.
        .args(OPTIONS)
        .arg("-Oz")
        .args((engine == Engine::Playground).then_some("--converge"))
        .args(FEATURES)
        .arg(module)
        .arg("-o")
        .arg(&small)
        .lines(|line| table.push_str(line))?;
    if !status.success() {
        bail!("wasm-opt failed: {status}");
    }
    let glue = module.with_file_name("cnn_playground.js");
    let text = Names::read(&table)?.in_glue(&fs::read_to_string(&glue)?)?;
    fs::write(&glue, text).with_context(|| format!("cannot write {}", glue.display()))?;
    fs::rename(&small, module).with_context(|| format!("cannot replace {}", module.display()))?;
    println!("wasm: {} KB, {} KB before wasm-opt", fs::metadata(module)?.len() / 1000, before / 1000);
    Ok(())
}
