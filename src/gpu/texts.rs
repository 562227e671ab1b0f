//! The code of the shaders: inside the program, or in files that the page loads beside it.

#[cfg(not(feature = "shaders-inside"))]
use std::sync::OnceLock;

use crate::Result;
use crate::plan::Shader;
#[cfg(not(feature = "shaders-inside"))]
use crate::{Error, ops};

/// Shaders, each behind a line `// name.wgsl`: those without which no device is opened, and those of [`is_later`]. No other
/// line has a comment.
#[cfg(not(feature = "shaders-inside"))]
static TEXTS: [OnceLock<String>; 2] = [const { OnceLock::new() }; 2];

/// Whether a shader is one of those that a page loads only where they are asked for: no choice by expected costs takes them in
/// a browser, so that few who visit it need them.
#[cfg(not(feature = "shaders-inside"))]
fn is_later(shader: &Shader) -> bool {
    shader.file.ends_with("_shared.wgsl")
}

/// The code of a shader as compilers get it.
#[cfg(feature = "shaders-inside")]
#[allow(clippy::unnecessary_wraps)] // an engine without them may lack one
pub(crate) fn shader_text(shader: &'static Shader) -> Result<&'static str> {
    Ok(shader.source)
}

/// The code of a shader as compilers get it.
#[cfg(not(feature = "shaders-inside"))]
pub(crate) fn shader_text(shader: &'static Shader) -> Result<&'static str> {
    let mut texts = TEXTS.iter().filter_map(OnceLock::get);
    texts.find_map(|texts| find(texts, shader.file)).ok_or_else(|| missing(shader))
}

/// Takes the text of all shaders that every page has, once; what comes later is the same.
#[cfg(not(feature = "shaders-inside"))]
pub(crate) fn supply_shaders(texts: String) -> Result<()> {
    let mut needed = ops::shaders().into_iter().filter(|shader| !is_later(shader));
    match needed.find(|shader| find(&texts, shader.file).is_none()) {
        Some(shader) => Err(missing(shader)),
        None => {
            TEXTS[0].get_or_init(|| texts);
            Ok(())
        }
    }
}

/// Takes the text of the others.
#[cfg(not(feature = "shaders-inside"))]
pub(crate) fn supply_more_shaders(texts: String) {
    TEXTS[1].get_or_init(|| texts);
}

#[cfg(not(feature = "shaders-inside"))]
fn missing(shader: &Shader) -> Error {
    let (file, more) = (shader.file, if is_later(shader) { "-shared" } else { "" });
    Error::new(format!("shaders{more}.txt has no {file}: give the one that was built with this engine"))
}

#[cfg(not(feature = "shaders-inside"))]
fn find<'a>(texts: &'a str, file: &str) -> Option<&'a str> {
    let (_, behind) = texts.split_once(&format!("// {file}\n"))?;
    Some(behind.split_once("// ").map_or(behind, |(text, _)| text))
}
