// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingSeal
import CoachingWire

struct Privacy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What others can see of you now, with what they see, by who they are.",
        discussion: """
            The values are those that the server holds about you at this moment, asked from it,
            and those in the records of your rooms. What it all means: peercoach guide
            confidentiality; on one page for a works council: peercoach guide data.
            """
    )

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withClient(options) { opened in
            let about = try await opened.client.aboutMe()
            var places: [OwnTraces] = []
            for room in try await opened.client.allRooms() where room.stage == .admitted {
                let traces = try await opened.inRoom(room.name, depth: .everything) {
                    session,
                    state in
                    OwnTraces(room.name, state, try await session.lines(), opened.me)
                }
                places.append(traces)
            }
            for view in PrivacyView.all(about, places, now: opened.now) {
                opened.output.line(view.who)
                for sentence in view.sees {
                    opened.output.line("  " + sentence, indent: 4)
                }
                opened.output.line()
                opened.output.object(
                    [
                        "type": "view", "who": .string(view.who), "sees": JSON(view.sees),
                    ])
            }
        }
    }
}

/// What a person has left in a room, as far as the server can see it.
struct OwnTraces: Hashable, Sendable {
    /// A session in which they had a part.
    struct Session: Hashable, Sendable {
        var began: Timestamp
        var roles: [Role]
    }

    var room: String
    var membership: Membership
    var facilitators: [String]
    var sessions: [Session]
    var sessionsHeld: Int
    var agreement: UInt32?
    var presence: Presence
    /// How many lines they wrote, by who reads them.
    var lines: [Scope: Int]
    var lastLine: Timestamp?
    var policy: RoomPolicy?
    /// Whether it is the programme's room.
    var isProgramme: Bool

    init(_ name: String, _ room: Room, _ lines: [ReadEntry], _ me: PersonID) {
        self.room = name
        membership = room.membership(of: me) ?? .peer
        facilitators = room.members.filter { $0.membership == .facilitator && $0.person != me }
            .map(\.name)
        sessions = room.sessions.compactMap { session in
            let roles = session.turns(of: me).map(\.role)
            return roles.isEmpty ? nil : Session(began: session.began, roles: roles)
        }
        sessionsHeld = room.sessions.filter(\.isHeld).count
        agreement = room.accepted(by: me)
        presence = room.presence(of: me)
        let own = lines.filter(\.isMine)
        self.lines = Dictionary(grouping: own, by: \.key.scope).mapValues(\.count)
        lastLine = own.map(\.at).max()
        policy = room.roster?.policy
        isProgramme = room.isProgramme
    }

    /// "5 notes to yourself, 3 to a turn, 2 to the room".
    var linesText: String {
        let parts: [(Scope, String)] = [
            (.own, "to yourself"), (.direct, "to one person"), (.turn, "to a turn"),
            (.peers, "to the peers"), (.room, "to the room"), (.programme, "to the programme"),
        ]
        let counted = parts.compactMap { scope, words in
            lines[scope].map { "\($0) \(words)" }
        }
        return counted.isEmpty ? "none" : counted.joined(separator: ", ")
    }
}

/// What somebody can see of this person.
struct PrivacyView: Hashable, Sendable {
    var who: String
    var sees: [String]

    /// What everybody can see, from the nearest to the farthest.
    static func all(
        _ about: AboutMe,
        _ places: [OwnTraces],
        now: Timestamp,
        _ calendar: WallCalendar = .local
    ) -> [PrivacyView] {
        let words = PrivacyWords(about: about, places: places, now: now, calendar: calendar)
        return [
            PrivacyView(who: words.members, sees: words.seenByMembers),
            PrivacyView(who: words.facilitators, sees: words.seenByFacilitators),
            PrivacyView(
                who: "An administrator of the programme",
                sees: words.seenByAdministrators
            ),
            PrivacyView(
                who: "Who runs the server, or gets hold of its disk or backups",
                sees: words.seenByOperator
            ),
            PrivacyView(
                who: "Who uses this device as you, or administers it",
                sees: [
                    "everything that you can read here; the keys in the profile are enough",
                    "with a passphrase only while it is unlocked: peercoach passphrase",
                ]
            ),
        ]
    }
}

/// Puts what is held into sentences with its values.
private struct PrivacyWords {
    let about: AboutMe
    let places: [OwnTraces]
    let now: Timestamp
    let calendar: WallCalendar

    private var rooms: [OwnTraces] { places.filter { !$0.isProgramme } }

    private func day(_ at: Timestamp) -> String { Words.day(at, now: now, calendar) }
    private func moment(_ at: Timestamp) -> String { Words.moment(at, now: now, calendar) }

    // MARK: Members

    var members: String {
        let names = rooms.map(\.room)
        return "The people of your rooms" + (names.isEmpty ? "" : " (\(Words.list(names)))")
    }

    var seenByMembers: [String] {
        [
            "your name: \(about.name); your role in each turn, and whether you are there",
            "who let you in, on whose word, and your devices (\(deviceCount))",
            "what you write to the room: all of them; to a turn: those in that turn; to one "
                + "person: that person",
            laterReaders,
        ]
    }

    private var laterReaders: String {
        let giving = rooms.filter { $0.policy?.historyForNewcomers == true }.map(\.room)
        let less = "who comes later reads nothing from before, who leaves nothing from after"
        guard !giving.isEmpty else { return less }
        return less + "; in \(Words.list(giving)) your group agreed that a member can give who "
            + "comes later older lines, seen by all"
    }

    private var deviceCount: String {
        Words.count(about.devices.filter { $0.state == .active }.count, "device")
    }

    // MARK: Facilitators

    var facilitators: String {
        let names = Set(rooms.flatMap(\.facilitators)).sorted()
        return "A facilitator of your room" + (names.isEmpty ? "" : " (\(Words.list(names)))")
    }

    var seenByFacilitators: [String] {
        [
            "what you write to the room, and to them alone; who coaches whom and when",
            "not what you write to a turn, to the peers, or to another person; never your notes",
        ]
    }

    // MARK: Administrators

    var seenByAdministrators: [String] {
        var sees = [
            "your name: \(about.name); department: \(about.department ?? "none entered"); mail "
                + "address: \(about.address ?? "none entered"); added \(day(about.added))",
            "whether you are an administrator: \(about.administrator ? "yes" : "no")",
            "your devices, those that are active: \(activeDevices)",
        ]
        sees += about.places.filter { !$0.closed }.map { "your room \(place($0))" }
        sees += about.invites.filter { $0.purpose != .device }.map { "your invite, \(invite($0))" }
        for one in rooms {
            let met = Words.count(one.sessionsHeld, "time")
            let names = one.policy?.namesToAdministrators == true
            sees.append(
                "that \(one.room) has met \(met), and how many came last, counted from five on; "
                    + (names ? "who came, by name: your group agreed so" : "not who came")
            )
        }
        let released = places.filter(\.isProgramme).compactMap { $0.lines[.programme] }
        guard let count = released.first, count > 0 else {
            return sees + ["no word that you write, unless they are in the room themselves"]
        }
        return sees + [
            "what you released to the programme (\(Words.count(count, "line"))), who was one then; no"
                + " other word that you write, unless they are in the room themselves"
        ]
    }

    private var activeDevices: String {
        let active = about.devices.filter { $0.state == .active }
        return Words.list(active.map { DeviceWords.short($0.device) })
    }

    private func place(_ place: AboutPlace) -> String {
        var parts = [Words.membership(place.membership)]
        parts.append("proposed \(day(place.proposed))" + (place.proposer.map { " by \($0)" } ?? ""))
        if let accepted = place.accepted { parts.append("you said yes \(day(accepted))") }
        if let until = place.until {
            parts.append("until \(Words.lastDay(until, now: now, calendar))")
        }
        if place.closed { parts.append("closed") }
        return "\(place.name): \(parts.joined(separator: ", "))"
    }

    private func invite(_ invite: AboutInvite) -> String {
        let state =
            switch invite.state {
            case .open: "open until \(moment(invite.expires))"
            case .used: "used"
            case .expired: "expired"
            }
        return "made \(moment(invite.made)) by \(invite.inviter ?? "who runs the server"): \(state)"
    }

    // MARK: The operator

    var seenByOperator: [String] {
        var sees = ["all that an administrator sees, from the first day on, and:"]
        sees += about.devices.map {
            "device \(DeviceWords.short($0.device)): \(DeviceWords.state($0.state)), came "
                + "\(moment($0.since)); its public keys and certificate"
        }
        sees += about.invites.filter { $0.purpose == .device }.map {
            "the line for a device, \(invite($0))"
        }
        sees += about.vouchers.map { "that \($0.name) vouched for you, \(moment($0.at))" }
        sees += about.places.filter(\.closed).map { "your room \(place($0))" }
        for one in places { sees += traces(one) }
        return sees + [
            "of each line its time, its size, its kind, who wrote it on which device and who can "
                + "read it. Not what it says: it is sealed on your device",
            "when you are connected, and from which address",
        ]
    }

    private func traces(_ one: OwnTraces) -> [String] {
        let sessions = one.sessions.map { session in
            "\(day(session.began)) (\(session.roles.map { Words.role($0) }.joined(separator: ", ")))"
        }
        let last = one.lastLine.map { ", the last \(moment($0))" } ?? ""
        let lines = "in \(one.room) your lines: \(one.linesText)\(last)"
        if one.isProgramme { return [lines] }
        let agreed = one.agreement.map { "version \($0)" } ?? "none"
        return [
            "in \(one.room) your sessions and roles: "
                + (sessions.isEmpty ? "none" : sessions.joined(separator: "; ")),
            "in \(one.room) the agreement that you accepted: \(agreed); whether you are there: "
                + "\(Members.presence(one.presence).isEmpty ? "away" : Members.presence(one.presence))",
            lines,
        ]
    }
}
