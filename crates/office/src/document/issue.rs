//! Making out a result: number, identifier, text, signature.

use std::collections::BTreeSet;

use casework::{Command, Event, StepState};
use catalogue::{FieldId, Item, ItemId, ResultDeclaration, ResultId, ResultKind, Sensitivity, Validity};
use credential::{Document, Entry, Issuer, Kind, SignedDocument, Signer, Subject, SubjectKind};
use diagnostic::{Bilingual, Lang};
use identifier::LicenceIdentifier;
use jiff::civil::Date;
use jiff::{Span, Timestamp};

use crate::case::LoadedCase;
use crate::case::perform::{Extras, HandedIn, day_of};
use crate::case::wire::OfficeEvent;
use crate::document::assign::{Assigned, identifies};
use crate::error::{Fault, OfficeError, Result};
use crate::office::Office;

/// A result about to be issued.
#[derive(Debug)]
pub(crate) struct Issued {
    item: ItemId,
    result: ResultId,
    number: String,
    identifier: String,
}

impl Issued {
    pub(crate) fn command(&self) -> Command<'static> {
        Command::Issue {
            item: self.item.clone(),
            result: self.result.clone(),
            number: self.number.as_str().into(),
            identifier: Some(self.identifier.as_str().into()),
        }
    }
}

impl Office {
    /// Assigns number and identifier. Numbers are unique for ever and may have gaps.
    pub(crate) async fn issue(
        &self,
        loaded: &LoadedCase,
        item_id: &ItemId,
        result_id: &ResultId,
    ) -> Result<Issued> {
        let (item, result) = declared(loaded, item_id, result_id)?;
        let department = loaded.edition.department(&item.department).ok_or(OfficeError::NotFound)?;
        let today = day_of(&loaded.edition, self.now());
        let type_code = format!("{}{}", department.code, result.type_code.as_deref().unwrap_or("000"));
        // Results that share a type code share the serials: nothing else in the identifier tells them apart.
        let counter = format!("identifier/{type_code}/{}", today.year());
        let serial = self.store().take_numbers(&counter, 1).await?;
        // Six digits were given out when every kind of result had a counter of its own; seven never meet them.
        let serial = format!("{}{serial:07}", today.year());
        // Serials can be counted through; what nobody can guess makes the identifier open to whoever has the paper alone.
        let unforeseen = self.new_resume_code().0;
        let own = format!("{serial}{unforeseen}");
        let identifier = LicenceIdentifier::new(&type_code, &department.code, &own, 1)
            .map_err(|problem| OfficeError::Fault(Fault::Broken(format!("licence identifier: {problem:?}"))))?
            .to_string();
        let number = format!("{}{serial}", loaded.edition.zone().region);
        Ok(Issued { item: item_id.clone(), result: result_id.clone(), number, identifier })
    }

    /// Makes the document out and signs it in the name of the zone, in place of what it replaces: what happens to its own case by
    /// that.
    pub(crate) async fn sign_result(
        &self,
        loaded: &LoadedCase,
        issued: Issued,
        assigned: &[Assigned],
        seen: &[FieldId],
        x: &mut Extras,
    ) -> Result<Vec<Event>> {
        let (item, result) = declared(loaded, &issued.item, &issued.result)?;
        let department = loaded.edition.department(&item.department).ok_or(OfficeError::NotFound)?;
        let signer = self.keys().signer(&department.code);
        let mut document =
            self.result_document(loaded, item, result, &issued, (assigned, seen), &*signer).await?;
        let code = document.subject.identifier.clone();
        let replaced = self.take_place(loaded, result, code.as_deref(), &issued.number, x).await?;
        document.supersedes = replaced.identifier;
        let signed = SignedDocument::sign(document, &*signer)
            .map_err(|fault| OfficeError::Fault(Fault::Broken(format!("signing: {fault}"))))?;
        let subject = loaded.case.opened_by.as_str().to_owned();
        let document = x.bytes(self, loaded.id, "document", &subject, signed.as_bytes().to_vec());
        x.office_events.push(OfficeEvent::DocumentSigned {
            item: Some(issued.item),
            result: Some(issued.result),
            identifier: issued.identifier,
            document,
        });
        Ok(replaced.events)
    }

    async fn result_document(
        &self,
        loaded: &LoadedCase,
        item: &Item,
        result: &ResultDeclaration,
        issued: &Issued,
        (assigned, seen): (&[Assigned], &[FieldId]),
        signer: &dyn Signer,
    ) -> Result<Document> {
        let edition = &loaded.edition;
        let now = self.now();
        let department = edition.department(&item.department).ok_or(OfficeError::NotFound)?;
        let mut answers = self.answers(loaded).await?;
        assigned.iter().for_each(|each| each.note(&mut answers));
        let mut proven = self.proven(loaded, &answers, assigned).await?;
        proven.extend(seen.iter().cloned());
        let doubted = self.doubted(loaded, &answers).await?;
        let text = |field: &str, lang: Lang| {
            let declared = edition.field(&field.into())?;
            // Nobody's word alone makes an identifier official, nor what a register says otherwise.
            let needs_proof = identifies(declared) || doubted.contains(&declared.id);
            let stands = !needs_proof || proven.contains(&declared.id);
            let value = answers.value(field).filter(|_| stands)?;
            Some(one_line(&form::show_text(declared, value, lang), lang))
        };
        let mut content = vec![entry(&Bilingual::new("编号", "Number"), same(&issued.number), true)];
        for id in &result.fields {
            let Some(field) = edition.field(id) else { continue };
            let (Some(zh), Some(en)) = (text(id.as_str(), Lang::Zh), text(id.as_str(), Lang::En)) else {
                continue;
            };
            let public = field.sensitivity == catalogue::Sensitivity::Public;
            content.push(entry(field.fact(), credential::Bilingual::new(zh, en), public));
        }
        if let Some(body) = &result.body {
            let filled = |lang| fill(body.get(lang), |field| text(field, lang));
            let body = credential::Bilingual::new(filled(Lang::Zh), filled(Lang::En));
            content.push(entry(&Bilingual::new("正文", "Text"), body, false));
        }
        if let Some(heading) = &result.told
            && let Some(told) = self.told(loaded, item).await?
        {
            content.push(entry(heading, same(&told), false));
        }
        let today = day_of(edition, now);
        let subject = self.holder(loaded, result, &answers, &proven).await?;
        Ok(Document {
            kind: if result.kind == ResultKind::Reply { Kind::Notice } else { Kind::Licence },
            schema: credential::SCHEMA,
            identifier: issued.identifier.clone(),
            issuer: Issuer {
                code: department.code.clone(),
                name: both(&department.name),
                key_id: signer.key_id(),
            },
            subject,
            issued_at: whole_seconds(now),
            valid_from: result.valid.map(|_| today),
            valid_until: result.valid.and_then(|validity| last_day(today, validity)),
            title: both(&result.title),
            content,
            case_number: Some(loaded.case.number.to_string()),
            edition: Some(edition.hash().to_string()),
            version: 1,
            supersedes: None,
            status_url: Some(format!("{}/v/{}", self.public_url(), issued.identifier)),
            checkpoint: None,
        })
    }
}

impl Office {
    /// What the last decision told the applicant.
    async fn told(&self, loaded: &LoadedCase, item: &Item) -> Result<Option<String>> {
        let Some(matter) = loaded.case.matter(&item.id) else { return Ok(None) };
        let told = |(step, run): (&casework::PlannedStep, &'_ casework::StepRun)| match &run.state {
            StepState::Done { opinion, .. } if item.step(&step.id)?.tells.is_some() => opinion.clone(),
            _ => None,
        };
        match matter.runs().filter_map(told).last() {
            Some(written) => self.text(&written).await,
            None => Ok(None),
        }
    }

    /// Whom a result is made out to: whom it declares, else the applicant. An identifier that nothing bears out stays off.
    async fn holder(
        &self,
        loaded: &LoadedCase,
        result: &ResultDeclaration,
        answers: &form::Answers,
        proven: &BTreeSet<FieldId>,
    ) -> Result<Subject> {
        let edition = &loaded.edition;
        let said = |id: &FieldId| {
            let field = edition.field(id)?;
            Some(form::edit_text(field, answers.value(id.as_str())?))
        };
        // A passport is named as one beside its number.
        let code = |id: Option<&FieldId>| {
            let field = edition.field(id.filter(|id| proven.contains(*id))?)?;
            Some(form::show_text(field, answers.value(field.id.as_str())?, Lang::Zh))
        };
        if let Some(holder) = &result.holder {
            let public = |id: &FieldId| {
                edition.field(id).is_some_and(|field| field.sensitivity == Sensitivity::Public)
            };
            let trades = public(&holder.name) && holder.code.as_ref().is_none_or(public);
            let kind = if trades { SubjectKind::Organisation } else { SubjectKind::Person };
            // Who trades without a name goes by their own, and never by another number than the paper's.
            let name = match said(&holder.name) {
                Some(name) => name,
                None => self.party(loaded.id).await?.name,
            };
            return Ok(Subject { kind, name, identifier: code(holder.code.as_ref()) });
        }
        let party = self.party(loaded.id).await?;
        let facts = HandedIn { answers, today: day_of(edition, self.now()) };
        let applicant = edition.thing(&loaded.case.thing).and_then(|thing| thing.applicant(&facts));
        Ok(Subject {
            kind: if party.is_undertaking() { SubjectKind::Organisation } else { SubjectKind::Person },
            name: if party.name.is_empty() { "—".into() } else { party.name.clone() },
            identifier: code(applicant.and_then(|who| who.code)),
        })
    }
}

fn declared<'a>(
    loaded: &'a LoadedCase,
    item: &ItemId,
    result: &ResultId,
) -> Result<(&'a Item, &'a ResultDeclaration)> {
    let item = loaded.edition.item(item).ok_or(OfficeError::NotFound)?;
    let result = item.results.get(result).ok_or(OfficeError::NotFound)?;
    Ok((item, result))
}

/// What somebody typed makes no lines of its own in an official text.
fn one_line(said: &str, lang: Lang) -> String {
    let lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(if lang == Lang::Zh { "；" } else { "; " })
}

fn entry(label: &Bilingual, text: credential::Bilingual, public: bool) -> Entry {
    Entry { label: both(label), text, public }
}

fn both(text: &Bilingual) -> credential::Bilingual {
    credential::Bilingual::new(text.zh.clone(), text.en.clone())
}

fn same(text: &str) -> credential::Bilingual {
    credential::Bilingual::same(text)
}

pub(super) fn whole_seconds(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

/// The last day of validity: the day before the same day comes round again.
fn last_day(from: Date, validity: Validity) -> Option<Date> {
    let span = match validity {
        Validity::Years(years) => Span::new().years(years),
        Validity::Months(months) => Span::new().months(months),
        Validity::Days(days) => Span::new().days(days),
    };
    from.checked_add(span).ok()?.yesterday().ok()
}

/// Replaces `{name}` by what `value` says; a brace that closes nothing stays.
fn fill(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let (before, after) = rest.split_at(open);
        out.push_str(before);
        match after[1..].split_once('}') {
            // Of several names the first that has a value: a buyer's own name, or that of an undertaking.
            Some((names, tail)) if !names.contains('{') => {
                let found = names.split('|').find_map(|name| value(name.trim()));
                out.push_str(found.as_deref().unwrap_or("—"));
                rest = tail;
            }
            _ => {
                out.push('{');
                rest = &after[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn placeholders_are_filled_and_stray_braces_stay() {
        let value = |name: &str| (name != "空").then(|| format!("<{name}>"));
        assert_eq!(fill("准予{空|企业名称}经营{空}。", value), "准予<企业名称>经营—。");
        assert_eq!(fill("准予{企业名称}经营。", value), "准予<企业名称>经营。");
        assert_eq!(fill("a { b", value), "a { b");
        assert_eq!(fill("{{x}}", value), "{<x>}");
        assert_eq!(fill("无", value), "无");
    }

    #[test]
    fn five_years_end_the_day_before() {
        assert_eq!(last_day(date(2026, 11, 23), Validity::Years(5)), Some(date(2031, 11, 22)));
        assert_eq!(last_day(date(2024, 2, 29), Validity::Years(1)), Some(date(2025, 2, 27)));
        assert_eq!(last_day(date(2026, 1, 1), Validity::Days(1)), Some(date(2026, 1, 1)));
    }
}
