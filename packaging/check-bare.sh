#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Tries the programs on a system that has nothing but the libraries that the package asks for: no
# Swift, no shell, no locale, no time zones, no /etc, no environment.
# usage: check-bare.sh FOLDER|FILE.deb          try peercoach and peercoachd
#        check-bare.sh --libraries PROGRAM...   look at the libraries only
set -euo pipefail

# What the package's dependencies bring: libc6, libsqlite3-0, libstdc++6, libgcc-s1, zlib1g.
allowed=' ld-linux-x86-64.so.2 ld-linux-aarch64.so.1 libc.so.6 libdl.so.2 libgcc_s.so.1 libm.so.6
 libpthread.so.0 libresolv.so.2 librt.so.1 libsqlite3.so.0 libstdc++.so.6 libutil.so.1 libz.so.1 '
allowed=${allowed//$'\n'/ }

fail() {
    echo "check-bare.sh: $1" >&2
    exit 1
}

check_libraries() {
    local program library
    for program in "$@"; do
        [ -x "$program" ] || fail "there is no program $program"
        for library in $(readelf -Wd "$program" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'); do
            case $allowed in
            *" $library "*) ;;
            *) fail "$program needs $library: build it with --static-swift-stdlib" ;;
            esac
        done
    done
}

case ${1:-} in
"") fail "usage: check-bare.sh FOLDER|FILE.deb" ;;
--libraries)
    shift
    check_libraries "$@"
    exit 0
    ;;
esac

work=$(mktemp -d)
server=
finish() {
    if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi
    rm -rf "$work"
}
trap finish EXIT

binaries=$1
if [ -f "$1" ]; then
    dpkg-deb -x "$1" "$work/package"
    binaries=$work/package/usr/bin
fi
check_libraries "$binaries/peercoach" "$binaries/peercoachd"

# The bare system: the two programs, their libraries where they look for them, a folder for data.
root=$work/root
mkdir -p "$root/data" "$root/tmp" "$root/home"
for program in peercoach peercoachd; do
    install -D -m 0755 "$binaries/$program" "$root/usr/bin/$program"
    ldd "$binaries/$program" | grep -o '/[^ ]*' | sort -u | while read -r library; do
        [ -e "$root$library" ] || install -D -m 0755 "$(readlink -f "$library")" "$root$library"
    done
done

# /proc is there on every Linux, and the Swift runtime reads its arguments from it. All goes by
# whole paths: the environment is empty, and with it PATH.
tool() { PATH=$PATH:/usr/sbin:/sbin command -v "$1" || fail "there is no $1"; }
unshare=$(tool unshare) mount=$(tool mount) chroot=$(tool chroot)
own=(--mount)
[ "$(id -u)" = 0 ] || own+=(--map-root-user)
"$unshare" "${own[@]}" true 2>/dev/null || fail "may not make a mount namespace: run this as root"
mkdir "$root/proc"
# shellcheck disable=SC2016  # the inner shell expands them
bare=(env -i "$unshare" "${own[@]}" /bin/sh -c
    '"$1" --rbind /proc "$3/proc" && root=$3 chroot=$2 && shift 3 && exec "$chroot" "$root" "$@"'
    sh "$mount" "$chroot" "$root")
expect() {
    local wanted=$1 output
    shift
    output=$("${bare[@]}" "$@" 2>&1) || fail "failed on a bare system: $*"$'\n'"$output"
    grep -qE -- "$wanted" <<<"$output" || fail "said something else: $*"$'\n'"$output"
    echo "ok: $*"
}

expect '^[0-9]+\.[0-9]+' /usr/bin/peercoach --version
expect 'USAGE: peercoach' /usr/bin/peercoach --help
expect '^[0-9]+\.[0-9]+' /usr/bin/peercoachd --version
expect 'Made the server localhost:7443' \
    /usr/bin/peercoachd init --address localhost:7443 --data /data/server
expect '^peopleMax +24' /usr/bin/peercoachd config --data /data/server

# A server that listens, and stops when it is told to.
"${bare[@]}" /usr/bin/peercoachd serve --data /data/server --listen 127.0.0.1:0 \
    --port-file /data/port >"$work/log" 2>&1 &
server=$!
for _ in $(seq 150); do
    [ -s "$root/data/port" ] && break
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
done
[ -s "$root/data/port" ] || fail "did not listen on a bare system:"$'\n'"$(cat "$work/log")"
port=$(<"$root/data/port")
if command -v openssl >/dev/null; then
    answer=$(openssl s_client -connect "127.0.0.1:$port" -tls1_3 -alpn peercoach/1 \
        </dev/null 2>&1 | tr -d '\0' || true)
    grep -q 'ALPN protocol: peercoach/1' <<<"$answer" || fail "no TLS 1.3 with ALPN on port $port"
fi
kill -TERM "$server"
status=0
wait "$server" || status=$?
server=
[ "$status" = 0 ] || fail "ended with $status when told to stop:"$'\n'"$(cat "$work/log")"
echo "ok: /usr/bin/peercoachd serve, and its end"
