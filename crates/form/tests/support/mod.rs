//! A small zone built in code, with only what a form reads.
#![allow(dead_code)]

use catalogue::*;
use expression::Number;
use indexmap::IndexMap;
use jiff::civil::{Date, date};

pub const TODAY: Date = date(2026, 9, 18);

pub fn same(text: &str) -> Bilingual {
    Bilingual::same(text)
}

/// Builds an edition with one thing, `事`, and one item per call of [`Zone::item`].
#[derive(Clone)]
pub struct ZoneBuilder {
    pub parts: EditionParts,
}

pub fn zone() -> ZoneBuilder {
    let thing = Thing {
        id: "事".into(),
        title: same("事"),
        outcome: same("成"),
        keywords: Vec::new(),
        applicants: vec![PartyKind::Legal, PartyKind::Natural],
        questions: Vec::new(),
        members: Vec::new(),
        joint_inspections: Vec::new(),
        applicant_name: "名称".into(),
        applicant_code: None,
        applicant_phone: None,
        applicant_when: Vec::new(),
        without_phone: Vec::new(),
        apart: Vec::new(),
        context: IndexMap::new(),
        home_order: None,
    };
    let sections = ["主体", "场所", "其他"].map(|id| (id.into(), Section { id: id.into(), title: same(id) }));
    let role = Role {
        id: "窗口".into(),
        name: same("窗口"),
        department: "甲部".into(),
        rank: RoleRank::Officer,
        window: true,
        hall: false,
        holders: Vec::new(),
    };
    let department = Department {
        id: "甲部".into(),
        name: same("甲部"),
        code: String::new(),
        phone: None,
        address: None,
        reconsideration: None,
        court: None,
    };
    let parts = EditionParts {
        zone: Zone {
            id: "区".into(),
            name: same("区"),
            region: "370271".into(),
            utc_offset_minutes: 480,
            feedback: None,
            callback: None,
            warnings: Warnings { yellow_days_left: 2, red_days_left: 0 },
            remedies: Vec::new(),
            retention: Vec::new(),
            contact: same("咨询"),
        },
        classes: IndexMap::new(),
        departments: IndexMap::from([("甲部".into(), department)]),
        roles: IndexMap::from([("窗口".into(), role)]),
        local_pauses: IndexMap::new(),
        halls: IndexMap::new(),
        windows: IndexMap::new(),
        sections: IndexMap::from(sections),
        fields: IndexMap::new(),
        materials: IndexMap::new(),
        registries: IndexMap::new(),
        items: IndexMap::new(),
        things: IndexMap::from([("事".into(), thing)]),
        years: Vec::new(),
        festivals: None,
        service_lines: IndexMap::new(),
        lanes: IndexMap::new(),
        specialists: IndexMap::new(),
    };
    ZoneBuilder { parts }.field(text_field("名称", "主体"))
}

pub fn field(id: &str, section: &str, kind: FieldKind) -> Field {
    Field {
        id: id.into(),
        label: same(id),
        noun: None,
        hint: None,
        kind,
        sensitivity: Sensitivity::Public,
        mask: None,
        section: section.into(),
        registry: None,
        example: None,
        optional: false,
        absent: None,
        only: None,
        held_by: None,
        younger_than: None,
        pattern: None,
    }
}

pub fn text_field(id: &str, section: &str) -> Field {
    field(id, section, FieldKind::Text { multiline: false, min_length: 1, max_length: 20 })
}

pub fn yes_no(id: &str, section: &str) -> Field {
    field(id, section, FieldKind::YesNo)
}

pub fn number(id: &str, section: &str) -> Field {
    let kind = FieldKind::Number {
        min: Some(Number::ZERO),
        max: None,
        unit: Some(Bilingual::new("平方米", "m²")),
        decimals: 2,
    };
    field(id, section, kind)
}

pub fn choice(id: &str, section: &str, values: &[&str]) -> Field {
    let options = values.iter().map(|value| Choice { value: (*value).into(), label: same(value) }).collect();
    field(id, section, FieldKind::Choice { options })
}

pub fn citation(cite: &str) -> Citation {
    Citation { cite: cite.into(), certainty: Certainty::Verified, says: None }
}

pub fn item(id: &str) -> Item {
    Item {
        id: id.into(),
        title: same(id),
        summary: None,
        keywords: Vec::new(),
        class: "类".into(),
        department: "甲部".into(),
        codes: IndexMap::new(),
        basis: Vec::new(),
        applicants: vec![PartyKind::Legal, PartyKind::Natural],
        channels: vec![Channel::Online, Channel::Window],
        requirements: Vec::new(),
        fields: Vec::new(),
        materials: Vec::new(),
        limits: Limits {
            statutory: Some(calendar::Limit::working_days(20)),
            statutory_basis: None,
            promised: calendar::Limit::working_days(5),
            intake: Intake {
                limit: calendar::Limit::working_days(5),
                silence: Silence::AcceptedFromReceipt,
                basis: None,
                correction: None,
            },
            extension: None,
            delivery: None,
        },
        steps: IndexMap::new(),
        results: IndexMap::new(),
        fees: IndexMap::new(),
        visits: VisitClaim { claimed: 0, reason: None },
        modes: Modes::default(),
        reasons: Vec::new(),
        corrections: Vec::new(),
        feedback: false,
    }
}

pub fn step(id: &str, kind: StepKind, after: &[&str]) -> Step {
    Step {
        id: id.into(),
        title: same(id),
        kind,
        by: Performer::Role { role: "窗口".into() },
        after: after.iter().map(|id| (*id).into()).collect(),
        when: None,
        limit: None,
        lasts: None,
        counting: Counting::Counted,
        present: false,
        remote: false,
        place: None,
        officers: 1,
        result: None,
        fee: None,
        returns_to: None,
        silent_yes: false,
        tells: None,
        confirms: None,
        uses: Vec::new(),
        checklist: Vec::new(),
        assigns: Vec::new(),
    }
}

pub fn material(id: &str, issuer: Issuer) -> Material {
    Material {
        id: id.into(),
        title: same(id),
        hint: None,
        issuer,
        media: vec![Medium::Electronic],
        template: None,
        max_bytes: 1 << 20,
    }
}

impl ZoneBuilder {
    #[must_use]
    pub fn field(mut self, field: Field) -> Self {
        self.parts.fields.insert(field.id.clone(), field);
        self
    }

    #[must_use]
    pub fn material(mut self, id: &str, issuer: Issuer) -> Self {
        self.parts.materials.insert(id.into(), material(id, issuer));
        self
    }

    #[must_use]
    pub fn thing(mut self, change: impl FnOnce(&mut Thing)) -> Self {
        change(&mut self.parts.things[0]);
        self
    }

    /// Asks the field as a situation question; an empty `when` is no condition.
    #[must_use]
    pub fn asks(self, field: &str, when: &str) -> Self {
        let when = self.when(when);
        let question = Question { field: field.into(), ask: same(&format!("{field}？")), hint: None, when };
        self.thing(|thing| thing.questions.push(question))
    }

    /// Adds an item as a member; an empty `when` is no condition.
    #[must_use]
    pub fn item(mut self, item: Item, when: &str) -> Self {
        let when = self.when(when);
        let member = Member { item: item.id.clone(), when, after: Vec::new(), route: None };
        self.parts.items.insert(item.id.clone(), item);
        self.thing(|thing| thing.members.push(member))
    }

    #[must_use]
    pub fn with_item(self, id: &str, when: &str, change: impl FnOnce(&Self, &mut Item)) -> Self {
        let mut item = item(id);
        change(&self, &mut item);
        self.item(item, when)
    }

    /// A condition on the zone's fields; `None` for the empty text.
    pub fn when(&self, text: &str) -> Option<Condition> {
        (!text.is_empty())
            .then(|| Condition::parse(text, &self.parts).unwrap_or_else(|found| panic!("{text}: {found:?}")))
    }

    pub fn uses(&self, field: &str, when: &str) -> FieldUse {
        FieldUse { field: field.into(), when: self.when(when), why: None, basis: None, fixed: None }
    }

    pub fn wants(&self, material: &str, when: &str, need: MaterialNeed) -> MaterialUse {
        MaterialUse {
            material: material.into(),
            when: self.when(when),
            need,
            copies: 1,
            surrender: false,
            basis: None,
        }
    }

    pub fn requires(&self, condition: &str, otherwise: &str) -> Requirement {
        Requirement {
            condition: self.when(condition).expect("a requirement has a condition"),
            otherwise: same(otherwise),
            basis: None,
        }
    }

    pub fn seal(self) -> Edition {
        Edition::seal(self.parts).expect("the zone holds together")
    }
}
