// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingEnvelope
import CoachingModel

/// A line that this device has sent, sealed as it was, for a server that loses it.
///
/// - Source: DESIGN.md D20.
struct SentLine: Codable, Hashable, Sendable {
    var room: RoomID
    var scope: Scope
    var instance: [UInt8]
    /// The sender key under which it stands now, and the counter.
    var key: KeyID
    var counter: UInt64
    /// Where the server took it.
    var number: UInt64
    var digest: Bytes32
    var kind: EntryKind
    /// The bytes as they were sent.
    var item: [UInt8]
    /// When it was said first.
    var at: Timestamp
    /// When it is gone from here.
    var until: Timestamp
    /// Who could read it then.
    var readers: [PersonID]
    /// How many acceptances of a restore were known when it was taken.
    var restores: UInt32
    /// The name of the first entry, where it was posted again.
    var firstKey: KeyID?
    var firstCounter: UInt64?
    /// Why it waits for the person's word; `nil` where it does not.
    var held: String?
    /// What it names: what it answers or takes back.
    var cited: [CitedLine]?

    enum CodingKeys: Int, CodingKey {
        case room = 0
        case scope = 1
        case instance = 2
        case key = 3
        case counter = 4
        case number = 5
        case digest = 6
        case kind = 7
        case item = 8
        case at = 9
        case until = 10
        case readers = 11
        case restores = 12
        case firstKey = 13
        case firstCounter = 14
        case held = 15
        case cited = 16
    }

    var place: TranscriptKey? { TranscriptKey(scope: scope, instance: instance) }
    var transcript: TranscriptID {
        place.map { TranscriptID(room: room, key: $0) } ?? TranscriptID(.zero)
    }
    /// The name by which it is known however often it is posted.
    var name: EntryName {
        EntryName(key: firstKey ?? key, counter: firstCounter ?? counter)
    }
}

/// A line that another one names.
struct CitedLine: Codable, Hashable, Sendable {
    var number: UInt64
    var digest: Bytes32

    enum CodingKeys: Int, CodingKey {
        case number = 0
        case digest = 1
    }
}

/// An entry by the key and the counter under which it was said first.
struct EntryName: Hashable, Sendable {
    var key: KeyID
    var counter: UInt64
}

/// The lines that a device has sent, with the key events under which they open.
struct SentLines: Codable, Hashable, Sendable {
    static let fileName = "sent.cbor"
    /// For how long a line is kept at most.
    static let millisecondsMax: Int64 = 30 * 86_400_000
    /// The most lines, and the most bytes of all of them; the oldest go first.
    static let linesMax = 2_000
    static let bytesMax = 4 << 20

    /// A key event as it was posted.
    struct Event: Codable, Hashable, Sendable {
        var key: KeyID
        var event: [UInt8]

        enum CodingKeys: Int, CodingKey {
            case key = 0
            case event = 1
        }
    }

    var lines: [SentLine] = []
    var events: [Event] = []

    enum CodingKeys: Int, CodingKey {
        case lines = 0
        case events = 1
    }

    /// Leaves out what is over or too much, and keys under which nothing stands any more.
    mutating func trim(at now: Timestamp) {
        lines.removeAll { $0.until <= now }
        var room = Self.bytesMax
        var kept = 0
        for line in lines.reversed() {
            room -= line.item.count + 512
            guard room >= 0, kept < Self.linesMax else { break }
            kept += 1
        }
        lines.removeFirst(lines.count - kept)
        let used = Set(lines.map(\.key))
        events.removeAll { !used.contains($0.key) }
    }
}

/// What has happened to sent lines and is not in the file yet.
struct SentChanges: Sendable {
    var added: [SentLine] = []
    var events: [KeyID: [UInt8]] = [:]
    /// Lines of which nothing is to be kept any more.
    var dropped: Set<EntryName> = []

    var isEmpty: Bool { added.isEmpty && dropped.isEmpty }

    func apply(to sent: inout SentLines) {
        let renewed = Set(added.map(\.name))
        sent.lines.removeAll { renewed.contains($0.name) || dropped.contains($0.name) }
        sent.lines += added.filter { !dropped.contains($0.name) }
        let known = Set(sent.events.map(\.key))
        for (key, event) in events where !known.contains(key) {
            sent.events.append(SentLines.Event(key: key, event: event))
        }
        sent.lines.sort { ($0.at, $0.counter) < ($1.at, $1.counter) }
    }
}

extension ProfileFolder {
    /// Reads the lines that were sent; a damaged file counts as none.
    func sentLines() -> SentLines {
        guard let bytes = try? kept(SentLines.fileName) else { return SentLines() }
        return (try? CBORDecoder(limits: Self.limits).decode(SentLines.self, from: bytes))
            ?? SentLines()
    }

    /// Changes the lines that were sent, as other processes may have left them meanwhile.
    func changeSent(at now: Timestamp, _ changes: SentChanges) throws(ClientError) {
        try locked { () throws(ClientError) in
            let before = sentLines()
            var sent = before
            changes.apply(to: &sent)
            sent.trim(at: now)
            if sent != before { try encode(sent, as: SentLines.fileName) }
        }
    }
}

extension Profile {
    private static let usedInvitesMax = 256

    /// Notes that an invite of this device was used.
    mutating func noteUsed(_ invite: Bytes32) {
        usedInvites = ((usedInvites ?? []) + [invite]).suffix(Self.usedInvitesMax)
    }
}
