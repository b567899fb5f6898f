#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Three monthly sessions of one group with the real programs, on a moved clock:
#   Tests/Story/story.sh PEERCOACH PEERCOACHD [OUTPUT]
# A contract, coaching, a promise, its review, feedback, and what stays of it all. Ends with 0 when
# every step did what it should; says which step did not. What is written to look at stays in OUTPUT.
set -u -o pipefail

peercoach=${1:?the program peercoach}
peercoachd=${2:?the program peercoachd}
output=${3:-}
here=$(cd "$(dirname "$0")/../.." && pwd)
base=$(mktemp -d)
: >"$base/typed" # what the next commands read
server=
steps=0
days=0

if ! command -v faketime >/dev/null; then
    echo "story: no faketime: three months were not gone through"
    exit 0
fi

# What waits goes by the time since the machine started, which is not moved.
export FAKETIME_DONT_FAKE_MONOTONIC=1
moved() { faketime -m -f "+${days}d" "$@"; }
exec_moved() { exec faketime -m -f "+${days}d" "$@"; }

# The clock's program waits for the server, which is its child.
end() { pkill -TERM -P "$server" 2>/dev/null && wait "$server" 2>/dev/null; }

finish() {
    [ -n "$server" ] && end
    rm -rf "$base"
}
trap finish EXIT

# shellcheck source=Tests/Walkthrough/steps.sh
. "$here/Tests/Walkthrough/steps.sh"
port=$(free_port)
data=$base/data

serve() {
    rm -f "$base/port"
    exec_moved "$peercoachd" serve --data "$data" --port-file "$base/port" \
        --listen "127.0.0.1:$port" >>"$base/log" 2>&1 &
    server=$!
    for _ in $(seq 100); do
        [ -s "$base/port" ] && return
        kill -0 "$server" 2>/dev/null || fail "the server does not run"
        sleep 0.1
    done
    fail "the server does not start"
}

stop() {
    end || fail "the server does not stop well"
    server=
}

# later DAYS: so much time goes by, with nobody there and the server down for the night.
later() {
    stop
    days=$((days + $1))
    serve
}

day() { date -d "+$((days + $1)) days" +%F; }

# roles: who has which role in the turn that runs.
roles() {
    client= coach= observer=
    for name in lena priya tom; do
        run 0 "$name" session --json
        case $(sed -n 's/.*"role":"\([a-z]*\)".*/\1/p' "$base/out") in
        client) client=$name ;;
        coach) coach=$name ;;
        observer) observer=$name ;;
        esac
    done
    [ -n "$client" ] && [ -n "$coach" ] && [ -n "$observer" ] || fail "a role is nobody's"
}

# hold WHO NUMBER: a whole session, in each turn of which something is said.
hold() {
    local who=$1 number=$2
    for name in lena priya tom; do run 0 "$name" present; done
    run 0 "$who" session start triad --medium typed --purpose "meeting $number" \
        --result "each has a next step" --yes
    local turns=0 seen=
    for _ in $(seq 40); do
        run 0 priya session --json
        grep -q '"running":true' "$base/out" || break
        if grep -q '"phase":"coaching"\|Coaching' "$base/out"; then
            roles
            if [ "$client" != "$seen" ]; then
                seen=$client
                turns=$((turns + 1))
                run 0 "$client" say --to turn "In month $number I keep too much for myself."
                run 0 "$coach" say --to turn "What would you hand over first, $turns?"
                run 0 "$client" say --to turn "The weekly report, I think."
                run 0 "$observer" note "asks openly, month $number"
            fi
        fi
        run 0 "$who" session next --yes
    done
    [ "$turns" -eq 3 ] || fail "$turns turns were held, not 3"
}

"$peercoachd" init --address "localhost:$port" --data "$base/data" >"$base/out" 2>"$base/err" ||
    fail "init"
serve
"$peercoachd" invite-admin "Maya Lind" --data "$base/data" --file "$base/maya.invite" \
    >"$base/out" 2>"$base/err" || fail "invite-admin"
run 0 maya enrol --file "$base/maya.invite" --yes
for name in "Lena Hofmann" "Priya Raman" "Tom Becker" "Jonas Weiss"; do
    run 0 maya admin people add "$name"
done
run 0 maya admin rooms add north
run 0 maya admin facilitators set north jonas --until "$(day 400)"
run 0 maya admin rooms put north lena priya tom
run 0 maya admin invites new --all --into "$base/invites"
for name in lena priya tom jonas; do
    grep -h '^peer1:' "$base/invites/$name"-* | tr -d '\r' >"$base/$name.invite"
    run 0 "$name" enrol --file "$base/$name.invite" --yes
done
run 0 maya admin status
run 0 jonas admit --yes
run 0 maya
run 0 jonas admit --yes

# The first month: the contract, the first session, a promise.
for name in lena priya tom; do
    run 0 "$name" agreement
    run 0 "$name" agreement accept --yes
done
run 0 lena goal add "hand work over" --measure "two reports a month are somebody else's" \
    --by "$(day 80)" --reason "evenings"
run 0 lena feel 2 "full head"
hold jonas 1
run 0 lena commit add "give Priya the weekly report" --by "$(day 21)" --to priya
run 0 lena journal add "I learned to wait; I will ask one thing at a time."
run 0 priya
for pair in "lena priya" "priya tom" "tom lena"; do
    set -- $pair
    run 0 "$1" feedback write "$2" "You stayed with the question, and I could think."
    run 0 "$2" feedback read "$1"
    has "stayed with the question"
    run 0 "$1" assess "$2" "You asked one thing at a time."
done
run 0 lena feel 4 "lighter"
run 0 lena relationship
has "1 session held"

# What went well goes on as far as all want whom it is about.
run 0 lena story add "Tom waited, and I let the report go." --about tom --about priya --to room --yes
run 1 tom story release 1 --yes
has "Only who wrote a line" err
run 75 lena story release 1 --yes
has "lets you in first" err
run 0 maya
run 0 lena story release 1 --yes
has "When all have said yes it is released."
run 0 tom consents yes 1 --yes
run 0 lena
run 0 maya released
hasnot "let the report go"
run 0 priya consents yes 1 --yes
run 0 lena
run 0 maya released
has "let the report go"
# The second month: what was promised comes first, in both directions.
later 31
run 0 lena due
has "give Priya the weekly report"
run 0 priya commit
has "give Priya the weekly report"
number=$(sed -n 's/^ *\([0-9][0-9]*\)  .*give Priya.*/\1/p' "$base/out" | head -n 1)
run 0 lena review
number=$(sed -n 's/^ *\([0-9][0-9]*\)  .*give Priya.*/\1/p' "$base/out" | head -n 1)
[ -n "$number" ] || fail "the promise has no number"
run 0 lena review "$number" partly "every second week" --by "$(day 20)"
hold jonas 2
run 0 lena review "$number" kept
run 0 priya commit --all
has "kept"
run 0 lena goal progress 1 "the first report went over"
run 0 lena feel 4 "curious"
run 0 lena journal applied 1 "Asked one thing; Tom thought aloud for a minute."
run 0 lena relationship
has "2 sessions held. You can go on"
run 0 lena feedback assess me --rate "presence=3" --yes
run 0 priya feedback write lena --strengths "You asked short." --observed "Twice you waited." --later
has "What it did is missing"
run 0 priya feedback write lena --effect "I thought aloud." --instead "Wait once more." \
    --goal "hand work over" --yes
run 0 lena feedback read priya
has "Twice you waited."
has "For your aim: hand work over"

# The third month: the last one with their facilitator, then the group runs itself.
later 31
run 0 jonas session handover --after-next --yes
hold jonas 3
run 1 jonas history --room north
run 0 lena members
hasnot "Jonas Weiss, facilitator"
for name in lena priya tom; do run 0 "$name" relationship renew; done
has "0 sessions held since it was renewed"
run 0 lena goal done 1 "two of four"
run 0 lena feel 5 "proud"
run 0 lena feel
has "5 #####"
run 0 lena ledger
has "3 sessions"
run 0 lena coaching --trend
run 0 lena report
has "Minutes in each role"
has "as client"
run 0 lena report --json
has '"part":"time"'
has '"title":"Check-ins"'
run 2 lena report --since "$(day 5)"
has "still to come" err
run 2 lena report --since 2026-02-30
has "is no day that there is" err
run 2 lena report --without nothing
run 0 lena report --markdown --since 3mo
has "## Promises and tasks"
run 0 lena report --html "$base/lena.html"
[ "$(stat -c %a "$base/lena.html")" = 600 ] || fail "others can read the page"
grep -q "<svg" "$base/lena.html" || fail "the page has no drawing"
run 1 lena report --html "$base/lena.html"
has "it is there already" err
run 0 lena report --html "$base/lena.html" --force
run 0 tom review-group
has "held"
hasnot "Lena"
run 0 tom review-group --html "$base/north.html"
if [ -n "$output" ]; then
    mkdir -p "$output" && cp "$base/lena.html" "$base/north.html" "$output/"
fi
# What one said goes on only as far as those whom it concerns want.
run 0 lena release
line=$(sed -n 's/^\([a-z2-7]*\)  .*The weekly report.*/\1/p' "$base/out" | head -n 1)
[ -n "$line" ] || fail "the line that may be released has no name"
run 0 lena release "$line" --to room --yes
run 0 tom review-group --markdown
has "let the report go"
run 1 priya chatham ask --yes
has "With fewer than 5 people" err
# All that one has goes along: out here, whole, and in at another programme.
run 0 lena export "$base/mine"
has "words of"
(cd "$base/mine" && sha256sum --quiet -c SHA256SUMS) || fail "the archive is not what its list says"
[ "$(stat -c %a "$base/mine/rooms/north/lines.jsonl")" = 600 ] || fail "others can read the archive"
run 1 lena export "$base/mine"
run 0 lena import "$base/mine"
has "All of it is here already."
# Nothing of it is anywhere in the clear.
stop
if grep -rqF "weekly report" "$base/data"; then fail "the server holds what was said"; fi

port=$(free_port)
data=$base/other
"$peercoachd" init --address "localhost:$port" --data "$data" >"$base/out" 2>"$base/err" ||
    fail "init"
serve
"$peercoachd" invite-admin "Lena Hofmann" --data "$data" --file "$base/other.invite" \
    >"$base/out" 2>"$base/err" || fail "invite-admin"
run 0 other enrol --file "$base/other.invite" --yes
run 0 other admin rooms add south
run 0 other admin rooms put south lena
run 0 other room south --yes
run 0 other admit --yes
cp -r "$base/mine" "$base/changed"
sed -i 's/wait/wade/' "$base/changed/rooms/north/journal.md"
run 1 other import "$base/changed" --yes
has "rooms/north/journal.md is not what it was" err
run 0 other journal
has "Your journal is empty"
run 0 other import "$base/mine" --yes
has "Took over"
run 0 other journal
has "I learned to wait"
has "applied, page 1"
run 0 other feel
has "2 ##"
run 0 other goal --all
has "hand work over"
has "two of four"
run 0 other import "$base/mine" --yes
has "All of it is here already."
run 0 other export "$base/again"
run 0 other import "$base/again"
has "All of it is here already."
stop
echo "story: three months, $steps steps, all as they should."
