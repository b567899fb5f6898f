// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingModel
import CoachingWire
import Testing

/// The messages of the hot path, which are coded directly, against the way of all others.
@Suite struct `Messages that are coded directly` {
    private func framed(_ body: [UInt8]) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: body.count >> (24 - 8 * $0)) } + body
    }

    private func codable(_ message: some Encodable) throws -> [UInt8] {
        framed(try CBOREncoder(limits: Frame.answerLimits).encode(message))
    }

    @Test func `have the bytes of the Codable way, whatever their numbers and sizes`() throws {
        let seed: UInt64 = 0x636f_6163_68
        var generator = SeededNumbers(seed: seed)
        for turn in 0..<2_000 {
            let numbers = (0..<3).map { _ -> UInt64 in
                // Of every length of head alike.
                generator.next() >> UInt64.random(in: 1...63, using: &generator)
            }
            let at =
                Int64(bitPattern: generator.next()) >> Int64.random(in: 0...63, using: &generator)
            let high = generator.next()
            let id = Bytes16(high: high, low: generator.next())
            let sealed = [UInt8](
                repeating: UInt8(truncatingIfNeeded: turn),
                count: Int(truncatingIfNeeded: numbers[2] % 2_000)
            )
            let item = try CBOREncoder().encode(Entry(header: [1, 2], sealed: sealed))
            let digest = Bytes32(high, id.low, high, turn % 2 == 0 ? 0 : id.low)
            let comment: Comment = "turn \(turn), seed \(seed)"

            let post = Post(room: RoomID(id), item: item)
            #expect(
                try ClientMessage.request(id: numbers[0], .post(post)).frame()
                    == codable(PostMessage(id: numbers[0], room: RoomID(id), item: item)),
                comment
            )
            #expect(
                try ServerMessage.reply(id: numbers[0], .posted(numbers[1])).frame()
                    == codable(PostedMessage(id: numbers[0], number: numbers[1])),
                comment
            )
            #expect(
                ServerMessage.posted(numbers[0], numbers[1])
                    == (try codable(PostedMessage(id: numbers[0], number: numbers[1]))),
                comment
            )
            let pushed = PushedItem(
                transcript: TranscriptID(id),
                number: numbers[0],
                at: Timestamp(milliseconds: at),
                item: item
            )
            #expect(try pushed.frame() == codable(ItemMessage(pushed)), comment)
            #expect(
                try ServerMessage(body: Array(pushed.frame().dropFirst(4))) == .push(.item(pushed)),
                comment
            )
            let overhead = pushed.frame().count - Frame.headBytes - item.count
            #expect(overhead <= Frame.pushBytesMax, comment)
            for by in [nil, numbers[0]] {
                let tombstone = Tombstone(
                    transcript: TranscriptID(id),
                    number: numbers[1],
                    digest: digest,
                    by: by
                )
                #expect(try tombstone.frame() == codable(TombstoneMessage(tombstone)), comment)
                #expect(
                    try ServerMessage(body: Array(tombstone.frame().dropFirst(4)))
                        == .push(.tombstone(tombstone)),
                    comment
                )
            }
            let record = PushedRecord(room: RoomID(id), position: numbers[1], record: sealed)
            #expect(try record.frame() == codable(RecordMessage(record)), comment)
        }
    }

    @Test func `give back what was sent`() throws {
        for vector in VectorFile.all where vector.name == "client-request-post" {
            #expect(
                try ClientMessage(body: vector.body)
                    == .request(id: 7, .post(Post(room: Values.room, item: Values.item)))
            )
        }
    }
}

// The Codable way: arrays of the same elements, each encoded by the type's own coding.

private struct Entry: Encodable {
    var header: [UInt8]
    var sealed: [UInt8]

    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(header)
        try container.encode(sealed)
        try container.encode([UInt8](repeating: 7, count: 64))
    }
}

private struct PostMessage: Encodable {
    var id: UInt64
    var room: RoomID
    var item: [UInt8]

    struct Payload: Encodable {
        var room: RoomID
        var item: [UInt8]

        func encode(to encoder: any Encoder) throws {
            var container = encoder.unkeyedContainer()
            try container.encode(room)
            try container.encode(RawCBOR(item))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(ClientMessage.Kind.request.rawValue)
        try container.encode(id)
        try container.encode(Request.Kind.post.rawValue)
        try container.encode(Payload(room: room, item: item))
    }
}

private struct PostedMessage: Encodable {
    var id: UInt64
    var number: UInt64

    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(ServerMessage.Kind.reply.rawValue)
        try container.encode(id)
        try container.encode(Answer.Kind.posted.rawValue)
        try container.encode(number)
    }
}

private struct ItemMessage: Encodable {
    var pushed: PushedItem

    init(_ pushed: PushedItem) { self.pushed = pushed }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(Push.Kind.item.rawValue)
        try container.encode(pushed.transcript)
        try container.encode(pushed.number)
        try container.encode(pushed.at)
        try container.encode(RawCBOR(pushed.item))
    }
}

private struct TombstoneMessage: Encodable {
    var tombstone: Tombstone

    init(_ tombstone: Tombstone) { self.tombstone = tombstone }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(Push.Kind.tombstone.rawValue)
        try container.encode(tombstone.transcript)
        try container.encode(tombstone.number)
        try container.encode(tombstone.digest)
        if let by = tombstone.by { try container.encode(by) }
    }
}

private struct RecordMessage: Encodable {
    var record: PushedRecord

    init(_ record: PushedRecord) { self.record = record }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(Push.Kind.record.rawValue)
        try container.encode(record.room)
        try container.encode(record.position)
        try container.encode(record.record)
    }
}
