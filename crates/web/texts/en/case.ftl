# Words about cases that several audiences share
colour-green = On time
colour-yellow = Due soon
colour-red = Due very soon
colour-due-today = Due today
colour-overdue = Overdue
colour-paused = Clock paused
colour-done = Done on time
colour-done-late = Done late
colour-decided = Decided in time
colour-decided-late = Decided late
due-paused = The clock is paused
due-paused-applicant = The clock stands still until the applicant has done their step
due-result-awaited = waiting for the result of another item of this case
due-moved = The calendar was published: the last day of “{ $clock }” moves from { $from } to { $to }
due-applicant-step = waiting for the applicant's own step
due-done = Done in time
due-done-late = Done, after the limit
due-over = { $days ->
    [one] One working day over
   *[other] { $days } working days over
 }
due-none = No limit
due-done-in-time = in time (by { $day })
due-done-after-limit = after the limit of { $day }
due-today = Due today
due-left = { $days ->
    [one] One working day left
   *[other] { $days } working days left
 }
due-why = How was this date worked out?
due-counted = { $counted } days counted, { $skipped } not counted.
due-same-day = { $day }: due on the day itself, nothing is counted
due-extended = { $days } days of it were added by an extension
due-start = { $day }: the starting day does not count
due-makeup = { $day }: make-up working day for { $name }, counted
due-last = { $day }: the last day
due-provisional = The holiday notice for { $year } is not out yet; public holidays fixed by law and Mondays to Fridays are assumed until it is.
due-unlisted = The holiday notice for { $year } is not in this zone’s calendar; public holidays fixed by law and Mondays to Fridays are assumed.
