mine-title = Where time goes
mine-on-this-page = On this page
mine-other = The log “{ $file }” of another system, added { $on }.
mine-undated = { $count ->
    [one] One event says no instant and is left out.
   *[other] { $count } events say no instant and are left out.
}
mine-as-of = As of { $at }.
mine-cut = The period has too many matters: only the newest twenty thousand are looked at. A shorter period shows all of its own.
mine-log = Log
mine-own = This zone's cases
mine-logs = Logs of other systems
mine-kind = Item
mine-group = Department
mine-all = All
mine-hours = Time
mine-hours-working = Working hours
mine-hours-clock = All hours
mine-chosen-activity = In which “{ $value }” was done
mine-chosen-way = That took the same way
mine-chosen-corrected = In which “{ $value }” had to be put right
mine-chosen-strays = In which steps did not come as declared
mine-chosen-left-out = That left out “{ $value }”
mine-chosen-out-of-place = That did “{ $value }” too early or too often
mine-chosen-follows = { $value }
mine-chosen-drop = Drop
mine-none = No case fits
mine-none-next = Drop a condition, or choose another period.
mine-all-again = Look without conditions
mine-empty = Here stands which steps and departments take the time
mine-empty-next = Nothing came in within this period. Choose another, or take something in first.
mine-says-cases = { $cases } cases with { $events } events; { $activities } different things were done, in { $ways } different ways.
mine-says-span = From { $first } to { $last }.
mine-says-duration = From the first event to the last, half of the cases take no more than { $median } working hours, nine in ten no more than { $p90 }.
mine-says-most = Most time goes to “{ $step }”: { $percent } % of all.
mine-cases = These cases
mine-cases-count = { $count ->
    [one] One case.
   *[other] { $count } cases, those that took longest first.
}
mine-back = Back to where time goes
mine-steps = Time by step (hours)
mine-groups = Time by department (hours)
mine-corrections = What had to be put right
mine-strayed = Whether steps came as declared
mine-ways = Ways taken
mine-follows = What follows what
mine-part-waiting = Waiting
mine-part-working = Working
mine-part-applicant = The applicant's time
mine-part-undivided = Not told apart
mine-col-step = Step
mine-col-group = Department
mine-col-cases = Cases
mine-col-waiting = Waiting (hours)
mine-col-working = Working (hours)
mine-col-applicant = Applicant (hours)
mine-col-undivided = Not told apart (hours)
mine-col-median = Median (hours)
mine-col-p90 = Nine in ten within (hours)
mine-col-point = What
mine-col-left-out = Cases that left it out
mine-col-out-of-place = Cases that did it too early or too often
mine-col-way = Way
mine-col-from = First
mine-col-to = Then
mine-col-times = Times
mine-col-case = Case
mine-col-kind = Item
mine-col-first = Began
mine-col-last = Last event
mine-col-events = Events
mine-col-spent = In this step (hours)
mine-col-duration = In all (hours)
mine-col-ending = End
mine-col-fits = As declared
mine-col-file = File
mine-col-added = Added
mine-col-drop = Remove
mine-yes = Yes
mine-no = No
mine-ending-unknown = Not said
mine-ending-through = Gone through
mine-ending-refused = Refused
mine-ending-broken-off = Broken off
mine-ending-open = Open
mine-more-rows = { $count ->
    [one] One more row is in the file.
   *[other] { $count } more rows are in the file.
}
mine-nothing-done = Nothing was done
mine-says-fit = { $judged } cases were judged; in { $fitting } of them every step came as declared, in { $straying } not. Mean fitness { $fitness } (1 is as declared).
mine-fits = { $count } as declared
mine-strays = { $count } otherwise
mine-fit-open = { $count ->
    [one] One case is open or was broken off, and is not judged.
   *[other] { $count } cases are open or were broken off, and are not judged.
}
mine-fit-undeclared = { $count ->
    [one] Nothing is declared for one case.
   *[other] Nothing is declared for { $count } cases.
}
mine-fit-given-up = { $count ->
    [one] One case is so far from what is declared that it was not judged.
   *[other] { $count } cases are so far from what is declared that they were not judged.
}
mine-none-strayed = In every case, steps came as declared.
mine-no-declaration = This log is held against no declaration. Add it again and choose an item to do so.
mine-none-corrected = Nothing had to be put right.
mine-no-groups = The log names no departments.
mine-none-here = Nothing to tell.
mine-how = Waiting lasts from when something could be done until somebody takes it, working from then until it is done; where nobody took it, the two are not told apart. The applicant's time is the time in which the applicant is waited for. The time of a step is the sum over all cases.
mine-how-working = Only the hours at which the halls are open on working days count.
mine-how-clock = All hours count, nights and rest days too.
mine-kind-matter-opened = Matter opened
mine-kind-correction-asked = Correction asked
mine-kind-correction-supplied = Correction supplied
mine-kind-acceptance-refused = Acceptance refused
mine-kind-withdrawn = Withdrawn
mine-kind-matter-lapsed = Lapsed
mine-logs-what = Put XES logs of other systems here to see where time goes in them, in the same way. Only what can be seen is kept; names of people are not.
mine-logs-empty = No log was added yet
mine-logs-empty-next = Choose an XES file (.xes or .xes.gz) below and add it.
mine-logs-many = No more than { $most } logs are kept. Remove one, then add this one again; it was not kept.
mine-add = Add a log
mine-add-file = XES file
mine-add-hint = .xes or .xes.gz, up to 64 MB; unpacked up to 512 MB and a million events.
mine-add-item = Hold it against the declaration of
mine-add-item-hint = Steps have to be called as the item calls them.
mine-add-item-own = The items that the log names, if it does
mine-add-go = Add
mine-drop = Remove
mine-drop-it = Remove “{ $file }”
mine-unreadable-line = Line { $line }: { $why }
mine-unreadable-empty = The file is empty. Export it again; nothing was kept.
mine-unreadable-too-large = The log is too large when unpacked. Export a shorter period, or look at it with the command yichuang mine; nothing was kept.
mine-unreadable-too-many-events = The log has more than a million events. Export a shorter period, or look at it with the command yichuang mine; nothing was kept.
mine-unreadable-too-many-names = The log has too many different names. See whether names of activities have numbers in them; nothing was kept.
mine-unreadable-too-deep = Elements lie too deep in each other for a log. Nothing was kept.
mine-unreadable-empty-element = An event or a trace is empty and cannot be read. Take it out and try again; nothing was kept.
mine-unreadable-broken-packing = The packed file is broken or cut off. Pack it again; nothing was kept.
mine-unreadable-cut-off = The file is cut off: its last element is not closed. Export it again; nothing was kept.
mine-unreadable-not-xml = This is not XML that can be read. Export it again; nothing was kept.
mine-unreadable-not-xes = This is not an XES log. Export it as XES (IEEE 1849); nothing was kept.
mine-unreadable-no-events = The log has no event with a name and an instant. See concept:name and time:timestamp; nothing was kept.
mine-unreadable-unknown-encoding = The log says that it is written in “{ $detail }”, which is not known. Save it as UTF-8 and try again; nothing was kept.
mine-unreadable-not-in-encoding = The log says that it is written in { $detail }, and is not. Save it as UTF-8 and try again; nothing was kept.
mine-unreadable-unreadable-times = { $count } times cannot be read, such as “{ $detail }”. Write them as 2026-11-06T09:00:00+08:00; nothing was kept.
mine-unreadable-no-names = { $count } events have no concept:name. The log’s classifier names them by: { $detail }. Write the name of the activity into concept:name and try again; nothing was kept.
mine-zoneless = { $count } times named no zone and were read at { $zone }.
