// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingWire
import Testing

@testable import peercoach

/// What people are told of what others see of them, and the guides.
@Suite struct PrivacyTests {
    private static let now = RoomScene.at(14, 0)

    private func about(_ change: (inout AboutMe) -> Void = { _ in }) -> AboutMe {
        let early = RoomScene.at(9, 5)
        var about = AboutMe(
            participant: ParticipantID(Bytes16(high: 1, low: 1)),
            name: "Lena Hofmann",
            department: "Engines",
            address: "lena@acme.example",
            added: early,
            administrator: false,
            person: RoomScene.person(1),
            devices: [
                AboutDevice(device: RoomScene.device(1), state: .active, since: early),
                AboutDevice(device: RoomScene.device(2), state: .revoked, since: early),
            ],
            invites: [
                AboutInvite(
                    purpose: .person,
                    state: .used,
                    inviter: "Maya Lind",
                    made: early,
                    expires: RoomScene.at(23, 0)
                )
            ],
            vouchers: [AboutVoucher(name: "Maya Lind", at: early)],
            places: [
                AboutPlace(
                    room: RoomID(Bytes16(high: 2, low: 2)),
                    name: "north",
                    membership: .peer,
                    proposer: "Maya Lind",
                    proposed: early,
                    accepted: early,
                    until: nil,
                    closed: false
                )
            ]
        )
        change(&about)
        return about
    }

    private func views(
        _ about: AboutMe,
        _ places: [OwnTraces] = []
    ) -> [String: String] {
        let all = PrivacyView.all(about, places, now: Self.now, RoomScene.zone)
        return Dictionary(
            uniqueKeysWithValues: all.map { ($0.who, $0.sees.joined(separator: "\n")) }
        )
    }

    private func view(_ who: String, in views: [String: String]) throws -> String {
        try #require(views.first { $0.key.hasPrefix(who) }?.value)
    }

    @Test func `an administrator's view has the values that the directory holds`() throws {
        let sees = try view("An administrator", in: views(about()))
        for value in [
            "your name: Lena Hofmann", "department: Engines", "mail address: lena@acme.example",
            "whether you are an administrator: no", "your devices, those that are active: ",
            "your room north: peer, proposed Tue 1 Dec by Maya Lind, you said yes Tue 1 Dec",
            "your invite, made 09:05 by Maya Lind: used", "no word that you write",
        ] { #expect(sees.contains(value), "\(value)") }
        let bare = try view(
            "An administrator",
            in: views(
                about {
                    $0.department = nil
                    $0.address = nil
                }
            )
        )
        #expect(bare.contains("department: none entered; mail address: none entered"))
    }

    @Test func `who runs the server sees the rest, and not the words`() throws {
        let sees = try view("Who runs the server", in: views(about()))
        for value in [
            "all that an administrator sees", "active, came 09:05", "ended, came 09:05",
            "that Maya Lind vouched for you", "Not what it says: it is sealed on your device",
        ] { #expect(sees.contains(value), "\(value)") }
    }

    @Test func `a room's records are told with their dates, roles and counts`() throws {
        var scene = try RoomScene(["Lena", "Priya", "Tom"], me: 1, at: RoomScene.at(14, 0))
        try scene.start("triad", .typed, by: 1)
        var guardrail = 0
        while scene.room.session != nil, guardrail < 100 {
            try scene.wake()
            guardrail += 1
        }
        var traces = OwnTraces("north", scene.room, [], RoomScene.person(1))
        #expect(traces.sessionsHeld == 1)
        #expect(traces.sessions.first?.roles.count == 3)
        traces.lines = [.own: 5, .room: 2]
        traces.lastLine = RoomScene.at(14, 30)
        let views = views(about(), [traces])
        let operated = try view("Who runs the server", in: views)
        #expect(operated.contains("in north your sessions and roles: Tue 1 Dec ("))
        #expect(
            operated.contains("in north your lines: 5 to yourself, 2 to the room, the last 14:30")
        )
        #expect(operated.contains("the agreement that you accepted: version 1"))
        let administered = try view("An administrator", in: views)
        #expect(administered.contains("that north has met 1 time"))
        #expect(administered.contains("not who came"))
        traces.policy?.namesToAdministrators = true
        let agreed = try view("An administrator", in: self.views(about(), [traces]))
        #expect(agreed.contains("who came, by name: your group agreed so"))
    }

    @Test(arguments: GuideTopic.allCases)
    func `a guide fits on a page`(_ topic: GuideTopic) {
        #expect(topic.lines.count <= 64)
        #expect(topic.lines.allSatisfy { $0.count <= 78 })
        #expect(!topic.about.isEmpty)
    }
}
