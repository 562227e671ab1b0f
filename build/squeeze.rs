//! WGSL without what only readers need. Lines stay where they are.

/// Without comments, and without spaces at the ends of lines and beside punctuation. WGSL has no strings, so that `//` always
/// begins a comment; the `/* */` kind is not used here.
pub(crate) fn for_compilers(source: &str) -> String {
    assert!(!source.contains("/*"), "comments in shaders begin with //");
    let lines = source.lines().map(|line| squeezed(line.split("//").next().unwrap_or_default()));
    lines.flat_map(|line| [line, "\n".to_owned()]).collect()
}

/// Not beside `-`, `<`, `=` and the like: two of them together may be another token.
fn squeezed(line: &str) -> String {
    let mut text = String::new();
    for word in line.split_whitespace() {
        let parts = |c: char| ",;:{}()[]*+/".contains(c);
        if !text.is_empty() && !text.ends_with(parts) && !word.starts_with(parts) {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}
