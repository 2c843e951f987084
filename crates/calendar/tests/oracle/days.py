"""Answers by chinesecalendar, walking day by day.

Reads lines `START N [FROM..TO]...` (dates; a pause leaves out FROM up to, not including, TO) and prints the
due day of N working days, or `unknown` when it lies beyond what the library knows.
"""

import datetime
import sys

import chinese_calendar

DAY = datetime.timedelta(days=1)


def due(start, n, pauses):
    day = start
    while n > 0:
        day += DAY
        try:
            works = chinese_calendar.is_workday(day)
        except NotImplementedError:
            return "unknown"
        if works and not any(first <= day < last for first, last in pauses):
            n -= 1
    return day.isoformat()


def main():
    parse = datetime.date.fromisoformat
    for line in sys.stdin:
        start, n, *written = line.split()
        pauses = [tuple(parse(end) for end in pause.split("..")) for pause in written]
        print(due(parse(start), int(n), pauses))


main()
