//! The code of the shaders: inside the program, or in a file that the page loads beside it.

#[cfg(not(feature = "shaders-inside"))]
use std::sync::OnceLock;

use crate::plan::Shader;
#[cfg(not(feature = "shaders-inside"))]
use crate::{Error, Result, ops};

/// All shaders, each behind a line `// name.wgsl`. No other line has a comment.
#[cfg(not(feature = "shaders-inside"))]
static TEXTS: OnceLock<String> = OnceLock::new();

/// The code of a shader as compilers get it.
#[cfg(feature = "shaders-inside")]
pub(crate) fn shader_text(shader: &'static Shader) -> &'static str {
    shader.source
}

/// The code of a shader as compilers get it.
#[cfg(not(feature = "shaders-inside"))]
pub(crate) fn shader_text(shader: &'static Shader) -> &'static str {
    TEXTS.get().and_then(|texts| find(texts, shader.file)).expect("no device is opened without all texts")
}

/// Takes the text of all shaders, once; what comes later is the same.
#[cfg(not(feature = "shaders-inside"))]
pub(crate) fn supply_shaders(texts: String) -> Result<()> {
    if let Some(missing) = ops::shaders().into_iter().find(|shader| find(&texts, shader.file).is_none()) {
        let file = missing.file;
        return Err(Error::new(format!(
            "shaders.txt has no {file}: give the one that was built with this engine"
        )));
    }
    TEXTS.get_or_init(|| texts);
    Ok(())
}

#[cfg(not(feature = "shaders-inside"))]
fn find<'a>(texts: &'a str, file: &str) -> Option<&'a str> {
    let (_, behind) = texts.split_once(&format!("// {file}\n"))?;
    Some(behind.split_once("// ").map_or(behind, |(text, _)| text))
}
