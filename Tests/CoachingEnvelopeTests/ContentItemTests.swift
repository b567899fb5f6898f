// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import Testing

@Suite struct `Content items` {
    let setting: Setting
    let keyEvent: [UInt8]
    let entry: [UInt8]

    init() throws {
        setting = try Setting()
        var sender = setting.senderKey()
        var generator = SeededGenerator(seed: 5)
        keyEvent = try sender.announcement(to: setting.recipients)
        entry = try sender.seal(
            EntryBody(text: "What did you notice?").encoded(),
            kind: .ask,
            seenNumber: 1,
            seenHead: .repeating(1),
            using: &generator
        )
    }

    /// Tells whether anyone would take the bytes as something that this device signed.
    func isTaken(_ bytes: [UInt8]) -> Bool {
        let signer = setting.devices[0].verifyingKey
        switch try? ContentItem.parse(bytes) {
        case .entry(let item)?: return (try? item.verified(by: signer)) != nil
        case .key(let item)?: return (try? item.verified(by: signer)) != nil
        case nil: return false
        }
    }

    @Test func `both kinds are told apart and hold`() throws {
        guard case .key(let key) = try ContentItem.parse(keyEvent),
            case .entry(let item) = try ContentItem.parse(entry)
        else {
            Issue.record("a key event and an entry were expected")
            return
        }
        #expect(isTaken(keyEvent) && isTaken(entry))
        #expect(item.header.key == key.key)
        #expect(key.header.transcript == setting.transcript)
        #expect(key.parts.wrapCount == 3 && item.parts.wrapCount == nil)
        #expect(item.sealed.count == 16 + 256 + 16)
        #expect(
            item.parts.digest()
                == Hashing.digest(header: item.header.encoded(), payload: item.sealed)
        )
        #expect(
            key.parts.digest()
                == Hashing.digest(
                    header: key.header.encoded(),
                    payload: KeyWrap.encoded(key.wraps())
                )
        )
        #expect(key.wrappedDevices() == setting.devices.map(\.device).sorted())
        for device in key.wrappedDevices() { #expect(key.wrap(for: device)?.device == device) }
        #expect(key.wrap(for: .unattributed) == nil)
    }

    @Test func `no flipped bit of an entry is taken`() {
        for index in entry.indices {
            for bit in 0..<8 {
                var changed = entry
                changed[index] ^= 1 << bit
                #expect(!isTaken(changed), "byte \(index), bit \(bit)")
            }
        }
    }

    @Test func `no flipped bit of a key event is taken`() {
        // Every byte once here; CoachingSealTests flips every bit and tries to open what is left.
        for index in keyEvent.indices {
            for bit in [index & 7] {
                var changed = keyEvent
                changed[index] ^= 1 << bit
                #expect(!isTaken(changed), "byte \(index), bit \(bit)")
            }
        }
    }

    @Test func `an item cut at any byte is refused`() {
        for count in entry.indices {
            #expect(throws: EnvelopeError.self) { try ContentItem.parse(Array(entry[..<count])) }
        }
        for count in keyEvent.indices {
            #expect(throws: EnvelopeError.self) {
                try ContentItem.parse(Array(keyEvent[..<count]))
            }
        }
        #expect(throws: EnvelopeError.malformed(offset: entry.count)) {
            try ContentItem.parse(entry + [0])
        }
    }

    @Test func `a range outside of the bytes is refused`() {
        #expect(throws: EnvelopeError.self) {
            try ContentItem.parse(entry, at: 0..<entry.count + 1)
        }
        #expect(throws: EnvelopeError.self) { try ContentItem.parse(entry, at: -1..<entry.count) }
        #expect(throws: EnvelopeError.self) { try ContentItem.parse([]) }
    }

    @Test func `another device's key and another type of signature do not hold`() throws {
        guard case .entry(let item) = try ContentItem.parse(entry) else { return }
        #expect(throws: EnvelopeError.wrongKey) {
            try item.verified(by: setting.devices[1].verifyingKey)
        }
        let asVoucher = try setting.devices[0].sign(
            .voucher,
            body: item.header.encoded() + Hashing.hash(item.sealed).bytes
        )
        #expect(
            !isTaken(
                EntryItem.encoded(
                    header: item.header.encoded(),
                    sealed: item.sealed,
                    signature: asVoucher
                )
            )
        )
        let asEntry = try setting.devices[0].sign(
            .entry,
            body: item.header.encoded() + Hashing.hash(item.sealed).bytes
        )
        #expect(
            isTaken(
                EntryItem.encoded(
                    header: item.header.encoded(),
                    sealed: item.sealed,
                    signature: asEntry
                )
            )
        )
    }

    @Test func `no part of one entry fits another`() throws {
        var sender = setting.senderKey()
        var generator = SeededGenerator(seed: 4)
        let others = try (0..<2).map { count in
            try sender.seal(
                [UInt8(count)],
                kind: .say,
                seenNumber: 0,
                seenHead: .repeating(1),
                using: &generator
            )
        }
        let parts = try others.map { try ItemParts($0, at: $0.indices) }
        func part(_ index: Int, _ path: KeyPath<ItemParts, Range<Int>>) -> [UInt8] {
            Array(parts[index].bytes[parts[index][keyPath: path]])
        }
        for choice in 0..<8 {
            let (first, second, third) = (choice & 1, choice >> 1 & 1, choice >> 2)
            let mixed = EntryItem.encoded(
                header: part(first, \.header),
                sealed: part(second, \.payload),
                signature: part(third, \.signature)
            )
            #expect(isTaken(mixed) == (choice == 0 || choice == 7), "choice \(choice)")
        }
    }

    @Test func `limits are named`() {
        let zero = [UInt8](repeating: 0, count: 64)
        #expect(throws: EnvelopeError.overLimit(.header)) {
            try ContentItem.parse(
                EntryItem.encoded(
                    header: [UInt8](repeating: 0, count: 513),
                    sealed: [],
                    signature: zero
                )
            )
        }
        #expect(throws: EnvelopeError.overLimit(.sealed)) {
            try ContentItem.parse(
                EntryItem.encoded(
                    header: [],
                    sealed: [UInt8](repeating: 0, count: 66_561),
                    signature: zero
                )
            )
        }
        for count in [1, 63, 65] {
            #expect(throws: EnvelopeError.overLimit(.signature)) {
                try ContentItem.parse(
                    EntryItem.encoded(
                        header: [],
                        sealed: [],
                        signature: [UInt8](repeating: 0, count: count)
                    )
                )
            }
        }
        #expect(throws: EnvelopeError.overLimit(.signature)) {
            try ContentItem.parse(
                KeyItem.encoded(header: [], wraps: wraps(0), signature: [])
            )
        }
        #expect(throws: EnvelopeError.overLimit(.wraps)) {
            try ContentItem.parse(
                KeyItem.encoded(header: [], wraps: wraps(801), signature: zero)
            )
        }
    }

    /// Writes wraps of suite 1 for so many devices.
    func wraps(_ count: Int, encapsulated: Int = 65, descending: Bool = false) -> [UInt8] {
        var writer = CBORWriter()
        writer.array(count)
        for index in 0..<count {
            let number = UInt64(descending ? count - index : index)
            writer.array(3)
            writer.fixed16(0, number)
            writer.bytes([UInt8](repeating: 4, count: encapsulated))
            writer.bytes([UInt8](repeating: 5, count: 48))
        }
        return writer.finish()
    }

    @Test func `wraps ascend, and they fit the suite`() throws {
        let signature = [UInt8](repeating: 0, count: 64)
        var header = setting.senderKey().header
        for suite in [0, 3, 23] as [UInt8] {
            #expect(throws: EnvelopeError.wrongSuite) {
                try ContentItem.parse(
                    KeyItem.encoded(
                        header: header.encoded().dropLast() + [suite],
                        wraps: wraps(2),
                        signature: signature
                    )
                )
            }
        }
        header.suite = .xwing
        #expect(throws: EnvelopeError.wrongSuite) {
            try ContentItem.parse(
                KeyItem.encoded(
                    header: header.encoded(),
                    wraps: wraps(2),
                    signature: signature
                )
            )
        }
        header.suite = .p256
        #expect(throws: EnvelopeError.wrongSuite) {
            try ContentItem.parse(
                KeyItem.encoded(header: header.encoded(), wraps: wraps(0), signature: signature)
            )
        }
        let sealed = try ContentItem.parse(
            KeyItem.encoded(header: header.encoded(), wraps: wraps(800), signature: signature)
        )
        #expect(sealed.parts.wrapCount == 800)
        #expect(throws: EnvelopeError.wrongSuite) {
            try ContentItem.parse(
                KeyItem.encoded(
                    header: header.encoded(),
                    wraps: wraps(2, encapsulated: 64),
                    signature: signature
                )
            )
        }
        #expect(throws: EnvelopeError.notAscending) {
            try ContentItem.parse(
                KeyItem.encoded(
                    header: header.encoded(),
                    wraps: wraps(2, descending: true),
                    signature: signature
                )
            )
        }
    }

    @Test func `only an entry that names nobody goes without a signature`() throws {
        let unattributed = EntryHeader.unattributed(
            transcript: setting.transcript,
            key: KeyID(.repeating(1)),
            kind: .answer
        )
        let item = EntryItem.encoded(
            header: unattributed.encoded(),
            sealed: [],
            signature: []
        )
        guard case .entry(let entry) = try ContentItem.parse(item) else { return }
        #expect(throws: Never.self) { try entry.unattributed() }
        #expect(throws: EnvelopeError.overLimit(.signature)) {
            try ContentItem.parse(
                EntryItem.encoded(
                    header: unattributed.encoded(),
                    sealed: [],
                    signature: [UInt8](repeating: 0, count: 64)
                )
            )
        }
        guard case .entry(let signed) = try ContentItem.parse(self.entry) else { return }
        #expect(throws: EnvelopeError.overLimit(.signature)) {
            try ContentItem.parse(
                EntryItem.encoded(
                    header: signed.header.encoded(),
                    sealed: signed.sealed,
                    signature: []
                )
            )
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `garbage is refused and never stops the program`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<3_000 {
            let garbage = generator.bytes(Int.random(in: 0..<200, using: &generator))
            #expect(!isTaken(garbage), "seed \(seed)")
        }
        for _ in 0..<3_000 {
            var changed = Bool.random(using: &generator) ? entry : keyEvent
            for _ in 0..<Int.random(in: 1..<6, using: &generator) {
                changed[Int.random(in: 0..<12, using: &generator)] = .random(
                    in: .min ... .max,
                    using: &generator
                )
            }
            let isSame = changed == entry || changed == keyEvent
            #expect(isTaken(changed) == isSame, "seed \(seed)")
        }
    }
}
