//! What an audit finds, in words.

use store::Finding;

use crate::lang::says;

/// A finding as it is printed.
pub fn told(finding: &Finding) -> String {
    says(in_chinese(finding), finding.to_string())
}

fn in_chinese(finding: &Finding) -> String {
    match finding {
        Finding::Unreadable { position, what } => format!("位置 {position} 读不出来：{what}"),
        Finding::ChainBroken { stream, version, position } => {
            format!("{stream} 的第 {version} 条（位置 {position}）与它的链对不上")
        }
        Finding::VersionOutOfOrder { stream, expected, found, position } => {
            format!("{stream} 在位置 {position} 应当是第 {expected} 条，却是第 {found} 条")
        }
        Finding::HeadDiffers { stream } => format!("{stream} 记下的末尾不是它最后一个事件"),
        Finding::CheckpointOutOfOrder { number } => format!("校验点 {number} 与前面的校验点接不上"),
        Finding::CheckpointNotSigned { number, key_id } => {
            format!("校验点 {number} 不是用密钥 {key_id} 签的")
        }
        Finding::CheckpointDiffers { number } => format!("记录与校验点 {number} 签下的不一样"),
        Finding::JournalCutOff { number, position } => {
            format!("记录到位置 {position} 就没有了，还没到校验点 {number}")
        }
        Finding::VaultDiffers { key } => format!("{key} 的内容被改过，或者换成了别的"),
        Finding::VaultMissing { key, position } => {
            format!("{key} 不见了：位置 {position} 的事件说它在")
        }
        Finding::VaultErasedUnsaid { key } => format!("{key} 的内容被清除，记录里没有这次清除"),
        Finding::VaultUnsaid { key } => format!("{key} 不是任何事件存进去的"),
        Finding::EditionMissing { hash, position } => {
            format!("版本 {hash} 不见了：位置 {position} 的事件用到它")
        }
        Finding::EditionDiffers { hash } => format!("版本 {hash} 的内容被改过"),
        // The adapter's own words, and what a later version may find.
        other => other.to_string(),
    }
}
