// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import Synchronization
import Testing

@testable import peercoach

/// Keeps what a command prints.
private final class Printed: Sendable {
    private let kept = Mutex((results: "", remarks: ""))

    var results: String { kept.withLock { $0.results } }
    var remarks: String { kept.withLock { $0.remarks } }

    func output(isJSON: Bool, columns: Int? = nil) -> Output {
        Output(
            isJSON: isJSON,
            columns: columns,
            results: { text in self.kept.withLock { $0.results += text } },
            remarks: { text in self.kept.withLock { $0.remarks += text } }
        )
    }
}

struct OutputTests {
    private let error = ClientError(
        .refused,
        "Only Jonas can do this here.",
        hint: "Ask Jonas.",
        reference: "7f2k"
    )

    @Test func `for people lines go to the output, notices and errors beside it`() {
        let printed = Printed()
        let output = printed.output(isJSON: false)
        output.put("Sent to Tom.", ["type": "sent"])
        output.object(["type": "more"])
        output.notice("Let in: Lena")
        output.error(error)
        #expect(printed.results == "Sent to Tom.\n")
        #expect(
            printed.remarks == """
                * Let in: Lena
                peercoach: Only Jonas can do this here.
                  Ask Jonas.
                  For who runs the server: 7f2k

                """
        )
    }

    @Test func `as JSON every line is an object with stable keys`() {
        let printed = Printed()
        let output = printed.output(isJSON: true)
        output.line("for people only")
        output.put("Sent to Tom.", ["type": "sent", "readers": ["Tom"], "number": 7, "due": nil])
        output.error(error)
        #expect(
            printed.results == #"{"type":"sent","readers":["Tom"],"number":7,"due":null}"# + "\n"
        )
        #expect(
            printed.remarks
                == #"{"error":"refused","sentence":"Only Jonas can do this here.","#
                + #""hint":"Ask Jonas.","reference":"7f2k"}"# + "\n"
        )
    }

    @Test(
        arguments: [false, true],
        ["\u{1B}[2J", "\u{9B}31m", "a\nb", "a\r", "\u{202E}x", "\u{7}"]
    )
    func `nobody's words drive the terminal or begin a line`(_ isJSON: Bool, _ text: String) {
        let printed = Printed()
        let output = printed.output(isJSON: isJSON, columns: 80)
        output.put("Tom: \(text)", ["text": .string(text)])
        output.notice(text)
        output.error(ClientError(.refused, text, hint: text, reference: text))
        let all = printed.results + printed.remarks
        let unsafe = all.unicodeScalars.contains {
            $0 != "\n" && ($0.properties.generalCategory == .control || $0.value == 0x202E)
        }
        #expect(!unsafe)
        #expect(printed.results.filter { $0 == "\n" }.count == 1)
    }

    @Test func `a long line is broken with its further rows indented`() {
        let printed = Printed()
        printed.output(isJSON: false, columns: 24).line("14:10 one two three four five", indent: 6)
        #expect(printed.results == "14:10 one two three four\n      five\n")
    }

    static let numbers: [(ClientError.Code, Int32)] = [
        (.refused, 1), (.noSuchName, 1), (.ambiguousName, 1), (.goodbye, 1), (.alarm, 1),
        (.profile, 1), (.invite, 1), (.notWanted, 1), (.file, 1), (.usage, 2), (.notReached, 3),
        (.notTrusted, 3), (.locked, 4), (.held, 5), (.tryLater, 75), (.timedOut, 75),
        (.uncertain, 75), (ClientError.Code(rawValue: "other"), 1),
    ]

    @Test(arguments: numbers)
    func `every error ends with its number`(_ code: ClientError.Code, _ number: Int32) {
        #expect(ExitStatus(code).rawValue == number)
    }
}

struct ArgumentTests {
    @Test(arguments: [
        (["--json", "rooms"], ["rooms", "--json"]),
        (
            ["--profile", "p", "admin", "--yes", "people", "add", "Tom"],
            ["admin", "people", "add", "--profile", "p", "--yes", "Tom"]
        ),
        (
            ["--profile=p", "say", "--to", "room", "--", "--json"],
            ["say", "--profile=p", "--to", "room", "--", "--json"]
        ),
        (["say", "rooms", "--json"], ["say", "rooms", "--json"]),
        (["--room"], ["--room"]),
        ([], []),
    ])
    func `options that all commands take can stand anywhere`(
        _ typed: [String],
        _ wanted: [String]
    ) {
        #expect(Arguments.placed(typed, for: Peercoach.self) == wanted)
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `there is a completion script`(_ shell: String) {
        do {
            _ = try Peercoach.parseAsRoot(["--generate-completion-script", shell])
            Issue.record("Nothing was printed.")
        } catch {
            #expect(Peercoach.exitCode(for: error) == .success)
            #expect(Peercoach.fullMessage(for: error).contains("peercoach"))
        }
    }

    @Test(arguments: [
        ["say", "hello"], ["session", "start", "triad"], ["session", "extend", "0"],
        ["session", "start", "triad", "--medium", "typed", "--pace", "0"], ["leave"],
        ["admin", "invites", "new"], ["admin", "invites", "new", "lena", "--all"],
        ["admin", "invites", "new", "lena", "--days", "8"], ["admin", "rooms", "put", "north"],
    ])
    func `what is not given as it must be is refused before anything is done`(_ typed: [String]) {
        #expect(throws: (any Error).self) { try Peercoach.parseAsRoot(typed) }
    }

    @Test func `the texts of phases take names once`() {
        let people = (1...3).map { PersonID(Bytes16(high: 0, low: $0)) }
        let names = [people[0]: "{coach}", people[1]: "Priya", people[2]: "Tom"]
        let pod = Pod(number: 0, client: people[0], coaches: [people[1]], observers: [people[2]])
        let text = PhaseSentence.filled("{client}, {coach}, {observer}, {else}", pod) {
            names[$0] ?? ""
        }
        #expect(text == "{coach}, Priya, Tom, {else}")
        #expect(
            PlanDrawing.sentence(pod, nil) { names[$0] ?? "" }
                == "{coach} is client, Priya coaches, Tom observes"
        )
        let labels = RoleLabels(client: "presenter", observer: "consultant")
        #expect(
            PlanDrawing.sentence(pod, labels) { names[$0] ?? "" }
                == "{coach} is presenter, Priya coaches, Tom is consultant"
        )
    }

    @Test func `names and numbers are put into words`() {
        #expect(Words.list([]) == "nobody")
        #expect(Words.list(["Lena"]) == "Lena")
        #expect(Words.list(["Lena", "Priya", "Tom"], "or") == "Lena, Priya or Tom")
        #expect(Words.count(1, "person", "people") == "1 person")
        #expect(Words.count(0, "day") == "0 days")
        #expect(
            [45_000, 120_000, 840_000, 5_400_000, 7_200_000, 9_000_000].map { Words.span($0) }
                == ["45 s", "2 min", "14 min", "90 min", "2 h", "2 h 30 min"]
        )
        #expect(Opened.quoted("north") == "north")
        #expect(Opened.quoted("it's on") == #"'it'\''s on'"#)
        #expect(InviteLetters.fileName("Zoë  O'Hara-Lee") == "zoë-o-hara-lee")
        #expect(InviteLetters.fileName("../..") == "invite")
    }
}
