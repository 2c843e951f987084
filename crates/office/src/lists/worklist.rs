//! Worklists: what waits for somebody, by due date.

use store::{Condition, Cursor, ViewQuery};

use crate::account::Viewer;
use crate::error::{OfficeError, Result};
use crate::office::Office;
use crate::views;
use crate::views::tasks::TaskRow;

/// Which tasks to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorklistFilter {
    /// One of the viewer's roles; all of them when none is given.
    pub role: Option<String>,
    pub item: Option<String>,
    pub colour: Option<String>,
    /// Only what the viewer has taken.
    pub mine: bool,
}

/// A page of a worklist, earliest due first.
#[derive(Clone, Debug, Default)]
pub struct Worklist {
    /// Tasks, with the applicant as lists name them.
    pub tasks: Vec<(TaskRow, String)>,
    pub next: Option<Cursor>,
}

impl Office {
    pub async fn worklist(
        &self,
        filter: &WorklistFilter,
        limit: u32,
        after: Option<Cursor>,
        by: &Viewer,
    ) -> Result<Worklist> {
        if !by.is_officer() {
            return Err(OfficeError::Denied);
        }
        let mut roles: Vec<&str> = by.roles.iter().map(|role| role.as_str()).collect();
        if let Some(role) = &filter.role {
            roles.retain(|held| held == role);
        }
        if roles.is_empty() {
            return Ok(Worklist::default());
        }
        let roles = match roles.as_slice() {
            [role] => Condition::eq("role", *role),
            roles => Condition::is_in("role", roles.iter().copied()),
        };
        let mut query =
            ViewQuery::new(views::tasks::TABLE).filter(roles).ascending("due_at").limit(limit).after(after);
        let today = self.limits_today();
        if let Some(item) = &filter.item {
            query = query.filter(Condition::eq("item", item.as_str()));
        }
        if let Some(colour) = &filter.colour {
            query = today.conditions(colour).into_iter().fold(query, ViewQuery::filter);
        }
        if filter.mine {
            query = query.filter(Condition::eq("claimed_by", by.id.to_string()));
        }
        let page = self.store().view_rows(query).await?;
        let mut tasks = Vec::with_capacity(page.rows.len());
        for task in page.rows.iter().filter_map(views::tasks::read) {
            let task = TaskRow { colour: today.state(task.colour, task.due_at), ..task };
            let applicant = self.applicant_shown(task.case).await?;
            tasks.push((task, applicant));
        }
        Ok(Worklist { tasks, next: page.next })
    }
}
