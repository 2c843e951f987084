//! Problems of answers, and how to correct them.

use catalogue::{Bilingual, Field, FieldId, FieldKind, Lang};
use expression::{Number, Value};
use jiff::civil::Date;
use serde::Serialize;

use crate::Question;

/// One problem of one answer, with a text that says what to do.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Problem {
    pub field: FieldId,
    /// For a table: the row, counted from 0, and the column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<FieldId>,
    #[serde(flatten)]
    pub kind: ProblemKind,
    pub text: Bilingual,
}

/// The closed list of problems. Bounds are those that the field declares.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum ProblemKind {
    Required,
    TooShort {
        min: u32,
        found: usize,
    },
    TooLong {
        max: u32,
        found: usize,
    },
    /// Another form than the field's; what the field says of it.
    Pattern {
        says: Bilingual,
    },
    /// No letter, digit or character in it.
    SaysNothing,
    NotANumber,
    /// Commas in groups of neither three nor four digits: `1,5` may mean 1.5.
    AmbiguousComma,
    TooPrecise {
        decimals: u8,
    },
    NumberTooSmall {
        min: Number,
    },
    NumberTooLarge {
        max: Option<Number>,
    },
    NotADate,
    /// Has the form of a date, but the calendar has no such day.
    NoSuchDay,
    DateTooEarly {
        min: Date,
    },
    DateTooLate {
        max: Date,
    },
    DateInFuture,
    DateInPast,
    NotYesOrNo,
    UnknownOption {
        option: String,
    },
    /// The text has the identifier's own code, position and suggestion.
    Identifier,
    NotAnAddress,
    NotALocation,
    /// Latitude and longitude are swapped.
    LocationSwapped,
    NotAFile,
    FileTooLarge {
        max_bytes: u64,
    },
    NotATable,
    TooFewRows {
        min: u32,
    },
    TooManyRows {
        max: u32,
    },
    UnknownColumn {
        column: String,
    },
    /// Two parties cannot have the same number.
    SameAs {
        other: FieldId,
    },
    /// Two rows of the table are about the same person.
    TwiceInTable,
    /// The identity number contains another day of birth.
    OtherBirth {
        born: Date,
    },
    /// The identity number says that the person is older, or younger, than was said.
    OtherAge {
        born: Date,
        /// The answer that does not agree.
        said: FieldId,
    },
    /// What a register says of it does not change here.
    Fixed,
    /// The stored answer has another type than the field takes now.
    OtherKind,
}

impl Problem {
    pub(crate) fn new(field: &Field, kind: ProblemKind) -> Self {
        let text = kind.text(field);
        Self { field: field.id.clone(), row: None, column: None, kind, text }
    }

    /// The question is not answered.
    pub fn required(field: &Field) -> Self {
        Self::new(field, ProblemKind::Required)
    }

    pub(crate) fn with_text(field: &Field, kind: ProblemKind, text: Bilingual) -> Self {
        Self { field: field.id.clone(), row: None, column: None, kind, text }
    }

    /// The answer equals that of another party.
    pub(crate) fn same(field: &Field, other: &Field) -> Self {
        if !numbers_somebody(field) || !numbers_somebody(other) {
            let text = Bilingual::new(
                format!(
                    "“{}”和“{}”一样。这两项不能相同，请核对并改正其中一个。",
                    field.fact().zh,
                    other.fact().zh
                ),
                format!(
                    "“{}” and “{}” are the same, and must not be: check and correct one of them.",
                    field.fact().en,
                    other.fact().en
                ),
            );
            return Self::with_text(field, ProblemKind::SameAs { other: other.id.clone() }, text);
        }
        let text = Bilingual::new(
            format!(
                "“{}”和“{}”是同一个号码。两方不能是同一个人，请核对并改正其中一个。",
                field.label.zh, other.label.zh
            ),
            format!(
                "“{}” and “{}” are the same number. The two cannot be one person: check and correct one of them.",
                field.label.en, other.label.en
            ),
        );
        Self::with_text(field, ProblemKind::SameAs { other: other.id.clone() }, text)
    }

    /// What was said of somebody's age is not what their number says; told at `field`.
    pub(crate) fn other_age(field: &Field, asked: &Question<'_>, said: bool, born: Date, years: i16) -> Self {
        let (yes_zh, yes_en) = if said { ("是", "yes") } else { ("否", "no") };
        let text = Bilingual::new(
            format!(
                "按证件号码，此人 {born} 出生，今天 {years} 周岁，和“{}”的回答“{yes_zh}”不一致。请核对号码，或者改那一题的回答。",
                asked.label.zh
            ),
            format!(
                "By the identity number this person was born on {born} and is {years} today, which does not agree with the answer “{yes_en}” to “{}”. Check the number, or change that answer.",
                asked.label.en
            ),
        );
        Self::with_text(field, ProblemKind::OtherAge { born, said: asked.field.id.clone() }, text)
    }

    /// The answer is another one than the register's, which does not change here; `first` says what to do about it.
    pub fn fixed(field: &Field, registered: &Value, first: &Bilingual) -> Self {
        let text = Bilingual::new(
            format!(
                "“{}”登记的是“{}”，这里照登记的写，不能改。{}",
                field.fact().zh,
                crate::show_text(field, registered, Lang::Zh),
                first.zh
            ),
            format!(
                "“{}” is registered as “{}” and does not change here. {}",
                field.fact().en,
                crate::show_text(field, registered, Lang::En),
                first.en
            ),
        );
        Self::with_text(field, ProblemKind::Fixed, text)
    }

    /// The problem of a cell as a problem of its table.
    pub(crate) fn in_row(self, table: &Field, row: usize) -> Self {
        let at = row + 1;
        let text =
            Bilingual::new(format!("第 {at} 行：{}", self.text.zh), format!("Row {at}: {}", self.text.en));
        Self { field: table.id.clone(), row: Some(row), column: Some(self.field), kind: self.kind, text }
    }

    /// Stable key under which pages may have their own words.
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }
}

impl ProblemKind {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::TooShort { .. } => "too-short",
            Self::TooLong { .. } => "too-long",
            Self::Pattern { .. } => "pattern",
            Self::SaysNothing => "says-nothing",
            Self::NotANumber => "not-a-number",
            Self::AmbiguousComma => "ambiguous-comma",
            Self::TooPrecise { .. } => "too-precise",
            Self::NumberTooSmall { .. } => "number-too-small",
            Self::NumberTooLarge { .. } => "number-too-large",
            Self::NotADate => "not-a-date",
            Self::NoSuchDay => "no-such-day",
            Self::DateTooEarly { .. } => "date-too-early",
            Self::DateTooLate { .. } => "date-too-late",
            Self::DateInFuture => "date-in-future",
            Self::DateInPast => "date-in-past",
            Self::NotYesOrNo => "not-yes-or-no",
            Self::UnknownOption { .. } => "unknown-option",
            Self::Identifier => "identifier",
            Self::NotAnAddress => "not-an-address",
            Self::NotALocation => "not-a-location",
            Self::LocationSwapped => "location-swapped",
            Self::NotAFile => "not-a-file",
            Self::FileTooLarge { .. } => "file-too-large",
            Self::NotATable => "not-a-table",
            Self::TooFewRows { .. } => "too-few-rows",
            Self::TooManyRows { .. } => "too-many-rows",
            Self::UnknownColumn { .. } => "unknown-column",
            Self::SameAs { .. } => "same-as",
            Self::TwiceInTable => "twice-in-table",
            Self::OtherBirth { .. } => "other-birth",
            Self::OtherAge { .. } => "other-age",
            Self::Fixed => "fixed",
            Self::OtherKind => "other-kind",
        }
    }

    fn text(&self, field: &Field) -> Bilingual {
        let (zh, en) = (&field.label.zh, &field.label.en);
        let unit = crate::show::unit(field);
        let (unit_zh, unit_en) = (crate::show::before(&unit, "zh"), crate::show::before(&unit, "en"));
        match self {
            Self::Required => {
                Bilingual::new(format!("请填写“{zh}”。"), format!("“{en}” is needed. Fill it in."))
            }
            Self::TooShort { min, found } => Bilingual::new(
                format!("“{zh}”至少 {min} 个字，现在 {found} 个字。请写完整。"),
                format!("“{en}” needs at least {min} characters and has {found}. Write it in full."),
            ),
            Self::Pattern { says } => Bilingual::new(
                format!("“{zh}”的写法不对：{}", says.zh),
                format!("“{en}” has another form: {}", says.en),
            ),
            Self::TooLong { max, found } => Bilingual::new(
                format!(
                    "“{zh}”最多 {max} 个字，现在 {found} 个字。请删去 {} 个字。",
                    found.saturating_sub(*max as usize)
                ),
                format!(
                    "“{en}” takes at most {max} characters and has {found}. Remove {}.",
                    found.saturating_sub(*max as usize)
                ),
            ),
            Self::SaysNothing => Bilingual::new(
                format!("“{zh}”里没有字，只有标点或符号。请写出内容。"),
                format!("“{en}” has no letters in it, only signs. Write what it is."),
            ),
            Self::NotANumber => Bilingual::new(
                format!("“{zh}”请填数字，如 120 或 1.5万。"),
                format!("Enter “{en}” as a number, such as 120 or 1500.5."),
            ),
            Self::AmbiguousComma => Bilingual::new(
                format!("“{zh}”中的逗号看不出是分位还是小数。小数请用点，如 1.5。"),
                format!(
                    "The comma in “{en}” may mean thousands or decimals. Use a point for decimals, such as 1.5."
                ),
            ),
            Self::TooPrecise { decimals: 0 } => Bilingual::new(
                format!("“{zh}”请填整数{unit_zh}。"),
                format!("“{en}” is a whole number{unit_en}. Leave out the decimals."),
            ),
            Self::TooPrecise { decimals } => Bilingual::new(
                format!("“{zh}”最多 {decimals} 位小数。"),
                format!("“{en}” takes at most {decimals} decimal places."),
            ),
            Self::NumberTooSmall { min } => Bilingual::new(
                format!("“{zh}”不能小于 {min}{unit_zh}。请核对数字和单位。"),
                format!("“{en}” cannot be less than {min}{unit_en}. Check the number and the unit."),
            ),
            Self::NumberTooLarge { max: Some(max) } => Bilingual::new(
                format!("“{zh}”不能大于 {max}{unit_zh}。请核对数字和单位。"),
                format!("“{en}” cannot be more than {max}{unit_en}. Check the number and the unit."),
            ),
            Self::NumberTooLarge { max: None } => Bilingual::new(
                format!("“{zh}”的数字太大。请核对位数。"),
                format!("“{en}” is too large a number. Check its digits."),
            ),
            Self::NotADate => Bilingual::new(
                format!("“{zh}”请填日期，年月日依次写，如 2026-10-22。"),
                format!("Enter “{en}” as year, month and day, such as 2026-10-22."),
            ),
            Self::NoSuchDay => Bilingual::new(
                format!("“{zh}”：日历上没有这一天。请核对月和日。"),
                format!("“{en}”: the calendar has no such day. Check month and day."),
            ),
            Self::DateTooEarly { min } => {
                Bilingual::new(format!("“{zh}”不能早于 {min}。"), format!("“{en}” cannot be before {min}."))
            }
            Self::DateTooLate { max } => {
                Bilingual::new(format!("“{zh}”不能晚于 {max}。"), format!("“{en}” cannot be after {max}."))
            }
            Self::DateInFuture => Bilingual::new(
                format!("“{zh}”不能晚于今天。请核对年份。"),
                format!("“{en}” cannot be after today. Check the year."),
            ),
            Self::DateInPast => Bilingual::new(
                format!("“{zh}”不能早于今天。请选今天或者以后的一天。"),
                format!("“{en}” cannot be before today. Choose today or a later day."),
            ),
            Self::NotYesOrNo => {
                Bilingual::new(format!("“{zh}”请选是或否。"), format!("Answer “{en}” with yes or no."))
            }
            Self::UnknownOption { option } => Bilingual::new(
                format!("“{zh}”没有“{option}”这一项。请从所列选项中选择。"),
                format!("“{en}” has no option “{option}”. Choose one that is listed."),
            ),
            Self::Identifier => {
                Bilingual::new(format!("请核对“{zh}”。"), format!("Check “{en}” against the document."))
            }
            Self::NotAnAddress => Bilingual::new(
                format!("“{zh}”请写到门牌，如“某区某路 1 号 101 室”。"),
                format!("Write “{en}” down to the door, such as “Room 101, No. 1 Some Road, Some District”."),
            ),
            Self::NotALocation => Bilingual::new(
                format!("“{zh}”请填纬度和经度，如 36.06,120.38，或点“用当前位置”。"),
                format!(
                    "Enter “{en}” as latitude and longitude, such as 36.06,120.38, or press “Use my position”."
                ),
            ),
            Self::LocationSwapped => Bilingual::new(
                format!("“{zh}”的经纬度写反了。请先写纬度，再写经度。"),
                format!("“{en}” has longitude first. Write latitude, then longitude."),
            ),
            Self::NotAFile => Bilingual::new(
                format!("“{zh}”的文件没有传好。请重新选择文件。"),
                format!("The file for “{en}” did not arrive. Choose it again."),
            ),
            Self::FileTooLarge { max_bytes } => {
                let size = crate::show::size(*max_bytes);
                Bilingual::new(
                    format!("“{zh}”的文件不能超过 {size}。请压缩后再传，或拍得小一些。"),
                    format!("The file for “{en}” can be at most {size}. Make it smaller and send it again."),
                )
            }
            Self::NotATable => {
                Bilingual::new(format!("“{zh}”请逐行填写。"), format!("Fill in “{en}” row by row."))
            }
            Self::TooFewRows { min } => Bilingual::new(
                format!("“{zh}”至少填 {min} 行。"),
                format!("“{en}” needs at least {min} row(s)."),
            ),
            Self::TooManyRows { max } => Bilingual::new(
                format!("“{zh}”最多填 {max} 行。"),
                format!("“{en}” takes at most {max} row(s)."),
            ),
            Self::UnknownColumn { column } => Bilingual::new(
                format!("“{zh}”没有“{column}”这一列。请删去这一列。"),
                format!("“{en}” has no column “{column}”. Remove it."),
            ),
            Self::SameAs { other } => Bilingual::new(
                format!("“{zh}”和“{other}”相同。请核对并改正其中一个。"),
                format!("“{en}” is the same as “{other}”. Check and correct one of them."),
            ),
            Self::TwiceInTable => Bilingual::new(
                format!("“{zh}”里同一个证件号码写了两次。请删去一行，或者改正号码。"),
                format!("“{en}” has the same number twice. Take one row out, or correct the number."),
            ),
            Self::OtherBirth { born } => Bilingual::new(
                format!("“{zh}”和证件号码里的出生日期（{born}）不一样。请核对号码和日期。"),
                format!(
                    "“{en}” is not the day of birth in the identity number ({born}). Check the number and the date."
                ),
            ),
            Self::OtherAge { born, said } => Bilingual::new(
                format!("“{zh}”里的出生日期是 {born}，和“{said}”的回答不一致。请改正其中一个。"),
                format!(
                    "The day of birth in “{en}” is {born}, which does not agree with the answer to “{said}”. Correct one of them."
                ),
            ),
            Self::Fixed => Bilingual::new(
                format!("“{zh}”照登记的写，这里不改。"),
                format!("“{en}” stands as it is registered and does not change here."),
            ),
            Self::OtherKind => Bilingual::new(
                format!("“{zh}”的填写方式已变。请重新填写。"),
                format!("“{en}” is now answered in another way. Answer it again."),
            ),
        }
    }
}

/// A number of somebody, or a table with the numbers of several.
fn numbers_somebody(field: &Field) -> bool {
    matches!(field.kind, FieldKind::Identifier { .. } | FieldKind::Rows { .. })
}
