//! Citations: the source of a rule, and how certain the zone is of it.

use diagnostic::Bilingual;
use serde::{Deserialize, Serialize};

/// How well a citation was verified. It is shown beside it, so that a recollection is not taken for the
/// statute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// Read in the text of the law.
    Verified,
    /// General knowledge, not read in the text.
    #[default]
    Recalled,
    /// The zone's own interpretation of a provision.
    Inferred,
}

/// An article, standard or notice, in the form in which it is cited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// For example `某某法 第十条`.
    pub cite: String,
    #[serde(default)]
    pub certainty: Certainty,
    /// What it says, in plain words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says: Option<Bilingual>,
}

/// The closed list of proceedings whose time does not count under the licensing statute (行政许可法 Art. 45).
/// Anything else stops the promised clock only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StatutoryPause {
    /// 听证
    Hearing,
    /// 招标
    Tender,
    /// 拍卖
    Auction,
    /// 检验
    Inspection,
    /// 检测
    Testing,
    /// 检疫
    Quarantine,
    /// 鉴定
    Appraisal,
    /// 专家评审
    ExpertReview,
}

impl StatutoryPause {
    pub const ALL: [Self; 8] = [
        Self::Hearing,
        Self::Tender,
        Self::Auction,
        Self::Inspection,
        Self::Testing,
        Self::Quarantine,
        Self::Appraisal,
        Self::ExpertReview,
    ];

    /// The term in the statute, and the spelling in packs.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Hearing => "听证",
            Self::Tender => "招标",
            Self::Auction => "拍卖",
            Self::Inspection => "检验",
            Self::Testing => "检测",
            Self::Quarantine => "检疫",
            Self::Appraisal => "鉴定",
            Self::ExpertReview => "专家评审",
        }
    }

    pub const fn en(self) -> &'static str {
        match self {
            Self::Hearing => "hearing",
            Self::Tender => "tender",
            Self::Auction => "auction",
            Self::Inspection => "inspection",
            Self::Testing => "testing",
            Self::Quarantine => "quarantine",
            Self::Appraisal => "appraisal",
            Self::ExpertReview => "expert review",
        }
    }

    pub fn name(self) -> Bilingual {
        Bilingual { zh: self.zh().into(), en: self.en().into() }
    }

    /// Parses the Chinese or the English term.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.zh() == text || kind.en().replace(' ', "-") == text)
    }
}
