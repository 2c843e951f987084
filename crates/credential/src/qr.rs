//! QR codes as inline SVG.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode, Version};

/// The largest version: larger codes do not scan reliably from a stamp-sized print on folded paper.
const MAX_VERSION: i16 = 15;

/// The blank margin that scanners need, in modules (ISO/IEC 18004).
const QUIET_ZONE: usize = 4;

/// The text is too long for a code that still scans.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{bytes} bytes do not fit a QR code of version 15")]
pub struct QrFault {
    pub bytes: usize,
}

/// `text` as a QR code: one inline `<svg>` element, black on white whatever the page's colours, with quiet
/// zone, without style sheet, script or size. Error correction M, or L if it does not fit with M.
///
/// # Errors
/// [`QrFault`] when the text does not fit version 15.
pub fn qr_svg(text: &str) -> Result<String, QrFault> {
    let code = [EcLevel::M, EcLevel::L]
        .into_iter()
        .filter_map(|level| QrCode::with_error_correction_level(text, level).ok())
        .find(|code| matches!(code.version(), Version::Normal(version) if version <= MAX_VERSION))
        .ok_or(QrFault { bytes: text.len() })?;
    let width = code.width();
    let side = width + 2 * QUIET_ZONE;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\" \
         role=\"img\" aria-label=\"QR\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path fill=\"#000\" d=\""
    );
    for (row, modules) in code.to_colors().chunks(width).enumerate() {
        let mut column = 0;
        for run in modules.chunk_by(|left, right| left == right) {
            if run[0] == Color::Dark {
                let (x, y, length) = (column + QUIET_ZONE, row + QUIET_ZONE, run.len());
                write!(svg, "M{x} {y}h{length}v1h-{length}z").expect("writing to a String cannot fail");
            }
            column += run.len();
        }
    }
    svg.push_str("\"/></svg>");
    Ok(svg)
}
