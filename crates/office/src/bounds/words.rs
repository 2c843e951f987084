//! What somebody is told who has made as much as strangers are given.

use diagnostic::{Bilingual, Lang};

use super::{CountedBy, Enough, Making};

impl Making {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Numbers => ("取号", "numbers"),
            Self::NumbersUnseen => ("直接排队的号", "numbers in line"),
            Self::Bookings | Self::BookingsOfPhone => ("预约", "appointments"),
            Self::Reports => ("找茬反馈", "reports"),
            Self::Drafts => ("新建的申请", "new applications"),
            Self::Uploads => ("上传的文件", "uploaded files"),
            Self::Accounts => ("注册的账号", "new accounts"),
            Self::SignIns => ("统一身份登录", "sign-ins at the provider"),
            Self::Checks => ("真伪查验", "checks of documents"),
        }
    }

    /// Another way to the same.
    fn way_on(self) -> (&'static str, &'static str) {
        match self {
            Self::NumbersUnseen => (
                "取号机没有登记成大厅的机器时也会这样，请找工作人员取号。",
                "A machine that is not named as the hall's is bounded too; ask the staff for a number.",
            ),
            Self::Numbers => (
                "急的话请直接到大厅，请工作人员取号。",
                "If it is urgent, come to the hall and ask the staff for a number.",
            ),
            Self::Bookings | Self::BookingsOfPhone => (
                "也可以不预约，直接到大厅取号，或者打电话请大厅代约。",
                "You can also come without an appointment, or call the hall and have it made for you.",
            ),
            Self::Checks => (
                "不联网也能查：下载证照文件，用本站公布的公钥核验；单位要大量查验，请和大厅联系。",
                "The file of a document can be verified offline with the public keys of this site; whoever checks many, please ask the hall.",
            ),
            Self::SignIns => ("也可以用账号和密码登录。", "You can also sign in with your password."),
            Self::Reports | Self::Drafts | Self::Uploads | Self::Accounts => (
                "急的话请带材料到大厅窗口办理。",
                "If it is urgent, bring your papers to a window of the hall.",
            ),
        }
    }
}

impl Enough {
    pub(crate) fn message(&self, lang: Lang) -> String {
        let (zh, en) = self.making.words();
        let (on_zh, on_en) = self.making.way_on();
        let most = self.making.shown(self.most);
        let hourly = self.making.is_hourly();
        let kept = self.making != Making::Checks;
        let megabytes = self.making == Making::Uploads;
        match lang {
            Lang::Zh => {
                let who = match self.by {
                    CountedBy::Address => "您所在的网络",
                    CountedBy::Account => "您的账号",
                    CountedBy::Telephone => "这个手机号",
                };
                let time = if hourly { "每小时" } else { "每天" };
                let unit = if megabytes { " MB" } else { " 次" };
                let kept = if kept { "；已填的内容都还在" } else { "" };
                format!(
                    "{who}{zh}太多（{time}最多 {most}{unit}）。请 {} 分钟后再试{kept}。{on_zh}",
                    self.minutes
                )
            }
            Lang::En => {
                let who = match self.by {
                    CountedBy::Address => "from your network",
                    CountedBy::Account => "from your account",
                    CountedBy::Telephone => "with this telephone number",
                };
                let time = if hourly { "an hour" } else { "a day" };
                let unit = if megabytes { " MB" } else { "" };
                let kept = if kept { "; what you typed is kept" } else { "" };
                format!(
                    "Too many {en} {who} (at most {most}{unit} {time}). Try again in {} min{kept}. {on_en}",
                    self.minutes
                )
            }
        }
    }
}

/// The disk is left to what must go on.
pub(crate) fn crowded() -> Bilingual {
    Bilingual::new(
        "系统的存储空间快满了，暂时不接收新的申请和文件；已填的内容都还在，已交的办件照常办理。请过一会儿再试，急的话请带材料到大厅窗口办理。",
        "There is little room left to keep files, so that no new applications and files are taken for now; what you typed is kept, and cases that were handed in go on. Try again later, or bring your papers to a window of the hall.",
    )
}
