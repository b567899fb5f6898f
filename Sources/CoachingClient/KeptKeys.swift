// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// A sender key that this device has opened, kept so that old lines stay readable on it after the
/// encryption key to which it was wrapped is gone.
struct KeptKey: Hashable, Sendable {
    /// Where it is used.
    var transcript: TranscriptID
    /// Which it is.
    var key: KeyID
    /// K.
    var secret: Bytes32
    /// When the server took its key event.
    var at: Timestamp
    /// With which others it goes; `nil` for one from before keys were kept by their time.
    var period: KeyPeriod?
}

/// The keys of one room that go together, since the lines under them are over at the same time.
///
/// - Source: SEALING.md 3.7.
struct KeyPeriod: Hashable, Sendable, Comparable {
    /// How long what stands under them is kept.
    enum Span: UInt8, Hashable, Sendable {
        /// Until its author erases it.
        case unending = 0
        /// As turns are, and what is between two people.
        case turns = 1
        /// As lines to the room and to the peers are.
        case rooms = 2
        /// As long as one is in the room: its own texts, by which it goes.
        case papers = 3
        /// Not known: kept by a program of before.
        case unsorted = 255
    }

    private static let dayMilliseconds: Int64 = 86_400_000

    var room: RoomID
    var span: Span
    /// The day since 1970 on which the keys were made; 0 where it does not count.
    var day: Int64

    init(room: RoomID, span: Span, day: Int64) {
        (self.room, self.span, self.day) = (room, span, day)
    }

    /// Finds where a key goes that was made then.
    init(room: RoomID, scope: Scope, at: Timestamp) {
        self.room = room
        switch scope {
        case .own, .programme: span = .unending
        case .direct, .turn: span = .turns
        case .peers, .room: span = .rooms
        }
        day = span == .unending ? 0 : Self.day(of: at)
    }

    /// The keys under which texts of a room stand.
    static func papers(of room: RoomID) -> KeyPeriod {
        KeyPeriod(room: room, span: .papers, day: 0)
    }

    /// The day of an instant, also of one before 1970.
    static func day(of at: Timestamp) -> Int64 {
        let (day, rest) = at.milliseconds.quotientAndRemainder(dividingBy: dayMilliseconds)
        return rest < 0 ? day - 1 : day
    }

    /// The instant after which no line is written under one of the keys.
    var lastLine: Timestamp {
        let (start, overflow) = (day + 1).multipliedReportingOverflow(by: Self.dayMilliseconds)
        let end = Timestamp(milliseconds: overflow ? .max : start)
        return end.adding(milliseconds: Retention.keyMilliseconds)
    }

    /// When all lines under the keys are over; the end of time for those that do not end.
    func due(under policy: RoomPolicy) -> Timestamp {
        let scope: Scope
        switch span {
        case .unending, .papers: return Timestamp(milliseconds: .max)
        case .turns: scope = .turn
        case .rooms, .unsorted: scope = .room
        }
        return Retention.end(of: lastLine, in: scope, under: policy)
            ?? Timestamp(milliseconds: .max)
    }

    /// Orders by room, span and day.
    static func < (left: KeyPeriod, right: KeyPeriod) -> Bool {
        (left.room, left.span.rawValue, left.day) < (right.room, right.span.rawValue, right.day)
    }
}

/// Keys as bytes, each of the same length.
///
/// - Shape: for each key: `transcript 16, key id 16, K 32, u64be milliseconds`.
enum KeptKeys {
    static let bytesEach = 72

    static func encoded(_ keys: some Collection<KeptKey>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(keys.count * bytesEach)
        for key in keys.sorted(by: { ($0.transcript, $0.key) < ($1.transcript, $1.key) }) {
            bytes += key.transcript.value.bytes
            bytes += key.key.value.bytes
            bytes += key.secret.bytes
            bytes += BigEndian.bytes(UInt64(bitPattern: key.at.milliseconds))
        }
        return bytes
    }

    /// Reads keys; `nil` for bytes that are none.
    static func decoded(_ bytes: some Collection<UInt8>, of period: KeyPeriod?) -> [KeptKey]? {
        let bytes = Array(bytes)
        guard bytes.count.isMultiple(of: bytesEach) else { return nil }
        return stride(from: 0, to: bytes.count, by: bytesEach).compactMap { start in
            guard let transcript = Bytes16(bytes[start..<start + 16]),
                let key = Bytes16(bytes[start + 16..<start + 32]),
                let secret = Bytes32(bytes[start + 32..<start + 64])
            else { return nil }
            let at = BigEndian.number(bytes[start + 64..<start + 72])
            return KeptKey(
                transcript: TranscriptID(transcript),
                key: KeyID(key),
                secret: secret,
                at: Timestamp(milliseconds: Int64(bitPattern: at)),
                period: period
            )
        }
    }
}

/// Numbers in files, the highest byte first.
enum BigEndian {
    static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }

    /// Reads at most eight bytes.
    static func number(_ bytes: some Collection<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
