//! Exact decimals with four places.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An exact decimal in ten-thousandths, from −922,337,203,685,477.5808 to 922,337,203,685,477.5807.
///
/// Exact: binary fractions, which would make `0.1 + 0.2 = 0.3` false in front of an applicant, do not occur.
/// Areas, amounts and counts of a pack all fit.
///
/// In JSON it is a number where every reader keeps it exact (integers, and decimals of up to 15 digits) and
/// otherwise a string; both forms are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Number(i64);

const SCALE: i64 = 10_000;
/// Below this many ten-thousandths, the decimal of four places nearest to a double is unique.
const EXACT_IN_DOUBLE: u64 = 1 << 53;

/// Why a text or JSON value is not a [`Number`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NumberProblem {
    NotANumber,
    /// More than four decimal places, which would have to be rounded.
    TooPrecise,
    OutOfRange,
}

impl fmt::Display for NumberProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            NumberProblem::NotANumber => "not a number",
            NumberProblem::TooPrecise => "more than four decimal places",
            NumberProblem::OutOfRange => "number out of range",
        })
    }
}

impl std::error::Error for NumberProblem {}

impl Number {
    pub const ZERO: Number = Number(0);
    pub const ONE: Number = Number(SCALE);
    pub const MIN: Number = Number(i64::MIN);
    pub const MAX: Number = Number(i64::MAX);

    pub const fn from_ten_thousandths(raw: i64) -> Self {
        Number(raw)
    }

    pub const fn ten_thousandths(self) -> i64 {
        self.0
    }

    /// `None` when out of range.
    pub fn from_integer(integer: i64) -> Option<Self> {
        integer.checked_mul(SCALE).map(Number)
    }

    pub fn is_integer(self) -> bool {
        self.0 % SCALE == 0
    }

    /// The integer, when it is one.
    pub fn as_integer(self) -> Option<i64> {
        self.is_integer().then_some(self.0 / SCALE)
    }

    /// For charts and statistics only, because it is not exact.
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / SCALE as f64
    }

    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Number)
    }

    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Number)
    }

    pub fn checked_neg(self) -> Option<Self> {
        self.0.checked_neg().map(Number)
    }

    /// Rounded half away from zero (四舍五入) to four places.
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        rounded(i128::from(self.0) * i128::from(other.0), i128::from(SCALE))
    }

    /// Rounded half away from zero to four places; `None` for a zero divisor.
    pub fn checked_div(self, other: Self) -> Option<Self> {
        if other.0 == 0 {
            return None;
        }
        rounded(i128::from(self.0) * i128::from(SCALE), i128::from(other.0))
    }

    fn from_f64(float: f64) -> Result<Self, NumberProblem> {
        let raw = (float * SCALE as f64).round();
        // Also rejects NaN. The exact bound is not a double, so the next double below it is used.
        if !(-9.223_372_036_854_775e18..=9.223_372_036_854_775e18).contains(&raw) {
            return Err(NumberProblem::OutOfRange);
        }
        let number = Number(raw as i64);
        let exact = number.0.unsigned_abs() >= EXACT_IN_DOUBLE || number.to_f64() == float;
        if exact { Ok(number) } else { Err(NumberProblem::TooPrecise) }
    }
}

fn rounded(dividend: i128, divisor: i128) -> Option<Number> {
    let (quotient, rest) = (dividend / divisor, dividend % divisor);
    let up = rest.abs() * 2 >= divisor.abs();
    let sign = if (dividend < 0) == (divisor < 0) { 1 } else { -1 };
    i64::try_from(quotient + if up { sign } else { 0 }).ok().map(Number)
}

impl From<i32> for Number {
    fn from(integer: i32) -> Self {
        Number(i64::from(integer) * SCALE)
    }
}

impl From<u32> for Number {
    fn from(integer: u32) -> Self {
        Number(i64::from(integer) * SCALE)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.unsigned_abs();
        let (whole, rest) = (magnitude / SCALE as u64, magnitude % SCALE as u64);
        let sign = if self.0 < 0 { "-" } else { "" };
        if rest == 0 {
            return write!(out, "{sign}{whole}");
        }
        let decimals = format!("{rest:04}");
        write!(out, "{sign}{whole}.{}", decimals.trim_end_matches('0'))
    }
}

impl FromStr for Number {
    type Err = NumberProblem;

    /// Parses what people type: `1200.5`, `-3`, `1,200`, `５０`, `3万`, `31.5亿`, `2万亿`.
    fn from_str(text: &str) -> Result<Self, NumberProblem> {
        let text = text.trim();
        let (text, factor) = split_suffix(text);
        let (negative, text) = match text.strip_prefix(['-', '－', '−']) {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix(['+', '＋']).unwrap_or(text)),
        };
        let mut raw: i128 = 0;
        let mut digits = 0usize;
        let mut decimals: Option<u32> = None;
        let mut nonzero_lost = false;
        for c in text.chars() {
            let digit = match c {
                '0'..='9' => c as u32 - '0' as u32,
                '０'..='９' => c as u32 - '０' as u32,
                '.' | '．' if decimals.is_none() && digits > 0 => {
                    decimals = Some(0);
                    continue;
                }
                ',' | '，' if digits > 0 && decimals.is_none() => continue,
                _ => return Err(NumberProblem::NotANumber),
            };
            digits += 1;
            // Zeros beyond the decimals that any unit can use are harmless; other digits are not.
            if let Some(places) = decimals.as_mut() {
                if *places >= 16 {
                    nonzero_lost |= digit != 0;
                    continue;
                }
                *places += 1;
            }
            raw = raw * 10 + i128::from(digit);
            if raw > 1 << 100 {
                return Err(NumberProblem::OutOfRange);
            }
        }
        if digits == 0 || decimals == Some(0) {
            return Err(NumberProblem::NotANumber);
        }
        let places = decimals.unwrap_or(0);
        let scaled = raw.checked_mul(i128::from(SCALE) * factor).ok_or(NumberProblem::OutOfRange)?;
        let divisor = 10i128.pow(places);
        if scaled % divisor != 0 || nonzero_lost {
            return Err(NumberProblem::TooPrecise);
        }
        let magnitude = scaled / divisor;
        let signed = if negative { -magnitude } else { magnitude };
        i64::try_from(signed).map(Number).map_err(|_| NumberProblem::OutOfRange)
    }
}

fn split_suffix(text: &str) -> (&str, i128) {
    for (suffix, factor) in [("万亿", 1_000_000_000_000), ("亿", 100_000_000), ("万", 10_000)] {
        if let Some(rest) = text.strip_suffix(suffix) {
            return (rest.trim_end(), factor);
        }
    }
    (text, 1)
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.as_integer() {
            Some(integer) => to.serialize_i64(integer),
            None if self.0.unsigned_abs() < EXACT_IN_DOUBLE => to.serialize_f64(self.to_f64()),
            None => to.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reader;

        impl Visitor<'_> for Reader {
            type Value = Number;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a decimal of at most four places")
            }

            fn visit_i64<E: de::Error>(self, integer: i64) -> Result<Number, E> {
                Number::from_integer(integer).ok_or_else(|| E::custom(NumberProblem::OutOfRange))
            }

            fn visit_u64<E: de::Error>(self, integer: u64) -> Result<Number, E> {
                let integer = i64::try_from(integer).map_err(|_| E::custom(NumberProblem::OutOfRange))?;
                self.visit_i64(integer)
            }

            fn visit_f64<E: de::Error>(self, float: f64) -> Result<Number, E> {
                Number::from_f64(float).map_err(E::custom)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Number, E> {
                text.parse().map_err(E::custom)
            }
        }

        from.deserialize_any(Reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        for (text, printed) in [
            ("0", "0"),
            ("-0", "0"),
            ("1200.50", "1200.5"),
            ("0.0001", "0.0001"),
            ("1,200", "1200"),
            ("５０", "50"),
            ("3万", "30000"),
            ("31.5亿", "3150000000"),
            ("2万亿", "2000000000000"),
            ("0.00015万", "1.5"),
            ("-7.25", "-7.25"),
            ("1.000000", "1"),
            ("922337203685477.5807", "922337203685477.5807"),
            ("-922337203685477.5808", "-922337203685477.5808"),
        ] {
            assert_eq!(text.parse::<Number>().map(|n| n.to_string()), Ok(printed.into()), "{text}");
        }
        use NumberProblem::*;
        for (text, problem) in [
            ("", NotANumber),
            ("-", NotANumber),
            ("1.", NotANumber),
            (".5", NotANumber),
            ("1.2.3", NotANumber),
            ("1e5", NotANumber),
            ("二十", NotANumber),
            ("万", NotANumber),
            ("0.00001", TooPrecise),
            ("1.00000000000000000001", TooPrecise),
            ("922337203685477.5808", OutOfRange),
            ("999999999999999999999999999999999999999999", OutOfRange),
        ] {
            assert_eq!(text.parse::<Number>(), Err(problem), "{text}");
        }
    }

    #[test]
    fn products_and_quotients_round_half_away_from_zero() {
        let n = |text: &str| text.parse::<Number>().unwrap();
        for (a, b, product, quotient) in [
            ("0.0001", "0.5", Some("0.0001"), Some("0.0002")),
            ("-0.0001", "0.5", Some("-0.0001"), Some("-0.0002")),
            ("2", "3", Some("6"), Some("0.6667")),
            ("-2", "3", Some("-6"), Some("-0.6667")),
            ("1", "0", Some("0"), None),
            ("922337203685477", "2", None, Some("461168601842738.5")),
        ] {
            assert_eq!(n(a).checked_mul(n(b)), product.map(n), "{a} * {b}");
            assert_eq!(n(a).checked_div(n(b)), quotient.map(n), "{a} / {b}");
        }
        assert_eq!(Number::MAX.checked_add(Number(1)), None);
        assert_eq!(Number::MIN.checked_neg(), None);
    }

    #[test]
    fn json_that_would_be_rounded_is_refused() {
        assert!(serde_json::from_str::<Number>("0.00001").is_err());
        assert!(serde_json::from_str::<Number>("1e300").is_err());
        assert!(serde_json::from_str::<Number>("true").is_err());
        assert_eq!(serde_json::from_str::<Number>("1e2").unwrap(), Number::from(100));
        assert_eq!(serde_json::to_string(&Number(15_000)).unwrap(), "1.5");
        assert_eq!(serde_json::to_string(&Number(i64::MAX)).unwrap(), "\"922337203685477.5807\"");
    }

    proptest! {
        #[test]
        fn text_and_json_round_trip_exactly(raw in any::<i64>(), small in -1_000_000_000i64..1_000_000_000) {
            for number in [Number(raw), Number(small), Number(raw / 1_000_000 * 10_000)] {
                prop_assert_eq!(number.to_string().parse::<Number>(), Ok(number));
                let json = serde_json::to_string(&number).unwrap();
                prop_assert_eq!(serde_json::from_str::<Number>(&json).unwrap(), number);
            }
        }

        #[test]
        fn division_is_within_half_a_unit(a in -1_000_000_000_000i64..1_000_000_000_000, b in 1i64..1_000_000_000) {
            let quotient = Number(a).checked_div(Number(b)).unwrap();
            let error = i128::from(quotient.0) * i128::from(b) - i128::from(a) * 10_000;
            prop_assert!(error.abs() * 2 <= i128::from(b));
        }
    }
}
