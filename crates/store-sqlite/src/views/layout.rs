//! The table of a view, and the statements that read or write one of its rows.

use std::fmt::Write as _;

use store::{ColumnKind, ViewSchema};

/// A view in one generation of its table.
#[derive(Debug)]
pub(crate) struct View {
    pub(crate) schema: ViewSchema,
    pub(crate) table: String,
    pub(crate) key_places: Vec<usize>,
    pub(crate) search_places: Vec<usize>,
    /// All columns of the row with a key, followed by the rowid when there is a search index.
    pub(crate) select: String,
    pub(crate) insert: String,
    /// As `insert`, but does nothing when a row with this key exists.
    pub(crate) insert_new: String,
    pub(crate) delete: String,
    pub(crate) words_insert: String,
    pub(crate) words_delete: String,
}

impl View {
    pub(crate) fn new(schema: ViewSchema, generation: i64) -> Self {
        let table = table_name(&schema.table, generation);
        let columns = join(schema.columns.iter().map(|column| column.name.clone()));
        let marks = join((1..=schema.columns.len()).map(|n| format!("${n}")));
        let by_key = key_condition(&schema, 1);
        let rowid = if schema.search.is_empty() { "" } else { ", rowid" };
        let key_places = schema.key_places();
        let search_places = schema.search.iter().filter_map(|name| schema.place(name)).collect();
        Self {
            select: format!("select {columns}{rowid} from {table} where {by_key}"),
            insert: format!("insert into {table} ({columns}) values ({marks})"),
            insert_new: format!(
                "insert into {table} ({columns}) values ({marks}) on conflict ({}) do nothing",
                join(schema.key.iter().cloned())
            ),
            delete: format!("delete from {table} where {by_key}"),
            words_insert: format!("insert into {table}_words (rowid, words) values ($1, $2)"),
            words_delete: format!("delete from {table}_words where rowid = $1"),
            schema,
            table,
            key_places,
            search_places,
        }
    }

    pub(crate) fn has_search(&self) -> bool {
        !self.search_places.is_empty()
    }

    /// An update of the columns at these indices; parameters are their values, then the key.
    pub(crate) fn update(&self, places: &[usize]) -> String {
        let sets =
            places.iter().zip(1..).map(|(&place, n)| format!("{} = ${n}", self.schema.columns[place].name));
        let by_key = key_condition(&self.schema, places.len() + 1);
        format!("update {} set {} where {by_key}", self.table, join(sets))
    }

    /// Statements that create the table. Without search it is a `without rowid` table, stored in the tree of
    /// its key.
    pub(crate) fn create(&self) -> String {
        let Self { schema, table, .. } = self;
        let mut sql = format!("create table {table} (");
        for column in &schema.columns {
            let kind = match column.kind {
                ColumnKind::Integer => "integer",
                ColumnKind::Real => "real",
                ColumnKind::Text => "text",
                ColumnKind::Bytes => "blob",
            };
            let null = if column.nullable { "" } else { " not null" };
            let _ = write!(sql, "{} {kind}{null}, ", column.name);
        }
        let without_rowid = if self.has_search() { "" } else { ", without rowid" };
        let _ = writeln!(sql, "primary key ({})) strict{without_rowid};", join(schema.key.iter().cloned()));
        for (number, index) in schema.indexes.iter().enumerate() {
            // The key columns at the end make every order total within the index.
            let rest = schema.key.iter().filter(|name| !index.contains(name));
            let columns = join(index.iter().chain(rest).cloned());
            let _ = writeln!(sql, "create index {table}_{number} on {table} ({columns});");
        }
        if self.has_search() {
            // Search terms contain no ASCII but letters and digits, so the ascii tokenizer splits exactly
            // between them.
            let _ = writeln!(
                sql,
                "create virtual table {table}_words using fts5
                 (words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');"
            );
        }
        sql
    }
}

pub(crate) fn table_name(view: &str, generation: i64) -> String {
    format!("view_{view}_{generation}")
}

/// The generation of a view's table; `None` for its auxiliary tables.
pub(crate) fn generation_of(table: &str) -> Option<i64> {
    table.strip_prefix("view_")?.rsplit_once('_')?.1.parse().ok()
}

fn key_condition(schema: &ViewSchema, from: usize) -> String {
    let parts = schema.key.iter().zip(from..).map(|(name, n)| format!("{name} = ${n}"));
    parts.collect::<Vec<_>>().join(" and ")
}

pub(crate) fn join(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}
