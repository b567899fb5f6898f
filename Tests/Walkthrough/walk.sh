#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Sets up a programme and holds a short session with the real programs, by commands alone:
#   Tests/Walkthrough/walk.sh PEERCOACH PEERCOACHD
# Ends with 0 when every step did what it should; says which step did not.
set -u -o pipefail

peercoach=${1:?the program peercoach}
peercoachd=${2:?the program peercoachd}
here=$(cd "$(dirname "$0")/../.." && pwd)
base=$(mktemp -d)
: >"$base/typed" # what the next commands read
server=
steps=0

finish() {
    [ -n "$server" ] && kill -TERM "$server" 2>/dev/null && wait "$server" 2>/dev/null
    rm -rf "$base"
}
trap finish EXIT

# shellcheck source=Tests/Walkthrough/steps.sh
. "$here/Tests/Walkthrough/steps.sh"
moved() { "$@"; }

# types STATUS WHO FILE ARGUMENTS...: the same in a terminal, where the lines of a file are typed.
types() {
    local wanted=$1 who=$2 lines=$3
    shift 3
    steps=$((steps + 1))
    PEERCOACH_PROFILE="$base/$who" python3 "$here/Tests/Walkthrough/terminal.py" "$lines" \
        "$peercoach" "$@" >"$base/out" 2>"$base/err"
    local status=$?
    [ "$status" -eq "$wanted" ] || fail "$who types: peercoach $*: ended with $status, not $wanted"
}

port=$(free_port)
"$peercoachd" init --address "localhost:$port" --data "$base/data" >"$base/out" 2>"$base/err" ||
    fail "init"

serve() {
    rm -f "$base/port"
    "$peercoachd" serve --data "$base/data" --port-file "$base/port" --listen "127.0.0.1:$port" \
        >>"$base/log" 2>&1 &
    server=$!
    for _ in $(seq 100); do
        [ -s "$base/port" ] && return
        kill -0 "$server" 2>/dev/null || fail "the server does not run"
        sleep 0.1
    done
    fail "the server does not start"
}

stop() {
    kill -TERM "$server" && wait "$server"
    server=
}

serve
"$peercoachd" invite-admin "Maya Lind" --data "$base/data" --file "$base/maya.invite" \
    >"$base/out" 2>"$base/err" || fail "invite-admin"

# Before anybody is there.
run 0 maya
has "peercoach enrol"
run 1 maya rooms
has "There is no profile" err
run 2 maya bogus
run 2 maya admin people add
run 2 maya enrol --file "$base/maya.invite"
has "give --yes" err
[ -e "$base/maya/profile.cbor" ] && fail "keys were made before the question was answered"

# The administrator sets up.
run 0 maya enrol --file "$base/maya.invite" --yes
has "Welcome, Maya Lind."
run 1 tom enrol --file "$base/maya.invite" --yes
run 0 maya whoami
has "administrator"
printf 'name,email\nSam Lee,sam.lee@acme.example\nNo Mail,nowhere\n' >"$base/broken.csv"
run 1 maya admin people import "$base/broken.csv"
has "Line 3" err
run 0 maya admin people
hasnot "Sam Lee"
run 0 maya admin people import "$here/Examples/managers.csv"
has "4 people added"
run 1 maya admin people import "$here/Examples/managers.csv"
has "takes part already" err
run 0 maya admin rooms add north
run 0 maya admin facilitators set north jonas --until 2027-06-30
run 0 maya admin rooms put north lena priya becker
has "Tom Becker is proposed"
run 2 maya admin invites new --all
has "--into" err
run 0 maya admin invites new --all --days 5 --into "$base/invites"
has "4 invites"
run 1 maya admin invites new lena --into "$base/invites"
[ "$(stat -c %a "$base/invites")" = 700 ] || fail "others can open the invites' folder"
[ "$(stat -c %a "$base/invites/lena-hofmann.eml")" = 600 ] || fail "others can read an invite"
run 0 maya admin invites --json
has '"state":"open"'

# Everybody enrols, with the whole mail as it came or the line alone.
for who in lena-hofmann priya-raman tom-becker jonas-weiss; do
    grep '^peer1:' "$base/invites/$who.eml" | tr -d '\r' | fold -w 60 >"$base/$who.invite"
    name=${who%%-*}
    run 0 "$name" enrol --file "$base/$who.invite" --yes
    has "north"
done
run 0 maya admin status --json
has '"enrolled":5'
run 1 lena admin people
run 1 lena members
run 0 lena rooms
has "Jonas Weiss"

# The facilitator opens the room; who is vouched for comes in.
run 2 jonas admit
run 0 jonas admit --yes
has "You opened north."
run 0 maya
run 0 jonas lobby
run 0 jonas admit --yes
run 0 jonas members --json
for name in "Lena Hofmann" "Priya Raman" "Tom Becker" "Jonas Weiss"; do has "$name"; done
run 0 lena members
has "let in by Jonas Weiss"

# The agreement, presence, and a session that is refused until people are there.
run 1 lena present
run 0 lena agreement
has "not accepted by you"
run 0 nobody agreement template
for part in "once a month" "on a call" "same time" "went well" "writes down" "in danger" "records"; do
    has "$part"
done
for name in lena priya tom; do
    run 0 "$name" agreement accept --yes
    has "You accepted version 1."
done
run 1 jonas session start triad --medium typed --pace 20 --yes
has "Nobody is here" err
for name in lena priya tom; do
    run 0 "$name" present
done
run 1 lena session start triad --medium typed --yes

# A format of one's own: every mistake with its place, then a session that goes by it for all.
sed 's/minutes: 5/minutes: five/; s/bare: answer/bare: sing/' "$here/Examples/troika.yaml" >"$base/bad.yaml"
run 1 jonas session start "$base/bad.yaml" --medium typed --yes
has "bad.yaml: line 41, column 13:"
has "bad.yaml: line 54, column 14:"
has "2 mistakes" err
cp "$here/Examples/troika.yaml" "$base/ours.yaml"
run 0 jonas session start "$base/ours.yaml" --medium typed --pace 20 --yes
has "Round 3 of 3"
rm "$base/ours.yaml"
run 0 lena session
has "Troika consulting"
run 0 priya session plan
has "Troika consulting, typed"
run 0 jonas session end --yes
printf '/start %s\n/no\n' "$here/Examples/troika.yaml" >"$base/typed"
run 0 jonas room
has "The format is your own: troika, version 1"
has "Not started."
: >"$base/typed"

run 2 jonas session start triad
run 2 jonas session start triad --medium typed --pace 20
has "Round 1 of 3"
run 2 jonas session start triad --medium typed --purpose "who does what"
run 0 jonas session start triad --medium typed --pace 20 --purpose "who does what" \
    --result "each knows their part" --yes
has "For: who does what. At its end: each knows their part"
has "Round 3 of 3"
run 0 jonas session
has "Arrive"
run 0 lena say --to room "I arrive with a full head."
has "Sent to Jonas Weiss, Priya Raman and Tom Becker."

# What a facilitator alone does: one speaks, one is silent, nobody else comes in, a line goes.
run 0 jonas session pause
run 0 jonas session give lena
run 1 tom say --to room "me first"
has "Lena Hofmann has the floor" err
run 1 tom session give tom
has "Only a facilitator may do this" err
run 0 jonas session give
run 0 tom say --to room "now I may"
run 2 jonas session mute tom
run 0 jonas session mute tom "let Lena finish"
run 1 tom say --to room "but"
has "You are muted until this phase ends." err
run 0 tom note "breathe"
run 0 tom history --to jonas
has "Why you are muted: let Lena finish"
run 0 jonas session mute tom --off
run 0 tom say --to room "what a stupid thing to say"
run 1 lena withdraw --of tom
run 0 jonas withdraw --of tom --json
line=$(sed -n 's/.*stupid.*"line":"\([a-z0-9]*\)".*/\1/p' "$base/out")
run 2 jonas withdraw "$line" --yes
run 0 jonas withdraw "$line" --because "nobody judges here" --yes
run 0 lena history --to room
has "took back 1 line: nobody judges here"
hasnot "stupid"
# A file goes to its readers alone, and with its line.
head -c 70000 /dev/urandom >"$base/brief.pdf"
run 0 lena send "$base/brief.pdf" --to jonas
has "brief.pdf, 68.4 KiB: sent to Jonas Weiss."
run 1 lena send "$base" --to jonas
has "is no ordinary file" err
run 0 jonas save
line=$(sed -n '/brief.pdf/s/ .*//p' "$base/out")
run 0 jonas history --to lena
has "file brief.pdf, 68.4 KiB; peercoach save $line"
run 0 tom save
hasnot "brief.pdf"
mkdir "$base/saved"
run 0 jonas save "$line" "$base/saved"
cmp -s "$base/brief.pdf" "$base/saved/brief.pdf" || fail "the file came otherwise"
[ "$(stat -c %a "$base/saved/brief.pdf")" = 600 ] || fail "others can read the file"
run 1 jonas save "$line" "$base/saved"
has "stays as it is" err
run 1 lena release "$line" --to room
has "A line with a file cannot be released." err
run 0 lena withdraw "$line" --yes
run 1 jonas save "$line" "$base"
run 0 jonas session shut
run 0 jonas session shut --open
run 1 jonas session regroup tom 2
has "There is no such pod." err
run 0 jonas session tell all "you have time"

run 0 jonas session next
has "round 1 of 3, Agree on the aim"
run 0 jonas session tell 1 "leave some silence"
run 0 lena history --to jonas
has "To your pod: leave some silence"

# Each says what the role allows.
client=
for name in lena priya tom; do
    run 0 "$name" session --json
    role=$(sed -n 's/.*"role":"\([a-z]*\)".*/\1/p' "$base/out")
    case $role in
    client) client=$name ;;
    coach) coach=$name ;;
    observer) observer=$name ;;
    *) fail "$name has no role" ;;
    esac
done
[ -n "$client" ] || fail "nobody is client"
run 0 jonas session pause
run 0 "$client" say --to turn I say yes to every extra project.
run 0 "$coach" say --to turn "What would happen if you did not?"
run 1 "$observer" say --to turn "I would simply say no."
run 0 "$observer" note "asks openly"
has "Kept for you alone."
run 1 jonas say --to turn "may I?"
run 0 "$observer" say --to "$coach" "well asked"

# Where they talk: in a turn for its people alone.
run 1 "$observer" call
has "Nobody has said where." err
run 0 jonas call https://meet.example/north
run 0 "$observer" call
has "Talk here: https://meet.example/north"
run 0 "$client" call https://meet.example/n-7f2k
run 0 "$observer" call --json
has "n-7f2k"
run 0 jonas call
has "meet.example/north"
hasnot "n-7f2k"

# A facilitator reads a turn only while its client lets them, and can be called.
run 1 jonas session come
run 1 "$observer" session come
has "No facilitator is here" err
run 0 jonas present
run 0 "$observer" session come
has "Asked."
run 0 jonas session
has "asks you to come to pod 1: session visit 1"
run 0 "$coach" session --json
has '"calling":[]'
run 0 jonas session visit 1
has "decides."
run 1 "$coach" session visit --allow --yes
run 0 "$client" session visit --allow --yes
has "Jonas Weiss visits."
run 0 "$client" say --to turn "With you here: I want to say no once a week."
has "Jonas Weiss"
run 0 jonas history
has "With you here"
hasnot "every extra project"
run 1 jonas say --to turn "may I?"
run 0 "$client" session visit --end
run 0 "$client" say --to turn "And now without you."
hasnot "Jonas Weiss"
run 0 jonas history
hasnot "without you"
run 0 jonas session resume
run 0 jonas session plan
run 0 jonas session end --yes
run 0 jonas session --json
has '"running":false'

# What each may read.
run 0 "$coach" history --session last
has "every extra project"
has "well asked"
hasnot "asks openly"
run 0 "$client" history
hasnot "well asked"
run 0 jonas history --json
hasnot "every extra project"
has "full head"
run 0 "$observer" history --to me
has "asks openly"

# What was said in the turn goes to the room once the one who was coached says yes.
run 0 "$coach" release
line=$(sed -n 's/^\([a-z2-7]*\)  .*What would happen.*/\1/p' "$base/out")
[ -n "$line" ] || fail "the coach's line has no name"
run 1 "$coach" release "$line" --to peers --yes --room nowhere
run 2 "$coach" release "$line" --to turn --yes
run 0 "$coach" release "$line" --to room --yes
has "When all have said yes"
run 1 "$coach" release "$line" --to room --yes
run 0 jonas history
hasnot "What would happen"
run 0 "$observer" consents
has "Nothing waits"
run 0 "$client" consents
has "waits for you"
run 0 "$client"
has "1 line waits for your yes or no in north: peercoach consents"
run 1 "$client" consents yes 9 --yes
run 0 "$client" consents no 1
run 0 "$coach" consents
has "no from"
run 0 "$client" consents yes 1 --yes
run 0 "$coach"
run 0 jonas history
has "released with the yes of"
has "What would happen"
run 0 "$observer" release
note=$(sed -n 's/^\([a-z2-7]*\)  .*asks openly.*/\1/p' "$base/out")
run 0 "$observer" release "$note" --to peers --yes
has "Released to the peers."
run 0 "$coach" history --to peers
has "released: asks openly"
# To the programme: once an administrator's program has let one in, and for its readers alone.
run 75 "$observer" release "$note" --to programme --yes
has "lets you in first" err
run 0 maya admin status
run 0 "$observer" release "$note" --to programme --yes
has "Released to the programme's administrators."
run 0 "$observer" rooms
hasnot "programme"
run 0 maya released
has "released: asks openly"
run 0 maya released --json
has '"type":"readers"'
run 0 "$client" released
has "You have released nothing"
run 0 "$client" session recap
has "Your roles: client of"
# What of the session's feedback is open, between two people.
run 0 "$client" feedback
has "Nothing of the last session's feedback is open"
run 0 "$client" heard "$coach"
run 1 "$client" heard "$coach"
has "or you said so already" err
run 1 "$coach" heard "$client"
run 0 "$coach" history
has "I heard your feedback, said aloud."
run 0 "$observer" history
hasnot "I heard your feedback"
run 0 "$client" ledger
has "had the floor"
run 0 "$client" ledger --session last --json
has '"type":"ledgerTotal"'
run 1 "$client" ledger --session 9
run 1 "$client" ledger agree "$coach"
has "Nothing is proposed between you" err
run 0 "$client" ledger agree "$coach" --give 5
has "Proposed by you, not agreed yet: You give "
run 0 "$coach" ledger agree "$client"
has "Agreed by both: "
run 1 "$client" ledger agree "$coach" --take 5
has "proposed or agreed already" err
run 0 "$coach" ledger end "$client"
run 0 "$client" ledger
hasnot "Agreed by both"
run 0 lena privacy
has "your name: Lena Hofmann"
has "department: "
has "it is sealed on your device"
run 0 lena privacy --json
has '"type":"view"'
run 0 lena who
has "only you"
run 0 lena verify
digits=$(sed -n 2p "$base/out")
run 0 jonas verify
[ "$(sed -n 2p "$base/out")" = "$digits" ] || fail "the room's digits differ"
run 0 lena verify jonas
digits=$(sed -n 2,3p "$base/out")
run 0 jonas verify lena
[ "$(sed -n 2,3p "$base/out")" = "$digits" ] || fail "the pair's digits differ"
run 0 lena members --devices
has "on the word of Maya Lind"
has "1 device"
run 0 nobody guide
has "confidentiality"
run 0 nobody guide data
has "What the server keeps"
run 1 nobody guide nothing
run 0 maya admin status
has "north: has not met"

# A breach of trust: to whom one says, and nobody by itself.
run 2 lena breach "it went further" --room north
has "Who shall know" err
run 0 lena breach "it went further" --to jonas --room north --yes
has "Sent to Jonas"
run 0 jonas history --room north
has "raises a breach: it went further"
run 0 tom history --room north
hasnot "it went further"
run 0 nobody guide breach
has "When trust was broken"
# Older lines for who comes later, and with what new rooms begin.
run 0 lena agreement
has "Older lines for who comes later: never"
run 1 lena grant priya --yes
has "has not agreed" err
run 1 lena agreement keep --history yes --yes
run 2 jonas agreement keep --history perhaps
run 0 jonas agreement keep --history yes --yes
run 0 lena agreement
has "a member can give them"
run 1 lena grant priya --yes
has "may read all that you may read here" err
run 1 lena grant priya --since 2999-01-01 --yes
has "is no day that has been" err
run 1 lena admin policy set --turns 30
run 1 maya admin policy set --turns 0
run 0 maya admin policy set --turns 30 --history yes
has "30 days"
run 0 maya admin policy --json
has '"turnDays":30'

# A format of the programme's own: found by its name by everybody, changed by administrators alone.
sed -e 's/^name: .*/name: our-troika/' "$here/Examples/troika.yaml" >"$base/ours.yaml"
run 1 lena admin formats add "$base/ours.yaml"
run 0 maya admin formats add "$base/ours.yaml"
has "our-troika, version"
run 0 lena formats
has "our-troika"
run 0 lena formats show our-troika
run 0 lena rehearse our-troika
printf '/start our-troika\n/no\n/start theirs\n' >"$base/typed"
run 0 jonas room
has "Troika consulting"
has "There is no format 'theirs'"
: >"$base/typed"
run 1 lena admin formats remove our-troika --yes
run 0 maya admin formats remove our-troika --yes
run 1 lena formats show our-troika
printf '/help\n/ready\n/quit\n' >"$base/typed"
run 0 nobody rehearse triad --as coach
: >"$base/typed"
has "nothing leaves this machine"

# A word on the coaching, opened by its receiver.
run 0 tom assess lena "you left me time to think"
run 0 lena feedback read tom
has "you left me time to think"
run 0 jonas feedback read
has "There is no written feedback to you."

# Feedback in its parts: begun in a terminal, interrupted, gone on with, looked at, sent, opened.
printf 'you let the silence be\n^C\n' >"$base/lines"
types 254 "$coach" "$base/lines" feedback write "$client"
run 0 "$coach" feedback
has "1 of 5 parts"
run 0 "$client" feedback --json
hasnot "$coach"
run 0 "$client" history
hasnot "you let the silence be"
printf '\nat 14:23 you said no\n.\n' >"$base/lines"
types 0 "$coach" "$base/lines" feedback write "$client"
has "now: you let the silence be"
has "Left; what you answered is kept for you alone."
run 0 "$coach" feedback write "$client" --instead "say no sooner"
has "What it did is missing"
has "Kept as a draft for you alone."
run 0 "$coach" feedback write "$client" --yes
has "What helped: you let the silence be"
has "Sent to"
run 0 "$coach" feedback
hasnot "You prepare"
run 0 "$client"
has "is here, for you alone: peercoach feedback read"
run 0 "$client" feedback read "$coach"
has "What I saw or heard: at 14:23 you said no"
run 0 "$client" feedback read
run 0 "$client"
hasnot "peercoach feedback read"
run 0 "$observer" history
hasnot "you let the silence be"

# The same in the room: part by part, asked before it goes, opened by its receiver.
printf '/feedback %s\nyou asked short\n\n\n\n\n/yes\n/quit\n' "$client" >"$base/typed"
run 0 "$coach" room
has "1 of 5  What helped"
has "What it did is missing"
has "as it is? /yes or /no"
has "Sent to"
printf '/read\n/quit\n' >"$base/typed"
run 0 "$client" room
has "What helped: you asked short"
: >"$base/typed"
# Who closes the room's view is away.
for name in "$coach" "$client"; do run 0 "$name" present; done
run 0 "$client" feedback
hasnot "is here, for you alone"

# What bad input of it gets.
run 1 jonas feedback write "$client" "well done"
has "in no turn together" err
run 1 jonas feedback ask "$client"
run 1 "$coach" feedback write "$client" --strengths "  " --yes
has "There is nothing to send" err
run 1 "$coach" feedback write "$client" --strengths "$(head -c 1300 /dev/zero | tr '\0' x)"
has "1200 bytes at most" err
printf 'strengths: a\nblame: b\n' >"$base/parts.txt"
run 0 "$coach" feedback write "$client" --later --file "$base/parts.txt"
has "blame: b"
run 0 "$coach" feedback drop "$client"
printf 'blame: b\n' >"$base/parts.txt"
run 1 "$coach" feedback write "$client" --file "$base/parts.txt"
has "line 1, column 1" err
run 1 "$client" feedback assess "$coach" --rate "juggles=3"
has "There is no competency 'juggles'" err
run 1 "$client" feedback assess "$coach" --rate "listens=9"
has "is no level of the scale" err
printf 'name: Our house\ncompetencies:\n  Listens: hears\n  listens: hears\n' >"$base/own.yaml"
run 1 "$client" feedback assess --list --set "$base/own.yaml"
has "line 4, column 3" err
printf 'name: Our house\ncompetencies:\n  Listens: hears\n' >"$base/own.yaml"
run 0 "$client" feedback assess --list --set "$base/own.yaml"
has "Our house"

# Asked for: seen until it is written.
run 0 "$client" feedback ask "$coach" about my questions
run 0 "$client" feedback
has "it is still to come"
run 0 "$coach"
has "asks you for feedback about: my questions"
run 0 "$coach" feedback write "$client" "you asked short ones"
run 0 "$coach"
hasnot "asks you for feedback"

# How somebody coached, on competencies: their own view first, then both side by side.
run 0 "$client" feedback assess "$coach" --rate "listens=3: you waited" --words "thank you" --yes
run 0 "$coach" feedback
has "is here, for you alone"
printf 'y\n\n\n\n\n\n2 I waited once\n\n\n\n' >"$base/lines"
types 0 "$coach" "$base/lines" feedback read
has "Say first how you see it yourself?"
has "Listens Actively: you: seen at moments;"
run 0 "$observer" feedback assess "$coach" --rate "presence=4" --later
run 0 "$observer" feedback assess "$coach" --yes
run 0 "$coach" feedback read "$observer"
has "as observer"
has "Side by side:"

# Stories, use without names, and all of it as files.
run 0 lena story
has "No story yet"
run 0 lena story add "I said no, and nothing broke." --yes
has "Kept for you alone."
run 1 lena story add "x" --about nobody --yes
run 0 lena story add "Tom waited for me." --about tom --yes
has "Sent to Tom Becker."
run 0 tom story
has "about you"
run 2 lena story add "x" --about tom --to me --yes
has "could not say yes or no" err
run 2 lena story release 1 --to moon
run 1 lena story release 9
run 0 lena chatham
has "Nobody has asked"
run 1 lena chatham yes 1 --yes
run 2 lena chatham ask --since tomorrow
run 0 lena export "$base/mine"
run 0 lena import "$base/mine"
has "All of it is here already."
run 1 lena export "$base/mine"
has "something under" err
run 1 lena export "$base/nowhere/mine"
run 0 priya send "$here/Examples/troika.yaml" --to lena
mkdir "$base/named"
cp "$here/Examples/troika.yaml" "$base/named/Troika, ours é.yaml"
run 0 priya send "$base/named/Troika, ours é.yaml" --to lena
run 0 lena export "$base/whole" --with-files
[ "$(find "$base/whole/rooms/north/files" -name '*.yaml' | wc -l)" -ge 2 ] || fail "no files came along"
(cd "$base/whole" && sha256sum --quiet -c SHA256SUMS) || fail "the list is not that of the files"
run 0 lena import "$base/whole"
run 1 lena import "$base/nowhere"
rm "$base/mine/you.json"
run 1 lena import "$base/mine" --yes
has "you.json is missing" err
if ls -d "$base"/*.new >/dev/null 2>&1; then fail "something half-written is left"; fi

# Who keeps the time.
run 0 lena rota
has "you"
run 0 lena rota swap tom
has "1  "
run 1 lena rota swap nobody
run 1 lena session handover tom
run 0 jonas session handover tom
has "keeps the time in the next session"
run 0 jonas session handover --back
run 2 jonas session handover tom --back

# A last session together, and what becomes of the group.
run 1 lena session handover --after-next --yes
run 0 jonas session handover --after-next --yes
has "The next session is your last one in north."
run 0 jonas session handover --stay
has "You stay in north"
run 0 lena relationship
has "Your coaching relationship is open: 0 sessions held"
run 1 lena relationship close
has "stays open until you have held two sessions" err
run 1 jonas relationship renew
has "The peers alone choose" err
run 2 lena relationship bogus

# Where the method says so, who visits asks there, too.
run 0 jonas formats show grow --yaml
sed 's/^name: grow/name: ours/; 0,/^  - name: goal/s//&\n    intervene: [ask]/' \
    "$base/out" >"$base/ours.yaml"
run 0 jonas formats check "$base/ours.yaml"
for name in jonas lena priya tom; do run 0 "$name" present; done
run 0 jonas session start "$base/ours.yaml" --medium typed --yes
run 0 jonas session pause
for name in lena priya tom; do
    run 0 "$name" session --json
    case $(sed -n 's/.*"role":"\([a-z]*\)".*/\1/p' "$base/out") in
    client) other=$name ;;
    esac
done
run 0 jonas session visit "$other"
run 0 "$other" session visit --allow --yes
run 0 jonas say --to turn --as ask "What have you not said yet?"
run 1 jonas say --to turn --as suggest "Write it down."
has "In this phase who visits has /ask." err
run 0 "$other" history --session last
has "Jonas Weiss, facilitator"
has "not said yet?"
run 0 jonas session next
run 1 jonas say --to turn --as ask "And now?"
has "In this phase who visits only reads." err
run 0 jonas session end --yes

# A meeting that goes on from another one does not begin before it.
run 0 lena formats show observation-after
has "It goes on from observation-work"
for name in lena priya tom; do run 0 "$name" present; done
run 1 jonas session start observation-after --medium typed --yes
has "start observation-work first" err
run 0 lena rehearse observation-after

# When the room meets: over the days on which the clocks change, by the clock of a place.
export TZ=Europe/Berlin
year=$(($(date +%Y) + 1))
run 1 lena session schedule "$year-01-05 14:00" --yes
run 0 jonas session schedule "$year-01-05 14:00" --every month --times 12 --yes
has "5 Jan"
run 2 jonas session schedule "some day" --yes
run 0 lena coming yes
has "coming: you"
run 0 lena
has "14:00 to 15:30; you are coming"
run 0 tom coming no --session next
has "not coming: you"
run 0 lena calendar
has "not coming: Tom"
run 0 lena calendar --ics "$base/lena.ics"
has "12 dates"
run 0 lena calendar --ics -
has "BEGIN:VEVENT"
if [ -n "${PEERCOACH_PYTHON-}" ]; then
    "$PEERCOACH_PYTHON" "$here/Tests/Interop/calendar_file.py" "$base/lena.ics" 12 14:00 \
        Europe/Berlin || fail "another program reads the calendar file otherwise"
fi
run 0 jonas session move 1 --off --yes
run 0 jonas session move 2 "$year-02-03 15:30"
has "3 Feb"
run 1 jonas session move 1 "$year-02-03 15:30"
run 0 lena watch --once --exec "exit 3"
hasnot "starts"
run 0 jonas session schedule "$(date -d '+5 minutes' +%Y-%m-%dT%H:%M)" --minutes 30 --yes
run 0 lena watch --once --exec "echo \"\$PEERCOACH_ROOM\" >'$base/rung'; exit 3"
has "Your session starts in"
has "ended with 3"
has north rung
unset TZ

# A question without names: from five people on, and all answers at once.
run 1 lena prompt "What does nobody say here?"
has "Only 4 could answer" err
run 0 maya admin people add "Ben Okafor"
run 0 maya admin rooms put north ben
run 0 maya admin invites new ben --into "$base/more"
grep '^peer1:' "$base/more/ben-okafor.txt" >"$base/ben.invite"
run 0 ben enrol --file "$base/ben.invite" --yes
run 0 maya
run 0 jonas admit --yes
run 0 lena prompt "What does nobody say here?"
has "5 can answer"
run 0 ben unnamed
has "Lena Hofmann asks, without names: What does nobody say here?"
for name in priya tom jonas ben; do
    run 0 "$name" unnamed "it is the $name way"
    has "Kept sealed, without your name"
done
run 1 ben unnamed "once more"
run 0 ben history
hasnot "way"
run 0 lena unnamed "it is the lena way"
run 0 ben history --to room
for name in lena priya tom jonas ben; do has "without a name] it is the $name way"; done
run 1 lena prompt --end
has "is open" err

# The server's folder is put back to an earlier day: nobody posts until who lets people in says so,
# and what is missing comes again by itself.
run 0 jonas restored
has "north: nothing is missing."
run 0 lena say --to room "said before the backup"
stop
cp -a "$base/data" "$base/backup"
serve
run 0 lena say --to room "said after the backup"
run 0 priya history
has "said after the backup"
stop
rm -r "$base/data"
cp -a "$base/backup" "$base/data"
serve
run 1 lena say --to room "into the past"
has "peercoach restored accept" err
run 0 priya restored
has "the server was set back"
run 1 lena restored accept --yes
has "Only who lets people in here can accept this: Jonas Weiss." err
run 0 jonas restored accept --yes
has "north goes on from what the server has now."
run 0 lena restored
has "restored from a backup, as Jonas Weiss accepted"
run 0 priya history
has "said before the backup"
has "said after the backup (said on"
hasnot "into the past"

# What stays: goals, tasks, promises, and what became of them; for oneself unless shared.
day=$(date -d '+20 days' +%F)
soon=$(date -d '+3 days' +%F)
run 2 lena goal add "rest more" --by "$day"
has "A goal needs a measure" err
run 2 lena goal add "rest more" --measure "two free evenings"
has "A goal needs a day" err
run 1 lena goal add "rest more" --measure "two free evenings" --by 2020-01-01
has "That day is over" err
run 0 lena goal add "rest more" --measure "two free evenings" --by "$day" --reason "sleep"
has "Kept for you alone."
run 0 lena action add "say no to the audit" --goal 1 --by "$soon"
run 0 lena goal
has "1  rest more"
has "measured by: two free evenings"
has "2  say no to the audit"
run 0 lena goal progress 1 "one evening"
run 0 lena goal setback 1 "worked on Friday, because I had not said no"
run 0 lena goal
has "setback, and what it taught: worked on Friday"
run 0 lena commit add "send the brief" --by "$soon" --to tom
has "Sent to Tom"
run 0 tom commit
has "Lena"
has "send the brief"
run 0 lena due
has "say no to the audit"
has "send the brief"
hasnot "rest more"
run 0 lena
has "send the brief"
run 0 lena review
has "3  send the brief"
run 1 lena review 1 kept
has "You have no promise 1 here" err
run 2 lena review 3
run 0 lena review 3 renegotiated "after the fair" --by "$day"
run 0 lena due
hasnot "send the brief"
run 0 lena review 3 kept
run 0 tom commit --all
has "kept"
run 0 lena action done 2
run 0 lena goal done 1 "I sleep"
run 0 lena goal list --all
has "reached: I sleep"
run 0 lena goal
has "You have no open goal here"
run 0 lena calendar --due --ics -
has "BEGIN:VCALENDAR"
hasnot "brief"
run 0 tom history
hasnot "rest more"
run 2 lena feel 6
run 0 lena feel 4 "tired but curious"
has "Kept for you alone."
run 0 lena feel 2 --to room
run 0 lena feel
has "4 ####   tired but curious"
run 0 lena journal
has "Your journal is empty"
run 0 lena journal add "I learned to wait; I will ask one thing at a time."
run 1 lena journal applied 2 "twice"
run 0 lena journal applied 1 "Asked one thing; Tom thought aloud for a minute."
run 0 lena journal search learned ASK
has "I learned to wait"
hasnot "thought aloud"
run 0 lena journal
has "2  "
has "(applied, page 1)"
run 0 ben history
hasnot "I learned to wait"
hasnot "tired but curious"

# What became of it, for oneself and for the group.
run 0 lena report
has "You had no turn in a session in this time."
has "What became of them"
has "tired but curious"
hasnot "Tom"
run 0 lena report --json --without goals --without check-ins
has '"part":"promises"'
hasnot '"part":"goals"'
run 2 lena report --without nothing
has "There is no part 'nothing'" err
run 2 lena report --since 2020-02-30
has "is no day that there is" err
run 2 lena report --since tomorrow
has "is still to come" err
run 2 lena report --markdown --html "$base/lena.html"
run 0 lena report --html "$base/lena.html"
[ "$(stat -c %a "$base/lena.html")" = 600 ] || fail "others can read the page"
cp "$base/lena.html" "$base/before.html"
run 1 lena report --html "$base/lena.html" --since 3mo
has "it is there already" err
cmp -s "$base/lena.html" "$base/before.html" || fail "a page was changed that was there"
run 0 lena report --html "$base/lena.html" --since 3mo --force
run 1 lena report --html "$base/nowhere/lena.html"
run 0 lena report --markdown --since 2w
has "## Promises and tasks"
run 0 tom review-group
has "held"
hasnot "Lena"
run 0 tom review-group --json
has '"part":"balance"'

# The end of a membership, of an administrator's word, of the server.
run 0 tom leave north --yes
run 1 tom history --room north
run 0 lena members
hasnot "Tom Becker"
run 1 maya admin admins end maya --yes
run 0 maya admin devices lena
run 1 maya admin people rename nobody "Somebody Else"
run 0 maya admin people rename lena "Lena Anders"
has "is now called Lena Anders"
run 0 maya admin people
has "Lena Anders"
run 1 maya admin people remove nobody --yes
kill -TERM "$server" && wait "$server"
server=
run 3 lena rooms
run 3 lena --json rooms
has '"error":"notReached"' err

# Where the server was, a proxy answers with a certificate of its own for the same name.
proxied() {
    local keys=$1
    shift
    # shellcheck disable=SC2086
    openssl req -x509 -newkey $keys -nodes -days 9 -subj "/CN=Acme Web Gateway" \
        -keyout "$base/ca.key" -out "$base/ca.pem" 2>/dev/null &&
        openssl req -x509 -newkey $keys -nodes -days 9 -subj /CN=localhost \
            -addext subjectAltName=DNS:localhost -addext extendedKeyUsage=serverAuth \
            -CA "$base/ca.pem" -CAkey "$base/ca.key" \
            -keyout "$base/leaf.key" -out "$base/leaf.pem" 2>/dev/null || fail "no chain was made"
    openssl s_server -accept "127.0.0.1:$port" -cert "$base/leaf.pem" -key "$base/leaf.key" -www "$@" \
        >/dev/null 2>&1 </dev/null &
    server=$!
    for _ in $(seq 100); do
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
        kill -0 "$server" 2>/dev/null || fail "the proxy does not run"
        sleep 0.1
    done
    run 3 newcomer enrol --file "$base/maya.invite" --yes
    has "Something between you and the server replaced its certificate, probably a company proxy." err
    run 3 lena rooms
    has "replaced its certificate" err
    kill -TERM "$server" && wait "$server" 2>/dev/null
    server=
}
ec="ec -pkeyopt ec_paramgen_curve:prime256v1"
if command -v openssl >/dev/null; then
    proxied "$ec" -cert_chain "$base/ca.pem" -alpn peercoach/1
    proxied rsa:2048 -cert_chain "$base/ca.pem"
    proxied "$ec"
else
    echo "walk: no openssl: a replaced certificate was not tried" >&2
fi
# The methods need neither a server nor a profile.
run 0 nobody formats
has "peer-supervision"
run 0 nobody formats show hot-seat
has "2 rounds, who has waited longest first"
run 0 nobody rehearse troika-consulting --members 4 --absent Ben@9
has "No dead end: "
run 0 nobody formats show hot-seat
has "one at a time"
run 0 nobody guide methods
has "/pass when you are done"
run 1 nobody rehearse wise-crowds --members 3
has "at least 4 people"
run 2 nobody rehearse triad --members 1

echo "walk: $steps steps, all as they should."
