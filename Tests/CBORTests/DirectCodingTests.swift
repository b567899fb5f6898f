// SPDX-License-Identifier: Apache-2.0
import CBOR
import Testing

@Suite struct DirectCodingTests {
    @Test func `integers are written with the shortest head`() throws {
        let rows: [(UInt64, String)] = [
            (23, "17"), (24, "1818"), (255, "18ff"), (256, "190100"), (65_535, "19ffff"),
            (65_536, "1a00010000"), (0xffff_ffff, "1affffffff"),
            (0x1_0000_0000, "1b0000000100000000"), (.max, "1bffffffffffffffff"),
        ]
        for (value, expected) in rows {
            var writer = CBORWriter(capacity: 0)
            writer.uint(value)
            #expect(hex(writer.finish()) == expected)
        }
        for value in [Int64.min, -257, -256, -25, -24, -1, 0, .max] {
            var writer = CBORWriter()
            writer.int(value)
            let bytes = writer.finish()
            let read = try CBORReader.reading(bytes) { (reader) throws(CBORError) in
                try reader.int()
            }
            #expect(read == value)
        }
    }

    @Test func `every write is read back`() throws {
        var writer = CBORWriter(capacity: 1)
        let length = writer.reserve4()
        writer.array(9)
        writer.bool(true)
        writer.null()
        writer.fixed16(1, 2)
        writer.fixed32(3, 4, 5, .max)
        writer.text("日本")
        writer.bytes([1, 2, 3] as [UInt8])
        let borrowed: [UInt8] = [4, 5]
        borrowed.withUnsafeBytes { writer.bytes($0) }
        writer.bytes(borrowed.span.bytes)
        writer.raw(hexBytes("a10102"))
        writer.patch4(at: length, UInt32(writer.count - 4))
        let framed = writer.finish()
        #expect(Array(framed[..<4]) == [0, 0, 0, UInt8(framed.count - 4)])
        let bytes = Array(framed[4...])
        try CBORReader.reading(bytes) { (reader) throws(CBORError) in
            try reader.array(count: 9)
            let flag = try reader.bool()
            #expect(flag)
            let isNull = reader.isNull
            #expect(isNull)
            try reader.null()
            let short = try reader.fixed16()
            #expect(short == (1, 2))
            let long = try reader.fixed32()
            #expect(long == (3, 4, 5, .max))
            let major = reader.peekMajor
            #expect(major == 3)
            let text = try reader.text(maxBytes: 6)
            #expect(text == "日本")
            let three = try reader.bytes()
            #expect(three == [1, 2, 3])
            let two = try reader.bytes(max: 2)
            #expect(two == [4, 5])
            let range = try reader.byteRange()
            #expect(Array(bytes[range]) == [4, 5])
            let item = try reader.rawItem()
            #expect(hex(Array(bytes[item])) == "a10102")
            let isAtEnd = reader.isAtEnd
            #expect(isAtEnd)
            try reader.finish()
        }
    }

    @Test func `a string longer than asked for is refused`() {
        #expect(throws: CBORError(.lengthExceeded, offset: 0)) {
            try CBORReader.reading(hexBytes("626869")) { (reader) throws(CBORError) in
                _ = try reader.text(maxBytes: 1)
            }
        }
        #expect(throws: CBORError(.valueOutOfRange, offset: 0)) {
            try CBORReader.reading(hexBytes("4101")) { (reader) throws(CBORError) in
                _ = try reader.fixed16()
            }
        }
        #expect(throws: CBORError(.trailingBytes, offset: 3)) {
            try Letter.Inner.read(hexBytes("a101f500"), limits: .default)
        }
    }

    @Test(
        arguments: [
            ("a20100" + "0200", nil), ("a20200" + "0100", .unsortedKeys),
            ("a20100" + "0100", .duplicateKey), ("a22000" + "0100", .unsortedKeys),
            ("a22100" + "2000", .unsortedKeys), ("a22000" + "2100", nil), ("a20100" + "2000", nil),
            ("a2181800" + "0100", .unsortedKeys), ("a1616100", .keyNotAllowed),
            ("a22000" + "2000", .duplicateKey),
        ] as [(String, CBORError.Reason?)]
    )
    func `fields are read in ascending order alone`(_ row: (String, CBORError.Reason?)) {
        let error = refusal { () throws(CBORError) in
            try CBORReader.reading(hexBytes(row.0)) { (reader) throws(CBORError) in
                var fields = try reader.fields()
                while try fields.next(&reader) != nil { try reader.skip() }
                try reader.finish()
            }
        }
        #expect(error?.reason == row.1, "\(row.0)")
        if row.1 != .keyNotAllowed {
            let whole = refusal { () throws(CBORError) in
                try CBORReader.validate(hexBytes(row.0))
            }
            #expect(whole == error, "\(row.0)")
        }
    }

    @Test func `a wanted field that is missing is told from one that is unknown`() {
        func error(_ text: String) -> CBORError.Reason? {
            refusal { () throws(CBORError) in
                try CBORReader.reading(hexBytes(text)) { (reader) throws(CBORError) in
                    var fields = try reader.fields()
                    try fields.expect(1, &reader)
                    try reader.skip()
                    try fields.finish(reader)
                }
            }?.reason
        }
        #expect(error("a10100") == nil)
        #expect(error("a10000") == .unknownKey)
        #expect(error("a10200") == .missingKey)
        #expect(error("a0") == .missingKey)
        #expect(error("a13b7fffffffffffffff00") == .missingKey)
        #expect(error("a201000200") == .unknownKey)
    }

    @Test func `recursive types are held to the depth`() {
        #expect(throws: CBORError(.depthExceeded, offset: 0)) {
            try CBORReader.reading([0x80], limits: CBORLimits(depth: 1)) {
                (reader) throws(CBORError) in
                try reader.enter()
                try reader.skip()
            }
        }
    }
}
