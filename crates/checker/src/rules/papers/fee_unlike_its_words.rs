//! Y322 · 收费和依据写的不一样 / A fee unlike its words
//!
//! 收费依据（或者名称）里写了多少元，amount 却是另一个数，比如把元写成了分：申请人会被要求缴错的钱。amount 的单位是元。
//!
//! ---
//!
//! The basis of a fee, or its title, states yuan and `amount` is another number, as when it was written in fen: people would be asked to pay
//! the wrong sum. `amount` is in yuan.

use crate::rules::figures::figures;
use crate::rules::kit::*;

pub const CODE: Code = Code("Y322");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if !item.is_sound(&["fees"]) {
        return;
    }
    for fee in item.item.fees.values() {
        let says = fee.basis.says.as_ref().map(|says| says.zh.as_str());
        let texts = says.into_iter().chain([fee.title.zh.as_str()]);
        let stated: Vec<_> = texts
            .flat_map(figures)
            .filter(|(_, rest)| rest.starts_with('元') || rest.starts_with("块钱"))
            .map(|(number, _)| number)
            .collect();
        if stated.is_empty() || stated.contains(&fee.amount) {
            continue;
        }
        let numbers: Vec<String> = stated.iter().map(ToString::to_string).collect();
        out.push(
            Finding::warning(
                CODE,
                item.at("fees").key(&fee.id).key("amount"),
                format!("“{}”收 {} 元，它的依据或者名称写的是 {} 元", fee.id, fee.amount, numbers.join("、")),
                format!("“{}” is {} yuan, its basis or title says {}", fee.id, fee.amount, numbers.join(", ")),
            )
            .help("amount 的单位是元；对照依据改", "`amount` is in yuan; compare with the basis"),
        );
    }
}
