//! Spelling suggestions by Damerau–Levenshtein distance.

/// The candidate most similar to `name`, if it is near enough: at most a third of the characters of the
/// longer word may differ (one, if it has two characters), and never all. Ties go to the earlier candidate.
pub fn nearest<'a, S: AsRef<str> + ?Sized + 'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a S>,
) -> Option<&'a str> {
    let name: Vec<char> = folded(name);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates.into_iter().map(AsRef::as_ref) {
        let other = folded(candidate);
        let longer = name.len().max(other.len());
        // In a Chinese name of two or three characters, one wrong character is already a third to a half.
        let allowed = if longer <= 1 { 0 } else { (longer / 3).max(1) };
        if name.len().abs_diff(other.len()) > allowed {
            continue;
        }
        let found = edits(&name, &other);
        let shares = found < longer;
        if found <= allowed && shares && best.is_none_or(|(least, _)| found < least) {
            best = Some((found, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The number of edits (insert, delete, replace, swap of neighbours) between two texts, in characters.
pub fn distance(a: &str, b: &str) -> usize {
    edits(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>())
}

/// Ignores white space at the ends, case, and full-width forms, which are not spelling errors.
fn folded(text: &str) -> Vec<char> {
    text.trim()
        .chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            _ => c,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// Optimal string alignment (Damerau–Levenshtein without overlapping swaps), keeping three rows.
fn edits(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut row: Vec<usize> = vec![0; b.len() + 1];
    for i in 1..=a.len() {
        row[0] = i;
        for j in 1..=b.len() {
            let same = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + same);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        std::mem::swap(&mut before, &mut last);
        std::mem::swap(&mut last, &mut row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let names = ["营业面积", "经营方式", "从业人数", "floor_area", "甲乙"];
        for (typed, meant) in [
            ("营业面机", Some("营业面积")),
            ("营业面", Some("营业面积")),
            ("业营面积", Some("营业面积")),
            ("经营方试", Some("经营方式")),
            ("Floor_Aera", Some("floor_area")),
            ("ｆｌｏｏｒ＿ａｒｅａ", Some("floor_area")),
            ("甲丙", Some("甲乙")),
            ("丙丁", None),
            ("注册资本", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, &names), meant, "{typed}");
        }
        assert_eq!(nearest("x", ["y"].iter()), None);
    }

    #[test]
    fn distances() {
        for (a, b, n) in
            [("", "", 0), ("甲", "", 1), ("甲乙", "乙甲", 1), ("kitten", "sitting", 3), ("ca", "abc", 3)]
        {
            assert_eq!(distance(a, b), n, "{a} {b}");
        }
    }

    proptest! {
        #[test]
        fn distance_is_symmetric_and_zero_only_for_equals(a in "[ab甲]{0,8}", b in "[ab甲]{0,8}") {
            prop_assert_eq!(distance(&a, &b), distance(&b, &a));
            prop_assert_eq!(distance(&a, &b) == 0, a == b);
            prop_assert!(distance(&a, &b) <= a.chars().count().max(b.chars().count()));
        }
    }
}
