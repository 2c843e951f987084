//! A plain socket client that can send any bytes.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

#[derive(Debug)]
pub struct Connection {
    pub stream: TcpStream,
    host: String,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    pub fn cookie(&self) -> Option<String> {
        self.header("set-cookie").and_then(|cookie| cookie.split(';').next()).map(str::to_owned)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Checks that the response is a page of ours with this status: with security headers, in plain words,
    /// without internals.
    #[track_caller]
    pub fn is_a_page(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{}\n{}", self.head, self.text());
        let policy = self.header("content-security-policy").unwrap_or_default();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe-inline"), "{}", self.head);
        assert_eq!(self.header("x-content-type-options"), Some("nosniff"), "{}", self.head);
        let text = self.text();
        assert!(text.contains("<h1>"), "no page: {text}");
        for leak in ["panicked", "src/", "SqliteFailure", "rusqlite", "Error {", "called `"] {
            assert!(!text.contains(leak), "the page tells {leak}: {text}");
        }
        self
    }
}

impl Connection {
    pub fn open(host: &str) -> Self {
        let stream = TcpStream::connect(host).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        Self { stream, host: host.to_owned() }
    }

    pub fn get(&mut self, path: &str, headers: &str) -> Answer {
        self.send(format!("GET {path} HTTP/1.1\r\nHost: {}\r\n{headers}\r\n", self.host).as_bytes());
        self.answer().expect("an answer")
    }

    pub fn post(&mut self, path: &str, body: &[u8], headers: &str) -> Answer {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nOrigin: http://{}\r\n{headers}Content-Length: {}\r\n\r\n",
            self.host,
            self.host,
            body.len()
        );
        self.send(head.as_bytes());
        self.send(body);
        self.answer().expect("an answer")
    }

    /// Sends as much as the other side accepts; false if not all.
    pub fn send(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).is_ok()
    }

    /// The next response; `None` when the connection ends without one.
    pub fn answer(&mut self) -> Option<Answer> {
        let mut bytes = Vec::new();
        let mut piece = [0; 16 * 1024];
        loop {
            if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
                let status = head.split(' ').nth(1)?.parse().ok()?;
                let mut answer = Answer { status, head, body: bytes.split_off(end + 4) };
                let length =
                    answer.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
                while answer.body.len() < length {
                    match self.read(&mut piece) {
                        0 => break,
                        read => answer.body.extend_from_slice(&piece[..read]),
                    }
                }
                return Some(answer);
            }
            match self.read(&mut piece) {
                0 => return None,
                read => bytes.extend_from_slice(&piece[..read]),
            }
        }
    }

    /// Whether the other side closes the connection within this time; anything it sends first is discarded.
    pub fn ends_within(&mut self, time: Duration) -> bool {
        let until = std::time::Instant::now() + time;
        let mut piece = [0; 4096];
        while let Some(left) =
            until.checked_duration_since(std::time::Instant::now()).filter(|left| !left.is_zero())
        {
            self.stream.set_read_timeout(Some(left)).unwrap();
            match self.stream.read(&mut piece) {
                Ok(0) => return true,
                Ok(_) => {}
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                Err(_) => return true,
            }
        }
        false
    }

    fn read(&mut self, piece: &mut [u8]) -> usize {
        match self.stream.read(piece) {
            Ok(read) => read,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                panic!("no answer and no end: {error}")
            }
            Err(_) => 0,
        }
    }
}

pub fn form(pairs: &[(&str, &str)]) -> Vec<u8> {
    let pairs: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{}={}", percent(name), percent(value))).collect();
    pairs.join("&").into_bytes()
}

pub fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
