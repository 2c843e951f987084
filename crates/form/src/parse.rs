//! Parses typed input into values. Full-width digits, units, Chinese dates and the like are accepted.

use std::collections::BTreeMap;
use std::sync::Arc;

use catalogue::{Choice, Field, FieldId, FieldKind};
use expression::{Number, NumberProblem, Row, Value};
use identifier::split_paper;
use jiff::civil::Date;

use crate::validate::{read_identifier, validate};
use crate::{Problem, ProblemKind, Raw};

/// Parses what a browser sent for a field. `Ok(None)`: left blank (the form decides whether it may be).
///
/// # Errors
/// Every problem found; for a table, those of all of its cells. The raw text is not changed by a failure: keep it
/// with [`crate::Answers::keep_typed`].
pub fn parse_answer(field: &Field, raw: &Raw, today: Date) -> Result<Option<Value>, Vec<Problem>> {
    if !matches!(raw, Raw::Rows(_))
        && (raw.is_blank() || says_none(field, raw) || names_kind_alone(field, raw))
    {
        return Ok(None);
    }
    let value = match (&field.kind, raw) {
        (FieldKind::Rows { columns, .. }, Raw::Rows(rows)) => match table(field, columns, rows, today)? {
            Some(value) => value,
            None => return Ok(None),
        },
        (FieldKind::Rows { .. }, _) => return Err(vec![Problem::new(field, ProblemKind::NotATable)]),
        (FieldKind::Choices { options }, raw) => many(field, options, raw)?,
        (_, raw) => one(field, raw.one())?,
    };
    let problems = validate(field, &value, today);
    if problems.is_empty() { Ok(Some(value)) } else { Err(problems) }
}

/// Whether the input is the field's own words for "there is none".
pub(crate) fn says_none(field: &Field, raw: &Raw) -> bool {
    let Some(absent) = &field.absent else { return false };
    let says = |typed: &str| typed.trim() == absent.zh || typed.trim().eq_ignore_ascii_case(&absent.en);
    match raw {
        Raw::One(typed) => says(typed),
        Raw::Many(several) => several.iter().any(|typed| says(typed)),
        Raw::Rows(_) => false,
    }
}

/// Whether the input is only the prefix of the usual kind of paper, as a page prefills it, without a number.
fn names_kind_alone(field: &Field, raw: &Raw) -> bool {
    let FieldKind::Identifier { identifier, .. } = &field.kind else { return false };
    let typed = raw.one();
    let (kind, number) = split_paper(*identifier, typed);
    kind == *identifier && number.len() < typed.len() && number.trim().is_empty()
}

fn one(field: &Field, typed: &str) -> Result<Value, Vec<Problem>> {
    let problem = |kind| vec![Problem::new(field, kind)];
    match &field.kind {
        FieldKind::Text { multiline, .. } => {
            let read = text(typed, *multiline);
            let capitals = field.pattern.as_ref().is_some_and(|pattern| pattern.capitals);
            Ok(Value::text(if capitals { read.to_uppercase() } else { read }))
        }
        FieldKind::Address => Ok(Value::text(text(typed, false))),
        FieldKind::Number { unit, decimals, .. } => {
            let units: Vec<&str> =
                unit.iter().flat_map(|unit| [unit.zh.as_str(), unit.en.as_str()]).collect();
            number(typed, &units, *decimals).map(Value::Number).map_err(problem)
        }
        FieldKind::Money { .. } => number(typed, &["元", "人民币", "圆", "yuan", "RMB", "CNY", "￥", "¥"], 2)
            .map(Value::Number)
            .map_err(problem),
        FieldKind::Date { .. } => date(typed).map(Value::Date).map_err(problem),
        FieldKind::YesNo => yes_or_no(typed).map(Value::Bool).ok_or_else(|| problem(ProblemKind::NotYesOrNo)),
        FieldKind::Choice { options } => option(options, typed)
            .map(Value::Choice)
            .ok_or_else(|| problem(ProblemKind::UnknownOption { option: typed.trim().into() })),
        FieldKind::Identifier { .. } | FieldKind::Phone => {
            read_identifier(field, typed).map(Value::text).map_err(|problem| vec![*problem])
        }
        FieldKind::File { .. } => Ok(Value::text(typed.trim())),
        FieldKind::Location => location(typed).map(Value::text).map_err(problem),
        FieldKind::Choices { .. } | FieldKind::Rows { .. } => Err(problem(ProblemKind::OtherKind)),
    }
}

fn many(field: &Field, options: &[Choice], raw: &Raw) -> Result<Value, Vec<Problem>> {
    let typed: Vec<&str> = match raw {
        Raw::Many(texts) => texts.iter().map(String::as_str).collect(),
        // One box that names several, as `edit_text` writes them, unless the whole text is itself an option.
        Raw::One(text) if option(options, text).is_some() => vec![text],
        Raw::One(text) => text.split([',', '，', '、', ';', '；', '\n']).collect(),
        Raw::Rows(_) => return Err(vec![Problem::new(field, ProblemKind::OtherKind)]),
    };
    let mut chosen = vec![false; options.len()];
    let mut problems = Vec::new();
    for text in typed.into_iter().filter(|text| !text.trim().is_empty()) {
        match option(options, text).and_then(|value| options.iter().position(|option| option.value == value))
        {
            Some(index) => chosen[index] = true,
            None => {
                problems.push(Problem::new(field, ProblemKind::UnknownOption { option: text.trim().into() }))
            }
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    // In declared order, so that equal choices are equal values.
    let values =
        options.iter().zip(chosen).filter(|(_, chosen)| *chosen).map(|(option, _)| option.value.clone());
    Ok(Value::Choices(values.collect()))
}

fn table(
    field: &Field,
    columns: &[Field],
    rows: &[BTreeMap<FieldId, Raw>],
    today: Date,
) -> Result<Option<Value>, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut values: Vec<Row> = Vec::with_capacity(rows.len());
    // Blank rows are the empty lines that a form offers, not answers.
    for (index, cells) in rows.iter().enumerate() {
        if cells.values().all(Raw::is_blank) {
            continue;
        }
        let mut row = Row::new();
        for column in columns {
            let raw = cells.get(&column.id);
            match raw.map_or(Ok(None), |raw| parse_answer(column, raw, today)) {
                Ok(Some(value)) => {
                    row.insert(Arc::from(column.id.as_str()), value);
                }
                Ok(None) if column.optional => {}
                Ok(None) => problems.push(Problem::new(column, ProblemKind::Required).in_row(field, index)),
                Err(found) => problems.extend(found.into_iter().map(|cell| cell.in_row(field, index))),
            }
        }
        for name in cells.keys().filter(|name| !columns.iter().any(|column| column.id == **name)) {
            let mut problem = Problem::new(field, ProblemKind::UnknownColumn { column: name.to_string() });
            problem.row = Some(index);
            problems.push(problem);
        }
        values.push(row);
    }
    match (problems.is_empty(), values.is_empty()) {
        (false, _) => Err(problems),
        (true, true) => Ok(None),
        (true, false) => Ok(Some(Value::Rows(values))),
    }
}

/// Trimmed, without the line ends and invisible characters that browsers and word processors add.
fn text(typed: &str, multiline: bool) -> String {
    if multiline { identifier::lines(typed) } else { identifier::line(typed) }
}

/// Full-width forms, common in typed numbers and dates, as ASCII.
fn half_width(typed: &str) -> String {
    typed
        .chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '\u{3000}' | '\u{a0}' | '\u{2009}' | '\u{202f}' => ' ',
            '。' => '.',
            '−' | '–' | '—' | '―' => '-',
            c => c,
        })
        .collect()
}

fn number(typed: &str, units: &[&str], decimals: u8) -> Result<Number, ProblemKind> {
    let ascii = half_width(typed);
    let mut rest = ascii.trim();
    // A unit may come before (¥) or after (元, m²) the digits.
    loop {
        let before = rest;
        for unit in units {
            let unit = half_width(unit);
            for form in [unit.as_str(), squared(&unit)] {
                if !form.is_empty() {
                    rest = strip(rest, form).trim();
                }
            }
        }
        if rest == before {
            break;
        }
    }
    let digits = without_grouping(rest)?;
    let number: Number = sum_of_parts(&digits).map_err(|problem| match problem {
        NumberProblem::NotANumber => ProblemKind::NotANumber,
        NumberProblem::TooPrecise => ProblemKind::TooPrecise { decimals },
        NumberProblem::OutOfRange => ProblemKind::NumberTooLarge { max: None },
    })?;
    Ok(number)
}

/// Other spellings of the square metre.
fn squared(unit: &str) -> &str {
    match unit {
        "平方米" => "㎡",
        "m²" => "m2",
        _ => "",
    }
}

fn strip<'t>(text: &'t str, unit: &str) -> &'t str {
    let text = text.strip_suffix(unit).unwrap_or(text);
    text.strip_prefix(unit).unwrap_or(text)
}

/// Removes commas and spaces between groups of three digits, or of four as in Chinese counting.
///
/// # Errors
/// `AmbiguousComma` for groups of any other length.
fn without_grouping(text: &str) -> Result<String, ProblemKind> {
    if !text.contains([',', ' ']) {
        return Ok(text.to_owned());
    }
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, ',' | ' ' | '-' | '+')))
        .unwrap_or(text.len());
    let (whole, rest) = text.split_at(end);
    let whole = whole.trim_end();
    let groups: Vec<&str> = whole.split([',', ' ']).collect();
    let all_of = |length| groups[1..].iter().all(|group| group.len() == length);
    if !(all_of(3) || all_of(4)) || groups[0].is_empty() {
        return Err(ProblemKind::AmbiguousComma);
    }
    Ok(groups.concat() + rest.trim_start())
}

/// Parses `3万5000`, `1亿2000万`, `2千`: parts of descending size. A plain number is one part.
fn sum_of_parts(text: &str) -> Result<Number, NumberProblem> {
    const SIZES: [(&str, u32); 5] = [("亿", 8), ("万", 4), ("千", 3), ("百", 2), ("十", 1)];
    if !SIZES.iter().any(|(word, _)| text.contains(word)) || text.contains("万亿") {
        return text.parse();
    }
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut sum = Number::ZERO;
    for (word, zeros) in SIZES {
        let Some((part, after)) = rest.split_once(word) else { continue };
        let factor = Number::from_integer(10_i64.pow(zeros)).ok_or(NumberProblem::OutOfRange)?;
        let part: Number = part.trim().parse()?;
        let scaled = part.checked_mul(factor).ok_or(NumberProblem::OutOfRange)?;
        sum = sum.checked_add(scaled).ok_or(NumberProblem::OutOfRange)?;
        rest = after.trim();
    }
    if !rest.is_empty() {
        sum = sum.checked_add(rest.parse()?).ok_or(NumberProblem::OutOfRange)?;
    }
    if negative { sum.checked_neg().ok_or(NumberProblem::OutOfRange) } else { Ok(sum) }
}

/// Parses year, month, day in this order, with any usual separator, or as eight digits.
fn date(typed: &str) -> Result<Date, ProblemKind> {
    let ascii = half_width(typed);
    let compact: String = ascii.trim().chars().filter(|c| !c.is_whitespace()).collect();
    let parts: Vec<&str> = if compact.len() == 8 && compact.bytes().all(|b| b.is_ascii_digit()) {
        vec![&compact[..4], &compact[4..6], &compact[6..]]
    } else {
        let text = compact.strip_suffix(['日', '号']).unwrap_or(&compact);
        text.split(['-', '/', '.', '年', '月']).collect()
    };
    let [year, month, day] = parts.as_slice() else { return Err(ProblemKind::NotADate) };
    let shaped = year.len() == 4 && (1..=2).contains(&month.len()) && (1..=2).contains(&day.len());
    if !shaped || !parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit())) {
        return Err(ProblemKind::NotADate);
    }
    let read = |part: &str| part.parse::<i16>().map_err(|_| ProblemKind::NotADate);
    let small = |part: &str| part.parse::<i8>().map_err(|_| ProblemKind::NotADate);
    Date::new(read(year)?, small(month)?, small(day)?).map_err(|_| ProblemKind::NoSuchDay)
}

fn yes_or_no(typed: &str) -> Option<bool> {
    match half_width(typed).trim().to_ascii_lowercase().as_str() {
        "yes" | "true" | "on" | "1" | "y" | "是" | "有" => Some(true),
        "no" | "false" | "off" | "0" | "n" | "否" | "无" | "没有" | "不是" => Some(false),
        _ => None,
    }
}

/// The option with that value, or with that label in either language.
fn option(options: &[Choice], typed: &str) -> Option<Arc<str>> {
    let typed = typed.trim();
    let found = options.iter().find(|option| &*option.value == typed).or_else(|| {
        options.iter().find(|option| option.label.zh == typed || option.label.en.eq_ignore_ascii_case(typed))
    });
    found.map(|option| option.value.clone())
}

/// Parses a location as `latitude,longitude` with at most six decimals (about 10 cm), from any usual
/// notation.
pub(crate) fn location(typed: &str) -> Result<String, ProblemKind> {
    let ascii = half_width(typed);
    let parts: Vec<&str> =
        ascii.split([',', '、', ';', ' ']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let [first, second] = parts.as_slice() else { return Err(ProblemKind::NotALocation) };
    let (latitude, longitude) = (degrees(first)?, degrees(second)?);
    let within = |value: f64, bound: f64| value.is_finite() && value.abs() <= bound;
    if within(latitude, 90.0) && within(longitude, 180.0) {
        Ok(format!("{},{}", plain(latitude), plain(longitude)))
    } else if within(latitude, 180.0) && within(longitude, 90.0) {
        Err(ProblemKind::LocationSwapped)
    } else {
        Err(ProblemKind::NotALocation)
    }
}

fn degrees(text: &str) -> Result<f64, ProblemKind> {
    let text = text.trim_end_matches(['°', 'N', 'E', 'n', 'e']);
    let plain = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+'));
    if plain { text.parse().map_err(|_| ProblemKind::NotALocation) } else { Err(ProblemKind::NotALocation) }
}

fn plain(degrees: f64) -> String {
    let text = format!("{degrees:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
