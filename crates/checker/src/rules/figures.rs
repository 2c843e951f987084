//! Numbers that a Chinese text states with a unit: `三十日`, `10个工作日`, `80元`.

use expression::Number;

/// Numbers in their order, each with the text that follows it. Numbers of a row (第三十条) and of dates count nothing and are left
/// out, as are those that are not plainly one number (三五天).
pub fn figures(text: &str) -> Vec<(Number, &str)> {
    let mut found = Vec::new();
    let mut rest = text;
    let mut before = ' ';
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c| !is_figure(c)).unwrap_or(rest.len());
        if end == 0 || first == '.' || first == ',' {
            before = first;
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let (run, after) = rest.split_at(end);
        if !matches!(before, '第' | '月' | '统')
            && let Some(number) = number(run)
        {
            found.push((number, after.trim_start()));
        }
        before = run.chars().next_back().unwrap_or(before);
        rest = after;
    }
    found
}

/// The units in which a limit or a period is stated; `true` for working days.
pub fn days(text: &str) -> Vec<(Number, bool)> {
    let unit = |rest: &str| {
        let rest = rest.strip_prefix('个').unwrap_or(rest);
        match rest {
            _ if rest.starts_with("工作日") => Some(true),
            _ if rest.starts_with("日期") || rest.starts_with("日常") => None,
            _ if rest.starts_with(['日', '天']) => Some(false),
            _ => None,
        }
    };
    figures(text).into_iter().filter_map(|(number, rest)| Some((number, unit(rest)?))).collect()
}

fn is_figure(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '.' | ',') || digit(c).is_some() || unit(c).is_some()
}

fn digit(c: char) -> Option<i64> {
    let place = "零一二三四五六七八九".chars().position(|digit| digit == c);
    if c == '两' { Some(2) } else { place.and_then(|place| i64::try_from(place).ok()) }
}

fn unit(c: char) -> Option<i64> {
    Some(match c {
        '十' => 10,
        '百' => 100,
        '千' => 1_000,
        '万' => 10_000,
        _ => return None,
    })
}

fn number(run: &str) -> Option<Number> {
    let end = run.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(run.len());
    let (ascii, spelt) = run.split_at(end);
    if ascii.is_empty() {
        return spelled(spelt);
    }
    let plain: Number = ascii.trim_end_matches(['.', ',']).replace(',', "").parse().ok()?;
    let factor = spelt.chars().try_fold(1, |factor, c| Some(factor * unit(c)?))?;
    plain.ten_thousandths().checked_mul(factor).map(Number::from_ten_thousandths)
}

fn spelled(run: &str) -> Option<Number> {
    let (mut whole, mut section, mut last) = (0_i64, 0_i64, None);
    for c in run.chars() {
        match (digit(c), unit(c)) {
            (Some(0), _) => last = None,
            // Two digits in a row: 三五天, or a number that is read out.
            (Some(_), _) if last.is_some() => return None,
            (Some(digit), _) => last = Some(digit),
            (_, Some(10_000)) => {
                let ten_thousands = section + last.unwrap_or(0);
                if ten_thousands == 0 {
                    return None;
                }
                whole += ten_thousands.checked_mul(10_000)?;
                (section, last) = (0, None);
            }
            (_, Some(unit)) => {
                section += last.unwrap_or(1) * unit;
                last = None;
            }
            _ => return None,
        }
    }
    let number = whole + section + last.unwrap_or(0);
    number.checked_mul(Number::ONE.ten_thousandths()).map(Number::from_ten_thousandths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_figures_and_in_characters() {
        for (text, numbers) in [
            ("自受理之日起二十日内", vec![20]),
            ("当场或者五日内一次告知", vec![5]),
            ("四十五日内不能办结的，可以延长十五日", vec![45, 15]),
            ("10个工作日", vec![10]),
            ("一百二十日、两天、1,000天", vec![120, 2, 1000]),
            ("第三十日，2026年5月1日，三五天，统一日期", vec![]),
            ("三个月内", vec![]),
        ] {
            let numbers: Vec<Number> = numbers.into_iter().map(Number::from).collect();
            assert_eq!(
                days(text).into_iter().map(|(number, _)| number).collect::<Vec<_>>(),
                numbers,
                "{text}"
            );
        }
        let yuan = |text| {
            figures(text)
                .into_iter()
                .map(|(number, rest)| (number.to_string(), rest.starts_with('元')))
                .collect::<Vec<_>>()
        };
        assert_eq!(yuan("每件80元"), [("80".to_owned(), true)]);
        assert_eq!(
            yuan("三万五千元、0.5元、1.2万元"),
            [("35000".into(), true), ("0.5".into(), true), ("12000".into(), true)]
        );
    }
}
