//! The shapes of fields, materials, registries, calendars and things.

use super::*;

const BOUNDED: &[&str] = &["number", "money", "date"];

macro_rules! field_keys {
    ($($extra:expr),*) => {
        &[
            key("label", &Shape::Text, "问题的名称", "label").must(),
            key("noun", &Shape::Text, "印在结果上的名称", "what the answer is called on papers"),
            key("hint", &Shape::Text, "提示", "hint"),
            $($extra,)*
            key("type", &Shape::Word(&FIELD_TYPES), "类型", "type").must(),
            key("unit", &Shape::Text, "单位", "unit").only(&["number"]),
            key("min", &Shape::Any, "最小值", "least").only(BOUNDED),
            key("max", &Shape::Any, "最大值", "greatest").only(BOUNDED),
            key("decimals", &Shape::Whole { min: 0, max: 4 }, "小数位数", "decimal places").only(&["number"]),
            key("min_length", &Shape::Whole { min: 0, max: 100_000 }, "最少字数", "least characters").only(&["text"]),
            key("max_length", &Shape::Whole { min: 1, max: 100_000 }, "最多字数", "most characters").only(&["text"]),
            key("pattern", &Shape::Record(&PATTERN), "写法", "its form").only(&["text"]),
            key("multiline", &Shape::Bool, "可以分行", "several lines").only(&["text"]),
            key("past", &Shape::Bool, "不晚于填写当天", "not after the day of answering").only(&["date"]),
            key("future", &Shape::Bool, "不早于填写当天", "not before the day of answering").only(&["date"]),
            key("options", &Shape::Dictionary { names: "选项", of: &Shape::Text }, "选项", "options").only(&["choice", "choices"]),
            key("identifier", &Shape::Word(&IDENTIFIERS), "哪种证件或编号", "kind of identifier").only(&["identifier"]),
            key("also", &Shape::List(&Shape::Word(&IDENTIFIERS)), "还收哪些证件", "other kinds that are taken").only(&["identifier"]),
            key("only", &Shape::Text, "为什么只收这一种", "why no other kind is taken").only(&["identifier"]),
            key("max_mb", &Shape::Whole { min: 1, max: 1024 }, "文件最大多少 MB", "greatest size in MB").only(&["file"]),
            key("columns", &Shape::Dictionary { names: "列名", of: &Shape::Record(&COLUMN) }, "列", "columns").only(&["rows"]),
            key("min_rows", &Shape::Whole { min: 0, max: 10_000 }, "最少几行", "least rows").only(&["rows"]),
            key("max_rows", &Shape::Whole { min: 1, max: 10_000 }, "最多几行", "most rows").only(&["rows"]),
            key("sensitivity", &Shape::Word(&SENSITIVITIES), "敏感程度", "sensitivity"),
            key("mask", &Shape::Record(&MASK), "对不需要看的人显示几位", "characters shown to those who need not see it"),
            key("optional", &Shape::Bool, "可以不填", "may be left blank"),
            key("absent", &Shape::Text, "没有时怎么说", "how one says that one has none"),
            key("example", &Shape::Any, "示例", "example"),
        ]
    };
}

static PATTERN: Record = record(
    "文字的写法",
    "the form of a text",
    &[
        key("matches", &Shape::Line, "整个写法的正则表达式", "a regular expression over the whole of it")
            .must(),
        key("capitals", &Shape::Bool, "小写字母当作大写", "small letters are taken for capitals"),
        key("says", &Shape::Text, "写法不对时怎么说", "what is said of another form").must(),
    ],
);

static MASK: Record = record(
    "遮挡规则",
    "what is shown to those who need not see it",
    &[
        key("first", &Shape::Whole { min: 0, max: 40 }, "前面显示几个字", "characters at the beginning"),
        key("last", &Shape::Whole { min: 0, max: 40 }, "后面显示几个字", "characters at the end"),
    ],
);

static COLUMN: Record = Record {
    by: Some("type"),
    ..record(
        "表格的一列",
        "a column of a table",
        &[
            key("label", &Shape::Text, "列的名称", "label").must(),
            key("noun", &Shape::Text, "印在结果上的名称", "what the answer is called on papers"),
            key("hint", &Shape::Text, "提示", "hint"),
            key("type", &Shape::Word(&FIELD_TYPES), "类型", "type").must(),
            key("unit", &Shape::Text, "单位", "unit").only(&["number"]),
            key("min", &Shape::Any, "最小值", "least").only(BOUNDED),
            key("max", &Shape::Any, "最大值", "greatest").only(BOUNDED),
            key("decimals", &Shape::Whole { min: 0, max: 4 }, "小数位数", "decimal places").only(&["number"]),
            key("min_length", &Shape::Whole { min: 0, max: 100_000 }, "最少字数", "least characters")
                .only(&["text"]),
            key("max_length", &Shape::Whole { min: 1, max: 100_000 }, "最多字数", "most characters")
                .only(&["text"]),
            key("pattern", &Shape::Record(&PATTERN), "写法", "its form").only(&["text"]),
            key("multiline", &Shape::Bool, "可以分行", "several lines").only(&["text"]),
            key("past", &Shape::Bool, "不晚于填写当天", "not after the day of answering").only(&["date"]),
            key("future", &Shape::Bool, "不早于填写当天", "not before the day of answering").only(&["date"]),
            key("options", &Shape::Dictionary { names: "选项", of: &Shape::Text }, "选项", "options")
                .only(&["choice", "choices"]),
            key("identifier", &Shape::Word(&IDENTIFIERS), "哪种证件或编号", "kind of identifier")
                .only(&["identifier"]),
            key(
                "also",
                &Shape::List(&Shape::Word(&IDENTIFIERS)),
                "还收哪些证件",
                "other kinds that are taken",
            )
            .only(&["identifier"]),
            key("only", &Shape::Text, "为什么只收这一种", "why no other kind is taken").only(&["identifier"]),
            key("max_mb", &Shape::Whole { min: 1, max: 1024 }, "文件最大多少 MB", "greatest size in MB")
                .only(&["file"]),
            key("sensitivity", &Shape::Word(&SENSITIVITIES), "敏感程度", "sensitivity"),
            key(
                "mask",
                &Shape::Record(&MASK),
                "对不需要看的人显示几位",
                "characters shown to those who need not see it",
            ),
            key("optional", &Shape::Bool, "可以不填", "may be left blank"),
            key("absent", &Shape::Text, "没有时怎么说", "how one says that one has none"),
            key("example", &Shape::Any, "示例", "example"),
        ],
    )
};

static FIELD: Record = Record {
    by: Some("type"),
    ..record(
        "一个数据元",
        "a field",
        field_keys!(
            key("section", &Shape::Name(Kind::Section), "放在表单哪一节", "section of the form").must(),
            key("registry", &Shape::Name(Kind::Registry), "哪个数据源已经知道", "the registry that knows it"),
            key(
                "held_by",
                &Shape::Name(Kind::Field),
                "哪个证件号码里已经有",
                "the identity number that holds it"
            )
            .only(&["date", "yes-no"]),
            key(
                "younger_than",
                &Shape::Whole { min: 1, max: 100 },
                "回答“是”表示不满几周岁",
                "the age in years that a yes says has not been reached"
            )
            .only(&["yes-no"])
        ),
    )
};
pub static FIELDS: Shape = Shape::Dictionary { names: "数据元名", of: &Shape::Record(&FIELD) };

static ISSUED: Record = record(
    "出具方",
    "the issuer",
    &[
        key("item", &Shape::Name(Kind::Item), "本区事项", "an item of this zone"),
        key("result", &Shape::Line, "该事项的结果", "its result"),
        key("registry", &Shape::Name(Kind::Registry), "已接通的数据源", "a connected registry"),
        key("other", &Shape::Text, "其他单位", "somebody else"),
    ],
);

static MATERIAL: Record = record(
    "一份材料",
    "a material",
    &[
        key("title", &Shape::Text, "名称", "title").must(),
        key("hint", &Shape::Text, "提示", "hint"),
        key(
            "issuer",
            &Shape::Either { short: &Shape::Word(&ISSUERS), long: &ISSUED },
            "由谁出具",
            "who issues it",
        )
        .must(),
        key("media", &Shape::List(&Shape::Word(&MEDIA)), "可以用什么形式交", "forms accepted").must(),
        key("max_mb", &Shape::Whole { min: 1, max: 1024 }, "文件最大多少 MB", "greatest size in MB"),
        key("template", &Shape::Text, "空白表格或样表", "blank form or sample"),
    ],
);
pub static MATERIALS: Shape = Shape::Dictionary { names: "材料名", of: &Shape::Record(&MATERIAL) };

static HTTP: Record = record(
    "HTTP 接口",
    "an HTTP source",
    &[
        key("url", &Shape::Line, "地址，{key} 处填键值", "address with {key}").must(),
        key("timeout_ms", &Shape::Whole { min: 1, max: 10_000 }, "最多等多少毫秒", "timeout in milliseconds"),
    ],
);

static REGISTRY: Record = record(
    "一个数据源",
    "a registry",
    &[
        key("title", &Shape::Text, "名称", "title").must(),
        key("csv", &Shape::Line, "同一文件夹里的 CSV 表", "a CSV table beside this file"),
        key("http", &Shape::Record(&HTTP), "HTTP 接口", "an HTTP source"),
        key("as_of", &Shape::Date, "数据截至哪天（CSV）", "the day of the data (CSV)"),
        key("key", &Shape::Name(Kind::Field), "按哪个数据元查", "field by which records are found").must(),
        key("key_column", &Shape::Line, "CSV 里对应的列", "the column of the key (CSV)"),
        key(
            "supplies",
            &Shape::Index { names: Kind::Field, of: &Shape::Line },
            "能提供哪些数据元：列名或 JSON 键",
            "field: column or JSON key",
        )
        .must(),
        key(
            "materials",
            &Shape::List(&Shape::Name(Kind::Material)),
            "能提供哪些材料",
            "materials that it can supply",
        ),
    ],
);
pub static REGISTRIES: Shape = Shape::Dictionary { names: "数据源名", of: &Shape::Record(&REGISTRY) };

static NOTICE: Record = record(
    "放假安排的通知",
    "the notice",
    &[
        key("number", &Shape::Line, "文号或名称", "number").must(),
        key("issued_on", &Shape::Date, "印发日期", "day of issue"),
        key("url", &Shape::Line, "网址", "address"),
    ],
);
static DAY: Record = record(
    "一天",
    "a day",
    &[
        key("date", &Shape::Date, "日期", "date").must(),
        key("kind", &Shape::Word(&DAY_KINDS), "放假还是上班", "holiday or working day").must(),
        key("name", &Shape::Line, "节日", "festival").must(),
    ],
);
pub static CALENDAR: Record = record(
    "calendars/YYYY.yaml：一年的放假安排",
    "calendars/YYYY.yaml",
    &[
        key("year", &Shape::Whole { min: 1900, max: 2299 }, "年份", "year").must(),
        key("notice", &Shape::Record(&NOTICE), "依据的通知；不写即为暂估", "the notice; provisional without"),
        key(
            "days",
            &Shape::List(&Shape::Record(&DAY)),
            "与平常周末不同的日子",
            "days that differ from a plain week",
        )
        .must(),
    ],
);

static FIXED: Record = record(
    "公历里的一天",
    "a day of the solar calendar",
    &[
        key("month", &Shape::Whole { min: 1, max: 12 }, "月", "month").must(),
        key("day", &Shape::Whole { min: 1, max: 31 }, "日", "day").must(),
        key("name", &Shape::Line, "节日", "festival").must(),
    ],
);
static FESTIVAL: Record = record(
    "某一年的一天",
    "a day of one year",
    &[key("date", &Shape::Date, "日期", "date").must(), key("name", &Shape::Line, "节日", "festival").must()],
);
pub static FESTIVALS: Record = record(
    "calendars/festivals.yaml：法规定下的节日",
    "calendars/festivals.yaml: festivals that the law fixes",
    &[
        key("notice", &Shape::Record(&NOTICE), "依据的法规", "the regulation").must(),
        key("from_year", &Shape::Whole { min: 1900, max: 2299 }, "从哪一年起", "the first year").must(),
        key(
            "fixed",
            &Shape::List(&Shape::Record(&FIXED)),
            "公历日期固定的节日",
            "festivals of the solar calendar",
        )
        .must(),
        key(
            "days",
            &Shape::List(&Shape::Record(&FESTIVAL)),
            "农历节日和清明：逐年查出的日期",
            "festivals of the lunar calendar and Qingming, looked up year by year",
        ),
    ],
);

static APPLICANT: Record = record(
    "谁是申请人",
    "who applies",
    &[
        key("name", &Shape::Name(Kind::Field), "名称", "name").must(),
        key("code", &Shape::Name(Kind::Field), "证件号码", "identifier"),
        key("phone", &Shape::Name(Kind::Field), "电话", "telephone"),
        key(
            "without_phone",
            &Shape::List(&Shape::Name(Kind::Field)),
            "没有电话的还问什么",
            "asked of whoever has no telephone",
        ),
    ],
);
static IDENTITY: Record = record(
    "某种情形下谁是申请人",
    "who applies in one situation",
    &[
        key("when", &Shape::Condition, "什么情形", "the situation").must(),
        key("name", &Shape::Name(Kind::Field), "名称", "name").must(),
        key("code", &Shape::Name(Kind::Field), "证件号码", "identifier"),
        key("phone", &Shape::Name(Kind::Field), "电话", "telephone"),
    ],
);
static QUESTION: Record = record(
    "一个情形问题",
    "a situation question",
    &[
        key("field", &Shape::Name(Kind::Field), "数据元", "field").must(),
        key("ask", &Shape::Text, "怎么问", "how it is asked").must(),
        key("hint", &Shape::Text, "提示", "hint"),
        key("when", &Shape::Condition, "什么情况下问", "when it is asked"),
    ],
);
static MEMBER: Record = record(
    "一个事项",
    "a member",
    &[
        key("item", &Shape::Name(Kind::Item), "事项", "item").must(),
        key("when", &Shape::Condition, "什么情况下需要", "when it applies"),
        key("after", &Shape::List(&Shape::Name(Kind::Item)), "先要办成哪些事项", "items that come first"),
        key("route", &Shape::Line, "互斥路线的名称", "members of one route exclude each other"),
    ],
);
static JOINT_STEP: Record = record(
    "一个核查环节",
    "an inspection",
    &[
        key("item", &Shape::Name(Kind::Item), "事项", "item").must(),
        key("step", &Shape::Line, "环节", "step").must(),
    ],
);
static JOINT: Record = record(
    "一次联合核查",
    "a joint inspection",
    &[
        key("title", &Shape::Text, "名称", "title").must(),
        key("steps", &Shape::List(&Shape::Record(&JOINT_STEP)), "哪些核查合并", "the inspections").must(),
    ],
);
pub static THING: Record = record(
    "things/名称/thing.yaml：一件事",
    "things/NAME/thing.yaml",
    &[
        key("title", &Shape::Text, "名称", "title").must(),
        key("outcome", &Shape::Text, "办完得到什么", "what one ends up with").must(),
        key("keywords", &Shape::List(&Shape::Line), "别人怎么搜它", "words by which people look for it"),
        key("applicants", &Shape::List(&Shape::Word(&PARTIES)), "谁可以办", "who may apply").must(),
        key("home_order", &Shape::Whole { min: 0, max: 65_535 }, "首页次序", "order on the home page"),
        key("applicant", &Shape::Record(&APPLICANT), "谁是申请人", "who applies").must(),
        key(
            "applicant_when",
            &Shape::List(&Shape::Record(&IDENTITY)),
            "哪些情形下申请人另有所指",
            "situations in which other fields say who applies",
        ),
        key(
            "apart",
            &Shape::List(&Shape::List(&Shape::Name(Kind::Field))),
            "哪些号码或者回答不能相同",
            "fields whose answers must differ",
        ),
        key(
            "context",
            &Shape::Index { names: Kind::Field, of: &Shape::Word(&CONTEXTS) },
            "从哪里来就知道的内容",
            "filled from where one comes from",
        ),
        key("questions", &Shape::List(&Shape::Record(&QUESTION)), "情形问题", "situation questions"),
        key(
            "items",
            &Shape::List(&Shape::Either { short: &Shape::Name(Kind::Item), long: &MEMBER }),
            "包含哪些事项",
            "its items",
        )
        .must(),
        key("joint_inspections", &Shape::List(&Shape::Record(&JOINT)), "联合核查", "joint inspections"),
    ],
);
