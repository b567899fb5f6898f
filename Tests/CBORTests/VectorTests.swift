// SPDX-License-Identifier: Apache-2.0
import CBOR
import Testing

@Suite struct VectorTests {
    /// The rows that only the wire profile refuses: text keys and integers beyond `Int64`.
    private static let reasonsOfTheWire: Set<String> = [
        "text key", "negative key before positive, and negative keys are not in the profile",
        "uint above Int64.max", "nint below Int64.min",
    ]

    @Test func `examples of RFC 8949 appendix A are taken or refused as the profile says`() throws {
        let rows = try vectors("wellformed")
        #expect(rows.count == 81)
        for row in rows {
            #expect(throws: Never.self, "\(row.hex)") { try CBORWellFormedness.check(row.bytes) }
            if row.profile == "accept" {
                let value = try CBORValue(decoding: row.bytes, limits: .wire)
                #expect(try value.encoded(limits: .wire) == row.bytes, "\(row.hex)")
                // The RFC shortens its long arrays to three dots.
                let isShortened = row.diag?.contains("...") ?? false
                #expect(isShortened || value.description == row.diag, "\(row.hex)")
                #expect(
                    try CBORDecoder(limits: .wire).decode(RawCBOR.self, from: row.bytes).bytes
                        == row.bytes
                )
            } else {
                let error = refusal { () throws(CBORError) in
                    _ = try CBORValue(decoding: row.bytes, limits: .wire)
                }
                #expect(error != nil, "\(row.hex) \(row.profile ?? "")")
                let reasons = Self.reasons[row.profile ?? ""]
                #expect(reasons != nil, "no reason known for \(row.profile ?? "")")
                if let error, let reasons {
                    #expect(reasons.contains(error.reason), "\(row.hex) \(error)")
                }
            }
        }
    }

    private static let reasons: [String: [CBORError.Reason]] = [
        "reject:int-range": [.valueOutOfRange],
        "reject:tag": [.tag],
        "reject:float": [.floatingPoint],
        "reject:indefinite": [.indefiniteLength],
        "reject:simple": [.simpleValue],
        "reject:map-key-type": [.keyNotAllowed],
    ]

    @Test func `malformed examples of RFC 8949 appendix F are refused by every reader`() throws {
        let rows = try vectors("malformed")
        #expect(rows.count == 94)
        for row in rows {
            let bytes = row.bytes
            #expect(throws: CBORError.self, "\(row.hex)") { try CBORWellFormedness.check(bytes) }
            #expect(throws: CBORError.self, "\(row.hex)") { try CBORValue(decoding: bytes) }
            #expect(throws: CBORError.self, "\(row.hex)") {
                try CBORDecoder().decode(RawCBOR.self, from: bytes)
            }
        }
    }

    @Test func `what our profile forbids is refused`() throws {
        let rows = try vectors("profile_reject")
        #expect(rows.count == 58)
        for row in rows {
            let bytes = row.bytes
            #expect(throws: CBORError.self, "\(row.hex) \(row.why ?? "")") {
                try CBORValue(decoding: bytes, limits: .wire)
            }
            #expect(throws: CBORError.self, "\(row.hex) \(row.why ?? "")") {
                try CBORReader.validate(bytes, limits: .wire)
            }
            let isLoose = (try? CBORReader.validate(bytes)) != nil
            let isExpected = Self.reasonsOfTheWire.contains(row.why ?? "")
            #expect(!isLoose || isExpected, "\(row.hex) \(row.why ?? "")")
        }
    }

    @Test(arguments: ["wellformed", "malformed", "profile_reject"])
    func `every row cut at any byte is refused`(_ file: String) throws {
        for row in try vectors(file) {
            let bytes = row.bytes
            // Where an item ends early, as in two items in a row, the beginning may be whole.
            let whole = try? CBORReader.reading(bytes) { (reader) throws(CBORError) -> Int in
                try reader.skip()
                return reader.offset
            }
            for count in 0..<bytes.count where count != whole {
                let cut = Array(bytes[..<count])
                #expect(throws: CBORError.self, "\(row.hex) cut to \(count)") {
                    try CBORValue(decoding: cut)
                }
                #expect(throws: CBORError.self, "\(row.hex) cut to \(count)") {
                    try CBORDecoder().decode(RawCBOR.self, from: cut)
                }
            }
        }
    }
}
