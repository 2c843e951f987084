//! What a guide says that a matter takes is what the draft, the check page, the receipt and the case say.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use catalogue::{FieldKind, PartyKind, Thing};
use expression::Value;
use form::{Answers, Form, Input, KnownFacts, Modes, State, edit_text, usual_answers};
use support::flow::{answer_section, upload_all};
use support::{Actor, Answer, Site, percent, text};

/// Questions, papers, visits, and whether they are an estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Figures {
    counts: [usize; 3],
    about: bool,
}

impl Figures {
    fn of(told: &[String]) -> Self {
        let number = |text: &String| {
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            // “不用到场”, “多半不用交材料”.
            digits
                .parse()
                .unwrap_or_else(|_| panic!("no number and no “不用” in {text}: {}", text.contains("不用")))
        };
        let number = |text: &String| if text.contains("不用") { 0 } else { number(text) };
        let [questions, papers, visits] = told else { panic!("three figures, not {told:?}") };
        let about = told.iter().any(|text| text.contains('约') || text.contains("多半"));
        Self { counts: [number(questions), number(papers), number(visits)], about }
    }

    /// The line on a draft, the check page or a receipt.
    fn on(page: &Answer) -> Self {
        let line =
            page.body.split("<p class=\"reckon\">").nth(1).unwrap_or_else(|| panic!("{}", page.text()));
        let line = line.split("</p>").next().unwrap();
        Self::of(&line.split("</span>").take(3).map(text).collect::<Vec<_>>())
    }

    /// The large figures of a guide.
    fn on_guide(page: &Answer) -> Self {
        let list =
            page.body.split("class=\"figures reckoned\"").nth(1).unwrap().split("</ul>").next().unwrap();
        Self::of(
            &list
                .split("</li>")
                .take(3)
                .map(|each| text(each.split_once('>').unwrap().1))
                .collect::<Vec<_>>(),
        )
    }
}

/// The usual situation, and each other answer to each question of the situation alone.
fn situations(site: &Site, thing: &Thing, party: PartyKind) -> Vec<Answers> {
    let edition = site.office.edition();
    let mut all = vec![Answers::new()];
    for question in &thing.questions {
        let field = edition.field(&question.field).unwrap();
        let values: Vec<Value> = match &field.kind {
            FieldKind::YesNo => vec![Value::Bool(true), Value::Bool(false)],
            FieldKind::Choice { options } => {
                options.iter().map(|each| Value::choice(each.value.clone())).collect()
            }
            _ => continue,
        };
        all.extend(values.into_iter().map(|value| Answers::new().with(field.id.clone(), value)));
    }
    all.retain(|chosen| {
        let edition = site.office.edition();
        let today = edition.offset().to_datetime(site.office.now()).date();
        let (known, modes) = (KnownFacts::new(), Modes::default());
        let input =
            Input { edition: &edition, thing, party, known: &known, answers: chosen, modes: &modes, today };
        let answers = usual_answers(input);
        let form = Form::new(Input { answers: &answers, ..input });
        form.closed_to_party().is_empty() && !form.nothing_applies()
    });
    all
}

struct Walk<'s> {
    site: &'s Site,
    person: Actor,
    draft: String,
    known: KnownFacts,
}

impl Walk<'_> {
    async fn open(&mut self) -> office::OpenDraft {
        let id = self.draft.trim_start_matches("/drafts/").parse().unwrap();
        self.site
            .office
            .open_draft(id, office::By::Guest(&support::flow::key_of(&self.person)))
            .await
            .unwrap()
    }

    /// What the usual person answers, as text for the boxes; blank where such a person leaves it blank.
    async fn usual(&mut self) -> Vec<(String, String)> {
        let open = self.open().await;
        let answers = usual_answers(Input {
            edition: &open.edition,
            thing: open.thing().unwrap(),
            party: open.draft.party,
            known: &open.draft.known,
            answers: &open.draft.answers,
            modes: &open.draft.modes,
            today: open.today,
        });
        self.known = open.draft.known.clone();
        let fields = open.edition.parts().fields.values();
        let told = fields.filter(|field| !matches!(field.kind, FieldKind::Rows { .. })).map(|field| {
            let value = answers.value(field.id.as_str());
            (field.id.to_string(), value.map(|value| edit_text(field, value)).unwrap_or_default())
        });
        told.filter(|(id, value)| {
            !value.is_empty() || open.edition.field(&id.as_str().into()).unwrap().optional
        })
        .collect()
    }

    /// Questions that a registry answered meanwhile.
    async fn spared(&mut self) -> usize {
        let open = self.open().await;
        let form = open.form().unwrap();
        form.questions().iter().filter(|each| matches!(each.state, State::Known | State::Confirmed)).count()
    }
}

async fn walk(site: &Site, thing: &Thing, party: PartyKind, chosen: &Answers) {
    let edition = site.office.edition();
    let mut person = site.guest();
    let party = if party == PartyKind::Natural { "natural" } else { "legal" };
    let mut pairs = vec![("party".to_owned(), party.to_owned())];
    for question in &thing.questions {
        if let Some(value) = chosen.value(question.field.as_str()) {
            let field = edition.field(&question.field).unwrap();
            pairs.push((format!("f.{}", field.id), edit_text(field, value)));
        }
    }
    let name = format!("{} {pairs:?}", thing.id);
    let query: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{}={}", percent(name), percent(value))).collect();
    let guide = person.get(&format!("/things/{}?{}", thing.id, query.join("&"))).await;
    let guide = Figures::on_guide(&guide);
    pairs.push(("thing".into(), thing.id.to_string()));
    let draft = person.post_pairs("/drafts", &pairs).await.location().to_owned();
    let mut walk = Walk { site, person, draft: draft.clone(), known: KnownFacts::new() };

    let mut page = walk.person.get(&draft).await;
    assert_eq!(Figures::on(&page), guide, "{name}: the draft begins with the guide's figures");
    for _ in 0..40 {
        let next =
            page.body.split("class=\"button big\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
        let Some(next) = next.filter(|href| href.contains("/s/")).map(str::to_owned) else { break };
        let usual = walk.usual().await;
        let pairs: Vec<(&str, &str)> =
            usual.iter().map(|(id, value)| (id.as_str(), value.as_str())).collect();
        answer_section(&mut walk.person, &next, &pairs).await;
        page = walk.person.get(&draft).await;
        let spared = walk.spared().await;
        let now = Figures::on(&page).counts;
        assert_eq!([now[0] + spared, now[1], now[2]], guide.counts, "{name}: after {next}: {}", page.text());
    }
    let last = Figures::on(&page);
    assert!(!last.about, "{name}: all is answered: {}", page.text());
    upload_all(&mut walk.person, &draft).await;
    let check = walk.person.get(&format!("{draft}/check")).await;
    assert_eq!(Figures::on(&check), last, "{name}: the check page");
    let done = walk.person.submit(&check.form("/submit"), &[]).await;
    let receipt = walk.person.follow(&done).await;
    assert_eq!(Figures::on(&receipt), last, "{name}: the receipt");
    let day = |page: &Answer| {
        let text = page.text();
        let (_, rest) = text.split_once("按承诺最晚").unwrap_or_else(|| panic!("{name}: no day in {text}"));
        rest.trim().split_once("办完").unwrap().0.to_owned()
    };
    assert_eq!(day(&receipt), day(&check), "{name}: the day");
    let number = support::flow::number_in(done.location());
    let case = walk.person.get(&format!("/cases/{number}")).await;
    case.shows(&format!("最晚 {}全部办完", day(&receipt)));
    walk.person.get("/my").await.shows(&format!("{}前办完", day(&receipt)));
    let id = site.office.case_by_number(&number).await.unwrap();
    let loaded = site.office.load_case(id).await.unwrap();
    assert_eq!(usize::from(loaded.case.visits().to_come), last.counts[2], "{name}: journeys of the case");
}

#[tokio::test]
async fn guide_draft_check_page_and_receipt_tell_the_same_figures_in_every_situation() {
    let site = Site::new().await;
    let edition = site.office.edition();
    let feedback = edition.zone().feedback.clone();
    let things = edition.parts().things.values().filter(|thing| thing.home_order.is_some());
    for thing in things.filter(|thing| Some(&thing.id) != feedback.as_ref()) {
        for party in &thing.applicants {
            for chosen in situations(&site, thing, *party) {
                walk(&site, thing, *party, &chosen).await;
            }
        }
    }
}

#[tokio::test]
async fn a_way_of_handling_that_was_chosen_leaves_the_day_of_the_check_page_on_the_receipt() {
    let site = Site::new().await;
    let edition = site.office.edition();
    let mut tried = 0;
    for thing in edition.parts().things.values().filter(|thing| thing.home_order.is_some()) {
        let mut person = site.guest();
        let draft = support::flow::begin(&mut person, &format!("/things/{}", thing.id)).await;
        let draft = draft.split("/s/").next().unwrap().to_owned();
        support::flow::answer_all(&mut person, &draft, &[]).await;
        let papers = person.get(&format!("{draft}/papers")).await;
        if !papers.body.contains("name=\"promise\"") {
            continue;
        }
        tried += 1;
        let form = papers.form("/papers");
        let promised = form.controls.iter().filter(|control| control.name == "promise");
        let mut ticked: Vec<(&str, &str)> =
            promised.map(|each| (each.name.as_str(), each.value.as_str())).collect();
        ticked.push(("go", "modes"));
        person.upload(&form, &ticked, &[]).await.is(303);
        upload_all(&mut person, &draft).await;
        let check = person.get(&format!("{draft}/check")).await;
        let done = person.submit(&check.form("/submit"), &[]).await;
        let receipt = person.follow(&done).await;
        let day = |page: &Answer| {
            let text = page.text();
            text.split_once("按承诺最晚").unwrap().1.trim().split_once("办完").unwrap().0.to_owned()
        };
        assert_eq!(day(&receipt), day(&check), "{}", thing.id);
    }
    assert!(tried > 0, "some thing offers a promise");
}

#[tokio::test]
async fn a_question_that_an_answer_brings_is_new_and_no_error() {
    let site = Site::new().await;
    let mut person = site.guest();
    let draft = support::flow::begin(&mut person, support::flow::RESTAURANT).await;
    let section = format!("{draft}/s/~situation");
    let page = person.get(&section).await;
    let seen = page.form("/s/");
    assert!(!seen.names().contains(&"f.雇用员工"), "{:?}", seen.names());
    let answers = [
        ("f.主体状况", "新办个体户"),
        ("f.经营方式", "外卖"),
        ("f.营业面积", "80"),
        ("f.排水方式", "自接管网"),
        ("f.大型户外广告", "false"),
    ];
    let mut pairs: Vec<(&str, &str)> =
        answers.into_iter().filter(|(name, _)| seen.names().contains(name)).collect();
    pairs.push(("go", "on"));
    let saved = person.post(&section, &pairs).await;
    let again = person.follow(&saved).await;
    again.is(200).shows("新问题").shows("这一页多了").shows("因为您回答了");
    assert!(again.form("/s/").names().contains(&"f.雇用员工"));
    assert!(
        !again.body.contains("error-summary") && !again.body.contains("question wrong"),
        "{}",
        again.text()
    );
    // Opened later, it is a question like any other.
    person.get(&section).await.is(200).shows_not("新问题");
}

#[tokio::test]
async fn an_answer_that_makes_more_work_says_how_much() {
    let site = Site::new().await;
    let mut person = site.guest();
    let draft = support::flow::begin(&mut person, support::flow::RESTAURANT).await;
    let section = format!("{draft}/s/~situation");
    let page = person.get(&section).await;
    let before = Figures::on(&person.get(&draft).await);
    let other = [("f.大型户外广告", "true"), ("go", "on")];
    let saved = person.submit(&page.form("/s/"), &other).await;
    saved.is(422).shows("数字有变");
    let after = Figures::on(&person.get(&draft).await);
    assert!(after.counts[0] > before.counts[0], "{before:?} {after:?}");
    saved.shows(&format!("问题 {} → {} 个", before.counts[0], after.counts[0]));
}

#[tokio::test]
async fn changing_an_answer_from_the_check_page_leads_back_to_it() {
    let site = Site::new().await;
    let mut person = site.guest();
    let draft = support::flow::begin(&mut person, support::flow::RESTAURANT).await;
    support::flow::answer_all(&mut person, &draft, support::flow::EXISTING).await;
    let check = format!("{draft}/check");
    let page = person.get(&check).await;
    let links: Vec<String> = page
        .body
        .split("class=\"change\"><a href=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&"))
        .collect();
    assert!(links.len() > 5);
    for link in links.iter().filter(|link| link.contains("/s/")) {
        let section = person.get(link.split('#').next().unwrap()).await;
        let saved = person.submit(&section.form("/s/"), &[("go", "on")]).await;
        assert_eq!(saved.location().split('?').next().unwrap(), check, "{link}");
    }
    // Without the way from there one goes on as ever.
    let section = person.get(&format!("{draft}/s/~situation")).await;
    let saved = person.submit(&section.form("/s/"), &[("go", "on")]).await;
    assert!(!saved.location().contains("/check"), "{}", saved.location());
}
