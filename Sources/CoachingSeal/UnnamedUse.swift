// SPDX-License-Identifier: Apache-2.0
public import CBOR
public import CoachingModel

/// Whether what was said to a room may be used outside of it without names; a part of a body.
///
/// The question stands in `room`; each answer goes to who asked alone, and counts for the lines of
/// who gives it.
///
/// - Shape: `{0: 1 asked, 2 yes or 3 no, 1: id 16, ?2: from ms, ?3: until ms, ?4: [words]}`.
/// - Limits: ``wordsMax`` words of ``wordBytesMax`` bytes; checked both ways.
/// - Source: CAPABILITIES.md U6.
public struct UnnamedUse: Hashable, Sendable {
    /// The most words that are taken out beside names.
    public static let wordsMax = 32
    /// The longest such word, in bytes.
    public static let wordBytesMax = 64

    /// What is said with it.
    public enum Stand: UInt8, Codable, Hashable, Sendable, CaseIterable {
        /// The question.
        case asked = 1
        /// A yes for one's own lines.
        case agreed = 2
        /// A no, or a yes that is taken back.
        case refused = 3
    }

    /// The question.
    public var id: Bytes16
    /// What is said.
    public var stand: Stand
    /// From when on lines are used; `nil` in answers, and for all that there are.
    public var from: Timestamp?
    /// Until when; `nil` in answers.
    public var until: Timestamp?
    /// What is taken out beside names, such as what a department is called.
    public var words: [String]

    /// Makes a question or an answer.
    public init(
        id: Bytes16,
        _ stand: Stand,
        from: Timestamp? = nil,
        until: Timestamp? = nil,
        words: [String] = []
    ) {
        self.id = id
        self.stand = stand
        self.from = from
        self.until = until
        self.words = words
    }

    /// Tells whether it is within its limits.
    public var isWithinLimits: Bool {
        words.count <= Self.wordsMax
            && words.allSatisfy { (1...Self.wordBytesMax).contains($0.utf8.count) }
    }
}

extension UnnamedUse: CBORWritable, CBORReadable {
    /// Writes the map.
    public func write(to writer: inout CBORWriter) {
        writer.map(2 + [from != nil, until != nil, !words.isEmpty].count { $0 })
        writer.key(0)
        writer.uint(UInt64(stand.rawValue))
        writer.key(1)
        writer.fixed16(id.high, id.low)
        for case (let key, let instant?) in [(2, from), (3, until)] as [(UInt64, Timestamp?)] {
            writer.key(key)
            writer.int(instant.milliseconds)
        }
        if !words.isEmpty {
            writer.key(4)
            writer.array(words.count)
            for word in words { writer.text(word) }
        }
    }

    /// Reads the map and skips what is unknown.
    public init(from reader: inout CBORReader) throws(CBORError) {
        let start = reader.offset
        var fields = try reader.fields()
        try fields.expect(0, &reader)
        guard let stand = UInt8(exactly: try reader.uint()).flatMap(Stand.init) else {
            throw CBORError(.invalidValue, offset: start)
        }
        try fields.expect(1, &reader)
        self.init(id: try reader.sixteenBytes(), stand)
        while let key = try fields.next(&reader) {
            switch key {
            case 2: from = Timestamp(milliseconds: try reader.int())
            case 3: until = Timestamp(milliseconds: try reader.int())
            case 4:
                let place = reader.offset
                let count = try reader.array()
                guard count <= Self.wordsMax else {
                    throw CBORError(.invalidValue, offset: place)
                }
                for _ in 0..<count { words.append(try reader.text(maxBytes: Self.wordBytesMax)) }
            default: try reader.skip()
            }
        }
        guard isWithinLimits else { throw CBORError(.invalidValue, offset: start) }
    }
}
