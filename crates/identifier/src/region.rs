//! Administrative divisions, GB/T 2260: two digits each for province, city and county.

use crate::identify::{Parsed, Parts};
use crate::kind::IdentifierKind;
use crate::normal::compact;
use crate::problem::{IdentifierProblem, ProblemCode, Warning, WarningCode};
use serde::{Deserialize, Serialize};

/// Every province-level code, including those of residence permits (81–83). Provinces are hardly ever
/// renumbered; cities and counties often are, so only provinces are checked.
const PROVINCES: [(&str, &str, &str); 35] = [
    ("11", "北京市", "Beijing"),
    ("12", "天津市", "Tianjin"),
    ("13", "河北省", "Hebei"),
    ("14", "山西省", "Shanxi"),
    ("15", "内蒙古自治区", "Inner Mongolia"),
    ("21", "辽宁省", "Liaoning"),
    ("22", "吉林省", "Jilin"),
    ("23", "黑龙江省", "Heilongjiang"),
    ("31", "上海市", "Shanghai"),
    ("32", "江苏省", "Jiangsu"),
    ("33", "浙江省", "Zhejiang"),
    ("34", "安徽省", "Anhui"),
    ("35", "福建省", "Fujian"),
    ("36", "江西省", "Jiangxi"),
    ("37", "山东省", "Shandong"),
    ("41", "河南省", "Henan"),
    ("42", "湖北省", "Hubei"),
    ("43", "湖南省", "Hunan"),
    ("44", "广东省", "Guangdong"),
    ("45", "广西壮族自治区", "Guangxi"),
    ("46", "海南省", "Hainan"),
    ("50", "重庆市", "Chongqing"),
    ("51", "四川省", "Sichuan"),
    ("52", "贵州省", "Guizhou"),
    ("53", "云南省", "Yunnan"),
    ("54", "西藏自治区", "Tibet"),
    ("61", "陕西省", "Shaanxi"),
    ("62", "甘肃省", "Gansu"),
    ("63", "青海省", "Qinghai"),
    ("64", "宁夏回族自治区", "Ningxia"),
    ("65", "新疆维吾尔自治区", "Xinjiang"),
    ("71", "台湾省", "Taiwan"),
    ("81", "香港特别行政区", "Hong Kong"),
    ("82", "澳门特别行政区", "Macao"),
    // Residence permits of Taiwan residents begin with 83.
    ("83", "台湾省", "Taiwan"),
];

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    pub code: String,
    pub level: RegionLevel,
    pub province: String,
    pub province_name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegionLevel {
    Province,
    City,
    County,
}

/// The Chinese and English name of the province of a code with at least two digits.
pub fn province_name(code: &str) -> Option<(&'static str, &'static str)> {
    let prefix = code.get(..2)?;
    PROVINCES.iter().find(|(province, ..)| *province == prefix).map(|(_, zh, en)| (*zh, *en))
}

impl Region {
    /// Parses six digits whose province exists. City and county are not checked.
    ///
    /// # Errors
    /// The first reason why the text is not a region code.
    pub fn parse(text: &str) -> Result<Region, IdentifierProblem> {
        let problem = |code| IdentifierProblem::new(IdentifierKind::Region, code);
        let code = compact(text);
        if code.is_empty() {
            return Err(problem(ProblemCode::Empty));
        }
        digits(&code).map_err(problem)?;
        if code.len() != 6 {
            return Err(problem(ProblemCode::Length { found: code.len(), expected: "6".to_owned() }));
        }
        let Some((province_name, _)) = province_name(&code) else {
            return Err(problem(ProblemCode::Province { position: 1, found: code[..2].to_owned() }));
        };
        Ok(Region {
            level: level(&code),
            province: code[..2].to_owned(),
            province_name: province_name.to_owned(),
            code,
        })
    }

    pub(crate) fn parsed(text: &str) -> Result<Parsed, IdentifierProblem> {
        let region = Region::parse(text)?;
        let mut warnings = Vec::new();
        if &region.code[2..4] == "00" && &region.code[4..] != "00" {
            // A county without a city; counties directly under a province have the city digits 90.
            warnings.push(Warning::new(WarningCode::RegionUnknown { region: region.code.clone() }));
        }
        Ok(Parsed {
            kind: IdentifierKind::Region,
            value: region.code.clone(),
            parts: Parts::Region(region),
            warnings,
        })
    }
}

fn level(code: &str) -> RegionLevel {
    match (&code[2..4], &code[4..6]) {
        ("00", "00") => RegionLevel::Province,
        (_, "00") => RegionLevel::City,
        _ => RegionLevel::County,
    }
}

/// Checks that all characters are ASCII digits; otherwise the position of the first that is not.
pub(crate) fn digits(text: &str) -> Result<(), ProblemCode> {
    match text.chars().zip(1..).find(|(c, _)| !c.is_ascii_digit()) {
        Some((found, position)) => Err(ProblemCode::DigitExpected { position, found }),
        None => Ok(()),
    }
}
