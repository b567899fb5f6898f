// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingModel

extension Answer {
    /// An answer's number on the wire.
    public enum Kind: UInt64, CaseIterable, Hashable, Sendable {
        /// A number in a transcript.
        case posted = 1
        /// A room is followed.
        case followed = 3
        /// A page was sent.
        case history = 4
        /// Done.
        case done = 5
        /// Rooms.
        case rooms = 8
        /// Who waits.
        case lobby = 9
        /// Who is to be vouched for.
        case vouches = 10
        /// Devices.
        case devices = 11
        /// People.
        case people = 12
        /// Invites.
        case invites = 13
        /// Counts.
        case status = 14
        /// A certificate.
        case certificate = 15
        /// Keys.
        case keys = 16
        /// Introductions.
        case introductions = 17
        /// What is held about oneself.
        case about = 18
        /// How new rooms begin.
        case policy = 36
        /// A chunk of a file.
        case chunk = 37
        /// The programme's own formats.
        case formats = 39
    }

    /// The answer's number on the wire.
    public var kind: Kind {
        switch self {
        case .posted: .posted
        case .followed: .followed
        case .history: .history
        case .done: .done
        case .rooms: .rooms
        case .lobby: .lobby
        case .vouches: .vouches
        case .devices: .devices
        case .people: .people
        case .invites: .invites
        case .status: .status
        case .certificate: .certificate
        case .keys: .keys
        case .introductions: .introductions
        case .about: .about
        case .policy: .policy
        case .chunk: .chunk
        case .formats: .formats
        }
    }

    func write(_ writer: inout CBORWriter) throws(CBORError) {
        writer.uint(kind.rawValue)
        switch self {
        case .posted(let number), .history(let number), .done(let number): writer.uint(number)
        case .followed(let followed): try put(followed, &writer)
        case .rooms(let rooms): try put(rooms, &writer)
        case .lobby(let lobby): try put(lobby, &writer)
        case .vouches(let vouches): try put(vouches, &writer)
        case .devices(let devices): try put(devices, &writer)
        case .people(let people): try put(people, &writer)
        case .invites(let invites): try put(invites, &writer)
        case .status(let counts): try put(counts, &writer)
        case .certificate(let bytes): writer.bytes(bytes)
        case .keys(let keys): try put(keys, &writer)
        case .introductions(let introductions): try put(introductions, &writer)
        case .about(let about): try put(about, &writer)
        case .policy(let policy): try put(policy, &writer)
        case .chunk(let bytes): writer.bytes(bytes)
        case .formats(let formats): try put(formats, &writer)
        }
    }

    init(_ reader: inout CBORReader) throws(CBORError) {
        let start = reader.offset
        guard let kind = Kind(rawValue: try reader.uint()) else {
            throw CBORError(.invalidValue, offset: start)
        }
        switch kind {
        case .posted: self = .posted(try reader.uint())
        case .followed: self = .followed(try take(Followed.self, &reader))
        case .history: self = .history(first: try reader.uint())
        case .done: self = .done(try reader.uint())
        case .rooms: self = .rooms(try take([RoomSummary].self, &reader))
        case .lobby: self = .lobby(try take(Lobby.self, &reader))
        case .vouches: self = .vouches(try take([AwaitedVouch].self, &reader))
        case .devices: self = .devices(try take(DeviceSummaries.self, &reader))
        case .people: self = .people(try take([PersonSummary].self, &reader))
        case .invites: self = .invites(try take([InviteSummary].self, &reader))
        case .status: self = .status(try take(StatusCounts.self, &reader))
        case .certificate: self = .certificate(try reader.bytes(max: 8_192))
        case .keys: self = .keys(try take([MemberKeys].self, &reader))
        case .introductions: self = .introductions(try take([Introduction].self, &reader))
        case .about: self = .about(try take(AboutMe.self, &reader))
        case .policy: self = .policy(try take(RoomPolicy.self, &reader))
        case .chunk: self = .chunk(try reader.bytes(max: FileLimits.sealedChunkBytes))
        case .formats: self = .formats(try take([SessionFormat].self, &reader))
        }
    }
}
