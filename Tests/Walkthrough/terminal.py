# SPDX-License-Identifier: Apache-2.0
"""Types lines into a program in a terminal, each when it asks for one:
  terminal.py FILE PROGRAM ARGUMENTS...
A line ^C interrupts it. Prints what the program printed, and ends as it did."""
import os
import pty
import re
import select
import sys
import time

with open(sys.argv[1]) as file:
    lines = file.read().split("\n")[:-1]
pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.argv[2], sys.argv[2:])
seen = b""
until = time.monotonic() + 60
while time.monotonic() < until:
    if not select.select([terminal], [], [], 1)[0]:
        continue
    try:
        chunk = os.read(terminal, 65536)
    except OSError:
        break
    if not chunk:
        break
    seen += chunk
    # The prompts of a question: "> " and "[y/N] ", at the end of what there is.
    if lines and re.search(rb"(> |\[y/N\] )$", seen):
        line = lines.pop(0)
        os.write(terminal, b"\x03" if line == "^C" else line.encode() + b"\n")
        seen += b"\n"
sys.stdout.write(seen.decode(errors="replace").replace("\r", ""))
sys.stdout.flush()
status = os.waitpid(pid, 0)[1] if time.monotonic() < until else 99 << 8
sys.exit(os.waitstatus_to_exitcode(status) % 256)
