//! Generated packs, for benchmarks and load tests.

use std::fmt::Write as _;
use std::sync::Arc;

use catalogue::Edition;

use crate::{PackFiles, resolve};

/// The edition of a pack despite its findings, to test whether the findings are true.
///
/// # Panics
/// When its numbers and dates cannot be serialised.
pub fn edition_despite_findings(files: &PackFiles) -> Edition {
    Edition::seal(resolve::resolve(files).parts).expect("numbers and dates serialise")
}

/// A correct pack of `items` items, ten per thing, with their own fields and materials.
pub fn big_pack(items: usize) -> PackFiles {
    let mut files = PackFiles::new();
    let mut add = |path: String, text: String| {
        files.insert(path, Arc::from(text.into_bytes()));
    };
    add("zone.yaml".into(), ZONE.into());
    add("calendars/2026.yaml".into(), CALENDAR.into());
    let groups = items.div_ceil(10);
    for chunk in 0..groups.div_ceil(100) {
        let mut fields = if chunk == 0 { COMMON.to_owned() } else { String::new() };
        let mut materials = String::new();
        for group in chunk * 100..((chunk + 1) * 100).min(groups) {
            let _ = write!(
                fields,
                "面积{group}:\n  label: {{zh: 面积 {group}, en: Area {group}}}\n  section: 主体\n  type: number\n  min: 1\n  max: 5000\n\
                 方式{group}:\n  label: {{zh: 方式 {group}, en: Mode {group}}}\n  section: 主体\n  type: choice\n  options: \
                 {{店内: {{zh: 店内, en: Inside}}, 外送: {{zh: 外送, en: Delivery}}, 其他: {{zh: 其他, en: Other}}}}\n"
            );
            let _ = write!(
                materials,
                "图纸{group}:\n  title: {{zh: 图纸 {group}, en: Plan {group}}}\n  issuer: applicant\n  media: [electronic]\n"
            );
        }
        add(format!("fields/{chunk}.yaml"), fields);
        add(format!("materials/{chunk}.yaml"), materials);
    }
    for group in 0..groups {
        let members: Vec<usize> = (group * 10..((group + 1) * 10).min(items)).collect();
        let mut thing = format!(
            "title: {{zh: 事 {group}, en: Thing {group}}}\noutcome: {{zh: 办成, en: Done}}\napplicants: [legal]\n\
             applicant: {{name: 名称}}\nquestions:\n  - {{field: 方式{group}, ask: {{zh: 怎么办？, en: How?}}}}\nitems:\n  - 事项{}\n",
            group * 10
        );
        for item in &members {
            add(format!("items/事项{item}/item.yaml"), item_text(*item, group));
            if item % 10 != 0 {
                let _ = writeln!(thing, "  - {{item: 事项{item}, when: 方式{group} = \"店内\"}}");
            }
        }
        add(format!("things/事{group}/thing.yaml"), thing);
    }
    files
}

fn item_text(item: usize, group: usize) -> String {
    ITEM.replace("{item}", &item.to_string()).replace("{group}", &group.to_string())
}

const ZONE: &str = r#"id: big
name: {zh: 大区, en: Big zone}
region: "370271"
utc_offset: "+08:00"
contact: {zh: 咨询, en: Ask}
warnings: {yellow_days_left: 2, red_days_left: 0}
remedies: [某法 第一条]
classes:
  大类: {name: {zh: 大类, en: Class}}
departments:
  部门: {name: {zh: 部门, en: Department}, code: 91110000600037341L, reconsideration: {zh: 某市人民政府, en: Some City}, court: {zh: 某区人民法院, en: Some District Court}}
roles:
  窗口岗: {name: {zh: 窗口岗, en: Window}, department: 部门, window: true, holders: [甲]}
  审查岗: {name: {zh: 审查岗, en: Reviewer}, department: 部门, holders: [乙, 丁]}
  负责人: {name: {zh: 负责人, en: Head}, department: 部门, rank: head, holders: [丙]}
halls:
  大厅:
    name: {zh: 大厅, en: Hall}
    address: {zh: 一号, en: No. 1}
    hours: [{days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00"}]
windows:
  一号窗:
    name: {zh: 一号窗, en: Window 1}
    hall: 大厅
    serves: all
    roster: [{days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00"}]
sections:
  主体: {title: {zh: 主体, en: Applicant}}
"#;

const CALENDAR: &str =
    "year: 2026\nnotice: {number: 通知}\ndays:\n  - {date: 2026-10-01, kind: holiday, name: 国庆}\n";

const COMMON: &str = "名称:\n  label: {zh: 名称, en: Name}\n  section: 主体\n  type: text\n";

const ITEM: &str = r#"title: {zh: 事项 {item}, en: Item {item}}
summary: {zh: 这是第 {item} 个事项，用来衡量检查要花多久。, en: Item {item} is there to be measured.}
class: 大类
department: 部门
basis:
  - {cite: 某法 第一条, certainty: verified, says: {zh: 应当申请, en: One applies}}
applicants: [legal]
channels: [online, window]
requirements:
  - {if: 面积{group} > 10, else: {zh: 面积太小, en: Too small}, basis: 某法 第二条}
fields:
  - 名称
  - {field: 面积{group}, why: {zh: 决定是否核查, en: Decides on inspection}}
  - 方式{group}
materials:
  - {material: 图纸{group}, when: 方式{group} = "店内", basis: 某法 第三条}
limits:
  statutory: 20 working days
  statutory_basis: 某法 第四条
  promised: 10 working days
  intake: {limit: 5 working days, silence: accepted-from-receipt, basis: 某法 第五条}
  delivery: 10 working days
steps:
  受理: {title: {zh: 受理, en: Accept}, kind: accept, role: 窗口岗, limit: 1 working day}
  审查: {title: {zh: 审查, en: Review}, kind: review, role: 审查岗, after: [受理], limit: 3 working days, uses: [方式{group}]}
  核查: {title: {zh: 核查, en: Inspect}, kind: inspect, role: 审查岗, after: [受理], when: 面积{group} > 200, officers: 2, limit: 5 working days, present: true, remote: true}
  决定: {title: {zh: 决定, en: Decide}, kind: decide, role: 负责人, after: [审查, 核查], limit: 2 working days}
  制证: {title: {zh: 制证, en: Issue}, kind: issue, role: 窗口岗, after: [决定], result: 证}
  送达: {title: {zh: 送达, en: Deliver}, kind: deliver, role: 窗口岗, after: [制证]}
results:
  证: {title: {zh: 证 {item}, en: Licence {item}}, kind: licence, fields: [名称], body: {zh: "准予{名称}经营。", en: "{名称} may trade."}}
visits: 0
"#;
