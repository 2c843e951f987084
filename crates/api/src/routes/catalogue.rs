//! What the zone offers, for anybody: things, items, the one form before an application begins, and what became of reports.

use axum::Json;
use axum::extract::State;
use calendar::Limit;
use catalogue::{Edition, Item, ItemId, Member, PartyKind, Thing, ThingId};
use form::{Answers, Form, Input, KnownFacts, Modes};
use office::OfficeError;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::form::{AnswersIn, FormView, Party, read_answers};
use crate::app::Api;
use crate::ask::{Ask, Body, PageOf, Paged, Place};
use crate::shown::{At, Length, Text};
use crate::trouble::Trouble;

pub fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .routes(routes!(zone))
        .routes(routes!(things))
        .routes(routes!(thing))
        .routes(routes!(compute_form))
        .routes(routes!(items))
        .routes(routes!(item))
        .routes(routes!(document))
        .routes(routes!(reports))
        .routes(routes!(specialists))
}

/// The zone as its current edition declares it.
#[derive(Debug, Serialize, ToSchema)]
struct ZoneView {
    id: String,
    name: Text,
    /// Content hash of the edition under which new applications are made.
    edition: String,
    departments: Vec<Named>,
    roles: Vec<Named>,
    halls: Vec<Named>,
    /// The thing by which pain points are reported, if the zone takes such reports.
    feedback: Option<String>,
    now: At,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Named {
    pub id: String,
    pub name: Text,
}

/// The zone
#[utoipa::path(get, path = "/zone", tag = "catalogue", responses((status = 200, body = ZoneView)))]
async fn zone(State(api): State<Api>) -> Json<ZoneView> {
    let edition = api.office.edition();
    let (zone, parts) = (edition.zone(), edition.parts());
    let named = |id: &str, name| Named { id: id.to_owned(), name: Text::from(name) };
    Json(ZoneView {
        id: zone.id.to_string(),
        name: (&zone.name).into(),
        edition: edition.hash().to_string(),
        departments: parts.departments.values().map(|each| named(each.id.as_str(), &each.name)).collect(),
        roles: parts.roles.values().map(|each| named(each.id.as_str(), &each.name)).collect(),
        halls: parts.halls.values().map(|each| named(each.id.as_str(), &each.name)).collect(),
        feedback: zone.feedback.as_ref().map(ToString::to_string),
        now: api.office.now().into(),
    })
}

/// A thing: what a person wants, a bundle of items.
#[derive(Debug, Serialize, ToSchema)]
struct ThingLine {
    id: String,
    title: Text,
    /// What one has in the end.
    outcome: Text,
    applicants: Vec<Party>,
    items: Vec<String>,
}

fn thing_line(thing: &Thing) -> ThingLine {
    ThingLine {
        id: thing.id.to_string(),
        title: (&thing.title).into(),
        outcome: (&thing.outcome).into(),
        applicants: thing.applicants.iter().copied().map(Party::from).collect(),
        items: thing.members.iter().map(|member| member.item.to_string()).collect(),
    }
}

/// The declared things, a page at a time; the cursor is the last id.
fn page_of<T, V>(
    all: impl Iterator<Item = T>,
    asked: &Paged,
    id: impl Fn(&T) -> String,
    line: impl Fn(T) -> V,
) -> Result<PageOf<V>, Trouble> {
    let limit = crate::ask::page::limit(asked.limit)? as usize;
    let mut rest: Vec<T> = all.collect();
    if let Some(after) = &asked.cursor {
        let place = rest.iter().position(|each| id(each) == *after).ok_or(Trouble::Cursor)?;
        rest.drain(..=place);
    }
    let more = rest.len() > limit;
    rest.truncate(limit);
    let next_cursor = rest.last().filter(|_| more).map(&id);
    Ok(PageOf { items: rest.into_iter().map(line).collect(), next_cursor })
}

/// Things that can be applied for
#[utoipa::path(get, path = "/things", tag = "catalogue", params(Paged), responses((status = 200, body = PageOf<ThingLine>)))]
async fn things(State(api): State<Api>, Ask(asked): Ask<Paged>) -> Result<Json<PageOf<ThingLine>>, Trouble> {
    let edition = api.office.edition();
    let all = edition.parts().things.values();
    Ok(Json(page_of(all, &asked, |thing| thing.id.to_string(), thing_line)?))
}

/// A thing with its situation questions and what asking for each item apart would cost.
#[derive(Debug, Serialize, ToSchema)]
struct ThingView {
    #[serde(flatten)]
    line: ThingLine,
    members: Vec<MemberView>,
    /// The form before anything is answered.
    form: FormView,
}

#[derive(Debug, Serialize, ToSchema)]
struct MemberView {
    item: String,
    title: Text,
    department: String,
    /// Hangs on the answers.
    conditional: bool,
    after: Vec<String>,
}

fn member_view(edition: &Edition, member: &Member) -> Option<MemberView> {
    let item = edition.item(&member.item)?;
    Some(MemberView {
        item: item.id.to_string(),
        title: (&item.title).into(),
        department: item.department.to_string(),
        conditional: member.when.is_some(),
        after: member.after.iter().map(ToString::to_string).collect(),
    })
}

/// A thing and its situation questions
#[utoipa::path(get, path = "/things/{thing}", tag = "catalogue", params(("thing" = String, Path)), responses((status = 200, body = ThingView)))]
async fn thing(State(api): State<Api>, Place(id): Place<String>) -> Result<Json<ThingView>, Trouble> {
    let edition = api.office.edition();
    let thing = edition.thing(&ThingId::from(id)).ok_or(OfficeError::NotFound)?;
    let answers = Answers::new();
    let form = computed(&api, &edition, thing, None, &answers, &Modes::default());
    let members = thing.members.iter().filter_map(|member| member_view(&edition, member)).collect();
    Ok(Json(ThingView { line: thing_line(thing), members, form }))
}

/// Answers so far, for a form that nobody has begun yet.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FormAsked {
    /// Left out, the first kind that the thing is open to.
    party: Option<Party>,
    #[serde(default)]
    answers: AnswersIn,
    /// Items for which a promise would be signed.
    #[serde(default)]
    promised: Vec<String>,
    /// Papers that would follow later.
    #[serde(default)]
    tolerated: Vec<String>,
}

/// The one form for these answers
///
/// Nothing is kept: the same answers give the same form. Begin a draft to keep them.
#[utoipa::path(post, path = "/things/{thing}/form", tag = "catalogue", params(("thing" = String, Path)), request_body = FormAsked, responses((status = 200, body = FormView)))]
async fn compute_form(
    State(api): State<Api>,
    Place(id): Place<String>,
    Body(asked): Body<FormAsked>,
) -> Result<Json<FormView>, Trouble> {
    let edition = api.office.edition();
    let thing = edition.thing(&ThingId::from(id)).ok_or(OfficeError::NotFound)?;
    let mut answers = Answers::new();
    for (field, raw) in read_answers(&edition, asked.answers)? {
        let Some(declared) = edition.field(&field) else { continue };
        match form::parse_answer(declared, &raw, api.office.today()) {
            Ok(Some(value)) => answers.give(field, value),
            Ok(None) => answers.leave_blank(field),
            Err(_) => answers.keep_typed(field, raw),
        }
    }
    let modes = Modes {
        promised: asked.promised.into_iter().map(ItemId::from).collect(),
        tolerated: asked.tolerated.into_iter().map(Into::into).collect(),
    };
    let party = asked.party.map(PartyKind::from);
    Ok(Json(computed(&api, &edition, thing, party, &answers, &modes)))
}

fn computed(
    api: &Api,
    edition: &Edition,
    thing: &Thing,
    party: Option<PartyKind>,
    answers: &Answers,
    modes: &Modes,
) -> FormView {
    let (known, today) = (KnownFacts::new(), api.office.today());
    let form_for = |party| Form::new(Input { edition, thing, party, known: &known, answers, modes, today });
    let party = party.filter(|party| thing.applicants.contains(party));
    let party = party.or(thing.applicants.first().copied()).unwrap_or(PartyKind::Natural);
    FormView::of(&form_for(party), today)
}

/// An item: one service of one department.
#[derive(Debug, Serialize, ToSchema)]
struct ItemLine {
    id: String,
    title: Text,
    department: String,
    class: String,
    statutory: Option<Length>,
    promised: Length,
    /// Visits that the declaration makes necessary.
    visits: u8,
}

fn item_line(item: &Item) -> ItemLine {
    ItemLine {
        id: item.id.to_string(),
        title: (&item.title).into(),
        department: item.department.to_string(),
        class: item.class.to_string(),
        statutory: item.limits.statutory.map(|limit: Limit| limit.into()),
        promised: item.limits.promised.into(),
        visits: item.visits_needed(),
    }
}

/// Items, each a service of one department
#[utoipa::path(get, path = "/items", tag = "catalogue", params(Paged), responses((status = 200, body = PageOf<ItemLine>)))]
async fn items(State(api): State<Api>, Ask(asked): Ask<Paged>) -> Result<Json<PageOf<ItemLine>>, Trouble> {
    let edition = api.office.edition();
    let all = edition.parts().items.values();
    Ok(Json(page_of(all, &asked, |item| item.id.to_string(), item_line)?))
}

/// An item with its basis, papers, steps, fees and results.
#[derive(Debug, Serialize, ToSchema)]
struct ItemView {
    #[serde(flatten)]
    line: ItemLine,
    summary: Option<Text>,
    applicants: Vec<Party>,
    /// Articles of law.
    basis: Vec<String>,
    requirements: Vec<Text>,
    materials: Vec<MaterialView>,
    steps: Vec<StepView>,
    fees: Vec<FeeView>,
    results: Vec<Named>,
}

#[derive(Debug, Serialize, ToSchema)]
struct MaterialView {
    id: String,
    title: Text,
    copies: u8,
    /// Due only under some answers.
    conditional: bool,
}

#[derive(Debug, Serialize, ToSchema)]
struct StepView {
    id: String,
    title: Text,
    after: Vec<String>,
    limit: Option<Length>,
    /// The applicant has to be there in person.
    present: bool,
}

#[derive(Debug, Serialize, ToSchema)]
struct FeeView {
    id: String,
    title: Text,
    /// Yuan.
    amount: String,
    conditional: bool,
    basis: String,
}

/// An item with its basis, papers, steps and limits
#[utoipa::path(get, path = "/items/{item}", tag = "catalogue", params(("item" = String, Path)), responses((status = 200, body = ItemView)))]
async fn item(State(api): State<Api>, Place(id): Place<String>) -> Result<Json<ItemView>, Trouble> {
    let edition = api.office.edition();
    let item = edition.item(&ItemId::from(id)).ok_or(OfficeError::NotFound)?;
    let material = |used: &catalogue::MaterialUse| {
        let declared = edition.material(&used.material)?;
        let (copies, conditional) = (used.copies, used.when.is_some());
        Some(MaterialView {
            id: declared.id.to_string(),
            title: (&declared.title).into(),
            copies,
            conditional,
        })
    };
    let steps = item.steps.values().map(|step| StepView {
        id: step.id.to_string(),
        title: (&step.title).into(),
        after: step.after.iter().map(ToString::to_string).collect(),
        limit: step.limit.map(Length::from),
        present: step.present && !step.remote,
    });
    let fees = item.fees.values().map(|fee| FeeView {
        id: fee.id.to_string(),
        title: (&fee.title).into(),
        amount: fee.amount.to_string(),
        conditional: fee.when.is_some(),
        basis: fee.basis.cite.clone(),
    });
    Ok(Json(ItemView {
        line: item_line(item),
        summary: item.summary.as_ref().map(Text::from),
        applicants: item.applicants.iter().copied().map(Party::from).collect(),
        basis: item.basis.iter().map(|basis| basis.cite.clone()).collect(),
        requirements: item.requirements.iter().map(|each| Text::from(&each.otherwise)).collect(),
        materials: item.materials.iter().filter_map(material).collect(),
        steps: steps.collect(),
        fees: fees.collect(),
        results: item
            .results
            .values()
            .map(|result| Named { id: result.id.to_string(), name: (&result.title).into() })
            .collect(),
    }))
}

/// What anybody may know of a signed document.
#[derive(Debug, Serialize, ToSchema)]
struct Verification {
    /// Issued here, unchanged, and in force.
    valid: bool,
    /// Digest of the file, to be compared with the one in the code that was scanned.
    digest: String,
    /// What became of the result since: `revoked` and so on.
    change: Option<String>,
    /// The number of the one that was made out in its place.
    replaced_by: Option<String>,
    /// The public part of the document.
    #[schema(value_type = Object)]
    document: serde_json::Value,
}

/// Whether a licence or notice is genuine
#[utoipa::path(get, path = "/documents/{identifier}", tag = "catalogue", params(("identifier" = String, Path)), responses((status = 200, body = Verification)))]
async fn document(
    State(api): State<Api>,
    Place(identifier): Place<String>,
) -> Result<Json<Verification>, Trouble> {
    let found = api.office.verify_online(&identifier).await?;
    Ok(Json(Verification {
        valid: found.verified.valid && found.change.is_none(),
        digest: found.digest,
        change: found.change.map(|change| super::acts::code_of(&change)),
        replaced_by: found.replaced_by,
        document: serde_json::to_value(&found.view).map_err(OfficeError::from)?,
    }))
}

/// What became of a report about the administration itself; nothing tells who made it.
#[derive(Debug, Serialize, ToSchema)]
struct Report {
    /// With its middle hidden.
    number: String,
    thing: String,
    received_at: At,
    state: String,
    step: Option<String>,
    closed_at: Option<At>,
    /// The person said that it is well so.
    confirmed: bool,
}

/// The last pain points that people reported
#[utoipa::path(get, path = "/reports", tag = "catalogue", responses((status = 200, body = PageOf<Report>)))]
async fn reports(State(api): State<Api>) -> Result<Json<PageOf<Report>>, Trouble> {
    const SHOWN: u32 = 20;
    let reports = api.office.recent_reports(SHOWN).await?.into_iter().map(|report| Report {
        number: report.number,
        thing: report.thing,
        received_at: report.received_at.into(),
        state: report.state.code().to_owned(),
        step: report.step.map(|step| step.to_string()),
        closed_at: report.closed_at.map(At::from),
        confirmed: report.confirmed,
    });
    Ok(Json(PageOf::whole(reports.collect())))
}

/// Somebody with a name who helps.
#[derive(Debug, Serialize, ToSchema)]
struct SpecialistView {
    /// The name.
    id: String,
    about: Option<Text>,
    phone: Option<String>,
    /// The lines of the hall that this person covers.
    lines: Vec<String>,
    /// `zh`, `en`, `ja` and so on.
    languages: Vec<String>,
}

/// With what.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct HelpAsked {
    thing: Option<String>,
}

/// Who helps, by name
///
/// With a thing: whoever covers most of it first.
#[utoipa::path(get, path = "/specialists", tag = "halls", params(HelpAsked), responses((status = 200, body = PageOf<SpecialistView>)))]
async fn specialists(
    State(api): State<Api>,
    Ask(asked): Ask<HelpAsked>,
) -> Result<Json<PageOf<SpecialistView>>, Trouble> {
    let edition = api.office.edition();
    let thing = match asked.thing {
        None => None,
        Some(id) => Some(edition.thing(&id.as_str().into()).ok_or(OfficeError::NotFound)?),
    };
    let view = |one: &catalogue::Specialist| SpecialistView {
        id: one.id.to_string(),
        about: one.about.as_ref().map(Text::from),
        phone: one.phone.clone(),
        lines: one.covers.iter().map(ToString::to_string).collect(),
        languages: one.languages.iter().map(|tongue| tongue.code().to_owned()).collect(),
    };
    Ok(Json(PageOf::whole(edition.specialists_for(thing).into_iter().map(view).collect())))
}
