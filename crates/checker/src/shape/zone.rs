//! The shape of `zone.yaml`.

use super::hall::{LANE, LINE, QUEUE, SKILL, SPECIALIST};
use super::*;

static OPENING: Record = record(
    "一段时间",
    "a span of opening",
    &[
        key("days", &Shape::List(&Shape::Word(&DAYS)), "星期几", "weekdays").must(),
        key("from", &Shape::Clock, "从几点", "from").must(),
        key("to", &Shape::Clock, "到几点", "until").must(),
        key("kind", &Shape::Word(&OPENINGS), "哪种服务", "regular or extra hours"),
    ],
);
static OPENING_SHAPE: Shape = Shape::Record(&OPENING);

static DEPARTMENT: Record = record(
    "一个部门",
    "a department",
    &[
        key("name", &Shape::Text, "名称", "name").must(),
        key("code", &Shape::CreditCode, "统一社会信用代码", "unified social credit code").must(),
        key("phone", &Shape::Line, "电话", "telephone"),
        key("address", &Shape::Text, "地址", "address"),
        key("reconsideration", &Shape::Text, "行政复议机关", "where its decisions are reconsidered"),
        key("court", &Shape::Text, "有管辖权的法院", "court of competence"),
    ],
);

static ROLE: Record = record(
    "一个岗位",
    "a role",
    &[
        key("name", &Shape::Text, "名称", "name").must(),
        key("department", &Shape::Name(Kind::Department), "所属部门", "department").must(),
        key("rank", &Shape::Word(&RANKS), "级别", "rank"),
        key("window", &Shape::Bool, "是否综合窗口", "works at the comprehensive window"),
        key("hall", &Shape::Bool, "是否管理大厅", "runs a hall"),
        key("holders", &Shape::List(&Shape::Line), "谁在这个岗位", "who holds it"),
    ],
);

static PAUSE: Record = record(
    "一种本地暂停情形",
    "a local pause",
    &[key("name", &Shape::Text, "名称", "name").must(), key("basis", &Shape::Citation, "依据", "basis")],
);

static HALL: Record = record(
    "一个大厅",
    "a hall",
    &[
        key("name", &Shape::Text, "名称", "name").must(),
        key("address", &Shape::Text, "地址", "address").must(),
        key(
            "directions",
            &Shape::Text,
            "怎么来：公交、停车、入口",
            "how to get there: buses, parking, the entrance",
        ),
        key("hours", &Shape::List(&OPENING_SHAPE), "开放时间", "opening hours").must(),
        key("self_service", &Shape::Bool, "只有自助机，没有窗口", "machines only, no window"),
        key("queue", &Shape::Record(&QUEUE), "叫号规则", "how the queue is dealt with"),
    ],
);

pub(super) static SERVES_SOME: Record = record(
    "受理范围",
    "what a window serves",
    &[
        key("classes", &Shape::List(&Shape::Name(Kind::Class)), "这些大类的事项", "items of these classes"),
        key("items", &Shape::List(&Shape::Name(Kind::Item)), "这些事项", "these items"),
    ],
);

static CLASS: Record = record(
    "一个办事大类",
    "a class",
    &[
        key("name", &Shape::Text, "名称", "name").must(),
        key("keywords", &Shape::List(&Shape::Line), "别人怎么搜它", "words by which people look for it"),
    ],
);
static WINDOW: Record = record(
    "一个窗口",
    "a window",
    &[
        key("name", &Shape::Text, "名称", "name").must(),
        key("hall", &Shape::Name(Kind::Hall), "所在大厅", "hall").must(),
        key(
            "serves",
            &Shape::Either { short: &Shape::Word(&SERVES), long: &SERVES_SOME },
            "受理范围",
            "what it serves",
        )
        .must(),
        key("roster", &Shape::List(&OPENING_SHAPE), "排班", "when it is staffed").must(),
        key("skills", &Shape::List(&Shape::Record(&SKILL)), "能办的业务和语言", "lines and languages"),
        key("breaks", &Shape::List(&OPENING_SHAPE), "排班中的休息", "breaks within the roster"),
    ],
);

static SECTION: Record =
    record("表单的一节", "a section of the form", &[key("title", &Shape::Text, "标题", "title").must()]);

static WARNINGS: Record = record(
    "预警",
    "warnings",
    &[
        key(
            "yellow_days_left",
            &Shape::Whole { min: 0, max: 365 },
            "剩几个工作日亮黄灯",
            "working days left for yellow",
        )
        .must(),
        key(
            "red_days_left",
            &Shape::Whole { min: 0, max: 365 },
            "剩几个工作日亮红灯",
            "working days left for red",
        )
        .must(),
    ],
);

static RETENTION: Record = record(
    "一条保存期限",
    "how long records are kept",
    &[
        key("of", &Shape::Word(&RECORD_KINDS), "哪种记录", "kind of record").must(),
        key("classes", &Shape::List(&Shape::Name(Kind::Class)), "只管这些大类", "of these classes only"),
        key(
            "years",
            &Shape::Whole { min: 1, max: 100 },
            "保存几年；和 days 都不写就是永久",
            "years; for ever when `days` is left out as well",
        ),
        key(
            "days",
            &Shape::Whole { min: 1, max: 3660 },
            "只留几天的，写天数",
            "days, for what is needed only for days",
        ),
        key("basis", &Shape::Citation, "依据", "basis").must(),
    ],
);

pub static ZONE: Record = record(
    "zone.yaml：一个功能区",
    "zone.yaml: a zone",
    &[
        key("id", &Shape::Line, "代号", "short identifier").must(),
        key("name", &Shape::Text, "名称", "name").must(),
        key("region", &Shape::Region, "六位行政区划代码", "six-digit region code").must(),
        key("utc_offset", &Shape::Offset, "与世界时的时差，如 +08:00", "offset from UTC such as +08:00")
            .must(),
        key("contact", &Shape::Text, "咨询方式", "how to get help").must(),
        key("feedback", &Shape::Name(Kind::Thing), "“找茬”打开哪件事", "the thing that a pain point opens"),
        key("callback", &Shape::Name(Kind::Thing), "差评打开哪件事", "the thing that a bad rating opens"),
        key("warnings", &Shape::Record(&WARNINGS), "预警", "warnings").must(),
        key(
            "remedies",
            &Shape::List(&Shape::Citation),
            "随不予许可一并告知的救济途径",
            "remedies told with every refusal",
        ),
        key(
            "retention",
            &Shape::Dictionary { names: "保存期限名", of: &Shape::Record(&RETENTION) },
            "个人信息的保存期限",
            "how long personal data is kept",
        ),
        key(
            "classes",
            &Shape::Dictionary { names: "大类名", of: &Shape::Record(&CLASS) },
            "办事大类",
            "classes",
        )
        .must(),
        key(
            "departments",
            &Shape::Dictionary { names: "部门名", of: &Shape::Record(&DEPARTMENT) },
            "部门",
            "departments",
        )
        .must(),
        key("roles", &Shape::Dictionary { names: "岗位名", of: &Shape::Record(&ROLE) }, "岗位", "roles")
            .must(),
        key(
            "local_pauses",
            &Shape::Dictionary { names: "情形名", of: &Shape::Record(&PAUSE) },
            "只停承诺时限的本地情形",
            "pauses of the promise only",
        ),
        key("halls", &Shape::Dictionary { names: "大厅名", of: &Shape::Record(&HALL) }, "大厅", "halls"),
        key(
            "windows",
            &Shape::Dictionary { names: "窗口名", of: &Shape::Record(&WINDOW) },
            "窗口",
            "windows",
        ),
        key(
            "service_lines",
            &Shape::Dictionary { names: "队列名", of: &Shape::Record(&LINE) },
            "业务队列",
            "service lines",
        ),
        key(
            "lanes",
            &Shape::Dictionary { names: "优先队列名", of: &Shape::Record(&LANE) },
            "优先队列",
            "declared priorities",
        ),
        key(
            "specialists",
            &Shape::Dictionary { names: "专员姓名", of: &Shape::Record(&SPECIALIST) },
            "“有事请找我”专员",
            "specialists",
        ),
        key(
            "sections",
            &Shape::Dictionary { names: "分节名", of: &Shape::Record(&SECTION) },
            "表单分节",
            "sections of the form",
        )
        .must(),
    ],
);
