//! Every route, with every identifier and parameter that leads to somebody's case, draft, file, number or appointment, asked by
//! everybody who is not that somebody: nothing of theirs is in any answer, and nothing of theirs changes.

#![allow(clippy::unwrap_used, reason = "a test that meets something else than it expects stops there")]

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use catalogue::FieldKind;
use office::{Access, By, CaseId, DraftId, Standing, TicketKey};
use support::flow::{RESTAURANT, act, answer_all, begin, hand_in, key_of, upload_all};
use support::{Actor, Site};

const GUIDE: &str = "/things/人才落户";
const HALL: &str = "政务服务大厅";
const PHONE: &str = "13911112222";

/// Whoever is asked about, and all that nobody else may read.
struct Owner {
    person: Actor,
    number: String,
    case: CaseId,
    draft: DraftId,
    ticket: TicketKey,
    booking: String,
    marks: BTreeSet<String>,
    /// Identifiers by which somebody might ask.
    identifiers: Vec<String>,
    items: Vec<String>,
}

/// Words that stand in every text of the forms.
fn marked(site: &Site) -> Vec<(String, String)> {
    let edition = site.office.edition();
    let fields = edition.parts().fields.values();
    fields
        .filter_map(|field| match &field.kind {
            FieldKind::Text { max_length, min_length, .. } if *max_length >= 8 && field.pattern.is_none() => {
                let text = format!("隐文{}", field.id.as_str().chars().count());
                let padded = text.chars().chain(std::iter::repeat('隐')).take((*min_length as usize).max(6));
                Some((field.id.to_string(), padded.collect()))
            }
            FieldKind::Phone => Some((field.id.to_string(), PHONE.to_owned())),
            _ => None,
        })
        .collect()
}

async fn owner(site: &Site) -> Owner {
    let officer = site.officer().await;
    let mut person = site.guest();
    let texts = marked(site);
    let chosen: Vec<(&str, &str)> = texts.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
    let number = hand_in(&mut person, GUIDE, &chosen).await;
    let case = site.office.case_by_number(&number).await.unwrap();
    act(site, &officer, &number, office::Act::Message { item: None, text: "隐话甲".into() }).await;
    let message = person.get(&format!("/cases/{number}")).await;
    person.submit(&message.form("/message"), &[("text", "隐话乙")]).await.is(303);
    let draft = begin(&mut person, RESTAURANT).await;
    let draft = draft.split("/s/").next().unwrap().to_owned();
    answer_all(&mut person, &draft, &chosen).await;
    upload_all(&mut person, &draft).await;
    let page = person.get(&format!("/hall/{HALL}")).await;
    let taken = person.submit(&page.form("/take"), &[("line", "税务"), ("here", "yes")]).await;
    let ticket = taken.location().trim_start_matches("/t/").to_owned();
    let page = person.get(&format!("/book/{HALL}?line=税务")).await;
    let slot =
        page.body.split("name=\"slot\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let said = [("slot", slot.as_str()), ("name", "隐约人"), ("phone", "13911113333")];
    let booked = person.submit(&page.form("/book/"), &said).await;
    let booking = booked.location().trim_start_matches("/a/").to_owned();
    let draft: DraftId = draft.trim_start_matches("/drafts/").parse().unwrap();
    let key = key_of(&person);
    let by = By::Guest(&key);
    let receipt = site.office.receipt_code(case, by).await.unwrap();
    let code = site.office.resume_code(draft, by).await.unwrap().to_string();
    let files = site.office.case_files(case, By::System).await.unwrap();
    let open = site.office.open_draft(draft, by).await.unwrap();
    let digests: Vec<String> =
        files.iter().chain(&open.draft.attachments).map(|file| file.digest.clone()).collect();
    let mut digests = digests.into_iter();
    let loaded = site.office.load_case(case).await.unwrap();
    let party = site.office.party(case).await.unwrap();
    let mut identifiers = vec![number.clone(), draft.to_string(), case.to_string()];
    identifiers.extend([digests.next(), digests.next_back()].into_iter().flatten());
    let mut marks: BTreeSet<String> = texts.into_iter().map(|(_, text)| text).collect();
    let own = [
        "隐话甲",
        "隐话乙",
        "隐约人",
        PHONE,
        "13911113333",
        code.as_str(),
        ticket.as_str(),
        booking.as_str(),
    ];
    marks.extend(own.map(str::to_owned));
    marks.extend([receipt.to_string(), receipt.0, key.0.clone(), party.name, party.code]);
    marks.retain(|mark| mark.chars().count() >= 3);
    let items = loaded.case.matters.iter().map(|matter| matter.item.to_string()).collect();
    Owner { person, number, case, draft, ticket: TicketKey(ticket), booking, marks, identifiers, items }
}

/// Everybody who is somebody else.
async fn others(site: &Site, owner: &Owner) -> Vec<(&'static str, Actor)> {
    site.account("other", Standing::Applicant, &[]).await;
    site.account("elsewhere", Standing::Officer, &["税务专员"]).await;
    let mut guest = site.guest();
    begin(&mut guest, RESTAURANT).await;
    let mut progress = site.guest();
    let last = &PHONE[PHONE.len() - 4..];
    progress.post("/track", &[("number", &owner.number), ("phone", last)]).await.is(303);
    let key = key_of(&progress);
    let opened = site.office.open_case(owner.case, vec![By::Guest(&key)]).await.unwrap();
    assert_eq!(opened.access, Access::Progress);
    vec![
        ("nobody", site.guest()),
        ("another browser", guest),
        ("another applicant", site.signed_in("other").await),
        ("who knows the telephone", progress),
        ("an officer elsewhere", site.signed_in("elsewhere").await),
    ]
}

/// The addresses that a route has for this person, with everything that somebody could put in.
fn addresses(route: &str, owner: &Owner, site: &Site) -> Vec<String> {
    let edition = site.office.edition();
    let materials = edition.parts().materials.keys().take(2).map(ToString::to_string);
    let own = |place: &str| -> Vec<String> {
        match place {
            "{number}" => vec![owner.number.clone()],
            "{hall}" => vec![HALL.to_owned()],
            "{item}" => owner.items.clone(),
            "{material}" => materials.clone().collect(),
            "{section}" => vec!["situation".into(), "contact".into()],
            "{version}" | "{*path}" => vec!["x".into()],
            _ => owner.identifiers.clone(),
        }
    };
    let mut filled = vec![String::new()];
    for part in route.split('/').skip(1) {
        let (place, ending) = match part.find('}') {
            Some(end) if part.starts_with('{') => part.split_at(end + 1),
            _ => ("", ""),
        };
        let texts = if place.is_empty() {
            vec![part.to_owned()]
        } else {
            own(place).into_iter().map(|text| format!("{text}{ending}")).collect()
        };
        filled = filled
            .iter()
            .flat_map(|before| texts.iter().map(move |text| format!("{before}/{text}")))
            .collect();
    }
    filled
}

/// Names of parameters and of controls, as they stand in the sources.
fn names() -> (BTreeSet<String>, BTreeSet<String>) {
    fn collect(folder: &Path, found: &mut (BTreeSet<String>, BTreeSet<String>)) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, found);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            for part in text.split("Deserialize)]").skip(1) {
                let body =
                    part.split_once('{').map_or("", |(_, body)| body.split("\n}").next().unwrap_or_default());
                for line in
                    body.lines().filter(|line| line.contains(": String") || line.contains(": Option<String>"))
                {
                    let name = line.trim().trim_start_matches("pub ").split(':').next().unwrap_or_default();
                    found.0.insert(name.to_owned());
                }
            }
            for mark in ["(&pairs, \"", ".one(\"", ".many(\""] {
                for part in text.split(mark).skip(1) {
                    found.1.insert(part.split('"').next().unwrap_or_default().to_owned());
                }
            }
        }
    }
    let mut found = Default::default();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

/// What must stay as it is.
async fn standing(site: &Site, owner: &Owner) -> (usize, u64, String, String) {
    let loaded = site.office.load_case(owner.case).await.unwrap();
    let key = key_of(&owner.person);
    let draft = site.office.open_draft(owner.draft, By::Guest(&key)).await.unwrap();
    let ticket = site.office.ticket_of(&owner.ticket).await.unwrap();
    let day = site.office.hall_day(&ticket.hall, ticket.date).await.unwrap().unwrap();
    let state = day.day.ticket(ticket.number).unwrap().state.code().to_owned();
    let booking = site.office.booking(&owner.booking).await.unwrap();
    (loaded.case.timeline().len(), draft.saves(), state, booking.appointment.state.code().to_owned())
}

#[tokio::test]
async fn nobody_reads_or_changes_what_is_somebody_elses_by_any_address_or_parameter() {
    let site = Site::new().await;
    let owner = owner(&site).await;
    let people = others(&site, &owner).await;
    let (parameters, controls) = names();
    assert!(parameters.len() > 20 && controls.len() > 30, "{parameters:?} {controls:?}");
    let before = standing(&site, &owner).await;
    let with = |names: &BTreeSet<String>, value: &str| -> Vec<(String, String)> {
        names.iter().map(|name| (name.clone(), value.to_owned())).collect()
    };
    // The first two end the sessions that ask; the last says only that something has changed, and never ends.
    let ends = ["/sign-out", "/my/account/sessions", "/live/{hall}"];
    let mut found = Vec::new();
    let mut asked = 0;
    for route in support::routes().iter().filter(|route| !ends.contains(&route.as_str())) {
        let mut addresses = addresses(route, &owner, &site);
        let plain = addresses[0].clone();
        for value in owner.identifiers.iter().take(4) {
            let pairs = with(&parameters, value);
            let query: Vec<String> =
                pairs.iter().map(|(name, value)| format!("{name}={}", support::percent(value))).collect();
            addresses.push(format!("{plain}?{}", query.join("&")));
        }
        // One by one too, for whoever has an account: a page that refuses one parameter would say nothing of the others.
        let single = parameters.iter().map(|parameter| format!("{plain}?{parameter}={}", owner.number));
        let single: Vec<String> = single.filter(|_| !route.contains('{')).collect();
        for (who, actor) in &people {
            let single: &[String] = if who.starts_with("an") { &single } else { &[] };
            for address in addresses.iter().chain(single) {
                let mut reader = actor.second_window();
                let answer = reader.get(address).await;
                asked += 1;
                for mark in owner.marks.iter().filter(|mark| answer.body.contains(mark.as_str())) {
                    found.push(format!("GET {address} tells {who} {mark:?}"));
                }
            }
            for (address, value) in
                self::addresses(route, &owner, &site).iter().zip(owner.identifiers.iter().cycle())
            {
                let mut writer = actor.second_window();
                let answer = writer.post_pairs(address, &with(&controls, value)).await;
                asked += 1;
                for mark in owner.marks.iter().filter(|mark| answer.body.contains(mark.as_str())) {
                    found.push(format!("POST {address} tells {who} {mark:?}"));
                }
            }
        }
    }
    assert!(found.is_empty(), "of {asked}:\n{}", found.join("\n"));
    assert!(asked > 4_000, "{asked}");
    assert_eq!(standing(&site, &owner).await, before);
    // The owner reads all of it: the marks are really there.
    let mut person = owner.person.second_window();
    let page = person.get(&format!("/cases/{}", owner.number)).await;
    page.shows("隐话甲").shows("隐话乙");
    person.get(&format!("/t/{}", owner.ticket.0)).await.is(200);
    person.get(&format!("/a/{}", owner.booking)).await.is(200).shows("预约好了");
    let check = person.get(&format!("/drafts/{}/check", owner.draft)).await;
    assert!(owner.marks.iter().any(|mark| mark.starts_with("隐文") && check.body.contains(mark.as_str())));
}
