//! The shape of the `story` block of an example.

use super::*;

static EXPECT: Record = record(
    "应当如此",
    "what must be so",
    &[
        key("item", &Shape::Name(Kind::Item), "事项", "item"),
        key("state", &Shape::Line, "状态", "state"),
        key("due_on", &Shape::Date, "法定到期日", "statutory due day"),
        key("promised_on", &Shape::Date, "承诺到期日", "promised day"),
        key("delivery_on", &Shape::Date, "送达到期日", "last day for delivery"),
        key("items", &Shape::List(&Shape::Name(Kind::Item)), "适用的事项", "items that apply"),
        key("materials", &Shape::List(&Shape::Name(Kind::Material)), "要交的材料", "materials asked"),
        key("visits", &Shape::Whole { min: 0, max: 50 }, "跑动次数", "visits"),
        key("open", &Shape::List(&Shape::Line), "正在办的环节", "steps open"),
        key("refused", &Shape::Line, "上一步被拒绝的代号", "code of the refusal"),
    ],
);
static EVENT: Record = record(
    "一件事情",
    "an event",
    &[
        key("at", &Shape::Moment, "时间", "local time").must(),
        key("do", &Shape::Word(&ACTS), "做什么", "act"),
        key("expect", &Shape::Record(&EXPECT), "应当如此", "what must be so"),
        key("item", &Shape::Name(Kind::Item), "事项", "item"),
        key("step", &Shape::Line, "环节", "step"),
        key("yes", &Shape::Bool, "是否通过", "positive or negative"),
        key("grant", &Shape::Bool, "准予还是不予", "granted or refused"),
        key("reason", &Shape::Line, "理由", "reason"),
        key("note", &Shape::Line, "说明", "note"),
        key("materials", &Shape::List(&Shape::Name(Kind::Material)), "材料", "materials"),
        key("material", &Shape::Name(Kind::Material), "材料", "material"),
        key("promise", &Shape::List(&Shape::Name(Kind::Item)), "告知承诺的事项", "items by promise"),
        key("tolerate", &Shape::List(&Shape::Name(Kind::Material)), "容缺的材料", "materials that follow"),
        key("kind", &Shape::Line, "暂停的情形", "kind of pause"),
        key("until", &Shape::Date, "到哪天", "until"),
        key("level", &Shape::Whole { min: 1, max: 5 }, "评价等级", "rating"),
    ],
);
pub static STORY: Record = record(
    "一个案例",
    "a story",
    &[
        key("title", &Shape::Line, "标题", "title").must(),
        key("thing", &Shape::Name(Kind::Thing), "办哪件事", "thing").must(),
        key("answers", &Shape::Any, "怎么回答", "answers"),
        key("materials", &Shape::List(&Shape::Name(Kind::Material)), "交了哪些材料", "materials handed in"),
        key("events", &Shape::List(&Shape::Record(&EVENT)), "发生了什么", "events").must(),
    ],
);
