//! Queries on views as SQL.

use std::fmt::Write as _;

use store::{
    Cell, Condition, Direction, Measure, OrderBy, Page, Result, Row, TallyRow, ViewQuery, ViewTally, Wanted,
    wanted_words,
};
use tokio_postgres::Row as SqlRow;
use tokio_postgres::types::Type;

use super::View;
use super::layout::{join, quoted};
use crate::value::{Bind, Value, array, array_type_of, fault, nat, to_cell, type_of};

/// The longest search term, in characters; longer ones are cut. PostgreSQL's own bound is 2,046 bytes.
pub(super) const WORD_CHARS_MAX: usize = 400;

/// A query with its parameters. Every value is passed as a parameter; names come from checked schemas.
#[derive(Default)]
pub(crate) struct Question {
    pub(crate) sql: String,
    values: Vec<(Value, Type)>,
}

impl Question {
    pub(crate) fn values(&self) -> Vec<crate::connect::Typed<'_>> {
        self.values.iter().map(|(value, kind)| (&**value as _, kind.clone())).collect()
    }

    fn put(&mut self, value: Value, kind: Type) -> String {
        self.values.push((value, kind));
        format!("${}", self.values.len())
    }

    fn bind(&mut self, view: &View, name: &str, cell: &Cell) -> String {
        let kind =
            view.schema.place(name).map_or(Type::TEXT, |place| type_of(view.schema.columns[place].kind));
        self.put(Box::new(Bind(cell.clone())), kind)
    }

    fn all_of(&mut self, view: &View, conditions: &[Condition]) -> String {
        if conditions.is_empty() {
            return "true".into();
        }
        let parts: Vec<String> = conditions.iter().map(|condition| self.condition(view, condition)).collect();
        parts.join(" and ")
    }

    fn condition(&mut self, view: &View, condition: &Condition) -> String {
        match condition {
            Condition::Eq(name, cell) => format!("{} = {}", quoted(name), self.bind(view, name, cell)),
            Condition::NotEq(name, cell) => format!("{} <> {}", quoted(name), self.bind(view, name, cell)),
            Condition::In(name, cells) => {
                let Some(place) = view.schema.place(name) else { return "false".into() };
                let kind = view.schema.columns[place].kind;
                let cells = self.put(array(kind, cells.iter()), array_type_of(kind));
                format!("{} = any({cells})", quoted(name))
            }
            Condition::Range { column, from, to } => {
                let name = quoted(column);
                let mut parts = vec![format!("{name} is not null")];
                parts
                    .extend(from.as_ref().map(|from| format!("{name} >= {}", self.bind(view, column, from))));
                parts.extend(to.as_ref().map(|to| format!("{name} < {}", self.bind(view, column, to))));
                parts.join(" and ")
            }
            Condition::Prefix(column, start) => {
                let name = quoted(column);
                let mut sql = format!("{name} >= {}", self.bind(view, column, &start.as_str().into()));
                if let Some(end) = after_prefix(start) {
                    let _ = write!(sql, " and {name} < {}", self.bind(view, column, &end.into()));
                }
                sql
            }
            Condition::IsNull(name) => format!("{} is null", quoted(name)),
            Condition::NotNull(name) => format!("{} is not null", quoted(name)),
            Condition::Matches(query) => self.matches(query),
            Condition::AnyOf(branches) => {
                let parts: Vec<String> =
                    branches.iter().map(|branch| format!("({})", self.all_of(view, branch))).collect();
                if parts.is_empty() { "false".into() } else { format!("({})", parts.join(" or ")) }
            }
            // A kind of condition unknown to this version matches nothing, rather than too much.
            _ => "false".into(),
        }
    }

    fn matches(&mut self, query: &str) -> String {
        // Search terms contain letters and digits only, so they cannot break out of the quotes.
        let wanted: Vec<String> = wanted_words(query)
            .iter()
            .map(|each| match each {
                Wanted::Word(word) => format!("'{}'", cut(word)),
                Wanted::Beginning(start) => format!("'{}':*", cut(start)),
            })
            .collect();
        if wanted.is_empty() {
            return "false".into();
        }
        let wanted = self.put(Box::new(wanted.join(" & ")), Type::TEXT);
        format!("\"_words\" @@ {wanted}::tsquery")
    }

    /// Restricts to rows that follow these cells in the order.
    fn after(&mut self, view: &View, order: &[OrderBy], cells: &[Cell]) -> String {
        let sign = |direction| if direction == Direction::Ascending { ">" } else { "<" };
        let marks: Vec<String> =
            order.iter().zip(cells).map(|(each, cell)| self.bind(view, &each.column, cell)).collect();
        let first = order[0].direction;
        if order.iter().all(|each| each.direction == first) {
            let columns = join(order.iter().map(|each| quoted(&each.column)));
            return format!("({columns}) {} ({})", sign(first), marks.join(", "));
        }
        // The first column's bound is repeated on its own, so that an index range can start there.
        let mut ways = Vec::new();
        for (place, each) in order.iter().enumerate() {
            let mut way: Vec<String> =
                (0..place).map(|n| format!("{} = {}", quoted(&order[n].column), marks[n])).collect();
            way.push(format!("{} {} {}", quoted(&each.column), sign(each.direction), marks[place]));
            ways.push(format!("({})", way.join(" and ")));
        }
        format!("{} {}= {} and ({})", quoted(&order[0].column), sign(first), marks[0], ways.join(" or "))
    }
}

pub(super) fn cut(word: &str) -> &str {
    word.char_indices().nth(WORD_CHARS_MAX).map_or(word, |(end, _)| &word[..end])
}

pub(crate) fn row(view: &View, key: &[Cell]) -> Result<Question> {
    view.schema.check_key(key)?;
    let mut asked = Question::default();
    let by_key: Vec<String> = view
        .schema
        .key
        .iter()
        .zip(key)
        .map(|(name, cell)| format!("{} = {}", quoted(name), asked.bind(view, name, cell)))
        .collect();
    asked.sql = format!("select {} from {} where {}", view.columns, view.table, by_key.join(" and "));
    Ok(asked)
}

pub(crate) fn page(view: &View, query: &ViewQuery) -> Result<Question> {
    query.check(&view.schema)?;
    let order = query.total_order(&view.schema);
    let mut asked = Question::default();
    let mut filter = asked.all_of(view, &query.filter);
    if let Some(cursor) = &query.after {
        filter = format!("{filter} and {}", asked.after(view, &order, cursor.cells()));
    }
    let ordered = join(order.iter().map(|each| match each.direction {
        Direction::Ascending => quoted(&each.column),
        Direction::Descending => format!("{} desc", quoted(&each.column)),
    }));
    asked.sql = format!(
        "select {} from {} where {filter} order by {ordered} limit {}",
        view.columns,
        view.table,
        u64::from(query.limit) + 1
    );
    Ok(asked)
}

/// The page from the rows that the query of [`page`] returned, which has one more row when there are more.
pub(crate) fn page_of(view: &View, query: &ViewQuery, found: &[SqlRow]) -> Result<Page> {
    let mut rows: Vec<Row> = found.iter().map(|row| row_of(view, row)).collect::<Result<_>>()?;
    let more = rows.len() > query.limit as usize;
    rows.truncate(query.limit as usize);
    let next = match rows.last() {
        Some(last) if more => Some(query.cursor_at(&view.schema, last)?),
        _ => None,
    };
    Ok(Page { rows, next })
}

pub(crate) fn row_of(view: &View, row: &SqlRow) -> Result<Row> {
    cells(row, 0, view.schema.columns.len()).map(Row)
}

fn cells(row: &SqlRow, from: usize, count: usize) -> Result<Vec<Cell>> {
    (from..from + count).map(|place| to_cell(row, place).map_err(fault)).collect()
}

pub(crate) fn tally(view: &View, tally: &ViewTally) -> Result<Question> {
    tally.check(&view.schema)?;
    let mut asked = Question::default();
    let filter = asked.all_of(view, &tally.filter);
    let mut select: Vec<String> = tally.group_by.iter().map(|name| quoted(name)).collect();
    select.push("count(*)".into());
    select.extend(tally.measures.iter().map(|measure| measured(view, measure)));
    let mut sql = format!("select {} from {} where {filter}", select.join(", "), view.table);
    if !tally.group_by.is_empty() {
        let group = join(tally.group_by.iter().map(|name| quoted(name)));
        let order = join(tally.group_by.iter().map(|name| format!("{} nulls first", quoted(name))));
        let _ = write!(sql, " group by {group} order by {order}");
    }
    asked.sql = sql;
    Ok(asked)
}

fn measured(view: &View, measure: &Measure) -> String {
    use store::ColumnKind::{Bytes, Integer};
    let name = quoted(measure.column());
    let kind = view.schema.place(measure.column()).map(|place| view.schema.columns[place].kind);
    match (measure, kind) {
        // A sum of bigints is numeric; it is clamped to the range of a bigint.
        (Measure::Sum(_), Some(Integer)) => {
            let (least, most) = (i64::MIN, i64::MAX);
            format!(
                "case when sum({name}) < {least} then {least} when sum({name}) > {most} then {most}
                     else sum({name}) end::bigint"
            )
        }
        (Measure::Sum(_), _) => format!("sum({name})"),
        // Hexadecimal digits sort as the bytes do; PostgreSQL has min and max of bytes only from version 18.
        (Measure::Min(_), Some(Bytes)) => format!("decode(min(encode({name}, 'hex') collate \"C\"), 'hex')"),
        (Measure::Max(_), Some(Bytes)) => format!("decode(max(encode({name}, 'hex') collate \"C\"), 'hex')"),
        (Measure::Min(_), _) => format!("min({name})"),
        (Measure::Max(_), _) => format!("max({name})"),
    }
}

pub(crate) fn tally_of(tally: &ViewTally, found: &[SqlRow]) -> Result<Vec<TallyRow>> {
    let groups = tally.group_by.len();
    let told = |row: &SqlRow| {
        Ok(TallyRow {
            group: cells(row, 0, groups)?,
            count: nat(row.try_get(groups).map_err(fault)?),
            measures: cells(row, groups + 1, tally.measures.len())?,
        })
    };
    found.iter().map(told).collect()
}

/// A query for all rows, in any order.
pub(crate) fn digest(view: &View) -> String {
    format!("select {} from {}", view.columns, view.table)
}

/// The smallest text above all that begin with `prefix`; `None` when there is none.
fn after_prefix(prefix: &str) -> Option<String> {
    let mut chars: Vec<char> = prefix.chars().collect();
    while let Some(last) = chars.pop() {
        let next = match last {
            '\u{10FFFF}' => continue,
            '\u{D7FF}' => '\u{E000}',
            _ => char::from_u32(u32::from(last) + 1)?,
        };
        chars.push(next);
        return Some(chars.into_iter().collect());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_prefix_is_the_next_text() {
        for (prefix, end) in [("a", Some("b")), ("a\u{10FFFF}", Some("b")), ("\u{D7FF}", Some("\u{E000}"))] {
            assert_eq!(after_prefix(prefix).as_deref(), end, "{prefix:?}");
        }
        assert_eq!(after_prefix("\u{10FFFF}"), None);
    }

    #[test]
    fn a_very_long_word_is_cut_where_it_is_kept_and_where_it_is_looked_for() {
        let word = "长".repeat(WORD_CHARS_MAX + 9);
        assert_eq!(cut(&word).chars().count(), WORD_CHARS_MAX);
        assert_eq!(cut("短"), "短");
    }
}
