//! Signed documents by the identifier printed on them: what the verification page asks.

use casework::{Case, DocRef};
use catalogue::{ItemId, ResultId};
use store::{ViewChange, ViewSchema};

use crate::case::CaseId;

pub const TABLE: &str = "documents";

pub fn schema() -> ViewSchema {
    ViewSchema::new(TABLE, 1)
        .text("identifier")
        .text("case_id")
        .text("number")
        .text("item")
        .text("result")
        .text("vault_key")
        .integer("signed_at")
        .key(&["identifier"])
        .index(&["case_id", "signed_at"])
}

pub fn row(
    id: CaseId,
    case: &Case,
    item: Option<&ItemId>,
    result: Option<&ResultId>,
    identifier: &str,
    document: &DocRef,
) -> ViewChange {
    ViewChange::upsert(
        TABLE,
        vec![
            identifier.into(),
            id.to_string().into(),
            (&*case.number).into(),
            item.map_or("", |item| item.as_str()).into(),
            result.map_or("", |result| result.as_str()).into(),
            (&*document.key).into(),
            case.changed_at.into(),
        ],
    )
}
