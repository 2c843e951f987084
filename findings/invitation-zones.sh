#!/usr/bin/env bash
# icalendar 7.3.2 writes +08:00 as TZID="UTC+08:00", which nobody defines, and reads it back without a zone; ical.js 2.2.1 floats a TZID without VTIMEZONE.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check icalendar==7.3.2
npm install --prefix . --no-audit --no-fund --silent ical.js@2.2.1
seen=$(python/bin/python - <<'PY'
from datetime import datetime, timedelta, timezone
from icalendar import Calendar, Event
calendar, event = Calendar(), Event()
event.add("dtstart", datetime(2026, 12, 1, 9, tzinfo=timezone(timedelta(hours=8))))
calendar.add_component(event)
text = calendar.to_ical()
print(next(line for line in text.decode().splitlines() if line.startswith("DTSTART")))
print("VTIMEZONE" in text.decode())
print(Calendar.from_ical(text).walk("VEVENT")[0]["dtstart"].dt.isoformat())
PY
TZ=America/New_York node -e '
import("ical.js").then(({ default: ICAL }) => {
  const text = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", "UID:1", "DTSTAMP:20261130T000000Z",
    "DTSTART;TZID=Asia/Shanghai:20261201T090000", "END:VEVENT", "END:VCALENDAR", ""].join("\r\n");
  const event = new ICAL.Event(new ICAL.Component(ICAL.parse(text)).getFirstSubcomponent("vevent"));
  console.log(event.startDate.zone.tzid, event.startDate.toJSDate().toISOString());
});')
echo "$seen"
# Nine in the morning at Qingdao is 01:00 in UTC; the last line says nine in the morning in New York.
diff <(echo "$seen") - <<'WANT'
DTSTART;TZID="UTC+08:00":20261201T090000
False
2026-12-01T09:00:00
floating 2026-12-01T14:00:00.000Z
WANT
