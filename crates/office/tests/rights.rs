//! Strangers learn nothing, not even that there is something.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use casework::Delivery;
use catalogue::{Channel, ItemId};
use office::{Act, By, CameWith, CaseReach, Looked, NotPossible, OfficeError, Proof, Standing};
use store::{Batch, Change};
use support::{Zone, views};

#[tokio::test]
async fn strangers_find_no_case_draft_document_or_file() {
    let zone = Zone::open(51).await;
    let key = zone.guest();
    let by = By::Guest(&key);
    let submitted = zone.apply(&zone.services()[0], false, by).await.unwrap();
    zone.finish(submitted.id, by).await;
    let draft = zone.start(&zone.services()[0], Channel::Online, by).await.unwrap();
    let draft = zone.fill(draft, false, by).await.unwrap();
    let documents = zone.office.documents(submitted.id, by).await.unwrap();
    let identifier = &documents.first().expect("a result was issued").identifier;
    let files = zone.office.case_files(submitted.id, by).await.unwrap();
    let paper = draft.draft.attachments.first().or(files.first()).map(|file| file.digest.clone());

    let (other, applicant) = (zone.guest(), zone.applicant("somebody").await);
    for stranger in [By::Guest(&other), By::Viewer(&applicant)] {
        let message = Act::Message { item: None, text: "问".into() };
        let withdraw = Act::Withdraw { item: None, reason: String::new() };
        let deliver = Act::Deliver { item: ItemId::from("甲"), how: Delivery::Online };
        for act in [message, withdraw, deliver, Act::Tick] {
            let refused = zone.office.act(submitted.id, act, stranger, None).await;
            assert!(matches!(refused, Err(OfficeError::NotFound)), "{refused:?}");
        }
        let not_found = [
            zone.office.open_draft(draft.id, stranger).await.err(),
            zone.office.submit(draft.id, stranger, None).await.err(),
            zone.office.save_answers(draft.id, &Default::default(), stranger).await.err(),
            zone.office.resume_code(draft.id, stranger).await.err(),
            zone.office.documents(submitted.id, stranger).await.err(),
            zone.office.document(identifier, stranger).await.err(),
            zone.office.case_files(submitted.id, stranger).await.err(),
            zone.office.traces(submitted.id, stranger).await.err(),
        ];
        for (place, error) in not_found.into_iter().enumerate() {
            assert!(matches!(error, Some(OfficeError::NotFound)), "{place}: {error:?}");
        }
        if let Some(digest) = &paper {
            let of_case = zone.office.case_file(submitted.id, digest, stranger).await.err();
            let of_draft = zone.office.draft_file(draft.id, digest, stranger).await.err();
            assert!(matches!(of_case, Some(OfficeError::NotFound)), "{of_case:?}");
            assert!(matches!(of_draft, Some(OfficeError::NotFound)), "{of_draft:?}");
        }
        assert!(zone.office.own_cases(stranger).await.unwrap().is_empty());
        assert!(zone.office.drafts(stranger).await.unwrap().is_empty());
    }
    // Anybody may ask whether a document is genuine.
    assert!(zone.office.verify_online(identifier).await.is_ok());
    assert_eq!(zone.office.own_cases(by).await.unwrap().len(), 1);
}

#[tokio::test]
async fn endings_of_telephones_cannot_be_tried_out() {
    let zone = Zone::open(52).await;
    let key = zone.guest();
    let submitted = zone.apply(&zone.services()[0], false, By::Guest(&key)).await.unwrap();
    let phone = zone.office.party(submitted.id).await.unwrap().phone;
    let right = &phone[phone.len() - 4..];
    let thief = zone.guest();
    let mut wrong = 0;
    for ending in (0..10_000).map(|ending| format!("{ending:04}")).filter(|ending| ending != right) {
        match zone.office.come_to_case(&submitted.number, Proof::Phone(&ending), &thief, "").await {
            Err(OfficeError::NotFound) => wrong += 1,
            Err(OfficeError::Wait { .. }) => break,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(wrong, 10);
    // Tries that are made all at once are no more.
    let neighbour = zone.apply(&zone.services()[0], false, By::Guest(&key)).await.unwrap();
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..40 {
        let (office, number, thief) = (zone.office.clone(), neighbour.number.clone(), zone.guest());
        let ending = if right == "0000" { "1111" } else { "0000" };
        tries.spawn(async move { office.come_to_case(&number, Proof::Phone(ending), &thief, "").await });
    }
    let told = tries.join_all().await;
    let looked_at = told.iter().filter(|one| matches!(one, Err(OfficeError::NotFound))).count();
    assert_eq!((looked_at, told.len()), (10, 40));
    // Now even the right one does not open it, from whatever browser.
    for browser in [&thief, &zone.guest()] {
        let locked = zone.office.come_to_case(&submitted.number, Proof::Phone(right), browser, "").await;
        assert!(matches!(locked, Err(OfficeError::Wait { .. })), "{locked:?}");
    }
    zone.pass(jiff::SignedDuration::from_mins(61));
    let late = zone.guest();
    assert_eq!(
        zone.office.come_to_case(&submitted.number, Proof::Phone(right), &late, "").await.ok(),
        Some(submitted.id)
    );
    // What many people know shows where the case stands, and opens nothing.
    let by = By::Guest(&late);
    let (_, reach) = zone.office.follow_case(submitted.id, vec![by]).await.unwrap();
    assert_eq!(reach, CaseReach::Progress);
    let message = Act::Message { item: None, text: "问".into() };
    let withdraw = Act::Withdraw { item: None, reason: String::new() };
    for act in [message, withdraw] {
        progress_only(zone.office.act(submitted.id, act, by, None).await.err());
    }
    progress_only(zone.office.case_files(submitted.id, by).await.err());
    progress_only(zone.office.documents(submitted.id, by).await.err());
    progress_only(zone.office.traces(submitted.id, by).await.err());
    progress_only(zone.office.receipt_code(submitted.id, by).await.err());
    progress_only(zone.office.new_receipt_code(submitted.id, by).await.err());
    // The receipt's code opens all, in full width too, until there is another; the applicant reads who came with what.
    let own = By::Guest(&key);
    let code = zone.office.receipt_code(submitted.id, own).await.unwrap().unwrap();
    assert_eq!(zone.office.receipt_code(submitted.id, own).await.unwrap(), None, "shown once");
    let wide: String =
        code.chars().map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap()).filter(|c| *c != '－').collect();
    let number = &submitted.number;
    zone.office.come_to_case(number, Proof::Code(&wide), &late, "").await.unwrap();
    assert!(zone.office.case_files(submitted.id, by).await.is_ok());
    zone.office.come_to_case(number, Proof::Phone(right), &late, "").await.unwrap();
    assert!(zone.office.case_files(submitted.id, by).await.is_ok(), "the lesser proof takes nothing away");
    zone.office.new_receipt_code(submitted.id, own).await.unwrap();
    let old = zone.office.come_to_case(number, Proof::Code(&code), &zone.guest(), "").await;
    assert!(matches!(old, Err(OfficeError::NotFound)), "{old:?}");
    let traces = zone.office.traces(submitted.id, own).await.unwrap();
    for with in [CameWith::Phone, CameWith::Code] {
        assert!(traces.iter().any(|trace| trace.what == Looked::CameIn { with } && trace.by == late.actor()));
    }
    let unknown = zone.office.come_to_case("20200101000000", Proof::Phone(right), &late, "").await;
    assert!(matches!(unknown, Err(OfficeError::NotFound)));
}

#[track_caller]
fn progress_only(error: Option<OfficeError>) {
    assert!(matches!(error, Some(OfficeError::NotPossible(NotPossible::ProgressOnly))), "{error:?}");
}

#[tokio::test]
async fn tries_are_counted_by_address_and_tell_nobody_which_cases_there_are() {
    let zone = Zone::open(57).await;
    let key = zone.guest();
    let submitted = zone.apply(&zone.services()[0], false, By::Guest(&key)).await.unwrap();
    let phone = zone.office.party(submitted.id).await.unwrap().phone;
    let right = &phone[phone.len() - 4..];
    let wrong = if right == "0000" { "1111" } else { "0000" };
    // A case that does not exist is locked as one that does.
    for number in [submitted.number.as_str(), "20200101000000"] {
        for _ in 0..10 {
            let told = zone.office.come_to_case(number, Proof::Phone(wrong), &zone.guest(), "").await;
            assert!(matches!(told, Err(OfficeError::NotFound)), "{told:?}");
        }
        let told = zone.office.come_to_case(number, Proof::Phone(wrong), &zone.guest(), "").await;
        assert!(matches!(told, Err(OfficeError::Wait { .. })), "{number}: {told:?}");
    }
    // Whoever may already has places of its own.
    let own = zone.office.come_to_case(&submitted.number, Proof::Phone(right), &key, "192.0.2.9").await;
    assert_eq!(own.ok(), Some(submitted.id));
    // Spraying over many cases, each time as somebody new, comes from one address.
    let mut looked_at = 0;
    for case in 0..50 {
        let number = format!("2020010100{case:04}");
        match zone.office.come_to_case(&number, Proof::Phone(wrong), &zone.guest(), "192.0.2.9").await {
            Err(OfficeError::NotFound) => looked_at += 1,
            Err(OfficeError::Wait { .. }) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(looked_at, 40);
}

#[tokio::test]
async fn too_many_wrong_passwords_lock_a_login_for_a_while() {
    let zone = Zone::open(53).await;
    let viewer = zone.applicant("somebody").await;
    for login in ["somebody", "nobody"] {
        for _ in 0..8 {
            let wrong = zone.office.sign_in(login, "not the password").await;
            assert!(matches!(wrong, Err(OfficeError::NotPossible(NotPossible::WrongPassword))), "{wrong:?}");
        }
        // A login that does not exist is locked in the same way: nothing tells which exist.
        let locked = zone.office.sign_in(login, "long enough 8").await;
        assert!(matches!(locked, Err(OfficeError::Wait { minutes: 15 })), "{locked:?}");
    }
    zone.pass(jiff::SignedDuration::from_mins(16));
    let (token, signed_in) = zone.office.sign_in("Somebody ", "long enough 8").await.unwrap();
    assert_eq!(signed_in.id, viewer.id);
    assert_eq!(zone.office.session(&token).await.unwrap().map(|viewer| viewer.id), Some(viewer.id));
    zone.pass(jiff::SignedDuration::from_hours(13));
    assert!(zone.office.session(&token).await.unwrap().is_none(), "a session ends by itself");
}

#[tokio::test]
async fn closing_an_account_ends_its_sessions() {
    let zone = Zone::open(54).await;
    let viewer = zone.applicant("somebody").await;
    let administrator = zone.account("keeper", Standing::Administrator, Vec::new()).await;
    let (token, _) = zone.office.sign_in("somebody", "long enough 8").await.unwrap();
    zone.office.set_account_open(viewer.id, false, &administrator).await.unwrap();
    assert!(zone.office.session(&token).await.unwrap().is_none());
    assert!(zone.office.sign_in("somebody", "long enough 8").await.is_err());
    zone.office.set_account_open(viewer.id, true, &administrator).await.unwrap();
    assert!(zone.office.sign_in("somebody", "long enough 8").await.is_ok());
    let (token, _) = zone.office.sign_in("somebody", "long enough 8").await.unwrap();
    zone.office.sign_out(&token).await.unwrap();
    assert!(zone.office.session(&token).await.unwrap().is_none());
}

#[tokio::test]
async fn an_administrator_forgets_a_person_but_no_licence_no_figure_and_nobody_else() {
    let zone = Zone::open(56).await;
    let keeper = zone.account("keeper", Standing::Administrator, Vec::new()).await;
    let viewer = zone.applicant("somebody").await;
    let (key, neighbour) = (zone.guest(), zone.guest());
    let service = &zone.services()[0];
    for by in [By::Viewer(&viewer), By::Guest(&key)] {
        let gone = zone.apply(service, false, by).await.unwrap();
        let stays = zone.apply(service, false, By::Guest(&neighbour)).await.unwrap();
        let forget = async |by: &office::Viewer| {
            zone.office
                .forget_person(&gone.number, office::Ground::OtherLaw, office::WithinPeriod::Refuse, by)
                .await
        };
        let open = forget(&keeper).await;
        assert!(matches!(open, Err(OfficeError::NotPossible(NotPossible::CasesOpen))), "{open:?}");
        zone.finish(gone.id, by).await;
        let name = zone.office.party(gone.id).await.unwrap().name;
        let files = zone.office.case_files(gone.id, By::System).await.unwrap();
        let documents = zone.office.documents(gone.id, By::System).await.unwrap();
        assert!(!name.is_empty() && !files.is_empty() && !documents.is_empty());
        let verified = zone.office.verify_online(&documents[0].identifier).await.unwrap();
        assert!(matches!(forget(&zone.officers[0]).await, Err(OfficeError::Denied)));

        let forgotten = forget(&keeper).await.unwrap();
        assert_eq!((forgotten.cases, forgotten.ground), (1, office::Ground::OtherLaw));
        assert_eq!(zone.office.party(gone.id).await.unwrap().name, "");
        assert_eq!(zone.office.applicant_shown(gone.id).await.unwrap(), "");
        assert!(matches!(zone.office.case_files(gone.id, by).await, Err(OfficeError::NotFound)));
        assert!(zone.office.own_cases(by).await.unwrap().is_empty());
        for file in &files {
            let digest = store::Digest::parse(&file.digest).unwrap();
            let owners = zone.office.store().blob_owners(digest).await.unwrap();
            assert!(!owners.contains(&format!("case/{}", gone.id)), "{owners:?}");
        }
        let words = office::CaseFilter { words: gone.number.clone(), ..office::CaseFilter::default() };
        assert!(zone.office.cases(&words, 10, None, &zone.officers[0]).await.unwrap().lines.is_empty());
        // The licence is verified as before, and the one who answers for it sees the case without the person.
        let still = zone.office.verify_online(&documents[0].identifier).await.unwrap();
        assert_eq!((still.verified.valid, &still.digest), (verified.verified.valid, &verified.digest));
        zone.office.case_for_officer(&gone.number, &zone.officers[0]).await.unwrap();
        let twice = forget(&keeper).await;
        assert!(matches!(twice, Err(OfficeError::NotPossible(NotPossible::NobodyFound))), "{twice:?}");
        let events = zone.office.store().read_all(store::Position::START, 10_000).await.unwrap();
        let trace = events.iter().rev().find(|event| event.kind == "person-forgotten").unwrap();
        assert_eq!(&*trace.actor, keeper.id.to_string());
        assert!(!String::from_utf8_lossy(&trace.body).contains(&name));
        assert!(zone.office.audit().await.unwrap().is_clean());
        let before = views(&zone.office).await;
        zone.office.rebuild(&mut |_| {}).await.unwrap();
        assert_eq!(views(&zone.office).await, before, "figures and lists follow from what is left");
        assert!(!zone.office.party(stays.id).await.unwrap().name.is_empty());
        assert!(!zone.office.applicant_shown(stays.id).await.unwrap().is_empty());
    }
    assert!(zone.office.sign_in("somebody", "long enough 8").await.is_err());
    assert!(zone.office.accounts(&keeper).await.unwrap().iter().all(|row| row.login != "somebody"));
    assert_eq!(zone.office.forgotten(&keeper).await.unwrap().len(), 2);
    let staff = zone
        .office
        .forget_person("keeper", office::Ground::Unlawful, office::WithinPeriod::Refuse, &keeper)
        .await;
    assert!(matches!(staff, Err(OfficeError::NotPossible(NotPossible::StaffStays))), "{staff:?}");
}

#[tokio::test]
async fn a_person_is_forgotten_and_the_log_still_proves_itself() {
    let zone = Zone::open(55).await;
    let viewer = zone.applicant("somebody").await;
    let by = By::Viewer(&viewer);
    let gone = zone.apply(&zone.services()[0], false, by).await.unwrap();
    let key = zone.guest();
    let stays = zone.apply(&zone.services()[0], false, By::Guest(&key)).await.unwrap();
    zone.finish(gone.id, by).await;
    zone.office.checkpoint().await.unwrap();
    let name = zone.office.party(gone.id).await.unwrap().name;
    assert!(!name.is_empty());

    let erase = Change::VaultEraseSubject { subject: viewer.id.to_string() };
    zone.office.store().commit(Batch::new(zone.office.now()).change(erase)).await.unwrap();

    let audit = zone.office.audit().await.unwrap();
    assert!(audit.is_clean(), "{audit:?}");
    let loaded = zone.office.load_case(gone.id).await.unwrap();
    assert!(loaded.case.matters.iter().all(|matter| matter.state.is_over()));
    assert_eq!(zone.office.party(gone.id).await.unwrap().name, "");
    assert!(zone.office.answers(&loaded).await.unwrap().is_empty());
    assert!(zone.office.known_facts(gone.id).await.unwrap().iter().next().is_none());
    assert!(zone.office.case_files(gone.id, By::Viewer(&zone.officers[0])).await.unwrap().is_empty());
    zone.office.case_for_officer(&gone.number, &zone.officers[0]).await.unwrap();
    // Rows that people see forget with the next rebuild at the latest.
    zone.office.rebuild(&mut |_| {}).await.unwrap();
    assert_eq!(zone.office.applicant_shown(gone.id).await.unwrap(), "");
    let before = views(&zone.office).await;
    zone.office.rebuild(&mut |_| {}).await.unwrap();
    assert_eq!(views(&zone.office).await, before);
    // Others are not touched.
    assert!(!zone.office.party(stays.id).await.unwrap().name.is_empty());
    zone.finish(stays.id, By::Guest(&key)).await;
}
