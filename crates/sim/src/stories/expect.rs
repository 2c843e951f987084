//! Checks what a story says must be so.

use std::collections::BTreeSet;
use std::fmt::Display;

use calendar::ClockRules;
use casework::{Case, ClockKind, MaterialStatus, Matter};
use catalogue::{Expectation, ItemId};
use diagnostic::Bilingual;
use jiff::Timestamp;

use super::play::Play;

impl Play<'_> {
    pub async fn expect(&mut self, expected: &Expectation, now: Timestamp) -> Result<(), Bilingual> {
        let refused = self.refused.take();
        match (&expected.refused, refused) {
            (None, None) => {}
            (Some(wanted), Some((code, _))) if *wanted == code => {}
            (Some(wanted), got) => {
                let got = got.map_or_else(|| "—".to_owned(), |(code, _)| code);
                return Err(differs("前一步的结果", "outcome of the act before", wanted, &got));
            }
            (None, Some((code, words))) => {
                return Err(Bilingual::new(
                    format!("前一步没有办成（{code}）：{}", words.zh),
                    format!("the act before was refused ({code}): {}", words.en),
                ));
            }
        }
        let broken =
            |error| Bilingual::new(format!("办理系统出错：{error}"), format!("the office failed: {error}"));
        let Some(loaded) = self.loaded().await.map_err(broken)? else {
            return if *expected
                == (Expectation { refused: expected.refused.clone(), ..Expectation::default() })
            {
                Ok(())
            } else {
                Err(Bilingual::new("还没有办件", "there is no case yet"))
            };
        };
        let case = &loaded.case;
        of_case(case, expected)?;
        match &expected.item {
            None => match &expected.state {
                Some(state) => same("办件状态", "state of the case", state.as_str(), case.state().code()),
                None => Ok(()),
            },
            Some(item) => self.of_matter(matter(case, item)?, expected, now),
        }
    }

    fn of_matter(&self, matter: &Matter, expected: &Expectation, now: Timestamp) -> Result<(), Bilingual> {
        if let Some(state) = &expected.state {
            same("事项状态", "state of the matter", state.as_str(), matter.state.code())?;
        }
        if let Some(open) = &expected.open {
            let wanted: BTreeSet<_> = open.iter().map(|step| step.as_str()).collect();
            let got: BTreeSet<_> = matter.open_steps().map(|(step, _)| step.id.as_str()).collect();
            same_set("待办环节", "open steps", &wanted, &got)?;
        }
        let rules = ClockRules::new(self.edition.offset());
        for (kind, day, zh, en) in [
            (ClockKind::Statutory, expected.due_on, "法定期限", "statutory due day"),
            (ClockKind::Promised, expected.promised_on, "承诺期限", "promised day"),
            (ClockKind::Delivery, expected.delivery_on, "送达期限", "day of delivery"),
        ] {
            let Some(wanted) = day else { continue };
            match matter.clock(kind) {
                Some(clock) => {
                    same(zh, en, wanted, clock.due(self.edition.calendar(), &rules, now).due_on)?;
                }
                None => return Err(differs(zh, en, &wanted, &"—")),
            }
        }
        Ok(())
    }
}

fn of_case(case: &Case, expected: &Expectation) -> Result<(), Bilingual> {
    if let Some(items) = &expected.items {
        let wanted: BTreeSet<_> = items.iter().map(|item| item.as_str()).collect();
        let got: BTreeSet<_> = case.matters.iter().map(|matter| matter.item.as_str()).collect();
        same_set("适用事项", "items", &wanted, &got)?;
    }
    if let Some(materials) = &expected.materials {
        let wanted: BTreeSet<_> = materials.iter().map(|material| material.as_str()).collect();
        let asked =
            case.matters.iter().flat_map(|matter| &matter.plan.materials).filter(|material| {
                !matches!(material.status, MaterialStatus::Held | MaterialStatus::Promised)
            });
        let got: BTreeSet<_> = asked.map(|material| material.id.as_str()).collect();
        same_set("要交的材料", "papers asked for", &wanted, &got)?;
    }
    if let Some(visits) = expected.visits {
        let seen = case.visits();
        same("跑动次数", "visits", u16::from(visits), seen.made + seen.to_come)?;
    }
    Ok(())
}

fn matter<'a>(case: &'a Case, item: &ItemId) -> Result<&'a Matter, Bilingual> {
    case.matter(item).ok_or_else(|| {
        Bilingual::new(format!("办件里没有事项“{item}”"), format!("the case has no matter “{item}”"))
    })
}

fn same<T: PartialEq + Display>(zh: &str, en: &str, wanted: T, got: T) -> Result<(), Bilingual> {
    if wanted == got { Ok(()) } else { Err(differs(zh, en, &wanted, &got)) }
}

fn same_set(zh: &str, en: &str, wanted: &BTreeSet<&str>, got: &BTreeSet<&str>) -> Result<(), Bilingual> {
    let text = |set: &BTreeSet<&str>| {
        let parts: Vec<&str> = set.iter().copied().collect();
        if parts.is_empty() { "—".to_owned() } else { parts.join("、") }
    };
    if wanted == got { Ok(()) } else { Err(differs(zh, en, &text(wanted), &text(got))) }
}

fn differs(zh: &str, en: &str, wanted: &dyn Display, got: &dyn Display) -> Bilingual {
    Bilingual::new(
        format!("{zh}应为 {wanted}，实际为 {got}"),
        format!("{en}: {wanted} was expected, but it is {got}"),
    )
}
