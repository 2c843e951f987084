//! Why an identifier is refused or questioned, in messages that say what to do next.

use crate::kind::IdentifierKind;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    #[default]
    Zh,
    En,
}

/// One reason for a refusal. Positions count characters of the normalised value from 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentifierProblem {
    pub kind: IdentifierKind,
    #[serde(flatten)]
    pub code: ProblemCode,
    /// A value that verifies and differs only by a known confusion of characters; never a guess at a person's
    /// number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum ProblemCode {
    Empty,
    /// `expected` is a text for people: `18`, `6–20`.
    Length {
        found: usize,
        expected: String,
    },
    /// A 15-digit resident number from before 1999.
    OldResidentNumber,
    /// No identifier of this kind contains this character.
    Character {
        position: usize,
        found: char,
    },
    /// A letter in a position that requires a digit.
    DigitExpected {
        position: usize,
        found: char,
    },
    /// Positions 7 to 14 of a resident number are not a date.
    Date {
        position: usize,
        written: String,
    },
    /// No province code begins with these digits.
    Province {
        position: usize,
        found: String,
    },
    /// The check character does not fit the rest; some character is mistyped.
    Check {
        position: usize,
        found: char,
    },
    /// Positions 7 to 14 are a date in the future.
    NotBornYet {
        position: usize,
        born: Date,
    },
    /// A number of another kind of paper; `taken` if it may be given here under its own kind.
    OtherPaper {
        is: IdentifierKind,
        taken: bool,
    },
    /// The form is none of this kind's forms.
    Shape,
    /// A number of ours outside the range of its digits.
    Range {
        part: NumberPart,
        from: u32,
        to: u32,
    },
    /// This part of a composed identifier is missing or malformed.
    Part {
        part: NumberPart,
    },
}

/// The parts of composed identifiers, for problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberPart {
    /// `1.2.156.3005.2`, the beginning of every licence identifier.
    Root,
    LicenceType,
    Issuer,
    Serial,
    Version,
    Check,
    Year,
    Sequence,
    QueueNumber,
}

impl NumberPart {
    pub const fn label(self, lang: Lang) -> &'static str {
        match (lang, self) {
            (_, NumberPart::Root) => "1.2.156.3005.2",
            (Lang::Zh, NumberPart::LicenceType) => "证照类型代码",
            (Lang::En, NumberPart::LicenceType) => "licence type",
            (Lang::Zh, NumberPart::Issuer) => "颁证机构代码",
            (Lang::En, NumberPart::Issuer) => "issuer",
            (Lang::Zh, NumberPart::Serial) => "流水号",
            (Lang::En, NumberPart::Serial) => "serial",
            (Lang::Zh, NumberPart::Version) => "版本号",
            (Lang::En, NumberPart::Version) => "version",
            (Lang::Zh, NumberPart::Check) => "校验位",
            (Lang::En, NumberPart::Check) => "check character",
            (Lang::Zh, NumberPart::Year) => "年份",
            (Lang::En, NumberPart::Year) => "year",
            (Lang::Zh, NumberPart::Sequence) => "顺序号",
            (Lang::En, NumberPart::Sequence) => "sequence",
            (Lang::Zh, NumberPart::QueueNumber) => "号码",
            (Lang::En, NumberPart::QueueNumber) => "number",
        }
    }
}

/// Something unusual that may be right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    #[serde(flatten)]
    pub code: WarningCode,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum WarningCode {
    /// An unknown region. Regions are renumbered and abolished, so it may be right.
    RegionUnknown { region: String },
    /// The check character of the inner organisation code does not fit; early codes are known to differ.
    OrganisationCheck { position: usize },
    /// The check character does not fit, as in some codes of Fuzhou and Xiamen issued before the standard was
    /// kept.
    BeforeStandard { position: usize },
    /// It is a valid resident number too.
    LooksResident,
    /// A registering authority or category that is not in our table.
    AuthorityUnknown { prefix: String },
    /// Born before 1900: plausible in archives, unusual for an applicant.
    BornLongAgo { year: i16 },
    /// The licence type contains an owner's credit code that does not verify.
    OwnerCheck { owner: String },
    /// The kind of number has been replaced by a newer one.
    Superseded { by: IdentifierKind },
}

impl IdentifierProblem {
    pub(crate) fn new(kind: IdentifierKind, code: ProblemCode) -> IdentifierProblem {
        IdentifierProblem { kind, code, suggestion: None }
    }

    /// What is wrong, and what to do next.
    pub fn text(&self, lang: Lang) -> String {
        let mut text = match lang {
            Lang::Zh => self.zh(),
            Lang::En => self.en(),
        };
        if let Some(suggestion) = &self.suggestion {
            match lang {
                Lang::Zh => text.push_str(&format!("是否应为 {suggestion}？")),
                Lang::En => text.push_str(&format!(" Did you mean {suggestion}?")),
            }
        }
        text
    }

    fn zh(&self) -> String {
        let label = self.kind.label(Lang::Zh);
        match &self.code {
            ProblemCode::Empty => format!("请填写{label}。"),
            ProblemCode::Length { found, expected } => {
                format!("{label}应为 {expected} 位，现在是 {found} 位。请核对是否多填或漏填。")
            }
            ProblemCode::OldResidentNumber => {
                "15 位旧号码已停用。请填写现用身份证上的 18 位号码。".to_owned()
            }
            ProblemCode::NotBornYet { position, born } => {
                format!("第 {position} 位起的出生日期 {born} 还没有到。请核对年份。")
            }
            ProblemCode::OtherPaper { is, taken: true } => {
                format!("这像是{}。请把证件类型改选为它，再填号码。", is.label(Lang::Zh))
            }
            ProblemCode::OtherPaper { is, taken: false } => {
                format!("这像是{}，这里要填的是{label}。请换成{label}。", is.label(Lang::Zh))
            }
            ProblemCode::Character { position, found } => {
                format!("第 {position} 位“{found}”不会出现在{label}中。请对照证件核对这一位。")
            }
            ProblemCode::DigitExpected { position, found } => {
                format!("{label}第 {position} 位应为数字，现在是“{found}”。请对照证件核对这一位。")
            }
            ProblemCode::Date { position, written } => {
                format!("第 {position} 位起的“{written}”不是有效日期。请核对年月日。")
            }
            ProblemCode::Province { position, found } => {
                format!("第 {position} 位起的“{found}”不是任何省级行政区的代码。请核对这两位。")
            }
            ProblemCode::Check { position, found } => format!(
                "校验位（第 {position} 位“{found}”）与前面各位不符，其中有一位写错或相邻两位写反。请对照证件逐位核对。"
            ),
            ProblemCode::Shape => format!("这不像{label}。{}", shape_zh(self.kind)),
            ProblemCode::Range { part, from, to } => {
                format!("{}应在 {from} 至 {to} 之间。", part.label(Lang::Zh))
            }
            ProblemCode::Part { part } => {
                let part = part.label(Lang::Zh);
                format!("{label}的“{part}”部分缺失或格式不对。请从证照上完整复制。")
            }
        }
    }

    fn en(&self) -> String {
        let label = self.kind.label(Lang::En);
        match &self.code {
            ProblemCode::Empty => format!("Enter the {label}."),
            ProblemCode::Length { found, expected } => {
                format!(
                    "A {label} has {expected} characters; this has {found}. Check for a missing or extra one."
                )
            }
            ProblemCode::OldResidentNumber => {
                "Numbers of 15 digits are no longer used. Enter the 18 characters on the present card."
                    .to_owned()
            }
            ProblemCode::NotBornYet { position, born } => {
                format!("The birth date from character {position}, {born}, is still to come. Check the year.")
            }
            ProblemCode::OtherPaper { is, taken: true } => {
                format!(
                    "This looks like a {}. Choose that kind of document, then enter the number.",
                    is.label(Lang::En)
                )
            }
            ProblemCode::OtherPaper { is, taken: false } => {
                format!(
                    "This looks like a {}; what belongs here is the {label}. Enter that instead.",
                    is.label(Lang::En)
                )
            }
            ProblemCode::Character { position, found } => format!(
                "Character {position}, “{found}”, never stands in a {label}. Compare it with the document."
            ),
            ProblemCode::DigitExpected { position, found } => format!(
                "Character {position} of a {label} is a digit; this is “{found}”. Compare it with the document."
            ),
            ProblemCode::Date { position, written } => {
                format!("“{written}” from character {position} is not a date. Check year, month and day.")
            }
            ProblemCode::Province { position, found } => {
                format!("No province has the code “{found}” (character {position}). Check these two digits.")
            }
            ProblemCode::Check { position, found } => format!(
                "The check character (“{found}”, character {position}) does not fit the rest: one character is \
                 mistyped or two are swapped. Compare each one with the document."
            ),
            ProblemCode::Shape => format!("This does not look like a {label}. {}", shape_en(self.kind)),
            ProblemCode::Range { part, from, to } => {
                format!("The {} lies between {from} and {to}.", part.label(Lang::En))
            }
            ProblemCode::Part { part } => {
                let part = part.label(Lang::En);
                format!(
                    "The part “{part}” of the {label} is missing or malformed. Copy all of it from the licence."
                )
            }
        }
    }
}

fn shape_zh(kind: IdentifierKind) -> &'static str {
    match kind {
        IdentifierKind::Mobile => "请填 11 位、以 13 至 19 开头的号码。",
        IdentifierKind::Phone => {
            "请填手机号（13800000000）、带区号的号码（0532-88881234）或 400 号码；境外号码以 + 和国家或地区代码开头，如 +852 9123 4567。"
        }
        IdentifierKind::CaseNumber => "请填受理凭证上的 15 位数字。",
        IdentifierKind::Ticket => "请填一个字母加三位数字，如 A012。",
        _ => "请对照证件核对。",
    }
}

fn shape_en(kind: IdentifierKind) -> &'static str {
    match kind {
        IdentifierKind::Mobile => "Enter 11 digits that begin with 13 to 19.",
        IdentifierKind::Phone => {
            "Enter a mobile number (13800000000), an area code with its number (0532-88881234) or a 400 number; numbers \
             from abroad begin with + and the country code, such as +852 9123 4567."
        }
        IdentifierKind::CaseNumber => "Enter the 15 digits on the receipt.",
        IdentifierKind::Ticket => "Enter one letter and three digits, such as A012.",
        _ => "Compare it with the document.",
    }
}

impl std::fmt::Display for IdentifierProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Lang::Zh))
    }
}

impl std::error::Error for IdentifierProblem {}

impl Warning {
    pub(crate) fn new(code: WarningCode) -> Warning {
        Warning { code }
    }

    pub fn text(&self, lang: Lang) -> String {
        match (lang, &self.code) {
            (Lang::Zh, WarningCode::RegionUnknown { region }) => {
                format!("区划代码 {region} 不在现行目录中，可能已调整。号码仍可使用，请核对一次。")
            }
            (Lang::En, WarningCode::RegionUnknown { region }) => {
                format!(
                    "Region {region} is not in the present list; it may have been renumbered. Check it once."
                )
            }
            (Lang::Zh, WarningCode::OrganisationCheck { position }) => {
                format!("内含的组织机构代码校验位（第 {position} 位）不符，少数早期代码如此。请核对一次。")
            }
            (Lang::En, WarningCode::OrganisationCheck { position }) => format!(
                "The inner organisation code does not verify (character {position}), as with some early codes. \
                 Check it once."
            ),
            (Lang::Zh, WarningCode::BeforeStandard { position }) => format!(
                "第 {position} 位校验位与国家标准不符。福州、厦门 2016 年以前发的少数代码如此。请对照执照逐位核对，再由登记库或窗口核实。"
            ),
            (Lang::En, WarningCode::BeforeStandard { position }) => format!(
                "The check character (character {position}) does not fit the standard; some codes of Fuzhou and Xiamen from before 2016 do not. \
                 Compare each character with the licence; the register or the window settles it."
            ),
            (Lang::Zh, WarningCode::LooksResident) => {
                "这也像是一个公民身份号码。请核对填的是单位的代码，不是个人的号码。".to_owned()
            }
            (Lang::En, WarningCode::LooksResident) => {
                "This also looks like a resident number. Check that it is the code of an undertaking and not a person’s number."
                    .to_owned()
            }
            (Lang::Zh, WarningCode::AuthorityUnknown { prefix }) => {
                format!("登记管理部门和机构类别“{prefix}”不常见。请核对前两位。")
            }
            (Lang::En, WarningCode::AuthorityUnknown { prefix }) => {
                format!(
                    "The registering authority and category “{prefix}” are unusual. Check the first two characters."
                )
            }
            (Lang::Zh, WarningCode::BornLongAgo { year }) => format!("出生年份为 {year}。请核对一次。"),
            (Lang::En, WarningCode::BornLongAgo { year }) => {
                format!("The year of birth is {year}. Check it once.")
            }
            (Lang::Zh, WarningCode::OwnerCheck { owner }) => {
                format!("证照类型所有者的代码 {owner} 校验不符。请向颁证机构核实。")
            }
            (Lang::En, WarningCode::OwnerCheck { owner }) => {
                format!("The code {owner} of the owner of this licence type does not verify. Ask the issuer.")
            }
            (Lang::Zh, WarningCode::Superseded { by }) => {
                format!("这种旧编号已由{}取代。有新编号时请填新编号。", by.label(Lang::Zh))
            }
            (Lang::En, WarningCode::Superseded { by }) => {
                format!(
                    "This old kind was replaced by the {}. Use the new one if there is one.",
                    by.label(Lang::En)
                )
            }
        }
    }
}
