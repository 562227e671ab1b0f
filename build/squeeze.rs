//! WGSL without what only readers need. Lines stay where they are.

/// Without comments, and without spaces at the ends of lines and beside punctuation. WGSL has no strings, so that `//` always
/// begins a comment; the `/* */` kind is not used here.
pub(crate) fn for_compilers(source: &str) -> String {
    assert!(!source.contains("/*"), "comments in shaders begin with //");
    let lines = source.lines().map(|line| squeezed(line.split("//").next().unwrap_or_default()));
    lines.flat_map(|line| [line, "\n".to_owned()]).collect()
}

/// A space stays where two words, or two signs that might be one, would come together.
fn squeezed(line: &str) -> String {
    let mut text = String::new();
    for word in line.split_whitespace() {
        let both = |part: fn(char) -> bool| text.ends_with(part) && word.starts_with(part);
        if both(|c| c.is_alphanumeric() || "_.".contains(c)) || both(|c| "-+*/%<>=!&|^~".contains(c)) {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}
