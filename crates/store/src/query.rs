//! Queries on views: filtered and ordered pages, and figures by group.

use serde::{Deserialize, Serialize};

use crate::{Cell, ColumnKind, Digest, Result, Row, StoreError, ViewSchema};

/// The most rows one page may have.
pub const PAGE_ROWS_MAX: u32 = 10_000;

/// One condition on a row. A condition on a null cell is false unless it asks for null.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Condition {
    Eq(String, Cell),
    NotEq(String, Cell),
    In(String, Vec<Cell>),
    /// `from` included, `to` excluded; either may be open.
    Range {
        column: String,
        from: Option<Cell>,
        to: Option<Cell>,
    },
    /// The text begins with this one.
    Prefix(String, String),
    IsNull(String),
    NotNull(String),
    /// Every word of the text is found in the view's search columns; see [`crate::search_words`].
    Matches(String),
    /// At least one of these conjunctions holds.
    AnyOf(Vec<Vec<Condition>>),
}

impl Condition {
    pub fn eq(column: &str, cell: impl Into<Cell>) -> Self {
        Self::Eq(column.into(), cell.into())
    }

    pub fn is_in(column: &str, cells: impl IntoIterator<Item = impl Into<Cell>>) -> Self {
        Self::In(column.into(), cells.into_iter().map(Into::into).collect())
    }

    pub fn at_least(column: &str, from: impl Into<Cell>) -> Self {
        Self::Range { column: column.into(), from: Some(from.into()), to: None }
    }

    pub fn below(column: &str, to: impl Into<Cell>) -> Self {
        Self::Range { column: column.into(), from: None, to: Some(to.into()) }
    }

    pub fn between(column: &str, from: impl Into<Cell>, to: impl Into<Cell>) -> Self {
        Self::Range { column: column.into(), from: Some(from.into()), to: Some(to.into()) }
    }

    /// Checks that the condition names columns of the view and compares them with cells that they can hold.
    ///
    /// # Errors
    /// [`StoreError::Malformed`] otherwise, also for a comparison with null.
    pub fn check(&self, schema: &ViewSchema) -> Result<()> {
        let fits = |name: &str, cell: &Cell| {
            let column = &schema.columns[schema.require(name)?];
            if cell.is_null() {
                return Err(StoreError::malformed(format!("{name} is compared with null")));
            }
            schema.check_cell(column, cell)
        };
        match self {
            Self::Eq(name, cell) | Self::NotEq(name, cell) => fits(name, cell),
            Self::In(name, cells) => {
                schema.require(name)?;
                cells.iter().try_for_each(|cell| fits(name, cell))
            }
            Self::Range { column, from, to } => {
                schema.require(column)?;
                from.iter().chain(to).try_for_each(|cell| fits(column, cell))
            }
            Self::Prefix(name, _) => match schema.columns[schema.require(name)?].kind {
                ColumnKind::Text => Ok(()),
                _ => Err(StoreError::malformed(format!("{name} is not text"))),
            },
            Self::IsNull(name) | Self::NotNull(name) => schema.require(name).map(|_| ()),
            Self::Matches(_) if schema.search.is_empty() => {
                Err(StoreError::malformed(format!("view {} has no search columns", schema.table)))
            }
            Self::Matches(_) => Ok(()),
            Self::AnyOf(branches) => {
                branches.iter().flatten().try_for_each(|condition| condition.check(schema))
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    Ascending,
    Descending,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderBy {
    pub column: String,
    pub direction: Direction,
}

/// A page of a view's rows. Rows equal in `order` are ordered by key, so that every order is total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewQuery {
    pub table: String,
    pub filter: Vec<Condition>,
    pub order: Vec<OrderBy>,
    pub limit: u32,
    /// Only rows after the row that the cursor marks.
    pub after: Option<Cursor>,
}

impl ViewQuery {
    #[must_use]
    pub fn new(table: &str) -> Self {
        Self { table: table.into(), filter: Vec::new(), order: Vec::new(), limit: 50, after: None }
    }

    #[must_use]
    pub fn filter(mut self, condition: Condition) -> Self {
        self.filter.push(condition);
        self
    }

    #[must_use]
    pub fn ascending(mut self, column: &str) -> Self {
        self.order.push(OrderBy { column: column.into(), direction: Direction::Ascending });
        self
    }

    #[must_use]
    pub fn descending(mut self, column: &str) -> Self {
        self.order.push(OrderBy { column: column.into(), direction: Direction::Descending });
        self
    }

    #[must_use]
    pub fn limit(mut self, rows: u32) -> Self {
        self.limit = rows;
        self
    }

    #[must_use]
    pub fn after(mut self, cursor: Option<Cursor>) -> Self {
        self.after = cursor;
        self
    }

    /// The order, extended by the key columns that make it total; these take the last direction given.
    #[must_use]
    pub fn total_order(&self, schema: &ViewSchema) -> Vec<OrderBy> {
        let mut order = self.order.clone();
        let direction = order.last().map_or(Direction::Ascending, |last| last.direction);
        for name in &schema.key {
            if !order.iter().any(|each| &each.column == name) {
                order.push(OrderBy { column: name.clone(), direction });
            }
        }
        order
    }

    /// # Errors
    /// [`StoreError::Malformed`] when the query does not fit the view, or its cursor is of another table or
    /// order.
    pub fn check(&self, schema: &ViewSchema) -> Result<()> {
        if self.limit == 0 || self.limit > PAGE_ROWS_MAX {
            return Err(StoreError::malformed(format!("a page of {} rows", self.limit)));
        }
        for OrderBy { column, .. } in &self.order {
            if schema.columns[schema.require(column)?].nullable {
                return Err(StoreError::malformed(format!("{column} may be null and gives no order")));
            }
        }
        if let Some(cursor) = &self.after {
            let order = self.total_order(schema);
            if cursor.mark != Cursor::mark(&self.table, &order) || cursor.cells.len() != order.len() {
                return Err(StoreError::malformed("the cursor belongs to another query"));
            }
            for (each, cell) in order.iter().zip(&cursor.cells) {
                schema.check_cell(&schema.columns[schema.require(&each.column)?], cell)?;
            }
        }
        self.filter.iter().try_for_each(|condition| condition.check(schema))
    }

    /// The cursor that continues after `row`.
    ///
    /// # Errors
    /// [`StoreError::Malformed`] when the order names an unknown column.
    pub fn cursor_at(&self, schema: &ViewSchema, row: &Row) -> Result<Cursor> {
        let order = self.total_order(schema);
        let cells = order
            .iter()
            .map(|each| schema.require(&each.column).map(|place| row.cell(place).clone()))
            .collect::<Result<_>>()?;
        Ok(Cursor { mark: Cursor::mark(&self.table, &order), cells })
    }
}

/// Marks the last row of a page; sent as text. A cursor of another table or order is refused, and the query's
/// filter still applies, so that a forged cursor reveals no hidden row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    mark: u32,
    cells: Vec<Cell>,
}

impl Cursor {
    fn mark(table: &str, order: &[OrderBy]) -> u32 {
        let Digest(bytes) = Digest::of(format!("{table} {order:?}").as_bytes());
        u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
    }

    /// The cells of the last row in the query's total order.
    #[must_use]
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// Hexadecimal text that is safe in a URL.
    #[must_use]
    pub fn to_text(&self) -> String {
        let json = serde_json::to_vec(self).unwrap_or_default();
        json.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > 4096 || !text.len().is_multiple_of(2) || !text.is_ascii() {
            return None;
        }
        let bytes: Option<Vec<u8>> =
            (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect();
        serde_json::from_slice(&bytes?).ok()
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    pub rows: Vec<Row>,
    /// Set when there are more rows.
    pub next: Option<Cursor>,
}

/// An aggregate that is computed for a group beside its count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measure {
    Sum(String),
    Min(String),
    Max(String),
}

impl Measure {
    #[must_use]
    pub fn column(&self) -> &str {
        match self {
            Self::Sum(name) | Self::Min(name) | Self::Max(name) => name,
        }
    }
}

/// Counts and sums of a view's rows by group; with no group, of all rows together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewTally {
    pub table: String,
    pub filter: Vec<Condition>,
    pub group_by: Vec<String>,
    pub measures: Vec<Measure>,
}

impl ViewTally {
    #[must_use]
    pub fn new(table: &str) -> Self {
        Self { table: table.into(), filter: Vec::new(), group_by: Vec::new(), measures: Vec::new() }
    }

    #[must_use]
    pub fn filter(mut self, condition: Condition) -> Self {
        self.filter.push(condition);
        self
    }

    #[must_use]
    pub fn by(mut self, column: &str) -> Self {
        self.group_by.push(column.into());
        self
    }

    #[must_use]
    pub fn sum(mut self, column: &str) -> Self {
        self.measures.push(Measure::Sum(column.into()));
        self
    }

    #[must_use]
    pub fn measure(mut self, measure: Measure) -> Self {
        self.measures.push(measure);
        self
    }

    /// # Errors
    /// [`StoreError::Malformed`] when the tally does not fit the view.
    pub fn check(&self, schema: &ViewSchema) -> Result<()> {
        for name in &self.group_by {
            schema.require(name)?;
        }
        for measure in &self.measures {
            let kind = schema.columns[schema.require(measure.column())?].kind;
            let summable = matches!(kind, ColumnKind::Integer | ColumnKind::Real);
            if matches!(measure, Measure::Sum(_)) && !summable {
                return Err(StoreError::malformed(format!("{} cannot be summed", measure.column())));
            }
        }
        self.filter.iter().try_for_each(|condition| condition.check(schema))
    }
}

/// One group of a tally; groups come in ascending order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TallyRow {
    pub group: Vec<Cell>,
    pub count: u64,
    /// One cell per measure; null when no row of the group has a value.
    pub measures: Vec<Cell>,
}
