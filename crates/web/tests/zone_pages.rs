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

impl Reader {
    /// Sends a file with a form, as a browser does.
    async fn send(&self, path: &str, name: &str, bytes: &[u8], item: &str) -> Answer {
        let mut body =
            format!("--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n")
                .into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(
            format!("\r\n--X\r\nContent-Disposition: form-data; name=\"item\"\r\n\r\n{item}\r\n--X--\r\n")
                .as_bytes(),
        );
        let request = Request::post(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=X")
            .header("sec-fetch-site", "same-origin");
        let response = self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let to = response.headers().get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned());
        let status = response.status().as_u16();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec();
        Answer { status, kind: to.unwrap_or_default(), bytes }
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
    let opens = |rest: &&str| rest.starts_with("/zone/cases?") || rest.starts_with("/zone/process/cases");
    let links = page.split("href=\"").skip(1).filter(opens);
    // Links of words, not of figures, lead to the same lists.
    let links = links
        .filter(|rest| rest.split_once('>').unwrap().1.starts_with(|letter: char| letter.is_ascii_digit()));
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
    // The oldest month of the table is the first in which there was anything to count.
    let months =
        page.split("id=\"table-months\"").nth(1).and_then(|rest| rest.split("</table>").next()).unwrap();
    let oldest = months.rsplit("<tr>").next().unwrap();
    assert!(oldest.contains("<a href"), "{oldest}");
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
    let lines = months.text().lines().count();
    assert!(
        (2..=13).contains(&lines),
        "a head and the months since the first in which anything came: {lines}"
    );
    let oldest = months.text().lines().last().unwrap().to_owned();
    assert!(
        oldest.split(',').skip(1).any(|cell| cell.parse::<f64>().is_ok_and(|count| count > 0.0)),
        "{oldest}"
    );
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
    for far in ["/zone?period=9999", "/zone?period=0001-01", "/zone?period="] {
        assert_eq!(head.get(far).await.status, 200, "{far}");
    }
    // What is no period is not answered with another one: it is said, and what was written is there to be put right.
    for (odd, written) in [
        ("/zone?period=x", "x"),
        ("/zone/wall?period=2026-13", "2026-13"),
        ("/zone/cases?what=open&period=2026-11..2026-10", "2026-11..2026-10"),
        ("/zone/export.csv?period=2026-13", "2026-13"),
        ("/zone/process?period=2001-01..2026-11", "2001-01..2026-11"),
        ("/zone/process/cases?period=2026-00", "2026-00"),
    ] {
        let page = head.get(odd).await;
        assert_eq!(page.status, 400, "{odd}");
        assert!(page.text().contains(&format!("value=\"{written}\"")), "{odd}: {}", page.text());
        assert!(page.text().contains("早的在前"), "{odd}");
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

#[tokio::test]
async fn every_number_of_the_process_opens_the_cases_that_it_counts() {
    let zone = Zone::open(31).await;
    zone.history(24, 12).await;
    let leader = Reader::of(&zone, "leader", Standing::Officer, roles(&zone, RoleRank::Leader)).await;
    let period = format!("period={}", zone.office.this_month().year());
    let page = leader.get(&format!("/zone/process?{period}")).await;
    assert_eq!(page.status, 200);
    let page = page.text();
    for word in [
        "各环节用时",
        "各部门用时",
        "要求补正的内容",
        "是否按声明的环节走",
        "走过的路径",
        "什么之后接着什么",
        "<pattern",
    ] {
        assert!(page.contains(word), "{word}");
    }
    // The engine lets nobody leave out a step: whoever finds one has read the log or the declarations wrongly.
    assert!(page.contains("每一件都按声明的环节走") && page.contains("平均符合度 1.000"), "{page}");
    let found = figures(&page);
    assert!(found.len() > 30, "{} figures only", found.len());
    let mut opened = 0;
    for (address, figure) in found {
        // A pair may come twice in one case: then there are fewer cases than times.
        let pair = address.contains("from=");
        let behind = leader.get(&address).await;
        assert_eq!(behind.status, 200, "{address}");
        let shown = rows(&behind.text());
        assert!(
            shown == figure.min(50) || pair && shown < figure && shown > 0,
            "{address}: {shown} of {figure}"
        );
        opened += 1;
    }
    assert!(opened > 30);
    // By department, by item, in all hours, in English.
    let department = zone.office.edition().parts().departments.values().next().unwrap().name.zh.clone();
    let address = format!("/zone/process?{period}&hours=clock&group={department}");
    assert_eq!(leader.get(&address).await.status, 200);
    assert_eq!(leader.get("/zone/process?period=x").await.status, 400);
    for odd in ["/zone/process?activity=%3Cscript%3E", "/zone/process/cases?page=999999999999"] {
        let answer = leader.get(odd).await;
        assert!(answer.status == 200 && !answer.text().contains("<script>"), "{odd}");
    }
    let csv = leader.get(&format!("/zone/process/export.csv?{period}&table=steps")).await;
    assert!(
        csv.kind.starts_with("text/csv") && csv.text().contains("环节,件数,等待（小时）"),
        "{}",
        csv.text()
    );
    assert_eq!(leader.get("/zone/process/export.csv?table=none").await.status, 404);
    let book = leader.get(&format!("/zone/process/export.xlsx?{period}")).await;
    assert_eq!((book.status, &book.bytes[..4]), (200, &b"PK\x03\x04"[..]));
}

#[tokio::test]
async fn a_head_sees_the_time_of_their_department_alone_and_no_other_logs() {
    let zone = Zone::open(32).await;
    zone.history(16, 8).await;
    let role = roles(&zone, RoleRank::Head)[..1].to_vec();
    let edition = zone.office.edition();
    let department = edition.department(&edition.role(&role[0]).unwrap().department).unwrap().name.zh.clone();
    let head = Reader::of(&zone, "head", Standing::Officer, role).await;
    let page = head.get(&format!("/zone/process?period={}", zone.office.this_month().year())).await.text();
    assert!(page.contains(&department) && !page.contains("/zone/logs"), "{page}");
    assert_eq!(head.get("/zone/logs").await.status, 403);
    assert_eq!(head.send("/zone/logs", "a.xes", b"<log/>", "").await.status, 403);
}

const OTHER: &str = r#"<log xes.version="1.0"><string key="concept:name" value="old system"/>
<trace><string key="concept:name" value="A&lt;1&gt;"/>
<event><string key="concept:name" value="收"/><date key="time:timestamp" value="2026-03-02T09:00:00+08:00"/><string key="org:group" value="老大厅"/><string key="org:resource" value="王小明"/></event>
<event><string key="concept:name" value="办"/><date key="time:timestamp" value="2026-03-03T09:00:00+08:00"/><string key="org:group" value="老科室"/></event></trace>
<trace><string key="concept:name" value="A2"/>
<event><string key="concept:name" value="收"/><date key="time:timestamp" value="2026-03-02T10:00:00+08:00"/></event></trace></log>"#;

#[tokio::test]
async fn the_log_of_another_system_is_brought_looked_at_and_removed() {
    let zone = Zone::open(33).await;
    let leader = Reader::of(&zone, "leader", Standing::Officer, roles(&zone, RoleRank::Leader)).await;
    assert!(leader.get("/zone/process").await.text().contains("这里会说明时间用在哪些环节"), "an empty zone");
    assert!(leader.get("/zone/logs").await.text().contains("还没有导入的日志"));
    let refusals: [(&[u8], &str); 4] = [
        (b"", "文件是空的"),
        (b"PK\x03\x04", "不是 XES 日志"),
        (&OTHER.as_bytes()[..300], "第 3 行：文件不完整"),
        (b"<log></log>", "没有带名称和时间的事件"),
    ];
    for (bytes, says) in refusals {
        let answer = leader.send("/zone/logs", "x.xes", bytes, "").await;
        assert!(answer.status == 422 && answer.text().contains(says), "{says}: {}", answer.text());
        assert!(answer.text().contains("什么也没有保存"));
    }
    let kept = leader.send("/zone/logs", "../old <system>.xes", OTHER.as_bytes(), "").await;
    assert_eq!(kept.status, 303, "{}", kept.text());
    let page = leader.get(&kept.kind).await.text();
    for word in ["old &lt;system&gt;.xes", "老大厅", "老科室", "收 → 办", "没有对照的声明"] {
        assert!(page.contains(word), "{word}: {page}");
    }
    assert!(!page.contains("王小明") && !page.contains("../"), "nobody is named");
    for (address, figure) in figures(&page) {
        assert_eq!(rows(&leader.get(&address).await.text()), figure, "{address}");
    }
    let cases = leader.get(&kept.kind.replace("process?", "process/cases?")).await.text();
    assert!(cases.contains("A&lt;1&gt;") && !cases.contains("/desk/cases/"), "{cases}");
    // It is still there for another process of the same zone, and for an administrator.
    let administrator = Reader::of(&zone, "admin", Standing::Administrator, Vec::new()).await;
    assert!(administrator.get("/zone/logs").await.text().contains("old &lt;system&gt;.xes"));
    let id = kept.kind.split("log=").nth(1).unwrap().to_owned();
    let drop = format!("/zone/logs/{id}/drop");
    assert_eq!(leader.send(&drop, "", b"", "").await.status, 303);
    assert_eq!(leader.send(&drop, "", b"", "").await.status, 303, "twice is once");
    assert_eq!(leader.get(&kept.kind).await.status, 404);
}
