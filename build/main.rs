//! Copies `shaders/` for the engine to carry, without what only readers need: the page shows readers the files themselves.
//! Lines stay where they are, so that a shader compiler's message points into the file.

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
            fs::write(out.join(name), for_compilers(&fs::read_to_string(&path)?))?;
        }
    }
    Ok(())
}

/// Without comments, and without spaces at the ends of lines and beside punctuation. WGSL has no strings, so that `//` always
/// begins a comment; the `/* */` kind is not used here.
fn for_compilers(source: &str) -> String {
    assert!(!source.contains("/*"), "comments in shaders begin with //");
    let lines = source.lines().map(|line| squeeze(line.split("//").next().unwrap_or_default()));
    lines.flat_map(|line| [line, "\n".to_owned()]).collect()
}

/// Not beside `-`, `<`, `=` and the like: two of them together may be another token.
fn squeeze(line: &str) -> String {
    let mut squeezed = String::new();
    for word in line.split_whitespace() {
        let parts = |c: char| ",;:{}()[]*+/".contains(c);
        if !squeezed.is_empty() && !squeezed.ends_with(parts) && !word.starts_with(parts) {
            squeezed.push(' ');
        }
        squeezed.push_str(word);
    }
    squeezed
}
