//! Watches the parts of a multipart body go by. Its reader keeps what comes before the first part and the head of each part
//! in memory until they end; here they end soon.

use memchr::memmem;

const HEAD_BYTES_MAX: usize = 8 * 1024;
/// A browser's has some forty; the standard allows seventy.
const BOUNDARY_BYTES_MAX: usize = 70;

/// The boundary that a content type names.
pub fn boundary(kind: &str) -> Option<String> {
    let (_, parameters) = kind.split_once(';')?;
    let named = parameters.split(';').filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = named.into_iter().find(|(name, _)| name.eq_ignore_ascii_case("boundary"))?;
    let value = value.trim_matches('"');
    (!value.is_empty() && value.len() <= BOUNDARY_BYTES_MAX).then(|| value.to_owned())
}

#[derive(Debug)]
pub struct Parts {
    delimiter: Vec<u8>,
    state: State,
    /// The end of what has passed, where something may have begun that is looked for.
    tail: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// So many bytes before the first part, or of a part's head.
    Head(usize),
    Content,
}

impl Parts {
    pub fn new(boundary: &str) -> Self {
        let delimiter = format!("\r\n--{boundary}").into_bytes();
        Self { delimiter, state: State::Head(0), tail: Vec::new() }
    }

    /// Tells whether the body is still one that is worth reading.
    pub fn pass(&mut self, piece: &[u8]) -> bool {
        let mut text = std::mem::take(&mut self.tail);
        // What had passed before counts no second time.
        let mut seen = text.len();
        text.extend_from_slice(piece);
        let mut rest = &text[..];
        loop {
            let wanted: &[u8] = match self.state {
                State::Head(_) => b"\r\n\r\n",
                State::Content => &self.delimiter,
            };
            let found = memmem::find(rest, wanted);
            if let State::Head(before) = self.state {
                let bytes = before + found.unwrap_or(rest.len()).saturating_sub(seen);
                if bytes > HEAD_BYTES_MAX {
                    return false;
                }
                self.state = State::Head(bytes);
            }
            let Some(at) = found else {
                let keep = (wanted.len() - 1).min(rest.len());
                self.tail = rest[rest.len() - keep..].to_vec();
                return true;
            };
            let end = at + wanted.len();
            rest = &rest[end..];
            seen = seen.saturating_sub(end);
            self.state = match self.state {
                State::Head(_) => State::Content,
                State::Content => State::Head(0),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nvalue\r\n--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"g\"\r\n\r\n";

    fn passes(pieces: impl IntoIterator<Item = Vec<u8>>) -> bool {
        let mut parts = Parts::new("x");
        pieces.into_iter().all(|piece| parts.pass(&piece))
    }

    #[test]
    fn a_form_passes_however_it_is_cut() {
        let mut body = BODY.to_vec();
        body.extend(std::iter::repeat_n(b'y', 100_000));
        body.extend_from_slice(b"\r\n--x--\r\n");
        for size in [1, 2, 3, 7, 64, 4096, body.len()] {
            assert!(passes(body.chunks(size).map(<[u8]>::to_vec)), "{size}");
        }
    }

    #[test]
    fn a_head_without_end_does_not() {
        let flood = || std::iter::repeat_n(vec![b'y'; 1000], 20);
        assert!(!passes(flood()));
        assert!(!passes(std::iter::once(b"--x\r\nContent-Disposition: ".to_vec()).chain(flood())));
        let second = [BODY, b"z\r\n--x\r\nX: "].concat();
        assert!(!passes(second.chunks(5).map(<[u8]>::to_vec).chain(flood())));
        // Line after line is no end either.
        assert!(!passes(std::iter::repeat_n(b"X: y\r\n".to_vec(), 3000)));
    }

    #[test]
    fn the_boundary_is_read_as_browsers_write_it() {
        assert_eq!(boundary("multipart/form-data; boundary=----a1").as_deref(), Some("----a1"));
        assert_eq!(boundary("multipart/form-data; charset=x; Boundary=\"b\"").as_deref(), Some("b"));
        assert_eq!(boundary("multipart/form-data"), None);
        assert_eq!(boundary(&format!("multipart/form-data; boundary={}", "b".repeat(71))), None);
    }
}
