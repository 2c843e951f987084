//! What a use case can answer instead of doing what was asked.

use std::sync::Arc;

use catalogue::Edition;
use diagnostic::{Bilingual, Lang};
use store::StoreError;

use crate::bounds::{self, Enough};

/// Why a use case did not happen. Nothing of it took effect, except after [`OfficeError::Fault`] with a lost answer,
/// where repeating the same command is safe.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OfficeError {
    /// The engine says no, with its article and the next step.
    #[error("refused: {}", .0.code())]
    Refused(#[from] casework::Refusal),
    /// The hall says no, with the next step.
    #[error("refused: {}", .0.code())]
    Hall(#[from] ::hall::Refusal),
    /// The office itself says no, for a reason that the person can mend.
    #[error("not possible: {}", .0.code())]
    NotPossible(NotPossible),
    /// Answers that the form would not take, alone or beside each other.
    #[error("unfit: {} problems", .0.len())]
    Unfit(Vec<form::Problem>),
    /// Not this person's to do or to see.
    #[error("denied")]
    Denied,
    /// There is no such thing, or none that this person may know of.
    #[error("not found")]
    NotFound,
    /// Somebody changed it in the meantime.
    #[error("stale")]
    Stale,
    /// Too many were wrong; so long it takes until the next one is looked at.
    #[error("wait {minutes} min")]
    Wait { minutes: i64 },
    /// Strangers are given no more of it for now.
    #[error("enough {}", .0.making.name())]
    Enough(Enough),
    /// Room on the disk is left to what must go on.
    #[error("little room")]
    Crowded,
    /// The machinery failed; the page shows an incident number.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// The refusal of whatever engine.
pub type Refused = Arc<dyn engine::Refusal>;

/// Failures that are nobody's answer: for the log, never for the page.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error(transparent)]
    Store(StoreError),
    #[error("a stored edition cannot be read: {0}")]
    Edition(#[from] catalogue::UnreadableEdition),
    #[error("a stored record cannot be read: {0}")]
    Record(#[from] serde_json::Error),
    #[error("{0}")]
    Broken(String),
}

pub type Result<T, E = OfficeError> = std::result::Result<T, E>;

impl OfficeError {
    /// The store has no room left, or is away: it is worth another try later.
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Fault(Fault::Store(StoreError::NoRoom | StoreError::Away { .. })))
    }
}

impl From<StoreError> for OfficeError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(store::Conflict::Version { .. }) => Self::Stale,
            StoreError::TooLarge { .. } => Self::NotPossible(NotPossible::FileTooLarge),
            other => Self::Fault(Fault::Store(other)),
        }
    }
}

impl From<serde_json::Error> for OfficeError {
    fn from(error: serde_json::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl From<catalogue::UnreadableEdition> for OfficeError {
    fn from(error: catalogue::UnreadableEdition) -> Self {
        Self::Fault(error.into())
    }
}

impl From<NotPossible> for OfficeError {
    fn from(reason: NotPossible) -> Self {
        Self::NotPossible(reason)
    }
}

macro_rules! not_possible {
    ($($(#[$doc:meta])* $name:ident $code:literal, $zh:literal, $en:literal;)*) => {
        /// What the office refuses by itself, each with what to do next.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum NotPossible { $($(#[$doc])* $name),* }

        impl NotPossible {
            /// A stable code for logs, tests and the API.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }

            pub fn message(self) -> Bilingual {
                let (zh, en) = match self { $(Self::$name => ($zh, $en)),* };
                Bilingual { zh: zh.into(), en: en.into() }
            }
        }
    };
}

not_possible! {
    WrongPassword "wrong-password", "账号或密码不对。请再试一次；忘记密码可以到窗口重置。",
        "The login or the password is wrong. Try again, or have the password reset at a window.";
    WrongCode "wrong-code", "验证码不对，或者已经用过。请等验证器显示下一个验证码再输入；手机不在身边可以用备用码。",
        "The code is wrong or was used before. Wait for the next one in your authenticator, or use a recovery code.";
    CodeNeeded "code-needed", "这个账号还要输入验证码，请在登录页面登录。", "This account also needs a code; sign in on the sign-in page.";
    SignInOver "sign-in-over", "等的时间太长，请重新输入账号和密码。", "That took too long. Enter login and password again.";
    FactorThere "factor-there", "已经开通了两步验证。要换手机，请先用验证码停用，再重新开通。",
        "Two-step sign-in is on already. For a new telephone, turn it off with a code first, then on again.";
    NobodyFound "nobody-found", "没有找到这个编号的办件或这个账号的申请人，或者已经删除过。请核对后再试。",
        "No case with this number and no applicant with this login, or forgotten already. Check and try again.";
    StaffStays "staff-stays", "工作人员的账号不能删除个人信息，只能停用：经办记录要有人负责。",
        "Staff are not forgotten: somebody answers for what they decided. Close the account instead.";
    CasesOpen "cases-open", "这个人还有办件没办完，办结以前还需要这些信息，不能删除。请等办结或本人撤回后再删除。",
        "This person has cases under way, which need the data. Forget them once all are over or withdrawn.";
    ProgressOnly "progress-only", "凭编号和手机号后四位只能看进度。看材料、补正、撤回等，请输入回执上的查件码，或者用交件时的设备或账号；查件码丢了可以到窗口查。",
        "The number with four digits of the telephone shows progress only. For papers, corrections, withdrawing and the like, enter the code of the receipt, or use the device or the account that handed it in; a window helps if the code is lost.";
    WithinPeriod "within-period", "还有办件没有满法定保存期限，不能删除（《个人信息保护法》第四十七条第二款）。可以改为限制处理：只保存，不再使用，期满后自动删除。请勾选后再试。",
        "Cases of this person are within the period for which the law has them kept, and are not erased (Personal Information Protection Law, Art. 47 para. 2). They can be restricted instead: stored, not used, and erased when the period ends. Tick that and try again.";
    CaseRestricted "case-restricted", "这个办件的个人信息已经限制处理（《个人信息保护法》第四十七条第二款）：只保存，不再使用，所以不能再办理、留言或补充材料。确有需要的，请审计管理员先解除限制；写的内容请先复制。",
        "The personal data of this case is restricted (Personal Information Protection Law, Art. 47 para. 2): it is stored and not used, so nothing more is done, written or added here. Where it has to be, the audit administrator lifts the restriction first; copy what you wrote.";
    LinkCode "link-code", "绑定码不对或已过期（72 小时内有效）。请本人用统一身份再登录一次，看新的绑定码。",
        "The code is wrong or older than 72 hours. Have its owner sign in at the provider once more and read the new one.";
    IdentityTaken "identity-taken", "这个统一身份已经绑定了另一个账号。请先在那个账号上解除。",
        "This identity is linked to another account already. Unlink it there first.";
    NobodyAtWindow "nobody-at-window", "您的窗口现在没有正在办理的号。请先叫号并开始办理，或者改选别的确认方式。",
        "No number is being served at your window. Call one and begin, or choose another proof.";
    TicketOfOther "ticket-of-other", "窗口正在办理的号不是这个办件的号，不能用来确认是本人的意思。请改选别的确认方式。",
        "The number that is served is not the one of this case, so it proves nothing here. Choose another proof.";
    DigitsWrong "digits-wrong", "手机号后四位与申请时留的对不上。请再问一次，或者改选别的确认方式。",
        "These are not the last four digits of the telephone in the application. Ask again, or choose another proof.";
    ErasureHeld "erasure-held", "有办件被暂停清除，暂停期间不能删除个人信息。请和审计管理员联系。",
        "A case of this person is held, so that nothing of it may be erased. Ask the audit administrator.";
    ReasonShort "reason-short", "理由太短，看不出为什么。请写清楚是什么问题、依据是什么（至少六个字），写好的内容都还在。",
        "That is too short to say why. Write what is wrong and what it rests on, in more than a word or two; nothing that was typed is lost.";
    GrantShort "grant-short", "有环节没有通过。准予当然可以，但要写清楚为什么仍然准予（至少六个字），写好的内容都还在。",
        "Some steps did not pass. To grant all the same, write why it can be granted, in more than a word or two; nothing that was typed is lost.";
    TellMissing "tell-missing", "准予时要把这一项写给申请人（看输入框上方的说明），申请人等着照它办下一步。", "A grant has to tell the applicant what stands above the box: the next step rests on it.";
    GrantUnmet "grant-unmet", "按申请人的回答，有一条办理条件没有满足（见这一项上方的提示）。准予当然可以，但要写清楚为什么仍然准予（至少六个字），写好的内容都还在。",
        "By the applicant's answers a requirement is not met; it stands above. To grant all the same, write why it can be granted, in more than a word or two; nothing that was typed is lost.";
    ExtensionShort "extension-short", "看不出为什么需要更多时间。请写清楚还要做什么、为什么来不及（至少六个字），写好的内容都还在。",
        "That does not say why more time is needed. Write what is still to be done, in more than a word or two; nothing that was typed is lost.";
    OverrunShort "overrun-short", "看不出为什么超期。请写清楚原因和接下来怎么办（至少六个字），申请人会看到；写好的内容都还在。",
        "That does not say why the limit was overrun. Write the cause and what comes next, in more than a word or two, for the applicant to read; nothing that was typed is lost.";
    AgainShort "again-short", "看不出为什么上一次没有一次说清。请写清楚再次要求补正的原因（至少六个字），写好的内容都还在。",
        "That does not say why it was not asked for the first time. Write why a second correction is needed, in more than a word or two; nothing that was typed is lost.";
    LookShort "look-short", "看不出为什么要看。请写清楚用来核对什么、做什么用（至少六个字）；申请人会看到这段话。",
        "That does not say what you need it for. Write what it is for, in more than a word or two; the applicant will read it.";
    OpinionShort "opinion-short", "写的这段话看不出意思：至少两个字，空格、标点不算。没有要补充的，可以空着不填。",
        "What was written says nothing: at least two letters, blanks and dots do not count. It may be left empty.";
    HoldReason "hold-reason", "请写明暂停清除的理由。", "Say why it is held.";
    HoldUntil "hold-until", "暂停到哪一天要在今天以后、三年以内；到期前可以再延长。",
        "The last day of a hold lies between today and three years from now; it can be prolonged before it ends.";
    DutyHeld "duty-held", "这个账号还是三员之一，请先由安全管理员免去，再停用。",
        "This account still holds a duty of administration. The security administrator dismisses it first, then it can be closed.";
    DutyUnguarded "duty-unguarded", "这位管理员还没有开通两步验证，重置密码等于替他登录。请在服务器上用 yichuang appoint 重新任命。",
        "This administrator has no second factor yet, so that a new password would let you in as them. Appoint anew on the server with yichuang appoint.";
    DutyAndRoles "duty-and-roles", "有岗位的账号不能兼任管理员。请先收回岗位，或者换一个账号。",
        "An account with roles cannot administer as well. Take the roles back first, or choose another account.";
    DutyLast "duty-last", "这是最后一位在任的，免去后就没有人负责了。请先任命接替的人。",
        "Nobody else has this duty. Appoint a successor first.";
    LoginTaken "login-taken", "这个账号名已经有人用了，请换一个。", "This login is taken. Choose another.";
    BadLogin "bad-login", "账号名要 3 到 40 个字母、数字、汉字、点、下划线或连字符。",
        "A login has 3 to 40 letters, digits, dots, underscores or hyphens.";
    NameUnseen "name-unseen", "姓名里没有看得见的字。请写本人的姓名，写好的其他内容都还在。",
        "There is nothing in the name that can be read. Write the person’s name; nothing else that was typed is lost.";
    NameTooLong "name-too-long", "姓名最多 80 个字。请改短后再试，写好的内容都还在。",
        "A name has at most 80 characters. Shorten it and try again; nothing that was typed is lost.";
    SamePassword "same-password", "新密码和现在的一样，请换一个。", "The new password is the one that you have. Choose another.";
    WrongOldPassword "wrong-old-password", "现在的密码不对，请再输一次。忘记了可以请管理员重置。",
        "The present password is wrong; enter it again. If it is lost, have an administrator reset it.";
    WeakPassword "weak-password", "密码至少 8 个字符。", "A password has at least 8 characters.";
    WeakStaffPassword "weak-staff-password", "工作人员的密码至少 10 个字符。", "A password of staff has at least 10 characters.";
    PasswordTooLong "password-too-long", "密码太长了，最多 1024 个字节（大约 340 个汉字或者 1000 个字母）。请换一个短些的。",
        "The password is too long: at most 1024 bytes, about 1000 letters. Choose a shorter one.";
    CommonPassword "common-password", "这个密码太常见，一猜就中（常用密码、账号名、本区名称，或者全是数字）。请换一个，例如几个不相干的词连在一起。",
        "This password is guessed at once: a common one, the login, the zone's name, or digits alone. Choose another, such as some words that have nothing to do with each other.";
    UnknownRole "unknown-role", "事项包里没有这个角色，请先在事项包中声明。", "The pack declares no such role; declare it there first.";
    FileTooLarge "file-too-large", "文件太大了。请压缩或拍小一些后再传；已填的内容都还在。",
        "The file is too large. Make it smaller and upload it again; everything else is kept.";
    FileEmpty "file-empty", "文件是空的，请重新选择。", "The file is empty; choose it again.";
    FileKind "file-kind", "只能上传 PDF、OFD、JPG、PNG、WebP、HEIC、Word、Excel 或文本文件。请转换后再传。",
        "Only PDF, OFD, JPEG, PNG, WebP, HEIC, Word, Excel or text files can be uploaded. Convert it and try again.";
    FileMacros "file-macros", "文件里带有宏（程序）。请另存为不带宏的 .docx、.xlsx 或 PDF 再传；其他内容都还在。",
        "The file holds macros. Save it as .docx or .xlsx without them, or as PDF, and upload it again; everything else is kept.";
    FileMismatch "file-mismatch", "文件名的后缀和内容对不上。请打开确认是不是这份文件，另存为正确的格式后再传；其他内容都还在。",
        "The file's ending and its content disagree. Open it to see whether it is the right one, save it in its proper format and upload it again; everything else is kept.";
    FileUnknown "file-unknown", "没有找到这份文件：请先在这份申请（或这个办件）里上传，再作为回答。已填的内容都还在。",
        "There is no such file here: upload it to this application or this case first, then answer with it. Everything else is kept.";
    TooManyFiles "too-many-files", "这次申请的文件太多了。请删掉不需要的，或者合并成一个 PDF 再传；已传的都还在。",
        "This application holds too many files. Take out what is not needed, or join pages into one PDF; what was uploaded is kept.";
    DraftIncomplete "draft-incomplete", "还有必答的问题或材料没有完成，请按提示补上再提交。",
        "Some questions or papers are still open. Complete them as shown, then submit.";
    DraftObstacle "draft-obstacle", "按目前的回答不符合办理条件，请看提示中的原因。",
        "With these answers the conditions are not met; see the reasons shown.";
    NothingApplies "nothing-applies", "按目前的回答没有需要办理的事项。请检查情形问题的回答，或到窗口咨询。",
        "With these answers nothing needs to be done. Check the situation questions, or ask at a window.";
    ReasonMissing "reason-missing", "请写明理由（至少六个字，空格、标点不算）；申请人会看到这段话。",
        "Give the reason, in more than a word or two; blanks and dots do not count. The applicant will read it.";
    TextMissing "text-missing", "请写下内容再发送。", "Write something before you send it.";
    IdentityUnproven "identity-unproven", "还有身份证件号码只是申请人自己填的，或者要印的内容和登记的不一样，没有核对过原件。先核对（可以在制证时一并确认），再制证。", "Identity numbers that only the applicant stated, or what is printed and a register says otherwise, have not been held against the original. Do that first (it can be confirmed while issuing), then issue.";
    AnswerDecidedOn "answer-decided-on", "另一个事项已经按原来的回答作了决定或者缴了费，这一项不能再改。确实有误的，请先由那个部门更正或者撤销决定。", "Another item was decided, or paid for, on the answer as it was, so it cannot change now. If it was wrong, that department has to correct or withdraw its decision first.";
    OriginalDiffers "original-differs", "您打开这一页以后，号码改过了。请再看一遍现在的号码，和原件核对后再确认。", "The number changed after you opened this page. Look at what stands there now, hold it against the original and confirm again.";
    AnswersMoved "answers-moved", "您打开这一页以后，申请人的回答改过了，所以这一步没有办。请看一遍现在的回答，再办一次；写好的内容都还在。", "Answers changed after you opened this page, so nothing was done. Look at what stands there now and do it again; nothing that was typed is lost.";
    OwnApplication "own-application", "这是您自己提交的申请，应当回避。请转给同事办理。", "You handed this application in for yourself, so somebody else has to handle it. Pass it to a colleague.";
    AgentsApplication "agents-application", "申请人曾经委托您代办这件事，您应当回避。请转给同事办理。", "The applicant had chosen you to act for them in this case, so somebody else has to handle it. Pass it to a colleague.";
    PaperNotThere "paper-not-there", "办件里还没有这份材料。请先在“材料”里收下（纸质的拍照或者扫描），收下后会自动销容缺。", "The case does not have that paper yet. Take it in under “Papers” first (photograph or scan what is on paper); what waited for it goes on by itself.";
    NothingNamed "nothing-named", "请至少选一项。", "Choose at least one.";
    TextTooLong "text-too-long", "文字太长，请控制在 4000 字以内。", "The text is too long; keep it under 4,000 characters.";
    PackBroken "pack-broken", "事项包有错误，不能发布。请按诊断逐条修改后再传。", "The pack has errors and cannot be published. Mend what the diagnostics show.";
    StoriesDiffer "stories-differ", "事项包里有案例和它自己算出来的不一样，所以没有发布。请先看清是哪些；确实要发布的，请确认不一样的案例个数。",
        "Stories of the pack differ from what it does, so it was not published. See which; to publish nonetheless, confirm how many differ.";
    VisitOutsideHours "visit-outside-hours", "这个时间不在工作时间（工作日、大厅开门的时间）。请改一个时间；和申请人约好了的，请写明理由，再定一次。",
        "This is outside working hours (working days, when the halls are open). Choose another time, or write why, if the applicant agreed to it, and set it again.";
    CaseUnproved "case-unproved", "办件编号和查件码对不上。请核对回执上的编号和八位查件码，或者用交件时的账号、设备；不填编号也能办，到窗口再说是哪个办件。",
        "The number of the case and the code do not belong together. Check both on the receipt, or use the account or the device that handed it in. You can also leave the number out and tell it at the window.";
    ArrivalCode "arrival-code", "到厅码不对。请看手机上取号页里的四位到厅码；手机不在身边，请到总服务台或者窗口签到。",
        "The arrival code is wrong. It stands on the page of your number, four digits; without the telephone, the reception desk or a window checks you in.";
    ArrivalUnseen "arrival-unseen", "从您所在的网络直接排队的人已经不少，这个号要到大厅确认才排队。到了以后，请在取号机上输入这个号码和到厅码，连大厅的无线网再点“我到了”，或者告诉工作人员；位置一直留着。",
        "Many of your network are in line already, so that this number counts once the hall has seen you. When you are there, type it with the arrival code at the kiosk, press “I am here” on the hall's wireless network, or tell the staff; the place is kept.";
    AboutTooLong "about-too-long", "姓名最多 60 个字，电话最多 20 位，编号最多 40 位。请改短后再试；没有丢失任何内容。",
        "A name has at most 60 characters, a telephone number 20, a number of a case or person 40. Shorten it and try again; nothing is lost.";
    AboutPhone "about-phone", "电话号码不对。请核对，或者不填；没有丢失任何内容。",
        "This is no telephone number. Check it, or leave it out; nothing is lost.";
    VisitPhone "visit-phone", "要回访，请留一个电话；不用回访的，请去掉“可以联系我回访”的勾。没有丢失任何内容。",
        "Leave a telephone number to be called back, or take the tick off “You may call me back”. Nothing is lost.";
    RegisterSilent "register-silent", "登记库里查不到改后的这个号码，或者暂时没有回答，原来带出的内容又不能再用。请核对号码；确实没有登记的，请撤回后重新申请。",
        "The register does not know the number as it would be now, or does not answer, and what it said of the old one no longer holds. Check the number; if it is not registered, withdraw and apply anew.";
    NumberAwaited "number-awaited", "这份结果要印的号码由本办件的另一个事项来赋，还没有赋。等那个事项办好再制。",
        "A number that this result prints is assigned by another item of the case and is not there yet. Make it out after that item.";
    FactOfOthers "fact-of-others", "这一项不是您部门承办的事项要用的，不能查看。需要核实的，请请承办部门核实。",
        "None of your department's items needs this, so you may not open it. Ask the department that does.";
    TicketHeld "ticket-held", "您在这个大厅已经有一个号，请先用它，或者先退号。",
        "You hold a number in this hall already. Use it, or give it back first.";
    AgentUnknown "agent-unknown", "没有找到这个账号，或者姓名和账号对不上。请向代办人问清账号名和登记的姓名。",
        "No such account, or the name does not belong to it. Ask the agent for login and name.";
    AgentIsApplicant "agent-is-applicant", "不用授权自己，您本来就可以办理。", "You need no consent of your own; you can act already.";
    AgentTakesPart "agent-takes-part", "这位工作人员参与这件事的办理，依法应当回避，不能代办。请换一位。",
        "This officer takes part in deciding on it and cannot stand on both sides. Choose somebody else.";
    ConsentDays "consent-days", "授权期限要在 1 到 180 天之间。", "Consent lasts 1 to 180 days.";
    TokenIncomplete "token-incomplete", "请给令牌起一个名称（80 字以内），至少选一项权限，有效期 1 到 365 天。",
        "Give the token a name of at most 80 characters, at least one right, and 1 to 365 days.";
    TokensMany "tokens-many", "令牌太多了。请先收回不再使用的令牌。", "There are too many tokens. Take back those that are no longer used.";
    WebhookKinds "webhook-kinds", "请至少选一种事件（例如 case.accepted，或 case.* 表示全部），地址不超过 500 字。",
        "Choose at least one kind of event, such as case.accepted or case.* for all, and an address of at most 500 characters.";
    WebhooksMany "webhooks-many", "推送地址太多了。请先删除不用的。", "There are too many destinations. Remove those that are no longer used.";
    WebhookAddress "webhook-address", "这个地址不能用：要用 https，不带账号，并且不能指向内部网络；确需推送到内部地址时，请服务器管理员用 --webhook-allow 放行。",
        "This address cannot be used: it must be https, without user name, and lead outside the internal network. Whoever runs the server may allow internal addresses with --webhook-allow.";
    KeyUsed "key-used", "这个 Idempotency-Key 已经用于另一个请求。请换一个新的键再发送。",
        "This Idempotency-Key was used for another request. Send this one with a new key.";
    CommandUsed "command-used", "这个表单已经提交过别的内容，这次没有办。请重新打开页面，核对后再提交；刚才写的内容请先复制。",
        "This form was sent before with something else, so that nothing was done now. Copy what you wrote, open the page again and send it from there.";
    TryWindow "try-window", "没有这个窗口。请另选一个。", "There is no such window. Choose another.";
    TryOpen "try-open", "这个窗口开着。请选关着或暂停的窗口。", "This window is open. Choose one that is shut or paused.";
    TryNotOpen "try-not-open", "这个窗口没有开。请选开着的窗口。", "This window is not open. Choose one that is.";
    TryLunch "try-lunch", "这个窗口今天没有还没开始的午餐。请另选一个。", "This window has no lunch still to come today. Choose another.";
    TryPast "try-past", "请选一个还没到的时间。", "Choose a time that is still to come.";
    TryOver "try-over", "今天已经停止取号，没有什么可以推演了。", "No more numbers are given out today; there is nothing left to try.";
    ArchiveNot "archive-not", "这不是能打开的 .zip 文件，请重新压缩后再传。", "This is not a .zip file that opens; compress it again.";
    ArchiveMany "archive-many", "压缩包里的文件太多，最多 20000 个。", "The archive holds too many files; at most 20,000.";
    ArchiveLarge "archive-large", "解压后超过 20 MB，请去掉无关文件后再传。", "More than 20 MB unpacked; leave out what does not belong.";
    ArchivePath "archive-path", "压缩包里有不安全的路径或链接，没有读取。请重新压缩后再传。", "The archive holds an unsafe path or a link and was not read. Compress it again.";
    ArchiveName "archive-name", "压缩包里的文件名不是 UTF-8 编码。请用支持 UTF-8 文件名的压缩软件重新压缩。", "File names in the archive are not UTF-8. Use a program that writes UTF-8 names.";
    ArchiveZone "archive-zone", "压缩包里没有 zone.yaml，不是事项包。", "The archive holds no zone.yaml, so it is not a pack.";
    NoFeedback "no-feedback", "本区没有开通这项反馈。", "This zone does not take such reports.";
}

impl NotPossible {
    /// Whether it is the password that was not taken.
    pub const fn is_of_password(self) -> bool {
        matches!(
            self,
            Self::WeakPassword | Self::WeakStaffPassword | Self::CommonPassword | Self::PasswordTooLong
        )
    }
}

impl OfficeError {
    /// When it is worth another try, where that is known.
    pub const fn wait_minutes(&self) -> Option<i64> {
        match self {
            Self::Wait { minutes } | Self::Enough(Enough { minutes, .. }) => Some(*minutes),
            _ => None,
        }
    }

    /// As [`Self::message`], with steps, items and windows by their titles in this edition: for people.
    pub fn message_in(&self, lang: Lang, edition: &Edition) -> Option<String> {
        match self.refused() {
            Some(refused) => Some(refused.message_in(lang, edition)),
            None => self.message(lang),
        }
    }

    /// What an engine refused, for whoever words it later.
    pub fn refused(&self) -> Option<Refused> {
        match self {
            Self::Refused(refusal) => Some(Arc::new(refusal.clone())),
            Self::Hall(refusal) => Some(Arc::new(refusal.clone())),
            _ => None,
        }
    }

    /// The sentence for the person, where the person can do something about it.
    pub fn message(&self, lang: Lang) -> Option<String> {
        match self {
            Self::Refused(refusal) => Some(refusal.message(lang)),
            Self::Hall(refusal) => Some(refusal.message(lang)),
            Self::NotPossible(reason) => Some(reason.message().get(lang).to_owned()),
            Self::Wait { minutes } => Some(match lang {
                Lang::Zh => {
                    format!("连续输错次数太多。请 {minutes} 分钟后再试；什么都没有丢。")
                }
                Lang::En => format!("Too many wrong attempts. Try again in {minutes} min; nothing is lost."),
            }),
            Self::Enough(enough) => Some(enough.message(lang)),
            Self::Unfit(problems) => {
                let texts: Vec<&str> = problems.iter().map(|problem| problem.text.get(lang)).collect();
                Some(texts.join(if lang == Lang::Zh { "" } else { " " }))
            }
            Self::Crowded => Some(bounds::crowded().get(lang).to_owned()),
            Self::Denied | Self::NotFound | Self::Stale | Self::Fault(_) => None,
        }
    }
}
