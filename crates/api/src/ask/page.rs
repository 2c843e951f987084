//! Pages of a list, each with the cursor of the next.

use serde::{Deserialize, Serialize};
use store::Cursor;
use utoipa::{IntoParams, ToSchema};

use crate::trouble::Trouble;

pub const LIMIT_MAX: u32 = 200;
const LIMIT: u32 = 50;

/// Which part of a list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Paged {
    /// How many at most; 50 when it is left out.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before. A cursor opens nothing that its bearer may not see anyway.
    #[param(max_length = 4096)]
    pub cursor: Option<String>,
}

pub fn limit(given: Option<u32>) -> Result<u32, Trouble> {
    let limit = given.unwrap_or(LIMIT);
    if (1..=LIMIT_MAX).contains(&limit) {
        Ok(limit)
    } else {
        Err(Trouble::Query(format!("limit: 1..={LIMIT_MAX}")))
    }
}

pub fn cursor(given: Option<&str>) -> Result<Option<Cursor>, Trouble> {
    match given {
        None => Ok(None),
        Some(text) => Cursor::parse(text).map(Some).ok_or(Trouble::Cursor),
    }
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct PageOf<T> {
    pub items: Vec<T>,
    /// Ask with it for what follows; `null` on the last page.
    pub next_cursor: Option<String>,
}

impl<T> PageOf<T> {
    pub fn new(items: Vec<T>, next: Option<&Cursor>) -> Self {
        Self { items, next_cursor: next.map(Cursor::to_text) }
    }

    /// A list that is short by nature.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next_cursor: None }
    }
}

/// A cursor that belongs to another list is the asker's mistake, not ours.
pub fn fits<T>(done: office::Result<T>) -> Result<T, Trouble> {
    match done {
        Err(office::OfficeError::Fault(office::Fault::Store(store::StoreError::Malformed(_)))) => {
            Err(Trouble::Cursor)
        }
        done => Ok(done?),
    }
}
