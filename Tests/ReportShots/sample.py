# SPDX-License-Identifier: Apache-2.0
"""Seven sessions of a group, a dozen days apart, with the real programs, on a clock that is put forward."""

import datetime
import glob
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

PEERS = {"lena": "Lena Hofmann", "priya": "Priya Raman", "tom": "Tom Becker"}
FACILITATOR, ADMINISTRATOR = "Jonas Weiss", "Maya Lind"
MONTHS = 7
DAY = 86_400
# The library with the clock changes the environment of the first program that it comes into, and a
# program in Swift then does not find its arguments; the second one is left as it is.
AGAIN = ("env",)
# What is said in a turn: the first by the client, and then in turn.
TALK = (
    "I keep too much of the reporting for myself, and my evenings go.",
    "It sounds like the evenings matter more than the reports.",
    "Yes. I never said so to anybody.",
    "What would you hand over first?",
    "The weekly one, I think. Priya could do it.",
    "You trust Priya with it. What stops you from asking?",
    "That it is my name that stands under it.",
    "You could send a draft first and have a look at it together.",
)


def fail(text):
    sys.exit(f"report-shots: {text}")


class Months:
    """A server and people, each command a process of its own, on one moved clock."""

    def __init__(self, folder, library, peercoach, peercoachd):
        self.folder = folder
        self.peercoach = peercoach
        self.peercoachd = peercoachd
        self.ahead = 0
        self.offset = folder / "clock"
        self.later(0)
        self.moved = dict(
            os.environ,
            LD_PRELOAD=library,
            FAKETIME_DONT_FAKE_MONOTONIC="1",
            TZ="UTC",
        )
        self.server = None

    @property
    def environment(self):
        """For a command, which ends before time goes on."""
        return self.moved | {"FAKETIME": f"+{self.ahead}"}

    def later(self, seconds):
        """Lets time go by for everybody, the running server too."""
        self.ahead += seconds
        new = self.offset.with_suffix(".new")
        new.write_text(f"+{self.ahead}\n")
        new.replace(self.offset)

    def day(self, ahead):
        now = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=self.ahead)
        return (now + datetime.timedelta(days=ahead)).date().isoformat()

    def operate(self, *words):
        command = [*AGAIN, self.peercoachd, *words, "--data", self.folder / "data"]
        done = subprocess.run(command, capture_output=True, env=self.environment)
        if done.returncode:
            fail(f"peercoachd {words[0]}: {done.stderr.decode()}")

    def serve(self, port):
        file = self.folder / "port"
        file.unlink(missing_ok=True)
        self.server = subprocess.Popen(
            [*AGAIN, self.peercoachd, "serve", "--data", self.folder / "data", "--port-file", file]
            + ["--listen", f"127.0.0.1:{port}"]
            + ["--set", "newPerMinuteMax=10000", "--set", "newPerTenMinutesMax=100000"],
            env=self.moved
            | {"FAKETIME_TIMESTAMP_FILE": str(self.offset), "FAKETIME_NO_CACHE": "1"},
            stdout=(self.folder / "log").open("ab"),
            stderr=subprocess.STDOUT,
        )
        end = time.monotonic() + 20
        while not file.exists():
            if self.server.poll() is not None or time.monotonic() > end:
                fail("the server did not start:\n" + (self.folder / "log").read_text()[-2_000:])
            time.sleep(0.05)

    def stop(self):
        if self.server and self.server.poll() is None:
            self.server.send_signal(signal.SIGTERM)
            self.server.wait(30)

    def run(self, who, *words, fails=False, tries=3):
        command = [*AGAIN, self.peercoach, *map(str, words), "--profile", self.folder / who, "--yes"]
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=10,
                env=self.environment,
            )
        except subprocess.TimeoutExpired:
            # Under the moved clock a waiting thread is now and then not woken.
            print(f"  {words[0]} did not end and is run again", flush=True)
            if tries == 1:
                fail(f"{who}: peercoach {' '.join(map(str, words))} does not end")
            return self.run(who, *words, fails=fails, tries=tries - 1)
        if done.returncode and not fails:
            fail(
                f"{who}: peercoach {' '.join(map(str, words))} ended with {done.returncode}:\n"
                + (done.stdout + done.stderr).decode()[-2_000:]
            )
        return done.stdout.decode()

    def objects(self, who, *words):
        return [json.loads(line) for line in self.run(who, *words, "--json").splitlines()]

    def number(self, who, words, text):
        """Gives the number that a list of what one set out to do has for a text."""
        for one in self.objects(who, *words):
            if one.get("mine", True) and one.get("text") == text and one.get("number"):
                return one["number"]
        fail(f"{who} has nothing called '{text}'")

    def gather(self):
        self.operate("invite-admin", ADMINISTRATOR, "--file", str(self.folder / "maya.invite"))
        self.run("maya", "enrol", "--file", self.folder / "maya.invite")
        for name in (*PEERS.values(), FACILITATOR):
            self.run("maya", "admin", "people", "add", name)
        self.run("maya", "admin", "rooms", "add", "north")
        until = self.day(360)
        self.run("maya", "admin", "facilitators", "set", "north", "jonas", "--until", until)
        self.run("maya", "admin", "rooms", "put", "north", *PEERS)
        invites = self.folder / "invites"
        self.run("maya", "admin", "invites", "new", "--all", "--into", invites)
        for who in (*PEERS, "jonas"):
            file = next(one for one in invites.iterdir() if one.name.startswith(who))
            self.run(who, "enrol", "--file", file)
        self.run("maya", "admin", "status")
        self.run("jonas", "admit")
        self.run("maya")
        self.run("jonas", "admit")
        for who in PEERS:
            self.run(who, "agreement")
            self.run(who, "agreement", "accept")

    def session(self, month):
        """Holds one session, in which minutes go by and things are said."""
        for who in PEERS:
            self.run(who, "present")
        self.run(
            *("jonas", "session", "start", "triad", "--medium", "typed"),
            *("--purpose", f"meeting {month}", "--result", "each has a next step"),
        )
        for step in range(60):
            here = self.status("lena")
            if not here.get("running"):
                return
            if here.get("phase") == "coaching":
                self.talk(month, step, {who: self.status(who).get("role") for who in PEERS})
                # In steps under a minute: a longer one would be one in which the server was away.
                for _ in range(6 + (step * 5 + month * 3) % 5):
                    self.later(55)
                    self.status("lena")
            else:
                self.later(50)
            self.run("jonas", "session", "next", fails=True)
        fail(f"session {month} does not end")

    def status(self, who):
        """Gives what somebody is told of the session that runs."""
        return next((one for one in self.objects(who, "session") if "running" in one), {})

    def talk(self, month, step, roles):
        client = next((who for who, role in roles.items() if role == "client"), None)
        coach = next((who for who, role in roles.items() if role == "coach"), None)
        if not client or not coach:
            return
        for index, text in enumerate(TALK):
            # The coach gives less and less advice, and says back more and more.
            if index == 7 and month > 4 or index == 1 and month < 3 or index == 5 and month < 5:
                continue
            if index % 2 == 0 and (index + month + step) % 4 == 3:
                continue
            self.run(client if index % 2 == 0 else coach, "say", "--to", "turn", text)
        if coach == "lena":
            for _ in range(max(0, 3 - month // 2)):
                self.run(coach, "say", "--to", "turn", "You should ask your team first.")


def month_of(group, month):
    """What Lena does around one session."""
    if month == 1:
        group.run(
            *("lena", "goal", "add", "hand work over", "--measure", "two reports a month"),
            *("--by", group.day(100), "--reason", "evenings"),
        )
        group.run(
            *("lena", "goal", "add", "speak up in the board", "--measure", "once a meeting"),
            *("--by", group.day(60)),
        )
        group.run("lena", "action", "add", "list all reports", "--goal", 1, "--by", group.day(30))
        group.run("lena", "action", "add", "ask Priya", "--goal", 1, "--by", group.day(40))
    else:
        text = f"promise of month {month - 1}"
        number = group.number("lena", ("review",), text)
        became = ("kept", "kept", "partly", "kept", "missed", "kept", "renegotiated")[month - 2]
        more = ("in two weeks", "--by", group.day(14)) if became == "renegotiated" else ()
        group.run("lena", "review", number, became, *more)
        group.run("lena", "goal", "progress", 1, f"report {month - 1} went over")
    if month == 4:
        group.run("lena", "goal", "setback", 2, "I was silent; the numbers were new to me")
    if month == 6:
        group.run("lena", "goal", "done", 2, "three times in a row")
    group.run("lena", "feel", (2, 3, 2, 3, 3, 4, 3)[month - 1], "before the session")
    group.session(month)
    words = ("lighter", "clear", "", "tired, but glad", "proud", "curious", "calm")[month - 1]
    group.run("lena", "feel", (3, 4, 3, 4, 5, 4, 5)[month - 1], *filter(None, [words]))
    group.run(
        *("lena", "commit", "add", f"promise of month {month}", "--by", group.day(9)),
        *("--to", "room" if month % 2 else "priya"),
    )
    if month % 3 == 1:
        group.run("tom", "commit", "add", "bring the template", "--by", group.day(10), "--to", "room")
    group.run("lena", "journal", "add", f"Month {month}: I waited, and something came.")


def assess(group, month):
    """Levels on competencies: first by oneself, then by others, which are opened."""
    for who, level in (("lena", 2 + month // 4), ("priya", 2 + month // 3), ("tom", 1 + month // 3)):
        rates = []
        for word, shift in (("presence", 0), ("listens", -1), ("awareness", 1), ("growth", 0)):
            rates += ["--rate", f"{word}={min(4, max(1, level + shift))}"]
        whom = "me" if who == "lena" else "lena"
        group.run(who, "feedback", "assess", whom, *rates)
        if who != "lena":
            group.run("lena", "feedback", "read", who)


def make(peercoach, peercoachd, into):
    """Makes the two files; none where the clock cannot be moved."""
    libraries = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
    if not libraries:
        print("report-shots is skipped: without faketime no months go by.")
        return []
    with tempfile.TemporaryDirectory() as name:
        group = Months(pathlib.Path(name), libraries[0], peercoach, peercoachd)
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
        group.operate("init", "--address", f"localhost:{port}")
        group.serve(port)
        try:
            group.gather()
            for month in range(1, MONTHS + 1):
                month_of(group, month)
                assess(group, month)
                print(f"  month {month}", flush=True)
                group.later(12 * DAY)
            return reports(group, into)
        finally:
            group.stop()


def reports(group, into):
    files = []
    for command in ("report", "review-group"):
        file = into / f"{command}.html"
        file.unlink(missing_ok=True)
        group.run("lena", command, "--html", file)
        for form in ("--json", "--markdown"):
            text = group.run("lena", command, form)
            (into / f"{command}.{form[2:]}").write_text(text)
        text = group.run("lena", command)
        (into / f"{command}.txt").write_text(text)
        if re.search(r"<script|https?://(?!www\.w3\.org)", file.read_text(), re.IGNORECASE):
            fail(f"{file.name} has a script or an address in it")
        files.append(file)
    return files
