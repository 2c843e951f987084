//! Published and difficult numbers, and the result of each.

#![allow(clippy::unwrap_used, reason = "a failure here is a failed test")]

use identifier::{
    CaseNumber, CreditCode, Date, IdentifierKind, Lang, LicenceIdentifier, NumberPart, Parts, PhoneKind,
};
use identifier::{ProblemCode, RegionLevel, ResidentNumber, Sex, TicketNumber, WarningCode, identify, parse};

use IdentifierKind::{
    CaseNumber as Case, CreditCode as Credit, ForeignResident, HongKongMacaoPermit, Licence, Mobile,
    OrganisationCode, Other, Passport, Phone, Region, Resident, TaiwanPermit, Ticket,
};

const LICENCES: [&str; 3] = [
    "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
    "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0",
    "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9",
];

const VALID: [(IdentifierKind, &str); 53] = [
    (Credit, "91110000600037341L"),
    (Credit, "91440300708461136T"),
    (Credit, "91330100799655058B"),
    (Credit, "91110108551385082Q"),
    (Credit, "9111000010169286X1"),
    (Credit, "11100000MB0143028R"),
    (Credit, "91110000802100433B"),
    (Credit, "914403001922038216"),
    (Credit, "12341700686863395A"),
    (Credit, "12441500196720244T"),
    // A letter may stand first.
    (Credit, "A1110000600037341K"),
    (Credit, "N2320583MF33400007"),
    (Credit, "９１１１００００６０００３７３４１ｌ"),
    (Credit, "9111 0000-6000 37341L"),
    (Resident, "11010519491231002X"),
    (Resident, "11010519491231002x"),
    // A county abolished long ago.
    (Resident, "440524188001010014"),
    (Resident, "360426199101010071"),
    (Resident, "44011320141005001X"),
    (Resident, "412723199010050012"),
    (Resident, "110102199101010078"),
    (Resident, "120110198012010073"),
    (Resident, "120110199212010072"),
    (Region, "370211"),
    (Region, "130171"),
    (Region, "830000"),
    (Mobile, "13812341234"),
    (Mobile, "+86 138-1234-1234"),
    (Mobile, "（+86）19912341234"),
    (Mobile, "8613812341234"),
    (Phone, "008613812341234"),
    (Phone, "0532-88881234"),
    (Phone, "(010) 6666 1234"),
    (Phone, "+86 532 8888 1234"),
    (Phone, "0532-88881234-801"),
    (Phone, "0532—88881234转801"),
    (Phone, "0532 8888123"),
    (Phone, "400-123-4567"),
    (Phone, "12345"),
    (Phone, "+852 9123 4567"),
    (Phone, "００８５３－６６１２－３４５６"),
    (Phone, "+886 0912 345 678"),
    (Phone, "+44 20 7946 0000"),
    (Phone, "(+1) 202-555-0100"),
    // A code of Xiamen from before the standard was kept there.
    (Credit, "91350203M0001QKT19"),
    (OrganisationCode, "60003734-1"),
    (Ticket, "a012"),
    (Passport, "E12345678"),
    (ForeignResident, "CHN110000000000"),
    (HongKongMacaoPermit, "H12345678"),
    (TaiwanPermit, "12345678"),
    (Other, "鲁字第 12 号"),
    (Licence, LICENCES[0]),
];

#[test]
fn right_numbers_are_accepted_as_people_type_them() {
    for (kind, text) in VALID.into_iter().chain(LICENCES.map(|text| (Licence, text))) {
        let parsed = parse(kind, text).unwrap_or_else(|problem| panic!("{kind} {text}: {problem:?}"));
        assert_eq!(parsed.kind, kind);
        // The stored value parses to itself.
        assert_eq!(parse(kind, &parsed.value).unwrap(), parsed, "{text}");
        let identified = identify(kind, text);
        assert!(identified.valid && identified.problem.is_none());
        let json = serde_json::to_string(&identified).unwrap();
        assert_eq!(serde_json::from_str::<identifier::Identified>(&json).unwrap(), identified, "{json}");
    }
}

#[test]
fn wrong_numbers_are_refused_for_their_first_reason() {
    let character = |position, found| ProblemCode::Character { position, found };
    let digit = |position, found| ProblemCode::DigitExpected { position, found };
    let check = |position, found| ProblemCode::Check { position, found };
    let length = |found, expected: &str| ProblemCode::Length { found, expected: expected.to_owned() };
    let date = |written: &str| ProblemCode::Date { position: 7, written: written.to_owned() };
    let province = |found: &str| ProblemCode::Province { position: 1, found: found.to_owned() };
    let part = |part| ProblemCode::Part { part };
    let rows = [
        (Credit, "91110000600037341M", check(18, 'M')),
        (Credit, "91110000600O37341L", character(12, 'O')),
        (Credit, "A1110000600037341L", check(18, 'L')),
        (Credit, "12345", length(5, "18")),
        (Credit, "9A11A000600037341L", digit(5, 'A')),
        (Credit, "91110000600037341Ｌ１", length(19, "18")),
        (Credit, "9111000060003734１ß", character(18, 'ß')),
        (Credit, "　", ProblemCode::Empty),
        (Resident, "36042619910102009X", check(18, 'X')),
        (Resident, "360426199113010079", date("19911301")),
        (Resident, "11010519900230001X", date("19900230")),
        (Resident, "110105000001010010", date("00000101")),
        (Resident, "990426199112010074", province("99")),
        (Resident, "T60426199101010078", digit(1, 'T')),
        (Resident, "1101051949123100XX", digit(17, 'X')),
        (Resident, "110105491231002", ProblemCode::OldResidentNumber),
        (Resident, "11010519491231002", length(17, "18")),
        (Resident, "١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", digit(1, '١')),
        (Region, "990000", province("99")),
        (Region, "37021", length(5, "6")),
        (Region, "37021A", digit(6, 'A')),
        (Mobile, "12812341234", ProblemCode::Shape),
        (Mobile, "1381234123", length(10, "11")),
        (Mobile, "0532-88881234", length(12, "11")),
        (Mobile, "1381234l234", ProblemCode::Shape),
        (Phone, "abc", ProblemCode::Shape),
        (Phone, "+852 1234 5678", ProblemCode::Shape),
        (Phone, "+852 9123 456", ProblemCode::Shape),
        (Phone, "+86 852 9123", ProblemCode::Shape),
        (Phone, "+1234567", ProblemCode::Shape),
        (Credit, "370202189901010062", ProblemCode::OtherPaper { is: Resident, taken: false }),
        (Phone, "88881234", ProblemCode::Shape),
        (Phone, "0532-18881234", ProblemCode::Shape),
        (Phone, "010-6666123", ProblemCode::Shape),
        (Phone, "0532-88881234转", ProblemCode::Shape),
        (Phone, "---", ProblemCode::Empty),
        (OrganisationCode, "600037342", check(9, '2')),
        (Licence, "1.2.156.3005.2", part(NumberPart::Root)),
        (Licence, "1.2.156.3005.2.11100000MB03271699022.340100.000000016.9", ProblemCode::Shape),
        (Licence, "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.8", check(59, '8')),
        (Licence, "1.2.156.3005.2.11100000MB03271699022.340100.000000016.1.9", part(NumberPart::Version)),
        (
            Licence,
            "1.2.156.3005.2.11100000MB0327169902.340100.000000016.001.9",
            part(NumberPart::LicenceType),
        ),
        (Licence, "1.2.156.3005.2.11100000MB03271699022..000000016.001.9", part(NumberPart::Issuer)),
        (Case, "202611230000010", check(15, '0')),
        (Case, "20261123", length(8, "15")),
        (Ticket, "A12", ProblemCode::Shape),
        (Ticket, "1012", ProblemCode::Shape),
        (Passport, "E1", length(2, "5–12")),
        (Passport, "护照12345", character(1, '护')),
        (ForeignResident, "911110198001010000", check(18, '0')),
        (HongKongMacaoPermit, "X12345678", character(1, 'X')),
        (TaiwanPermit, "1234567", length(7, "8 / 10–11")),
    ];
    for (kind, text, expected) in rows {
        let identified = identify(kind, text);
        let problem = identified.problem.unwrap_or_else(|| panic!("{kind} {text} was accepted"));
        assert!(!identified.valid && identified.parts.is_none());
        assert_eq!((problem.kind, &problem.code), (kind, &expected), "{text}");
        assert!(problem.text(Lang::Zh).chars().any(|c| c > '\u{4E00}'), "{text}");
        // The English text has no Chinese, except characters that it quotes.
        let foreign = |c: char| c > '\u{2E80}' && !text.contains(c);
        assert!(!problem.text(Lang::En).contains(foreign), "{}", problem.text(Lang::En));
    }
}

#[test]
fn parts_say_what_the_number_says() {
    let credit = CreditCode::parse("91110000600037341L").unwrap();
    assert_eq!((credit.authority, credit.category, credit.check), ('9', '1', 'L'));
    assert_eq!((credit.region.as_str(), credit.organisation.as_str()), ("110000", "600037341"));
    for (code, authority, category) in [
        ("A1110000600037341K", "中央军委改革和编制办公室", "该部门登记的机构"),
        ("N2320583MF33400007", "农业农村", "村级集体经济组织"),
        ("12341700686863395A", "机构编制", "事业单位"),
    ] {
        let credit = CreditCode::parse(code).unwrap();
        assert_eq!(credit.authority_name.as_deref(), Some(authority));
        assert_eq!(credit.category_name.as_deref(), Some(category));
    }
    let resident = ResidentNumber::parse("11010519491231002X").unwrap();
    assert_eq!((resident.born_on, resident.sex), (Date::constant(1949, 12, 31), Sex::Female));
    assert_eq!((resident.region.as_str(), resident.province_name.as_str()), ("110105", "北京市"));
    for (code, level) in
        [("370000", RegionLevel::Province), ("370200", RegionLevel::City), ("370211", RegionLevel::County)]
    {
        let region = identifier::Region::parse(code).unwrap();
        assert_eq!((region.level, region.province_name.as_str()), (level, "山东省"));
    }
    let licence = LicenceIdentifier::parse(LICENCES[2]).unwrap();
    assert_eq!((licence.issuer.as_str(), licence.version, licence.check), ("340100", 1, '9'));
    for text in LICENCES {
        assert_eq!(LicenceIdentifier::parse(text).unwrap().to_string(), text);
    }
    let json = serde_json::to_value(identify(Mobile, "+8613812341234")).unwrap();
    assert_eq!(
        json,
        serde_json::json!({"valid": true, "problem": null, "warnings": [],
            "parts": {"kind": "mobile", "number": "13812341234"}})
    );
}

#[test]
fn oddities_warn_but_do_not_refuse() {
    let warnings = |kind, text| -> Vec<WarningCode> {
        parse(kind, text).unwrap().warnings.into_iter().map(|warning| warning.code).collect()
    };
    for code in ["91110000600037341L", "11100000MB0143028R", "N2320583MF33400007"] {
        let inner = WarningCode::OrganisationCheck { position: 17 };
        let odd = warnings(Credit, code).contains(&inner);
        assert_eq!(odd, code.starts_with('N'), "{code}: {:?}", warnings(Credit, code));
    }
    let abolished = CreditCode::compose("91990000600037341").unwrap().code;
    assert_eq!(warnings(Credit, &abolished), [WarningCode::RegionUnknown { region: "990000".to_owned() }]);
    assert_eq!(warnings(Resident, "440524188001010014"), [WarningCode::BornLongAgo { year: 1880 }]);
    assert_eq!(warnings(OrganisationCode, "600037341"), [WarningCode::Superseded { by: Credit }]);
    assert_eq!(warnings(Region, "370001"), [WarningCode::RegionUnknown { region: "370001".to_owned() }]);
    assert_eq!(warnings(Licence, LICENCES[0]), []);
    for warning in parse(Credit, &abolished).unwrap().warnings {
        assert!(warning.text(Lang::Zh).contains("990000") && warning.text(Lang::En).contains("990000"));
    }
}

#[test]
fn only_letters_that_cannot_be_are_ever_corrected() {
    let suggestion = |kind, text| identify(kind, text).problem.unwrap().suggestion;
    assert_eq!(suggestion(Credit, "91110000600O37341L").as_deref(), Some("91110000600037341L"));
    assert_eq!(suggestion(Credit, "9IIIOOOO600037341L").as_deref(), Some("91110000600037341L"));
    assert_eq!(suggestion(Credit, "91110000600O37341M"), None);
    assert_eq!(suggestion(Credit, "91110000600037341M"), None);
    assert_eq!(suggestion(Resident, "36042619910102009X"), None);
    let problem = identify(Credit, "91110000600O37341L").problem.unwrap();
    assert!(problem.text(Lang::Zh).contains("第 12 位") && problem.text(Lang::Zh).contains("是否应为"));
    assert!(
        problem.text(Lang::En).contains("Character 12") && problem.text(Lang::En).contains("Did you mean")
    );
}

#[test]
fn codes_are_composed_with_their_checks() {
    let code = CreditCode::compose("91110000600037341").unwrap();
    assert_eq!(code.code, "91110000600037341L");
    assert_eq!(CreditCode::compose_from("91", "110000", "60003734").unwrap(), code);
    assert!(CreditCode::compose_from("91", "370211", "MA000001").unwrap().warnings().is_empty());
    assert!(CreditCode::compose("9111000060003734").is_err());
    assert!(CreditCode::compose("9111000060003734O").is_err());
    assert!(CreditCode::compose_from("91", "37021X", "MA000001").is_err());
    let licence = LicenceIdentifier::new("11100000MB03271699022", "340100", "000000016", 1).unwrap();
    assert_eq!(licence.to_string(), LICENCES[2]);
    assert_ne!(licence.with_version(2).unwrap().check, licence.check);
    assert!(licence.with_version(0).is_err() && licence.with_version(1_000).is_err());
}

#[test]
fn case_and_ticket_numbers_survive_a_phone_call() {
    let number = CaseNumber::new(Date::constant(2026, 11, 23), 123).unwrap();
    let (written, grouped) = (number.to_string(), number.grouped());
    assert_eq!((written.len(), &written[..14]), (15, "20261123000123"));
    assert_eq!(grouped, format!("20261123-000123-{}", &written[14..]));
    for typed in [written.clone(), grouped, format!(" {written} ")] {
        assert_eq!(typed.parse::<CaseNumber>().unwrap(), number);
    }
    assert!(number.spoken(Lang::Zh).starts_with("二零二六，一一二三，零零零，一二三，"));
    assert!(number.spoken(Lang::En).starts_with("2 0 2 6, 1 1 2 3, 0 0 0, 1 2 3, "));
    assert_eq!(serde_json::to_string(&number).unwrap(), format!("\"{written}\""));
    assert_eq!(serde_json::from_str::<CaseNumber>(&format!("\"{written}\"")).unwrap(), number);
    assert!(serde_json::from_str::<CaseNumber>("\"202611230001230\"").is_err() || written.ends_with('0'));
    for sequence in [0, 1_000_000] {
        assert!(CaseNumber::new(number.date(), sequence).is_err());
    }
    let ticket = TicketNumber::new('b', 7).unwrap();
    assert_eq!((ticket.to_string().as_str(), ticket.spoken(Lang::Zh).as_str()), ("B007", "B，零零七"));
    assert_eq!("Ｂ００７".parse::<TicketNumber>().unwrap(), ticket);
    assert!(TicketNumber::new('1', 7).is_err() && TicketNumber::new('B', 0).is_err());
    assert!(TicketNumber::new('B', 1_000).is_err());
}

#[test]
fn phones_are_dialled_as_the_network_wants_them() {
    for (typed, kind, number, dialled) in [
        ("+86 138 1234 1234", PhoneKind::Mobile, "13812341234", "+8613812341234"),
        ("010-66661234", PhoneKind::Landline, "010-66661234", "+861066661234"),
        ("0086-532-88881234", PhoneKind::Landline, "0532-88881234", "+8653288881234"),
        ("4001234567", PhoneKind::Hotline, "4001234567", "4001234567"),
        ("95588", PhoneKind::Short, "95588", "95588"),
        ("+852 9123-4567", PhoneKind::Abroad, "+85291234567", "+85291234567"),
        ("００886 0912 345678", PhoneKind::Abroad, "+886912345678", "+886912345678"),
    ] {
        let phone = identifier::PhoneNumber::parse(typed).unwrap();
        assert_eq!((phone.kind, phone.number.as_str(), phone.dialled().as_str()), (kind, number, dialled));
    }
    let Parts::Phone(phone) = parse(Phone, "0532-88881234 ext. 801").unwrap().parts else { panic!() };
    assert_eq!(phone.extension.as_deref(), Some("801"));
}

#[test]
fn kinds_are_named_alike_everywhere() {
    for kind in IdentifierKind::ALL {
        assert_eq!(kind.as_str().parse::<IdentifierKind>().unwrap(), kind);
        assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{kind}\""));
        assert!(!kind.label(Lang::Zh).is_empty() && !kind.label(Lang::En).is_empty());
    }
    assert_eq!("credit_code".parse::<IdentifierKind>().unwrap(), Credit);
    assert!("uscc".parse::<IdentifierKind>().is_err());
}

#[test]
fn a_number_in_the_wrong_box_is_masked_as_what_it_is() {
    assert_eq!(identifier::mask(Credit, "370202189901010062"), "370202********0062");
    assert_eq!(identifier::mask(Credit, "91110000600037341L"), "91110000600037341L");
    assert_eq!(identifier::mask_paper(Resident, "passport:E12345678"), "passport:E*******8");
    assert_eq!(identifier::mask_paper(Resident, "11010519491231002X"), "110105********002X");
}

#[test]
fn a_number_holds_the_day_of_birth() {
    let born = |year, month, day| Some(Date::constant(year, month, day));
    assert_eq!(identifier::born_on(Resident, "11010519491231002X"), born(1949, 12, 31));
    assert_eq!(identifier::born_on(ForeignResident, "91112419900101001X"), born(1990, 1, 1));
    assert_eq!(identifier::born_on(ForeignResident, "CHN110000000000"), None);
    assert_eq!(identifier::born_on(Passport, "E12345678"), None);
    assert!(identifier::not_born_by(Resident, "11010519491231002X", Date::constant(1949, 12, 30)).is_some());
    assert!(identifier::not_born_by(Resident, "11010519491231002X", Date::constant(1949, 12, 31)).is_none());
}
