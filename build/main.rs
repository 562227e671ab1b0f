//! Copies `shaders/` for the engine to carry, without what only readers need: the page shows readers the files themselves.
//! Lines stay where they are, so that a shader compiler's message points into the file.

use std::path::Path;
use std::{env, fs, io};

mod squeeze;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=shaders");
    println!("cargo::rerun-if-changed=build");
    let out = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    let out = Path::new(&out).join("shaders");
    fs::create_dir_all(&out)?;
    for entry in fs::read_dir("shaders")? {
        let path = entry?.path();
        if let Some(name) = path.file_name().filter(|_| path.extension().is_some_and(|of| of == "wgsl")) {
            fs::write(out.join(name), squeeze::for_compilers(&fs::read_to_string(&path)?))?;
        }
    }
    Ok(())
}
