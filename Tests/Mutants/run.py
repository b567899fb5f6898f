# SPDX-License-Identifier: Apache-2.0
"""Takes single checks away, one at a time, and sees that a test notices each.

The table mutants.tsv names the checks. All of them are built once, into a copy of the checkout,
each behind a condition that holds for its own number alone; PEERCOACH_MUTANT chooses the number
when the tests run. The sources of the product know nothing of this.

    python3 Tests/Mutants/run.py [--only 3,17] [--copy FOLDER] [--seconds 300]

Ends with 0 when the tests pass with no mutant and fail with each.
"""

import argparse
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TABLE = HERE / "mutants.tsv"

CHOICE = """// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

private let chosen = getenv("PEERCOACH_MUTANT").flatMap { Int(String(cString: $0)) }

/// Tells whether a check is taken away in this run.
func mutated(_ number: Int) -> Bool { chosen == number }
"""


class Mutant:
    def __init__(self, line):
        number, self.file, self.text, self.replacement, self.tests, self.check = line.split("\t")
        self.number = int(number)

    @property
    def target(self):
        return pathlib.PurePath(self.file).parts[1]

    def filters(self):
        return self.tests.split("|")


def read_table():
    lines = TABLE.read_text().splitlines()
    return [Mutant(line) for line in lines[1:]]


def tracked():
    listed = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True,
        stdout=subprocess.PIPE,
    ).stdout
    names = {name for name in listed.decode().split("\0") if name}
    return sorted(name for name in names if (ROOT / name).is_file())


def apply(mutants):
    """Gives the changed files, by path."""
    changed = {}
    for mutant in mutants:
        text = changed.get(mutant.file) or (ROOT / mutant.file).read_text()
        count = text.count(mutant.text)
        if count != 1:
            sys.exit(f"mutants: {mutant.number}: {mutant.file} says {count} times: {mutant.text}")
        instead = mutant.replacement.replace("#", str(mutant.number))
        changed[mutant.file] = text.replace(mutant.text, instead)
    for target in {mutant.target for mutant in mutants}:
        changed[f"Sources/{target}/ChosenMutant.swift"] = CHOICE
    return changed


def copy(mutants, folder):
    """Makes the copy, and touches only what differs, so that the next build is short."""
    changed = apply(mutants)
    names = set(tracked())
    for name in sorted(names | set(changed)):
        content = changed[name].encode() if name in changed else (ROOT / name).read_bytes()
        place = folder / name
        if place.is_file() and place.read_bytes() == content:
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        if name in names:
            shutil.copymode(ROOT / name, place)
    for top in ("Sources", "Tests", "Protocol"):
        for place in (folder / top).rglob("*"):
            name = place.relative_to(folder).as_posix()
            if place.is_file() and name not in names and name not in changed:
                place.unlink()
    for name in ("checkouts", "repositories", "workspace-state.json"):
        mine, theirs = folder / ".build" / name, ROOT / ".build" / name
        if mine.exists() or not theirs.exists():
            continue
        mine.parent.mkdir(exist_ok=True)
        if theirs.is_dir():
            shutil.copytree(theirs, mine, symlinks=True)
        else:
            shutil.copy2(theirs, mine)


def swift(folder, *words, number=None, seconds=None):
    """Runs swift in the copy; gives its status, or None for one that did not end."""
    environment = dict(os.environ)
    environment.pop("PEERCOACH_MUTANT", None)
    if number is not None:
        environment["PEERCOACH_MUTANT"] = str(number)
    process = subprocess.Popen(
        [os.environ.get("SWIFT", "swift"), *words],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=seconds)
        return process.returncode, output.decode(errors="replace")
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, _ = process.communicate()
        return None, output.decode(errors="replace")


def test(folder, filters, seconds, number=None):
    words = ["test", "--skip-build"]
    for one in filters:
        words += ["--filter", one]
    return swift(folder, *words, number=number, seconds=seconds)


def judge(status, output):
    """Says how a mutant was noticed; None where it was not."""
    if status == 0:
        return None
    if status is None:
        return "time-out"
    failed = re.findall(r"^\S+ Test (.+?) (?:recorded an issue|failed)", output, re.MULTILINE)
    if failed:
        return f"{len(set(failed))} tests, among them {failed[0]}"
    return f"crash with status {status}"


def ran(output):
    found = re.search(r"Test run with (\d+) tests?", output)
    return int(found.group(1)) if found else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", help="numbers, with commas between them")
    parser.add_argument("--copy", type=pathlib.Path, default=ROOT / ".build-mutants")
    parser.add_argument("--seconds", type=int, default=300, help="for each mutant")
    asked = parser.parse_args()
    mutants = read_table()
    copy(mutants, asked.copy)
    begun = time.monotonic()
    status, output = swift(asked.copy, "build", "--build-tests")
    if status != 0:
        sys.exit(output[-4_000:] + "\nmutants: the copy does not build.")
    print(f"mutants: built in {time.monotonic() - begun:.0f} s", flush=True)
    chosen = {int(one) for one in asked.only.split(",")} if asked.only else None
    tried = [one for one in mutants if chosen is None or one.number in chosen]
    begun = time.monotonic()
    filters = sorted({name for one in tried for name in one.filters()})
    status, output = test(asked.copy, filters, 4 * asked.seconds)
    if status != 0:
        sys.exit(output[-4_000:] + "\nmutants: the tests fail with no mutant.")
    print(f"mutants: control, {ran(output)} tests pass", flush=True)
    survivors = []
    for mutant in tried:
        status, output = test(asked.copy, mutant.filters(), asked.seconds, mutant.number)
        how = judge(status, output)
        if how is None:
            survivors.append(mutant)
        words = f"noticed: {how}" if how else f"NOT NOTICED by {ran(output)} tests"
        print(f"{mutant.number:3} {mutant.target}: {mutant.check}: {words}", flush=True)
    print(
        f"mutants tried={len(tried)} noticed={len(tried) - len(survivors)}"
        f" survived={len(survivors)} seconds={time.monotonic() - begun:.0f}"
    )
    sys.exit(1 if survivors else 0)


if __name__ == "__main__":
    main()
