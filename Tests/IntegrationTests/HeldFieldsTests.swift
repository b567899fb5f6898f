// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingDaemon
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingServer
import CoachingTestKit
import CoachingTransport
import CoachingWire
import Foundation
import GRDB
import Testing

/// Holds what the database keeps about people to the list that people are shown.
@Suite(.timeLimit(.minutes(15)))
struct HeldFieldsTests {
    /// Every place in what is stored, by the line of `peercoach guide data` that tells of it.
    ///
    /// A place is the kind of log, the kind of record in it, and the keys down to the value; an
    /// element of a list is `*`, what is signed or sealed within a byte string follows a `<`.
    static let told: [(words: String, places: [String])] = [
        (
            "name, department, mail address",
            ["directory 1.0", "directory 1.1", "directory 1.2", "directory 1.3"]
                + ["directory 15.0", "directory 15.1"]
        ),
        ("whether an administrator", ["directory 4.0"]),
        (
            "invites: for whom, by whom, when,",
            ["directory 11.0", "directory 11.1", "directory 11.2", "directory 11.3"]
                + ["directory 11.4", "directory 15.2.0"]
        ),
        (
            "devices: public keys, certificate,",
            ["directory 15.2.1", "directory 15.2.2", "directory 15.2.3", "directory 15.2.5"]
                + ["directory 15.2.7", "directory 15.2.8"]
                + below("directory 15.2.4", ["0.1", "1", "2"])
                + below("directory 15.2.4.0.0<", ["0", "1", "2", "3", "6"])
                + below("directory 15.2.4.0.0<.4.*", ["0", "1", "2"])
                + below("directory 15.2.6", ["1", "0<.0", "0<.1", "0<.2", "0<.3", "0<.4", "0<.5"])
                + below("room 2.0", ["1", "0<.0", "0<.1", "0<.2", "0<.3", "0<.6"])
                + below("room 2.0.0<.4.*", ["0", "1", "2"]) + ["room 2.1"]
        ),
        (
            "rooms: who proposed, said yes,",
            ["directory 6.0", "directory 6.1", "directory 8.0", "directory 8.1", "directory 8.2"]
                + ["directory 8.4", "directory 10.0", "directory 10.1", "room 1.1", "room 1.0.1"]
                + below("room 1.0.0<", ["0", "1", "2", "3", "5.0", "5.1", "5.2", "5.3"])
                + below("room 1.0.0<.4.*", ["0", "1", "2", "3", "4", "5"]) + ["room 1.2.*.*"]
        ),
        (
            "agreement accepted, sessions,",
            ["room 7.0", "room 7.1", "room 8.0", "room 8.1", "room 13.0", "room 13.1"]
        ),
        (
            "dates, who comes, turns, roles,",
            below("room 73", ["0", "1", "2"]) + below("room 74", ["0", "1"])
        ),
        (
            "to less time, wants to renew or close; last sessions; whether it is shut",
            (80...82).flatMap { below("room \($0)", ["0", "1", "2", "3"]) }
                + ["room 83.0", "room 84.0"]
        ),
        (
            "presence, clock, who keeps it",
            ["room 70.0", "room 71.0.*", "room 72.0", "room 72.1"]
        ),
        (
            "who passed, asked to speak, was ready to go",
            below("room 60", ["0", "1"])
        ),
        (
            "gave what was asked, got the floor",
            below("room 75", ["0", "1"]) + ["room 76.0"] + below("room 61", ["0", "1"])
        ),
        (
            "was muted, visited, called, agreed",
            below("room 77", ["0", "1", "2"]) + below("room 85", ["0", "1", "2"])
                + below("room 79", ["0", "1", "2", "3", "4"])
                + ["room 78.0.1", "room 78.1"]
                + below("room 78.0.0<", ["0", "1", "2", "3", "4", "5", "6", "7"])
        ),
        (
            "lines: time, size, kind, author's",
            ["line at", "line sealed", "line signature", "key at", "key sealed", "key signature"]
                + below("line<", ["0", "1", "2", "3", "4", "5", "6", "7"])
                + below("key<", ["0", "1", "2.*", "3", "4", "5", "6", "7", "8"])
        ),
        (
            "files: who, when, for whom, how",
            ["file owner", "file at", "file number", "file chunks", "file length", "file sealed"]
        ),
        (
            "formats that an administrator",
            below("directory 23", ["0", "1", "2", "3", "4.0", "4.1", "4.2"])
                + below("directory 23.6.*", ["0", "1", "2"])
                + below("directory 23.6.*.3.*", ["0", "1.*", "2", "3", "4"])
                + ["directory 24.0"]
        ),
        (
            "of each change: who did it, when",
            ["directory at", "directory by", "room at", "room by"]
        ),
    ]

    static func below(_ place: String, _ keys: [String]) -> [String] {
        keys.map { "\(place).\($0)" }
    }

    /// The columns of the database; what is about people stands in `frame` alone.
    static let columns: Set<String> = [
        "about.one", "about.schema", "about.release", "about.vacuum", "frames.id",
        "frames.stream", "frames.number", "frames.digest", "frames.head", "frames.mark",
        "frames.frame", "streams.id", "streams.stream", "streams.room", "streams.key",
        "labels.label", "labels.stream", "labels.number", "wakes.room", "wakes.at",
        "grdb_migrations.identifier", "files.id", "files.room", "files.stream", "files.file",
        "files.owner", "files.chunks", "files.kept", "files.at", "files.number", "chunks.id",
        "chunks.place", "chunks.mark", "chunks.chunk",
    ]

    static func paths(_ value: CBORValue, _ path: String) -> Set<String> {
        switch value {
        case .map(let pairs):
            return pairs.reduce(into: []) { $0.formUnion(paths($1.value, "\(path).\($1.key)")) }
        case .array(let elements):
            return elements.reduce(into: []) { $0.formUnion(paths($1, "\(path).*")) }
        case .bytes(let bytes):
            if let inner = try? CBORValue(decoding: bytes), case .map = inner {
                return paths(inner, path + "<")
            }
            return [path]
        default: return [path]
        }
    }

    @Test func `all that the database keeps is on the page for data protection`() async throws {
        let person = try #require(Cast.people().first)
        try await RunningServer.withFolder { folder, authority, invite in
            let daemon = try await Daemon.start(
                folder,
                RunningServer.configuration,
                logger: RunningServer.quiet
            )
            let server = RunningServer(
                folder: folder,
                authority: authority,
                invite: invite,
                port: daemon.port
            )
            do {
                let identity = try await NetClient.enrol(person, invite.keys, at: server)
                let client = try await NetClient.ready(person, identity, at: server)
                try await client.found()
                try await live(client, person)
                guard case .answer(.about(let about)) = try await client.ask(.about) else {
                    throw NoReply()
                }
                #expect(about.name == "Person 0")
                #expect(about.administrator)
                #expect(about.devices.map(\.device) == [person.devices[0].id])
                #expect(about.places.map(\.name) == ["alpha"])
                #expect(about.invites.map(\.state) == [.used])
                await client.link.close()
            } catch {
                await daemon.stop()
                throw error
            }
            await daemon.stop()
            try check(folder.path + "/store/store.sqlite")
        }
    }

    /// Does a little of everything.
    private func live(_ client: NetClient, _ person: TestPerson) async throws {
        let other = ParticipantID(Bytes16(high: 0x7a, low: 1))
        let parts = [Role.client, .coach, .observer].map { role in
            Part(role: role, kinds: [.say], bare: .say, spoken: .note, sentence: "Talk.")
        }
        let format = SessionFormat(
            name: "ours",
            title: "Ours",
            source: "Acme",
            version: 1,
            pods: PodSizes(smallest: 2, usual: 2, largest: 2),
            opening: [],
            round: [Phase(name: "talk", title: "Talk", seconds: 60, parts: parts)],
            closing: []
        )
        let steps: [Request] = [
            .directory(.addFormat(format)),
            .directory(.removeFormat("ours")),
            .directory(
                .addPeople([
                    NewParticipant(
                        participant: other,
                        name: "Zoe Example",
                        department: "Engines",
                        address: "zoe@acme.example"
                    )
                ])
            ),
            .directory(
                .invite(
                    NewInvite(hash: Bytes32(1, 2, 3, 4), participant: other, days: 3, room: nil)
                )
            ),
            .room(
                RoomRequest(
                    room: Programme.room,
                    act: .proposeAgreement(AgreementVersion(version: 1, hash: Bytes32(5, 5, 5, 5)))
                )
            ),
            .room(
                RoomRequest(
                    room: Programme.room,
                    act: .acceptAgreement(AgreementVersion(version: 1, hash: Bytes32(5, 5, 5, 5)))
                )
            ),
            .room(
                RoomRequest(
                    room: Programme.room,
                    act: .attend(Attended(person: person.id, presence: .here))
                )
            ),
        ]
        let tomorrow = Int64(Date().timeIntervalSince1970 * 1_000) + 86_400_000
        let wish = MeetingWish(id: nil, start: Timestamp(milliseconds: tomorrow), minutes: 60)
        let acts = [
            RoomAct.schedule(MeetingWishes([wish])), .come(Coming(meeting: 1, comes: true)),
        ]
        for step in steps + acts.map({ .room(RoomRequest(room: Programme.room, act: $0)) }) {
            guard try await client.ask(step).isDone else { throw NoReply() }
        }
        var sender = try await client.announceKey(1)
        var salts = SplitMix64(seed: 1)
        let item = try sender.seal(
            [1, 2, 3],
            kind: .note,
            seenNumber: 0,
            seenHead: TranscriptChain.start(sender.transcript),
            using: &salts
        )
        let post = Request.post(Post(room: Programme.room, item: item))
        guard try await client.ask(post).posted != nil else { throw NoReply() }
        let part = FilePart(
            room: Programme.room,
            transcript: sender.transcript,
            file: Bytes32(6, 6, 6, 6),
            chunks: 1,
            index: 0,
            bytes: [UInt8](repeating: 7, count: 40)
        )
        guard try await client.ask(.putChunk(part)).isDone else { throw NoReply() }
    }

    private func check(_ path: String) throws {
        let database = try DatabaseQueue(path: path)
        let (columns, rows) = try database.read { database in
            let columns = try String.fetchAll(
                database,
                sql: """
                    SELECT m.name || '.' || p.name FROM sqlite_schema m
                    JOIN pragma_table_info(m.name) p WHERE m.type = 'table'
                    """
            )
            let rows = try Row.fetchAll(database, sql: "SELECT stream, frame FROM frames")
            let files = try Int.fetchOne(database, sql: "SELECT count(*) FROM files")
            #expect(files == 1)
            return (
                columns, rows.map { (stream: $0["stream"] as Data, frame: $0["frame"] as Data) }
            )
        }
        #expect(Set(columns) == Self.columns)
        #expect(rows.count > 10)
        // One file is there, with all that its rows have.
        var found = Set(Self.told.flatMap(\.places).filter { $0.hasPrefix("file ") })
        for row in rows { found.formUnion(try Self.held(Array(row.stream), Array(row.frame))) }
        let guide = try String(
            contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "Sources/peercoach/Guide/DataGuide.swift"),
            encoding: .utf8
        )
        let places = Dictionary(
            Self.told.flatMap { one in one.places.map { ($0, one.words) } },
            uniquingKeysWith: { first, _ in first }
        )
        let untold = found.subtracting(places.keys).sorted()
        #expect(untold.isEmpty, "not told of: \(untold.joined(separator: "\n"))")
        for place in found {
            guard let words = places[place] else { continue }
            #expect(guide.contains(words), "the guide does not say '\(words)'")
        }
    }

    /// Lists the places of what one row holds.
    private static func held(_ stream: [UInt8], _ frame: [UInt8]) throws -> Set<String> {
        let value = try CBORValue(decoding: Array(frame.dropFirst(4)))
        guard case .array(let elements) = value, elements.count >= 4 else { return ["no push"] }
        if elements.count == 5, case .array(let item) = elements[4], item.count == 3 {
            var kind = "line"
            if case .array = item[1] { kind = "key" }
            return paths(item[0], kind).union(["\(kind) at", "\(kind) sealed", "\(kind) signature"])
        }
        guard case .bytes(let bytes) = elements[3],
            case .array(let record) = try CBORValue(decoding: bytes), record.count == 4
        else { return ["no record"] }
        let log = stream == StreamID.directory.value.bytes ? "directory" : "room"
        return paths(record[3], "\(log) \(record[0])").union(["\(log) at", "\(log) by"])
    }
}
