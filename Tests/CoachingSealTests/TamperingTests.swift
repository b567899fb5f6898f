// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import Testing

/// What somebody can do who changes what was sent: nothing.
@Suite struct `Tampering` {
    let envelopes: Envelopes
    let event: [UInt8]
    let item: [UInt8]

    init() throws {
        envelopes = try Envelopes()
        var sender = envelopes.sender()
        event = try envelopes.event(sender)
        item = try envelopes.entry(&sender)
        try #require(envelopes.read(event, item) != nil)
    }

    @Test func `no flipped bit of an entry opens`() throws {
        let key = try envelopes.verified(event)
        var opening = Opening(transcript: key.item.header.transcript)
        try opening.add(key, with: envelopes.keyring)
        for index in item.indices {
            for bit in 0..<8 {
                var changed = item
                changed[index] ^= 1 << bit
                #expect(throws: SealError.cannotOpen, "byte \(index), bit \(bit)") {
                    try opening.open(changed, signedBy: envelopes.author.verifyingKey)
                }
            }
        }
    }

    @Test func `no flipped bit of a key event opens`() {
        for index in event.indices {
            for bit in 0..<8 {
                var changed = event
                changed[index] ^= 1 << bit
                #expect(envelopes.read(changed, item) == nil, "byte \(index), bit \(bit)")
            }
        }
    }

    /// Even who can sign for the author (a thief of S alone) cannot make wraps or words open that
    /// were not made for this header: every part is bound by the sealing itself.
    @Test func `no flipped bit of what is sealed opens under a new signature`() throws {
        let entry = try ItemParts(item, at: item.indices)
        let key = try ItemParts(event, at: event.indices)
        for index in entry.header.lowerBound..<entry.payload.upperBound where index % 3 == 0 {
            guard entry.header.contains(index) || entry.payload.contains(index) else { continue }
            var changed = item
            changed[index] ^= 1 << (index & 7)
            guard let again = try? resigned(changed, .entry) else { continue }
            #expect(envelopes.read(event, again) == nil, "byte \(index)")
        }
        for index in key.header.lowerBound..<key.payload.upperBound where index % 3 == 0 {
            var changed = event
            changed[index] ^= 1 << (index & 7)
            guard let again = try? resigned(changed, .key) else { continue }
            // The wrap of the other device may be changed: it is not this one's.
            guard case .key(let parsed)? = try? ContentItem.parse(again),
                case .key(let before)? = try? ContentItem.parse(event),
                parsed.wrap(for: envelopes.other.device) != before.wrap(for: envelopes.other.device)
                    || parsed.headerBytes != before.headerBytes
            else { continue }
            #expect(envelopes.read(again, item) == nil, "byte \(index)")
        }
    }

    private func resigned(_ item: [UInt8], _ type: SignatureType) throws -> [UInt8] {
        let parts = try ItemParts(item, at: item.indices)
        let header = Array(item[parts.header])
        let payload = Array(item[parts.payload])
        let signature = try envelopes.author.sign(type, body: header + Hashing.hash(payload).bytes)
        return type == .key
            ? KeyItem.encoded(header: header, wraps: payload, signature: signature)
            : EntryItem.encoded(header: header, sealed: payload, signature: signature)
    }

    @Test func `no field of one entry fits into another`() throws {
        var sender = envelopes.sender()
        let first = try envelopes.entry(&sender, [1], seed: 1)
        let second = try envelopes.entry(&sender, [2], seed: 2)
        let parts = try [first, second].map { try ItemParts($0, at: $0.indices) }
        func part(_ index: Int, _ path: KeyPath<ItemParts, Range<Int>>) -> [UInt8] {
            Array(parts[index].bytes[parts[index][keyPath: path]])
        }
        for choice in 1..<7 {
            let mixed = EntryItem.encoded(
                header: part(choice & 1, \.header),
                sealed: part(choice >> 1 & 1, \.payload),
                signature: part(choice >> 2, \.signature)
            )
            #expect(envelopes.read(event, mixed) == nil, "choice \(choice)")
            // With a signature that holds, the sealing itself must refuse.
            guard choice & 1 != choice >> 1 & 1 else { continue }
            #expect(envelopes.read(event, try resigned(mixed, .entry)) == nil)
        }
        #expect(envelopes.read(event, first) == [1])
        // Salt, ciphertext and tag of two entries, in every mixture.
        let pieces = [0..<16, 16..<272, 272..<288]
        for choice in 1..<7 {
            let sealed = pieces.enumerated().flatMap { index, range in
                part(choice >> index & 1, \.payload)[range]
            }
            for header in 0..<2 {
                let mixed = EntryItem.encoded(
                    header: part(header, \.header),
                    sealed: sealed,
                    signature: part(header, \.signature)
                )
                #expect(envelopes.read(event, try resigned(mixed, .entry)) == nil)
            }
        }
    }

    @Test func `no field of one key event fits into another`() throws {
        // Two keys of one author for one audience, and the entry under the first.
        var one = envelopes.sender(secret: 1)
        let two = envelopes.sender(secret: 2)
        let entry = try envelopes.entry(&one, [1])
        let events = try [one, two].map { try envelopes.event($0) }
        let parsed = try events.map { try envelopes.verified($0).item }
        func event(_ header: Int, _ wraps: [KeyWrap], _ signature: Int?) throws -> [UInt8] {
            let parts = try ItemParts(events[signature ?? 0], at: events[signature ?? 0].indices)
            let item = KeyItem.encoded(
                header: parsed[header].headerBytes,
                wraps: KeyWrap.encoded(wraps),
                signature: Array(parts.bytes[parts.signature])
            )
            return signature == nil ? try resigned(item, .key) : item
        }
        #expect(envelopes.read(try event(0, parsed[0].wraps(), 0), entry) == [1])
        #expect(envelopes.read(try event(0, parsed[0].wraps(), nil), entry) == [1])
        for signature in [0, 1, nil] {
            let swapped = try event(0, parsed[1].wraps(), signature)
            #expect(envelopes.read(swapped, entry) == nil)
            let renamed = try event(1, parsed[0].wraps(), signature)
            #expect(envelopes.read(renamed, entry) == nil)
        }
        // Fields of one wrap in place of the other's.
        let own = try #require(parsed[0].wrap(for: envelopes.other.device))
        let foreign = try #require(parsed[1].wrap(for: envelopes.other.device))
        let neighbour = try #require(parsed[0].wrap(for: envelopes.author.device))
        for donor in [foreign, neighbour] {
            for field in 1..<4 {
                var wrap = own
                if field & 1 != 0 { wrap.encapsulated = donor.encapsulated }
                if field & 2 != 0 { wrap.wrapped = donor.wrapped }
                let item = try event(0, [neighbour, wrap], nil)
                #expect(envelopes.read(item, entry) == nil, "field \(field)")
            }
        }
    }

    @Test func `an author cannot show two readers different keys under one name`() throws {
        // A wrap that opens, but to another K than the header commits to.
        let (one, two) = (envelopes.sender(secret: 1), envelopes.sender(secret: 2))
        let foreign = try envelopes.verified(envelopes.event(two)).item
        var opening = Opening(transcript: one.transcript)
        let item = KeyItem.encoded(
            header: one.headerBytes,
            wraps: KeyWrap.encoded(foreign.wraps()),
            signature: try envelopes.author.sign(
                .key,
                body: one.headerBytes + Hashing.hash(KeyWrap.encoded(foreign.wraps())).bytes
            )
        )
        let key = try envelopes.verified(item)
        #expect(throws: SealError.cannotOpen) { try opening.add(key, with: envelopes.keyring) }
    }

    @Test func `an entry and a key of another transcript are none here`() throws {
        var elsewhere = envelopes.sender(secret: 2, key: .peers)
        let stranger = try envelopes.entry(&elsewhere)
        var opening = try envelopes.opening(envelopes.sender())
        let foreign = try envelopes.verified(envelopes.event(elsewhere))
        #expect(throws: SealError.cannotOpen) {
            try opening.add(foreign, with: envelopes.keyring)
        }
        #expect(throws: SealError.cannotOpen) {
            try opening.open(stranger, signedBy: envelopes.author.verifyingKey)
        }
        #expect(throws: SealError.cannotOpen) {
            try opening.open(event, signedBy: envelopes.author.verifyingKey)
        }
    }
}
