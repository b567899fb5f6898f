// SPDX-License-Identifier: Apache-2.0

import CoachingModel
import Testing

struct SessionFormatCheckTests {
    private static func part(_ role: Role) -> Part {
        Part(role: role, kinds: [.say, .ask], bare: .say, sentence: "Say what you think.")
    }

    private static let sound = SessionFormat(
        name: "triad-2",
        title: "Triad",
        source: "",
        version: 1,
        pods: PodSizes(smallest: 2, usual: 3, largest: 4),
        opening: [
            Phase(name: "arrival", title: "Arrive", seconds: 60, parts: [part(.everyone)])
        ],
        round: [
            Phase(
                name: "coaching",
                title: "Coaching",
                seconds: 840,
                parts: [part(.client), part(.coach), part(.observer)]
            )
        ],
        closing: []
    )

    private func found(_ edit: (inout SessionFormat) -> Void) -> [String] {
        var format = Self.sound
        edit(&format)
        return format.mistakes.map { "\($0.path) \($0.rule)" }
    }

    @Test func `a sound format has no mistakes`() {
        #expect(Self.sound.mistakes == [])
    }

    @Test(arguments: ["", "Triad", "tri ad", "tri_ad", "tríad", String(repeating: "a", count: 33)])
    func `a name is refused`(name: String) {
        #expect(found { $0.name = name } == ["name name"])
        #expect(found { $0.round[0].name = name } == ["round[0].name name"])
    }

    @Test(arguments: [
        "", "a\u{1B}[2J", "a\nb", "a\u{9B}b", "a\u{202E}b", "a\u{2066}b", "a\u{2028}b",
        "a\u{E0041}b", String(repeating: "ä", count: 101),
    ])
    func `a text that is empty, long or steers the terminal is refused`(text: String) {
        #expect(found { $0.title = text } == ["title text"])
        #expect(
            found {
                $0.closing = [Self.sound.opening[0]]
                $0.closing[0].title = text
            }
                == ["closing[0].title text"]
        )
        #expect(
            found { $0.round[0].parts[1].sentence = text } == ["round[0].parts[1].sentence text"]
        )
        #expect(found { $0.source = text } == (text.isEmpty ? [] : ["source text"]))
    }

    @Test func `a text of exactly two hundred bytes is allowed`() {
        #expect(found { $0.title = String(repeating: "ä", count: 100) } == [])
    }

    @Test func `version zero is refused`() {
        #expect(found { $0.version = 0 } == ["version version"])
    }

    @Test(
        arguments: [
            (1, 2, 3), (3, 2, 4), (2, 5, 4), (2, 3, 11), (0, 0, 0),
        ] as [(UInt8, UInt8, UInt8)]
    )
    func `pod sizes out of order or out of range are refused`(
        smallest: UInt8,
        usual: UInt8,
        largest: UInt8
    ) {
        #expect(
            found { $0.pods = PodSizes(smallest: smallest, usual: usual, largest: largest) }
                == ["pods podSizes"]
        )
    }

    @Test func `the number of phases is bounded on both sides`() {
        func phases(_ phase: Phase, _ count: Int) -> [Phase] {
            (0..<count).map {
                var copy = phase
                copy.name = "p\($0)"
                return copy
            }
        }
        let (group, turn) = (Self.sound.opening[0], Self.sound.round[0])
        #expect(
            found {
                $0.round = phases(turn, 12)
                $0.opening = phases(group, 8)
            } == []
        )
        #expect(found { $0.round = [] } == [])
        #expect(
            found {
                $0.round = []
                $0.opening = []
            } == ["round phaseCount"]
        )
        #expect(found { $0.round = phases(turn, 13) } == ["round phaseCount"])
        #expect(found { $0.opening = phases(group, 9) } == ["opening phaseCount"])
        #expect(found { $0.closing = phases(group, 60_000) } == ["closing phaseCount"])
    }

    @Test func `two phases of one list cannot share a name`() {
        #expect(found { $0.round.append($0.round[0]) } == ["round[1].name phaseName"])
        #expect(found { $0.closing = $0.opening } == [])
    }

    @Test(arguments: [0, 9, 10_801, UInt32.max])
    func `phases too short or too long are refused`(seconds: UInt32) {
        #expect(found { $0.round[0].seconds = seconds } == ["round[0].seconds seconds"])
    }

    @Test func `every role that exists has one part, and no other role has any`() {
        #expect(found { $0.round[0].parts.removeLast() } == ["round[0] roleMissing"])
        #expect(found { $0.opening[0].parts = [] } == ["opening[0] roleMissing"])
        #expect(
            found { $0.round[0].parts.append(Self.part(.coach)) }
                == ["round[0].parts[3] roleTwice"]
        )
        #expect(
            found { $0.round[0].parts.append(Self.part(.everyone)) }
                == ["round[0].parts[3] roleOutOfPlace"]
        )
        #expect(
            found { $0.opening[0].parts.append(Self.part(.client)) }
                == ["opening[0].parts[1] roleOutOfPlace"]
        )
    }

    @Test func `a flood of parts has a short answer`() {
        let count = found { format in
            format.round[0].parts = Array(repeating: Self.part(.coach), count: 60_000)
        }.count
        #expect(count < 40)
    }

    @Test func `kinds ascend, stand once and are those that the floor decides on`() {
        #expect(
            found { $0.round[0].parts[0].kinds = [.ask, .say] } == ["round[0].parts[0].kinds kinds"]
        )
        #expect(
            found { $0.round[0].parts[0].kinds = [.say, .say] } == ["round[0].parts[0].kinds kinds"]
        )
        for kind in [EntryKind.consent, .withdraw, .grant, .paper] {
            #expect(
                found { $0.round[0].parts[0].kinds = [.say, kind] }
                    == ["round[0].parts[0].kinds kinds"]
            )
        }
    }

    @Test func `a bare line is a note or of an allowed kind`() {
        #expect(found { $0.round[0].parts[0].bare = .note } == [])
        #expect(
            found { $0.round[0].parts[0].bare = .answer } == ["round[0].parts[0].bare bareKind"]
        )
        #expect(
            found { $0.round[0].parts[0].spoken = .thanks }
                == ["round[0].parts[0].spoken bareKind"]
        )
    }

    @Test(arguments: ["Ask {clint}.", "Ask {client", "Ask {}.", "Ask {Client}."])
    func `a sentence that names somebody who does not exist is refused`(sentence: String) {
        #expect(
            found { $0.round[0].parts[0].sentence = sentence }
                == ["round[0].parts[0].sentence placeholder"]
        )
    }

    @Test func `roles stand for people in rounds only`() {
        #expect(found { $0.round[0].parts[0].sentence = "{coach}, {client} and {observer}" } == [])
        #expect(
            found { $0.opening[0].parts[0].sentence = "Ask {coach}." }
                == ["opening[0].parts[0].sentence placeholder"]
        )
    }

    @Test func `all mistakes are told at once and in words`() {
        var format = Self.sound
        format.name = "?"
        format.version = 0
        format.round[0].seconds = 1
        #expect(format.mistakes.count == 3)
        #expect(format.mistakes[2].description.hasPrefix("round[0].seconds: a phase lasts"))
    }
}
