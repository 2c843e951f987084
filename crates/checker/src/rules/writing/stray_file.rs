//! Y022 · 没有用到的文件 / A file that nothing reads
//!
//! 这个 YAML 文件不在约定的位置，检查和运行时都不会读它。常见原因：文件夹名拼错，扩展名写成 yml，
//! 或者 `items/名称.yaml` 没有放进自己的文件夹。
//!
//! ---
//!
//! This YAML file is not where packs keep anything, so nothing reads it: a folder is misspelt, the extension is yml, or
//! `items/NAME.yaml` is not in a folder of its own.

use diagnostic::Code;

use crate::finding::{Finding, Place};

pub const CODE: Code = Code("Y022");

pub fn finding(path: &str, meant: Option<&str>) -> Finding {
    let at = Place::bytes(path.into(), 0..0);
    let found =
        Finding::warning(CODE, at, format!("没有什么会读“{path}”"), format!("nothing reads “{path}”"));
    match meant {
        Some(meant) => found.help(format!("是不是应当叫“{meant}”？"), format!("should it be “{meant}”?")),
        None => found.help(
            "事项包的文件：zone.yaml，fields/、materials/、registries/、calendars/ 里的 *.yaml，items/名称/item.yaml，things/名称/thing.yaml",
            "a pack has zone.yaml, *.yaml in fields/, materials/, registries/ and calendars/, items/NAME/item.yaml and things/NAME/thing.yaml",
        ),
    }
}
