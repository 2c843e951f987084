//! Finds functions that are too long to be read at once.

pub const FUNCTION_LINES_MAX: usize = 70;

/// Functions that were too long when the limit came in and are still to be split, by file and name, with the lines that they
/// had then. The list only gets shorter: a function that has grown is a finding, and so is an entry whose function is short.
pub const STILL_TO_SPLIT: &[(&str, &str, usize)] = &[
    ("crates/api/src/routes/acts.rs", "into_act", 118),
    ("crates/casework/src/matter.rs", "apply", 148),
    ("crates/casework/src/timeline.rs", "happening", 89),
    ("crates/checker/src/rules/writing/malformed.rs", "finding", 82),
    ("crates/expression/src/value.rs", "deserialize", 83),
    ("crates/form/src/problem.rs", "text", 162),
    ("crates/form/src/validate.rs", "check", 98),
    ("crates/hall/src/apply.rs", "apply", 80),
    ("crates/office/src/case/perform.rs", "commit_case", 81),
    ("crates/office/src/case/perform.rs", "plain_command", 121),
    ("crates/office/src/case/perform.rs", "try_act", 89),
    ("crates/office/src/draft/start.rs", "begin_draft", 75),
    ("crates/office/src/draft/submit.rs", "make_case", 123),
    ("crates/sim/src/faults/floor.rs", "compare", 76),
    ("crates/sim/src/history/steps.rs", "finish", 78),
    ("crates/store-postgres/src/writer/plan.rs", "change", 71),
    ("crates/store-sqlite/src/belongings.rs", "take_one", 77),
    ("crates/web/src/admin/accounts.rs", "draw_one", 86),
    ("crates/web/src/desk/case/acts.rs", "later", 98),
    ("crates/web/src/desk/case/on_the_spot.rs", "correct", 71),
    ("crates/web/src/desk/case/perform.rs", "read", 85),
    ("crates/web/src/desk/words.rs", "told", 130),
    ("crates/web/src/fault.rs", "into_response", 84),
    ("crates/web/src/hall/take.rs", "draw", 93),
    ("crates/web/src/hall/ticket.rs", "draw", 73),
    ("crates/web/src/public/case/timeline.rs", "sentence", 137),
    ("crates/web/src/ui/fields.rs", "control", 109),
    ("crates/web/src/zone/tables.rs", "all", 79),
    ("crates/yichuang/src/command/form.rs", "run", 87),
    ("crates/yichuang/src/command/mine.rs", "print", 71),
];

/// A function with the number of its first line.
#[derive(Debug, PartialEq, Eq)]
pub struct Function<'a> {
    pub name: &'a str,
    pub line: usize,
    pub lines: usize,
}

/// The functions of a source that rustfmt has laid out: the closing brace of a body stands alone, as deep as
/// the line with `fn`. The tests at the end of a file are left out.
pub fn too_long(text: &str) -> Vec<Function<'_>> {
    let lines: Vec<&str> = text.lines().take_while(|line| !line.starts_with("#[cfg(test)]")).collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let Some(name) = name_of(line) else { continue };
        let depth = depth(line);
        // The first line as deep as the head that ends the item; `) -> X {` and `where` go on.
        let last = lines
            .iter()
            .skip(start)
            .position(|line| self::depth(line) == depth && (line.ends_with('}') || line.ends_with(';')));
        if let Some(length) = last.map(|offset| offset + 1)
            && length > FUNCTION_LINES_MAX
        {
            found.push(Function { name, line: start + 1, lines: length });
        }
    }
    found
}

fn depth(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The name, when the line is the head of a function.
fn name_of(line: &str) -> Option<&str> {
    let (before, after) = line.split_once("fn ")?;
    let is_head = before.split_whitespace().all(|word| {
        word.starts_with("pub")
            || word.starts_with('"')
            || ["const", "async", "unsafe", "extern"].contains(&word)
    });
    let end = after.find(|c: char| !c.is_alphanumeric() && c != '_')?;
    (is_head && end > 0).then(|| &after[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_length(lines: usize) -> String {
        format!(
            "impl X {{\n    pub(crate) async fn long(\n    ) -> u8 {{\n{}    }}\n}}\n",
            "        a();\n".repeat(lines - 3)
        )
    }

    #[test]
    fn a_function_one_line_over_the_limit_is_found() {
        let text = of_length(FUNCTION_LINES_MAX + 1);
        assert_eq!(too_long(&text), [Function { name: "long", line: 2, lines: FUNCTION_LINES_MAX + 1 }]);
    }

    #[test]
    fn a_function_at_the_limit_is_not_found() {
        assert_eq!(too_long(&of_length(FUNCTION_LINES_MAX)), []);
    }

    #[test]
    fn tests_may_be_long() {
        let text = format!("#[cfg(test)]\nmod tests {{}}\n{}", of_length(FUNCTION_LINES_MAX + 1));
        assert_eq!(too_long(&text), []);
    }
}
