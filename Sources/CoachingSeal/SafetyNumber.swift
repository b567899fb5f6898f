// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
public import CoachingModel
import Crypto

/// Digits that people read to each other, to see that nobody stands between them.
///
/// They come from identity keys alone: a new device changes nothing, another identity everything.
/// Every digit costs who looks for a key with the same ones 5,200 hashes a try.
///
/// - Shape: groups of five digits: 6 for a room, 12 for a pair.
/// - Source: Protocol/spec.md section 14; SEALING.md 3.5.
public struct SafetyNumber: Hashable, Sendable, CustomStringConvertible {
    /// How often is hashed.
    public static let rounds = 5_200

    /// The groups of five digits, in order.
    public let groups: [String]

    /// Gives what two people compare: 60 digits, the same on both sides.
    public init(pair first: [UInt8], _ second: [UInt8]) {
        let halves = [Self.groups(of: first), Self.groups(of: second)]
            .sorted { $0.lexicographicallyPrecedes($1) }
        groups = halves.flatMap(\.self)
    }

    /// Gives the number of a room: 30 digits, the same for all until who is in it changes.
    ///
    /// - Parameters:
    ///   - genesis: the hash of the room's first signed list of members.
    ///   - identityKeys: the keys of those who are in it now, in any order.
    public init(room genesis: Bytes32, identityKeys: [[UInt8]]) {
        let ordered = identityKeys.sorted { $0.lexicographicallyPrecedes($1) }
        groups = Self.groups("peer1/safety/room", genesis.bytes + ordered.flatMap(\.self))
    }

    /// The digits, groups apart by spaces.
    public var description: String { groups.joined(separator: " ") }

    /// Gives one person's share of a pair's digits.
    static func groups(of identityKey: [UInt8]) -> [String] {
        groups("peer1/safety/person", identityKey)
    }

    private static func groups(_ label: StaticString, _ subject: [UInt8]) -> [String] {
        var first = SHA512()
        label.withUTF8Buffer { first.update(bufferPointer: .init($0)) }
        first.update(data: [0])
        first.update(data: subject)
        var digest = first.finalize()
        for _ in 1..<rounds {
            var next = SHA512()
            digest.withUnsafeBytes { next.update(bufferPointer: $0) }
            next.update(data: subject)
            digest = next.finalize()
        }
        let bytes = Array(digest.prefix(30))
        return stride(from: 0, to: bytes.count, by: 5).map { start in
            let number = bytes[start..<start + 5].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let digits = String(number % 100_000)
            return String(repeating: "0", count: 5 - digits.count) + digits
        }
    }
}
