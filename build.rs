//! Copies `shaders/` without the comments, for the engine to carry: they are for readers, and the page shows readers the files
//! themselves. Lines stay where they are, so that a shader compiler's message points into the file.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=shaders");
    println!("cargo::rerun-if-changed=build.rs");
    let out = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    let out = Path::new(&out).join("shaders");
    fs::create_dir_all(&out)?;
    for entry in fs::read_dir("shaders")? {
        let path = entry?.path();
        if let Some(name) = path.file_name().filter(|_| path.extension().is_some_and(|of| of == "wgsl")) {
            fs::write(out.join(name), without_comments(&fs::read_to_string(&path)?))?;
        }
    }
    Ok(())
}

/// WGSL has no strings, so that `//` always begins a comment; the `/* */` kind is not used here.
fn without_comments(source: &str) -> String {
    assert!(!source.contains("/*"), "comments in shaders begin with //");
    let lines = source.lines().map(|line| line.split("//").next().unwrap_or_default().trim_end());
    lines.flat_map(|line| [line, "\n"]).collect()
}
