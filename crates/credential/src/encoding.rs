//! Text encodings of bytes. Every decoder is strict: a byte string has exactly one text, so that the text can
//! be signed.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sm3::{Digest as _, Sm3};

/// Why a text is not the canonical encoding of any bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodingFault {
    #[error("a character outside the alphabet")]
    Alphabet,
    #[error("a length that no bytes encode to")]
    Length,
    #[error("bits left over that are not zero, or a value out of range")]
    Range,
}

const BASE64URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const BASE45: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

fn place(alphabet: &[u8], symbol: u8) -> Result<u32, EncodingFault> {
    let found = alphabet.iter().position(|&known| known == symbol).ok_or(EncodingFault::Alphabet)?;
    Ok(u32::try_from(found).expect("an alphabet has at most 64 symbols"))
}

/// RFC 4648 section 5 without padding.
pub fn to_base64url(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word =
            chunk.iter().enumerate().fold(0u32, |word, (at, &byte)| word | u32::from(byte) << (16 - 8 * at));
        for at in 0..=chunk.len() {
            text.push(char::from(BASE64URL[(word >> (18 - 6 * at) & 63) as usize]));
        }
    }
    text
}

/// The inverse of [`to_base64url`].
///
/// # Errors
/// A character outside the alphabet (also padding), an impossible length, or spare bits that are not zero.
pub fn from_base64url(text: &str) -> Result<Vec<u8>, EncodingFault> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for chunk in text.as_bytes().chunks(4) {
        if chunk.len() == 1 {
            return Err(EncodingFault::Length);
        }
        let mut word = 0u32;
        for (at, &symbol) in chunk.iter().enumerate() {
            word |= place(BASE64URL, symbol)? << (18 - 6 * at);
        }
        let [_, first, second, third] = word.to_be_bytes();
        let kept = chunk.len() - 1;
        if [first, second, third][kept..].iter().any(|&spare| spare != 0) {
            return Err(EncodingFault::Range);
        }
        bytes.extend_from_slice(&[first, second, third][..kept]);
    }
    Ok(bytes)
}

/// RFC 9285; all its characters are in the alphanumeric mode of a QR code.
pub fn to_base45(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(2) * 3);
    for chunk in bytes.chunks(2) {
        let (mut word, symbols) = match *chunk {
            [high, low] => (usize::from(high) << 8 | usize::from(low), 3),
            [single] => (usize::from(single), 2),
            _ => unreachable!("chunks of two have one or two bytes"),
        };
        for _ in 0..symbols {
            text.push(char::from(BASE45[word % 45]));
            word /= 45;
        }
    }
    text
}

/// The inverse of [`to_base45`].
///
/// # Errors
/// A character outside the alphabet, an impossible length, or a value out of range.
pub fn from_base45(text: &str) -> Result<Vec<u8>, EncodingFault> {
    let mut bytes = Vec::with_capacity(text.len() / 3 * 2 + 1);
    for chunk in text.as_bytes().chunks(3) {
        let mut word = 0u32;
        for &symbol in chunk.iter().rev() {
            word = word * 45 + place(BASE45, symbol)?;
        }
        match chunk.len() {
            3 => {
                bytes.extend_from_slice(&u16::try_from(word).map_err(|_| EncodingFault::Range)?.to_be_bytes())
            }
            2 => bytes.push(u8::try_from(word).map_err(|_| EncodingFault::Range)?),
            _ => return Err(EncodingFault::Length),
        }
    }
    Ok(bytes)
}

/// Lower-case hexadecimal.
pub fn to_hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        for nibble in [byte >> 4, byte & 15] {
            text.push(char::from(b"0123456789abcdef"[usize::from(nibble)]));
        }
    }
    text
}

/// The inverse of [`to_hex`].
///
/// # Errors
/// A character outside the alphabet (also upper case), or an odd length.
pub fn from_hex(text: &str) -> Result<Vec<u8>, EncodingFault> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return Err(EncodingFault::Length);
    }
    let nibble = |symbol: u8| match symbol {
        b'0'..=b'9' => Ok(symbol - b'0'),
        b'a'..=b'f' => Ok(symbol - b'a' + 10),
        _ => Err(EncodingFault::Alphabet),
    };
    pairs.iter().map(|&[high, low]| Ok(nibble(high)? << 4 | nibble(low)?)).collect()
}

/// A digest of 32 bytes, by SM3 (GB/T 32905) unless its context says otherwise; written as lower-case
/// hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    pub fn sm3(bytes: &[u8]) -> Self {
        Digest(Sm3::digest(bytes).into())
    }

    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first 128 bits as 22 characters of base64url: enough that no second file can be found for a
    /// printed digest.
    pub fn short(&self) -> String {
        to_base64url(&self.0[..16])
    }
}

impl From<[u8; 32]> for Digest {
    fn from(bytes: [u8; 32]) -> Self {
        Digest(bytes)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = from_hex(&text).map_err(D::Error::custom)?;
        bytes.try_into().map(Digest).map_err(|_| D::Error::custom("a digest has 32 bytes"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sm3_agrees_with_both_examples_of_the_standard() {
        let rows = [
            ("abc".to_owned(), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
            ("abcd".repeat(16), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
        ];
        for (message, expected) in rows {
            assert_eq!(Digest::sm3(message.as_bytes()).to_string(), expected);
        }
    }

    #[test]
    fn base64url_agrees_with_rfc_4648() {
        let rows =
            [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE")];
        for (plain, encoded) in rows {
            assert_eq!(to_base64url(plain.as_bytes()), encoded);
            assert_eq!(from_base64url(encoded).as_deref(), Ok(plain.as_bytes()));
        }
        assert_eq!(to_base64url(&[0xfb, 0xff]), "-_8");
    }

    #[test]
    fn a_second_spelling_of_the_same_bytes_is_refused() {
        assert_eq!(from_base64url("Zh"), Err(EncodingFault::Range));
        assert_eq!(from_base64url("Zm9"), Err(EncodingFault::Range));
        assert_eq!(from_base64url("Zg=="), Err(EncodingFault::Alphabet));
        assert_eq!(from_base64url("Zm9vY"), Err(EncodingFault::Length));
        assert_eq!(from_hex("AB"), Err(EncodingFault::Alphabet));
        assert_eq!(from_hex("abc"), Err(EncodingFault::Length));
    }

    #[test]
    fn base45_agrees_with_rfc_9285() {
        for (plain, encoded) in
            [("AB", "BB8"), ("Hello!!", "%69 VD92EX0"), ("base-45", "UJCLQE7W581"), ("ietf!", "QED8WEX0")]
        {
            assert_eq!(to_base45(plain.as_bytes()), encoded);
            assert_eq!(from_base45(encoded).as_deref(), Ok(plain.as_bytes()));
        }
        for (bad, fault) in
            [("GGW", EncodingFault::Range), ("A", EncodingFault::Length), ("ab", EncodingFault::Alphabet)]
        {
            assert_eq!(from_base45(bad), Err(fault));
        }
    }
}
