//! Masking names and numbers: personal information is shown no wider than its purpose needs.

use crate::credit_code::reads_as_resident;
use crate::kind::IdentifierKind;
use crate::paper::{join_paper, split_paper};

/// Masks a text as [`crate::parse_paper`] writes it: the kind of paper stays, its number is masked.
pub fn mask_paper(usual: IdentifierKind, text: &str) -> String {
    let (kind, number) = split_paper(usual, text);
    join_paper(usual, kind, &mask(kind, number))
}

/// Masks by the default of a kind. Numbers that say nothing about a person stay whole: codes of
/// organisations, licences and regions, and our own.
pub fn mask(kind: IdentifierKind, value: &str) -> String {
    match kind {
        IdentifierKind::Mobile | IdentifierKind::Phone => mask_mobile(value),
        IdentifierKind::Resident
        | IdentifierKind::Passport
        | IdentifierKind::ForeignResident
        | IdentifierKind::HongKongMacaoPermit
        | IdentifierKind::TaiwanPermit
        | IdentifierKind::Other => mask_number(value),
        // A resident number in the wrong field is still a person's.
        IdentifierKind::CreditCode if reads_as_resident(value) => mask_number(value),
        IdentifierKind::CreditCode
        | IdentifierKind::OrganisationCode
        | IdentifierKind::Licence
        | IdentifierKind::Region
        | IdentifierKind::CaseNumber
        | IdentifierKind::Ticket => value.to_owned(),
    }
}

/// 张三 → 张*, 欧阳明日 → 欧***. A single character is masked completely.
pub fn mask_name(name: &str) -> String {
    let name = name.trim();
    let shown = usize::from(name.chars().count() > 1);
    keep(name, shown, 0)
}

/// Shows the first six and the last four characters; of fewer than twelve as [`mask_public`].
pub fn mask_number(number: &str) -> String {
    let number = number.trim();
    if number.chars().count() < 12 { mask_public(number) } else { keep(number, 6, 4) }
}

/// For public notices: shows the first and the last character; fewer than four characters are masked
/// completely.
pub fn mask_public(number: &str) -> String {
    let number = number.trim();
    let shown = usize::from(number.chars().count() > 3);
    keep(number, shown, shown)
}

/// 138****1234. Of other phone numbers the last four characters are hidden.
pub fn mask_mobile(phone: &str) -> String {
    let phone = phone.trim();
    let count = phone.chars().count();
    if count == 11 && phone.bytes().all(|byte| byte.is_ascii_digit()) {
        keep(phone, 3, 4)
    } else {
        keep(phone, count.saturating_sub(4), 0)
    }
}

/// Shows so many characters at the beginning and at the end; a text too short to hide any of is masked
/// completely.
pub fn mask_but(text: &str, first: usize, last: usize) -> String {
    let text = text.trim();
    if first + last >= text.chars().count() { keep(text, 0, 0) } else { keep(text, first, last) }
}

fn keep(text: &str, first: usize, last: usize) -> String {
    let count = text.chars().count();
    text.chars().enumerate().map(|(i, c)| if i < first || i + last >= count { c } else { '*' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_show_what_the_rule_allows_and_no_more() {
        let rows: [(&str, String); 14] = [
            ("张*", mask_name("张三")),
            ("欧***", mask_name(" 欧阳明日 ")),
            ("*", mask_name("张")),
            ("", mask_name("")),
            ("110105********002X", mask_number("11010519491231002X")),
            ("E*******5", mask_number("E12345675")),
            ("1****************X", mask_public("11010519491231002X")),
            ("***", mask_public("123")),
            ("山东省青岛市****", mask_but("山东省青岛市某路1号", 6, 0)),
            ("***", mask_but("abc", 2, 1)),
            ("138****1234", mask_mobile("13812341234")),
            ("0532-8888****", mask_mobile("0532-88881234")),
            ("****", mask_mobile("1234")),
            ("91110000600037341L", mask(IdentifierKind::CreditCode, "91110000600037341L")),
        ];
        for (expected, masked) in rows {
            assert_eq!(masked, expected);
        }
    }
}
