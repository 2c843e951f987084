# public
p-home-title = Services
p-home-ask = What do you want done today?
p-home-things = What people come for
p-home-more = You can also
p-home-track = Track a case
p-home-track-hint = With its number and the last four digits of your telephone.
p-home-resume = Go on with a form
p-home-resume-hint = With a code, on another device.
p-home-verify = Verify a licence
p-home-verify-hint = See whether a licence is genuine and in force.
p-home-feedback = Report a pain point
p-home-feedback-hint = One sentence about what is unreasonable or inconvenient; we mend it and ask you.
p-reckon-questions = { $settled ->
    [yes] { $count ->
        [one] 1 question
       *[other] { $count } questions
     }
   *[no] { $count ->
        [one] about 1 question
       *[other] about { $count } questions
     }
 }
p-reckon-papers = { $settled ->
    [yes] { $count ->
        [0] no documents
        [one] 1 document
       *[other] { $count } documents
     }
   *[no] { $count ->
        [0] probably no documents
        [one] about 1 document
       *[other] about { $count } documents
     }
 }
p-reckon-visits = { $settled ->
    [yes] { $count ->
        [0] no visit
        [one] 1 visit
       *[other] { $count } visits
     }
   *[no] { $count ->
        [0] probably no visit
        [one] about 1 visit
       *[other] about { $count } visits
     }
 }
p-reckon-done = done by { $day } if you apply today
# Search
p-search-title = Find what you want done
p-search-label = Say in a word or two what you want done
p-search-placeholder = e.g. restaurant
p-search-go = Search
p-search-see-all = See everything
p-search-all-things = Things people want done
p-search-things = Things
p-search-items = Single items
p-search-none = Nothing found for “{ $query }”
p-search-none-next = Try other words or fewer of them, see everything, or ask at a window.
p-search-found = { $count ->
    [one] 1 found
   *[other] { $count } found
 }
# Accounts
p-sign-in-title = Sign in
p-sign-in-lead = Signed in, you see your cases and drafts on every device.
p-sign-in-not-needed = You need no account to apply. Only want to know where it stands?
p-totp-title = Enter the code
p-totp-lead = The password is right. Now the code that your authenticator shows.
p-totp = Code
p-totp-hint = The 6 digits in your authenticator, or one of your recovery codes.
p-totp-other = Sign in as somebody else
p-totp-lost = Neither telephone nor recovery codes at hand? Ask an administrator, who resets it once your identity is checked in person.
p-factor-title = Two-step sign-in
p-factor-demanded = This zone asks its staff for a code besides the password. Set it up now; it takes about two minutes.
p-factor-step-app = Install an authenticator on your telephone; any that knows TOTP will do.
p-factor-step-scan = Scan this code with it.
p-factor-qr = The code for your authenticator to scan
p-factor-key = It cannot be scanned? Choose to enter the key by hand:
p-factor-step-code = Enter the code that it shows, to confirm.
p-factor-code-hint = 6 digits; a new code every 30 seconds.
p-factor-go = Turn on
p-factor-off = Not on. With it, nobody gets in who only knows your password.
p-factor-set-up = Set up two-step sign-in
p-factor-on = on
p-factor-drop = Turn off (new telephone)
p-factor-drop-hint = You are signed out everywhere; after signing in again you can set it up on the new telephone.
p-recovery-title = Recovery codes
p-recovery-done = Two-step sign-in is on.
p-recovery-lead = Without your telephone, one of these takes the place of the code. Each works once.
p-recovery-once = They are shown this once. Write them down or print them now, and keep them apart from the telephone.
p-recovery-go-on = I have them; go on
p-recovery-left = { $left } of { $all } recovery codes are left.
p-account-title = My account
p-account-done-ended = Signed out there.
p-account-done-password = The password is changed, and every other device is signed out.
p-sessions-title = Where you are signed in
p-sessions-hint = You stay signed in for { $hours } hours at most, and { $minutes } minutes without use. A new password or other roles end all of it.
p-sessions-end-others = Sign out everywhere else
p-session-unknown = A browser that was not recognised
p-session-this = this one
p-session-since = signed in { $at }
p-session-seen = last used { $at }
p-session-from = from { $from }
p-session-end = Sign out there
p-login = Login
p-login-hint = 3 to 40 letters or digits.
p-password = Password
p-password-hint = At least 8 characters, none that is guessed at once; at least 10 for staff.
p-old-password = Present password
p-new-password = New password
p-new-password-again = New password again
p-new-password-differs = The two new passwords differ; enter them again.
p-change-password = Change the password
p-change-password-hint = Every other device is signed out; this one goes on.
p-choose-password = Choose a password of your own
p-choose-password-lead = The present one was set by an administrator and opens nothing but this step. Choose one that only you know.
p-choose-password-go = Save and go on
p-name = Name
p-name-hint = How we may call you.
p-phone = Mobile telephone
p-phone-hint = We reach you there; its last four digits also open the tracking page.
p-register-title = Open an account
p-register-lead = It takes a minute. You can also apply without one.
p-register-go = Open the account and sign in
p-register-link = No account yet? Open one
p-demo-title = Demonstration accounts
p-demo-hint = This is a demonstration: one tap signs you in as that person.
# Guides
p-figure-questions = { $count ->
    [one] question
   *[other] questions
 }
p-figure-papers = { $count ->
    [one] document
   *[other] documents
 }
p-figure-visits = { $count ->
    [one] visit
   *[other] visits
 }
p-figure-likely = { " " }(usual situation)
p-figure-done = done by, if you apply today
p-thing-situation = What is your situation?
p-thing-situation-usual = The figures above are for the usual situation. Choose yours, and figures, documents and dates follow.
p-thing-situation-own = Everything on this page now follows your situation; what you left open is taken as usual.
p-thing-no-situation = It is the same for everybody: just begin.
p-thing-reckon = Work it out for me
p-thing-reset = Back to the usual situation
p-thing-who = Who applies?
p-thing-who-hint = A licensed company or organisation chooses “A company or organisation”; everybody else, also who has no licence yet, “A person”.
p-thing-begin = Begin
p-thing-begin-hint = No account needed. Stop whenever you like; everything is saved.
p-thing-items = What it contains
p-thing-item-guide = The full guide
p-nothing-applies = In this situation nothing has to be done. Check your choices above, or ask at a window.
p-obstacle = “{ $item }” may not be granted
p-obstacle-next = Nothing that you filled in is lost. Settle this first and come back; or apply all the same, and an officer decides by law.
p-obstacle-change = Answered by mistake? Change “{ $question }”
p-nothing-applies-here = By your answers there is nothing to apply for, so this cannot be handed in. What you filled in is kept.
p-nothing-applies-change = Change the answers about your situation
p-closed = “{ $item }” is not open to this applicant: { $party }
p-closed-other = It is open to another kind of applicant ({ $party }). Everything filled in is kept. Or change the situation.
p-closed-change = Apply as: { $party }
p-closed-next = Change the answers about your situation, or ask at a window which way suits you.
p-party-natural = A person
p-party-legal = A company or organisation
p-lanes-title = Who decides, and when
p-lanes-hint = If everything is handed in today and each department takes all its time. Bars beside each other run in parallel.
p-lanes-none = Choose your situation, and the departments' times are drawn here.
p-lanes-today = Handed in today
p-lanes-as-table = As a table
p-lanes-summary = { $count } items, done by { $day } at the latest
p-lane-item = Item
p-lane-who = Department
p-lane-begins = Begins
p-lane-after = (after { $items })
p-lane-promised = Promised
p-lane-statute = By statute
p-papers-title = Documents
p-papers-none = No documents are needed.
p-papers-held = The zone gets these itself
p-paper = Document
p-paper-need = Need
p-paper-form = Form
p-paper-when = When
p-paper-always = Always
p-paper-held = We have it
p-paper-template = Blank form
p-paper-from = from: { $source }
p-paper-may-follow = may follow later
p-need-required = Required
p-need-tolerable = May follow later
p-need-optional = Optional
p-need-promisable = A signed promise may replace it
p-medium-electronic = Electronic
p-medium-original = Original on paper
p-medium-copy = Copy on paper
p-compare-title = Separately, and here
p-compare-separate = One by one
p-compare-here = Here, in one
p-basis = Legal basis
p-certainty-verified = read in the text
p-certainty-recalled = as commonly known, not checked against the text
p-certainty-inferred = the zone's own reading
p-conditions = Conditions
p-conditions-hint = Before you apply, see whether any of these holds; then it cannot be granted:
p-item-class = Class
p-item-open-to = Who may apply
p-item-channels = How
p-item-code = { $scheme ->
    [local] Code in the zone
   *[other] Code ({ $scheme })
 }
p-item-apply-through = Apply through
p-item-questions = Questions
p-item-questions-count = At most { $count } questions
p-visits = Visits
p-steps = Steps
p-step-present = in person
p-step-remote = may be done remotely
p-step-checklist = Checklist
p-step-lasts = Runs for at least { $time }.
p-step-runs-until = “{ $step }” runs until { $day }.
p-step-place = Where to come: { $place }
p-step-when = Only where: { $when }
p-step-not-counted = Time for the { $pause } does not count by statute; you are told in writing how long it takes.
p-step-local-pause = Time for “{ $pause }” does not count against the promise, but against the statute.
p-limits = Time limits
p-limit-promised = Promised
p-limit-statutory = By statute
p-limit-intake = Answer about acceptance within
p-limit-silence = Without an answer it counts as accepted from the day of receipt.
p-limit-extension = May be extended by
p-limit-extension-none = No extension
p-limit-delivery = Delivered within, after the decision
p-limit-none = None set
p-limit-on-the-spot = On the spot
p-limit-same-day = The same day
p-fees = Fees
p-fees-none = None
p-results = What you get
p-results-none = No licence or document of its own.
p-result-licence = licence
p-result-approval = approval
p-result-record = record
p-result-certificate = certificate
p-result-reply = reply
p-valid-years = Valid for { $count } years
p-valid-months = Valid for { $count } months
p-valid-days = Valid for { $count } days
p-windows = Windows and hours
p-windows-none = No window serves it; please apply online.
p-hours-noon = noon service
p-hours-evening = evening service
p-hours-weekend = weekend service
p-remedies = If you disagree
p-reconsideration = Reconsideration by
p-court = Court
p-channel-online = online
p-channel-window = at a window
p-channel-post = by post
p-channel-kiosk = at a kiosk
p-you = You
p-system = The system
# One's own
p-my-title = My cases
p-my-all = See all
p-my-none = Your drafts and cases will be here
p-my-none-next = Choose something that you want done, and begin.
p-my-begin = Choose
p-my-drafts = Not handed in yet
p-my-cases = Handed in
p-my-here = On this device only
p-my-here-hint = These were filled in on this device by somebody who was not signed in, and are not in your account. If they are yours, take them into it; then you can go on with them on any device.
p-my-adopt = Take into my account
p-my-adopted = They are in your account now: sign in on any device to go on.
p-my-leave = Is this a shared device? Clear its records
p-leave-title = Clear the records of this device
p-leave-what = Forms filled in, cases looked up and numbers taken on this device without signing in will no longer open on it for anybody. What was handed in goes on as usual.
p-leave-drafts = { $count ->
    [0] There is no unfinished form on this device.
    [one] One form is not handed in. To go on with it later, open it and get a resume code first; without one it can no longer be opened.
   *[other] { $count } forms are not handed in. To go on with them later, open them and get resume codes first; without one a form can no longer be opened.
  }
p-leave-cases = Cases that were handed in open with their number and the code on the receipt.
p-leave-go = Clear
p-leave-done = The records of this device are cleared.
p-my-missing = Missing something?
p-draft-tag = Draft
p-draft-saved-at = Saved { $at }
p-state-completed = Completed
p-state-closed = Closed
p-received-on = received { $day }
p-due-on = due { $day }
p-due-passed = Was due by { $day }, which has passed
# The form
p-saved = Saved
p-saving = Saving…
draft-shut = This application no longer opens on this device. Press “Save and continue” to see what you wrote and how to go on
p-save-failed = Not saved; press “Save and continue”
p-moved-title = The rules have just been updated, and your form with them
p-moved-questions-added = New questions:
p-moved-questions-removed = No longer asked:
p-moved-papers-added = New documents:
p-moved-papers-removed = No longer needed:
p-moved-kept = Everything you filled in is still there.
p-tasks-title = Your list
p-progress = { $left ->
    [0] All { $answered } questions that need an answer have one.
   *[other] { $settled ->
        [yes] { $answered } answered, { $left } to go.
       *[no] { $answered } answered, about { $left } to go.
     }
 }
p-progress-optional = { $count ->
    [one] One more may be left blank.
   *[other] { $count } more may be left blank.
 }
p-progress-about = Figures are those of the usual situation. They change when yours is another, and you are told.
p-progress-label = Progress
p-go-on = Continue
p-task-done = Done
p-task-some = { $settled ->
    [yes] { $answered } of { $needed }
   *[no] { $answered } of about { $needed }
 }
p-task-none = { $settled ->
    [yes] { $needed } to answer
   *[no] about { $needed } to answer
 }
p-task-papers-about = { $count ->
    [0] probably none
   *[other] about { $count }
 }
p-task-after-situation = After the situation
p-task-no-papers = None needed
p-task-papers = { $count ->
    [one] 1 missing
   *[other] { $count } missing
 }
p-task-ready = Ready
p-task-not-yet = After the others
p-later-title = Another day or another device
p-later-hint = This device keeps it. To go on elsewhere, get a code first.
p-code-make = Get a code
p-code-title = Your code
p-code-valid = Valid for seven days and for one use: whoever enters it first can open this form. Give it to nobody you do not know.
p-code-how = On the other device, open
p-code-label = Code
p-code-hint = Eight letters and digits, like 7KQ2-M9XF.
p-code-wrong = There is no such code, or it was used or has run out. Check it, or get a new one on the first device.
p-back-to-form = Back to the form
p-back-to-list = Back to your list
p-section-of = { $settled ->
    [yes] Part { $place } of { $count }
   *[no] Part { $place } of about { $count }
 }
p-save-and-go-on = Save and continue
p-save-for-later = Save for later
p-required = Please answer “{ $label }”.
p-known-wrong = Not right? Change it
p-known-fixed = Is the register wrong?
p-source-registry = shared data
p-source-case = your case { $number }
p-source-entry = what the zone issued later, { $number }
p-source-account = your account
papers-alike = “{ $papers }” are one and the same file. If it does not hold all of them, give each its own; if it does, leave it so.
p-source-number = held in “{ $field }”
p-source-context = the page you came from
p-source-as-of = From { $source }, as of { $day }. If it is right, nothing need be typed.
p-source = From { $source }. If it is right, nothing need be typed.
p-why = Why do we ask?
p-why-use = “{ $item }” needs it.
p-papers-after-situation = Answer the questions about your situation first; then we know which documents are needed.
p-rating-not-agents = The rating is the applicant’s own; an agent cannot give it.
p-modes-title = Fewer documents, or later
p-modes-hint = It is your choice; otherwise it is handled as usual.
p-promise-title = A promise for “{ $item }”
p-promise-check = The promise is checked within { $limit } after the licence is granted.
p-promise-sign = I have read this, and I promise
p-tolerate-title = “{ $paper }” may follow later
p-tolerate-within = Within { $limit } after acceptance.
p-tolerate-sign = I will bring it later
p-modes-save = Save these choices
p-paper-there = Uploaded
p-paper-seen = Original seen
p-paper-seen-at = The window saw the original: { $at }
p-paper-due = Missing
p-paper-later = To follow
p-paper-promised = Replaced by your promise
p-paper-for = for { $items }
p-file-choose = Choose the file for “{ $paper }”
p-file-hint = A photograph will do. PDF, picture, Word, Excel or text, at most { $megabytes } MB.
p-file-by = taken in by { $officer }
p-file-remove = Remove
p-file-none-chosen = Choose a file first, then upload it.
p-check-title = Check and hand in
p-check-gaps = { $count ->
    [one] One thing is still open
   *[other] { $count } things are still open
 }
p-check-then = What happens then
p-check-done-on = Handed in today, everything is decided by { $day } as promised.
p-check-declare = By handing in you declare that all of this is true and complete.
p-submit = Hand in
p-change = Change
p-answer-wrong = To be mended
p-answer-known = already known
p-answer-missing = Not answered
p-answer-blank = Left blank
# Feedback
p-feedback-about = You were looking at: { $thing }
p-feedback-page = You were on this page:
p-feedback-begin = Report a pain point
p-feedback-hint = One sentence is enough, and no name is needed; leave a telephone number if you want an answer. A picture may be added.
p-feedback-last = What became of the last reports
p-feedback-none = No reports yet
p-feedback-none-next = You can be the first. What is done about each is listed here, without names or texts.
p-feedback-confirmed = Mended, and confirmed by the person
p-feedback-open = Being dealt with
p-closed-on = closed { $day }
# Number and tracking
p-print = Print
p-number-title = Received: this is your number
p-number-qr = Scan to track
p-number-due = Decided by { $day }, as promised
p-number-next = What happens next
p-number-intake = { $department } answers by { $day } (within { $limit } of receipt) whether “{ $item }” is accepted, and tells everything that is missing at once.
p-number-intake-today = { $department } says on the same day ({ $day }) whether “{ $item }” is accepted, and at once everything that is missing.
p-number-promise = “{ $item }” is promised within { $limit } of acceptance, by { $day } at the latest.
p-number-promise-same-day = “{ $item }” is promised on the day of acceptance, by { $day } at the latest.
p-number-promised = “{ $item }” is accepted and promised by { $day }.
p-owed-by = “{ $paper }”, which you promised for later, is due within { $limit } of the acceptance of “{ $item }”; if it does not come, the application for that item ends.
p-owed = Please send “{ $paper }”, which you promised for later, soon: nothing is issued before.
p-number-others = The other items begin by themselves as soon as the results before them are there.
p-number-told = Whatever is asked of you stands on the tracking page; we call the number that you left if need be.
p-number-told-not = You left no telephone: keep the number and the code, and look online or ask at a window at any time.
p-number-track = Track it
p-number-calendar = Add to my calendar
p-number-keep = Keep a picture or a print. On another device, the number with the last four digits of your telephone shows progress; with the receipt code it lets you correct and withdraw.
p-calendar-summary = { $thing } decided ({ $number })
p-track-number = Number of the case
p-track-number-hint = 15 digits; spaces and hyphens do not matter.
p-track-phone = Last four digits of the telephone number in the application, or the code of the receipt
p-track-phone-hint = The digits show progress; the code opens documents, corrections and withdrawing too.
p-track-go = Show
p-track-wait = With the code of the receipt, or the account or device that handed it in, there is no need to wait.
p-track-wrong = No case fits. Check the number, and the four digits or the code.
p-track-mine = Cases from this device
p-case-number = Number
p-case-due-passed = It was to be done by { $day }, which has passed. Below stands what it waits for.
p-case-due = Everything decided by { $day }
p-case-lanes = Where each department stands
p-case-timeline = What has happened
p-own-answers = What I answered
p-own-answers-lead = The answers that the case uses now. Before it is accepted, a window can correct them with you on the spot; later, write a message or raise an objection on the case's page.
p-own-answers-back = Back to the case
p-own-answers-none = There is nothing to read
p-own-answers-none-next = This case has no answers, or they were deleted by the rules.
p-case-files = Files handed in
p-case-saved = Visits made, and what you were spared
p-state-open = Open
p-matter-waiting = Waits for another result
p-matter-received = Received
p-matter-correcting = Waits for your correction
p-matter-accepted = Accepted
p-matter-granted = Granted
p-matter-completed = Completed
p-matter-refused = Refused
p-matter-not-accepted = Not accepted
p-matter-lapsed = Lapsed
p-matter-withdrawn = Withdrawn
p-matter-dropped = Dropped
p-end-not-required = By law nothing need be permitted here; you may go ahead.
p-end-not-our-remit = It is not ours; please apply to { $organ }.
p-end-correction-expired = The correction did not come in time. You may apply again.
p-end-gap-not-closed = The document did not follow in time. You may apply again.
p-end-promise-broken = The promise did not hold.
p-end-result-ended = The result was ended before it was handed out.
p-end-no-longer-applies = By the corrected answers it is no longer needed.
p-end-prerequisite-failed = The result that it needs did not come or is no longer in force.
p-end-paid = A fee was paid for this and it did not come about: ask whoever collected it to pay it back, with the receipt.
p-end-abolished = The new rules have abolished it.
p-holder-you = It waits for you.
p-holder-you-step = It waits for you: { $step }.
p-holder-department = With { $department }: { $step }.
p-holder-officer = An officer of { $department } is at it: { $step }.
p-holder-system = The system is at it.
p-holder-items = Waits for the result of “{ $items }” and begins by itself.
p-since = since { $day }
p-clock-intake = Answer about acceptance
p-clock-correction = Your time to correct
p-clock-statutory = Statutory limit
p-clock-promised = Promised limit
p-clock-delivery = Delivery
p-clock-gap = Your time to follow up
p-clock-promise-check = Check of the promise
p-clock-statutory-until = By statute, { $day } at the latest.
p-lane-steps = Steps: { $done } of { $count } done
p-step-is-done = (done)
p-step-is-open = now
p-visits-which = You still have to be there for the following; steps that are looked at together take one journey. When one is due, this page tells time, place and what to bring.
p-visits-made = visits made ({ $to-come } to come)
p-days-saved = working days earlier than the statute
p-questions-saved = questions not asked again
p-papers-saved = documents not asked for
p-visits-saved = visits spared
p-result-view = View and print
p-result-file = Download the signed file
p-result-verify = Verify
p-result-qr = Scan to verify
p-result-translation = For reference; the Chinese text counts.
p-back-to-case = Back to the case
p-result-ended = This result is { $change } (on { $day }) and no longer valid.
p-rests-on-ended = What this rests on, the result of “{ $item }”, is no longer in force: it can be neither granted, paid for nor issued. The department will answer you in writing; you may also withdraw it. If you disagree with what was done to that result, see the decision about it.
p-change-taken-back = taken back
p-change-altered = altered
p-change-annulled = annulled
p-change-revoked = revoked
p-change-cancelled = cancelled
p-change-replaced = replaced by a newer one
p-change-replaced-by = replaced by { $number }
# What waits for the person
p-todo-title = Waits for you
p-correction-title = Correction: { $item }
p-correction-no-limit = No time limit is set; the sooner it comes, the sooner it goes on.
p-correction-clock = Everything that is missing has to be told at once; the clock starts again on the day you supply it.
p-correction-unchanged = What you were asked to correct is as it was. Correct it and send it again; if it was right, tick “What I wrote is right”.
p-correction-as-it-was = What I wrote is right and stays (a correction can be asked for only once; the decision will rest on this)
p-correction-send = Send the correction
p-file-there-already = One has arrived; you may replace it.
p-gap-title = To follow: { $paper }
p-gap-hint = You promised it for later. “{ $item }” is issued once it is here.
p-gap-send = Send it
p-step-come = You have to be there for this step.
p-step-silent = If you have not answered by { $day }, it counts as a yes and goes on.
p-step-no-means = If you say no, it goes back to “{ $back }”.
p-step-comment = Your comment
p-step-yes = Yes, it is well so
p-step-no = No, not yet
p-pay-how = Pay at any window with the case number, or online with the payment code that you were sent; then press the button below.
p-pay-with = Give this number when you pay:
p-step-paid = I have paid
p-step-finished = I have done it
p-did-message = Sent. The answer will appear under “What has happened”.
p-did-objection = Your objection has arrived; somebody will look again and answer you.
p-did-withdrawn = Withdrawn.
p-did-rated = Thank you for your rating. If you are not content, somebody will call you.
p-did-step = Recorded.
p-did-supplied = Your correction has arrived, and the clock has started again.
p-did-gap = The document has arrived.
p-rating-title = Your rating
p-rating-ask = How was it?
p-rating-yours = You chose “{ $level }”.
p-rating-5 = Very satisfied
p-rating-4 = Satisfied
p-rating-3 = Fairly satisfied
p-rating-2 = Dissatisfied
p-rating-1 = Very dissatisfied
p-rating-comment = Anything you want to say
p-rating-named = You may contact me by name
p-rating-send = Send the rating
p-rating-missing = Choose one of the five first.
p-talk-title = Something to say
p-message-ask = Ask
p-message-send = Send
p-message-waits = Your last message still waits for an answer.
p-object-title = Object
p-object-hint = Say what you think is wrong. Somebody will look at it again.
p-object-ask = What is wrong
p-object-send = Send the objection
p-withdraw-title = Withdraw
p-withdraw-hint = Everything stops that is not decided yet, or is granted but neither recorded nor issued; a fee that was paid is paid back on request. You may apply again later.
p-withdraw-ask = Why
p-withdraw-send = Withdraw now
# The timeline
p-said-submitted = You handed in the application
p-said-released = The results that “{ $item }” needs are there; it has begun
p-said-restated = You corrected your answers
p-said-replanned = The steps of “{ $item }” follow the corrected answers
p-said-replanned-edition = The steps of “{ $item }” follow the new rules
p-said-dropped = “{ $item }” was dropped
p-said-edition-moved = The case now follows the new rules
p-said-materials = { $papers } came for “{ $item }”
p-said-accepted = “{ $item }” was accepted
p-said-deemed = Nobody answered in time, so “{ $item }” counts as accepted from { $day }
p-said-not-accepted = “{ $item }” was not accepted
p-said-presence-back = “{ $item }”: the note that you came was taken back
p-said-present = “{ $item }”: you came to apply in person
p-said-on-the-spot = “{ $item }” was corrected on the spot
p-said-correction = A correction is needed for “{ $item }”
p-said-correction-again = A second correction was asked for “{ $item }”; supervision was told
p-said-supplied = Your correction for “{ $item }” arrived
p-said-lapsed = “{ $item }” lapsed
p-said-step-silent = No answer came in time, so it counts as a yes: { $step }
p-said-step = { $who }: { $step } done
p-said-step-no = { $who }: { $step }, answered no
p-said-step-back = { $who }: { $step }, not yet; back to “{ $back }”
p-said-paused = The clock of “{ $item }” stands still: { $pause }
p-said-paused-for = The clock of “{ $item }” stands still for { $needed }: { $pause }
p-said-resumed = { $pause } is over; the clock of “{ $item }” runs again
p-said-extension-asked = An extension for “{ $item }” was asked for
p-said-extended = “{ $item }” was extended by { $more }
p-said-extension-denied = The extension for “{ $item }” was denied
p-said-granted = “{ $item }” was granted
p-said-refused = “{ $item }” was refused
p-said-issued = The result of “{ $item }” was issued, number { $number }
p-said-delivered = The result of “{ $item }” was delivered ({ $how })
p-said-gap-closed = Followed: { $papers }
p-said-promise-kept = The promise for “{ $item }” held
p-said-promise-broken = The promise for “{ $item }” did not hold
p-said-result-changed = The result of “{ $item }” was { $change }
p-said-result-replaced = The result of “{ $item }” was made out anew ({ $number }); the old one is no longer valid from then on. Nothing was annulled and nobody is penalised
p-acted-step = The window did “{ $step }” for you ({ $proof })
p-acted-withdrawal = The window withdrew the application for you ({ $proof })
p-acted-objection = The window raised an objection for you ({ $proof })
p-acted-correction = The window handed in your correction ({ $proof })
p-acted-changed = { $field }: from “{ $before }” to “{ $after }”
p-acted-blank = not answered
p-acted-answers = The window changed your answers for you ({ $proof })
p-said-act-undone = You took back what the window had done for you
p-said-at-window = Recorded for you at the window by { $officer }
p-proof-ticket = by number { $number }, served at the window
p-proof-identity-seen = your identity document was seen
p-proof-phone-digits = the last four digits of your phone were right
p-proof-paper-signed = by a paper that you signed
p-proof-papers-brought = by the papers that came
p-undo-who = Recorded by { $officer } at { $time }. Not what you want? You can take it back for a day.
p-undo = Take it back
p-did-undone = Taken back.
p-said-withdrawn = You withdrew “{ $item }”
p-said-objection = You objected
p-said-objection-answered = Your objection was answered
p-said-rated = You rated: { $level }
p-said-message-yours = You asked
p-said-message = The administration said
p-said-warned = “{ $item }” is due soon; the department was reminded
p-said-warned-red = “{ $item }” is due at once; the department was pressed
p-said-overdue = “{ $item }” is late: { $clock }, up to { $day }; supervision was told
p-said-overdue-explained = Why “{ $item }” is late
p-delivery-online = online
p-delivery-window = at the window
p-delivery-post = by post
# Verification
p-verify-title = Verify a licence
p-verify-identifier = Identifier
p-verify-identifier-hint = Printed beside the code; you may also paste the whole address that the code opens.
p-verify-go = Verify
p-verify-file = Upload the signed file
p-verify-file-hint = The file that ends in .json, at most 1 MB. It is not kept.
p-verify-file-go = Verify the file
p-verify-how = It is checked with the issuer's public key; a change of a single character is noticed.
p-verify-offline = Documents can be verified without a network too: download these two files and use the command yichuang verify.
p-verify-keys = The issuers' public keys
p-verify-status = The list of withdrawn documents (fetch a new one every day)
p-verify-other = This is no licence identifier
p-verify-other-next = An identifier has several parts with dots between them and stands beside the code. The number of a licence or of a case cannot be verified; the easiest is to scan the code.
p-verify-unknown = No document with this identifier was issued here
p-verify-unknown-next = Check the identifier. If it is what the paper says, the paper may be forged: please tell us.
p-verify-good = Genuine and in force
p-verify-bad = It does not verify
p-verify-changed = Issued here, but { $change }
p-verify-changed-next = The signature is genuine, but it is no longer in force as it stands.
p-verify-document = Document
p-verify-issuer = Issued by
p-verify-holder = Holder
p-verify-issued = Issued on
p-verify-until = Valid until
p-verify-hidden = { $count } more entries are not public.
p-verify-digest = Digest
p-verify-digest-hint = It has to be the same as the one printed on the paper.
p-verify-same = The same as in the code that you scanned.
p-verify-different = Not the same as in the code that you scanned: the paper may have been altered.
p-case-traces = Who has read my data
p-case-notices = Notices
p-reckon-separate = One by one: { $questions ->
    [one] 1 question
   *[other] { $questions } questions
 }, { $papers ->
    [one] 1 document
   *[other] { $papers } documents
 }, { $visits ->
    [0] no visit
    [one] 1 visit
   *[other] { $visits } visits
 }
p-file-more = Replace it or add another
p-case-results = Licences and documents issued
p-case-agents = Let somebody act for you
p-agents-title = Let somebody act for you
p-agents-lead = A specialist, a colleague or somebody in your family may act for you with an account of their own: in this one case, for a limited time, and you can take it back at any moment.
p-agents-none = Nobody acts for you now.
p-agents-add = Name somebody
p-agents-login = Their login
p-agents-login-hint = The login with which they sign in here. Ask them.
p-agents-name = Their name
p-agents-name-hint = As the account has it; if it does not fit, nothing is allowed.
p-agents-days = For how long?
p-agents-days-count = { $days } days
p-agents-means = Until then they see all of this case and may fill in, hand in, correct, write and withdraw for you. Every step says who took it. They cannot pass it on.
p-agents-go = Agree
p-agents-back = Back
p-agents-take-back = Take it back
p-agents-give-up = Stop acting
p-agents-past = Earlier consents
p-agents-ended = ended on { $day }
p-agents-span = { $from } to { $until }
p-agents-nameless = An account that was closed
p-agents-manage = Allow or take back
p-agents-applicant = the applicant
p-agents-acting = You act for { $applicant }
p-agents-acting-until = Consent lasts until { $until }. Every step you take says that you took it.
p-agents-acting-more = About this consent
p-my-entrusted = Cases in which I act for others
p-said-by-agent = done for you by { $agent }
p-openid-go = Sign in with your official identity
p-openid-or = Or with login and password
p-openid-failed = The provider did not sign you in
p-openid-declined = The provider said no, or the account may not sign in. Try again, or use your password.
p-openid-not-ours = That took too long, or the sign-in was begun on another device. Try again.
p-openid-silent = The provider does not answer now. Try again later; in a hurry, use your password.
p-openid-invalid = What the provider said could not be verified, so you were not signed in. Tell the administrator, or use your password.
p-openid-again = Try again
p-openid-password = Use the password
p-openid-unlinked = No account is linked yet
p-openid-unlinked-lead = The provider knows you, but no account here is linked to you. Give this code to the security administrator:
p-openid-unlinked-next = It is good for 72 hours. Once it is linked, sign in with your official identity again.

p-token-title = Tokens for programs
p-token-hint = A token lets a program act for you, with the rights that you choose and for some time. A new password or other roles end all of them.
p-token-manage = Make tokens and take them back
p-token-new = A new token
p-token-name = What it is for
p-token-name-hint = So that you recognise it later, for example “ledger of our shop”.
p-token-scopes = What it may be used for
p-token-days = Days until it ends
p-token-make = Make the token
p-token-own = Your tokens
p-token-none = You have no tokens. Make one above when a program needs it.
p-token-until = ends on { $day }
p-token-unused = never used
p-token-revoke = Take back
p-token-revoked = Taken back. It opens nothing any more.
p-token-made = Your token
p-token-once = Copy it now and keep it like a password: it is shown this once. We keep only its fingerprint.
p-token-kept = I have kept it
p-scope-cases-read = Read cases, worklists, files and results
p-scope-cases-act = Act on cases
p-scope-drafts = Begin applications, fill them in, hand them in
p-scope-halls = Take numbers, book appointments, work at a window
p-scope-figures-read = Read figures
p-scope-accounts = Keep accounts
p-scope-webhooks = Say where webhooks go
p-scope-packs = Check packs and publish them
p-scope-records = Forget people, keep records, read the audit trail
p-api-title = Interface for programs
p-api-what = What the pages do, programs can do too, by the same rules and with the same rights.
p-api-token = Send a token in the header Authorization: Bearer.
p-api-guest = People without an account get a key from POST /access-keys; it is sent the same way and opens what was begun with it.
p-api-pages = Lists come in pages: ask again with next_cursor for what follows.
p-api-once = A POST with an Idempotency-Key takes effect once, however often it is sent. Repeat it when an answer was lost.
p-api-limits = Every answer says in RateLimit how many requests are left; a 429 says in Retry-After when to come back.
p-api-operations = Operations
p-api-needs-token = token
p-api-body = Send
p-api-answer = Answer
p-api-shapes = Shapes
p-api-problems = Problems
p-api-problems-hint = Whatever is refused is told as application/problem+json (RFC 9457). The code may also be that of the rule that refused, such as wrong-state.
p-progress-only = Progress only, for now
p-progress-only-why = The number and four digits of the telephone show progress. For documents and messages, corrections, withdrawing or an agent, use the code of the receipt, or the device or account that handed it in.
p-progress-yours = Something is asked of you now. Enter the code to see what.
p-progress-code = Code of the receipt
p-progress-code-hint = Eight letters and digits on the page after handing in. If it is lost, a window finds it for you with your identity document.
p-progress-go = Open everything
p-number-code = Receipt code
p-number-code-why = On another device, the number and this code let you do everything. Tell nobody else.
p-about = about
# What an answer changed
news-new = { $count ->
    [one] Your last answers bring one more question on this page, marked “new”.
   *[other] Your last answers bring { $count } more questions on this page, marked “new”.
 }
news-figures = Your last answers change the figures: { $figures }.
news-questions = questions { $was } → { $is }
news-papers = documents { $was } → { $is }
news-visits = visits { $was } → { $is }
news-tag = new
news-because = Because you answered “{ $labels }”.
