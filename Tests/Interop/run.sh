#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: run.sh PEERCOACHD PEERCOACH
# Runs the Python peer against a server of its own on loopback, and ends that server again.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
server=${1:?usage: run.sh PEERCOACHD PEERCOACH}
client=${2:?usage: run.sh PEERCOACHD PEERCOACH}
venv="$here/.venv"
work=$(mktemp -d)
pid=

finish() {
    if [ -n "$pid" ]; then
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap finish EXIT

if [ ! -f "$venv/ready" ] || [ "$here/requirements.txt" -nt "$venv/ready" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
    touch "$venv/ready"
fi

PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" "$here/formats.py" "$client" "$here/../.."

port=$("$venv/bin/python" -c '
import socket
with socket.socket() as one:
    one.bind(("127.0.0.1", 0))
    print(one.getsockname()[1])')

"$server" init --address "127.0.0.1:$port" --data "$work/data" >"$work/init.log"
"$server" serve --data "$work/data" --port-file "$work/port" \
    --set requestsBurst=1000000 --set requestsPerSecond=1000000 2>"$work/serve.log" &
pid=$!
for _ in $(seq 100); do
    [ -s "$work/port" ] && break
    if ! kill -0 "$pid" 2>/dev/null; then
        cat "$work/serve.log" >&2
        exit 1
    fi
    sleep 0.1
done
"$server" invite-admin "Ada Interop" --data "$work/data" --file "$work/invite" 2>"$work/invite.log"

echo "The independent peer in Python:"
if ! PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" "$here/peer.py" --invite "$work/invite" \
    --peercoach "$client" --work "$work"; then
    tail -n 20 "$work/serve.log" >&2
    exit 1
fi

kill "$pid"
if ! wait "$pid"; then
    echo "interop: the server did not stop in good order" >&2
    tail -n 20 "$work/serve.log" >&2
    exit 1
fi
pid=

echo "The programs themselves, and their calendar file as icalendar reads it:"
PEERCOACH_PYTHON="$venv/bin/python" bash "$here/../Walkthrough/walk.sh" "$client" "$server"
echo "interop: passed"
