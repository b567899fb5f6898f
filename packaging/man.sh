#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the man pages from what the programs say about themselves.
# usage: man.sh BINARIES OUT
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
binaries=${1:?usage: man.sh BINARIES OUT}
out=${2:?usage: man.sh BINARIES OUT}
seconds=${SOURCE_DATE_EPOCH:-$(git -C "$here" log -1 --format=%ct 2>/dev/null || date +%s)}

mkdir -p "$out"
for page in peercoach.1 peercoachd.8; do
    program="$binaries/${page%.*}"
    version=$("$program" --version)
    "$program" --experimental-dump-help |
        python3 "$here/man.py" "$version" "$seconds" >"$out/$page.new"
    mv "$out/$page.new" "$out/$page"
done
