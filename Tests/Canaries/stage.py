# SPDX-License-Identifier: Apache-2.0
"""A server and five people, each a real process with a folder of its own, behind one port."""

import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

ADMINISTRATOR, FACILITATOR, PEERS = "Maya Lind", "Jonas Weiss", ("Lena Orth", "Priya Rao", "Tom Abel")
ROOM = "north"


def fail(text):
    sys.exit(f"canaries: {text}")


def wait(what, holds, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return
        time.sleep(0.05)
    fail(f"{what}: nothing came in {seconds} s.")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Recorder:
    """Keeps all that goes over a port of the loopback: tcpdump, or a proxy where it may not."""

    def __init__(self, folder, port):
        self.folder = folder
        self.port = port
        self.file = folder / "capture"
        self.dump = None
        self.how = "tcpdump"
        if shutil.which("tcpdump"):
            self.dump = subprocess.Popen(
                ["tcpdump", "-i", "lo", "-U", "-s", "0", "-B", "65536", "-w", self.file]
                + ["-Z", "root", "tcp", "port", str(port)],
                stdout=subprocess.DEVNULL,
                stderr=(folder / "tcpdump.log").open("wb"),
            )
            time.sleep(1)
        if self.dump is None or self.dump.poll() is not None:
            self.dump = None
            self.how = "proxy"
        # With a proxy the server listens elsewhere, and everybody comes through here.
        self.server_port = port if self.dump else free_port()
        if not self.dump:
            self.record = self.file.open("wb", buffering=0)
            listener = socket.create_server(("127.0.0.1", port))
            threading.Thread(target=self.accept, args=(listener,), daemon=True).start()

    def accept(self, listener):
        while True:
            near, _ = listener.accept()
            try:
                far = socket.create_connection(("127.0.0.1", self.server_port))
            except OSError:
                near.close()
                continue
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self.pump, args=(one, other), daemon=True).start()

    def pump(self, one, other):
        try:
            while content := one.recv(65536):
                self.record.write(content)
                other.sendall(content)
            other.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def control(self, text):
        """Sends words in clear, which no peercoach would; the server hangs up."""
        with socket.create_connection(("127.0.0.1", self.port)) as one:
            one.sendall(text)
            one.settimeout(10)
            try:
                one.recv(100)
            except OSError:
                pass

    def stop(self):
        if self.dump and self.dump.poll() is None:
            time.sleep(1)
            self.dump.terminate()
            self.dump.wait()


class Stage:
    def __init__(self, folder, peercoach, peercoachd):
        self.folder = folder
        self.peercoach = peercoach
        self.peercoachd = peercoachd
        self.data = folder / "data"
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        self.log = folder / "server.log"
        self.server = None
        self.views = {}
        self.large_file = None

    # The server

    def prepare(self, port):
        self.operate("init", "--address", f"localhost:{port}")

    def operate(self, *words):
        command = [self.peercoachd, *words, "--data", self.data]
        done = subprocess.run(command, capture_output=True)
        if done.returncode != 0:
            fail(f"peercoachd {words[0]}: {done.stderr.decode()}")

    def serve(self, port, environment={}, before=()):
        port_file = self.folder / "port"
        port_file.unlink(missing_ok=True)
        settings = {"requestsBurst": 100_000, "requestsPerSecond": 100_000}
        settings |= {"newPerMinuteMax": 10_000, "newPerTenMinutesMax": 100_000}
        settings |= {"bytesPerSecond": 100_000_000}
        command = [*before, self.peercoachd, "serve", "--data", self.data, "--log", "debug"]
        command += ["--listen", f"127.0.0.1:{port}", "--port-file", port_file]
        for name, value in settings.items():
            command += ["--set", f"{name}={value}"]
        self.server = subprocess.Popen(
            command,
            env=dict(os.environ, TMPDIR=str(self.temporary)) | environment,
            stdout=self.log.open("ab"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        wait("the server", lambda: self.server.poll() is not None or port_file.exists())
        if self.server.poll() is not None:
            fail("the server did not start:\n" + self.log.read_text()[-2_000:])

    def stop(self):
        if self.server and self.server.poll() is None:
            # A program that runs it in between ends with it.
            os.killpg(self.server.pid, signal.SIGTERM)
            self.server.wait()
        self.server = None

    def core(self, name, process):
        """Gives the memory of a process, whatever it thinks of core files."""
        done = subprocess.run(
            ["gcore", "-o", self.folder / name, str(process.pid)],
            capture_output=True,
        )
        place = pathlib.Path(f"{self.folder / name}.{process.pid}")
        if not place.exists():
            fail(f"no core of {name}: {done.stderr.decode()[-500:]}")
        return place

    # The people

    def profile(self, person):
        return self.folder / "people" / person.split()[0].lower()

    def run(self, person, *words, text=None):
        """Runs peercoach as somebody; what is typed is not among the arguments."""
        command = [self.peercoach, *words, "--profile", self.profile(person), "--yes"]
        done = subprocess.run(
            command,
            input=(text or "").encode(),
            capture_output=True,
            timeout=120,
        )
        if done.returncode != 0:
            fail(
                f"{person}: peercoach {' '.join(map(str, words))} ended with {done.returncode}:\n"
                + (done.stdout + done.stderr).decode()[-2_000:]
            )
        return done.stdout.decode()

    def gather(self):
        (self.folder / "people").mkdir()
        invite = self.folder / "maya.invite"
        self.operate("invite-admin", ADMINISTRATOR, "--file", str(invite))
        self.run(ADMINISTRATOR, "enrol", "--file", invite)
        for person in (FACILITATOR, *PEERS):
            self.run(ADMINISTRATOR, "admin", "people", "add", person)
        self.run(ADMINISTRATOR, "admin", "rooms", "add", ROOM)
        self.run(ADMINISTRATOR, "admin", "facilitators", "set", ROOM, FACILITATOR)
        self.run(ADMINISTRATOR, "admin", "rooms", "put", ROOM, *PEERS)
        invites = self.folder / "invites"
        self.run(ADMINISTRATOR, "admin", "invites", "new", "--all", "--into", invites)
        for person in (FACILITATOR, *PEERS):
            name = person.lower().replace(" ", "-")
            found = [one for one in invites.iterdir() if one.name.startswith(name)]
            if len(found) != 1:
                fail(f"no invite of {person}: {sorted(one.name for one in invites.iterdir())}")
            self.run(person, "enrol", "--file", found[0])
        self.run(ADMINISTRATOR, "admin", "status")
        self.run(FACILITATOR, "admit")
        self.run(FACILITATOR, "admit")

    # A room view that is typed into

    def enter(self, person):
        seen = self.folder / f"{person.split()[0].lower()}.seen"
        view = subprocess.Popen(
            [self.peercoach, "room", ROOM, "--json", "--yes", "--profile", self.profile(person)],
            stdin=subprocess.PIPE,
            stdout=seen.open("wb"),
            stderr=(self.folder / f"{person.split()[0].lower()}.errors").open("wb"),
        )
        self.views[person] = (view, seen)

    def type(self, person, line):
        view, _ = self.views[person]
        view.stdin.write(line.encode() + b"\n")
        view.stdin.flush()

    def count(self, person, kind):
        _, seen = self.views[person]
        return len(re.findall(rb'"type":"' + kind.encode() + b'"', seen.read_bytes()))

    def leave(self):
        for view, _ in self.views.values():
            view.stdin.close()
        for person, (view, _) in self.views.items():
            if view.wait(60) != 0:
                fail(f"{person}'s view ended with {view.returncode}")
        self.views = {}
        self.large_file = None
