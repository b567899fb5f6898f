// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import Foundation
import Testing

/// Keys and padding, against the vectors that another implementation made.
@Suite struct `Vectors of what is sealed` {
    private struct Vector {
        var fields: [String: String] = [:]
        var bytes: [UInt8] = []

        init(_ name: String) throws {
            let file = URL(filePath: #filePath)
                .deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent()
                .appending(path: "Protocol/vectors/object-\(name).txt")
            let parts = try String(contentsOf: file, encoding: .utf8)
                .split(separator: "\n\n", maxSplits: 1)
            for line in parts[0].split(separator: "\n") {
                let pair = line.split(separator: ":", maxSplits: 1)
                fields[String(pair[0])] = pair[1].trimmingCharacters(in: .whitespaces)
            }
            bytes = Self.bytes(String(parts[1]))
        }

        subscript(_ key: String) -> [UInt8] { Self.bytes(fields[key] ?? "") }

        private static func bytes(_ text: String) -> [UInt8] {
            let digits = text.compactMap(\.hexDigitValue)
            return stride(from: 0, to: digits.count - 1, by: 2).map {
                UInt8(digits[$0] << 4 | digits[$0 + 1])
            }
        }
    }

    @Test func `a seed gives the same person and recovery key`() throws {
        let vector = try Vector("identity-of-a-seed")
        let seed = IdentitySeed(try #require(Bytes32(vector.bytes)))
        let identity = try seed.identityKey().publicKey
        let recovery = try seed.recoveryKey().publicKey
        #expect(identity == vector["identity"])
        #expect(recovery == vector["recovery"])
        #expect(PersonID(identityKey: identity).value.bytes == vector["person"])
        #expect(DeviceID(recoveryKey: recovery).value.bytes == vector["recovery-id"])
    }

    @Test func `safety numbers have the same digits, whoever asks`() throws {
        let vector = try Vector("safety-number")
        let keys = stride(from: 0, to: vector.bytes.count, by: 65).map {
            Array(vector.bytes[$0..<$0 + 65])
        }
        #expect(SafetyNumber(pair: keys[0], keys[1]).description == vector.fields["pair"])
        #expect(SafetyNumber(pair: keys[1], keys[0]).description == vector.fields["pair"])
        let genesis = try #require(Bytes32(vector["genesis"]))
        for order in [keys, keys.reversed(), [keys[1], keys[0], keys[2]]] {
            let room = SafetyNumber(room: genesis, identityKeys: order)
            #expect(room.description == vector.fields["room"])
        }
    }

    @Test func `a pair has sixty digits, a room thirty, and any other key gives others`() throws {
        let vector = try Vector("safety-number")
        let keys = stride(from: 0, to: vector.bytes.count, by: 65).map {
            Array(vector.bytes[$0..<$0 + 65])
        }
        let pair = SafetyNumber(pair: keys[0], keys[1])
        #expect(pair.groups.count == 12)
        let genesis = try #require(Bytes32(vector["genesis"]))
        let room = SafetyNumber(room: genesis, identityKeys: keys)
        #expect(room.groups.count == 6)
        for group in pair.groups + room.groups {
            #expect(group.count == 5)
            #expect(group.allSatisfy { ("0"..."9").contains($0) })
        }
        #expect(SafetyNumber(pair: keys[0], keys[2]) != pair)
        #expect(SafetyNumber(room: genesis, identityKeys: [keys[0], keys[1]]) != room)
        #expect(SafetyNumber(room: .zero, identityKeys: keys) != room)
    }

    @Test func `what is said is written and padded alike`() throws {
        let vector = try Vector("entry-body")
        #expect(try EntryBody.decoded(vector.bytes).encoded() == vector.bytes)
        #expect(try Padding.pad(vector.bytes) == vector["padded"])
        guard case .entry(let entry) = try ContentItem.parse(Vector("entry-clear").bytes) else {
            Issue.record("no entry")
            return
        }
        #expect(try Padding.unpad(entry.sealed) == vector.bytes)
    }
}
