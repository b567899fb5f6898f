// SPDX-License-Identifier: Apache-2.0
import CBOR
public import CoachingModel

/// The signed header of an entry: what it is, under which key, and what its author had seen.
///
/// - Shape: `{0:1, 1:transcript, 2:kid, 3:device, 4:ctr, 5:kind, 6:n seen, 7:h seen, ?8:cites n,
///   ?9:about person, ?10:[further n]}`; the last one only with kind `withdraw` and `cites`.
/// - Source: DESIGN.md D12 (mhdr).
public struct EntryHeader: Hashable, Sendable {
    /// The transcript.
    public var transcript: TranscriptID
    /// The sender key.
    public var key: KeyID
    /// The author's device; zero where unattributed.
    public var device: DeviceID
    /// Counts accepted entries under the key, from 1; zero where unattributed.
    public var counter: UInt64
    /// What kind of entry it is.
    public var kind: EntryKind
    /// The last number of the transcript that the author had seen.
    public var seenNumber: UInt64
    /// The head at that number.
    public var seenHead: Bytes32
    /// The number of the entry that this one answers, withdraws or consents to.
    public var cites: UInt64?
    /// The person whom it concerns.
    public var about: PersonID?
    /// Further numbers that a withdrawal takes back, ascending, each above `cites`.
    public var alsoCites: [UInt64]

    /// How many numbers one withdrawal takes back; so the header stays in its bound.
    public static let citesMax = 32

    /// All numbers that it cites, ascending.
    public var allCites: [UInt64] { (cites.map { [$0] } ?? []) + alsoCites }

    /// Makes a header.
    public init(
        transcript: TranscriptID,
        key: KeyID,
        device: DeviceID,
        counter: UInt64,
        kind: EntryKind,
        seenNumber: UInt64,
        seenHead: Bytes32,
        cites: UInt64? = nil,
        about: PersonID? = nil,
        alsoCites: [UInt64] = []
    ) {
        self.alsoCites = alsoCites
        self.transcript = transcript
        self.key = key
        self.device = device
        self.counter = counter
        self.kind = kind
        self.seenNumber = seenNumber
        self.seenHead = seenHead
        self.cites = cites
        self.about = about
    }

    /// Makes the header of an unattributed answer to a prompt, which names nobody.
    ///
    /// - Source: DESIGN.md D15.
    public static func unattributed(
        transcript: TranscriptID,
        key: KeyID,
        kind: EntryKind
    ) -> EntryHeader {
        EntryHeader(
            transcript: transcript,
            key: key,
            device: .unattributed,
            counter: 0,
            kind: kind,
            seenNumber: 0,
            seenHead: .zero
        )
    }

    /// Whether it has exactly the form of an unattributed answer.
    public var isUnattributed: Bool {
        self == .unattributed(transcript: transcript, key: key, kind: kind)
    }

    /// Writes the header, 99 bytes with small numbers.
    public func encoded() -> [UInt8] {
        var writer = CBORWriter(capacity: 160)
        writer.map(
            8 + (cites == nil ? 0 : 1) + (about == nil ? 0 : 1) + (alsoCites.isEmpty ? 0 : 1)
        )
        writer.key(0)
        writer.uint(1)
        writer.key(1)
        writer.identifier(transcript)
        writer.key(2)
        writer.identifier(key)
        writer.key(3)
        writer.identifier(device)
        writer.key(4)
        writer.uint(counter)
        writer.key(5)
        writer.uint(UInt64(kind.rawValue))
        writer.key(6)
        writer.uint(seenNumber)
        writer.key(7)
        writer.hash(seenHead)
        if let cites {
            writer.key(8)
            writer.uint(cites)
        }
        if let about {
            writer.key(9)
            writer.identifier(about)
        }
        if !alsoCites.isEmpty {
            writer.key(10)
            writer.array(alsoCites.count)
            for number in alsoCites { writer.uint(number) }
        }
        return writer.finish()
    }

    /// Reads a header strictly.
    public static func decoded(_ bytes: [UInt8]) throws(EnvelopeError) -> EntryHeader {
        try decoded(bytes, in: bytes.indices)
    }

    static func decoded(
        _ bytes: [UInt8],
        in range: Range<Int>
    ) throws(EnvelopeError) -> EntryHeader {
        guard range.count <= EnvelopeLimits.headerBytesMax else { throw .overLimit(.header) }
        return try StrictReader.reading(bytes, in: range) { (reader) throws(EnvelopeError) in
            try EntryHeader(&reader)
        }
    }

    private init(_ reader: inout StrictReader) throws(EnvelopeError) {
        var fields = try reader.versionedFields()
        try reader.expect(1, &fields)
        transcript = TranscriptID(try reader.bytes16())
        try reader.expect(2, &fields)
        key = KeyID(try reader.bytes16())
        try reader.expect(3, &fields)
        device = DeviceID(try reader.bytes16())
        try reader.expect(4, &fields)
        counter = try reader.uint()
        try reader.expect(5, &fields)
        let place = reader.offset
        guard let kind = EntryKind(rawValue: try reader.uint8()) else {
            throw .malformed(offset: place)
        }
        self.kind = kind
        try reader.expect(6, &fields)
        seenNumber = try reader.uint()
        try reader.expect(7, &fields)
        seenHead = try reader.bytes32()
        alsoCites = []
        while true {
            let place = reader.offset
            guard let key = try reader.next(&fields) else { return }
            switch key {
            case 8: cites = try reader.uint()
            case 9: about = PersonID(try reader.bytes16())
            case 10: alsoCites = try Self.further(&reader, after: cites, in: kind)
            default: throw .malformed(offset: place)
            }
        }
    }

    /// Reads the further numbers of a withdrawal.
    private static func further(
        _ reader: inout StrictReader,
        after cites: UInt64?,
        in kind: EntryKind
    ) throws(EnvelopeError) -> [UInt64] {
        let place = reader.offset
        let count = try reader.array()
        guard kind == .withdraw, var last = cites, 1..<citesMax ~= count else {
            throw .malformed(offset: place)
        }
        var numbers: [UInt64] = []
        for _ in 0..<count {
            let number = try reader.uint()
            guard number > last else { throw .notAscending }
            numbers.append(number)
            last = number
        }
        return numbers
    }
}
