//! Codes that change with time: HOTP (RFC 4226) over steps of thirty seconds (RFC 6238), as every authenticator makes them.

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha1::Sha1;

const STEP_SECONDS: i64 = 30;
const DIGITS: u32 = 6;
/// RFC 4226 recommends a secret as long as the hash.
pub const SECRET_BYTES: usize = 20;
/// Clocks differ and people type slowly: one step before and one after the present one count too (RFC 6238, 5.2).
const STEPS_APART: i64 = 1;

const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The secret that the office and an authenticator share.
#[derive(Clone)]
pub struct Secret(pub [u8; SECRET_BYTES]);

/// A secret stays out of logs.
impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    /// The step to which a code belongs, if it is one of those that count now.
    pub fn step_of(&self, code: &str, now: Timestamp) -> Option<u64> {
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let here = now.as_second().div_euclid(STEP_SECONDS);
        let mut found = None;
        for step in (here - STEPS_APART)..=(here + STEPS_APART) {
            let Ok(step) = u64::try_from(step) else { continue };
            // All steps are tried and every digit is looked at, so that the time tells nothing.
            if same(&padded(hotp(&self.0, step), DIGITS), &code) {
                found = Some(step);
            }
        }
        found
    }

    /// The code of an instant.
    pub fn code_at(&self, now: Timestamp) -> String {
        let step = u64::try_from(now.as_second().div_euclid(STEP_SECONDS)).unwrap_or_default();
        padded(hotp(&self.0, step), DIGITS)
    }

    /// What [`Secret::base32`] wrote.
    pub fn from_base32(text: &str) -> Option<Self> {
        let mut bits = 0_u64;
        let mut bytes = Vec::with_capacity(SECRET_BYTES);
        for (place, letter) in text.bytes().enumerate() {
            let value = LETTERS.iter().position(|known| *known == letter)?;
            bits = bits << 5 | value as u64;
            if place % 8 == 7 {
                bytes.extend_from_slice(&bits.to_be_bytes()[3..]);
                bits = 0;
            }
        }
        bytes.try_into().ok().map(Self)
    }

    /// As people type it where a picture cannot be read: base 32 (RFC 4648) without padding.
    pub fn base32(&self) -> String {
        let mut text = String::with_capacity(SECRET_BYTES * 8 / 5);
        for five in self.0.chunks(5) {
            let mut bits = five.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte)) << 24;
            for _ in 0..(five.len() * 8).div_ceil(5) {
                text.push(char::from(LETTERS[(bits >> 59) as usize]));
                bits <<= 5;
            }
        }
        text
    }
}

/// The truncated number of a counter, all 31 bits of it (RFC 4226, 5.3).
fn hotp(secret: &[u8], counter: u64) -> u32 {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).expect("HMAC takes a key of any length");
    mac.update(&counter.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let place = usize::from(hash[19] & 0x0f);
    u32::from_be_bytes([hash[place], hash[place + 1], hash[place + 2], hash[place + 3]]) & 0x7fff_ffff
}

fn padded(number: u32, digits: u32) -> String {
    let width = digits as usize;
    format!("{:0width$}", number % 10_u32.pow(digits))
}

fn same(expected: &str, given: &str) -> bool {
    expected.len() == given.len()
        && expected.bytes().zip(given.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Secret = Secret(*b"12345678901234567890");

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[test]
    fn counters_give_the_codes_of_rfc_4226() {
        let expected = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
            "520489",
        ];
        for (counter, code) in (0..).zip(expected) {
            assert_eq!(padded(hotp(&KEY.0, counter), 6), code);
        }
    }

    #[test]
    fn instants_give_the_codes_of_rfc_6238() {
        let expected = [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ];
        for (seconds, code) in expected {
            assert_eq!(padded(hotp(&KEY.0, seconds / 30), 8), code);
            let seconds = i64::try_from(seconds).unwrap();
            assert_eq!(KEY.code_at(at(seconds)), code[2..]);
        }
    }

    #[test]
    fn a_code_counts_one_step_early_or_late_and_no_longer() {
        let code = KEY.code_at(at(1_000_020));
        let step = Some(1_000_020 / 30);
        assert_eq!(KEY.step_of(&code, at(1_000_020)), step);
        assert_eq!(KEY.step_of(&format!("{} {}", &code[..3], &code[3..]), at(1_000_020)), step);
        assert_eq!(KEY.step_of(&code, at(1_000_020 - 30)), step);
        assert_eq!(KEY.step_of(&code, at(1_000_020 + 59)), step);
        assert_eq!(KEY.step_of(&code, at(1_000_020 - 31)), None);
        assert_eq!(KEY.step_of(&code, at(1_000_020 + 60)), None);
        assert_eq!(KEY.step_of(&code[1..], at(1_000_020)), None);
        assert_eq!(KEY.step_of("", at(1_000_020)), None);
    }

    #[test]
    fn secrets_are_written_as_rfc_4648_does() {
        assert_eq!(KEY.base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(Secret::from_base32(&KEY.base32()).unwrap().0, KEY.0);
        assert_eq!(Secret([0xff; 20]).base32(), "7".repeat(32));
    }
}
