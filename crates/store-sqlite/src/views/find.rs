//! Queries on views as SQL.

use std::fmt::Write as _;

use rusqlite::{Connection, OptionalExtension, Row as SqlRow, params_from_iter};
use store::{
    Cell, Condition, Digest, Direction, Measure, OrderBy, Page, Result, Row, RowsDigest, TallyRow, ViewQuery,
    ViewTally, Wanted, wanted_words,
};

use super::View;
use super::layout::join;
use crate::value::{Bind, fault, nat, to_cell, to_cell_ref};

pub(crate) fn row(connection: &Connection, view: &View, key: &[Cell]) -> Result<Option<Row>> {
    view.schema.check_key(key)?;
    let mut select = connection.prepare_cached(&view.select).map_err(fault)?;
    select
        .query_row(params_from_iter(key.iter().map(Bind)), |row| cells(row, 0, view.schema.columns.len()))
        .optional()
        .map(|found| found.map(Row))
        .map_err(fault)
}

pub(crate) fn page(connection: &Connection, view: &View, query: &ViewQuery) -> Result<Page> {
    query.check(&view.schema)?;
    let order = query.total_order(&view.schema);
    let mut asked = Asked::default();
    asked.filter(view, &query.filter);
    if let Some(cursor) = &query.after {
        asked.after(&order, cursor.cells());
    }
    let columns = columns(view);
    let ordered = join(order.iter().map(|each| match each.direction {
        Direction::Ascending => each.column.clone(),
        Direction::Descending => format!("{} desc", each.column),
    }));
    let limit = asked.bind(Cell::Integer(i64::from(query.limit) + 1));
    let sql =
        format!("select {columns} from {} where {} order by {ordered} limit {limit}", view.table, asked.sql);
    let mut rows: Vec<Row> =
        asked.run(connection, &sql, |row| cells(row, 0, view.schema.columns.len()).map(Row))?;
    let more = rows.len() > query.limit as usize;
    rows.truncate(query.limit as usize);
    let next = match rows.last() {
        Some(last) if more => Some(query.cursor_at(&view.schema, last)?),
        _ => None,
    };
    Ok(Page { rows, next })
}

pub(crate) fn tally(connection: &Connection, view: &View, tally: &ViewTally) -> Result<Vec<TallyRow>> {
    tally.check(&view.schema)?;
    let mut asked = Asked::default();
    asked.filter(view, &tally.filter);
    let mut select: Vec<String> = tally.group_by.clone();
    select.push("count(*)".into());
    select.extend(tally.measures.iter().map(|measure| match measure {
        Measure::Sum(name) => format!("sum({name})"),
        Measure::Min(name) => format!("min({name})"),
        Measure::Max(name) => format!("max({name})"),
    }));
    let mut sql = format!("select {} from {} where {}", select.join(", "), view.table, asked.sql);
    if !tally.group_by.is_empty() {
        let group = tally.group_by.join(", ");
        let _ = write!(sql, " group by {group} order by {group}");
    }
    let groups = tally.group_by.len();
    asked.run(connection, &sql, |row| {
        Ok(TallyRow {
            group: cells(row, 0, groups)?,
            count: nat(row.get(groups)?),
            measures: cells(row, groups + 1, tally.measures.len())?,
        })
    })
}

pub(crate) fn digest(connection: &Connection, view: &View) -> Result<Digest> {
    let columns = columns(view);
    let sql = format!("select {columns} from {}", view.table);
    let mut digest = RowsDigest::default();
    let mut select = connection.prepare(&sql).map_err(fault)?;
    let mut rows = select.query([]).map_err(fault)?;
    while let Some(row) = rows.next().map_err(fault)? {
        let cells = (0..view.schema.columns.len()).map(|place| row.get_ref(place).map(to_cell_ref));
        digest.add_cells(cells.collect::<rusqlite::Result<Vec<_>>>().map_err(fault)?);
    }
    Ok(digest.finish())
}

fn columns(view: &View) -> String {
    join(view.schema.columns.iter().map(|column| column.name.clone()))
}

fn cells(row: &SqlRow<'_>, from: usize, count: usize) -> rusqlite::Result<Vec<Cell>> {
    (from..from + count).map(|place| row.get_ref(place).map(to_cell)).collect()
}

/// A condition as SQL with its parameters. Every value is passed as a parameter; names come from checked
/// schemas.
#[derive(Default)]
struct Asked {
    sql: String,
    values: Vec<Cell>,
}

impl Asked {
    fn bind(&mut self, cell: Cell) -> String {
        self.values.push(cell);
        format!("${}", self.values.len())
    }

    fn filter(&mut self, view: &View, conditions: &[Condition]) {
        self.sql = self.all_of(view, conditions);
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
            Condition::Eq(name, cell) => format!("{name} = {}", self.bind(cell.clone())),
            Condition::NotEq(name, cell) => format!("{name} <> {}", self.bind(cell.clone())),
            Condition::In(name, cells) => {
                let marks = join(cells.iter().map(|cell| self.bind(cell.clone())));
                format!("{name} in ({marks})")
            }
            Condition::Range { column, from, to } => {
                let mut parts = vec![format!("{column} is not null")];
                parts.extend(from.as_ref().map(|from| format!("{column} >= {}", self.bind(from.clone()))));
                parts.extend(to.as_ref().map(|to| format!("{column} < {}", self.bind(to.clone()))));
                parts.join(" and ")
            }
            Condition::Prefix(name, start) => {
                let mut sql = format!("{name} >= {}", self.bind(Cell::Text(start.clone())));
                if let Some(end) = after_prefix(start) {
                    let _ = write!(sql, " and {name} < {}", self.bind(Cell::Text(end)));
                }
                sql
            }
            Condition::IsNull(name) => format!("{name} is null"),
            Condition::NotNull(name) => format!("{name} is not null"),
            Condition::Matches(query) => self.matches(view, query),
            Condition::AnyOf(branches) => {
                let parts: Vec<String> =
                    branches.iter().map(|branch| format!("({})", self.all_of(view, branch))).collect();
                if parts.is_empty() { "false".into() } else { format!("({})", parts.join(" or ")) }
            }
            // A kind of condition unknown to this version matches nothing, rather than too much.
            _ => "false".into(),
        }
    }

    fn matches(&mut self, view: &View, query: &str) -> String {
        // Search terms contain letters and digits only, so they cannot break out of the quotes.
        let wanted: Vec<String> = wanted_words(query)
            .into_iter()
            .map(|each| match each {
                Wanted::Word(word) => format!("\"{word}\""),
                Wanted::Beginning(start) => format!("\"{start}\" *"),
            })
            .collect();
        if wanted.is_empty() {
            return "false".into();
        }
        let table = &view.table;
        let wanted = self.bind(Cell::Text(wanted.join(" AND ")));
        format!("{table}.rowid in (select rowid from {table}_words where {table}_words match {wanted})")
    }

    /// Restricts to rows that follow these cells in the order.
    fn after(&mut self, order: &[OrderBy], cells: &[Cell]) {
        let sign = |direction| if direction == Direction::Ascending { ">" } else { "<" };
        let marks: Vec<String> = cells.iter().map(|cell| self.bind(cell.clone())).collect();
        let first = order[0].direction;
        let condition = if order.iter().all(|each| each.direction == first) {
            let columns = join(order.iter().map(|each| each.column.clone()));
            format!("({columns}) {} ({})", sign(first), marks.join(", "))
        } else {
            // The first column's bound is repeated on its own, so that an index range can start there.
            let mut ways = Vec::new();
            for (place, each) in order.iter().enumerate() {
                let mut way: Vec<String> =
                    (0..place).map(|n| format!("{} = {}", order[n].column, marks[n])).collect();
                way.push(format!("{} {} {}", each.column, sign(each.direction), marks[place]));
                ways.push(format!("({})", way.join(" and ")));
            }
            format!("{} {}= {} and ({})", order[0].column, sign(first), marks[0], ways.join(" or "))
        };
        let _ = write!(self.sql, " and {condition}");
    }

    fn run<T>(
        &self,
        connection: &Connection,
        sql: &str,
        read: impl FnMut(&SqlRow<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut select = connection.prepare_cached(sql).map_err(fault)?;
        let found = select.query_map(params_from_iter(self.values.iter().map(Bind)), read).map_err(fault)?;
        found.collect::<rusqlite::Result<_>>().map_err(fault)
    }
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
        for (prefix, end) in [
            ("a", Some("b")),
            ("事", Some("二")),
            ("a\u{10FFFF}", Some("b")),
            ("\u{D7FF}", Some("\u{E000}")),
            ("", None),
            ("\u{10FFFF}", None),
        ] {
            assert_eq!(after_prefix(prefix).as_deref(), end, "{prefix:?}");
        }
    }
}
