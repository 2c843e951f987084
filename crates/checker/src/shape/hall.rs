//! The shape of the queue sections of `zone.yaml`.

use super::zone::SERVES_SOME;
use super::*;

const MINUTES: Shape = Shape::Whole { min: 0, max: 600 };
const SOME_MINUTES: Shape = Shape::Whole { min: 1, max: 600 };
const PERCENT: Shape = Shape::Whole { min: 1, max: 100 };

static SERVICE_MINUTES: Record = record(
    "一次办理要多少分钟",
    "minutes of one service",
    &[
        key("median", &SOME_MINUTES, "一半的人不超过", "half take no longer").must(),
        key("p90", &SOME_MINUTES, "九成的人不超过", "nine in ten take no longer").must(),
    ],
);

static TARGET: Record = record(
    "等候目标",
    "a wait target",
    &[
        key("minutes", &SOME_MINUTES, "等候不超过多少分钟", "wait no longer than").must(),
        key("share", &PERCENT, "百分之几的人", "percent of the people").must(),
    ],
);

pub static LINE: Record = record(
    "一条业务队列",
    "a service line",
    &[
        key("name", &Shape::Text, "名称", "name").must(),
        key(
            "serves",
            &Shape::Either { short: &Shape::Word(&SERVES), long: &SERVES_SOME },
            "包含的事项",
            "which items",
        )
        .must(),
        key("minutes", &Shape::Record(&SERVICE_MINUTES), "办理用时", "minutes of one service").must(),
        key("target", &Shape::Record(&TARGET), "等候目标", "wait target"),
    ],
);

pub static LANE: Record = record(
    "一条优先队列",
    "a lane",
    &[
        key("name", &Shape::Text, "名称", "name").must(),
        key("kind", &Shape::Word(&LANES), "哪一种", "which kind").must(),
        key(
            "head_start_minutes",
            &Shape::Whole { min: 0, max: 240 },
            "提前多少分钟",
            "head start in minutes",
        ),
        key("who", &Shape::Text, "谁可以走", "who qualifies"),
    ],
);

pub static SKILL: Record = record(
    "窗口能办的业务和语言",
    "what a window can do",
    &[
        key("lines", &Shape::List(&Shape::Name(Kind::Line)), "业务队列", "service lines").must(),
        key("languages", &Shape::List(&Shape::Word(&TONGUES)), "语言", "languages").must(),
        key("from", &Shape::Date, "从哪天起", "first day"),
        key("until", &Shape::Date, "到哪天止", "last day"),
    ],
);

static NO_SHOW: Record = record(
    "过号规则",
    "when somebody does not come",
    &[
        key("returns_behind", &Shape::Whole { min: 0, max: 100 }, "排到几个人之后", "returns behind so many")
            .must(),
        key("calls", &Shape::Whole { min: 1, max: 10 }, "叫几次不到作废", "lost after so many calls").must(),
        key(
            "wait_seconds",
            &Shape::Whole { min: 0, max: 600 },
            "叫号后至少等几秒才能过号",
            "nobody is skipped so soon after a call",
        ),
    ],
);

static APPOINTMENTS: Record = record(
    "预约规则",
    "appointment rules",
    &[
        key("slot_minutes", &Shape::Whole { min: 5, max: 240 }, "一个时段多少分钟", "minutes of a slot")
            .must(),
        key("share", &PERCENT, "百分之几的时间可以预约", "percent of the time that can be booked").must(),
        key("horizon_days", &Shape::Whole { min: 1, max: 90 }, "可以提前几天", "days ahead").must(),
        key("early_minutes", &MINUTES, "最多提前几分钟签到", "earliest check-in before the time").must(),
        key("late_minutes", &MINUTES, "最多晚几分钟还算准时", "latest check-in after the time").must(),
    ],
);

pub static QUEUE: Record = record(
    "叫号规则",
    "how the queue is dealt with",
    &[
        key("no_show", &Shape::Record(&NO_SHOW), "过号", "when somebody does not come"),
        key("closing", &Shape::Word(&CLOSINGS), "闭厅时还在等的人", "people who wait when the hall closes"),
        key("appointments", &Shape::Record(&APPOINTMENTS), "预约", "appointments"),
    ],
);

pub static SPECIALIST: Record = record(
    "一位专员",
    "a specialist",
    &[
        key("role", &Shape::Name(Kind::Role), "岗位", "role").must(),
        key("covers", &Shape::List(&Shape::Name(Kind::Line)), "管哪些业务", "which service lines").must(),
        key("languages", &Shape::List(&Shape::Word(&TONGUES)), "语言", "languages"),
        key("phone", &Shape::Line, "电话", "telephone"),
        key("about", &Shape::Text, "介绍", "introduction"),
    ],
);
