//! The packs used by the measurements.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Result, bail};
use catalogue::Edition;
use checker::PackFiles;

/// The built-in zone.
pub fn edition() -> Result<Edition> {
    match checker::compile(&crate::pack::built_in()).edition {
        Some(edition) => Ok(edition),
        None => bail!("the built-in zone has errors"),
    }
}

/// A zone with one item of six human steps, two of them in parallel.
pub fn six_steps() -> Result<Edition> {
    let compiled = checker::compile(&files());
    match compiled.edition {
        Some(edition) => Ok(edition),
        None => bail!("{}", crate::command::check::text(&compiled, diagnostic::Lang::En, false)),
    }
}

fn files() -> PackFiles {
    let zone = r#"
id: bench
name: {zh: 测试区, en: Bench zone}
region: "370200"
utc_offset: "+08:00"
contact: {zh: 无, en: none}
warnings: {yellow_days_left: 2, red_days_left: 0}
classes:
  甲类: {name: {zh: 甲类, en: Class A}}
departments:
  甲部: {name: {zh: 甲部, en: Department A}, code: 91110000600037341L, reconsideration: {zh: 某市人民政府, en: Some City}, court: {zh: 某区人民法院, en: Some District Court}}
roles:
  办事员: {name: {zh: 办事员, en: Clerk}, department: 甲部, rank: head, window: true, holders: [甲]}
halls:
  大厅:
    name: {zh: 大厅, en: Hall}
    address: {zh: 一号, en: No. 1}
    hours: [{days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00", kind: regular}]
windows:
  A01: {name: {zh: 一号窗, en: Window 1}, hall: 大厅, serves: all, roster: [{days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00"}]}
sections:
  主体: {title: {zh: 主体, en: Applicant}}
"#;
    let fields = r#"
名称: {label: {zh: 名称, en: Name}, section: 主体, type: text, sensitivity: public}
"#;
    let item = r#"
title: {zh: 甲事项, en: Item A}
class: 甲类
department: 甲部
basis: [{cite: 甲规定, certainty: recalled}]
applicants: [legal]
channels: [online]
fields: [名称]
limits:
  statutory: 20 working days
  statutory_basis: {cite: 甲规定, certainty: recalled}
  promised: 10 working days
  intake: {limit: 5 working days, silence: nothing}
steps:
  受理: {title: {zh: 受理, en: Accept}, kind: accept, role: 办事员}
  甲审: {title: {zh: 甲审, en: Review 1}, kind: review, role: 办事员, after: [受理], uses: [名称]}
  乙审: {title: {zh: 乙审, en: Review 2}, kind: review, role: 办事员, after: [受理], uses: [名称]}
  汇总: {title: {zh: 汇总, en: Gather}, kind: review, role: 办事员, after: [甲审, 乙审]}
  决定: {title: {zh: 决定, en: Decide}, kind: decide, role: 办事员, after: [汇总]}
  归档: {title: {zh: 归档, en: File}, kind: record, role: 办事员, after: [决定]}
visits: 0
"#;
    let thing = r#"
title: {zh: 甲事, en: Thing A}
outcome: {zh: 办好, en: done}
applicants: [legal]
applicant: {name: 名称}
items: [甲事项]
"#;
    let year = |year: i16| {
        format!(
            "year: {year}\nnotice: {{number: 测试}}\ndays:\n  - {{date: {year}-01-01, kind: holiday, name: 元旦}}\n"
        )
    };
    let mut files: PackFiles = BTreeMap::new();
    let mut put = |path: String, text: &str| {
        files.insert(path, Arc::from(text.trim_start().as_bytes()));
    };
    put("zone.yaml".into(), zone);
    put("fields/a.yaml".into(), fields);
    put("items/甲事项/item.yaml".into(), item);
    put("things/甲事/thing.yaml".into(), thing);
    for number in 2025..=2030 {
        put(format!("calendars/{number}.yaml"), &year(number));
    }
    files
}
