//! Somebody who asks for pages and sends forms, with the cookies that they were given.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::http;

#[derive(Debug)]
pub struct Visitor {
    host: String,
    cookies: RefCell<BTreeMap<String, String>>,
}

/// Where an answer led in the end.
#[derive(Debug)]
pub struct Page {
    pub path: String,
    pub status: u16,
    pub body: String,
}

impl Visitor {
    pub fn new(host: &str) -> Self {
        Self { host: host.to_owned(), cookies: RefCell::default() }
    }

    pub fn cookie(&self) -> String {
        let cookies = self.cookies.borrow();
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    pub fn get(&self, path: &str) -> std::io::Result<Page> {
        let path = path.split('#').next().unwrap_or_default();
        self.arrive(path, http::page(&self.host, path, &self.cookie())?)
    }

    pub fn post(&self, path: &str, pairs: &[(String, String)]) -> std::io::Result<Page> {
        self.arrive(path, http::post_as(&self.host, path, &together(pairs), &self.cookie())?)
    }

    /// Sends the same file under each of the names.
    pub fn send(
        &self,
        path: &str,
        fields: &[(String, String)],
        files: &[String],
        file: &str,
    ) -> std::io::Result<Page> {
        self.arrive(path, http::upload(&self.host, path, fields, files, file, &self.cookie())?)
    }

    fn arrive(&self, path: &str, answer: String) -> std::io::Result<Page> {
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let headers = head.lines().filter_map(|line| line.split_once(": "));
        let mut to = None;
        for (name, value) in headers {
            if name.eq_ignore_ascii_case("location") {
                to = Some(value);
            } else if name.eq_ignore_ascii_case("set-cookie")
                && let Some((name, value)) = value.split(';').next().and_then(|pair| pair.split_once('='))
            {
                self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
            }
        }
        if let Some(to) = to {
            return self.get(to);
        }
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Ok(Page { path: path.to_owned(), status, body: body.to_owned() })
    }
}

pub fn encode(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

pub fn together(pairs: &[(String, String)]) -> String {
    let pairs = pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}
