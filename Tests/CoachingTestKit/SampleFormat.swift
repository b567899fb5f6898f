// SPDX-License-Identifier: Apache-2.0
package import CoachingModel

extension SessionFormat {
    /// A format of an opening, two phases a round, and a closing; a minute each.
    package static let sample = SessionFormat(
        name: "sample",
        title: "Sample",
        source: "these tests",
        version: 1,
        pods: PodSizes(smallest: 2, usual: 3, largest: 4),
        opening: [phase("arrive", [part(.everyone, [.say])])],
        round: [
            phase(
                "coach",
                [
                    part(.client, [.say, .answer]), part(.coach, [.ask, .reflect]),
                    part(.observer, []),
                ]
            ),
            phase(
                "feedback",
                [part(.client, [.thanks]), part(.coach, [.feedback]), part(.observer, [.feedback])]
            ),
        ],
        closing: [phase("leave", [part(.everyone, [.thanks])])]
    )

    private static func phase(_ name: String, _ parts: [Part]) -> Phase {
        Phase(name: name, title: name, seconds: 60, parts: parts)
    }

    private static func part(_ role: Role, _ kinds: [EntryKind]) -> Part {
        Part(role: role, kinds: kinds, bare: kinds.first ?? .note, sentence: "Do it.")
    }
}

extension SessionStart {
    /// The start of a session of the sample format.
    package static func sample(
        _ id: Bytes16 = Bytes16(high: 1, low: 1),
        medium: Medium = .typed,
        pace: UInt16 = 1
    ) -> SessionStart {
        SessionStart(
            session: SessionID(id),
            format: .sample,
            medium: medium,
            until: nil,
            pace: pace,
            purpose: nil,
            shown: nil
        )
    }
}
