//! Who may open which page: every route against every kind of person. A new route is added here with its line.

#![allow(clippy::unwrap_used, reason = "a test that meets something else than it expects stops there")]

mod desk_filing;
mod support;

use desk_filing::{TAKE_AWAY, file, id};
use office::{Act, By, CameFrom, Standing, StartDraft};
use support::{Actor, Site};

/// In the order of the columns below.
const PEOPLE: [&str; 11] = [
    "guest",
    "applicant",
    "other applicant",
    "other department",
    "officer",
    "window clerk",
    "head",
    "administrator",
    "system administrator",
    "security administrator",
    "audit administrator",
];

/// `200` shown, `303` sent to sign in (or elsewhere), `403` not theirs, `404` no such thing for them. Writes are sent with
/// nothing filled in, so that whoever may do them is told what is missing (`4xx` other than 403 and 404) or sent on.
#[rustfmt::skip]
const MATRIX: &[(&str, &str, [u16; 11])] = &[
    // method, route                                     guest appl  other dept  offi  clerk head  admin sys  sec  audit
    ("GET",  "/",                                        [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET",  "/search?q=店",                             [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET",  "/things/开办餐饮店",                        [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET",  "/things/没有",                              [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",  "/items/食品经营许可",                        [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET",  "/sign-in",                                 [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET",  "/sign-in/code",                            [303, 303, 303, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("POST", "/sign-in/code code=123456",                [303, 303, 303, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("GET",  "/sign-in/enrol",                           [303, 303, 303, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("POST", "/sign-in/enrol code=123456",               [303, 303, 303, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("GET",  "/sign-in/openid",                          [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",  "/sign-in/openid/back",                     [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/admin/accounts/{account}/identity code=1", [303, 403, 403, 403, 403, 403, 403, 422, 403, 422, 403]),
    ("POST", "/admin/accounts/{account}/identity/end",   [303, 403, 403, 403, 403, 403, 403, 303, 403, 303, 403]),
    ("GET",  "/sign-in/password",                        [303, 303, 303, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("POST", "/sign-in/password password=long+enough+9", [303, 303, 303, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("POST", "/my/account/password old=1",               [303, 422, 422, 422, 422, 422, 422, 422, 422, 422, 422]),
    ("GET",  "/my/account",                              [303, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("POST", "/my/account/sessions end=others",          [303, 303, 303, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("POST", "/my/account/sessions end=0",               [303, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/my/account/factor code=1",                [303, 403, 403, 422, 422, 422, 422, 422, 422, 422, 422]),
    ("POST", "/my/account/factor/drop code=1",           [303, 403, 403, 422, 422, 422, 422, 422, 422, 422, 422]),
    ("GET",  "/register",                                [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET",  "/health",                                  [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET",  "/ready",                                   [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET",  "/nowhere",                                 [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",  "/drafts/{draft}",                          [404, 200, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",  "/cases/{number}",                          [303, 200, 303, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("GET",  "/cases/{number}/notices/accepted-{place}", [404, 200, 404, 403, 200, 200, 200, 404, 404, 404, 404]),
    ("GET",  "/cases/{number}/notices/accepted-{place}/file", [404, 200, 404, 403, 200, 200, 200, 404, 404, 404, 404]),
    ("GET",  "/cases/{number}/notices/refused-0",        [404, 404, 404, 403, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",  "/cases/{number}/traces",                   [404, 200, 404, 403, 200, 200, 200, 404, 404, 404, 404]),

    ("GET",  "/window",                                  [303, 403, 403, 403, 403, 200, 403, 403, 403, 403, 403]),
    ("POST", "/window/resume",                           [303, 403, 403, 403, 403, 422, 403, 403, 403, 403, 403]),
    ("POST", "/window/start",                            [303, 403, 403, 403, 403, 422, 403, 403, 403, 403, 403]),
    ("GET",  "/desk/moved",                              [303, 403, 403, 200, 200, 200, 200, 403, 403, 403, 403]),
    ("GET",  "/desk/cases/{number}/items/{item}/correct", [303, 403, 403, 403, 303, 303, 303, 403, 403, 403, 403]),
    ("POST", "/desk/cases/{number}/items/{item}/correct", [303, 403, 403, 403, 404, 404, 404, 403, 403, 403, 403]),
    ("GET",  "/desk/cases/{number}/receipt",             [303, 403, 403, 403, 403, 200, 403, 403, 403, 403, 403]),
    ("POST", "/desk/cases/{number}/receipt",             [303, 403, 403, 403, 403, 422, 403, 403, 403, 403, 403]),

    ("GET",  "/hall",                                    [303, 303, 303, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("GET",  "/hall/政务服务大厅",                         [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET",  "/hall/没有",                                [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/hall/政务服务大厅/take",                    [422, 422, 422, 422, 422, 422, 422, 422, 422, 422, 422]),
    ("GET",  "/t/00000000000000000000",                  [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/t/00000000000000000000/come",             [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/t/00000000000000000000/leave",            [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/t/00000000000000000000/rate",             [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",  "/kiosk/政务服务大厅",                        [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("POST", "/kiosk/政务服务大厅",                        [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET",  "/kiosk/政务服务大厅/slip/00000000000000000000", [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",  "/wall/政务服务大厅",                         [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET",  "/live/没有",                                [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",  "/book/政务服务大厅",                         [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("POST", "/book/政务服务大厅",                         [422, 422, 422, 422, 422, 422, 422, 422, 422, 422, 422]),
    ("GET",  "/a/2222222222",                            [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/a/2222222222/move",                       [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/a/2222222222/cancel",                     [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/a/2222222222/check-in",                   [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",  "/a/2222222222/visit.ics",                  [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",  "/specialists",                             [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET",  "/floor",                                   [303, 403, 403, 403, 403, 403, 303, 403, 403, 403, 403]),
    ("GET",  "/floor/政务服务大厅",                        [303, 403, 403, 403, 403, 403, 200, 403, 403, 403, 403]),
    ("POST", "/floor/政务服务大厅/act",                    [303, 403, 403, 403, 403, 403, 400, 403, 403, 403, 403]),
    ("GET",  "/floor/政务服务大厅/what-if",                [303, 403, 403, 403, 403, 403, 200, 403, 403, 403, 403]),
    ("GET",  "/floor/政务服务大厅/numbers",                [303, 403, 403, 403, 403, 403, 200, 403, 403, 403, 403]),
    ("GET",  "/floor/政务服务大厅/numbers.xlsx",           [303, 403, 403, 403, 403, 403, 200, 403, 403, 403, 403]),
    ("GET",  "/floor/政务服务大厅/numbers.csv",            [303, 403, 403, 403, 403, 403, 200, 403, 403, 403, 403]),
    ("GET",  "/floor/政务服务大厅/tickets",                [303, 403, 403, 403, 403, 403, 200, 403, 403, 403, 403]),
    ("GET",  "/floor/政务服务大厅/tickets.xlsx",           [303, 403, 403, 403, 403, 403, 200, 403, 403, 403, 403]),
    ("GET",  "/floor/政务服务大厅/tickets.csv",            [303, 403, 403, 403, 403, 403, 200, 403, 403, 403, 403]),
    ("POST", "/window/hall",                             [303, 403, 403, 403, 403, 400, 403, 403, 403, 403, 403]),

    ("GET",  "/desk",                                    [303, 403, 403, 200, 200, 200, 200, 403, 403, 403, 403]),
    ("GET",  "/desk/worklist.csv",                       [303, 403, 403, 200, 200, 200, 200, 403, 403, 403, 403]),
    ("GET",  "/desk/worklist.xlsx",                      [303, 403, 403, 200, 200, 200, 200, 403, 403, 403, 403]),
    ("GET",  "/desk/cases",                              [303, 403, 403, 200, 200, 200, 200, 403, 403, 403, 403]),
    ("GET",  "/desk/cases.csv",                          [303, 403, 403, 200, 200, 200, 200, 403, 403, 403, 403]),
    ("GET",  "/desk/cases.xlsx",                         [303, 403, 403, 200, 200, 200, 200, 403, 403, 403, 403]),
    ("GET",  "/desk/cases/{number}",                     [303, 403, 403, 403, 200, 200, 200, 403, 403, 403, 403]),
    ("GET",  "/desk/cases/2026-000000-0",                [303, 403, 403, 404, 404, 404, 404, 403, 403, 403, 403]),
    ("GET",  "/desk/cases/{number}/files/{digest}",      [303, 403, 403, 403, 200, 200, 200, 403, 403, 403, 403]),
    ("POST", "/desk/cases/{number}/act",                 [303, 403, 403, 403, 400, 400, 400, 403, 403, 403, 403]),
    ("POST", "/desk/cases/{number}/act act=accept",      [303, 403, 403, 403, 422, 422, 422, 403, 403, 403, 403]),
    ("POST", "/desk/cases/{number}/reveal",              [303, 403, 403, 403, 422, 422, 422, 403, 403, 403, 403]),
    ("POST", "/desk/cases/{number}/original",            [303, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403]),

    ("GET",  "/admin/accounts",                          [303, 403, 403, 403, 403, 403, 403, 200, 200, 200, 200]),
    ("POST", "/admin/accounts",                          [303, 403, 403, 403, 403, 403, 403, 422, 422, 403, 403]),
    ("GET",  "/admin/accounts/{account}",                [303, 403, 403, 403, 403, 403, 403, 200, 200, 200, 200]),
    ("GET",  "/admin/accounts/not-an-id",                [303, 403, 403, 403, 403, 403, 403, 404, 404, 404, 404]),
    ("POST", "/admin/accounts/{account}/roles",          [303, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("POST", "/admin/accounts/{account}/password",       [303, 403, 403, 403, 403, 403, 403, 422, 422, 403, 403]),
    ("POST", "/admin/accounts/{account}/second-factor",  [303, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("POST", "/admin/accounts/{account}/standing open=yes", [303, 403, 403, 403, 403, 403, 403, 303, 303, 403, 403]),
    ("POST", "/admin/accounts/{account}/duty duty=audit", [303, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("GET",  "/admin/keeping",                           [303, 403, 403, 403, 403, 403, 403, 200, 403, 403, 200]),
    ("POST", "/admin/keeping",                           [303, 403, 403, 403, 403, 403, 403, 422, 403, 403, 422]),
    ("POST", "/admin/keeping/lift case=1",               [303, 403, 403, 403, 403, 403, 403, 404, 403, 403, 404]),
    ("POST", "/admin/keeping/unrestrict case=1",         [303, 403, 403, 403, 403, 403, 403, 404, 403, 403, 404]),
    ("GET",  "/admin/trail",                             [303, 403, 403, 403, 403, 403, 403, 200, 403, 403, 200]),
    ("GET",  "/admin/trail.csv",                         [303, 403, 403, 403, 403, 403, 403, 200, 403, 403, 200]),
    ("GET",  "/admin/trail.xlsx",                        [303, 403, 403, 403, 403, 403, 403, 200, 403, 403, 200]),
    ("GET",  "/admin/forget",                            [303, 403, 403, 403, 403, 403, 403, 200, 403, 200, 200]),
    ("POST", "/admin/forget",                            [303, 403, 403, 403, 403, 403, 403, 422, 403, 422, 403]),
    ("GET",  "/admin/pack",                              [303, 403, 403, 403, 403, 403, 403, 200, 200, 403, 403]),
    ("GET",  "/admin/pack?check=current",                [303, 403, 403, 403, 403, 403, 403, 200, 200, 403, 403]),
    ("POST", "/admin/pack/publish",                      [303, 403, 403, 403, 403, 403, 403, 303, 303, 403, 403]),
    ("POST", "/admin/pack/discard",                      [303, 403, 403, 403, 403, 403, 403, 303, 303, 403, 403]),
    ("GET",  "/admin/webhooks",                          [303, 403, 403, 403, 403, 403, 403, 200, 200, 403, 403]),
    ("POST", "/admin/webhooks",                          [303, 403, 403, 403, 403, 403, 403, 422, 422, 403, 403]),
    ("GET",  "/admin/webhooks/not-an-id",                [303, 403, 403, 403, 403, 403, 403, 404, 404, 403, 403]),
    ("POST", "/admin/webhooks/not-an-id/standing",       [303, 403, 403, 403, 403, 403, 403, 404, 404, 403, 403]),
    ("POST", "/admin/webhooks/not-an-id/remove",         [303, 403, 403, 403, 403, 403, 403, 404, 404, 403, 403]),
    ("POST", "/admin/webhooks/not-an-id/again after=0",  [303, 403, 403, 403, 403, 403, 403, 404, 404, 403, 403]),
    ("GET",  "/admin/rules",                             [303, 403, 403, 403, 403, 403, 403, 200, 200, 403, 403]),
    ("GET",  "/admin/rules/{rule}",                      [303, 403, 403, 403, 403, 403, 403, 200, 200, 403, 403]),
    ("GET",  "/my/account/tokens",                       [303, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("POST", "/my/account/tokens",                       [303, 422, 422, 422, 422, 422, 422, 422, 422, 422, 422]),
    ("POST", "/my/account/tokens/revoke",                [303, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",  "/api",                                     [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/language",                                [303, 303, 303, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("GET",  "/my",                                      [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("POST", "/my/adopt",                                [303, 303, 303, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("GET",  "/my/leave",                                [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("POST", "/my/leave",                                [303, 303, 303, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("POST", "/sign-out",                                [303, 303, 303, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("GET",  "/track",                                   [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET",  "/resume",                                  [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET",  "/feedback",                                [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET",  "/v",                                       [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET",  "/v/keys",                                  [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET",  "/v/status",                                [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET",  "/v/没有",                                   [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/drafts",                                  [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",  "/drafts/{draft}/s/~situation",             [404, 200, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/drafts/{draft}/papers",                   [400, 400, 400, 400, 400, 400, 400, 400, 400, 400, 400]),
    ("POST", "/drafts/{draft}/autosave",                 [404, 200, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",  "/drafts/{draft}/check",                    [404, 200, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/drafts/{draft}/code",                     [404, 200, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/drafts/{draft}/detach",                   [404, 303, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",  "/drafts/{draft}/files/{digest}",           [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",  "/drafts/{draft}/answer-file/没有",           [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/drafts/{draft}/party party=natural",      [404, 303, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",  "/drafts/{draft}/papers",                   [404, 200, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/drafts/{draft}/papers/设备布局和操作流程图", [400, 400, 400, 400, 400, 400, 400, 400, 400, 400, 400]),
    ("POST", "/drafts/{draft}/submit",                   [404, 422, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",  "/cases/{number}/due.ics",                  [404, 200, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",  "/cases/{number}/visits/食品经营许可/现场核查/visit.ics", [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",  "/cases/{number}/answers",                  [404, 200, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",  "/cases/{number}/number",                   [404, 200, 404, 404, 404, 303, 404, 404, 404, 404, 404]),
    ("GET",  "/cases/{number}/files/{digest}",           [404, 200, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",  "/cases/{number}/results/没有",              [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",  "/cases/{number}/results/没有/file",         [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/cases/{number}/correction/食品经营许可",     [400, 400, 400, 400, 400, 400, 400, 400, 400, 400, 400]),
    ("POST", "/cases/{number}/gap/食品经营许可",            [400, 400, 400, 400, 400, 400, 400, 400, 400, 400, 400]),
    ("GET",  "/cases/{number}/agents",                   [404, 200, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/cases/{number}/agents",                   [404, 422, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/cases/{number}/agents/end agent={account}", [404, 303, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",  "/drafts/{draft}/agents",                   [404, 200, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/drafts/{draft}/agents",                   [404, 422, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/drafts/{draft}/agents/end agent={account}", [404, 303, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/cases/{number}/message",                  [404, 422, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/cases/{number}/visit",                    [404, 422, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/drafts/{draft}/delete",                   [404, 303, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/cases/{number}/object",                   [404, 422, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/cases/{number}/rate",                     [404, 422, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/cases/{number}/step",                     [404, 400, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/cases/{number}/undo",                     [404, 400, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/cases/{number}/withdraw",                 [404, 303, 404, 404, 404, 404, 404, 404, 404, 404, 404]),

    ("POST", "/desk/cases/{number}/papers",              [303, 403, 403, 403, 400, 400, 400, 403, 403, 403, 403]),
    ("POST", "/admin/pack/upload",                       [303, 403, 403, 403, 403, 403, 403, 400, 400, 403, 403]),

    ("GET",  "/zone",                                    [303, 403, 403, 403, 403, 403, 200, 200, 403, 403, 200]),
    ("GET",  "/zone/cases?what=received",                [303, 403, 403, 403, 403, 403, 200, 200, 403, 403, 200]),
    ("GET",  "/zone/export.csv",                         [303, 403, 403, 403, 403, 403, 200, 200, 403, 403, 200]),
    ("GET",  "/zone/export.xlsx",                        [303, 403, 403, 403, 403, 403, 200, 200, 403, 403, 200]),
    ("GET",  "/zone/wall",                               [303, 403, 403, 403, 403, 403, 200, 200, 403, 403, 200]),
    ("GET",  "/zone/process",                            [303, 403, 403, 403, 403, 403, 200, 200, 403, 403, 200]),
    ("GET",  "/zone/process/cases",                      [303, 403, 403, 403, 403, 403, 200, 200, 403, 403, 200]),
    ("GET",  "/zone/process/export.csv",                 [303, 403, 403, 403, 403, 403, 200, 200, 403, 403, 200]),
    ("GET",  "/zone/process/export.xlsx",                [303, 403, 403, 403, 403, 403, 200, 200, 403, 403, 200]),
    ("GET",  "/zone/process?log=none",                   [303, 403, 403, 403, 403, 403, 403, 404, 403, 403, 404]),
    ("GET",  "/zone/logs",                               [303, 403, 403, 403, 403, 403, 403, 200, 403, 403, 200]),
    ("POST", "/zone/logs",                               [303, 403, 403, 403, 403, 403, 403, 400, 403, 403, 400]),
    ("POST", "/zone/logs/none/drop",                     [303, 403, 403, 403, 403, 403, 403, 303, 403, 403, 303]),
];

struct Names {
    number: String,
    draft: String,
    digest: String,
    account: String,
    rule: &'static str,
    place: usize,
}

impl Names {
    fn fill(&self, route: &str) -> String {
        route
            .replace("{number}", &self.number)
            .replace("{draft}", &self.draft)
            .replace("{digest}", &self.digest)
            .replace("{account}", &self.account)
            .replace("{rule}", self.rule)
            .replace("{place}", &self.place.to_string())
    }
}

async fn status(
    site: &Site,
    cookies: &std::collections::BTreeMap<String, String>,
    method: &str,
    address: &str,
) -> u16 {
    let mut actor: Actor = site.guest();
    actor.cookies = cookies.clone();
    let (path, body) = address.split_once(' ').unwrap_or((address, ""));
    let pairs: Vec<(&str, &str)> = body.split('&').filter_map(|pair| pair.split_once('=')).collect();
    match method {
        "GET" => actor.get(path).await.status,
        _ => actor.post(path, &pairs).await.status,
    }
}

#[tokio::test]
async fn everybody_opens_what_is_theirs_and_nothing_else() {
    let site = Site::new().await;
    let applicant = site.account("applicant", Standing::Applicant, &[]).await;
    site.account("other", Standing::Applicant, &[]).await;
    site.account("elsewhere", Standing::Officer, &["税务专员"]).await;
    site.account("officer", Standing::Officer, &["审批审查员"]).await;
    let clerk = site.account("clerk", Standing::Officer, &["综合窗口"]).await;
    site.account("head", Standing::Officer, &["审批部负责人"]).await;
    site.account("admin", Standing::Administrator, &[]).await;
    site.account("system", Standing::SystemAdministrator, &[]).await;
    site.account("security", Standing::SecurityAdministrator, &[]).await;
    site.account("auditor", Standing::AuditAdministrator, &[]).await;
    let number = file(&site, By::Viewer(&applicant), "开办餐饮店", &TAKE_AWAY).await;
    let case = id(&site, &number).await;
    site.office.act(case, Act::Accept { item: None }, By::Viewer(&clerk), None).await.unwrap();
    let loaded = site.office.load_case(case).await.unwrap();
    let accepted = |entry: &casework::TimelineEntry| matches!(entry.what, casework::Happening::Accepted);
    let start = StartDraft {
        thing: "开办餐饮店".into(),
        party: None,
        channel: catalogue::Channel::Online,
        came_from: CameFrom::default(),
    };
    let names = Names {
        place: loaded.case.timeline().iter().position(accepted).unwrap(),
        digest: site.office.case_files(case, By::Viewer(&applicant)).await.unwrap()[0].digest.clone(),
        draft: site.office.start_draft(start, By::Viewer(&applicant)).await.unwrap().id.to_string(),
        account: applicant.id.0.to_string(),
        rule: checker::rules()[0].code,
        number,
    };
    let logins = [
        None,
        Some("applicant"),
        Some("other"),
        Some("elsewhere"),
        Some("officer"),
        Some("clerk"),
        Some("head"),
        Some("admin"),
        Some("system"),
        Some("security"),
        Some("auditor"),
    ];
    let mut people = Vec::new();
    for login in logins {
        people.push(match login {
            Some(login) => site.signed_in(login).await.cookies,
            None => Default::default(),
        });
    }
    let mut wrong = Vec::new();
    // Signing out ends a session, so it comes last.
    let mut lines: Vec<_> = MATRIX.iter().collect();
    lines.sort_by_key(|(_, route, _)| *route == "/sign-out");
    for (method, route, expected) in lines {
        let address = names.fill(route);
        let mut actual = [0; PEOPLE.len()];
        for (place, cookies) in people.iter().enumerate() {
            actual[place] = status(&site, cookies, method, &address).await;
        }
        if actual != *expected {
            wrong.push(format!("{method} {route}\n  expected {expected:?}\n  actual   {actual:?}"));
        }
    }
    assert!(wrong.is_empty(), "columns: {PEOPLE:?}\n{}", wrong.join("\n"));
}

/// A route that nobody thought about has no line, and fails here.
#[test]
fn every_route_has_its_line() {
    let routes = support::routes();
    assert!(routes.len() > 40, "the routes were not found: {routes:?}");
    let fits = |pattern: &str, line: &str| {
        let line = line.split(['?', ' ']).next().unwrap_or_default();
        let (pattern, line): (Vec<&str>, Vec<&str>) =
            (pattern.split('/').collect(), line.split('/').collect());
        pattern.len() == line.len()
            && pattern
                .iter()
                .zip(&line)
                .all(|(pattern, line)| pattern.starts_with('{') && !line.is_empty() || pattern == line)
    };
    let missing: Vec<_> = routes
        .iter()
        // Metrics are no page: they are served on an address of their own.
        .filter(|route| !route.starts_with("/assets/") && *route != "/metrics")
        .filter(|route| !MATRIX.iter().any(|(_, line, _)| fits(route, line)))
        .collect();
    assert!(missing.is_empty(), "routes without a line in the matrix: {missing:?}");
}

/// Every route of the router, as it stands in the sources: no other site writes anywhere, by whatever method.
#[tokio::test]
async fn no_other_site_writes_anywhere() {
    let site = Site::new().await;
    site.account("admin", Standing::Administrator, &[]).await;
    let cookies = site.signed_in("admin").await.cookies;
    let routes = support::routes();
    assert!(routes.len() > 100, "the routes were not found: {routes:?}");
    let filled = |route: &String| {
        route
            .split('/')
            .map(|part| if part.starts_with('{') { "x" } else { part })
            .collect::<Vec<_>>()
            .join("/")
    };
    for (address, method) in routes
        .iter()
        .flat_map(|route| ["POST", "PUT", "PATCH", "DELETE"].map(|method| (filled(route), method)))
    {
        for lie in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example"),
            ("origin", "null"),
        ] {
            let mut actor = site.guest();
            actor.cookies = cookies.clone();
            actor.headers.push((lie.0, lie.1.to_owned()));
            let answer = actor.request(method, &address).await;
            assert_eq!(answer.status, 403, "{method} {address} with {lie:?}");
            answer.shows("为了安全");
        }
    }
}
