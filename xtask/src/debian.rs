//! A wasm32 toolchain where rustup's server can't be reached: Debian's compiler, with the standard library built from
//! Debian's source. It has the same name, `debian`, for cargo and wasm-pack, and needs no flags.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::apt;
use crate::cmd::{Cmd, root};
use crate::tools::{DEBIAN, WASM, has_wasm_std, sysroot};

const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-clippy"];
const RUSTC: &str = "/usr/bin/rustc";
const CLIPPY: &str = "/usr/bin/cargo-clippy";
const LIBRARIES: &str = "/usr/lib/rustlib/wasm32-unknown-unknown/lib";
/// Holds the compiler version that the libraries were built with: a newer compiler can't read them.
const STAMP: &str = "built-with";

/// Whether the toolchain is complete and of one version.
pub(crate) fn ready() -> bool {
    let toolchain = sysroot(Some(DEBIAN)).is_ok_and(|path| has_wasm_std(&path));
    toolchain && stamp_matches() && Path::new(CLIPPY).is_file()
}

fn stamp_matches() -> bool {
    let stamp = fs::read_to_string(Path::new(LIBRARIES).join(STAMP)).ok();
    stamp.is_some() && stamp.as_deref().map(str::trim) == Cmd::new(RUSTC).arg("-V").output().as_deref()
}

/// Installs the packages, builds the library and links the toolchain.
pub(crate) fn install() -> Result<()> {
    apt::install(&PACKAGES)?;
    linker()?;
    if !stamp_matches() {
        standard_library()?;
    }
    Cmd::new("rustup").args(["toolchain", "link", DEBIAN, "/usr"]).run()?;
    if !ready() {
        bail!(
            "the `{DEBIAN}` toolchain is installed but has no {WASM} library; remove {LIBRARIES} and set up again"
        );
    }
    Ok(())
}

/// Debian ships no `rust-lld`; rustup's is found by the compiler when it lies in the compiler's own folder.
fn linker() -> Result<()> {
    let version = Cmd::new("rustc").arg("-vV").output().context("`rustc -vV` failed")?;
    let host =
        version.lines().find_map(|line| line.strip_prefix("host: ")).context("`rustc -vV` names no host")?;
    let theirs = sysroot(None)?.join("lib/rustlib").join(host).join("bin/rust-lld");
    let folder = format!("/usr/lib/rustlib/{host}/bin");
    let ours = format!("{folder}/rust-lld");
    if fs::metadata(&ours).is_ok() {
        return Ok(());
    }
    if !theirs.is_file() {
        bail!("{} is missing; reinstall the Rust toolchain with rustup", theirs.display());
    }
    apt::as_root(&["mkdir", "-p", &folder])?;
    apt::as_root(&["ln", "-sf", &theirs.display().to_string(), &ours])
}

/// Builds `std` and what tests need of it, by building an empty crate.
fn standard_library() -> Result<()> {
    println!("setup: building the {WASM} standard library (a minute or two)");
    let empty = root().join("target/xtask/empty");
    fs::create_dir_all(empty.join("src"))?;
    fs::write(empty.join("Cargo.toml"), "[package]\nname = \"empty\"\nedition = \"2024\"\n[workspace]\n")?;
    fs::write(empty.join("src/lib.rs"), "")?;
    let built = empty.join("target").join(WASM).join("release/deps");
    let _ = fs::remove_dir_all(empty.join("target"));
    let cargo = Cmd::new("/usr/bin/cargo").dir(&empty).env("RUSTC", RUSTC).env("RUSTC_BOOTSTRAP", "1");
    // Bitcode is what link-time optimisation of our own builds works on.
    let cargo = cargo.env("RUSTFLAGS", "-Cembed-bitcode=yes").env("CARGO_TARGET_DIR", empty.join("target"));
    cargo.args(["build", "-Zbuild-std=std,panic_abort,test", "--release", "--target", WASM]).run()?;
    let mut libraries = Vec::new();
    for file in fs::read_dir(&built).with_context(|| format!("no libraries in {}", built.display()))? {
        let path = file?.path();
        let ours = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("libempty"));
        if path.extension().is_some_and(|extension| extension == "rlib") && !ours {
            libraries.push(path);
        }
    }
    let stamp = empty.join(STAMP);
    fs::write(&stamp, Cmd::new(RUSTC).arg("-V").output().unwrap_or_default())?;
    apt::as_root(&["rm", "-rf", LIBRARIES])?;
    apt::as_root(&["mkdir", "-p", LIBRARIES])?;
    apt::copy_as_root(&libraries, LIBRARIES)?;
    apt::copy_as_root(&[stamp], LIBRARIES)?;
    let _ = fs::remove_dir_all(&empty);
    Ok(())
}
