#!/usr/bin/env bash
# chinese-days 1.5.7 calls days that the regulation fixes working days in years without a notice; chinesecalendar 1.11.0 raises.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check chinesecalendar==1.11.0
npm install --prefix . --no-audit --no-fund --silent chinese-days@1.5.7
seen=$(node -e '
const days = require("chinese-days");
// A Friday, a Monday and a Monday; the third is a Sunday, which is off in any case.
for (const day of ["2027-01-01", "2028-05-01", "2029-01-01", "2028-10-01"]) console.log("chinese-days", day, days.isWorkday(day));'
python/bin/python - <<'PY'
import datetime
import chinese_calendar
try:
    print("chinesecalendar", chinese_calendar.is_workday(datetime.date(2028, 5, 1)))
except NotImplementedError as error:
    print("chinesecalendar", type(error).__name__)
PY
)
echo "$seen"
diff <(echo "$seen") - <<'WANT'
chinese-days 2027-01-01 true
chinese-days 2028-05-01 true
chinese-days 2029-01-01 true
chinese-days 2028-10-01 false
chinesecalendar NotImplementedError
WANT
