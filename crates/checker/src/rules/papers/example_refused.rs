//! Y321 · 示例自己就通不过 / An example that its own field refuses
//!
//! 数据元的 example 要是一个能填的答案：类型、长度、最小最大值、选项、校验位都对。照着它填的人会被拒绝；页面上不显示通不过的示例，演示数据也用不上它。
//! 表格的每一列也一样；表格本身不写 example，写在各列上。
//!
//! ---
//!
//! The `example` of a field is an answer that it takes: of its type, length and bounds, one of its options, with a valid check
//! digit. Whoever copies one that is refused is refused as well, and pages and demonstration data leave it out. So of each column
//! of a table; the table itself has none.

use calendar::Date;
use catalogue::{Choice, Field, FieldKind};
use diagnostic::Bilingual;
use expression::Number;
use identifier::{IdentifierKind, Lang};

use crate::rules::kit::*;

pub const CODE: Code = Code("Y321");

/// Bounds of an address in characters, as `form` has them.
const ADDRESS: std::ops::RangeInclusive<usize> = 4..=200;

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    for field in pack.parts.fields.values().filter(|field| pack.field_is_sound(field.id.as_str())) {
        of_field(field, &pack.declared_field(field.id.as_str()), out);
    }
}

fn of_field(field: &Field, at: &Place, out: &mut Vec<Finding>) {
    if let FieldKind::Rows { columns, .. } = &field.kind {
        for column in columns {
            of_field(column, &at.clone().key("columns").key(column.id.as_str()), out);
        }
    }
    let Some(Err(why)) = field.example.as_deref().map(|text| takes(field, text)) else { return };
    let text = field.example.as_deref().unwrap_or_default();
    out.push(
        Finding::warning(
            CODE,
            at.clone().key("example"),
            format!("示例“{text}”填不进“{}”：{}", field.id, why.zh),
            format!("the example “{text}” is refused by “{}”: {}", field.id, why.en),
        )
        .help("写一个能填的答案", "write an answer that the field takes"),
    );
}

type Taken = Result<(), Bilingual>;

fn no(zh: impl Into<String>, en: impl Into<String>) -> Taken {
    Err(Bilingual::new(zh, en))
}

/// Whether `form` takes the text as an answer. It mirrors `form::parse_answer` for plainly written examples, and must be
/// changed together with it.
fn takes(field: &Field, text: &str) -> Taken {
    match &field.kind {
        FieldKind::Text { multiline, min_length, max_length } => {
            let text = if *multiline { identifier::lines(text) } else { identifier::line(text) };
            let says = *min_length <= 1 || text.chars().any(char::is_alphanumeric);
            length(&text, *min_length as usize..=*max_length as usize)?;
            if says { Ok(()) } else { no("没有文字或数字", "it has neither letters nor digits") }
        }
        FieldKind::Number { min, max, unit, decimals } => {
            let units: Vec<&str> = unit.iter().flat_map(|unit| [unit.zh.as_str(), unit.en.as_str()]).collect();
            number(text, &units, *decimals, *min, *max)
        }
        FieldKind::Money { min, max } => number(text, &["元", "yuan"], 2, min.or(Some(Number::ZERO)), *max),
        FieldKind::Date { min, max, .. } => date(text, *min, *max),
        FieldKind::YesNo => {
            const WORDS: [&str; 8] = ["yes", "no", "true", "false", "是", "否", "有", "无"];
            let text = text.trim();
            let known = WORDS.iter().any(|word| text.eq_ignore_ascii_case(word));
            if known { Ok(()) } else { no("只能是 yes 或 no", "it is `yes` or `no`") }
        }
        FieldKind::Choice { options } => option(options, text),
        FieldKind::Choices { options } => {
            let whole = option(options, text);
            let mut split = text.split([',', '，', '、', ';', '；', '\n']).filter(|part| !part.trim().is_empty());
            if whole.is_ok() { whole } else { split.try_for_each(|part| option(options, part)) }
        }
        FieldKind::Identifier { identifier, also } => paper(*identifier, also, text),
        FieldKind::Phone => paper(IdentifierKind::Phone, &[], text),
        FieldKind::Address => {
            let text = identifier::line(text);
            length(&text, ADDRESS)?;
            if text.chars().any(char::is_alphabetic) { Ok(()) } else { no("不像地址", "it is no address") }
        }
        FieldKind::Rows { .. } => no("表格的示例写在各列上", "the examples of a table stand at its columns"),
        FieldKind::File { .. } | FieldKind::Location => Ok(()),
    }
}

fn length(text: &str, bounds: std::ops::RangeInclusive<usize>) -> Taken {
    let found = text.chars().count();
    let (least, most) = bounds.into_inner();
    if (least..=most).contains(&found) {
        return Ok(());
    }
    no(
        format!("有 {found} 个字，要 {least} 到 {most} 个"),
        format!("it has {found} characters, {least} to {most} are taken"),
    )
}

fn number(text: &str, units: &[&str], decimals: u8, min: Option<Number>, max: Option<Number>) -> Taken {
    let mut plain = text.trim();
    for unit in units {
        plain = plain.strip_suffix(unit).unwrap_or(plain).trim_end();
    }
    // Spelt in Chinese units of ten; `form` reads these.
    if plain.contains(['十', '百', '千', '万', '亿']) {
        return Ok(());
    }
    let Ok(number) = plain.replace(',', "").parse::<Number>() else {
        return no("不是数字", "it is no number");
    };
    if number.ten_thousandths() % 10_i64.pow(u32::from(4 - decimals.min(4))) != 0 {
        return no(format!("最多 {decimals} 位小数"), format!("at most {decimals} decimals are taken"));
    }
    bounded(number, min, max)
}

fn date(text: &str, min: Option<Date>, max: Option<Date>) -> Taken {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let digits = compact.len() == 8 && compact.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = if digits {
        vec![&compact[..4], &compact[4..6], &compact[6..]]
    } else {
        compact.trim_end_matches(['日', '号']).split(['-', '/', '.', '年', '月']).collect()
    };
    let day = match parts.as_slice() {
        [year, month, day] => year
            .parse()
            .ok()
            .zip(month.parse().ok())
            .zip(day.parse().ok())
            .and_then(|((year, month), day)| Date::new(year, month, day).ok()),
        _ => None,
    };
    match day {
        Some(day) => bounded(day, min, max),
        None => no("不是日期", "it is no date"),
    }
}

fn bounded<T: PartialOrd + std::fmt::Display>(value: T, min: Option<T>, max: Option<T>) -> Taken {
    match (min, max) {
        (Some(min), _) if value < min => no(format!("小于 {min}"), format!("it is below {min}")),
        (_, Some(max)) if value > max => no(format!("大于 {max}"), format!("it is above {max}")),
        _ => Ok(()),
    }
}

fn option(options: &[Choice], text: &str) -> Taken {
    let text = text.trim();
    let is = |option: &Choice| {
        &*option.value == text || option.label.zh == text || option.label.en.eq_ignore_ascii_case(text)
    };
    if options.iter().any(is) { Ok(()) } else { no("选项里没有", "it is no option") }
}

fn paper(usual: IdentifierKind, also: &[IdentifierKind], text: &str) -> Taken {
    let read = identifier::parse_paper(usual, also, text);
    read.map(|_| ()).map_err(|problem| Bilingual::new(problem.text(Lang::Zh), problem.text(Lang::En)))
}
