#!/usr/bin/env bash
# pm4py 2.7.23.11 counts business hours of a log it has read in UTC, though its times carry +08:00: a morning in China is no working time.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check pm4py==2.7.23.11
seen=$(python/bin/python -W ignore - <<'PY'
import pandas
import pm4py
frame = pandas.DataFrame({
    "case:concept:name": ["1", "1"],
    "concept:name": ["受理", "审查"],
    # A Monday, nine to eleven in the morning at Qingdao.
    "time:timestamp": pandas.to_datetime(["2026-11-30T09:00:00+08:00", "2026-11-30T11:00:00+08:00"]),
})
def hours(log):
    slots = [(9 * 3600, 17 * 3600)]
    every_day = [(start + day * 86400, end + day * 86400) for day in range(5) for start, end in slots]
    found = pm4py.discover_performance_dfg(log, business_hours=True, business_hour_slots=every_day)[0]
    return found[("受理", "审查")]["mean"] / 3600
print("in memory", hours(frame))
pm4py.write_xes(frame, "log.xes", case_id_key="case:concept:name")
read = pm4py.read_xes("log.xes")
print("read back", hours(read))
PY
)
echo "$seen"
diff <(echo "$seen" | grep -E "^(in memory|read back)") - <<'WANT'
in memory 2.0
read back 0.0
WANT
