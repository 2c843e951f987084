//! Small sample papers: real files that every reader opens.

use office::{Attachment, By, Office, OfficeError};

/// The largest sample paper, in bytes.
const BYTES_MAX: u64 = 64 * 1024;

/// Uploads one of the sample papers.
pub(crate) async fn upload(office: &Office, number: usize, by: By<'_>) -> Result<Attachment, OfficeError> {
    let mut upload = office.begin_upload(BYTES_MAX, by).await?;
    upload.write(&pdf(&format!("Demonstration paper {number}"))).await?;
    office.finish_upload(upload, &format!("材料{number}.pdf"), by).await
}

/// A PDF of one A4 page with one line of Latin text.
pub(crate) fn pdf(line: &str) -> Vec<u8> {
    use std::fmt::Write as _;
    let line: String = line.chars().filter(|c| c.is_ascii_alphanumeric() || *c == ' ').collect();
    let content = format!("BT /F1 18 Tf 72 760 Td ({line}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut text = String::from("%PDF-1.4\n");
    let mut places = Vec::with_capacity(objects.len());
    for (number, object) in objects.iter().enumerate() {
        places.push(text.len());
        let _ = write!(text, "{} 0 obj\n{object}\nendobj\n", number + 1);
    }
    let table = text.len();
    let _ = write!(text, "xref\n0 {}\n0000000000 65535 f \n", places.len() + 1);
    for place in &places {
        let _ = writeln!(text, "{place:010} 00000 n ");
    }
    let size = places.len() + 1;
    let _ = write!(text, "trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_a_paper_points_at_its_objects() {
        let bytes = pdf("Hello (world)");
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(office::sniff(text.as_bytes()), Some("application/pdf"));
        let start: usize =
            text.rsplit("startxref\n").next().unwrap().lines().next().unwrap().parse().unwrap();
        assert!(text[start..].starts_with("xref\n"));
        let places: Vec<usize> =
            text[start..].lines().skip(3).take(5).map(|line| line[..10].parse().unwrap()).collect();
        for (number, place) in places.iter().enumerate() {
            assert!(text[*place..].starts_with(&format!("{} 0 obj", number + 1)), "{number}");
        }
    }
}
