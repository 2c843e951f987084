//! The lines of a file with their indentation.

/// A tab in the indentation counts as this many spaces, and is reported.
const TAB_WIDTH: usize = 2;

/// Other blanks and their widths; they are reported, too.
const BLANKS: [(&[u8], usize); 2] = [("\u{3000}".as_bytes(), 2), ("\u{a0}".as_bytes(), 1)];

#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// First byte of the line.
    pub raw: usize,
    /// First byte that is not a blank.
    pub start: usize,
    /// One past the last byte, without the line break.
    pub end: usize,
    pub indent: usize,
    /// White space only.
    pub blank: bool,
    pub comment: bool,
    pub tabbed: bool,
    /// Indented with full-width or no-break spaces.
    pub wide: bool,
}

pub fn split(text: &str, from: usize) -> Vec<Line> {
    let bytes = text.as_bytes();
    let mut lines = Vec::with_capacity(bytes.len() / 32 + 1);
    let mut raw = from;
    while raw < bytes.len() {
        let stop = bytes[raw..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| raw + at);
        let mut end = stop;
        if end > raw && bytes[end - 1] == b'\r' {
            end -= 1;
        }
        lines.push(measure(bytes, raw, end));
        raw = stop + 1;
    }
    lines
}

fn measure(bytes: &[u8], raw: usize, end: usize) -> Line {
    let mut start = raw;
    let mut indent = 0;
    let mut tabbed = false;
    let mut wide = false;
    while start < end {
        match bytes[start] {
            b' ' => indent += 1,
            b'\t' => {
                indent += TAB_WIDTH;
                tabbed = true;
            }
            _ => match BLANKS.iter().find(|(blank, _)| bytes[start..end].starts_with(blank)) {
                Some((blank, width)) => {
                    indent += width;
                    start += blank.len() - 1;
                    wide = true;
                }
                None => break,
            },
        }
        start += 1;
    }
    let blank = start == end;
    Line {
        raw,
        start,
        end,
        indent,
        blank,
        comment: !blank && bytes[start] == b'#',
        tabbed: tabbed && !blank,
        wide: wide && !blank,
    }
}
