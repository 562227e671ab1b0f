//! `size`: what a student downloads before the first training step, compressed as a server would.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::cmd::www;
use crate::counts::Tally;
use crate::page::page;

/// Most bytes of the engine's wasm, compressed.
const ENGINE_LIMIT: usize = 250_000;
/// Most bytes of all that is loaded before training can start, compressed.
const TOTAL_LIMIT: usize = 400_000;
/// Kinds of files without which the list can't be complete.
const EXPECTED: [&str; 5] = [".html", ".js", ".wasm", ".txt", "digits.safetensors"];

/// Builds the page and holds it against its limits.
pub(crate) fn size() -> Result<Tally> {
    page()?;
    let dist = www().join("dist");
    let files = read(&dist)?;
    let loaded = loaded(&files);
    let (mut engine, mut total) = (0, 0);
    println!("{:>9} {:>9}  loaded before Train", "bytes", "gzip");
    for name in &loaded {
        let packed = gzip(&files[name])?;
        total += packed;
        engine += if extension(name) == "wasm" { packed } else { 0 };
        println!("{:>9} {packed:>9}  {name}", files[name].len());
    }
    println!(
        "{:>9} {engine:>9}  engine (limit {ENGINE_LIMIT})\n{:>9} {total:>9}  all (limit {TOTAL_LIMIT})",
        "", ""
    );
    for kind in EXPECTED {
        if !loaded.iter().any(|name| name.ends_with(kind)) {
            bail!(
                "nothing that www/dist/index.html leads to ends in `{kind}`: mend the search in xtask/src/size.rs"
            );
        }
    }
    if engine > ENGINE_LIMIT {
        bail!(
            "the engine is {engine} bytes of gzip, and {ENGINE_LIMIT} is the limit; `twiggy top` shows what is large in it"
        );
    }
    if total > TOTAL_LIMIT {
        bail!(
            "the page loads {total} bytes of gzip before Train, and {TOTAL_LIMIT} is the limit; import() what can wait"
        );
    }
    Ok(Tally::STEP)
}

/// All files under `dist`, by their path in it.
fn read(dist: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in
            fs::read_dir(dist.join(&folder)).with_context(|| format!("cannot read {}", dist.display()))?
        {
            let entry = entry?;
            let name = folder.join(entry.file_name());
            if entry.path().is_dir() {
                folders.push(name);
            } else {
                files.insert(name.to_string_lossy().replace('\\', "/"), fs::read(entry.path())?);
            }
        }
    }
    Ok(files)
}

/// The files that `index.html` leads to without a click: modules, workers, styles, wasm and data, from file to file by name.
/// A file that is only ever loaded by `import(…)` can wait, and so can another page.
fn loaded(files: &BTreeMap<String, Vec<u8>>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec!["index.html".to_string()];
    while let Some(name) = open.pop() {
        let Some(bytes) = files.get(&name) else { continue };
        if !found.insert(name.clone()) || !matches!(extension(&name), "html" | "js" | "css") {
            continue;
        }
        let text = String::from_utf8_lossy(bytes);
        let named = files.keys().filter(|other| extension(other) != "html" && mentions(&text, other));
        open.extend(named.cloned());
    }
    found
}

fn extension(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// Whether `text` names the file in another way than by `import("…")` or in Vite's list of what such an import needs.
fn mentions(text: &str, file: &str) -> bool {
    let base = file.rsplit('/').next().unwrap_or(file);
    text.match_indices(base).any(|(at, _)| {
        let before = &text[..at];
        let Some(quote) = before.rfind(['"', '\'', '`', '(', '=']) else { return false };
        let (head, path) = (&before[..quote], &before[quote + 1..]);
        let is_path = path.chars().all(|c| c.is_ascii_alphanumeric() || "./_-".contains(c))
            && (path.is_empty() || path.ends_with('/'));
        is_path && !head.ends_with("import(") && !in_preload_list(head)
    })
}

/// Whether a string at the end of `head` is an element of `__vite__mapDeps`, the files of imports that wait.
fn in_preload_list(head: &str) -> bool {
    head.rfind("__vite__mapDeps=").is_some_and(|start| !head[start..].contains("])))"))
}

fn gzip(bytes: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_what_loads_by_itself_and_nothing_else() {
        let files = [
            (
                "index.html",
                r#"<script type="module" src="./assets/index-1.js"></script><link href="./assets/index-2.css"><a href="./check.html">"#,
            ),
            ("check.html", r#"<script src="./assets/check-3.js">"#),
            (
                "assets/index-1.js",
                r#"import{a}from"./lib-4.js";const f=()=>import("./lesson-5.js");new Worker(new URL("assets/worker-6.js",import.meta.url));"#,
            ),
            ("assets/index-2.css", "src:url(./font-7.woff2)"),
            ("assets/check-3.js", ""),
            ("assets/lib-4.js", ""),
            ("assets/lesson-5.js", ""),
            (
                "assets/worker-6.js",
                r#"new URL("engine-8.wasm",import.meta.url);fetch("data/digits.safetensors");"data/""#,
            ),
            ("assets/font-7.woff2", ""),
            ("assets/engine-8.wasm", ""),
            ("data/digits.safetensors", ""),
            ("data/other.safetensors", ""),
        ];
        let files: BTreeMap<_, _> =
            files.map(|(name, text)| (name.to_string(), text.as_bytes().to_vec())).into();
        let names: Vec<String> = loaded(&files).into_iter().collect();
        let expected = [
            "assets/engine-8.wasm",
            "assets/font-7.woff2",
            "assets/index-1.js",
            "assets/index-2.css",
            "assets/lib-4.js",
            "assets/worker-6.js",
            "data/digits.safetensors",
            "index.html",
        ];
        assert_eq!(names, expected);
    }

    #[test]
    fn the_preload_list_of_a_waiting_import_waits() {
        let text = r#"const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["./lesson-5.js","./lesson-5.css"])))=>i.map(i=>d[i]);import"./lib-4.js""#;
        assert!(!mentions(text, "assets/lesson-5.css"));
        assert!(mentions(text, "assets/lib-4.js"));
    }
}
