"""A day of one skill played by Ciw: priorities, shifts that do not interrupt a service, reneging.

Reads {"days", "classes": [{"rate", "mean", "patience"}], "shifts": [[windows, end], ...], "last_at"} and writes a list of days,
each a list of classes with [served, sum of waits, gone].
"""

import json
import random
import sys

import ciw


class Until(ciw.dists.Exponential):
    """Poisson until the last number is given."""

    def __init__(self, rate, last_at):
        super().__init__(rate)
        self.last_at = last_at

    def sample(self, t=None, ind=None):
        gap = random.expovariate(self.rate)
        return gap if t + gap < self.last_at else float("inf")


def main():
    told = json.load(sys.stdin)
    names = [f"Class {n}" for n in range(len(told["classes"]))]
    named = dict(zip(names, told["classes"]))
    network = ciw.create_network(
        arrival_distributions={n: [Until(c["rate"], told["last_at"])] for n, c in named.items()},
        service_distributions={n: [ciw.dists.Exponential(1 / c["mean"])] for n, c in named.items()},
        reneging_time_distributions={n: [ciw.dists.Exponential(1 / c["patience"])] for n, c in named.items()},
        number_of_servers=[
            ciw.Schedule(
                numbers_of_servers=[count for count, _ in told["shifts"]],
                shift_end_dates=[end for _, end in told["shifts"]],
                preemption=False,
            )
        ],
        priority_classes={n: place for place, n in enumerate(names)},
    )
    days = []
    for seed in range(told["days"]):
        ciw.seed(seed)
        random.seed(seed)
        day = ciw.Simulation(network)
        day.simulate_until_max_time(told["shifts"][-1][1] - 1)
        sums = {n: [0, 0.0, 0] for n in names}
        for record in day.get_all_records():
            into = sums[record.customer_class]
            if record.record_type == "service":
                into[0] += 1
                into[1] += record.waiting_time
            elif record.record_type == "renege":
                into[2] += 1
        days.append([sums[n] for n in names])
    json.dump(days, sys.stdout)


main()
