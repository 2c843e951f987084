//! Invented applicants: names, telephones, and numbers with valid check digits.

use catalogue::{Edition, FieldId, RegistrySource};
use identifier::{CreditCode, IdentifierKind};

use super::phrases::{GIVEN, SURNAMES, TRADE};
use crate::dice::Dice;

/// A person's name.
pub(crate) fn person(dice: &mut Dice) -> String {
    let surname = dice.pick(SURNAMES).copied().unwrap_or_default();
    let given = dice.pick(GIVEN).copied().unwrap_or_default();
    format!("{surname}{given}")
}

/// Whether an example is a person's name rather than any other short text.
pub(crate) fn is_person(example: &str) -> bool {
    (2..=4).contains(&example.chars().count()) && SURNAMES.iter().any(|surname| example.starts_with(surname))
}

/// Another company like the example: same town and trade, other name.
pub(crate) fn undertaking(example: &str, dice: &mut Dice) -> String {
    let chars: Vec<char> = example.chars().collect();
    let trade = dice.pick(TRADE).copied().unwrap_or_default();
    // A long name begins with its town.
    let keep = if chars.len() >= 8 { 2 } else { 0 };
    if chars.len() < keep + 3 {
        return format!("{trade}{example}");
    }
    let town: String = chars[..keep].iter().collect();
    let rest: String = chars[keep + 2..].iter().collect();
    format!("{town}{trade}{rest}")
}

/// A mobile number.
pub(crate) fn mobile(dice: &mut Dice) -> String {
    let head = dice.pick(&["138", "139", "150", "158", "186", "188"]).copied().unwrap_or("138");
    format!("{head}{:08}", dice.below(100_000_000))
}

/// The same text with other digits, like addresses in one street.
pub(crate) fn other_digits(text: &str, dice: &mut Dice) -> String {
    text.chars()
        .map(
            |c| {
                if c.is_ascii_digit() {
                    char::from(b'1' + u8::try_from(dice.below(9)).unwrap_or(0))
                } else {
                    c
                }
            },
        )
        .collect()
}

/// A number of this kind with valid check digits.
pub(crate) fn number(edition: &Edition, kind: IdentifierKind, dice: &mut Dice) -> Option<String> {
    match kind {
        IdentifierKind::CreditCode => credit_code(edition, dice),
        IdentifierKind::Resident => resident(&edition.zone().region, dice),
        IdentifierKind::Mobile | IdentifierKind::Phone => Some(mobile(dice)),
        _ => None,
    }
}

fn resident(region: &str, dice: &mut Dice) -> Option<String> {
    // A zone's own region code is not used for people; that of the prefecture's first district (02) is.
    let region = format!("{}02", region.get(..4)?);
    let (year, month, day) = (1960 + dice.below(42), 1 + dice.below(12), 1 + dice.below(28));
    let body = format!("{region}{year:04}{month:02}{day:02}{:03}", dice.below(900) + 100);
    let check = "0123456789X".chars();
    check
        .map(|check| format!("{body}{check}"))
        .find(|number| identifier::parse(IdentifierKind::Resident, number).is_ok())
}

fn credit_code(edition: &Edition, dice: &mut Dice) -> Option<String> {
    const LETTERS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let region = edition.zone().region.get(..4)?;
    let serial: String = (0..8).map(|_| char::from(LETTERS[dice.below(10)])).collect();
    // The ninth character of the body checks the eight before it; the last one of the code checks all.
    LETTERS.iter().find_map(|check| {
        let body = format!("91{region}00MA{}{}", &serial[2..], char::from(*check));
        let body: String = body.chars().take(17).collect();
        CreditCode::compose(&body).ok().map(|code| code.code)
    })
}

/// A key that a registry of the pack has, for the field by which it is looked up.
pub(crate) fn registered(edition: &Edition, field: &FieldId, dice: &mut Dice) -> Option<String> {
    edition.parts().registries.values().filter(|registry| registry.key == *field).find_map(|registry| {
        let RegistrySource::Csv { key_column, columns, rows, .. } = &registry.source else { return None };
        let place = columns.iter().position(|column| column == key_column)?;
        dice.pick(rows)?.get(place).cloned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_up_resident_numbers_verify() {
        let mut dice = Dice::new(3);
        for _ in 0..50 {
            let number = resident("370271", &mut dice).expect("one of eleven check digits is right");
            assert!(identifier::parse(IdentifierKind::Resident, &number).is_ok(), "{number}");
        }
    }

    #[test]
    fn names_stay_of_their_kind() {
        let mut dice = Dice::new(3);
        assert!(is_person("孟知远") && !is_person("示例路一号") && !is_person("青岛"));
        let name = undertaking("青岛某某贸易有限公司", &mut dice);
        assert!(name.starts_with("青岛") && name.ends_with("贸易有限公司"), "{name}");
    }
}
