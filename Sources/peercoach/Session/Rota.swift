// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingWire

struct Rota: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Who keeps the time next, where the group runs itself.",
        discussion: """
            Who starts the first session keeps its time; after that it goes round. Whoever is
            first here and present keeps the time of the next session, and then goes to the end.
            Keeping time is the clock alone: it lets nobody in or out. Any peer may change the
            order, and all see who did.
            """,
        subcommands: [Show.self, Swap.self, Skip.self, Set.self],
        defaultSubcommand: Show.self
    )

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The order.")
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                try await opened.inRoom { _, room in opened.showRota(room) }
            }
        }
    }

    struct Swap: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let two change places; with one name, that one and you."
        )
        @Argument(help: "Who.")
        var name: String
        @Argument(help: "With whom, if not you.")
        var other: String?
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await Opened.changeRota(options) { opened, room in
                let one = try opened.member(name, of: room).person
                let two = try other.map { try opened.member($0, of: room).person } ?? opened.me
                return room.rota.map { $0 == one ? two : $0 == two ? one : $0 }
            }
        }
    }

    struct Skip: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Leave somebody out once: who comes after them is before them then."
        )
        @Argument(help: "Who, if not you.")
        var name: String?
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await Opened.changeRota(options) { opened, room in
                let person = try name.map { try opened.member($0, of: room).person } ?? opened.me
                var order = room.rota
                guard let place = order.firstIndex(of: person) else { return order }
                order.remove(at: place)
                order.insert(person, at: min(place + 1, order.count))
                return order
            }
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say who comes first; who is not named follows in the order as it was."
        )
        @Argument(help: "Who, next first.")
        var names: [String]
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await Opened.changeRota(options) { opened, room in
                var order: [PersonID] = []
                for name in names {
                    let person = try opened.member(name, of: room).person
                    if !order.contains(person) { order.append(person) }
                }
                return order + room.rota.filter { !order.contains($0) }
            }
        }
    }
}

/// `session handover`: somebody else keeps the time, or the group runs itself from now on.
struct Handover: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let a peer keep the time, once; or hand the room over for good.",
        discussion: """
            With a name: that peer keeps the time of the session that runs, or starts the next
            one and keeps its time. It ends with that session; --back ends it before.
            With --after-next a facilitator says that the next session, or the one that runs, is
            the last one together: with its end they leave. --stay takes that back.
            With --for-good a facilitator leaves the room now: from then on the group runs itself,
            every peer lets people in, and the keeping of time goes round (peercoach rota).
            """
    )
    @Argument(help: "Who.")
    var name: String?
    @Flag(help: "Take it back.")
    var back = false
    @Flag(help: "Leave the room to the group.")
    var forGood = false
    @Flag(help: "Leave it to the group with the end of the next session, the last one together.")
    var afterNext = false
    @Flag(help: "Stay after all.")
    var stay = false
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard [name != nil, back, forGood, afterNext, stay].count(where: { $0 }) == 1 else {
            throw ValidationError(
                "Name a peer, or say --back, --for-good, --after-next or --stay."
            )
        }
    }

    func run() async throws {
        try await withClient(options) { opened in
            try await opened.inRoom { session, room in
                if forGood { return try await opened.handOverForGood(session, room) }
                if afterNext || stay {
                    return try await opened.sayFarewell(Farewell(isLast: afterNext), session, room)
                }
                let person = try name.map { try opened.member($0, of: room).person }
                try await session.act(.handOver(HandedOver(to: person)))
                let after = try await session.state()
                let when = after.session == nil ? "the next session" : "this session"
                let text =
                    person.map { "\(after.shownName($0)) keeps the time in \(when)." }
                    ?? "The keeping of time is yours again."
                opened.output.put(
                    text,
                    [
                        "type": "handover", "to": JSON(person.map { after.shownName($0) }),
                        "next": .bool(after.session == nil),
                    ]
                )
            }
        }
    }
}

extension Opened {
    /// Changes who keeps the time after whom, and shows it.
    fileprivate static func changeRota(
        _ options: GlobalOptions,
        _ change: @escaping @Sendable (Opened, Room) throws -> [PersonID]
    ) async throws {
        try await withClient(options) { opened in
            try await opened.inRoom { session, room in
                let order = try change(opened, room)
                try await session.act(.setRota(RotaSet(order: order)))
                opened.showRota(try await session.state())
            }
        }
    }

    fileprivate func showRota(_ room: Room) {
        for (index, person) in room.rota.enumerated() {
            let away = room.presence(of: person) == .away ? "  away" : ""
            let name = person == me ? "you" : room.shownName(person)
            output.put(
                "\(index + 1)  \(name)\(away)",
                indent: 3,
                [
                    "type": "rota", "place": JSON(index + 1),
                    "name": .string(room.shownName(person)), "me": .bool(person == me),
                    "present": .bool(room.presence(of: person) != .away),
                ]
            )
        }
        if room.hasFacilitator {
            output.line(
                "The facilitator keeps the time; a session whose facilitator is lost goes to the "
                    + "first who is present."
            )
        }
    }

    fileprivate func sayFarewell(
        _ farewell: Farewell,
        _ session: RoomSession,
        _ room: Room
    ) async throws {
        let which = room.session == nil ? "The next session" : "The session that runs"
        if farewell.isLast {
            try await asking.require(
                "\(which) shall be the last one together in \(session.name)? With its end you leave, "
                    + "and read nothing that comes later."
            )
        }
        try await session.act(.sayFarewell(farewell))
        output.put(
            farewell.isLast
                ? "\(which) is your last one in \(session.name). --stay takes it back."
                : "You stay in \(session.name) after your next session.",
            [
                "type": "farewell", "last": .bool(farewell.isLast),
                "room": .string(session.name),
            ]
        )
    }

    fileprivate func handOverForGood(_ session: RoomSession, _ room: Room) async throws {
        guard room.membership(of: me) == .facilitator else {
            throw ClientError(.refused, "Only a facilitator hands a room over for good.")
        }
        guard room.session == nil else {
            throw ClientError(.refused, "A session is running. Hand over when it has ended.")
        }
        let others = room.members.filter { $0.membership == .facilitator && $0.person != me }
        let then =
            others.isEmpty
            ? "Every peer lets people in then, and the keeping of time goes round."
            : "\(Words.list(others.map(\.name))) facilitates here from then on."
        try await asking.require(
            "Hand \(session.name) over for good? You read nothing from there that comes later. "
                + then
        )
        try await client.exclude(me, from: session.room)
        output.put(
            "You handed \(session.name) over. \(then)",
            ["type": "handover", "forGood": true, "room": .string(session.name)]
        )
    }
}
