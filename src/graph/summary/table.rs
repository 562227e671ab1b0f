//! Keras's table, as its `summary()` draws it with the `rich` package on a terminal of 100 columns.

use std::fmt::Write;

use super::{Summary, SummaryLayer};

/// Width of each column's text. Keras gives the columns shares of 45, 35 and 20 percent, or of 30, 26, 18 and 26 with
/// connections; `rich` then takes away in proportion what the frame needs.
const PLAIN: [usize; 3] = [41, 30, 17];
const WIRED: [usize; 4] = [26, 22, 14, 23];
const HEADER: [&str; 4] = ["Layer (type)", "Output Shape", "Param #", "Connected to"];
/// The one column that is aligned to the right.
const PARAMS: usize = 2;

/// The whole table with the totals below it; every line ends with a newline.
pub(super) fn text(summary: &Summary) -> String {
    let widths: &[usize] = if is_chain(summary) { &PLAIN } else { &WIRED };
    let mut out = format!("Model: \"{}\"\n", summary.name);
    rule(&mut out, widths, ["┏", "━", "┳", "┓"]);
    row(&mut out, widths, &HEADER.map(str::to_owned), "┃");
    rule(&mut out, widths, ["┡", "━", "╇", "┩"]);
    for (at, layer) in summary.layers.iter().enumerate() {
        if at > 0 {
            rule(&mut out, widths, ["├", "─", "┼", "┤"]);
        }
        row(&mut out, widths, &cells(layer), "│");
    }
    rule(&mut out, widths, ["└", "─", "┴", "┘"]);
    let totals = summary.totals;
    for (what, count) in
        [("Total", totals.params), ("Trainable", totals.trainable), ("Non-trainable", totals.non_trainable)]
    {
        let _ = writeln!(out, " {what} params: {} ({})", thousands(count), bytes(count));
    }
    out
}

/// Keras shows connections only where some layer does not simply read the one above it.
fn is_chain(summary: &Summary) -> bool {
    let above = std::iter::once(&summary.input.layer).chain(summary.layers.iter().map(|layer| &layer.name));
    let layers = summary.layers.iter().filter(|layer| !layer.connected_to.is_empty());
    let skip = summary.layers.iter().filter(|layer| layer.connected_to.is_empty()).count();
    layers.zip(above.skip(skip)).all(|(layer, above)| layer.connected_to == [above.as_str()])
}

fn cells(layer: &SummaryLayer) -> [String; 4] {
    let extents: Vec<_> = layer.output_shape.iter().map(ToString::to_string).collect();
    let connections: Vec<_> = layer.connected_to.iter().map(|name| format!("{name}[0][0]")).collect();
    [
        format!("{} ({})", layer.name, layer.class),
        format!("(None, {})", extents.join(", ")),
        thousands(layer.params),
        if connections.is_empty() { "-".to_owned() } else { connections.join(", ") },
    ]
}

fn rule(out: &mut String, widths: &[usize], [left, line, cross, right]: [&str; 4]) {
    let segments: Vec<_> = widths.iter().map(|width| line.repeat(width + 2)).collect();
    let _ = writeln!(out, "{left}{}{right}", segments.join(cross));
}

fn row(out: &mut String, widths: &[usize], cells: &[String; 4], bar: &str) {
    let wrapped: Vec<_> = cells.iter().zip(widths).map(|(cell, &width)| wrap(cell, width)).collect();
    let height = wrapped.iter().map(Vec::len).max().unwrap_or(0);
    for line in 0..height {
        out.push_str(bar);
        for (column, (cell, &width)) in wrapped.iter().zip(widths).enumerate() {
            let text = cell.get(line).map_or("", String::as_str);
            let _ = match column {
                PARAMS => write!(out, " {text:>width$} {bar}"),
                _ => write!(out, " {text:<width$} {bar}"),
            };
        }
        out.push('\n');
    }
}

/// Words onto lines of `width` characters, as `rich` does it: a word that fits no line gets one of its own and is cut
/// there with an ellipsis.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split_inclusive(' ') {
        let length = word.trim_end().chars().count();
        if used > 0 && used + length > width {
            lines.push(String::new());
            used = 0;
        }
        used += word.chars().count();
        if let Some(line) = lines.last_mut() {
            line.push_str(word);
        }
    }
    lines.iter().map(|line| cut(line.trim_end(), width)).collect()
}

fn cut(line: &str, width: usize) -> String {
    if line.chars().count() <= width {
        return line.to_owned();
    }
    line.chars().take(width - 1).chain(std::iter::once('…')).collect()
}

/// `1234567` as `1,234,567`.
fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Memory of `count` float32 values, in powers of 1024.
fn bytes(count: usize) -> String {
    const UNITS: [&str; 6] = ["B", "KB", "MB", "GB", "TB", "PB"];
    let mut size = 4.0 * count as f64;
    let mut unit = 0;
    while size >= 1024.0 && unit + 1 < UNITS.len() {
        size /= 1024.0;
        unit += 1;
    }
    format!("{size:.2} {}", UNITS[unit])
}
