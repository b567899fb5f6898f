# SPDX-License-Identifier: Apache-2.0
#
# What scripts that go through a programme with the real programs have in common; sourced by them.
# They set base, peercoach and steps, and say with moved() how a program is started.

fail() {
    echo "${0##*/}: step $steps: $1" >&2
    for file in out err; do [ -s "$base/$file" ] && sed "s/^/  $file: /" "$base/$file" >&2; done
    tail -n 5 "$base/log" 2>/dev/null | sed 's/^/  log: /' >&2
    exit 1
}

# run STATUS WHO ARGUMENTS...: runs peercoach as somebody and checks how it ends.
run() {
    local wanted=$1 who=$2
    shift 2
    steps=$((steps + 1))
    PEERCOACH_PROFILE="$base/$who" moved "$peercoach" "$@" \
        >"$base/out" 2>"$base/err" <"$base/typed"
    local status=$?
    [ "$status" -eq "$wanted" ] || fail "$who: peercoach $*: ended with $status, not $wanted"
}

# has TEXT [FILE]: checks what was printed last.
has() {
    grep -qF -- "$1" "$base/${2:-out}" || fail "nothing says '$1'"
}

hasnot() {
    if grep -qF -- "$1" "$base/${2:-out}"; then fail "something says '$1'"; fi
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
