//! Short names between the engine and its glue. wasm-bindgen names an import after a method and a hash, which nothing compresses,
//! and it stands in the module and in the glue.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// What wasm-opt says that it has renamed.
pub(crate) struct Names {
    imports: BTreeMap<String, String>,
    exports: BTreeMap<String, String>,
}

impl Names {
    /// Reads the tables that wasm-opt prints, `{"imports": [[module, old, new], …], "exports": [[old, new], …]}`: one for each of its
    /// rounds, which renames what the round before has named.
    pub(crate) fn read(tables: &str) -> Result<Self> {
        let mut names: Option<Self> = None;
        for table in serde_json::Deserializer::from_str(tables).into_iter::<Value>() {
            let next = Self::of_round(&table.context("wasm-opt's table of names is no JSON")?)?;
            names = Some(match names {
                Some(before) => before.then(&next),
                None => next,
            });
        }
        names.context("wasm-opt has printed no table of names")
    }

    fn of_round(table: &Value) -> Result<Self> {
        let pairs = |key: &str| -> Result<BTreeMap<String, String>> {
            let rows = table[key].as_array().with_context(|| format!("wasm-opt's table has no {key}"))?;
            let texts = rows.iter().map(|row| row.as_array().and_then(|row| row.get(row.len().max(2) - 2..)));
            let pair = |row: &[Value]| Some((row[0].as_str()?.to_owned(), row[1].as_str()?.to_owned()));
            texts
                .map(|row| row.and_then(pair).with_context(|| format!("wasm-opt's {key} are no names")))
                .collect()
        };
        Ok(Self { imports: pairs("imports")?, exports: pairs("exports")? })
    }

    /// These names, renamed once more; what a later round has dropped is in neither.
    fn then(self, next: &Self) -> Self {
        let renamed = |names: BTreeMap<String, String>, next: &BTreeMap<String, String>| {
            names.into_iter().filter_map(|(old, new)| Some((old, next.get(&new)?.clone()))).collect()
        };
        let imports = renamed(self.imports, &next.imports);
        Self { imports, exports: renamed(self.exports, &next.exports) }
    }

    /// The glue with these names: `old: function` in its table of imports, `wasm.old` for exports, and the module's name.
    pub(crate) fn in_glue(&self, glue: &str) -> Result<String> {
        const MODULE: &str = "\"./cnn_playground_bg.js\": import0";
        if !glue.contains(MODULE) {
            bail!("the glue of wasm-bindgen has no table of imports; see xtask/src/names.rs");
        }
        let glue = glue.replace(MODULE, "\"a\": import0");
        let mut text = String::with_capacity(glue.len());
        let (mut rest, mut renamed) = (&glue[..], 0);
        while let Some(start) = rest.find(is_word) {
            let end = rest[start..].find(|c| !is_word(c)).map_or(rest.len(), |length| start + length);
            text.push_str(&rest[..start]);
            let word = &rest[start..end];
            let import = self.imports.get(word).filter(|_| rest[end..].starts_with(": "));
            let export = self.exports.get(word).filter(|_| text.ends_with("wasm."));
            renamed += usize::from(import.is_some());
            text.push_str(import.or(export).map_or(word, String::as_str));
            rest = &rest[end..];
        }
        text.push_str(rest);
        if renamed != self.imports.len() {
            bail!("{renamed} of {} imports are in the glue of wasm-bindgen", self.imports.len());
        }
        Ok(text)
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_$".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = r#"{"imports": [["./cnn_playground_bg.js", "__wbg_finish_09ec", "$a"]], "exports": [["memory", "Ye"]]}"#;

    #[test]
    fn glue_takes_the_names_of_the_module() {
        let names = Names::read(TABLE).expect("a table");
        let glue = "const import0 = {\n  __wbg_finish_09ec: function(arg0) { new X(wasm.memory.buffer, memory); },\n};\n\
            return { \"./cnn_playground_bg.js\": import0 };";
        let short = "const import0 = {\n  $a: function(arg0) { new X(wasm.Ye.buffer, memory); },\n};\n\
            return { \"a\": import0 };";
        assert_eq!(names.in_glue(glue).expect("fits"), short);
        assert!(names.in_glue("{ \"./cnn_playground_bg.js\": import0 }").is_err());
        assert!(names.in_glue("__wbg_finish_09ec: 1").is_err());
        let twice = format!(r#"{TABLE} {{"imports": [["a", "$a", "b"]], "exports": [["Ye", "c"]]}}"#);
        let names = Names::read(&twice).expect("two tables");
        assert_eq!(names.in_glue(glue).expect("fits"), short.replace("$a", "b").replace("Ye", "c"));
        assert!(Names::read("[]").is_err() && Names::read("x").is_err());
    }
}
