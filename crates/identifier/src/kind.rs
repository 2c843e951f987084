//! The closed list of identifier kinds.

use crate::problem::Lang;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdentifierKind {
    /// Unified social credit code, GB 32100.
    CreditCode,
    /// Resident identity number, GB 11643; residence permits of 港澳台 residents have the same form.
    Resident,
    /// Administrative division, GB/T 2260.
    Region,
    /// Mainland mobile number.
    Mobile,
    /// Mobile, landline, 400/800 or short service number.
    Phone,
    /// Identifier of an electronic licence, GB/T 36904.
    Licence,
    /// Nine-character organisation code, GB 11714, in old records.
    OrganisationCode,
    /// Our own case number.
    CaseNumber,
    /// Our own ticket number in a hall.
    Ticket,
    Passport,
    /// Identity card of foreign permanent residents, old and new form.
    ForeignResident,
    /// Travel permit to the mainland of Hong Kong and Macao residents.
    HongKongMacaoPermit,
    /// Travel permit to the mainland of Taiwan residents.
    TaiwanPermit,
    /// Any other paper; only its characters and length are checked.
    Other,
}

impl IdentifierKind {
    pub const ALL: [IdentifierKind; 14] = [
        IdentifierKind::CreditCode,
        IdentifierKind::Resident,
        IdentifierKind::Region,
        IdentifierKind::Mobile,
        IdentifierKind::Phone,
        IdentifierKind::Licence,
        IdentifierKind::OrganisationCode,
        IdentifierKind::CaseNumber,
        IdentifierKind::Ticket,
        IdentifierKind::Passport,
        IdentifierKind::ForeignResident,
        IdentifierKind::HongKongMacaoPermit,
        IdentifierKind::TaiwanPermit,
        IdentifierKind::Other,
    ];

    /// The name used in packs, JSON and the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            IdentifierKind::CreditCode => "credit-code",
            IdentifierKind::Resident => "resident",
            IdentifierKind::Region => "region",
            IdentifierKind::Mobile => "mobile",
            IdentifierKind::Phone => "phone",
            IdentifierKind::Licence => "licence",
            IdentifierKind::OrganisationCode => "organisation-code",
            IdentifierKind::CaseNumber => "case-number",
            IdentifierKind::Ticket => "ticket",
            IdentifierKind::Passport => "passport",
            IdentifierKind::ForeignResident => "foreign-resident",
            IdentifierKind::HongKongMacaoPermit => "hong-kong-macao-permit",
            IdentifierKind::TaiwanPermit => "taiwan-permit",
            IdentifierKind::Other => "other",
        }
    }

    /// The paper that carries the number, by its everyday name.
    pub const fn document(self, lang: Lang) -> &'static str {
        match (lang, self) {
            (Lang::Zh, IdentifierKind::Resident) => "居民身份证、港澳台居民居住证",
            (Lang::En, IdentifierKind::Resident) => {
                "Resident identity card, or residence permit of a Hong Kong, Macao or Taiwan resident"
            }
            (Lang::Zh, IdentifierKind::Passport) => "护照",
            (Lang::En, IdentifierKind::Passport) => "Passport",
            (Lang::Zh, IdentifierKind::ForeignResident) => "外国人永久居留身份证",
            (Lang::En, IdentifierKind::ForeignResident) => "Foreign permanent resident ID card",
            (Lang::Zh, IdentifierKind::HongKongMacaoPermit) => "港澳居民来往内地通行证",
            (Lang::En, IdentifierKind::HongKongMacaoPermit) => {
                "Mainland travel permit for Hong Kong and Macao residents"
            }
            (Lang::Zh, IdentifierKind::TaiwanPermit) => "台湾居民来往大陆通行证",
            (Lang::En, IdentifierKind::TaiwanPermit) => "Mainland travel permit for Taiwan residents",
            (Lang::Zh, IdentifierKind::CreditCode) => "营业执照等（统一社会信用代码）",
            (Lang::En, IdentifierKind::CreditCode) => {
                "Business licence or the like (unified social credit code)"
            }
            (Lang::Zh, IdentifierKind::Other) => "其他证件",
            (Lang::En, IdentifierKind::Other) => "Another document",
            _ => self.label(lang),
        }
    }

    pub const fn label(self, lang: Lang) -> &'static str {
        match (lang, self) {
            (Lang::Zh, IdentifierKind::CreditCode) => "统一社会信用代码",
            (Lang::En, IdentifierKind::CreditCode) => "unified social credit code",
            (Lang::Zh, IdentifierKind::Resident) => "公民身份号码",
            (Lang::En, IdentifierKind::Resident) => "resident identity number",
            (Lang::Zh, IdentifierKind::Region) => "行政区划代码",
            (Lang::En, IdentifierKind::Region) => "region code",
            (Lang::Zh, IdentifierKind::Mobile) => "手机号码",
            (Lang::En, IdentifierKind::Mobile) => "mobile number",
            (Lang::Zh, IdentifierKind::Phone) => "电话号码",
            (Lang::En, IdentifierKind::Phone) => "phone number",
            (Lang::Zh, IdentifierKind::Licence) => "电子证照标识",
            (Lang::En, IdentifierKind::Licence) => "e-licence identifier",
            (Lang::Zh, IdentifierKind::OrganisationCode) => "组织机构代码",
            (Lang::En, IdentifierKind::OrganisationCode) => "organisation code",
            (Lang::Zh, IdentifierKind::CaseNumber) => "办件编号",
            (Lang::En, IdentifierKind::CaseNumber) => "case number",
            (Lang::Zh, IdentifierKind::Ticket) => "排队号",
            (Lang::En, IdentifierKind::Ticket) => "ticket number",
            (Lang::Zh, IdentifierKind::Passport) => "护照号码",
            (Lang::En, IdentifierKind::Passport) => "passport number",
            (Lang::Zh, IdentifierKind::ForeignResident) => "外国人永久居留身份证号码",
            (Lang::En, IdentifierKind::ForeignResident) => "foreign permanent resident number",
            (Lang::Zh, IdentifierKind::HongKongMacaoPermit) => "港澳居民来往内地通行证号码",
            (Lang::En, IdentifierKind::HongKongMacaoPermit) => "Hong Kong and Macao travel permit number",
            (Lang::Zh, IdentifierKind::TaiwanPermit) => "台湾居民来往大陆通行证号码",
            (Lang::En, IdentifierKind::TaiwanPermit) => "Taiwan travel permit number",
            (Lang::Zh, IdentifierKind::Other) => "证件号码",
            (Lang::En, IdentifierKind::Other) => "document number",
        }
    }
}

impl fmt::Display for IdentifierKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The name is not one of [`IdentifierKind::ALL`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("没有这种编号：{0} / no such kind of identifier: {0}")]
pub struct UnknownKind(pub String);

impl FromStr for IdentifierKind {
    type Err = UnknownKind;

    fn from_str(name: &str) -> Result<Self, UnknownKind> {
        let name = name.trim().replace('_', "-");
        IdentifierKind::ALL.into_iter().find(|kind| kind.as_str() == name).ok_or(UnknownKind(name))
    }
}
