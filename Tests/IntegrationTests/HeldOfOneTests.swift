// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingServer
import CoachingStoreSQLite
import CoachingTestKit
import CoachingWire
import Foundation
import Testing

/// The twin of the canaries: not words but all the rest, for one person among several.
///
/// `PEERCOACH_HELD=FILE` writes the page (`make held` shows it).
struct HeldOfOneTests {
    private let room = Programme.room

    /// The places of sessions, turns and ends, by the line of the guide that tells of them; those
    /// of setting up stand in ``HeldFieldsTests``.
    private static let told: [(words: String, places: [String])] =
        HeldFieldsTests.told + [
            ("name, department, mail address", ["directory 2.0", "directory 2.1"]),
            (
                "devices: public keys, certificate,",
                ["directory 16.0", "directory 17.0", "directory 17.2.*", "directory 18.0"]
                    + below("directory 16.1", ["0", "1", "2", "3.1", "4", "5", "6"])
                    + below("directory 16.1.3.0<", ["0", "1", "2", "3", "4", "5"])
                    + below("directory 17.1", ["0.1", "1", "2"])
                    + below("directory 17.1.0.0<", ["0", "1", "2", "3", "6"])
                    + below("directory 17.1.0.0<.4.*", ["0", "1", "2"])
            ),
            (
                "rooms: who proposed, said yes,",
                ["directory 9.0", "directory 9.1", "directory 9.2"]
                    + ["room 2.2.*.*", "room 3.0", "room 3.1", "room 3.2.*.*"]
            ),
            (
                "agreement accepted, sessions,",
                below("room 4", ["0", "1", "2.0", "2.1", "2.2.*", "2.3.*"])
                    + ["room 9.0", "room 9.2", "room 9.4"]
                    + below("room 9.1", ["0", "1", "2", "3", "4.0", "4.1", "4.2"])
                    + ["5", "6", "7"].flatMap { phases in
                        below("room 9.1.\(phases).*", ["0", "1", "2"])
                            + below("room 9.1.\(phases).*.3.*", ["0", "1.*", "2", "3", "4"])
                    }
                    + below("room 9.3.0.*.*", ["0", "1", "2.*", "3.*"])
                    + below("room 9.3.1", ["0.*", "1.*", "2.*"])
            ),
            ("and the line one refers to", ["line<.8"]),
        ]

    private static func below(_ place: String, _ keys: [String]) -> [String] {
        HeldFieldsTests.below(place, keys)
    }

    @Test func `what is held about one person is what the guide tells, field by field`() throws {
        let folder = NSTemporaryDirectory() + "held-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try SQLiteStore(folder: folder, release: "test")
        let programme = try Programme.founded(5, facilitators: 1, store: store)
        try live(programme)
        for client in programme.clients { #expect(client.findings == []) }
        store.close()
        let person = programme.people[2]
        let held = try HeldOfOne(
            person,
            among: programme.people,
            database: folder + "/store.sqlite"
        )
        let told = Dictionary(
            Self.told.flatMap { one in one.places.map { ($0, one.words) } },
            uniquingKeysWith: { first, _ in first }
        )
        let page = held.page(told)
        if let path = ProcessInfo.processInfo.environment["PEERCOACH_HELD"] {
            try page.write(toFile: path, atomically: true, encoding: .utf8)
        }
        let places = Set(held.rows.flatMap { $0.fields.map(\.place) })
        let untold = places.subtracting(told.keys).sorted()
        #expect(untold.isEmpty, "not told of:\n\(untold.joined(separator: "\n"))\n\(page)")
        print("held rows=\(held.rows.count) of=\(held.count) fields=\(places.count)")
        let guide = try String(
            contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "Sources/peercoach/Guide/DataGuide.swift"),
            encoding: .utf8
        )
        for words in Set(places.compactMap { told[$0] }) {
            #expect(guide.contains(words), "the guide does not say '\(words)'")
        }
        let titles = Set(held.rows.map { $0.title.drop { $0 != ":" } })
        for event in ["enrolled", "rostered", "turn opened", "attended", "invited", "excluded"] {
            #expect(titles.contains { $0.hasSuffix(event) }, "nothing says \(event)")
        }
        // Whoever is not named in a row is not in the page either.
        #expect(held.rows.count < held.count)
        #expect(!page.contains("Stella Outside"))
        #expect(!page.contains("something said"))
    }

    /// Lets everybody do a little of everything.
    private func live(_ programme: Programme) throws {
        let clients = programme.clients
        try invite(programme)
        try addDevice(programme)
        let start = RoomAct.start(.sample(Bytes16(high: 0x5e, low: 1), medium: .spoken))
        #expect(try clients[5].act(room, start).isDone)
        #expect(try clients[5].act(room, .skip).isDone)
        try clients[2].read()
        let known = clients[2].rooms[room]?.room
        let turn = try #require(known?.turn(of: clients[2].person.id))
        let others = turn.turn.pod.people.compactMap { person in
            clients.first { $0.person.id == person }
        }
        for client in others {
            #expect(
                try client.post(room, .turn(turn.turn.id), .say, "something said").posted != nil
            )
        }
        #expect(try clients[5].act(room, .pause).isDone)
        #expect(try clients[5].act(room, .resume).isDone)
        #expect(try clients[5].act(room, .extend(60_000)).isDone)
        #expect(try clients[2].post(room, .room, .thanks, "something said").posted != nil)
        #expect(try clients[2].post(room, .peers, .say, "something said").posted != nil)
        #expect(try clients[2].post(room, .own(clients[2].person.id), .note, "said").posted != nil)
        let pair = TranscriptKey.between(clients[2].person.id, clients[3].person.id)
        #expect(try clients[3].post(room, pair, .feedback, "something said").posted != nil)
        #expect(try clients[2].post(room, pair, .feedback, "something said").posted != nil)
        let number = try #require(try clients[2].post(room, pair).posted)
        #expect(try clients[2].withdraw(room, pair, number).posted != nil)
        #expect(try clients[5].act(room, .end).isDone)
        let again = AgreementVersion(version: 2, hash: Bytes32(2, 2, 2, 2))
        #expect(try clients[5].act(room, .proposeAgreement(again)).isDone)
        #expect(try clients[2].act(room, .acceptAgreement(again)).isDone)
        let person = clients[2].person
        #expect(
            try clients[2].act(room, .attend(Attended(person: person.id, presence: .away))).isDone
        )
        try programme.expect(
            .renamePerson(NewName(participant: person.participant, name: "Renamed"))
        )
        #expect(try clients[2].act(room, .exclude(person.id)).isDone)
    }

    private func invite(_ programme: Programme) throws {
        let stranger = ParticipantID(Bytes16(high: 0x7b, low: 1))
        try programme.expect(
            .addPeople([
                NewParticipant(
                    participant: stranger,
                    name: "Stella Outside",
                    department: "Engines",
                    address: "stella@acme.example"
                )
            ])
        )
        let hash = Bytes32(1, 2, 3, 4)
        try programme.expect(
            .invite(NewInvite(hash: hash, participant: stranger, days: 3, room: nil))
        )
        try programme.expect(.renewInvite(InviteTerm(hash: hash, days: 5)))
        try programme.expect(.revokeInvite(hash))
    }

    /// Adds a second device of person 2, and ends it again.
    private func addDevice(_ programme: Programme) throws {
        let person = programme.people[2]
        let client = programme.clients[2]
        let secret = InviteSecret(
            secret: Bytes16(high: 0xdd, low: 2),
            authority: Programme.authority
        )
        #expect(try client.ask(.inviteDevice(secret.authHash)).isDone)
        let device = person.devices[1]
        let form = DeviceForm(
            auth: secret.auth,
            request: [0x30, 0x70, 2],
            signingKey: device.signing.publicKey,
            mac: secret.deviceMAC(
                signingKey: device.signing.publicKey,
                encryptionKeyBody: device.announcement.body
            ),
            encryptionKey: device.announcement
        )
        let second = TestClient(programme.world, person, device: 1)
        try second.open(certified: false)
        guard case .enrolled? = try second.enrol(.device(form)) else { throw NoReply() }
        try second.cut()
        let list = try person.list(
            after: person.firstList,
            devices: [person.devices[0], person.devices[1]]
        )
        #expect(try client.ask(.listDevices(list.signed)).isDone)
        #expect(try client.ask(.revokeDevice(device.id)).isDone)
    }
}
