// SPDX-License-Identifier: Apache-2.0

import CoachingFormats
import CoachingModel
import ProcessorTime
import Testing

struct FormatParserTests {
    /// A sound format; tests change one line of it.
    private static let sound = """
        name: walk
        title: Walk and talk
        version: 2
        pods: {smallest: 2, usual: 2, largest: 3}
        opening:
          - name: arrival
            title: Arrive
            minutes: 1.5
            everyone: {may: [commit, say], bare: say, spoken: note, now: Say how you are.}
        round:
          - name: walk
            title: 'Walk: one way'
            minutes: 30s
            client: {may: [say], bare: say, now: Talk.}
            coach:
              may:
                - reflect
                - ask
              bare: ask
              now: "Ask {client}, listen & wait!"
            observer: {now: Watch.}

        """

    private func mistakes(_ yaml: String) -> [String] {
        do throws(FormatError) {
            _ = try FormatParser.parse(yaml: yaml)
            return []
        } catch {
            return error.mistakes.map { "\($0.line):\($0.column) \($0.sentence)" }
        }
    }

    private func mistakes(replacing old: String, with new: String) throws -> [String] {
        var yaml = Self.sound
        yaml.replaceSubrange(try #require(yaml.firstRange(of: old)), with: new)
        return mistakes(yaml)
    }

    @Test func `a sound format reads as it was meant`() throws {
        let format = try FormatParser.parse(yaml: Self.sound)
        #expect(format.name == "walk")
        #expect(format.version == 2)
        #expect(format.source == "")
        #expect(format.pods == PodSizes(smallest: 2, usual: 2, largest: 3))
        #expect(format.opening[0].seconds == 90)
        #expect(format.opening[0].parts[0].kinds == [.say, .commit])
        #expect(format.round[0].seconds == 30)
        #expect(format.round[0].title == "Walk: one way")
        let coach = format.round[0].part(of: .coach)
        #expect(coach?.kinds == [.ask, .reflect])
        #expect(coach?.sentence == "Ask {client}, listen & wait!")
        #expect(format.round[0].part(of: .observer)?.bare == .note)
        #expect(format.closing == [])
    }

    @Test func `phases can be shares of the whole session`() throws {
        let shared = Self.sound
            .replacing("version: 2", with: "version: 2\nlength: 60")
            .replacing("minutes: 1.5", with: "share: 10%")
            .replacing("minutes: 30s", with: "share: 90%")
        let format = try FormatParser.parse(yaml: shared)
        #expect(format.opening[0].seconds == 360)
        // Two in a pod: two rounds have the rest between them.
        #expect(format.round[0].seconds == 1_620)
        let once = try FormatParser.parse(
            yaml: shared.replacing("length: 60", with: "length: 60\nrounds: 1")
        )
        #expect(once.round[0].seconds == 3_240)
        let mixed = try FormatParser.parse(
            yaml: shared.replacing("share: 90%", with: "minutes: 2")
        )
        #expect(mixed.opening[0].seconds == 360 && mixed.round[0].seconds == 120)
    }

    @Test func `a share that cannot be is named with its place`() throws {
        func found(_ share: String, _ length: String = "\nlength: 60") -> [String] {
            mistakes(
                Self.sound.replacing("version: 2", with: "version: 2\(length)")
                    .replacing("minutes: 1.5", with: share)
            )
        }
        #expect(found("share: 10%") == [])
        for word in ["0%", "101%", "1000%", "ten", "10", "-1%", "'%'", "1.5%"] {
            #expect(found("share: \(word)").contains { $0.hasPrefix("9:") && $0.contains("20%") })
        }
        #expect(found("share: 10%", "").contains { $0.hasPrefix("8:") && $0.contains("length") })
        #expect(found("minutes: 1.5").contains { $0.hasPrefix("4:") && $0.contains("no phase") })
        #expect(found("share: 5%\n    minutes: 2").contains { $0.contains("not both") })
        let many = Self.sound.replacing("version: 2", with: "version: 2\nlength: 60")
            .replacing("minutes: 1.5", with: "share: 60%")
            .replacing("minutes: 30s", with: "share: 60%")
        #expect(mistakes(many).contains { $0.contains("come to 120%") })
    }

    @Test func `who coaches, how many rounds, what roles are called`() throws {
        let yaml = Self.sound
            .replacing(
                "version: 2",
                with: "version: 2\ncoaches: all\nrounds: 1\nlabels: {coach: giver}"
            )
            .replacing("    observer: {now: Watch.}\n", with: "")
        let format = try FormatParser.parse(yaml: yaml)
        #expect(format.seating == .allCoach)
        #expect(format.roundsMost == 1)
        #expect(format.labels == RoleLabels(coach: "giver"))
        let plain = try FormatParser.parse(yaml: Self.sound)
        #expect(plain.seating == nil && plain.roundsMost == nil && plain.labels == nil)
    }

    @Test(arguments: [
        (
            "coaches: none",
            "4:10 coaches are 'one', whom the others observe, or 'all' but the client"
        ),
        ("coaches: [all]", "4:10 this is a text"), ("rounds: 0", "4:9 rounds are at least 1"),
        ("rounds: 3", "4:9 rounds are at least 1"), ("rounds: many", "4:9 this is a whole number"),
        ("labels: giver", "4:9 this takes keys with a colon: client, coach, observer"),
        ("labels: {coach: ''}", "4:17 a label is one or two words"),
        ("labels: {scribe: Tom}", "4:10 unknown key 'scribe'"),
    ])
    func `who coaches, rounds and labels are refused where they stand`(
        line: String,
        expected: String
    ) throws {
        let found = try mistakes(replacing: "pods:", with: line + "\npods:")
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix(expected) == true, "\(found)")
    }

    @Test func `line ends of other systems and a mark at the start do no harm`() throws {
        let windows =
            "\u{FEFF}"
            + Self.sound.split(separator: "\n", omittingEmptySubsequences: false)
            .joined(separator: "\r\n")
        #expect(try FormatParser.parse(yaml: windows) == FormatParser.parse(yaml: Self.sound))
    }

    @Test(
        arguments: [
            ("2", 120), ("0.5", 30), ("1.25", 75), ("180", 10_800), ("10s", 10), ("'3'", 180),
        ] as [(String, UInt32)]
    )
    func `minutes are written with or without a fraction, seconds with an s`(
        text: String,
        seconds: UInt32
    ) throws {
        let yaml = Self.sound.split(separator: "\n")
            .map { $0.hasSuffix("30s") ? "    minutes: \(text)" : String($0) }
            .joined(separator: "\n")
        #expect(try FormatParser.parse(yaml: yaml).round[0].seconds == seconds)
    }

    @Test(arguments: [
        "2m", "2 min", "1h", "-3", "1.5s", "1.", ".5", "0.001", "1e3", "", "~", "two", "99999999",
        "[2]", "1.2.3",
    ])
    func `other units and numbers are refused where they stand`(text: String) throws {
        let found = try mistakes(replacing: "minutes: 30s", with: "minutes: \(text)")
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("13:") == true)
    }

    @Test func `phases are held, ask for kinds, wait for a facilitator where it is said`() throws {
        let yaml = Self.sound
            .replacing("minutes: 30s", with: "minutes: 30s\n    ends: held")
            .replacing("may: [say]", with: "may: [say], must: [say]")
            .replacing("version: 2", with: "version: 2\nabsent: waits\ngrace: 1.5")
        let format = try FormatParser.parse(yaml: yaml)
        #expect(format.absence == .waits)
        #expect(format.graceSeconds == 90)
        let phases = format.opening + format.round + format.closing
        #expect(phases.count { $0.isHeld == true } == 1)
        #expect(phases.flatMap(\.parts).compactMap(\.must) == [[.say]])
        for (text, instead) in [
            ("version: 2", "version: 2\nabsent: goes"), ("version: 2", "version: 2\ngrace: 20s"),
            ("minutes: 30s", "minutes: 30s\n    ends: never"),
            ("may: [say]", "may: [say], must: [ask]"),
            ("may: [say]", "may: [say], must: []"),
        ] {
            #expect(try mistakes(replacing: text, with: instead).count == 1)
        }
    }

    @Test func `who visits puts in what a phase of the rounds lets them`() throws {
        let visited = Self.sound.replacing("version: 2", with: "version: 2\nvisits: allowed")
        let yaml = visited.replacing(
            "minutes: 30s",
            with: "minutes: 30s\n    intervene: [say, ask]"
        )
        let format = try FormatParser.parse(yaml: yaml)
        #expect(format.round.compactMap(\.interventions) == [[.say, .ask]])
        #expect(format.interventions == [.say, .ask])
        #expect(
            mistakes(yaml.replacing("visits: allowed", with: "visits: never")) == [
                "15:16 only where visits are allowed can anybody put in"
            ]
        )
        for kinds in ["[]", "[note]", "[assess]", "[say, consent]", "say", "[say, say]"] {
            let wrong = yaml.replacing("[say, ask]", with: kinds)
            #expect(mistakes(wrong).count == 1, "\(kinds)")
            #expect(mistakes(wrong).first?.hasPrefix("15:") == true, "\(kinds)")
        }
        var outside = format
        outside.opening = [format.round[0]]
        outside.opening[0].parts = [
            Part(role: .everyone, kinds: [], bare: .note, sentence: "Listen.")
        ]
        #expect(outside.mistakes.map(\.rule) == [.interventions])
    }

    @Test func `an unknown key is named with those that are known`() throws {
        let found = try mistakes(replacing: "minutes: 30s", with: "minuets: 30s")
        #expect(
            found == [
                "11:5 missing here: minutes",
                "13:5 unknown key 'minuets'; here are: name, title, minutes, share, ends, "
                    + "intervene, client, coach, observer, everyone",
            ]
        )
    }

    @Test func `several mistakes are told together, in the order of the file`() {
        let yaml = Self.sound
            .replacing("name: walk\ntitle", with: "name: Walk\ncolour: red\ntitle")
            .replacing("may: [say]", with: "may: [say, sing]")
            .replacing("version: 2", with: "version: two")
            .replacing("bare: ask", with: "bare: feedback")
            .replacing("observer: {now: Watch.}", with: "everyone: {now: Watch.}")
        #expect(
            mistakes(yaml) == [
                "1:7 a name is 1 to 32 small letters a-z, digits and hyphens",
                "2:1 unknown key 'colour'; here are: name, title, source, version, length, pods, "
                    + "coaches, rounds, labels, visits, absent, grace, follows, opens, opening, "
                    + "round, closing",
                "4:10 this is a whole number",
                "12:5 nothing says what observer does in this phase",
                "15:25 'sing' is no kind; there are: say, ask, answer, reflect, suggest, offer, "
                    + "feedback, thanks, commit, note, assess",
                "20:13 a bare line is a note for oneself or of a kind that the part allows",
                "22:15 everyone does not exist in this phase",
            ]
        )
    }

    @Test(arguments: [
        ("now: Talk.", "now: *a", "14:"), ("now: Talk.", "now: &a Talk", "14:"),
        ("now: Talk.", "now: !x Talk", "14:"), ("now: Talk.", "'now':*a", "14:"),
        ("may: [say]", "may: [say, *a]", "14:"), ("may: [say]", "may: ['say',*a]", "14:"),
        ("may: [say]", "may: [x 'say, *a]", "14:"), ("name: walk\n", "name: &n walk\n", "1:7"),
        ("name: walk\n", "<<: {a: b}\nname: walk\n", "1:1 merge keys"),
        ("name: walk\n", "? name\n: walk\n", "1:1 keys"),
        ("name: walk\n", "%YAML 1.1\n---\nname: walk\n", "1:1 YAML"),
        ("name: walk\n", "--- &a\nname: walk\n", "1:5"),
        ("title: Walk and talk", "title: |\n  Walk", "2:8 texts"),
        ("title: Walk and talk", "title: 'Walk\n  and talk'", "2:8 a text"),
        ("{may: [say], bare", "{may: [say],\n      bare", "14:"),
        ("may: [say]", "may: [[[[say]]]]", "14:"), ("- reflect", "- - - reflect", "17:13 lists"),
        ("    title: Arrive", "\ttitle: Arrive", "7:1 use spaces"),
        ("title: Arrive", "title: Arr\u{202E}ive", "7:15 control"),
        ("title: Arrive", "title: Arr\u{0}ive", "7:15 control"),
        ("title: Arrive", "title: Arr\u{FFFD}ive", "7:15 this character"),
        ("title: Arrive", "title: Arr\rive", "7:15 control"),
    ])
    func `what formats have no use for is refused before it is parsed`(
        old: String,
        new: String,
        expected: String
    ) throws {
        let found = try mistakes(replacing: old, with: new)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix(expected) == true, "\(found)")
    }

    @Test func `bytes that are not UTF-8 are refused where they stand`() {
        let bytes = Array("name: w".utf8) + [0xC3, 0x28, 0xFF] + Array("\n".utf8)
        let found = mistakes(String(decoding: bytes, as: UTF8.self))
        #expect(found.first == "1:8 this character is damaged: save the file as UTF-8")
    }

    @Test(arguments: [
        ("title: Walk and talk", "title: Walk: and talk", "2:"), ("pods: {", "pods: {{", "4:"),
        ("title: Arrive", "title: Arrive\n    title: Arrive", "7:5 'title' stands twice"),
        ("title: Arrive", "   title: Arrive", ""), ("round:", "---\nround:", ""),
        ("pods: {smallest: 2, usual: 2, largest: 3}", "pods: 3", "4:7 this takes keys"),
        ("may: [say]", "may: say", "14:19 this is a list"),
        ("usual: 2", "usual: 300", "4:28 this is a whole number"),
        ("usual: 2", "usual: 11", "4:7 a pod has"),
        ("[commit, say]", "[say, say]", "9:27 this kind"),
        ("now: Watch.", "now: Watch {clent}.", ""),
        ("now: Talk.", "now: [Talk]", "14:42 this is a text"),
        ("opening:", "opening: 3\nclosing:", "5:10 this is a list of phases"),
    ])
    func `a mistake in the file is told where it stands`(
        old: String,
        new: String,
        expected: String
    ) throws {
        let found = try mistakes(replacing: old, with: new)
        #expect(!found.isEmpty)
        #expect(found.first?.hasPrefix(expected) == true, "\(found)")
    }

    @Test(arguments: ["", "\n\n", "# nothing", "walk", "- walk", "[]", "{}", "null", "'"])
    func `a file that holds no format is refused`(yaml: String) {
        #expect(!mistakes(yaml).isEmpty)
    }

    @Test func `hostile files have a short answer in little time`() {
        let bomb =
            "a: &a [x]\n" + (0..<40).map { "b\($0): [*a, *a, *a, *a]\n" }.joined()
        let hostile = [
            "round:\n" + String(repeating: "- {}\n", count: 10_000),
            "round: [" + String(repeating: "{},", count: 20_000) + "]",
            String(repeating: "[", count: 65_000), String(repeating: "{a: ", count: 16_000),
            String(repeating: "- ", count: 32_000), String(repeating: "? ", count: 32_000),
            (0..<350).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
            (0..<9_000).map { "k\($0): 1\n" }.joined(), String(repeating: "a: 1\n", count: 13_000),
            "now: " + String(repeating: "x", count: 65_000), String(repeating: "'", count: 65_536),
            String(repeating: "\"\\", count: 32_000), String(repeating: "a: 'b'\n", count: 9_000),
            String(repeating: "x\n", count: 32_000), String(repeating: ":\n", count: 32_000),
            "may: [" + String(repeating: "say,", count: 16_000) + "]", bomb,
            String(repeating: "x", count: 65_537), String(repeating: "\u{301}", count: 32_000),
        ]
        for (number, yaml) in hostile.enumerated() {
            var found: [String] = []
            let time = processorTime { found = mistakes(yaml) }
            #expect((1...FormatError.mistakesMax).contains(found.count), "file \(number)")
            #expect(found.allSatisfy { $0.utf8.count < 400 }, "file \(number)")
            #expect(time < .seconds(5), "file \(number) took \(time)")
        }
    }

    @Test func `a file that is damaged anywhere is refused or read, never worse`() throws {
        let scalars = Array(Self.sound.unicodeScalars)
        let noise = Array("\n {}[]:,-'\"&*!#?|>%@`~x0s\u{2028}".unicodeScalars)
        for seed in 1...4_000 {
            var random = SplitMix(seed: UInt64(seed))
            var damaged = scalars
            for _ in 0...random.next() % 3 {
                let place = Int(random.next() % UInt64(damaged.count))
                let scalar = noise[Int(random.next() % UInt64(noise.count))]
                switch random.next() % 3 {
                case 0: damaged[place] = scalar
                case 1: damaged.insert(scalar, at: place)
                default: damaged.removeSubrange(place..<min(damaged.count, place + 9))
                }
            }
            var yaml = String.UnicodeScalarView()
            yaml.append(contentsOf: damaged)
            do throws(FormatError) {
                let format = try FormatParser.parse(yaml: String(yaml))
                #expect(format.mistakes == [], "seed \(seed)")
            } catch {
                let lines = yaml.count { $0 == "\n" } + 1
                for mistake in error.mistakes {
                    #expect((1...lines + 1).contains(mistake.line), "seed \(seed)")
                    #expect(mistake.column > 0, "seed \(seed)")
                }
            }
        }
    }
}

/// Gives the same numbers for the same seed (SplitMix64).
private struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
