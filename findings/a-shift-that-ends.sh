#!/usr/bin/env bash
# Ciw 3.2.7: when a shift ends in the middle of a service, the next shift serves beside it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check ciw==3.2.7
seen=$(python/bin/python - <<'PY'
import ciw
# One window; shifts of one person change at minute 60; each service takes 40 minutes; people come at 30, 31 and 32.
network = ciw.create_network(
    arrival_distributions=[ciw.dists.Sequential([30, 1, 1, float("inf")])],
    service_distributions=[ciw.dists.Deterministic(40)],
    number_of_servers=[ciw.Schedule(numbers_of_servers=[1, 1], shift_end_dates=[60, 1000], preemption=False)],
)
simulation = ciw.Simulation(network)
simulation.simulate_until_max_time(300)
records = sorted(simulation.get_all_records(), key=lambda one: one.service_start_date)
for one in records:
    print(one.arrival_date, one.service_start_date, one.service_end_date)
served = lambda at: sum(one.service_start_date <= at < one.service_end_date for one in records)
print("served at minute 65:", served(65))
PY
)
echo "$seen"
diff <(echo "$seen" | tail -1) - <<'WANT'
served at minute 65: 2
WANT
