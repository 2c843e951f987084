# Steps at which the applicant has to be there
visit-site-title = { $step }: your premises will be looked at
visit-hall-title = { $step }: please come to the hall
visit-who = Who comes
visit-who-comes = { $department }, { $officers ->
    [one] one officer
   *[other] { $officers } officers
}
visit-how = How
visit-how-site = On site
visit-how-either = On site, or by video
visit-when = When
visit-when-open = Not fixed yet; { $department } arranges it. Say below when it suits you, and you will be answered on this page. If it is urgent, call.
visit-when-hall = While the hall is open. With an appointment you need not wait.
visit-phone = Telephone
visit-looked-at = What is looked at; you may go through it yourself first:
visit-where = Where
visit-all = Who has to come
visit-all-parties = Everybody named in the application. Who cannot come may let somebody act for them first.
visit-bring = What to bring
visit-bring-identity = Your identity document
visit-bring-papers = Your identity document, and the originals of: { $papers }
visit-book = Make an appointment: { $hall }
visit-propose-day = Which day suits you?
visit-propose-hours = What time of day?
visit-hours-any = Any time
visit-hours-morning = Morning
visit-hours-afternoon = Afternoon
visit-way-site = On site
visit-way-video = By video
visit-propose-send = Tell them
visit-propose-missing = Choose a day.
visit-proposed = A time for “{ $step }”: { $day }, { $hours }.
visit-proposed-way = { " " }How: { $way }.
p-did-visit = They know now when it suits you. You will be answered on this page.
feedback-more = More, if you like (optional)
feedback-send = Send
feedback-picture = Add a picture
feedback-page = It happened on this page: { $page }
draft-delete = Delete this draft
draft-delete-hint = What you filled in and uploaded is deleted and cannot be brought back.
draft-delete-go = Delete it
draft-deleted = The draft is deleted.
guide-own-draft = You have a draft that is not handed in
guide-own-draft-go = Go on with it
