// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingModel

/// Words about how long lines are kept in a room, and who else may read them.
enum PolicyWords {
    /// Each thing on a line of its own.
    static func lines(_ policy: RoomPolicy) -> [String] {
        [
            "Turns, and lines between two people: \(Words.count(policy.turnDays, "day"))",
            "Lines to the room and the peers: \(Words.count(policy.roomDays, "day"))",
            "Your notes: until you erase them",
            "Older lines for who comes later: "
                + (policy.historyForNewcomers
                    ? "a member can give them, all see it (peercoach grant NAME)" : "never"),
            "Who came to a session, by name, for administrators: "
                + (policy.namesToAdministrators ? "yes" : "no"),
        ]
    }

    /// All in one sentence's part: "turns kept 90 days, ...".
    static func summary(_ policy: RoomPolicy) -> String {
        "turns kept \(Words.count(policy.turnDays, "day")), the room's lines "
            + "\(Words.count(policy.roomDays, "day")), older lines for who comes later: "
            + (policy.historyForNewcomers ? "a member can give them" : "never")
            + ", who came by name for administrators: "
            + (policy.namesToAdministrators ? "yes" : "no")
    }

    /// What is another than before, a sentence each.
    static func changes(from old: RoomPolicy, to new: RoomPolicy) -> [String] {
        var changes: [String] = []
        if old.turnDays != new.turnDays {
            changes.append(
                "Turns, and lines between two people, are kept "
                    + "\(Words.count(new.turnDays, "day")) now."
            )
        }
        if old.roomDays != new.roomDays {
            changes.append(
                "Lines to the room and the peers are kept \(Words.count(new.roomDays, "day")) now."
            )
        }
        if old.historyForNewcomers != new.historyForNewcomers {
            changes.append(
                new.historyForNewcomers
                    ? "Who comes later can be given older lines now, by any member who may read "
                        + "them; all see it."
                    : "Who comes later cannot be given older lines any more."
            )
        }
        if old.namesToAdministrators != new.namesToAdministrators {
            changes.append(
                new.namesToAdministrators
                    ? "Administrators may see who came to a session, by name, now."
                    : "Administrators may not see any more who came to a session by name."
            )
        }
        return changes
    }

    /// The same for programs.
    static func object(_ type: String, _ policy: RoomPolicy) -> JSON {
        [
            "type": .string(type), "turnDays": JSON(policy.turnDays),
            "roomDays": JSON(policy.roomDays),
            "olderLines": .bool(policy.historyForNewcomers),
            "names": .bool(policy.namesToAdministrators),
        ]
    }
}

/// Yes or no, as the value of an option.
enum YesNo: String, ExpressibleByArgument, CaseIterable, Sendable {
    case yes
    case no
}

/// What of a policy is to be another.
struct PolicyOptions: ParsableArguments {
    @Option(help: "Days for turns and for lines between two people.")
    var turns: UInt32?
    @Option(name: .customLong("room-lines"), help: "Days for lines to the room and the peers.")
    var roomLines: UInt32?
    @Option(help: "Whether members can give older lines to who comes later.")
    var history: YesNo?
    @Option(help: "Whether administrators may see who came to a session by name.")
    var names: YesNo?

    /// Gives the policy with what was named changed.
    func changed(_ policy: RoomPolicy) -> RoomPolicy {
        RoomPolicy(
            turnDays: turns ?? policy.turnDays,
            roomDays: roomLines ?? policy.roomDays,
            historyForNewcomers: history.map { $0 == .yes } ?? policy.historyForNewcomers,
            namesToAdministrators: names.map { $0 == .yes } ?? policy.namesToAdministrators
        )
    }
}

extension Opened {
    /// Shows a policy.
    func show(_ policy: RoomPolicy, _ type: String) {
        for line in PolicyWords.lines(policy) { output.line(line) }
        output.object(PolicyWords.object(type, policy))
    }
}
