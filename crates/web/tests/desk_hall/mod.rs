//! A hall with its officers at their desks, and what they do on the page of a case.

#![allow(dead_code, reason = "each test file uses its part")]

use office::{By, Standing, Viewer};

use crate::desk_filing::{file, id};
use crate::support::{self, Actor, Answer, Site};

pub const FOOD: &str = "食品经营许可";
pub const LICENCE: &str = "食品经营许可证";

pub struct Hall {
    pub site: Site,
    pub applicant: Viewer,
    pub clerk: Actor,
    pub examiner: Actor,
    pub head: Actor,
    pub inspector: Actor,
}

pub async fn hall() -> Hall {
    let site = Site::new().await;
    let applicant = site.account("zhangsan", Standing::Applicant, &[]).await;
    for (login, role) in [
        ("clerk", "综合窗口"),
        ("examiner", "审批审查员"),
        ("head", "审批部负责人"),
        ("inspector", "食品核查员"),
        ("inspector2", "食品核查员"),
    ] {
        site.account(login, Standing::Officer, &[role]).await;
    }
    let clerk = site.signed_in("clerk").await;
    let examiner = site.signed_in("examiner").await;
    let head = site.signed_in("head").await;
    let inspector = site.signed_in("inspector").await;
    Hall { site, applicant, clerk, examiner, head, inspector }
}

impl Hall {
    pub async fn file(&self, situation: &[(&str, &str)]) -> String {
        file(&self.site, By::Viewer(&self.applicant), "开办餐饮店", situation).await
    }

    pub async fn case(&self, number: &str) -> casework::Case {
        std::sync::Arc::unwrap_or_clone(
            self.site.office.load_case(id(&self.site, number).await).await.unwrap().case,
        )
    }
}

/// The form of the case page that does this act on this item.
pub fn form(page: &Answer, wanted: &str, item: &str) -> support::Form {
    let says = |form: &support::Form, name: &str, value: &str| {
        form.controls.iter().any(|control| control.name == name && control.value == value)
    };
    let found = page
        .forms()
        .into_iter()
        .find(|form| says(form, "act", wanted) && (item.is_empty() || says(form, "item", item)));
    found.unwrap_or_else(|| panic!("no form does {wanted}:\n{}", page.text()))
}

pub fn offers(page: &Answer, wanted: &str) -> bool {
    page.forms()
        .iter()
        .any(|form| form.controls.iter().any(|control| control.name == "act" && control.value == wanted))
}

pub async fn case_page(actor: &mut Actor, number: &str) -> Answer {
    let page = actor.get(&format!("/desk/cases/{number}")).await;
    page.is(200);
    page
}

/// Reads the page, sends the form, and reads the page that follows.
pub async fn does(
    actor: &mut Actor,
    number: &str,
    wanted: &str,
    item: &str,
    typed: &[(&str, &str)],
) -> Answer {
    let page = case_page(actor, number).await;
    let answer = actor.submit(&form(&page, wanted, item), typed).await;
    actor.follow(&answer).await
}
