//! Answers that are files name them by digest. A digest opens nothing by itself and can be written by anybody, so that it counts
//! only for a file that came with this form or this case.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::{Edition, Field, FieldId, FieldKind};
use form::Raw;

use crate::case::LoadedCase;
use crate::draft::keep::OpenDraft;
use crate::error::{NotPossible, Result};
use crate::office::Office;

/// Whether an answer names a file that is not among these.
fn names_other(field: &Field, raw: &Raw, own: &BTreeSet<&str>) -> bool {
    match (&field.kind, raw) {
        (FieldKind::File { .. }, Raw::One(text)) => !text.trim().is_empty() && !own.contains(text.trim()),
        (FieldKind::Rows { columns, .. }, Raw::Rows(rows)) => rows.iter().any(|row| {
            columns
                .iter()
                .any(|column| row.get(&column.id).is_some_and(|cell| names_other(column, cell, own)))
        }),
        _ => false,
    }
}

fn all_own(edition: &Edition, raw: &BTreeMap<FieldId, Raw>, own: &BTreeSet<&str>) -> Result<()> {
    let other =
        raw.iter().any(|(id, raw)| edition.field(id).is_some_and(|field| names_other(field, raw, own)));
    if other { Err(NotPossible::FileUnknown.into()) } else { Ok(()) }
}

impl OpenDraft {
    /// That files among these answers were uploaded to this draft.
    pub(crate) fn need_own_files(&self, raw: &BTreeMap<FieldId, Raw>) -> Result<()> {
        let own = self.draft.attachments.iter().map(|file| file.digest.as_str()).collect();
        all_own(&self.edition, raw, &own)
    }
}

impl Office {
    /// That files among corrected answers came with this case.
    pub(crate) async fn need_case_files(&self, loaded: &LoadedCase, answers: &form::Answers) -> Result<()> {
        let raw: BTreeMap<FieldId, Raw> = answers
            .iter()
            .filter_map(|(id, _)| Some((id.clone(), Raw::of(answers.value(id.as_str())?))))
            .collect();
        let is_file = |(id, raw): (&FieldId, &Raw)| {
            loaded.edition.field(id).is_some_and(|field| names_other(field, raw, &BTreeSet::new()))
        };
        if !raw.iter().any(is_file) {
            return Ok(());
        }
        let files = self.files_stored(loaded.id).await?;
        let own = files.iter().map(|file| file.digest.as_str()).collect();
        all_own(&loaded.edition, &raw, &own)
    }
}
