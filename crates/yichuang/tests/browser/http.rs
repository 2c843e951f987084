//! Requests on this machine: commands for a WebDriver, and pages that no eye need see.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// The longest that a page may take to load or a script to run, accessibility checks on a busy machine included.
const PATIENCE: Duration = Duration::from_secs(120);

/// Why there is no value.
#[derive(Debug)]
pub enum Unanswered {
    /// The driver told why.
    Refused(String),
    /// It told nothing for longer than anything may take.
    Silent,
}

/// The `value` of the answer.
pub fn send(port: u16, method: &str, path: &str, body: Option<&Value>) -> Result<Value, Unanswered> {
    let refused = |error: &dyn std::fmt::Display| Unanswered::Refused(format!("{method} {path}: {error}"));
    let body = body.map(Value::to_string).unwrap_or_default();
    let text =
        exchange(&format!("127.0.0.1:{port}"), method, path, "Content-Type: application/json\r\n", &body)
            .map_err(|error| match error.kind() {
                ErrorKind::WouldBlock | ErrorKind::TimedOut => Unanswered::Silent,
                _ => refused(&error),
            })?;
    let content = text.split_once("\r\n\r\n").map_or("", |(_, content)| content);
    let json: Value = serde_json::from_str(content).map_err(|error| refused(&format!("{error}: {text}")))?;
    let value = json["value"].clone();
    match value["error"].as_str() {
        Some(error) => {
            let message = value["message"].as_str().unwrap_or_default();
            Err(Unanswered::Refused(format!("{error}: {message}")))
        }
        None => Ok(value),
    }
}

/// A page as its source, seen with this cookie.
pub fn page(host: &str, path: &str, cookie: &str) -> std::io::Result<String> {
    exchange(host, "GET", path, &format!("Cookie: {cookie}\r\n"), "")
}

/// Sends a form from the site's own page; gives head and body of the answer.
pub fn post(host: &str, path: &str, form: &str) -> std::io::Result<String> {
    let headers = format!("Origin: http://{host}\r\nContent-Type: application/x-www-form-urlencoded\r\n");
    exchange(host, "POST", path, &headers, form)
}

/// Sends files, each under the name of its control; gives head and body of the answer.
pub fn upload(
    host: &str,
    path: &str,
    fields: &[(String, String)],
    files: &[String],
    file: &str,
    cookie: &str,
) -> std::io::Result<String> {
    const BETWEEN: &str = "----yichuang-walk";
    let mut body = String::new();
    for (name, value) in fields {
        body.push_str(&format!(
            "--{BETWEEN}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    for name in files {
        body.push_str(&format!(
            "--{BETWEEN}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"paper.pdf\"\r\nContent-Type: application/pdf\r\n\r\n{file}\r\n"
        ));
    }
    body.push_str(&format!("--{BETWEEN}--\r\n"));
    let kind = format!("Content-Type: multipart/form-data; boundary={BETWEEN}\r\n");
    exchange(host, "POST", path, &format!("Origin: http://{host}\r\n{kind}Cookie: {cookie}\r\n"), &body)
}

/// As [`post`], by whoever holds this cookie.
pub fn post_as(host: &str, path: &str, form: &str, cookie: &str) -> std::io::Result<String> {
    let kind = "Content-Type: application/x-www-form-urlencoded\r\n";
    exchange(host, "POST", path, &format!("Origin: http://{host}\r\n{kind}Cookie: {cookie}\r\n"), form)
}

fn exchange(host: &str, method: &str, path: &str, headers: &str, body: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())?;
    let mut answer = Vec::new();
    // The connection may stay open although it was asked to close: the length says where the answer ends.
    let mut piece = [0; 16 * 1024];
    loop {
        let read = stream.read(&mut piece)?;
        answer.extend_from_slice(&piece[..read]);
        if read == 0 || is_whole(&answer) {
            return Ok(String::from_utf8_lossy(&answer).into_owned());
        }
    }
}

fn is_whole(answer: &[u8]) -> bool {
    let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
    let length =
        head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    length.is_some_and(|length| answer.len() >= end + 4 + length)
}
