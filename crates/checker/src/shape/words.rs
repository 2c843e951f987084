//! The closed lists of words that packs may use.

use super::Word;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($text:literal $zh:literal),* $(,)? })*) => {$(
        $(#[$doc])*
        pub static $name: [Word; [$($text),*].len()] = [$(Word { text: $text, zh: $zh }),*];
    )*};
}

words! {
    RANKS { "officer" "经办人", "head" "部门负责人", "leader" "管委会负责人" }
    RECORD_KINDS { "cases" "办结的办件", "reports" "办结的找茬和回访", "drafts" "没有交的表", "numbers" "取号和预约时说的话" }
    DAYS { "mon" "周一", "tue" "周二", "wed" "周三", "thu" "周四", "fri" "周五", "sat" "周六", "sun" "周日", "holiday" "法定节假日" }
    OPENINGS { "regular" "正常", "noon" "午间服务", "evening" "延时服务", "weekend" "双休日服务" }
    CERTAINTIES { "verified" "已核对原文", "recalled" "凭常识", "inferred" "自行理解" }
    FIELD_TYPES {
        "text" "文字", "number" "数字", "money" "金额（元）", "date" "日期", "yes-no" "是否", "choice" "单选",
        "choices" "多选", "identifier" "证件或编号", "address" "地址", "phone" "电话", "file" "文件", "location" "地图定位",
        "rows" "多行表格",
    }
    SENSITIVITIES { "public" "可公开", "personal" "个人信息", "sensitive" "敏感个人信息" }
    IDENTIFIERS {
        "credit-code" "统一社会信用代码", "resident" "公民身份号码", "region" "行政区划代码", "mobile" "手机号码",
        "phone" "电话号码", "licence" "电子证照标识", "organisation-code" "组织机构代码", "case-number" "办件编号",
        "ticket" "排队号", "passport" "护照号码", "foreign-resident" "外国人永久居留身份证号码",
        "hong-kong-macao-permit" "港澳居民来往内地通行证号码", "taiwan-permit" "台湾居民来往大陆通行证号码",
        "other" "其他证件号码",
    }
    ISSUERS { "applicant" "申请人自己写" }
    MEDIA { "electronic" "电子", "paper-original" "纸质原件", "paper-copy" "纸质复印件" }
    DAY_KINDS { "holiday" "放假", "makeup-workday" "调休上班" }
    PARTIES { "natural" "自然人", "legal" "法人和其他组织" }
    CHANNELS { "online" "网上", "window" "窗口", "post" "邮寄", "kiosk" "自助终端" }
    NEEDS { "required" "必要", "tolerable" "可容缺", "optional" "非必要", "promisable" "可承诺替代" }
    SILENCES { "accepted-from-receipt" "逾期不告知即视为自收到之日起受理", "nothing" "不发生法律后果" }
    ANSWERS { "counts-as-yes" "到期没有答复，算同意" }
    STEP_KINDS {
        "accept" "受理", "review" "审查", "inspect" "现场核查", "hear" "听证", "examine" "检验检测、专家评审等",
        "act" "办理、整改", "decide" "决定", "pay" "缴费", "record" "登簿、登记", "issue" "制证", "deliver" "送达",
        "confirm" "申请人确认",
    }
    PERFORMERS { "applicant" "申请人", "system" "系统自动" }
    RESULT_KINDS {
        "licence" "证照", "approval" "批文", "record" "登记、备案", "certificate" "证明", "reply" "答复",
    }
    LANES {
        "walk-in" "现场取号", "appointment" "预约", "green" "绿色通道", "elderly-or-disabled" "老年人、残疾人等",
        "returning" "补正后返回", "specialist" "帮办专员",
    }
    TONGUES {
        "zh" "中文", "en" "英语", "ja" "日语", "ko" "韩语", "ru" "俄语", "de" "德语", "fr" "法语", "he" "希伯来语",
        "sign" "手语",
    }
    CLOSINGS { "serve-all" "有号的都办完", "carry-over" "下一个开放日优先" }
    SERVES { "all" "所有事项" }
    CONTEXTS {
        "page" "所在网页", "thing-title" "那件事的名称", "case-number" "办件编号", "rating-level" "评价等级",
        "rating-comment" "评价说明", "party" "个人还是单位（选项为 natural 和 legal）",
    }
    ACTS {
        "submit" "提交", "accept" "受理", "ask-correction" "一次告知补正", "correct" "补正", "refuse-acceptance" "不予受理",
        "step" "完成环节", "pause" "暂停计时", "resume" "恢复计时", "extend" "延长期限", "decide" "决定", "withdraw" "撤回",
        "come" "到场", "close-gap" "补齐容缺材料", "rate" "评价", "wait" "等待",
    }
}
