"""A day of many skills played by SimPy, from the same declarations as ours.

Reads {"days": N, "day": HallDay} and writes a list of days, each {"lines": [[served, sum of waits, gone, missing, unserved]],
"lanes": the same, "busy": [minutes by window], "overtime": minutes}.
"""

import json
import math
import random
import sys

import simpy


def draw(time, rng):
    kind = time["kind"]
    if kind == "exponential":
        return rng.expovariate(1 / time["mean_minutes"])
    if kind == "lognormal":
        variance = math.log(1 + time["cv"] ** 2)
        return rng.lognormvariate(math.log(time["mean_minutes"]) - variance / 2, math.sqrt(variance))
    if kind == "deterministic":
        return time["minutes"]
    raise ValueError(kind)


def poisson(mean, rng):
    # Counts, then places: another way than drawing the gaps.
    count, left = 0, mean
    while left > 0:
        left -= rng.expovariate(1)
        if left > 0:
            count += 1
    return count


def duty(window):
    spans = sorted((s["from"], s["to"]) for s in window["shifts"])
    for pause in window["breaks"]:
        cut = []
        for start, end in spans:
            if pause["to"] <= start or end <= pause["from"]:
                cut.append((start, end))
            else:
                cut += [part for part in ((start, min(end, pause["from"])), (max(start, pause["to"]), end)) if part[0] < part[1]]
        spans = cut
    return spans


class Day:
    def __init__(self, told, seed):
        self.told = told
        self.rng = random.Random(seed)
        self.env = simpy.Environment()
        self.waiting = []
        self.number = 0
        self.idle = []
        lines, lanes, windows = told["lines"], told["lanes"], told["windows"]
        self.lines = [[0, 0.0, 0, 0, 0] for _ in lines]
        self.lanes = [[0, 0.0, 0, 0, 0] for _ in lanes]
        self.busy = [0.0] * len(windows)
        self.overtime = 0.0
        self.on = [False] * len(windows)
        self.wake = [None] * len(windows)
        for place, window in enumerate(windows):
            self.env.process(self.serve(place, window))
        for place, line in enumerate(lines):
            self.env.process(self.walk_in(place, line))
        for booking in told["bookings"]:
            self.env.process(self.keep(booking))

    def walk_in(self, place, line):
        last = self.told["closing"]["last_number_at"]
        times = []
        for quarter, mean in enumerate(line["arrivals"]):
            start = quarter * 15
            for _ in range(poisson(mean, self.rng)):
                at = start + self.rng.random() * 15
                if at < last:
                    times.append(at)
        for at in sorted(times):
            yield self.env.timeout(at - self.env.now)
            lane = self.rng.choices(range(len(self.told["lanes"])), line["lane_shares"])[0]
            self.join(place, lane, at)

    def keep(self, booking):
        if self.rng.random() < booking["absent_share"]:
            return
        p = self.told["punctuality"]
        at = booking["booked_at"] + self.rng.gauss(-p["early_minutes"], p["spread_minutes"])
        yield self.env.timeout(at)
        if at >= self.told["closing"]["closes_at"]:
            return
        if at <= booking["booked_at"] + p["grace_minutes"]:
            self.join(booking["line"], booking["lane"], booking["booked_at"])
        else:
            self.join(booking["line"], 0, at)

    def join(self, line, lane, ready):
        now = self.env.now
        self.number += 1
        patience = self.told["lines"][line]["patience"]
        leaves = math.inf
        if patience["kind"] == "exponential":
            leaves = max(now, ready) + self.rng.expovariate(1 / patience["mean_minutes"])
        key = (ready - self.told["lanes"][lane]["head_start_minutes"], self.number)
        self.waiting.append((key, line, lane, max(now, ready), leaves))
        for window in self.idle:
            if line in self.told["windows"][window]["serves"]:
                self.idle.remove(window)
                self.wake[window].succeed()
                break

    def count(self, ticket, what, wait=0.0):
        for sums in (self.lines[ticket[1]], self.lanes[ticket[2]]):
            sums[what] += 1
            sums[1] += wait

    def take(self, window):
        serves = self.told["windows"][window]["serves"]
        while True:
            able = [ticket for ticket in self.waiting if ticket[1] in serves]
            if not able:
                return None
            ticket = min(able)
            self.waiting.remove(ticket)
            if ticket[4] < self.env.now:
                self.count(ticket, 2)
                continue
            return ticket

    def serve(self, place, window):
        env, closes = self.env, self.told["closing"]["closes_at"]
        served_at_closing = self.told["closing"]["rest"] == "served"
        for start, end in duty(window):
            if env.now < start:
                yield env.timeout(start - env.now)
            lingers = served_at_closing and end >= closes
            while env.now < end or lingers:
                ticket = self.take(place)
                if ticket is None:
                    if env.now >= end:
                        break
                    self.wake[place] = env.event()
                    self.idle.append(place)
                    yield self.wake[place] | env.timeout(end - env.now)
                    if place in self.idle:
                        self.idle.remove(place)
                    continue
                line = self.told["lines"][ticket[1]]
                if self.rng.random() < line["no_show_share"]:
                    self.count(ticket, 3)
                    minutes = self.told["vain_call_minutes"]
                else:
                    self.count(ticket, 0, max(0.0, env.now - ticket[3]))
                    minutes = draw(line["time"], self.rng) / window["speed"]
                self.busy[place] += minutes
                yield env.timeout(minutes)
            if any(shift["to"] == end for shift in window["shifts"]):
                self.overtime += max(0.0, env.now - end)

    def play(self):
        self.env.run()
        for ticket in self.waiting:
            self.count(ticket, 2 if ticket[4] < self.env.now else 4)
        return {"lines": self.lines, "lanes": self.lanes, "busy": self.busy, "overtime": self.overtime}


def main():
    told = json.load(sys.stdin)
    json.dump([Day(told["day"], seed).play() for seed in range(told["days"])], sys.stdout)


main()
