//! Conditions as sentences: labels and words, no name, operator or quoted option of the pack.

mod support;

use diagnostic::Lang;
use expression::Labels;
use support::parse;

struct Marked;

impl Labels for Marked {
    fn label(&self, name: &str, lang: Lang) -> String {
        match lang {
            Lang::Zh => format!("[{name}]"),
            Lang::En => format!("[{name} en]"),
        }
    }

    fn option(&self, _: &str, value: &str, lang: Lang) -> String {
        match lang {
            Lang::Zh => format!("<{value}>"),
            Lang::En => format!("<{value} en>"),
        }
    }

    fn unit(&self, name: &str, lang: Lang) -> String {
        match (name, lang) {
            ("营业面积", Lang::Zh) => "平方米".into(),
            ("营业面积", Lang::En) => "m²".into(),
            _ => String::new(),
        }
    }
}

#[test]
fn a_condition_reads_as_a_sentence_in_both_languages() {
    for (text, zh, en) in [
        ("燃气", "“[燃气]”选“是”", "“[燃气 en]” is yes"),
        ("not 燃气", "“[燃气]”选“否”", "“[燃气 en]” is no"),
        ("燃气 = false", "“[燃气]”选“否”", "“[燃气 en]” is no"),
        ("燃气 != false", "“[燃气]”选“是”", "“[燃气 en]” is yes"),
        ("营业面积 >= 300", "“[营业面积]”不小于300平方米", "“[营业面积 en]” is at least 300 m²"),
        ("经营方式 = \"堂食\"", "“[经营方式]”是<堂食>", "“[经营方式 en]” is <堂食 en>"),
        (
            "经营方式 not in (\"堂食\", \"外带\")",
            "“[经营方式]”不是<堂食>、<外带>",
            "“[经营方式 en]” is neither <堂食 en> nor <外带 en>",
        ),
        ("设备 contains \"油烟\"", "“[设备]”里有<油烟>", "“[设备 en]” includes <油烟 en>"),
        ("not exists 地址", "没有填“[地址]”", "“[地址 en]” is not given"),
        (
            "营业面积 > 50 and (燃气 or 新建)",
            "“[营业面积]”大于50平方米，并且（“[燃气]”选“是”，或者“[新建]”选“是”）",
            "“[营业面积 en]” is above 50 m², and (“[燃气 en]” is yes, or “[新建 en]” is yes)",
        ),
        (
            "营业面积 between 10 and 20",
            "“[营业面积]”在10到20平方米之间",
            "“[营业面积 en]” is from 10 to 20 m²",
        ),
    ] {
        let condition = parse(text);
        assert_eq!(condition.told(&Marked, Lang::Zh), zh, "{text}");
        assert_eq!(condition.told(&Marked, Lang::En), en, "{text}");
    }
}
