// SPDX-License-Identifier: Apache-2.0
import CBOR
import Foundation

/// A nested part of the message.
struct Origin: Codable, Equatable {
    enum CodingKeys: Int, CodingKey {
        case device = 0
        case counter
        case isMuted
    }

    var device: UInt32
    var counter: UInt64
    var isMuted: Bool
}

/// Twelve fields like those of a posted entry, for CBOR.
struct Message: Codable, Equatable {
    enum CodingKeys: Int, CodingKey {
        case room = 0
        case author
        case number
        case sentAt
        case kind
        case round
        case title
        case body
        case sealed
        case readers
        case tags
        case origin
    }

    var room: [UInt8]
    var author: [UInt8]
    var number: UInt64
    var sentAt: Int64
    var kind: UInt8
    var round: Int
    var title: String
    var body: String
    var sealed: [UInt8]
    var readers: [UInt32]
    var tags: [UInt16]
    var origin: Origin
}

/// The same fields with `Data`, which JSON turns into Base64.
struct TextMessage: Codable, Equatable {
    enum CodingKeys: Int, CodingKey {
        case room = 0
        case author
        case number
        case sentAt
        case kind
        case round
        case title
        case body
        case sealed
        case readers
        case tags
        case origin
    }

    var room: Data
    var author: Data
    var number: UInt64
    var sentAt: Int64
    var kind: UInt8
    var round: Int
    var title: String
    var body: String
    var sealed: Data
    var readers: [UInt32]
    var tags: [UInt16]
    var origin: Origin
}

extension Message: CBORWritable, CBORReadable {
    func write(to writer: inout CBORWriter) {
        writer.map(12)
        writer.key(0)
        writer.bytes(room)
        writer.key(1)
        writer.bytes(author)
        writer.key(2)
        writer.uint(number)
        writer.key(3)
        writer.int(sentAt)
        writer.key(4)
        writer.uint(UInt64(kind))
        writer.key(5)
        writer.int(Int64(round))
        writer.key(6)
        writer.text(title)
        writer.key(7)
        writer.text(body)
        writer.key(8)
        writer.bytes(sealed)
        writer.key(9)
        writer.array(readers.count)
        for reader in readers { writer.uint(UInt64(reader)) }
        writer.key(10)
        writer.array(tags.count)
        for tag in tags { writer.uint(UInt64(tag)) }
        writer.key(11)
        writer.map(3)
        writer.key(0)
        writer.uint(UInt64(origin.device))
        writer.key(1)
        writer.uint(origin.counter)
        writer.key(2)
        writer.bool(origin.isMuted)
    }

    init(from reader: inout CBORReader) throws(CBORError) {
        var fields = try reader.fields()
        try fields.expect(0, &reader)
        room = try reader.bytes(max: 16)
        try fields.expect(1, &reader)
        author = try reader.bytes(max: 16)
        try fields.expect(2, &reader)
        number = try reader.uint()
        try fields.expect(3, &reader)
        sentAt = try reader.int()
        try fields.expect(4, &reader)
        kind = try reader.integer()
        try fields.expect(5, &reader)
        round = try reader.integer()
        try fields.expect(6, &reader)
        title = try reader.text()
        try fields.expect(7, &reader)
        body = try reader.text()
        try fields.expect(8, &reader)
        sealed = try reader.bytes()
        try fields.expect(9, &reader)
        let readerCount = try reader.array()
        readers = []
        readers.reserveCapacity(readerCount)
        for _ in 0..<readerCount { readers.append(try reader.integer()) }
        try fields.expect(10, &reader)
        let tagCount = try reader.array()
        tags = []
        tags.reserveCapacity(tagCount)
        for _ in 0..<tagCount { tags.append(try reader.integer()) }
        try fields.expect(11, &reader)
        var inner = try reader.fields()
        try inner.expect(0, &reader)
        let device: UInt32 = try reader.integer()
        try inner.expect(1, &reader)
        let counter = try reader.uint()
        try inner.expect(2, &reader)
        origin = Origin(device: device, counter: counter, isMuted: try reader.bool())
        try inner.finish(reader)
        try fields.finish(reader)
    }
}
