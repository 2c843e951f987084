//! Papers that somebody brings to an officer.

use casework::MatterState;
use catalogue::MaterialId;
use uuid::Uuid;

use crate::case::{Act, LoadedCase, OpenedCase, Shown};
use crate::draft::Attachment;
use crate::error::{OfficeError, Result};
use crate::office::Office;

impl Office {
    /// Keeps a paper that came to an officer, and does to the case what its coming means. Where nothing waits for it, it only
    /// joins the papers of the case.
    pub async fn receive_paper(
        &self,
        opened: &OpenedCase<'_>,
        paper: MaterialId,
        mut attachment: Attachment,
        command: Option<Uuid>,
    ) -> Result<()> {
        if opened.edition.material(&paper).is_none() {
            return Err(OfficeError::NotFound);
        }
        attachment.material = Some(paper.clone());
        self.add_case_file(opened.id, attachment, opened.by).await?;
        let files = self.files_of(opened).await?;
        match self.act(opened.id, follow_up(opened, &files, &paper), opened.by, command).await {
            Ok(_) | Err(OfficeError::Refused(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// Which matter waits for the paper, and what its arrival is. A correction is supplied whole: once the last paper that
/// was asked for has come. Answers are for the applicant to correct.
fn follow_up(loaded: &LoadedCase, files: &[Attachment], paper: &MaterialId) -> Act {
    let materials = vec![paper.clone()];
    for matter in loaded.case.matters.iter().filter(|matter| !matter.state.is_over()) {
        let item = matter.item.clone();
        if matter.plan.gaps().any(|gap| gap == paper) {
            return Act::CloseGap { item, materials };
        }
        let Some(asked) = matter.correction.as_ref().filter(|_| matter.state == MatterState::Correcting)
        else {
            continue;
        };
        let came = |wanted| {
            files.iter().any(|file| file.material.as_ref() == Some(wanted) && file.at > asked.asked_at)
        };
        let points = &asked.points;
        if points.fields.is_empty() && points.materials.contains(paper) && points.materials.iter().all(came) {
            let names: Vec<&str> = points
                .materials
                .iter()
                .filter_map(|id| Some(loaded.edition.material(id)?.title.zh.as_str()))
                .collect();
            let note = names.join("、");
            let act = Act::SupplyCorrection { item, materials: points.materials.clone(), answers: None };
            return Act::ForApplicant { act: Box::new(act), proof: Shown::PapersBrought, note };
        }
    }
    Act::AddMaterials { materials }
}
