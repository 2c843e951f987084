//! Y018 · 代码的校验位不对 / Invalid code
//!
//! 统一社会信用代码（GB 32100）、行政区划代码、实施编码带有校验或固定结构，写错一位就通不过。请对照证书重新抄录。
//!
//! ---
//!
//! Credit codes (GB 32100), region codes and implementation codes have check digits or a fixed form. Copy it again from
//! the certificate.

use diagnostic::{Bilingual, Code};

use crate::finding::{Finding, Place};

pub const CODE: Code = Code("Y018");

pub fn finding(at: Place, text: &str, why: &Bilingual) -> Finding {
    Finding::error(
        CODE,
        at,
        format!("代码“{text}”不对：{}", why.zh),
        format!("the code “{text}” is wrong: {}", why.en),
    )
}
