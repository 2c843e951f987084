//! A strict JSON reader with limits on size and depth; the canonical variant accepts one spelling only.

use serde_json::{Map, Value};

use super::{MAX_INTEGER, to_canonical};

/// The reader's limits; both are checked before anything is allocated or recursed into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub max_bytes: usize,
    pub max_depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { max_bytes: 1 << 20, max_depth: 32 }
    }
}

/// Why some bytes are refused as JSON. `at` is a byte offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonFault {
    #[error("more than {limit} bytes")]
    TooLong { limit: usize },
    #[error("not UTF-8 at byte {at}")]
    NotUtf8 { at: usize },
    #[error("nested deeper than allowed at byte {at}")]
    TooDeep { at: usize },
    #[error("unexpected text at byte {at}")]
    Unexpected { at: usize },
    #[error("text ends too early")]
    Truncated,
    #[error("a key appears twice, the second time at byte {at}")]
    DuplicateKey { at: usize },
    #[error("a number that is not an integer within ±(2^53 - 1) at byte {at}")]
    Number { at: usize },
    #[error("a string with a raw control character or a broken escape at byte {at}")]
    String { at: usize },
    #[error("valid JSON, but not in canonical form")]
    NotCanonical,
}

/// Parses JSON; white space is accepted where JSON allows it.
///
/// # Errors
/// A [`JsonFault`] when the bytes are longer or deeper than `limits`, or not JSON in the restricted form of
/// this module.
pub fn parse(bytes: &[u8], limits: Limits) -> Result<Value, JsonFault> {
    if bytes.len() > limits.max_bytes {
        return Err(JsonFault::TooLong { limit: limits.max_bytes });
    }
    let text = str::from_utf8(bytes).map_err(|fault| JsonFault::NotUtf8 { at: fault.valid_up_to() })?;
    let mut reader = Reader { text, at: 0, max_depth: limits.max_depth };
    let value = reader.value(0)?;
    reader.skip_space();
    if reader.at == text.len() { Ok(value) } else { Err(JsonFault::Unexpected { at: reader.at }) }
}

/// Parses JSON and refuses every spelling but the canonical one.
///
/// # Errors
/// As [`parse`], and [`JsonFault::NotCanonical`].
pub fn parse_canonical(bytes: &[u8], limits: Limits) -> Result<Value, JsonFault> {
    let value = parse(bytes, limits)?;
    match to_canonical(&value) {
        Ok(text) if text.as_bytes() == bytes => Ok(value),
        _ => Err(JsonFault::NotCanonical),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    max_depth: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn fault(&self) -> JsonFault {
        if self.at >= self.text.len() { JsonFault::Truncated } else { JsonFault::Unexpected { at: self.at } }
    }

    fn expect(&mut self, symbol: u8) -> Result<(), JsonFault> {
        if self.peek() == Some(symbol) {
            self.at += 1;
            Ok(())
        } else {
            Err(self.fault())
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value, JsonFault> {
        self.skip_space();
        match self.peek() {
            Some(b'{' | b'[') if depth >= self.max_depth => Err(JsonFault::TooDeep { at: self.at }),
            Some(b'{') => self.object(depth + 1),
            Some(b'[') => self.array(depth + 1),
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            _ => Err(self.fault()),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, JsonFault> {
        if !self.text[self.at..].starts_with(word) {
            return Err(JsonFault::Unexpected { at: self.at });
        }
        self.at += word.len();
        Ok(value)
    }

    fn object(&mut self, depth: usize) -> Result<Value, JsonFault> {
        self.expect(b'{')?;
        let mut members = Map::new();
        self.skip_space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Object(members));
        }
        loop {
            self.skip_space();
            let start = self.at;
            let key = self.string()?;
            self.skip_space();
            self.expect(b':')?;
            let value = self.value(depth)?;
            if members.insert(key, value).is_some() {
                return Err(JsonFault::DuplicateKey { at: start });
            }
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                _ => break,
            }
        }
        self.expect(b'}')?;
        Ok(Value::Object(members))
    }

    fn array(&mut self, depth: usize) -> Result<Value, JsonFault> {
        self.expect(b'[')?;
        let mut items = Vec::new();
        self.skip_space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value(depth)?);
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                _ => break,
            }
        }
        self.expect(b']')?;
        Ok(Value::Array(items))
    }

    fn number(&mut self) -> Result<Value, JsonFault> {
        let start = self.at;
        // Takes everything that could belong to a number, so that `1.5` is one invalid number and not `1`
        // followed by a dot.
        while matches!(self.peek(), Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')) {
            self.at += 1;
        }
        let token = &self.text[start..self.at];
        let integer = token.parse::<i64>().map_err(|_| JsonFault::Number { at: start })?;
        // Comparing with the printed integer refuses `-0`, `+1` and leading zeros at once.
        if integer.to_string() != token || !(-MAX_INTEGER..=MAX_INTEGER).contains(&integer) {
            return Err(JsonFault::Number { at: start });
        }
        Ok(Value::from(integer))
    }

    fn string(&mut self) -> Result<String, JsonFault> {
        self.expect(b'"')?;
        let mut string = String::new();
        loop {
            let start = self.at;
            // Stops only at ASCII bytes, so both ends of the slice are character boundaries.
            while self.peek().is_some_and(|byte| byte != b'"' && byte != b'\\' && byte >= b' ') {
                self.at += 1;
            }
            string.push_str(&self.text[start..self.at]);
            match self.peek() {
                None => return Err(JsonFault::Truncated),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(string);
                }
                Some(b'\\') => string.push(self.escape()?),
                Some(_) => return Err(JsonFault::String { at: self.at }),
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonFault> {
        let start = self.at;
        self.expect(b'\\')?;
        let symbol = self.peek().ok_or(JsonFault::Truncated)?;
        self.at += 1;
        Ok(match symbol {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let mut units = vec![self.code_unit(start)?];
                if (0xd800..0xdc00).contains(&units[0]) {
                    self.expect(b'\\')
                        .and_then(|()| self.expect(b'u'))
                        .map_err(|_| JsonFault::String { at: start })?;
                    units.push(self.code_unit(start)?);
                }
                let mut decoded = char::decode_utf16(units);
                match (decoded.next(), decoded.next()) {
                    (Some(Ok(character)), None) => character,
                    _ => return Err(JsonFault::String { at: start }),
                }
            }
            _ => return Err(JsonFault::String { at: start }),
        })
    }

    fn code_unit(&mut self, start: usize) -> Result<u16, JsonFault> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            unit = unit << 4 | digit.ok_or(JsonFault::String { at: start })?;
            self.at += 1;
        }
        Ok(u16::try_from(unit).expect("four hexadecimal digits fit sixteen bits"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(text: &str) -> Result<Value, JsonFault> {
        parse(text.as_bytes(), Limits { max_bytes: 200, max_depth: 3 })
    }

    #[test]
    fn what_json_allows_and_a_document_needs_is_read() {
        assert_eq!(
            check(" {\"甲\" : [1 , -2,true,null,\"\\ud83d\\ude00\\/\"] } "),
            Ok(json!({"甲": [1, -2, true, null, "😀/"]}))
        );
    }

    #[test]
    fn what_two_readers_could_see_differently_is_refused() {
        let rows = [
            ("{\"a\":1,\"a\":1}", JsonFault::DuplicateKey { at: 7 }),
            ("{\"a\":1,\"\\u0061\":1}", JsonFault::DuplicateKey { at: 7 }),
            ("1.0", JsonFault::Number { at: 0 }),
            ("1e3", JsonFault::Number { at: 0 }),
            ("-0", JsonFault::Number { at: 0 }),
            ("01", JsonFault::Number { at: 0 }),
            ("9007199254740992", JsonFault::Number { at: 0 }),
            ("-9223372036854775808", JsonFault::Number { at: 0 }),
            ("\"\\ud800\"", JsonFault::String { at: 1 }),
            ("\"\\udc00\"", JsonFault::String { at: 1 }),
            ("\"\\ud800\\u0041\"", JsonFault::String { at: 1 }),
            ("\"a\nb\"", JsonFault::String { at: 2 }),
            ("\"\\x\"", JsonFault::String { at: 1 }),
            ("[[[[]]]]", JsonFault::TooDeep { at: 3 }),
            ("[1,]", JsonFault::Unexpected { at: 3 }),
            ("{,}", JsonFault::Unexpected { at: 1 }),
            ("[1", JsonFault::Truncated),
            ("", JsonFault::Truncated),
            ("1 2", JsonFault::Unexpected { at: 2 }),
            ("nul", JsonFault::Unexpected { at: 0 }),
            ("\u{feff}1", JsonFault::Unexpected { at: 0 }),
        ];
        for (text, fault) in rows {
            assert_eq!(check(text), Err(fault), "{text}");
        }
        assert_eq!(check(&"1".repeat(201)), Err(JsonFault::TooLong { limit: 200 }));
        assert_eq!(parse(&[b'"', 0xc0, b'"'], Limits::default()), Err(JsonFault::NotUtf8 { at: 1 }));
    }

    #[test]
    fn only_the_canonical_spelling_is_canonical() {
        let limits = Limits::default();
        assert!(parse_canonical(b"{\"a\":\"\\u0001/\",\"b\":[]}", limits).is_ok());
        for text in ["{\"b\":1,\"a\":1}", "[1, 2]", "\"\\/\"", "\"\\u0041\"", "[]\n", "\"\\u001F\""] {
            assert_eq!(parse_canonical(text.as_bytes(), limits), Err(JsonFault::NotCanonical), "{text}");
        }
    }
}
