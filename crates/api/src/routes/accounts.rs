//! One's own account, and for administrators everybody's: accounts and roles.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use office::{AccountId, AccountRow, Duty, NewAccount, OfficeError, Scope, Standing};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::Api;
use crate::ask::{Account, Body, PageOf, Place};
use crate::trouble::Trouble;

pub fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .routes(routes!(me))
        .routes(routes!(accounts, make))
        .routes(routes!(change))
        .routes(routes!(set_password))
        .routes(routes!(reset_factor))
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum StandingView {
    Applicant,
    Officer,
    Administrator,
    SystemAdministrator,
    SecurityAdministrator,
    AuditAdministrator,
}

impl From<Standing> for StandingView {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::Applicant => Self::Applicant,
            Standing::Officer => Self::Officer,
            Standing::Administrator => Self::Administrator,
            Standing::SystemAdministrator => Self::SystemAdministrator,
            Standing::SecurityAdministrator => Self::SecurityAdministrator,
            Standing::AuditAdministrator => Self::AuditAdministrator,
        }
    }
}

/// Whom the token acts for.
#[derive(Debug, Serialize, ToSchema)]
struct Me {
    id: String,
    login: String,
    name: String,
    standing: StandingView,
    roles: Vec<String>,
    /// What the token may be used for.
    scopes: Vec<String>,
}

/// Whom the token acts for, and what it may do
#[utoipa::path(get, path = "/me", tag = "accounts", responses((status = 200, body = Me)))]
async fn me(account: Account) -> Json<Me> {
    let office::Bearer { viewer, scopes } = account.0;
    Json(Me {
        id: viewer.id.to_string(),
        login: viewer.login,
        name: viewer.name,
        standing: viewer.standing.into(),
        roles: viewer.roles.iter().map(ToString::to_string).collect(),
        scopes: scopes.iter().map(|scope| scope.code().to_owned()).collect(),
    })
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
struct AccountView {
    id: String,
    login: String,
    standing: StandingView,
    roles: Vec<String>,
    open: bool,
    second_factor: bool,
}

impl From<AccountRow> for AccountView {
    fn from(row: AccountRow) -> Self {
        Self {
            id: row.id.0.to_string(),
            login: row.login,
            standing: row.standing.into(),
            roles: row.roles.iter().map(ToString::to_string).collect(),
            open: row.open,
            second_factor: row.second_factor,
        }
    }
}

/// All accounts, by login
#[utoipa::path(get, path = "/accounts", tag = "accounts", responses((status = 200, body = PageOf<AccountView>)))]
async fn accounts(State(api): State<Api>, account: Account) -> Result<Json<PageOf<AccountView>>, Trouble> {
    let viewer = account.may(Scope::Accounts)?;
    let rows = api.office.accounts(viewer).await?;
    Ok(Json(PageOf::whole(rows.into_iter().map(AccountView::from).collect())))
}

/// An account to be opened for an officer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AccountAsked {
    #[schema(min_length = 2, max_length = 40)]
    login: String,
    /// The first password, to be handed over in person.
    #[schema(min_length = 8)]
    password: String,
    name: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    roles: Vec<String>,
}

/// Passwords stay out of logs.
impl std::fmt::Debug for AccountAsked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccountAsked").field("roles", &self.roles).finish_non_exhaustive()
    }
}

/// Opens an account for an officer
///
/// For the system administrator; roles are given by the security administrator. The password is a first one: it opens
/// nothing but the choice of another.
#[utoipa::path(post, path = "/accounts", tag = "accounts", request_body = AccountAsked, responses((status = 201, body = AccountView)))]
async fn make(
    State(api): State<Api>,
    account: Account,
    Body(asked): Body<AccountAsked>,
) -> Result<(StatusCode, Json<AccountView>), Trouble> {
    let viewer = account.may(Scope::Accounts)?;
    let new = NewAccount {
        login: asked.login,
        password: asked.password,
        name: asked.name,
        phone: asked.phone,
        standing: Standing::Officer,
        roles: asked.roles.into_iter().map(Into::into).collect(),
    };
    let id = api.office.open_staff_account(new, viewer).await?;
    Ok((StatusCode::CREATED, Json(found(&api, id, viewer).await?)))
}

async fn found(api: &Api, id: AccountId, viewer: &office::Viewer) -> Result<AccountView, Trouble> {
    let rows = api.office.accounts(viewer).await?;
    Ok(rows.into_iter().find(|row| row.id == id).ok_or(OfficeError::NotFound)?.into())
}

/// What is to be different. What is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AccountChange {
    roles: Option<Vec<String>>,
    open: Option<bool>,
    duty: Option<DutyWord>,
}

/// What an administrator answers for; each account at most one.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum DutyWord {
    System,
    Security,
    Audit,
    None,
}

/// Gives an account other roles or a duty, closes it or opens it again
///
/// Sessions and tokens of the account end with other roles and when it is closed.
#[utoipa::path(patch, path = "/accounts/{account}", tag = "accounts", params(("account" = String, Path)), request_body = AccountChange, responses((status = 200, body = AccountView)))]
async fn change(
    State(api): State<Api>,
    account: Account,
    Place(id): Place<String>,
    Body(asked): Body<AccountChange>,
) -> Result<Json<AccountView>, Trouble> {
    let viewer = account.may(Scope::Accounts)?;
    if !viewer.has_any_duty() {
        return Err(OfficeError::Denied.into());
    }
    let id = account_id(&id)?;
    found(&api, id, viewer).await?;
    if let Some(roles) = asked.roles {
        api.office.set_roles(id, roles.into_iter().map(Into::into).collect(), viewer).await?;
    }
    if let Some(duty) = asked.duty {
        let duty = match duty {
            DutyWord::System => Some(Duty::System),
            DutyWord::Security => Some(Duty::Security),
            DutyWord::Audit => Some(Duty::Audit),
            DutyWord::None => None,
        };
        api.office.set_duty(id, duty, viewer).await?;
    }
    if let Some(open) = asked.open {
        api.office.set_account_open(id, open, viewer).await?;
    }
    Ok(Json(found(&api, id, viewer).await?))
}

fn account_id(text: &str) -> Result<AccountId, Trouble> {
    text.parse().map_err(|_| OfficeError::NotFound.into())
}

/// A first password, to be handed over in person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordAsked {
    #[schema(min_length = 8)]
    password: String,
}

/// Passwords stay out of logs.
impl std::fmt::Debug for PasswordAsked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PasswordAsked").finish_non_exhaustive()
    }
}

/// Gives an account a first password again, for the system administrator
///
/// Sessions and tokens of the account end. It opens nothing but the choice of another.
#[utoipa::path(post, path = "/accounts/{account}/password", tag = "accounts", params(("account" = String, Path)), request_body = PasswordAsked, responses((status = 200, body = AccountView)))]
async fn set_password(
    State(api): State<Api>,
    account: Account,
    Place(id): Place<String>,
    Body(asked): Body<PasswordAsked>,
) -> Result<Json<AccountView>, Trouble> {
    let viewer = account.on_duty(Scope::Accounts, Duty::System)?;
    let id = account_id(&id)?;
    api.office.reset_password(id, &asked.password, viewer).await?;
    Ok(Json(found(&api, id, viewer).await?))
}

/// Takes away a second factor that was lost, for the security administrator
#[utoipa::path(delete, path = "/accounts/{account}/second-factor", tag = "accounts", params(("account" = String, Path)), responses((status = 200, body = AccountView)))]
async fn reset_factor(
    State(api): State<Api>,
    account: Account,
    Place(id): Place<String>,
) -> Result<Json<AccountView>, Trouble> {
    let viewer = account.on_duty(Scope::Accounts, Duty::Security)?;
    let id = account_id(&id)?;
    api.office.reset_factor(id, viewer).await?;
    Ok(Json(found(&api, id, viewer).await?))
}
