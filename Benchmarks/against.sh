#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Compares the CPU time of a delivery with that of another commit, each with its own load, in
# alternating pairs of one run. The last commit with clear bodies is the default.
#
#   Benchmarks/against.sh [COMMIT]
#
# In the environment: SCRATCH (this commit's build folder), OTHER (a worktree of the other commit,
# kept; without it one is made and removed), PAIRS (21), SECONDS_EACH (2), ROOMS (50).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
commit=${1:-92a1538}
scratch=${SCRATCH:-$root/.build-bench}
pairs=${PAIRS:-21} seconds=${SECONDS_EACH:-2} rooms=${ROOMS:-50}
work=$(mktemp -d -t peercoach-against.XXXXXX)
other=${OTHER:-$work/tree}
servers=()

finish() {
    for id in "${servers[@]}"; do kill "$id" 2>/dev/null && wait "$id" 2>/dev/null || true; done
    [ -n "${OTHER:-}" ] || git -C "$root" worktree remove --force "$other" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

say() { printf '%s\n' "$*" >&2; }

# build ROOT SCRATCH: leaves the folder of the programs in $built
build() {
    local flags=(--package-path "$1/Benchmarks" --scratch-path "$2" -c release
        --static-swift-stdlib) product
    for product in peercoachd Load; do
        say "building $product in $1"
        swift build "${flags[@]}" --product "$product" >"$work/build.log" 2>&1 || {
            tail -40 "$work/build.log" >&2
            exit 1
        }
    done
    built=$(swift build "${flags[@]}" --show-bin-path)
}

# serve NAME PROGRAMS PORT: a server on a data folder of its own, its number in $started
serve() {
    "$2/Load" prepare --data "$work/$1" --scenario "$work/$1.scenario" \
        --address "127.0.0.1:$3" --rooms "$rooms" --people 8 --events 1000 >&2
    "$2/peercoachd" serve --data "$work/$1" --port-file "$work/$1.port" --log warning \
        --set requestsBurst=1000000 --set requestsPerSecond=1000000 $4 2>"$work/$1.log" &
    started=$!
    servers+=("$started")
    for _ in $(seq 600); do
        [ -s "$work/$1.port" ] && return
        sleep 0.05
    done
    cat "$work/$1.log" >&2
    exit 1
}

# deliver NAME PROGRAMS PORT PROCESS
deliver() {
    "$2/Load" deliver --scenario "$work/$1.scenario" --port "$3" --process "$4" \
        --rooms "$rooms" --seconds "$seconds" | cut -d' ' -f1
}

[ -e "$other" ] || git -C "$root" worktree add -q --detach "$other" "$commit"
build "$root" "$scratch"
new=$built
build "$other" "$other/.build-bench"
old=$built
limits="--set bytesBurst=1073741824 --set bytesPerSecond=1073741824"
serve new "$new" 7471 "$limits"
new_server=$started
serve old "$old" 7472 "$(grep -rq bytesPerSecond "$other/Sources/CoachingServer" && echo "$limits")"
old_server=$started
for pair in $(seq "$pairs"); do
    before=$(deliver old "$old" 7472 "$old_server")
    after=$(deliver new "$new" 7471 "$new_server")
    say "pair $pair: $before us, $after us"
    echo "$before $after"
done | awk '{ print $2 / $1 }' | sort -g |
    awk -v commit="$commit" '{ v[NR] = $1 } END {
        printf "CPU of a delivery against %s: %.3f (%.3f to %.3f, %d pairs)\n", commit,
            v[int((NR + 1) / 2)], v[1], v[NR], NR }'
