//! The shape of `items/<name>/item.yaml`.

use super::*;
use crate::rules::papers::fee_without_basis;

static REQUIREMENT: Record = record(
    "一个条件",
    "a requirement",
    &[
        key("if", &Shape::Condition, "要满足什么", "what must hold").must(),
        key("else", &Shape::Text, "不满足时怎么说", "what to tell otherwise").must(),
        key("basis", &Shape::Citation, "依据", "basis"),
    ],
);
static FIELD_USE: Record = record(
    "问一个数据元",
    "a field asked",
    &[
        key("field", &Shape::Name(Kind::Field), "数据元", "field").must(),
        key("when", &Shape::Condition, "什么情况下问", "when it is asked"),
        key("why", &Shape::Text, "为什么问", "what it is for"),
        key(
            "fixed",
            &Shape::Text,
            "照登记的写、这里不改的：登记得不对先办什么",
            "only repeats the register: what to do first where that is wrong",
        ),
        key("basis", &Shape::Citation, "依据", "basis"),
    ],
);
static MATERIAL_USE: Record = record(
    "要一份材料",
    "a material asked",
    &[
        key("material", &Shape::Name(Kind::Material), "材料", "material").must(),
        key("when", &Shape::Condition, "什么情况下要", "when it is asked"),
        key("need", &Shape::Word(&NEEDS), "必要性", "how necessary"),
        key("copies", &Shape::Whole { min: 1, max: 50 }, "份数", "copies"),
        key("surrender", &Shape::Bool, "原件要交回", "the original is handed back"),
        key("basis", &Shape::Citation, "依据", "basis"),
    ],
);
static INTAKE: Record = record(
    "受理",
    "intake",
    &[
        key("limit", &Shape::Limit, "几日内一次告知", "days to say what is missing").must(),
        key("silence", &Shape::Word(&SILENCES), "逾期不告知的后果", "what silence means").must(),
        key("basis", &Shape::Citation, "依据", "basis"),
        key("correction", &Shape::Limit, "申请人补正的期限", "days to correct"),
    ],
);
static EXTENSION: Record = record(
    "延期",
    "extension",
    &[
        key("limit", &Shape::Limit, "最多延长多久", "by how long").must(),
        key("approver", &Shape::Name(Kind::Role), "谁批准", "who approves").must(),
        key("basis", &Shape::Citation, "依据", "basis"),
    ],
);
static LIMITS: Record = record(
    "时限",
    "limits",
    &[
        key("statutory", &Shape::LimitOrNone, "法定期限，没有写 none", "statutory limit or none").must(),
        key("statutory_basis", &Shape::Citation, "法定期限的依据", "basis of the statutory limit"),
        key("promised", &Shape::Limit, "承诺期限，即办件写 0 working days", "promised limit").must(),
        key("intake", &Shape::Record(&INTAKE), "受理", "intake").must(),
        key("extension", &Shape::Record(&EXTENSION), "延期", "extension"),
        key("delivery", &Shape::Limit, "决定后几日内送达", "from grant to delivery"),
    ],
);
static LOCAL_PAUSE: Record = record(
    "本地暂停情形",
    "a local pause",
    &[key("local", &Shape::Name(Kind::LocalPause), "情形", "the pause").must()],
);
static STEP: Record = record(
    "一个环节",
    "a step",
    &[
        key("title", &Shape::Text, "名称", "title").must(),
        key("kind", &Shape::Word(&STEP_KINDS), "种类", "kind").must(),
        key("role", &Shape::Name(Kind::Role), "由哪个岗位办", "the role that performs it"),
        key("by", &Shape::Word(&PERFORMERS), "由申请人或系统办", "by the applicant or the system"),
        key("after", &Shape::List(&Shape::Name(Kind::Step)), "在哪些环节之后", "steps that come first"),
        key("when", &Shape::Condition, "什么情况下需要", "when it applies"),
        key("limit", &Shape::Limit, "时限", "limit"),
        key(
            "lasts",
            &Shape::Limit,
            "至少要满多久才能办完，如公示期",
            "how long it has to run, such as a public notice",
        ),
        key("officers", &Shape::Whole { min: 1, max: 20 }, "几名工作人员", "officers named in the record"),
        key("present", &Shape::Bool, "申请人要到场", "the applicant has to be there"),
        key("remote", &Shape::Bool, "可以远程", "may be done remotely"),
        key("place", &Shape::Text, "到哪里、带什么来", "where to come, and with what"),
        key(
            "not_counted",
            &Shape::Either { short: &Shape::Pause, long: &LOCAL_PAUSE },
            "不计时的情形",
            "time that does not count",
        ),
        key("checklist", &Shape::List(&Shape::Text), "核查清单", "checklist"),
        key("result", &Shape::Name(Kind::Result), "制作哪个结果", "the result issued"),
        key("fee", &Shape::Name(Kind::Fee), "缴哪项费", "the fee paid"),
        key("returns_to", &Shape::Name(Kind::Step), "不通过时退回哪个环节", "the step done again"),
        key(
            "silence",
            &Shape::Word(&ANSWERS),
            "申请人到期没有答复怎么算",
            "what no answer by the applicant means",
        ),
        key(
            "confirms",
            &Shape::Record(&ITEM_RESULT),
            "查验哪个事项的结果",
            "the result of another item that it confirms",
        ),
        key("tells", &Shape::Text, "准予时要告诉申请人什么", "what a grant has to tell the applicant"),
        key("uses", &Shape::List(&Shape::Name(Kind::Field)), "用到哪些数据元", "fields that it reads"),
        key("assigns", &Shape::List(&Shape::Record(&ASSIGNMENT)), "赋哪些码", "codes that it assigns"),
    ],
);
static ITEM_RESULT: Record = record(
    "一个事项的一个结果",
    "a result of an item",
    &[
        key("item", &Shape::Name(Kind::Item), "哪个事项", "the item").must(),
        key("result", &Shape::Line, "该事项的结果", "its result").must(),
    ],
);
static ASSIGNMENT: Record = record(
    "赋予一个统一社会信用代码",
    "a credit code that is assigned",
    &[
        key("field", &Shape::Name(Kind::Field), "记到哪个数据元", "the field that holds it").must(),
        key("prefix", &Shape::Line, "登记管理部门和机构类别，如 92", "authority and category, such as 92")
            .must(),
        key("block", &Shape::Line, "本机关的码段，如 MBYD", "block of this office, such as MBYD").must(),
    ],
);
static HOLDER: Record = record(
    "持有人",
    "the holder",
    &[
        key("name", &Shape::Name(Kind::Field), "名称", "name").must(),
        key("code", &Shape::Name(Kind::Field), "代码", "identifier"),
    ],
);
static ENTRY: Record = record(
    "登记簿上的一条记载",
    "an entry in a register",
    &[
        key("registry", &Shape::Name(Kind::Registry), "记入哪个登记库", "the registry").must(),
        key(
            "as",
            &Shape::Index { names: Kind::Field, of: &Shape::Name(Kind::Field) },
            "登记库的哪个数据元改成了哪个数据元的内容",
            "field of the registry: field with its new value",
        ),
    ],
);
static RESULT: Record = record(
    "一个结果",
    "a result",
    &[
        key("title", &Shape::Text, "名称", "title").must(),
        key("kind", &Shape::Word(&RESULT_KINDS), "种类", "kind").must(),
        key("type_code", &Shape::Line, "证照类型代码（三位）", "three-digit type code"),
        key("fields", &Shape::List(&Shape::Name(Kind::Field)), "印哪些数据元", "fields printed"),
        key("body", &Shape::Text, "正文，{数据元} 处填答案", "text with {field}"),
        key(
            "told",
            &Shape::Text,
            "写上决定时告诉申请人的话，用这个名目",
            "what the decision tells, under this heading",
        ),
        key("valid", &Shape::Validity, "有效期，如 5 years", "validity such as 5 years"),
        key("holder", &Shape::Record(&HOLDER), "持有人不是申请人时", "the holder, where not the applicant"),
        key(
            "replaces",
            &Shape::List(&Shape::Record(&ITEM_RESULT)),
            "同一持有人的哪些旧证由它代替",
            "results of the same holder that it takes the place of",
        ),
        key("enters", &Shape::Record(&ENTRY), "出具就记入哪个登记库", "the registry in which it is an entry"),
    ],
);
static FEE: Record = record(
    "一项收费",
    "a fee",
    &[
        key("title", &Shape::Text, "名称", "title").must(),
        key("amount", &Shape::Decimal, "金额（元）", "yuan").must(),
        key("when", &Shape::Condition, "什么情况下收", "when it is due"),
        key("how", &Shape::Text, "怎么缴", "how it is paid"),
        key("basis", &Shape::Citation, "收费依据", "basis").must().missing(fee_without_basis::CODE),
    ],
);
static VISITS: Record = record(
    "跑动次数",
    "visits",
    &[
        key("claimed", &Shape::Whole { min: 0, max: 50 }, "公开的次数", "visits claimed").must(),
        key("reason", &Shape::Text, "为什么必须到场", "why"),
    ],
);
static PROMISE: Record = record(
    "告知承诺",
    "promise instead of proof",
    &[
        key("text", &Shape::Text, "告知和承诺的内容", "what is told and promised").must(),
        key("verify_within", &Shape::Limit, "多久内核查", "when it is verified").must(),
        key("skips", &Shape::List(&Shape::Name(Kind::Step)), "免去哪些环节", "steps that fall away"),
        key("basis", &Shape::Citation, "依据", "basis").must(),
    ],
);
static TOLERANCE: Record = record(
    "容缺受理",
    "acceptance with a gap",
    &[
        key("text", &Shape::Text, "承诺的内容", "what is promised").must(),
        key("close_within", &Shape::Limit, "多久内补齐", "when the gap closes").must(),
        key("basis", &Shape::Citation, "依据", "basis").must(),
    ],
);
static MODES: Record = record(
    "办理方式",
    "modes",
    &[
        key("promise", &Shape::Record(&PROMISE), "告知承诺", "promise instead of proof"),
        key("tolerance", &Shape::Record(&TOLERANCE), "容缺受理", "acceptance with a gap"),
    ],
);

pub static ITEM: Record = Record {
    scope: &[("steps", Kind::Step), ("results", Kind::Result), ("fees", Kind::Fee)],
    ..record(
        "items/名称/item.yaml：一个事项",
        "items/NAME/item.yaml",
        &[
            key("title", &Shape::Text, "名称", "title").must(),
            key("summary", &Shape::Text, "一两句话说清楚", "summary"),
            key("keywords", &Shape::List(&Shape::Line), "别人怎么搜它", "words by which people look for it"),
            key("class", &Shape::Name(Kind::Class), "大类", "class").must(),
            key("department", &Shape::Name(Kind::Department), "实施部门", "department").must(),
            key("codes", &Shape::ImplementationCodes, "其他系统里的编码", "codes in other systems"),
            key("basis", &Shape::List(&Shape::Citation), "设定依据", "legal basis").must(),
            key("applicants", &Shape::List(&Shape::Word(&PARTIES)), "谁可以申请", "who may apply").must(),
            key("channels", &Shape::List(&Shape::Word(&CHANNELS)), "怎么申请", "channels").must(),
            key("requirements", &Shape::List(&Shape::Record(&REQUIREMENT)), "受理条件", "requirements"),
            key(
                "fields",
                &Shape::List(&Shape::Either { short: &Shape::Name(Kind::Field), long: &FIELD_USE }),
                "问哪些数据元",
                "fields asked",
            ),
            key(
                "materials",
                &Shape::List(&Shape::Either { short: &Shape::Name(Kind::Material), long: &MATERIAL_USE }),
                "要哪些材料",
                "materials asked",
            ),
            key("limits", &Shape::Record(&LIMITS), "时限", "limits").must(),
            key("steps", &Shape::Dictionary { names: "环节名", of: &Shape::Record(&STEP) }, "环节", "steps")
                .must(),
            key(
                "results",
                &Shape::Dictionary { names: "结果名", of: &Shape::Record(&RESULT) },
                "结果",
                "results",
            ),
            key("fees", &Shape::Dictionary { names: "收费项名", of: &Shape::Record(&FEE) }, "收费", "fees"),
            key(
                "visits",
                &Shape::Either { short: &Shape::Whole { min: 0, max: 50 }, long: &VISITS },
                "跑动次数",
                "visits claimed",
            )
            .must(),
            key("modes", &Shape::Record(&MODES), "办理方式", "modes"),
            key("reasons", &Shape::List(&Shape::Text), "常用的不予许可理由", "usual reasons of a refusal"),
            key(
                "corrections",
                &Shape::List(&Shape::Text),
                "常用的补正要求",
                "what corrections usually ask for",
            ),
            key("feedback", &Shape::Bool, "办的是对本区服务的意见", "about the administration itself"),
        ],
    )
};
