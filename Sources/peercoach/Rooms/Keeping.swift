// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel

extension AgreementCommand {
    struct Keep: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "How long lines are kept, and whether who comes later can be given older ones.",
            discussion: """
                Who lets people in can change it; everybody sees that. Lines go from the server by
                themselves when their time is over: those of turns and between two people after
                --turns days, those to the room and the peers after --room-lines days. Notes to
                yourself stay until you erase them, and the room's agreement, the purpose and the
                links of its sessions as long as the room. A shorter time counts at once, also for
                what is there already. With --history yes any member can give somebody who came
                later the older lines that they may read themselves: peercoach grant NAME. What was
                given before --history no stays given.
                """
        )

        @OptionGroup var changes: PolicyOptions
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                try await opened.inRoom { session, room in
                    let before = room.policy
                    let wanted = changes.changed(before)
                    guard wanted != before else { return opened.show(before, "keeping") }
                    if wanted.turnDays < before.turnDays || wanted.roomDays < before.roomDays {
                        try await opened.asking.require(
                            "Lines that are older are erased for everybody, for good. Go on?"
                        )
                    }
                    if wanted.historyForNewcomers, !before.historyForNewcomers {
                        try await opened.asking.require(
                            "Any member can then give older lines to who comes later, also lines "
                                + "that were written until now. Have you asked the others?"
                        )
                    }
                    try await session.keep(wanted)
                    opened.show(try await session.state().policy, "keeping")
                }
            }
        }
    }
}
