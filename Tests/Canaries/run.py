# SPDX-License-Identifier: Apache-2.0
"""Says a thousand things in every way there is, and looks for each wherever the server has been.

    python3 Tests/Canaries/run.py PEERCOACH PEERCOACHD [--strings 1000] [--keep FOLDER]

Real processes say, ask, answer, note, promise, give feedback, send files and agree on rules. Each of the
strings in it is then looked for, in four encodings, in the server's memory while it works, its
database with log and index, its temporary files, its own log, a copy of its data folder, and all
that went over the loopback. What is erased is looked for as the ciphertext that it was. Prints one
line a place, and ends with 0 when nothing is found where nothing must be, and all of the controls
are found.
"""

import argparse
import pathlib
import random
import shutil
import sqlite3
import string
import sys
import tempfile
import time

from search import ENCODINGS, Fragments, Search, check_itself
from stage import FACILITATOR, PEERS, ROOM, Recorder, Stage, fail, free_port, wait

KINDS = ("say", "ask", "answer", "reflect", "suggest", "offer", "thanks", "feedback", "commit")
LETTERS = string.ascii_letters + string.digits
A_LINE = 4


class Planter:
    """Draws the strings, and remembers in what each was planted."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.strings = []
        self.kinds = {}

    def text(self, kind, count=A_LINE):
        made = ["".join(self.random.choices(LETTERS, k=24)) for _ in range(count)]
        self.strings += made
        self.kinds[kind] = self.kinds.get(kind, 0) + count
        return "What do you make of " + " and ".join(made) + "?"


class Report:
    def __init__(self, strings):
        self.search = Search(strings)
        self.strings = strings
        self.is_good = True

    def say(self, line, is_good):
        self.is_good = self.is_good and is_good
        print(line + ("" if is_good else "  <- WRONG"), flush=True)

    def nothing(self, place, *where):
        found, size = self.search.found(*where)
        self.say(
            f"canaries place={place} strings={len(self.strings)} encodings={len(ENCODINGS)}"
            f" hits={len(found)} bytes={size}",
            not found and size > 0,
        )
        for text, encoding in sorted(found)[:5]:
            print(f"  {text} in {encoding}")

    def everything(self, name, strings, encodings, *where):
        found, _ = Search(strings).found(*where)
        wanted = {(text, encoding) for text in strings for encoding in encodings}
        missing = wanted - found
        self.say(
            f"canaries control={name} strings={len(strings)}"
            f" encodings={len(encodings)} found={len(wanted) - len(missing)}",
            not missing,
        )


def plant_files(stage, planter):
    """Has everybody send files, with strings as names and in them, and another store each."""
    sent, saved = stage.folder / "sent", stage.folder / "saved"
    sent.mkdir()
    saved.mkdir()
    for number, peer in enumerate(PEERS):
        other = PEERS[(number + 1) % len(PEERS)]
        for who, length in (("room", 150_000), ("peers", 300), (other, 70_000)):
            name = planter.text("file-name", 1).split()[-1].rstrip("?")
            words = planter.text("file", 8)
            filling = planter.random.randbytes(length)
            place = sent / f"{name}.txt"
            place.write_bytes(words.encode() + filling + words.encode())
            stage.run(peer, "send", place, "--to", who)
            listed = stage.run(other, "save").splitlines()
            line = next(line.split()[0] for line in listed if name in line)
            stage.run(other, "save", line, saved)
            if peer == PEERS[0] and who == "room":
                stage.large_file = line
            if (saved / place.name).read_bytes() != place.read_bytes():
                fail(f"the file for {who} came otherwise")
    print(f"canaries files={len(list(saved.iterdir()))} stored by others as they were sent")


def plant(stage, planter, strings, during):
    """Has everybody write, in all ways, until so many strings are planted."""
    rules, read = stage.folder / "rules.txt", stage.folder / "rules.seen"
    for _ in range(3):
        rules.write_text(planter.text("agreement", 8))
        stage.run(FACILITATOR, "agreement", "propose", rules)
        with read.open("a") as file:
            file.write(stage.run(PEERS[0], "agreement"))
    for peer in PEERS:
        stage.run(peer, "agreement", "accept")
        stage.run(peer, "present")
    # In a session on a call the floor is free: everybody may write every kind.
    stage.run(FACILITATOR, "session", "start", "triad", "--medium", "spoken")
    stage.run(FACILITATOR, "session", "next")
    for peer in PEERS:
        for kind in KINDS:
            text = planter.text(f"turn-{kind}")
            stage.run(peer, "say", "--to", "turn", "--as", kind, "-", text=text)
        stage.run(peer, "note", "-", text=planter.text("note"))
        stage.run(peer, "feedback", "write", FACILITATOR, "-", text=planter.text("feedback"))
        stage.run(peer, "commit", "add", planter.text("promise"), "--by", "fri")
        stage.run(peer, "say", "--to", "peers", "-", text=planter.text("peers"))
    stage.run(FACILITATOR, "session", "end")
    plant_files(stage, planter)
    for person in (*PEERS, FACILITATOR):
        stage.enter(person)
    for person in stage.views:
        wait(f"{person}'s view", lambda: stage.count(person, "opened") > 0)
    sent = 0
    lines = -(-(strings - len(planter.strings)) // A_LINE)
    places = ("/room", "/note", "/peers", "/to")
    for number in range(lines):
        person = PEERS[number % len(PEERS)]
        left = min(A_LINE, strings - len(planter.strings))
        place = places[number // len(PEERS) % len(places)]
        if place == "/to":
            place = f"/to {(*PEERS, FACILITATOR)[(number + 1) % 4].split()[0]}"
            if place.endswith(person.split()[0]):
                place = f"/to {FACILITATOR.split()[0]}"
        kind = {"/n": "note", "/r": "room", "/p": "peers", "/t": "direct"}[place[:2]]
        stage.type(person, f"{place} {planter.text(kind, left)}")
        sent += 1
        if number == lines // 2:
            during()

    def accepted():
        return sum(
            stage.count(person, kind)
            for person in stage.views
            for kind in ("sent", "kept")
        )

    try:
        wait("the answers", lambda: accepted() >= sent, 120)
    except SystemExit:
        print(f"canaries: {accepted()} of {sent} lines were taken")
        raise


def frames(data):
    """Gives every stored frame of a line or key, by its place."""
    database = sqlite3.connect(f"file:{data / 'store' / 'store.sqlite'}?mode=ro", uri=True)
    rows = database.execute(
        "SELECT f.stream, f.number, f.frame, s.key FROM frames f"
        " JOIN streams s ON s.stream = f.stream"
    ).fetchall()
    database.close()
    return {(stream, number): (frame, key) for stream, number, frame, key in rows}


def pieces(frame):
    """Gives pieces from the midst of what was sealed, apart from each other."""
    return [frame[place : place + 24] for place in (180, 260, 340) if len(frame) > place + 130]


def is_whole(frame):
    """Tells a line or key from a tombstone, which has zeros after it for the room that it had."""
    return len(frame.rstrip(b"\0")) > 400


def gone_now(before, stage):
    """Gives the frames that were whole before and are tombstones now."""
    after = frames(stage.data)
    return {
        place: frame
        for place, (frame, _) in before.items()
        if is_whole(frame) and not is_whole(after[place][0])
    }


def erased(report, stage, what, before, wanted):
    """Looks for what is a tombstone now and was a frame before.

    A commit leaves earlier pages in the log until the server empties it, some ten seconds later:
    so long it may take, and no longer than a minute.
    """
    begun = time.monotonic()
    while True:
        gone = gone_now(before, stage)
        fragments = {piece for frame in gone.values() for piece in pieces(frame)}
        found = Fragments(fragments).found(stage.data) if len(gone) >= wanted else {}
        seconds = time.monotonic() - begun
        if len(gone) >= wanted and not found or seconds > 60:
            break
        time.sleep(1)
    after = frames(stage.data)
    report.say(
        f"canaries erased={what} entries={len(gone)} fragments={len(fragments)}"
        f" hits={len(found)} seconds={seconds:.0f}",
        not found and len(gone) >= wanted,
    )
    for piece, where in sorted(found.items())[:5]:
        print(f"  {piece.hex()} in {where}")
    kept = [
        frame
        for place, (frame, _) in before.items()
        if is_whole(frame) and after[place][0] == frame
    ]
    control = {piece for frame in kept for piece in pieces(frame)}
    missing = control - set(Fragments(control).found(stage.data))
    report.say(
        f"canaries control={what} fragments={len(control)} found={len(control) - len(missing)}",
        bool(control) and not missing,
    )
    return gone


def chunks(data):
    """Gives the chunks of files that are stored."""
    database = sqlite3.connect(f"file:{data / 'store' / 'store.sqlite'}?mode=ro", uri=True)
    rows = database.execute("SELECT chunk FROM chunks").fetchall()
    database.close()
    return {chunk for (chunk,) in rows if chunk.strip(b"\0")}


def erase_file(report, stage):
    """Takes back the line of a large file, and looks for pieces from all over its chunks."""
    person = PEERS[0]
    before = chunks(stage.data)
    stage.run(person, "withdraw", stage.large_file)
    gone = before - chunks(stage.data)
    fragments = {
        chunk[place : place + 24]
        for chunk in gone
        for place in range(64, len(chunk.rstrip(b"\0")) - 64, 500)
    }
    begun = time.monotonic()
    found = Fragments(fragments).found(stage.data)
    while found and time.monotonic() < begun + 60:
        time.sleep(1)
        found = Fragments(fragments).found(stage.data)
    report.say(
        f"canaries erased=file chunks={len(gone)} fragments={len(fragments)} hits={len(found)}"
        f" seconds={time.monotonic() - begun:.0f}",
        len(gone) == 3 and not found,
    )
    control = {chunk[100:124] for chunk in chunks(stage.data)}
    missing = control - set(Fragments(control).found(stage.data))
    report.say(
        f"canaries control=file fragments={len(control)} found={len(control) - len(missing)}",
        bool(control) and not missing,
    )


def erase(report, stage):
    """Takes lines back by name and all at once, then lets the time of the rest pass."""
    erase_file(report, stage)
    before = frames(stage.data)
    person = PEERS[0]
    listed = stage.run(person, "withdraw")
    names = [line.split()[0] for line in listed.splitlines() if "What do you make" in line][:3]
    if len(names) != 3:
        fail(f"nothing to take back: {listed[:500]}")
    for name in names:
        stage.run(person, "withdraw", name)
    erased(report, stage, "withdraw", before, 3)
    before = frames(stage.data)
    stage.run(person, "erase", "--room", ROOM)
    erased(report, stage, "erase", before, 40)
    if not shutil.which("faketime"):
        print("canaries: no faketime: what goes by time was not tried")
        return
    # A year later another start of the same server finds what is over.
    before = frames(stage.data)
    stage.stop()
    clock = {"FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    stage.serve(0, clock, before=("faketime", "-f", "+800d"))

    def left():
        now = frames(stage.data)
        return sum(
            1
            for place, (frame, key) in before.items()
            if key[0] != 0 and is_whole(frame) and now[place][0] == frame
        )

    end = time.monotonic() + 120
    while left() > 30 and time.monotonic() < end:
        time.sleep(1)
    erased(report, stage, "retention", before, 100)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("peercoach", type=pathlib.Path)
    parser.add_argument("peercoachd", type=pathlib.Path)
    parser.add_argument("--strings", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--keep", type=pathlib.Path, help="leave everything in this folder")
    asked = parser.parse_args()
    folder = asked.keep or pathlib.Path(tempfile.mkdtemp(prefix="canaries-"))
    folder.mkdir(exist_ok=True)
    stage = Stage(folder, asked.peercoach.resolve(), asked.peercoachd.resolve())
    recorder = Recorder(folder, free_port())
    try:
        is_good = play(stage, recorder, asked)
    finally:
        recorder.stop()
        for view, _ in stage.views.values():
            view.kill()
        stage.stop()
        if not asked.keep:
            shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0 if is_good else 1)


def play(stage, recorder, asked):
    begun = time.monotonic()
    folder = stage.folder
    check_itself(folder)
    planter = Planter(asked.seed)
    controls = Planter(asked.seed + 1)
    controls.text("control", 3)
    in_memory, on_wire, in_table = controls.strings
    stage.prepare(recorder.port)
    stage.serve(recorder.server_port, {"CANARY_CONTROL": in_memory})
    recorder.control(on_wire.encode())
    stage.gather()
    cores = []
    plant(
        stage,
        planter,
        asked.strings,
        lambda: cores.append(stage.core("core-busy", stage.server)),
    )
    cores.append(stage.core("core-after", stage.server))
    client = stage.core("core-client", stage.views[PEERS[0]][0])
    stage.leave()
    for person in (*PEERS, FACILITATOR):
        history = folder / f"{person.split()[0].lower()}.history"
        history.write_text(stage.run(person, "history", "--json"))
    recorder.stop()
    backup = folder / "backup"
    shutil.copytree(stage.data, backup)
    print(
        f"canaries planted={len(planter.strings)} seed={asked.seed} "
        + " ".join(f"{kind}={count}" for kind, count in sorted(planter.kinds.items())),
        flush=True,
    )
    report = Report(planter.strings)
    store = stage.data / "store"
    report.nothing("core", *cores)
    report.nothing("database", store / "store.sqlite")
    report.nothing("wal", store / "store.sqlite-wal")
    report.nothing("shm", store / "store.sqlite-shm")
    report.nothing("data", stage.data)
    (stage.temporary / "is-there").write_text("a file that the search reads")
    report.nothing("temporary", stage.temporary)
    report.nothing("log", stage.log)
    report.nothing("backup", backup)
    report.nothing(recorder.how, recorder.file)
    read = (folder / "rules.seen", folder / "saved", *folder.glob("*.history"))
    report.everything("clients", planter.strings, ["raw"], *read)
    inside, _ = report.search.found(client)
    count = len({text for text, encoding in inside if encoding == "raw"})
    report.say(f"canaries control=client-memory found={count}", count > 100)
    report.everything("core", [in_memory], ["raw"], *cores)
    report.everything("wire", [on_wire], ["raw"], recorder.file)
    scratch = sqlite3.connect(backup / "store" / "store.sqlite")
    with scratch:
        scratch.execute("CREATE TABLE scratch(word)")
        scratch.execute("INSERT INTO scratch VALUES (?)", (in_table,))
    report.everything("database", [in_table], ["raw"], backup)
    scratch.close()
    erase(report, stage)
    print(f"canaries seconds={time.monotonic() - begun:.0f}")
    return report.is_good


if __name__ == "__main__":
    main()
