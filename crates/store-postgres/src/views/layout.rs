//! The table of a view, and the statements that read or write its rows.

use std::fmt::Write as _;

use store::{ColumnKind, ViewSchema};

/// A view in one generation of its table.
#[derive(Debug)]
pub(crate) struct View {
    pub(crate) schema: ViewSchema,
    pub(crate) table: String,
    pub(crate) key_places: Vec<usize>,
    pub(crate) search_places: Vec<usize>,
    /// All columns, quoted.
    pub(crate) columns: String,
    /// Reads rows by their keys, given as one array for each key column.
    pub(crate) select: String,
    /// Writes many rows, given as one array for each column, then the search terms of each row if the view
    /// has a search index.
    pub(crate) upsert: String,
    /// Removes rows by their keys, given as one array for each key column.
    pub(crate) delete: String,
}

impl View {
    pub(crate) fn new(schema: ViewSchema, generation: i64) -> Self {
        let table = table_name(&schema.table, generation);
        let columns = join(schema.columns.iter().map(|column| quoted(&column.name)));
        let key_places = schema.key_places();
        let search_places: Vec<usize> = schema.search.iter().filter_map(|name| schema.place(name)).collect();
        let keys = unnest(&schema, &key_places, false);
        let by_key = schema.key.iter().zip(1..).map(|(name, n)| format!("v.{} = u.c{n}", quoted(name)));
        let by_key = by_key.collect::<Vec<_>>().join(" and ");
        let of_v = join(schema.columns.iter().map(|column| format!("v.{}", quoted(&column.name))));
        Self {
            select: format!("select {of_v} from {keys} join {table} v on {by_key}"),
            upsert: upsert(&schema, &table, &columns, &key_places, !search_places.is_empty()),
            delete: format!("delete from {table} v using {keys} where {by_key}"),
            schema,
            table,
            key_places,
            search_places,
            columns,
        }
    }

    pub(crate) fn has_search(&self) -> bool {
        !self.search_places.is_empty()
    }

    /// Statements that create the table. Text sorts by its bytes, as in every adapter.
    pub(crate) fn create(&self) -> String {
        let Self { schema, table, .. } = self;
        let mut sql = format!("create table {table} (");
        for column in &schema.columns {
            let kind = match column.kind {
                ColumnKind::Integer => "bigint",
                ColumnKind::Real => "double precision",
                ColumnKind::Text => "text collate \"C\"",
                ColumnKind::Bytes => "bytea",
            };
            let null = if column.nullable { "" } else { " not null" };
            let _ = write!(sql, "{} {kind}{null}, ", quoted(&column.name));
        }
        if self.has_search() {
            // No declared column can have this name.
            sql.push_str("\"_words\" tsvector not null, ");
        }
        let key = join(schema.key.iter().map(|name| quoted(name)));
        let _ = writeln!(sql, "primary key ({key})) with (fillfactor = 90);");
        for (number, index) in schema.indexes.iter().enumerate() {
            // The key columns at the end make every order total within the index.
            let rest = schema.key.iter().filter(|name| !index.contains(name));
            let columns = join(index.iter().chain(rest).map(|name| quoted(name)));
            let _ = writeln!(sql, "create index {table}_{number} on {table} ({columns});");
        }
        if self.has_search() {
            let _ = writeln!(sql, "create index {table}_words on {table} using gin (\"_words\");");
        }
        sql
    }
}

fn upsert(schema: &ViewSchema, table: &str, columns: &str, key_places: &[usize], has_search: bool) -> String {
    let all: Vec<usize> = (0..schema.columns.len()).collect();
    let mut into = columns.to_owned();
    let rows = unnest(schema, &all, has_search);
    let mut selected = join((1..=all.len()).map(|n| format!("u.c{n}")));
    let mut set: Vec<String> = all
        .iter()
        .filter(|place| !key_places.contains(place))
        .map(|&place| quoted(&schema.columns[place].name))
        .collect();
    if has_search {
        into.push_str(", \"_words\"");
        selected.push_str(", array_to_tsvector(string_to_array(u.words, ' '))");
        set.push("\"_words\"".into());
    }
    let key = join(schema.key.iter().map(|name| quoted(name)));
    let act = if set.is_empty() {
        "nothing".to_owned()
    } else {
        let sets = join(set.iter().map(|name| format!("{name} = excluded.{name}")));
        let old = join(set.iter().map(|name| format!("{table}.{name}")));
        let new = join(set.iter().map(|name| format!("excluded.{name}")));
        format!("update set {sets} where ({old}) is distinct from ({new})")
    };
    format!("insert into {table} ({into}) select {selected} from {rows} on conflict ({key}) do {act}")
}

/// `unnest($1::bigint[], …) as u(c1, …)` for the columns at these indices, then the search terms of each row.
fn unnest(schema: &ViewSchema, places: &[usize], with_words: bool) -> String {
    let mut arrays: Vec<String> = Vec::new();
    arrays.extend(places.iter().zip(1..).map(|(&place, n)| {
        let kind = match schema.columns[place].kind {
            ColumnKind::Integer => "bigint",
            ColumnKind::Real => "double precision",
            ColumnKind::Text => "text",
            ColumnKind::Bytes => "bytea",
        };
        format!("${n}::{kind}[]")
    }));
    let mut names: Vec<String> = (1..=places.len()).map(|n| format!("c{n}")).collect();
    if with_words {
        arrays.push(format!("${}::text[]", places.len() + 1));
        names.push("words".into());
    }
    format!("unnest({}) as u({})", arrays.join(", "), names.join(", "))
}

pub(crate) fn table_name(view: &str, generation: i64) -> String {
    format!("view_{view}_{generation}")
}

pub(crate) fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

pub(crate) fn join(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}
