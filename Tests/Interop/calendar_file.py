# SPDX-License-Identifier: Apache-2.0
"""Reads a calendar file with a parser that knows nothing of peercoach.

usage: calendar_file.py FILE EVENTS LOCAL-HOUR:MINUTE ZONE
Ends with 0 where the file holds so many appointments, each beginning at that clock time in that
zone, with a reminder of ten minutes and a title that says nothing.
"""
import datetime
import sys
import zoneinfo

from icalendar import Calendar


def main(path, count, clock, zone):
    with open(path, "rb") as file:
        raw = file.read()
    assert all(len(line) <= 75 for line in raw.split(b"\r\n")), "a line is too long"
    assert b"\n" not in raw.replace(b"\r\n", b""), "a line ends without CR"
    calendar = Calendar.from_ical(raw)
    assert calendar.get("version") == "2.0" and calendar.get("prodid")
    events = calendar.walk("VEVENT")
    assert len(events) == count, f"{len(events)} appointments"
    assert len({str(event["uid"]) for event in events}) == count
    for event in events:
        start = event.decoded("dtstart")
        assert start.tzinfo is not None
        local = start.astimezone(zoneinfo.ZoneInfo(zone))
        assert f"{local:%H:%M}" == clock, f"begins at {local}"
        assert event.decoded("dtend") - start == datetime.timedelta(minutes=90)
        assert str(event["summary"]) == "Meeting"
        (alarm,) = event.walk("VALARM")
        assert alarm.decoded("trigger") == datetime.timedelta(minutes=-10)
    print(f"{count} appointments at {clock} in {zone}, as an independent parser reads them.")


main(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4])
