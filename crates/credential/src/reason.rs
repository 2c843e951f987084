//! Result codes of a verification.

use serde::{Deserialize, Serialize};

/// The result of verifying a document. The codes (the serialised names) are stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The only result with `valid: true`. It does not say whether the document was withdrawn since.
    Valid,
    Malformed,
    UnknownFormat,
    NotCanonical,
    Inconsistent,
    UnknownKey,
    KeyRevoked,
    Altered,
    OtherIssuer,
    OutsideKeyPeriod,
    IssuedInFuture,
    NotYetValid,
    Expired,
}

impl Reason {
    pub const ALL: [Reason; 13] = [
        Reason::Valid,
        Reason::Malformed,
        Reason::UnknownFormat,
        Reason::NotCanonical,
        Reason::Inconsistent,
        Reason::UnknownKey,
        Reason::KeyRevoked,
        Reason::Altered,
        Reason::OtherIssuer,
        Reason::OutsideKeyPeriod,
        Reason::IssuedInFuture,
        Reason::NotYetValid,
        Reason::Expired,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Reason::Valid => "valid",
            Reason::Malformed => "malformed",
            Reason::UnknownFormat => "unknown_format",
            Reason::NotCanonical => "not_canonical",
            Reason::Inconsistent => "inconsistent",
            Reason::UnknownKey => "unknown_key",
            Reason::KeyRevoked => "key_revoked",
            Reason::Altered => "altered",
            Reason::OtherIssuer => "other_issuer",
            Reason::OutsideKeyPeriod => "outside_key_period",
            Reason::IssuedInFuture => "issued_in_future",
            Reason::NotYetValid => "not_yet_valid",
            Reason::Expired => "expired",
        }
    }

    pub fn zh(self) -> &'static str {
        match self {
            Reason::Valid => "签名有效，内容自签发以来未被改动，且在有效期内。",
            Reason::Malformed => "这不是一份完整的签名文件。请使用签发时收到的原始文件。",
            Reason::UnknownFormat => "文件格式版本不受支持。请更新验证程序后再试。",
            Reason::NotCanonical => "文件被重新排版或另存过，与签发时不再逐字节一致。请使用原始文件。",
            Reason::Inconsistent => "文件各部分相互矛盾，不能采信。",
            Reason::UnknownKey => "签名密钥不在可信签发机构名录中，无法确认由谁签发。",
            Reason::KeyRevoked => "签名密钥已被吊销，用它签发的文件不再采信。请向签发机构换领。",
            Reason::Altered => "签名与内容不符：文件在签发后被改动，或签名系伪造。",
            Reason::OtherIssuer => "文件所称签发机构与密钥登记的机构不一致。",
            Reason::OutsideKeyPeriod => "签发时间不在签名密钥的有效期内。",
            Reason::IssuedInFuture => "签发时间晚于当前时间。请检查本机时钟；时钟无误则文件不可采信。",
            Reason::NotYetValid => "签名有效，但尚未到生效日期。",
            Reason::Expired => "签名有效，但有效期已过。",
        }
    }

    pub fn en(self) -> &'static str {
        match self {
            Reason::Valid => {
                "The signature is good, nothing was changed since issue, and the document is within its period."
            }
            Reason::Malformed => "This is not a complete signed document. Use the file as it was issued.",
            Reason::UnknownFormat => {
                "The version of this file's format is not known here. Update the verifier."
            }
            Reason::NotCanonical => {
                "The file was reformatted or saved anew and is no longer the issued one byte for byte. Use the original."
            }
            Reason::Inconsistent => "Parts of the file contradict each other, so it cannot be relied on.",
            Reason::UnknownKey => {
                "The signing key is not among the trusted issuers, so nobody knows who issued this."
            }
            Reason::KeyRevoked => {
                "The signing key was revoked and nothing signed with it counts. Ask for a new copy."
            }
            Reason::Altered => {
                "Signature and content do not match: the file was changed after issue, or forged."
            }
            Reason::OtherIssuer => "The issuer named in the file is not the one that the key belongs to.",
            Reason::OutsideKeyPeriod => "The document was issued outside the period of its signing key.",
            Reason::IssuedInFuture => {
                "The time of issue lies in the future. Check this machine's clock; if it is right, do not rely on the file."
            }
            Reason::NotYetValid => "The signature is good, but the document is not in force yet.",
            Reason::Expired => "The signature is good, but the document has expired.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_has_its_own_code_and_texts() {
        for (at, reason) in Reason::ALL.into_iter().enumerate() {
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.code());
            for other in &Reason::ALL[..at] {
                assert!(
                    reason.code() != other.code() && reason.zh() != other.zh() && reason.en() != other.en()
                );
            }
        }
    }
}
