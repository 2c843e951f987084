//! Why a command is refused in the hall: a closed list with stable codes, and the next step for the user.

use catalogue::{LineId, WindowId};
use engine::{Titles, Told};
use jiff::Timestamp;

use crate::TicketNo;

impl Told for TicketNo {
    fn told(&self, _: diagnostic::Lang, _: Option<&dyn Titles>) -> String {
        self.to_string()
    }
}

engine::refusals! {
    NoDay "no-day" => "今天的大厅还没有开，叫号和取号都还不能用。请在开门以后再试，或者先预约一个时间。", "The hall has not opened today, so that numbers are neither given nor called yet. Try again after it opens, or book a time.";
    DayExists "day-exists" => "今天的大厅已经开了，不用再开。请刷新页面。", "The hall is open already; reload the page.";
    HallRests "hall-rests" => "今天大厅不开门，取不了号。请预约开门的一天，或者在网上办理。", "The hall does not open today, so there are no numbers. Book a day on which it opens, or apply online.";
    DayEnded "day-ended" => "今天的大厅已经结束，不能再开窗叫号。下一个开门的日子再开窗。", "The hall’s day has ended, so that no window opens any more. Open it on the next day of the hall.";
    HallClosed "hall-closed" => "今天的号已经放完，大厅不再取号了。请预约别的时间，或者在网上办理。", "The hall gives no more numbers today. Book another time, or apply online.";
    NotOpenYet { opens_at: Timestamp } "not-open-yet" => "还没有到取号时间，请在开门前一小时以内再取。", "It is too early; take a number within the hour before the doors open.";
    NothingWanted "nothing-wanted" => "还没有选要办什么，所以没有取号。请至少选一项业务。", "Nothing was chosen, so no number was taken. Choose at least one thing that you came for.";
    UnknownLine { line: LineId } "unknown-line" => "这个大厅不办“{line}”，请重新选择。", "This hall has no “{line}”; choose again.";
    NotTheirs { line: LineId } "not-theirs" => "这位专员不办“{line}”。请选专员能办的业务，或者不找专员。", "This specialist does not do “{line}”. Choose something that they do, or go on without one.";
    NobodyServes { line: LineId } "nobody-serves" => "今天这个大厅没有窗口办“{line}”，请不要白跑一趟：可以换一天来，或者在网上办理。", "No window of this hall does “{line}” today: come on another day, or apply online.";
    NobodySpeaks "nobody-speaks" => "今天没有窗口能用这种语言办这项业务，请换一种语言，或者预约。", "No window today does this in that language; choose another, or book.";
    NumberTaken { number: TicketNo } "number-taken" => "{number} 号已经发出，请重新取号。", "Number {number} is given out already; take another.";
    NoSuchTicket { number: TicketNo } "no-such-ticket" => "今天没有 {number} 号。请看一下号票上的号码，或者重新取号。", "There is no number {number} today. Look at the slip again, or take another number.";
    TicketIsOver { number: TicketNo } "ticket-is-over" => "{number} 号已经办完、退掉或者过号了，不能再用。还要办事，请重新取号。", "Number {number} was served, given back or missed and cannot be used any more. Take another if you still need one.";
    NotWaiting { number: TicketNo } "not-waiting" => "{number} 号已经叫到，不在等候了。请到叫号的窗口；不想办了，跟窗口的工作人员说一声就可以。", "Number {number} has been called and waits no more. Go to the window; if you no longer want it, tell the officer there.";
    TooEarly { from: Timestamp } "too-early" => "还没有到签到时间，请稍后再签到。", "It is too early to check in; come back a little later.";
    NoSuchWindow { window: WindowId } "no-such-window" => "这个大厅没有“{window}”窗口。", "The hall has no window “{window}”.";
    WindowTaken { window: WindowId } "window-taken" => "“{window}”窗口已经有人值守，请选别的窗口。", "Somebody sits at “{window}” already; choose another window.";
    SitsElsewhere { window: WindowId } "sits-elsewhere" => "您已经在“{window}”窗口，请先关闭它。", "You sit at “{window}”; close it first.";
    WindowShut { window: WindowId } "window-shut" => "“{window}”窗口没有开，请先开窗。", "The window “{window}” is shut; open it first.";
    WindowPaused { window: WindowId } "window-paused" => "“{window}”窗口暂停中，请先恢复。", "The window “{window}” is paused; resume it first.";
    WindowBusy { window: WindowId } "window-busy" => "“{window}”窗口还有人，请先办完、过号或转办。", "Somebody is still at “{window}”: finish, skip or pass on first.";
    NotYetThere { number: TicketNo } "not-yet-there" => "{number} 号还没有到。请重呼，或者按“过号”。", "Number {number} has not come yet. Call again, or skip.";
    TooSoon { number: TicketNo, seconds: i128 } "too-soon" => "刚叫过 {number} 号，请再等 {seconds} 秒再过号。", "Number {number} has only just been called; wait {seconds} more seconds before you skip.";
    NobodyThere { window: WindowId } "nobody-there" => "“{window}”窗口现在没有人。", "Nobody is at “{window}” now.";
    NobodyWaits "nobody-waits" => "没有您能办的号在等候。", "Nobody whom you can serve is waiting.";
    CannotSplit { number: TicketNo } "cannot-split" => "{number} 号没有可以分开的业务。", "Number {number} has nothing to split off.";
    CannotMerge { number: TicketNo } "cannot-merge" => "只有都在等候的两个号才能合并。", "Only two numbers that both wait can be merged.";
    NotServed { number: TicketNo } "not-served" => "{number} 号还没有办完，办完以后就可以评价。", "Number {number} has not been served yet; you can rate the visit afterwards.";
    VisitRated "visit-rated" => "这次来已经评价过，一次只评一次。", "This visit has been rated; each is rated once.";
    BadLevel { level: u8 } "no-such-level" => "没有 {level} 级评价，请选一至五级。", "There is no level {level}; choose one to five.";
    StillPeople "still-people" => "窗口还有人在办，办完才能结束今天。", "Somebody is still being served; the day ends when they are done.";
    NoAppointments "no-appointments" => "这个大厅没有开通预约，请现场取号。", "This hall takes no appointments; take a number.";
    NoSuchSlot "no-such-slot" => "大厅没有这个时段，所以没有约上。请从列出的时段里另选一个。", "The hall has no such slot, so nothing was booked. Choose one of those listed.";
    SlotPast "slot-past" => "这个时段已经过了，请选别的时段。", "This slot is over; choose another.";
    TooFarAhead { days: u32 } "too-far-ahead" => "只能预约 {days} 天以内的时段。", "You can book at most {days} days ahead.";
    SlotFull "slot-full" => "这个时段刚刚约满，请选别的时段。", "This slot has just been filled; choose another.";
    NoSuchAppointment "no-such-appointment" => "没有找到这个预约。请核对预约码，或者重新预约。", "There is no such appointment. Check the code, or book again.";
    AppointmentIsOver "appointment-is-over" => "这个预约已经签到或取消，不能再改。", "This appointment was used or cancelled and can no longer be changed.";
    OneIsEnough "one-is-enough" => "您已经有一个同样的预约，请先改期或取消。", "You have the same appointment already; move or cancel it first.";
}
