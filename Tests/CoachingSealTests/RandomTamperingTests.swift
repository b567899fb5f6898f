// SPDX-License-Identifier: Apache-2.0

import CoachingEnvelope
import CoachingModel
import CoachingSeal
import Foundation
import Testing

/// Changes random entries and key events at random; none opens, signed anew or not.
///
/// Bits are flipped, and pieces of another one stand at the same place. `make lies` changes 100,000.
struct RandomTamperingTests {
    private static func wanted() -> Int {
        ProcessInfo.processInfo.environment["PEERCOACH_CHANGES"].flatMap(Int.init) ?? 4_000
    }

    /// How many changes one pair of entries gets.
    private static let changesEach = 200

    private struct Sealed {
        var event: [UInt8]
        var entry: [UInt8]
        var plaintext: [UInt8]
    }

    private let envelopes: Envelopes

    init() throws { envelopes = try Envelopes() }

    @Test func `nothing opens that was changed`() throws {
        var random = SeededGenerator(seed: 4_711)
        var counts: [String: Int] = [:]
        var opened = 0
        var left = Self.wanted()
        while left > 0 {
            let (one, other) = (try sealed(&random), try sealed(&random))
            // As they are, both open: what follows fails for its change alone.
            try #require(envelopes.read(one.event, one.entry) == one.plaintext)
            try #require(envelopes.read(other.event, other.entry) == other.plaintext)
            for _ in 0..<min(left, Self.changesEach) {
                let (kind, event, entry) = try changed(one, other, &random)
                counts[kind, default: 0] += 1
                if envelopes.read(event, entry) != nil {
                    opened += 1
                    Issue.record("\(kind) opens")
                }
            }
            left -= Self.changesEach
        }
        let all = counts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        print("changes \(Self.wanted()) \(all.joined(separator: " ")) opened=\(opened)")
        #expect(counts.count == 5)
    }

    // MARK: What is changed

    private func sealed(_ random: inout SeededGenerator) throws -> Sealed {
        var sender = envelopes.sender(
            secret: UInt64.random(in: 1 ... .max, using: &random),
            key: Bool.random(using: &random) ? .room : .peers
        )
        let length = Int.random(in: 0...1_500, using: &random)
        let plaintext = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
        var entry: [UInt8] = []
        for seed in 0...UInt64.random(in: 0...2, using: &random) {
            entry = try envelopes.entry(&sender, plaintext, seed: seed)
        }
        return Sealed(event: try envelopes.event(sender), entry: entry, plaintext: plaintext)
    }

    private func changed(
        _ one: Sealed,
        _ other: Sealed,
        _ random: inout SeededGenerator
    ) throws -> (String, [UInt8], [UInt8]) {
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return ("entry-bits", one.event, flipped(one.entry, &random))
        case 1: return ("key-bits", flipped(one.event, &random), one.entry)
        case 2:
            // Whoever has the signing key alone: the sealing itself must refuse.
            let parts = try ItemParts(one.entry, at: one.entry.indices)
            let (header, payload) = (
                Array(one.entry[parts.header]), Array(one.entry[parts.payload])
            )
            let isHeader = Bool.random(using: &random)
            let entry = try signed(
                isHeader ? flipped(header, &random) : header,
                isHeader ? payload : flipped(payload, &random)
            )
            return ("signed-anew", one.event, entry)
        case 3:
            return ("entry-pieces", one.event, try transplanted(one.entry, other.entry, &random))
        default:
            let parts = [one, other].map { try? ItemParts($0.entry, at: $0.entry.indices) }
            guard let own = parts[0], let donor = parts[1] else { throw SealError.cannotOpen }
            let isHeader = Bool.random(using: &random)
            let entry = try signed(
                isHeader ? Array(other.entry[donor.header]) : Array(one.entry[own.header]),
                isHeader ? Array(one.entry[own.payload]) : Array(other.entry[donor.payload])
            )
            return ("fields-signed-anew", one.event, entry)
        }
    }

    private func flipped(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        var bits: Set<Int> = []
        for _ in 0...Int.random(in: 0...2, using: &random) {
            bits.insert(Int.random(in: 0..<bytes.count * 8, using: &random))
        }
        for bit in bits { bytes[bit / 8] ^= 1 << (bit % 8) }
        return bytes
    }

    /// Puts a piece of one item, or one of its fields, into another; never the same bytes.
    private func transplanted(
        _ item: [UInt8],
        _ donor: [UInt8],
        _ random: inout SeededGenerator
    ) throws -> [UInt8] {
        let (own, theirs) = (
            try ItemParts(item, at: item.indices), try ItemParts(donor, at: donor.indices)
        )
        func field(_ path: KeyPath<ItemParts, Range<Int>>, _ isTheirs: Bool) -> [UInt8] {
            isTheirs ? Array(donor[theirs[keyPath: path]]) : Array(item[own[keyPath: path]])
        }
        if Bool.random(using: &random) {
            let choice = Int.random(in: 1..<7, using: &random)
            return EntryItem.encoded(
                header: field(\.header, choice & 1 != 0),
                sealed: field(\.payload, choice & 2 != 0),
                signature: field(\.signature, choice & 4 != 0)
            )
        }
        let paths = [\ItemParts.header, \.payload, \.signature]
        while true {
            let path = paths[Int.random(in: 0..<3, using: &random)]
            let (place, from) = (own[keyPath: path], theirs[keyPath: path])
            let most = min(place.count, from.count)
            let start = Int.random(in: 0..<most, using: &random)
            let length = Int.random(in: 1...min(64, most - start), using: &random)
            var changed = item
            for offset in start..<start + length {
                changed[place.lowerBound + offset] = donor[from.lowerBound + offset]
            }
            if changed != item { return changed }
        }
    }

    private func signed(_ header: [UInt8], _ payload: [UInt8]) throws -> [UInt8] {
        let body = header + Hashing.hash(payload).bytes
        let signature = try envelopes.author.sign(.entry, body: body)
        return EntryItem.encoded(header: header, sealed: payload, signature: signature)
    }
}
