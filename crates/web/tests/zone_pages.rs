//! A leader reads the report, and every figure opens what it counts.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../../office/tests/support/mod.rs"]
mod zone;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use catalogue::{RoleId, RoleRank};
use office::Standing;
use tower::ServiceExt as _;
use web::{App, Settings};
use zone::Zone;

const PASSWORD: &str = "long enough 8";

struct Reader {
    router: Router,
    cookie: String,
}

struct Answer {
    status: u16,
    kind: String,
    bytes: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

impl Reader {
    async fn of(zone: &Zone, login: &str, standing: Standing, roles: Vec<RoleId>) -> Self {
        zone.account(login, standing, roles).await;
        let (token, _) = zone.office.sign_in(login, PASSWORD).await.unwrap();
        Self { router: site(zone), cookie: format!("yc_session={}", token.0) }
    }

    async fn get(&self, path: &str) -> Answer {
        let request = Request::get(path).header(header::COOKIE, &self.cookie).body(Body::empty()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let kind = response.headers().get(header::CONTENT_TYPE).map(|kind| kind.to_str().unwrap().to_owned());
        let (status, kind) = (response.status().as_u16(), kind.unwrap_or_default());
        Answer { status, kind, bytes: to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec() }
    }
}

fn site(zone: &Zone) -> Router {
    web::router(App { office: zone.office.clone(), settings: Arc::new(Settings::default()) })
}

fn roles(zone: &Zone, rank: RoleRank) -> Vec<RoleId> {
    let edition = zone.office.edition();
    edition.parts().roles.values().filter(|role| role.rank == rank).map(|role| role.id.clone()).collect()
}

/// Address and text of every link to the cases behind a figure.
fn figures(page: &str) -> Vec<(String, u64)> {
    let links = page.split("href=\"").skip(1).filter(|rest| rest.starts_with("/zone/cases?"));
    links
        .map(|rest| {
            let (address, rest) = rest.split_once('"').unwrap();
            let text = rest.split_once('>').unwrap().1.split('<').next().unwrap();
            (address.replace("&amp;", "&"), text.parse().unwrap_or_else(|_| panic!("{text} is no figure")))
        })
        .collect()
}

fn rows(page: &str) -> u64 {
    page.split_once("<tbody>").map_or(0, |(_, body)| body.matches("<tr>").count() as u64)
}

#[tokio::test]
async fn every_figure_on_the_page_opens_as_many_rows() {
    let zone = Zone::open(21).await;
    zone.history(24, 12).await;
    let leader = Reader::of(&zone, "leader", Standing::Officer, roles(&zone, RoleRank::Leader)).await;
    let year = zone.office.this_month().year();
    let page = leader.get(&format!("/zone?period={year}")).await;
    assert_eq!(page.status, 200);
    let page = page.text();
    let found = figures(&page);
    assert!(found.len() > 60, "{} figures only", found.len());
    for (address, figure) in found {
        let behind = leader.get(&address).await;
        assert_eq!(behind.status, 200, "{address}");
        let behind = behind.text();
        assert_eq!(rows(&behind), figure.min(50), "{address}");
        assert_eq!(behind.contains("after="), figure > 50, "{address}");
    }
    for sentence in ["收到事项申请", "办结", "平均提前", "每百件要求补正", "少答"] {
        assert!(page.contains(sentence), "{sentence}");
    }
    assert!(page.contains("<polyline"), "small lines stand beside figures");
}

#[tokio::test]
async fn a_wall_screen_loads_again_and_names_nobody() {
    let zone = Zone::open(22).await;
    let cases = zone.history(16, 8).await;
    let leader = Reader::of(&zone, "leader", Standing::Officer, roles(&zone, RoleRank::Leader)).await;
    let wall = leader.get("/zone/wall").await.text();
    assert!(wall.contains("http-equiv=\"refresh\""));
    for (id, _) in cases {
        let loaded = zone.office.load_case(id).await.unwrap();
        assert!(!wall.contains(&*loaded.case.number));
        let party = zone.office.party(id).await.unwrap();
        assert!(party.name.is_empty() || !wall.contains(&party.name));
    }
}

#[tokio::test]
async fn tables_leave_as_files() {
    let zone = Zone::open(23).await;
    zone.history(16, 8).await;
    let leader = Reader::of(&zone, "leader", Standing::Officer, roles(&zone, RoleRank::Leader)).await;
    let book = leader.get("/zone/export.xlsx").await;
    assert_eq!((book.status, &book.bytes[..4]), (200, &b"PK\x03\x04"[..]));
    assert!(book.kind.contains("spreadsheetml"), "{}", book.kind);
    let months = leader.get("/zone/export.csv?table=months&period=2026").await;
    assert!(months.kind.starts_with("text/csv"), "{}", months.kind);
    assert_eq!(months.text().lines().count(), 13, "a head and twelve months");
    assert_eq!(leader.get("/zone/export.csv?table=nothing").await.status, 404);
}

#[tokio::test]
async fn an_empty_zone_says_what_will_be_here() {
    let zone = Zone::open(24).await;
    let head = Reader::of(&zone, "head", Standing::Officer, roles(&zone, RoleRank::Head)[..1].to_vec()).await;
    let page = head.get("/zone").await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("还没有任何办件"));
    assert!(figures(&page.text()).is_empty());
    for odd in ["/zone?period=x", "/zone?period=9999", "/zone?period=0001-01", "/zone/wall?period=2026-13"] {
        assert_eq!(head.get(odd).await.status, 200, "{odd}");
    }
    assert_eq!(head.get("/zone/cases?what=nothing").await.status, 404);
    assert_eq!(head.get("/zone/cases?what=open&after=ff").await.status, 200);
}

#[tokio::test]
async fn others_are_kept_out() {
    let zone = Zone::open(25).await;
    let clerk =
        Reader::of(&zone, "clerk", Standing::Officer, roles(&zone, RoleRank::Officer)[..1].to_vec()).await;
    let applicant = Reader::of(&zone, "somebody", Standing::Applicant, Vec::new()).await;
    let stranger = Reader { router: site(&zone), cookie: String::new() };
    for path in ["/zone", "/zone/cases?what=open", "/zone/wall", "/zone/export.xlsx", "/zone/export.csv"] {
        assert_eq!(clerk.get(path).await.status, 403, "{path}");
        assert_eq!(applicant.get(path).await.status, 403, "{path}");
        assert_eq!(stranger.get(path).await.status, 303, "{path}");
    }
    let administrator = Reader::of(&zone, "admin", Standing::Administrator, Vec::new()).await;
    assert_eq!(administrator.get("/zone").await.status, 200);
}
