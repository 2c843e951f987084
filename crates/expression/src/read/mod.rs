//! From text to checked tree: `token` (lexer), `parse` and `primary` (grammar with error recovery), `check`
//! and `terms` (names and types).

mod check;
mod keyword;
mod parse;
mod primary;
mod syntax;
mod terms;
mod token;

use crate::problem::{ExpressionProblem, ProblemKind};
use crate::tree::Test;
use crate::{Names, read::check::Checker};

pub(crate) use keyword::is_reserved;
pub(crate) use token::is_plain_name;

/// The longest text in bytes that is parsed.
pub const MAX_LENGTH: usize = 16 * 1024;
/// The most problems reported for a text; by then the first ones explain the rest.
pub const MAX_PROBLEMS: usize = 20;
/// The deepest nesting of a stored tree: JSON readers stop at 128 levels, and the edition around it needs
/// some.
const MAX_TREE: usize = 88;

pub(crate) fn read(text: &str, names: &dyn Names) -> Result<Test, Vec<ExpressionProblem>> {
    if text.len() > MAX_LENGTH {
        return Err(vec![ExpressionProblem::new(
            ProblemKind::TooLong,
            0..text.len(),
            format!("条件太长：{} 字节，最多 {MAX_LENGTH} 字节", text.len()),
            format!("the condition is too long: {} bytes, at most {MAX_LENGTH}", text.len()),
        )]);
    }
    if text.trim().is_empty() {
        return Err(vec![ExpressionProblem::new(
            ProblemKind::Empty,
            0..text.len(),
            "条件是空的；要始终成立就删去这一项，或写 true",
            "the condition is empty; to have it always hold, leave it out or write true",
        )]);
    }
    let mut problems = Vec::new();
    let tokens = token::tokens(text, &mut problems);
    let tree = parse::parse(text, tokens, names, &mut problems);
    // Checking what the nesting limit cut off would only give misleading reports.
    let cut = problems.iter().any(|problem| problem.kind == ProblemKind::TooDeep);
    let test = if cut { None } else { Checker::new(names, &mut problems).condition(&tree) };
    if problems.is_empty()
        && let Some(test) = &test
        && test.json_depth() > MAX_TREE
    {
        problems.push(parse::too_deep(0..text.len()));
    }
    match test {
        Some(test) if problems.is_empty() => Ok(test),
        _ => {
            drop_covered_replacements(&mut problems);
            problems.sort_by_key(|problem| (problem.range.start, problem.range.end));
            problems.truncate(MAX_PROBLEMS);
            Err(problems)
        }
    }
}

/// Drops replacements that overlap a later one, so that all can be applied at once: a later stage's
/// replacement of the same or a wider range includes the earlier stage's.
fn drop_covered_replacements(problems: &mut [ExpressionProblem]) {
    for at in 1..problems.len() {
        let (earlier, rest) = problems.split_at_mut(at);
        let later = &mut rest[0];
        if later.replacement.is_none() {
            continue;
        }
        for problem in earlier.iter_mut().filter(|problem| problem.replacement.is_some()) {
            let inside = later.range.start <= problem.range.start && problem.range.end <= later.range.end;
            let overlaps = later.range.start < problem.range.end && problem.range.start < later.range.end;
            if inside {
                problem.replacement = None;
            } else if overlaps {
                later.replacement = None;
            }
        }
    }
}
