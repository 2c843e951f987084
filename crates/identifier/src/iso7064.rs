//! The check characters of ISO 7064 for our kinds.

const ALPHABET: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The value of a digit or capital letter.
pub(crate) fn value36(c: char) -> Option<u32> {
    if c.is_ascii_digit() || c.is_ascii_uppercase() { c.to_digit(36) } else { None }
}

/// MOD 37,36: the check character for digits and capital letters; `None` if there is any other character.
pub(crate) fn mod_37_36(body: &str) -> Option<char> {
    let check = hybrid(body, 36)?;
    ALPHABET.get(check as usize).map(|byte| char::from(*byte))
}

/// MOD 11,10: the check digit for digits; `None` if there is any other character.
pub(crate) fn mod_11_10(body: &str) -> Option<char> {
    if !body.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    char::from_digit(hybrid(body, 10)?, 10)
}

/// The hybrid systems MOD m+1,m: they detect every single error and nearly every exchange of neighbours.
fn hybrid(body: &str, m: u32) -> Option<u32> {
    let mut product = m;
    for c in body.chars() {
        let sum = (product + value36(c)?) % m;
        product = (if sum == 0 { m } else { sum }) * 2 % (m + 1);
    }
    Some((m + 1 - product) % m)
}

/// MOD 11-2, used by resident numbers: the check character of 17 digits, `X` for ten.
pub(crate) fn mod_11_2(body: &[u32]) -> char {
    const CHECKS: &[u8; 11] = b"10X98765432";
    let places = u32::try_from(body.len()).unwrap_or(0);
    let sum: u32 = body.iter().zip(0..).map(|(digit, i)| digit * (2_u32.pow(places - i) % 11)).sum();
    char::from(CHECKS[(sum % 11) as usize])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_characters_of_published_examples() {
        assert_eq!(mod_37_36("A12425GABC1234002"), Some('M'));
        assert_eq!(mod_11_10("00200667308"), Some('5'));
        assert_eq!(mod_11_10("0794"), Some('5'));
        let digits: Vec<u32> = "11010519491231002".chars().filter_map(|c| c.to_digit(10)).collect();
        assert_eq!(mod_11_2(&digits), 'X');
    }

    #[test]
    fn other_characters_have_no_check() {
        assert_eq!(mod_37_36("a1"), None);
        assert_eq!(mod_37_36("一"), None);
        assert_eq!(mod_11_10("1A"), None);
    }
}
