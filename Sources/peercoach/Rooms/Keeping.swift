// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel

extension AgreementCommand {
    struct Keep: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "How long lines are kept in the room; who lets people in can change it.",
            discussion: """
                Lines go from the server by themselves when their time is over: those of turns and
                between two people after --turns days, those to the room and the peers after --room
                days. Notes to yourself stay until you erase them, and the room's agreement, the
                purpose and the links of its sessions as long as the room. A shorter time counts at
                once, also for what is there already.
                """
        )

        @Option(help: "Days for turns and for lines between two people.")
        var turns: UInt32?
        @Option(name: .customLong("room-lines"), help: "Days for lines to the room and the peers.")
        var roomLines: UInt32?
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                try await opened.inRoom { session, room in
                    let before = room.policy
                    let turnDays = turns ?? before.turnDays
                    let roomDays = roomLines ?? before.roomDays
                    guard turnDays != before.turnDays || roomDays != before.roomDays else {
                        return opened.show(before)
                    }
                    if turnDays < before.turnDays || roomDays < before.roomDays {
                        try await opened.asking.require(
                            "Lines that are older are erased for everybody, for good. Go on?"
                        )
                    }
                    try await session.keep(turnDays: turnDays, roomDays: roomDays)
                    opened.show(try await session.state().policy)
                }
            }
        }
    }
}

extension Opened {
    fileprivate func show(_ policy: RoomPolicy) {
        output.line("Turns, and lines between two people: \(Words.count(policy.turnDays, "day"))")
        output.line("Lines to the room and the peers: \(Words.count(policy.roomDays, "day"))")
        output.line("Your notes: until you erase them")
        output.object(
            [
                "type": "keeping", "turnDays": JSON(policy.turnDays),
                "roomDays": JSON(policy.roomDays),
            ])
    }
}
