//! Properties that hold for any input.

#![allow(clippy::unwrap_used, reason = "a failure here is a failed test")]

use identifier::{
    CaseNumber, CreditCode, Date, IdentifierKind, Lang, LicenceIdentifier, ProblemCode, TicketNumber,
    WarningCode,
};
use identifier::{identify, mask, mask_name, mask_public, parse};
use proptest::prelude::*;

const CREDIT: &str = "[1-9ANY][1-9][1-6][0-9]{5}[0-9ABCDEFGHJKLMNPQRTUWXY]{9}";

fn kind() -> impl Strategy<Value = IdentifierKind> {
    prop::sample::select(&IdentifierKind::ALL[..])
}

/// The text with one character replaced by another of the alphabet.
fn altered(text: &str, place: usize, alphabet: &str, turn: usize) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    let place = place % characters.len();
    let others: Vec<char> = alphabet.chars().filter(|c| *c != characters[place]).collect();
    characters[place] = others[turn % others.len()];
    characters.into_iter().collect()
}

fn check_fails(kind: IdentifierKind, text: &str) -> bool {
    matches!(parse(kind, text), Err(problem) if matches!(problem.code, ProblemCode::Check { .. } | ProblemCode::Date { .. }))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_text_gets_an_answer(kind in kind(), text in "\\PC{0,40}") {
        let identified = identify(kind, &text);
        prop_assert_eq!(identified.valid, identified.problem.is_none());
        if let Some(problem) = identified.problem {
            prop_assert!(!problem.text(Lang::Zh).is_empty() && !problem.text(Lang::En).is_empty());
        }
        for masked in [mask(kind, &text), mask_name(&text), mask_public(&text)] {
            prop_assert!(masked.chars().count() <= text.chars().count());
        }
    }

    #[test]
    fn near_misses_get_an_answer(kind in kind(), text in "[-+. 0-9０-９A-Zx转]{0,70}") {
        if let Ok(parsed) = parse(kind, &text) {
            let again = parse(kind, &parsed.value);
            prop_assert_eq!(again, Ok(parsed));
        }
    }

    #[test]
    fn a_credit_code_notices_every_single_slip(body in CREDIT, place in 0..18_usize, turn in any::<usize>()) {
        let code = CreditCode::compose(&body).unwrap();
        prop_assert_eq!(CreditCode::parse(&code.code), Ok(code.clone()));
        // Positions 3 to 8 hold digits only.
        let alphabet = if (2..8).contains(&place) { "0123456789" } else { "0123456789ABCDEFGHJKLMNPQRTUWXY" };
        let slip = altered(&code.code, place, alphabet, turn);
        // Some codes of Xiamen and Fuzhou from before the standard have another check character: such a slip is told as one.
        let identified = identify(IdentifierKind::CreditCode, &slip);
        let told = identified.warnings.iter().any(|warning| matches!(warning.code, WarningCode::BeforeStandard { .. }));
        prop_assert!(told || check_fails(IdentifierKind::CreditCode, &slip), "{slip}");
    }

    #[test]
    fn a_slip_in_a_code_of_fuzhou_is_told_one_way_or_the_other(place in 0..18_usize, turn in any::<usize>()) {
        let code = CreditCode::compose("913501000JPAW0JWW").unwrap();
        let alphabet = if (2..8).contains(&place) { "0123456789" } else { "0123456789ABCDEFGHJKLMNPQRTUWXY" };
        let slip = altered(&code.code, place, alphabet, turn);
        let identified = identify(IdentifierKind::CreditCode, &slip);
        prop_assert!(!identified.valid || !identified.warnings.is_empty(), "{slip}");
    }

    #[test]
    fn a_case_number_notices_every_single_slip(
        day in 0..30_000_i64, sequence in 1..1_000_000_u32, place in 0..15_usize, turn in any::<usize>(),
    ) {
        let date = Date::constant(2000, 1, 1).checked_add(jiff::Span::new().days(day)).unwrap();
        let number = CaseNumber::new(date, sequence).unwrap();
        prop_assert_eq!(CaseNumber::parse(&number.to_string()), Ok(number));
        prop_assert_eq!(CaseNumber::parse(&number.grouped()), Ok(number));
        let slip = altered(&number.to_string(), place, "0123456789", turn);
        prop_assert!(check_fails(IdentifierKind::CaseNumber, &slip), "{slip}");
    }

    #[test]
    fn case_numbers_sort_as_they_were_given(a in (0..9_000_i64, 1..1_000_000_u32), b in (0..9_000_i64, 1..1_000_000_u32)) {
        let number = |(day, sequence): (i64, u32)| {
            let date = Date::constant(2020, 1, 1).checked_add(jiff::Span::new().days(day)).unwrap();
            CaseNumber::new(date, sequence).unwrap()
        };
        let (a, b) = (number(a), number(b));
        prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
    }

    #[test]
    fn licences_and_tickets_print_what_they_parse(
        owner in CREDIT, kind in "[0-9]{4}", issuer in "[0-9A-Z]{1,18}", serial in "[0-9A-Z]{1,64}",
        version in 1..1_000_u16, class in "[A-Z]", number in 1..1_000_u16, place in any::<usize>(), turn in any::<usize>(),
    ) {
        let licence = LicenceIdentifier::new(&format!("{owner}{kind}"), &issuer, &serial, version).unwrap();
        prop_assert_eq!(LicenceIdentifier::parse(&licence.to_string()), Ok(licence.clone()));
        let slip = altered(&serial, place, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", turn);
        let slipped = licence.to_string().replacen(&format!(".{serial}."), &format!(".{slip}."), 1);
        if slipped != licence.to_string() && slipped.contains(&format!("{issuer}.{slip}.")) {
            prop_assert!(LicenceIdentifier::parse(&slipped).is_err(), "{slipped}");
        }
        let ticket = TicketNumber::new(class.chars().next().unwrap(), number).unwrap();
        prop_assert_eq!(TicketNumber::parse(&ticket.to_string()), Ok(ticket));
    }
}
