//! Strangers learn nothing, not even that there is something.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::collections::BTreeSet;

use casework::{Delivery, Doer, Refusal};
use catalogue::{Channel, HallId, ItemId, LaneKind, RoleRank, Tongue};
use hall::{Source, Want};
use office::{
    Act, By, NotPossible, OfficeError, Shown, Standing, TakeTicket, TicketAbout, TrailFilter, WindowAct,
};
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
    let wrong = if right == "0000" { "1111" } else { "0000" };
    let thief = zone.guest();
    let open = async |number: &str, proof: &str, from: &str| {
        zone.office.open_case_with(number, proof, from, &thief, Vec::new()).await
    };
    // A number that does not exist answers as one that does, from the first try to the last.
    for number in [submitted.number.as_str(), "202603020099996"] {
        let mut looked_at = 0;
        for _ in 0..20 {
            match open(number, wrong, "192.0.2.1").await {
                Err(OfficeError::NotFound) => looked_at += 1,
                Err(OfficeError::Wait { .. }) => {}
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(looked_at, 10, "{number}");
    }
    // Not even the right digits open it from there now; from elsewhere they do: strangers keep nobody out.
    assert!(matches!(open(&submitted.number, right, "192.0.2.1").await, Err(OfficeError::Wait { .. })));
    let opened =
        zone.office.open_case_with(&submitted.number, right, "192.0.2.9", &zone.guest(), Vec::new()).await;
    assert_eq!(opened.unwrap(), (submitted.id, office::Access::Progress));
    // Many numbers from one address are no more than thirty tries.
    let mut looked_at = 0;
    for serial in 1..60 {
        let number = identifier::CaseNumber::new(zone.office.today(), serial).unwrap().to_string();
        looked_at +=
            usize::from(matches!(open(&number, wrong, "192.0.2.2").await, Err(OfficeError::NotFound)));
    }
    assert_eq!(looked_at, 30);
    // Tries that are made all at once are no more.
    let neighbour = zone.apply(&zone.services()[0], false, By::Guest(&key)).await.unwrap();
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..40 {
        let (office, number, thief) = (zone.office.clone(), neighbour.number.clone(), zone.guest());
        tries.spawn(
            async move { office.open_case_with(&number, "0001", "192.0.2.3", &thief, Vec::new()).await },
        );
    }
    let told = tries.join_all().await;
    let looked_at = told.iter().filter(|one| !matches!(one, Err(OfficeError::Wait { .. }))).count();
    assert_eq!((looked_at, told.len()), (10, 40));
    zone.pass(jiff::SignedDuration::from_mins(61));
    assert!(open(&submitted.number, right, "192.0.2.1").await.is_ok());
}

#[tokio::test]
async fn the_telephone_shows_progress_and_the_receipt_opens_the_case() {
    let zone = Zone::open(57).await;
    let key = zone.guest();
    let submitted = zone.apply(&zone.services()[0], false, By::Guest(&key)).await.unwrap();
    let (id, number) = (submitted.id, submitted.number.as_str());
    let phone = zone.office.party(id).await.unwrap().phone;
    let full_width: String = phone[phone.len() - 4..]
        .chars()
        .map(|digit| char::from_u32(0xff10 + digit.to_digit(10).unwrap()).unwrap())
        .collect();
    let other = zone.guest();
    let stranger = By::Guest(&other);
    let opened =
        zone.office.open_case_with(number, &full_width, "192.0.2.1", &other, Vec::new()).await.unwrap();
    assert_eq!(opened, (id, office::Access::Progress));
    let seen = zone.office.open_case(id, vec![stranger]).await.unwrap();
    assert_eq!(seen.access, office::Access::Progress);
    let only = |error: Option<OfficeError>| {
        assert!(matches!(error, Some(OfficeError::NotPossible(NotPossible::ProgressOnly))), "{error:?}");
    };
    let acts = [
        Act::Withdraw { item: None, reason: "x".into() },
        Act::Object { item: None, text: "x".into() },
        Act::Message { item: None, text: "x".into() },
        Act::Rate { level: 1, comment: String::new(), named: false },
        Act::SupplyCorrection { item: ItemId::from("x"), materials: Vec::new(), answers: None },
    ];
    for act in acts {
        only(zone.office.act(id, act, stranger, None).await.err());
    }
    only(zone.office.case_files(id, stranger).await.err());
    only(zone.office.files_of(&seen).await.err());
    only(zone.office.documents(id, stranger).await.err());
    only(zone.office.traces(id, stranger).await.err());
    only(zone.office.receipt_code(id, stranger).await.err());
    only(zone.office.add_case_file(id, zone.paper(stranger).await.unwrap(), stranger).await.err());
    let what = office::Entrusted::Case(id);
    only(zone.office.allow_agent(what, "nobody", "nobody", 1, stranger).await.err());
    assert!(matches!(
        zone.office.open_case_with(number, "ABCD2345", "192.0.2.1", &other, Vec::new()).await,
        Err(OfficeError::NotFound)
    ));

    let code = zone.office.receipt_code(id, By::Guest(&key)).await.unwrap();
    assert_eq!(
        code,
        zone.office.receipt_code(id, By::Guest(&key)).await.unwrap(),
        "a receipt can be printed again"
    );
    let typed = code.to_string().to_lowercase();
    let opened = zone.office.open_case_with(number, &typed, "192.0.2.1", &other, Vec::new()).await.unwrap();
    assert_eq!(opened, (id, office::Access::Whole));
    assert!(zone.office.case_files(id, stranger).await.is_ok());
    // The digits take nothing away again.
    let again =
        zone.office.open_case_with(number, &full_width, "192.0.2.1", &other, Vec::new()).await.unwrap();
    assert_eq!(again, (id, office::Access::Whole));
    let came: Vec<_> = zone
        .office
        .traces(id, By::Guest(&key))
        .await
        .unwrap()
        .into_iter()
        .map(|trace| (trace.by, trace.what))
        .collect();
    let by = |with| (other.actor(), office::Looked::Came { with });
    assert_eq!(came, [by(office::Access::Progress), by(office::Access::Whole), by(office::Access::Progress)]);
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
async fn who_leaves_or_loses_the_role_gives_back_the_steps_that_they_had_taken() {
    let zone = Zone::open(55).await;
    let keeper = zone.account("keeper", Standing::Administrator, Vec::new()).await;
    let key = zone.guest();
    for closes in [true, false] {
        let submitted = zone.apply(&zone.services()[0], false, By::Guest(&key)).await.unwrap();
        let task = zone.tasks(submitted.id).await.remove(0);
        let Doer::Role { role, .. } = &task.by else { panic!("somebody accepts: {task:?}") };
        let login = if closes { "leaves" } else { "changes" };
        let gone = zone.account(login, Standing::Officer, vec![role.clone()]).await;
        let stays = zone.account(&format!("{login}-not"), Standing::Officer, vec![role.clone()]).await;
        let claim = || Act::Claim { item: task.item.clone(), step: task.step.clone(), officer: None };
        zone.office.act(submitted.id, claim(), By::Viewer(&gone), None).await.unwrap();
        let refused = zone.office.act(submitted.id, claim(), By::Viewer(&stays), None).await.err();
        assert!(matches!(refused, Some(OfficeError::Refused(Refusal::ClaimedByOther { .. }))), "{refused:?}");
        if closes {
            zone.office.set_account_open(gone.id, false, &keeper).await.unwrap();
        } else {
            // The same role once more takes nothing away.
            zone.office.set_roles(gone.id, vec![role.clone()], &keeper).await.unwrap();
            assert!(zone.tasks(submitted.id).await[0].claimed_by.is_some());
            zone.office.set_roles(gone.id, Vec::new(), &keeper).await.unwrap();
        }
        assert!(zone.tasks(submitted.id).await[0].claimed_by.is_none());
        zone.office.act(submitted.id, claim(), By::Viewer(&stays), None).await.unwrap();
    }
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
    assert!(zone.office.known_facts(&loaded, &form::Answers::new()).await.unwrap().iter().next().is_none());
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

#[tokio::test]
async fn a_head_opens_the_cases_of_the_own_department_and_a_leader_all() {
    let zone = Zone::open(58).await;
    let key = zone.guest();
    let submitted = zone.apply(&zone.services()[0], false, By::Guest(&key)).await.unwrap();
    let loaded = zone.office.load_case(submitted.id).await.unwrap();
    let edition = zone.office.edition();
    let concerned = |role: &catalogue::Role| {
        loaded.case.matters.iter().any(|matter| {
            let steps = matter.plan.steps.iter();
            let extension = matter.plan.limits.extension.as_ref();
            matter.department == role.department
                || extension.is_some_and(|extension| extension.approver == role.id)
                || steps.filter_map(|step| step.by.role()).any(|of| *of == role.id)
        })
    };
    let heads = || edition.parts().roles.values().filter(|role| role.rank == RoleRank::Head);
    let other = heads().find(|role| !concerned(role)).expect("a department that is not concerned");
    let own = heads().find(|role| concerned(role)).expect("a department that is");
    let other = zone.account("other", Standing::Officer, vec![other.id.clone()]).await;
    let own = zone.account("own", Standing::Officer, vec![own.id.clone()]).await;
    let number = &submitted.number;
    let refused = zone.office.case_for_officer(number, &other).await.err();
    assert!(matches!(refused, Some(OfficeError::Denied)), "{refused:?}");
    let refused = zone.office.reveal(submitted.id, Vec::new(), "想看看", &other).await.err();
    assert!(matches!(refused, Some(OfficeError::Denied)), "{refused:?}");
    assert!(zone.office.case_for_officer(number, &own).await.is_ok());
    assert!(zone.office.case_for_officer(number, &zone.leader()).await.is_ok());
}

#[tokio::test]
async fn a_task_is_given_to_somebody_of_its_department_and_to_nobody_else() {
    let zone = Zone::open(59).await;
    let key = zone.guest();
    let submitted = zone.apply(&zone.services()[0], false, By::Guest(&key)).await.unwrap();
    let task = zone.tasks(submitted.id).await.remove(0);
    let Doer::Role { department, .. } = &task.by else { panic!("somebody accepts: {task:?}") };
    let edition = zone.office.edition();
    let mut roles = edition.parts().roles.values();
    let elsewhere = roles.find(|role| role.department != *department).unwrap();
    let elsewhere = zone.account("elsewhere", Standing::Officer, vec![elsewhere.id.clone()]).await;
    let citizen = zone.applicant("citizen").await;
    let give = async |officer: String| {
        let act = Act::Claim { item: task.item.clone(), step: task.step.clone(), officer: Some(officer) };
        zone.office.act(submitted.id, act, By::Viewer(&zone.officers[0]), None).await
    };
    for nobody in [
        String::new(),
        "没有这个人".into(),
        "x".repeat(10_000),
        citizen.id.to_string(),
        elsewhere.id.to_string(),
    ] {
        let refused = give(nobody).await.err();
        assert!(matches!(refused, Some(OfficeError::Refused(Refusal::OfficerOfOther { .. }))), "{refused:?}");
    }
    give(zone.officers[1].id.to_string()).await.unwrap();
}

#[tokio::test]
async fn a_number_proves_who_stands_there_only_for_the_case_that_came_in_with_it() {
    let zone = Zone::open(60).await;
    let key = zone.guest();
    let other = zone.apply(&zone.services()[0], false, By::Guest(&key)).await.unwrap();
    let clerk = zone.account("clerk", Standing::Officer, vec!["综合窗口".into()]).await;
    let (hall, window) = (HallId::from("政务服务大厅"), "A01".into());
    let take = TakeTicket {
        hall: hall.clone(),
        wants: vec![Want { line: "公共服务".into(), thing: None }],
        lane: LaneKind::WalkIn,
        language: Tongue::Zh,
        source: Source::Kiosk,
        specialist: None,
        about: TicketAbout::default(),
        on_the_way: false,
    };
    zone.office.take_ticket(take, By::System, None).await.unwrap();
    for act in [WindowAct::Open, WindowAct::Next, WindowAct::Start] {
        zone.office.at_window(&hall, &window, act, &clerk, None).await.unwrap();
    }
    let by = By::Viewer(&clerk);
    let own = zone.apply(&zone.services()[0], false, by).await.unwrap();
    let withdraw = || Act::ForApplicant {
        act: Box::new(Act::Withdraw { item: None, reason: "不办了".into() }),
        proof: Shown::Ticket,
        note: "本人在窗口".into(),
    };
    let refused = zone.office.act(other.id, withdraw(), by, None).await.err();
    let of_other = matches!(refused, Some(OfficeError::NotPossible(NotPossible::TicketOfOther)));
    assert!(of_other, "{refused:?}");
    zone.office.act(own.id, withdraw(), by, None).await.unwrap();
}

#[tokio::test]
async fn what_was_issued_to_a_restricted_person_is_verified_as_before_and_lifting_brings_the_case_back() {
    let zone = Zone::open(57).await;
    let keeper = zone.account("keeper", Standing::Administrator, Vec::new()).await;
    let auditor = zone.account("auditor", Standing::AuditAdministrator, Vec::new()).await;
    let key = zone.guest();
    let by = By::Guest(&key);
    let case = zone.apply(&zone.services()[0], false, by).await.unwrap();
    zone.finish(case.id, by).await;
    let shown = zone.office.applicant_shown(case.id).await.unwrap();
    let documents = zone.office.documents(case.id, By::System).await.unwrap();
    assert!(!documents.is_empty() && !shown.is_empty());
    let (ground, period) = (office::Ground::ConsentWithdrawn, office::WithinPeriod::Restrict);
    let forgotten = zone.office.forget_person(&case.number, ground, period, &keeper).await.unwrap();
    assert_eq!((forgotten.cases, forgotten.restricted), (0, 1));
    for document in &documents {
        let verified = zone.office.verify_online(&document.identifier).await.unwrap();
        assert!(verified.verified.valid, "{}", document.identifier);
    }
    assert_eq!(zone.office.applicant_shown(case.id).await.unwrap(), "");
    // Stored and not used: neither side does or writes anything here, by no way that there is.
    let restricted = |error: Option<OfficeError>| {
        matches!(error, Some(OfficeError::NotPossible(NotPossible::CaseRestricted)))
    };
    let clerk = By::Viewer(&zone.officers[0]);
    let message = || Act::Message { item: None, text: "请来取件".into() };
    let item = zone.office.load_case(case.id).await.unwrap().case.matters[0].item.clone();
    let explain = Act::ExplainOverdue { item, text: "系统检修，推迟了一天。".into() };
    for by in [clerk, By::Guest(&key)] {
        let refused = zone.office.act(case.id, message(), by, None).await.err();
        assert!(restricted(refused) || matches!(by, By::Guest(_)), "{by:?}");
    }
    assert!(restricted(zone.office.act(case.id, explain, clerk, None).await.err()));
    let rate = Act::Rate { level: 1, comment: "太慢".into(), named: true };
    assert!(zone.office.act(case.id, rate, By::Guest(&key), None).await.is_err());
    let opened = zone.office.case_for_officer(&case.number, &zone.officers[0]).await.unwrap();
    let fields = vec![opened.edition.parts().fields.keys().next().unwrap().clone()];
    let revealed = zone.office.reveal(case.id, fields, "核对办件的联系电话", &zone.officers[0]).await;
    assert!(restricted(revealed.err()));
    let renewed = zone.office.renew_receipt(&opened, &zone.officers[0], None).await;
    assert!(renewed.is_err());
    // Papers that were issued are checked when somebody shows them, and read out of the case no more.
    for document in &documents {
        assert!(restricted(zone.office.document_of(&opened, &document.identifier).await.err()));
    }
    let attachment = zone.paper(clerk).await.unwrap();
    assert!(restricted(zone.office.add_case_file(case.id, attachment, clerk).await.err()));
    let events = zone.office.load_case(case.id).await.unwrap().events();
    zone.office.tick().await.unwrap();
    assert_eq!(zone.office.load_case(case.id).await.unwrap().events(), events);
    zone.office.lift_restriction(case.id, &auditor).await.unwrap();
    assert_eq!(zone.office.applicant_shown(case.id).await.unwrap(), shown);
    for document in &documents {
        assert!(zone.office.verify_online(&document.identifier).await.is_ok());
        assert!(zone.office.document(&document.identifier, By::System).await.is_ok());
    }
    zone.office.act(case.id, message(), clerk, None).await.unwrap();
    let before = views(&zone.office).await;
    zone.office.rebuild(&mut |_| {}).await.unwrap();
    assert_eq!(views(&zone.office).await, before, "a rebuild makes the same rows");
    // The trail names the case, also of codes and restrictions, and finds what was done to it.
    let filter = TrailFilter { case: Some(case.id), ..TrailFilter::default() };
    let (lines, _) = zone.office.trail(&filter, 50, None, &auditor).await.unwrap();
    let kinds: Vec<&str> = lines.iter().map(|line| line.kind.as_str()).collect();
    // Both happened at the same moment of the clock.
    assert_eq!(BTreeSet::from_iter(kinds), BTreeSet::from(["restriction-lifted", "processing-restricted"]));
    let (all, _) = zone.office.trail(&TrailFilter::default(), 200, None, &auditor).await.unwrap();
    for line in all.iter().chain(&lines).filter(|line| line.stream.contains(&case.id.to_string())) {
        assert_eq!(line.case.as_deref(), Some(&*case.number), "{line:?}");
    }
}

#[tokio::test]
async fn a_correction_asks_only_for_what_this_applicant_was_asked() {
    let zone = Zone::open(58).await;
    let key = zone.guest();
    let mut tried = 0;
    for service in zone.services() {
        let case = zone.apply(&service, false, By::Guest(&key)).await.unwrap();
        let loaded = zone.office.load_case(case.id).await.unwrap();
        let answers = zone.office.answers(&loaded).await.unwrap();
        for matter in &loaded.case.matters {
            let asked = office::asked_of(&loaded, &answers, &matter.item);
            let item = loaded.edition.item(&matter.item).unwrap();
            let Some(foreign) = item.fields.iter().find(|used| !asked.contains(&used.field)) else {
                continue;
            };
            let correction = office::Correction {
                item: Some(matter.item.clone()),
                materials: Vec::new(),
                fields: vec![foreign.field.clone()],
                note: "请更正这一项，与证件不一致。".into(),
                again: None,
            };
            let refused = zone
                .office
                .act(case.id, Act::AskCorrection(correction), By::Viewer(&zone.officers[0]), None)
                .await;
            let Err(OfficeError::Refused(refusal)) = refused else {
                panic!("{}: {refused:?}", foreign.field)
            };
            assert_eq!(refusal.code(), "unknown-field");
            tried += 1;
        }
    }
    assert!(tried > 3, "{tried}");
}

/// Officers of every department of a case, each in all roles of theirs.
async fn by_department(zone: &Zone) -> Vec<(catalogue::DepartmentId, office::Viewer)> {
    let edition = zone.office.edition();
    let mut viewers = Vec::new();
    for (place, department) in edition.parts().departments.keys().enumerate() {
        let roles: Vec<_> = edition
            .parts()
            .roles
            .values()
            .filter(|role| role.department == *department && !role.window && role.rank != RoleRank::Leader)
            .map(|role| role.id.clone())
            .collect();
        if !roles.is_empty() {
            let viewer = zone.account(&format!("dept{place}"), Standing::Officer, roles).await;
            viewers.push((department.clone(), viewer));
        }
    }
    viewers
}

#[tokio::test]
async fn a_department_opens_the_papers_of_its_own_items_and_no_others() {
    let zone = Zone::open(58).await;
    let viewers = by_department(&zone).await;
    let (mut opened, mut shut) = (0, 0);
    for service in zone.services() {
        let key = zone.guest();
        let submitted = zone.apply(&service, false, By::Guest(&key)).await.unwrap();
        let loaded = zone.office.load_case(submitted.id).await.unwrap();
        let all = zone.office.case_files(submitted.id, By::Guest(&key)).await.unwrap();
        for (department, viewer) in &viewers {
            let own = |matter: &&casework::Matter| {
                matter.department == *department
                    || matter
                        .plan
                        .steps
                        .iter()
                        .any(|step| step.by.role().is_some_and(|role| viewer.holds(role)))
                    || matter
                        .plan
                        .limits
                        .extension
                        .as_ref()
                        .is_some_and(|extension| viewer.holds(&extension.approver))
            };
            let own: Vec<_> = loaded.case.matters.iter().filter(own).collect();
            let Ok(case) = zone.office.case_for_officer(&submitted.number, viewer).await else {
                assert!(own.is_empty(), "{department} works on it");
                continue;
            };
            let seen = zone.office.files_of(&case).await.unwrap();
            for file in all.iter().filter(|file| file.material.is_some()) {
                let wanted = own.iter().any(|matter| {
                    matter.plan.materials.iter().any(|planned| Some(&planned.id) == file.material.as_ref())
                });
                let listed = seen.iter().any(|other| other.material == file.material);
                assert_eq!(listed, wanted, "{service}: {department} and {:?}", file.material);
                (opened, shut) = if wanted { (opened + 1, shut) } else { (opened, shut + 1) };
            }
        }
    }
    assert!(opened > 0 && shut > 0, "{opened} {shut}");
}

#[tokio::test]
async fn who_hands_in_beside_an_officers_session_does_not_handle_the_case() {
    let zone = Zone::open(59).await;
    let key = zone.guest();
    let by = By::Guest(&key);
    let draft = zone.start(&zone.services()[0], Channel::Online, by).await.unwrap();
    let draft = zone.fill(draft, false, by).await.unwrap();
    let submitted = zone.office.submit_beside(draft.id, by, None, Some(&zone.officers[0])).await.unwrap();
    let task = zone.tasks(submitted.id).await.remove(0);
    let act = || zone.act_for(&task);
    let own = zone.office.act(submitted.id, act(), By::Viewer(&zone.officers[0]), None).await;
    assert!(matches!(own, Err(OfficeError::NotPossible(NotPossible::OwnApplication))), "{own:?}");
    // Nor does anybody give it to them, put them into its record, or take their word for an original.
    let (item, step) = (task.item.clone(), task.step.clone());
    let given = Act::Claim { item, step, officer: Some(zone.officers[0].id.to_string()) };
    let told = zone.office.act(submitted.id, given, By::Viewer(&zone.officers[1]), None).await;
    assert!(matches!(told, Err(OfficeError::NotPossible(NotPossible::OwnApplication))), "{told:?}");
    let loaded = zone.office.load_case(submitted.id).await.unwrap();
    let answers = zone.office.answers(&loaded).await.unwrap();
    let stated = zone.office.proofs(&loaded, &answers).await.unwrap();
    if let Some((field, _)) = stated.first() {
        let seen =
            zone.office.see_original(submitted.id, field, &loaded.case.answers.key, &zone.officers[0]).await;
        assert!(matches!(seen, Err(OfficeError::NotPossible(NotPossible::OwnApplication))), "{seen:?}");
    }
    zone.office.act(submitted.id, act(), By::Viewer(&zone.officers[1]), None).await.unwrap();
}

#[tokio::test]
async fn nobody_says_that_a_paper_came_unless_it_is_among_the_papers() {
    let zone = Zone::open(60).await;
    let key = zone.guest();
    let by = By::Guest(&key);
    let submitted = zone.apply(&zone.services()[0], false, by).await.unwrap();
    let edition = zone.office.edition();
    let files = zone.office.case_files(submitted.id, by).await.unwrap();
    let came = |id: &catalogue::MaterialId| files.iter().any(|file| file.material.as_ref() == Some(id));
    let absent = edition.parts().materials.keys().find(|id| !came(id)).unwrap().clone();
    let officer = By::Viewer(&zone.officers[0]);
    for act in [
        Act::AddMaterials { materials: vec![absent.clone()] },
        Act::CloseGap { item: "任何事项".into(), materials: vec![absent.clone()] },
    ] {
        for by in [officer, by] {
            let refused = zone.office.act(submitted.id, act.clone(), by, None).await;
            let refused = matches!(refused, Err(OfficeError::NotPossible(NotPossible::PaperNotThere)));
            assert!(refused, "{by:?}");
        }
    }
}

#[tokio::test]
async fn masked_facts_are_opened_by_those_whose_items_need_them() {
    let zone = Zone::open(61).await;
    let viewers = by_department(&zone).await;
    let (mut opened, mut shut) = (0, 0);
    for service in zone.services() {
        let key = zone.guest();
        let case = zone.apply(&service, false, By::Guest(&key)).await.unwrap();
        let loaded = zone.office.load_case(case.id).await.unwrap();
        let answers = zone.office.answers(&loaded).await.unwrap();
        let sensitive = |field: &&catalogue::FieldId| {
            let declared = loaded.edition.field(field);
            declared.is_some_and(|field| field.sensitivity == catalogue::Sensitivity::Sensitive)
        };
        for field in answers.iter().map(|(field, _)| field).filter(sensitive) {
            for (department, viewer) in &viewers {
                if !viewer.is_involved(&loaded.case, &loaded.edition) {
                    continue;
                }
                let reads = |matter: &&casework::Matter| {
                    loaded.edition.item(&matter.item).is_some_and(|item| item.reads(field))
                };
                let theirs = |matter: &casework::Matter| {
                    let extends = matter.plan.limits.extension.as_ref();
                    matter.department == *department
                        || matter
                            .plan
                            .steps
                            .iter()
                            .any(|step| step.by.role().is_some_and(|role| viewer.holds(role)))
                        || extends.is_some_and(|extension| viewer.holds(&extension.approver))
                };
                let needed = loaded.case.matters.iter().filter(reads).any(theirs);
                let looked = zone.office.reveal(case.id, vec![field.clone()], "核对申请人身份", viewer).await;
                assert_eq!(looked.is_ok(), needed, "{service}: {department} and {field}: {looked:?}");
                (opened, shut) = if needed { (opened + 1, shut) } else { (opened, shut + 1) };
            }
        }
    }
    assert!(opened > 0 && shut > 0, "{opened} {shut}");
}

#[tokio::test]
async fn one_officer_under_two_spellings_is_one_officer() {
    let zone = Zone::open(60).await;
    let key = zone.guest();
    let needs_two = |id: &catalogue::ThingId| {
        let edition = zone.office.edition();
        let members = &edition.thing(id).unwrap().members;
        let items = members.iter().filter_map(|member| edition.item(&member.item));
        items.flat_map(|item| item.steps.values()).any(|step| step.officers > 1)
    };
    let mut tried = 0;
    for service in zone.services().into_iter().filter(needs_two).take(4) {
        let case = zone.apply(&service, false, By::Guest(&key)).await.unwrap();
        for _ in 0..40 {
            let tasks = zone.tasks(case.id).await;
            let Some(task) = tasks.iter().find(|task| support::can_go_on(task)) else { break };
            let mut act = zone.act_for(task);
            let by = zone.doer(task, By::Guest(&key));
            if let Act::CompleteStep { officers, .. } = &mut act
                && !officers.is_empty()
            {
                let own = zone.officers[0].id;
                *officers = vec![own.0.to_string(), own.to_string()];
                let alone = zone.office.act(case.id, act.clone(), by, None).await;
                let Err(OfficeError::Refused(refusal)) = alone else { panic!("{alone:?}") };
                assert_eq!(refusal.code(), "officers-needed");
                let Act::CompleteStep { officers, .. } = &mut act else { unreachable!() };
                *officers = vec![zone.officers[1].id.0.to_string()];
                zone.office.act(case.id, act, by, None).await.unwrap();
                tried += 1;
                break;
            }
            zone.office.act(case.id, act, by, None).await.unwrap();
        }
    }
    assert!(tried > 0);
}

#[tokio::test]
async fn results_are_read_by_those_whose_items_they_are_of() {
    let zone = Zone::open(62).await;
    let viewers = by_department(&zone).await;
    let (mut opened, mut shut) = (0, 0);
    for service in zone.services() {
        let key = zone.guest();
        let case = zone.apply(&service, false, By::Guest(&key)).await.unwrap();
        zone.finish(case.id, By::Guest(&key)).await;
        let documents = zone.office.documents(case.id, By::System).await.unwrap();
        for (department, viewer) in &viewers {
            let Ok(found) = zone.office.case_for_officer(&case.number, viewer).await else { continue };
            for document in &documents {
                let matter = found.case.matter(&document.item.as_str().into()).unwrap();
                let extends = matter.plan.limits.extension.as_ref();
                let theirs = matter.department == *department
                    || matter
                        .plan
                        .steps
                        .iter()
                        .any(|step| step.by.role().is_some_and(|role| viewer.holds(role)))
                    || extends.is_some_and(|extension| viewer.holds(&extension.approver));
                let read = zone.office.document_of(&found, &document.identifier).await;
                assert_eq!(read.is_ok(), theirs, "{service}: {department} and {}", document.item);
                (opened, shut) = if theirs { (opened + 1, shut) } else { (opened, shut + 1) };
            }
        }
    }
    assert!(opened > 0 && shut > 0, "{opened} {shut}");
}
