// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import Testing

/// A transcript as honest devices and an honest server write it.
private struct Recording {
    let setting: Setting
    var items: [[UInt8]] = []
    var heads: [Bytes32]
    var senders: [SenderKey]
    var generator = SeededGenerator(seed: 6)

    init() throws {
        setting = try Setting()
        heads = [TranscriptChain.start(setting.transcript)]
        senders = [setting.senderKey(0, secret: 1), setting.senderKey(1, secret: 2)]
    }

    var devices: [DeviceID] { setting.devices.map(\.device) }

    mutating func append(_ item: [UInt8]) throws {
        items.append(item)
        heads.append(
            TranscriptChain.next(
                heads[heads.count - 1],
                number: UInt64(items.count),
                digest: try ContentItem.parse(item).digest()
            )
        )
    }

    mutating func announce(_ author: Int) throws {
        try append(senders[author].announcement(to: setting.recipients))
    }

    mutating func post(_ author: Int, seen: Int? = nil) throws {
        let number = seen ?? items.count
        try append(
            senders[author].seal(
                [UInt8(items.count)],
                kind: .say,
                seenNumber: UInt64(number),
                seenHead: heads[number],
                using: &generator
            )
        )
    }

    /// Two keys at 1 and 2, then entries of both devices at 3 to 8.
    static func standard() throws -> Recording {
        var recording = try Recording()
        try recording.announce(0)
        try recording.announce(1)
        for author in [0, 1, 0, 0, 1, 0] {
            try recording.post(author)
        }
        return recording
    }

    func reader() -> TranscriptReader { TranscriptReader(transcript: setting.transcript) }

    /// Reads items under the numbers from 1 and gives what was found at each.
    func findings(_ items: [[UInt8]]) -> [Finding] {
        var reader = reader()
        return items.enumerated().flatMap { index, item in
            reader.receive(number: UInt64(index + 1), item: item, signer: setting.signer)
                .findings
        }
    }
}

@Suite struct `Reading a transcript` {
    @Test func `an honest transcript has no findings and the chain's head`() throws {
        let recording = try Recording.standard()
        var reader = recording.reader()
        var entries = 0
        for (index, item) in recording.items.enumerated() {
            let receipt = reader.receive(
                number: UInt64(index + 1),
                item: item,
                signer: recording.setting.signer
            )
            #expect(receipt.findings.isEmpty)
            entries += receipt.entry == nil ? 0 : 1
            #expect((receipt.entry == nil) != (receipt.key == nil))
        }
        #expect(entries == 6)
        #expect(reader.head == recording.heads[8] && reader.number == 8)
        #expect(reader.check(head: recording.heads[5], at: 5) == nil)
        #expect(reader.check(head: .zero, at: 5) == .serverHeadDiffers(number: 5))
        #expect(reader.keys.values.map(\.counter).sorted() == [2, 4])
    }

    @Test func `a gap in the numbers is found and nothing is taken`() throws {
        let recording = try Recording.standard()
        var reader = recording.reader()
        let receipt = reader.receive(
            number: 2,
            item: recording.items[1],
            signer: recording.setting.signer
        )
        #expect(receipt.findings == [.gap(expected: 1, received: 2)])
        #expect(receipt.digest == nil && reader.number == 0)
        for number in [UInt64.max, 0] {
            let strange = reader.receive(
                number: number,
                item: recording.items[0],
                signer: recording.setting.signer
            )
            #expect(strange.digest == nil && strange.findings.count == 1)
        }
    }

    @Test func `an entry that was dropped is found by its author's counter`() throws {
        var recording = try Recording.standard()
        let device = recording.devices[0]
        recording.items.remove(at: 4)
        let findings = recording.findings(recording.items)
        #expect(findings.contains(.skipped(number: 5, device, expected: 2, 3)))
        // The other device saw the dropped one, and says so.
        #expect(findings.contains { if case .ahead = $0 { true } else { false } })
    }

    @Test func `a dropped entry is found by heads alone`() throws {
        var recording = try Recording.standard()
        // The last entry of device 1 is dropped: no counter tells it, the next head seen does.
        recording.items.remove(at: 6)
        #expect(
            recording.findings(recording.items) == [
                .ahead(number: 7, recording.devices[0], seen: 7)
            ]
        )
    }

    @Test func `an entry that comes twice is found`() throws {
        let recording = try Recording.standard()
        let device = recording.devices[0]
        let again = recording.items + [recording.items[2]]
        #expect(recording.findings(again) == [.replayed(number: 9, device, counter: 1)])
        let twice = recording.items + [recording.items[0]]
        #expect(recording.findings(twice) == [.repeatedKey(number: 9, device)])
    }

    @Test func `the same number twice is harmless for the same item alone`() throws {
        let recording = try Recording.standard()
        var reader = recording.reader()
        for (index, item) in recording.items.enumerated() {
            _ = reader.receive(
                number: UInt64(index + 1),
                item: item,
                signer: recording.setting.signer
            )
        }
        func again(_ number: UInt64, _ item: [UInt8]) -> [Finding] {
            reader.receive(number: number, item: item, signer: recording.setting.signer).findings
        }
        #expect(again(4, recording.items[3]) == [.repeated(number: 4)])
        #expect(again(4, recording.items[4]) == [.rewritten(number: 4)])
        #expect(reader.head == recording.heads[8])
    }

    @Test func `entries in another order are found`() throws {
        var recording = try Recording.standard()
        recording.items.swapAt(4, 5)
        let findings = recording.findings(recording.items)
        #expect(findings.contains(.skipped(number: 5, recording.devices[0], expected: 2, 3)))
        #expect(findings.contains(.replayed(number: 6, recording.devices[0], counter: 2)))
        #expect(findings.contains(.forked(number: 7, recording.devices[1], seen: 6)))
    }

    @Test func `an entry before its key is found`() throws {
        let recording = try Recording.standard()
        #expect(
            recording.findings([recording.items[2]]).contains(
                .unknownKey(number: 1, recording.devices[0])
            )
        )
    }

    @Test func `an entry of another transcript is found`() throws {
        var recording = try Recording.standard()
        var generator = SeededGenerator(seed: 9)
        var elsewhere = recording.setting.senderKey(0, secret: 3, key: .room)
        try recording.append(elsewhere.announcement(to: recording.setting.recipients))
        try recording.append(
            elsewhere.seal(
                [1],
                kind: .say,
                seenNumber: 0,
                seenHead: recording.heads[0],
                using: &generator
            )
        )
        let device = recording.devices[0]
        #expect(
            recording.findings(recording.items) == [
                .otherTranscript(number: 9, device: device),
                .otherTranscript(number: 10, device: device),
            ]
        )
    }

    @Test func `an entry under another device's key is found`() throws {
        var recording = try Recording.standard()
        let (mine, yours) = (recording.setting.devices[2], recording.senders[0])
        let header = EntryHeader(
            transcript: recording.setting.transcript,
            key: yours.id,
            device: mine.device,
            counter: yours.nextCounter,
            kind: .say,
            seenNumber: 8,
            seenHead: recording.heads[8]
        )
        let sealed = try Padding.pad([1])
        let signature = try mine.sign(
            .entry,
            body: header.encoded() + Hashing.hash(sealed).bytes
        )
        try recording.append(
            EntryItem.encoded(header: header.encoded(), sealed: sealed, signature: signature)
        )
        #expect(
            recording.findings(recording.items) == [
                .otherDevicesKey(number: 9, mine.device, owner: recording.devices[0])
            ]
        )
    }

    @Test func `an author in whose name somebody else wrote is named`() throws {
        var recording = try Recording.standard()
        let forger = recording.setting.devices[1]
        let header = EntryHeader(
            transcript: recording.setting.transcript,
            key: recording.senders[0].id,
            device: recording.devices[0],
            counter: 5,
            kind: .say,
            seenNumber: 8,
            seenHead: recording.heads[8]
        )
        let sealed = try Padding.pad([1])
        let signature = try forger.sign(
            .entry,
            body: header.encoded() + Hashing.hash(sealed).bytes
        )
        try recording.append(
            EntryItem.encoded(header: header.encoded(), sealed: sealed, signature: signature)
        )
        // The true entry with the same counter, which had not seen the forged one, still holds.
        try recording.post(0, seen: 8)
        #expect(
            recording.findings(recording.items) == [
                .badSignature(number: 9, recording.devices[0])
            ]
        )
    }

    @Test func `a counter that jumps is found`() throws {
        var recording = try Recording.standard()
        var generator = SeededGenerator(seed: 7)
        // Sealed but never sent.
        _ = try recording.senders[0].seal(
            [1],
            kind: .say,
            seenNumber: 0,
            seenHead: recording.heads[0],
            using: &generator
        )
        try recording.post(0)
        #expect(
            recording.findings(recording.items) == [
                .skipped(number: 9, recording.devices[0], expected: 5, 6)
            ]
        )
    }

    @Test func `a member who was shown another history is found`() throws {
        var recording = try Recording.standard()
        var generator = SeededGenerator(seed: 8)
        try recording.append(
            recording.senders[1].seal(
                [1],
                kind: .say,
                seenNumber: 5,
                seenHead: .repeating(0xee),
                using: &generator
            )
        )
        #expect(
            recording.findings(recording.items) == [
                .forked(number: 9, recording.devices[1], seen: 5)
            ]
        )
    }

    @Test func `devices outside of the audience are named`() throws {
        let recording = try Recording.standard()
        var reader = recording.reader()
        let receipt = reader.receive(number: 1, item: recording.items[0], signer: { _ in nil })
        #expect(receipt.findings == [.unknownDevice(number: 1, recording.devices[0])])
    }

    @Test func `tombstones keep the chain and forgive the counters that they took`() throws {
        let recording = try Recording.standard()
        var reader = recording.reader()
        var findings: [Finding] = []
        for (index, item) in recording.items.enumerated() {
            let number = UInt64(index + 1)
            if number == 5 {
                let digest = try ContentItem.parse(item).digest()
                findings +=
                    reader.receiveTombstone(
                        recording.setting.transcript,
                        number: number,
                        digest: digest
                    ).findings
            } else {
                findings +=
                    reader.receive(
                        number: number,
                        item: item,
                        signer: recording.setting.signer
                    ).findings
            }
        }
        #expect(findings.isEmpty)
        #expect(reader.head == recording.heads[8] && reader.tombstones == 1)
        let wrong = reader.receiveTombstone(
            TranscriptID(.zero),
            number: 9,
            digest: .zero
        )
        #expect(wrong.findings == [.otherTranscript(number: 9, device: nil)])
        let early = reader.receiveTombstone(
            recording.setting.transcript,
            number: 11,
            digest: .zero
        )
        #expect(early.findings == [.gap(expected: 9, received: 11)])
    }

    @Test func `a tombstone with another digest breaks what others saw`() throws {
        let recording = try Recording.standard()
        var reader = recording.reader()
        var findings: [Finding] = []
        for (index, item) in recording.items.enumerated() {
            let number = UInt64(index + 1)
            findings +=
                number == 5
                ? reader.receiveTombstone(
                    recording.setting.transcript,
                    number: 5,
                    digest: .repeating(9)
                ).findings
                : reader.receive(number: number, item: item, signer: recording.setting.signer)
                    .findings
        }
        #expect(findings.contains(.forked(number: 6, recording.devices[0], seen: 5)))
    }

    @Test func `who comes later starts at a number and checks it against what others saw`() throws {
        let recording = try Recording.standard()
        func findings(head: Bytes32, keys: [KeyID: TranscriptReader.SenderState]) -> [Finding] {
            var reader = TranscriptReader(
                transcript: recording.setting.transcript,
                number: 5,
                head: head,
                keys: keys
            )
            return (6...8).flatMap { number in
                reader.receive(
                    number: UInt64(number),
                    item: recording.items[number - 1],
                    signer: recording.setting.signer
                ).findings
            }
        }
        var before = recording.reader()
        for number in 1...5 {
            _ = before.receive(
                number: UInt64(number),
                item: recording.items[number - 1],
                signer: recording.setting.signer
            )
        }
        #expect(findings(head: recording.heads[5], keys: before.keys).isEmpty)
        #expect(
            findings(head: .repeating(1), keys: before.keys).first
                == .forked(number: 6, recording.devices[0], seen: 5)
        )
    }

    @Test func `answers without a name are taken in a prompt alone`() throws {
        let recording = try Recording.standard()
        let item = EntryItem.encoded(
            header: EntryHeader.unattributed(
                transcript: recording.setting.transcript,
                key: recording.senders[0].id,
                kind: .answer
            ).encoded(),
            sealed: try Padding.pad([1], least: Padding.unattributedLeast),
            signature: []
        )
        #expect(recording.findings(recording.items + [item]) == [.unsigned(number: 9)])
        var prompt = TranscriptReader(transcript: recording.setting.transcript, isPrompt: true)
        let key = prompt.receive(
            number: 1,
            item: recording.items[0],
            signer: recording.setting.signer
        )
        let answer = prompt.receive(number: 2, item: item, signer: recording.setting.signer)
        #expect(key.findings.isEmpty && answer.findings.isEmpty && answer.entry != nil)
    }

    @Test func `an item of a newer program keeps its place in the chain`() throws {
        let recording = try Recording.standard()
        let newer = EntryItem.encoded(
            header: [0xa1, 0, 2],
            sealed: [],
            signature: [UInt8](repeating: 0, count: 64)
        )
        var reader = recording.reader()
        let receipt = reader.receive(
            number: 1,
            item: newer,
            signer: recording.setting.signer
        )
        #expect(receipt.findings == [.unreadable(number: 1, .newerVersion)])
        #expect(receipt.digest != nil && reader.number == 1)
    }

    @Test func `heads that are too old are forgotten, newer ones are not`() throws {
        let setting = try Setting()
        var reader = TranscriptReader(transcript: setting.transcript)
        var heads = [reader.head]
        let count = 3 * UInt64(TranscriptReader.headsMax)
        for number in 1...count {
            _ = reader.receiveTombstone(
                setting.transcript,
                number: number,
                digest: .repeating(UInt8(number & 0xff))
            )
            heads.append(reader.head)
        }
        #expect(reader.check(head: .zero, at: 1) == nil)
        for number in count - UInt64(TranscriptReader.headsMax) + 1...count {
            #expect(reader.check(head: heads[Int(number)], at: number) == nil)
            #expect(reader.check(head: .zero, at: number) == .serverHeadDiffers(number: number))
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `every random change to an honest transcript is found`(seed: UInt64) throws {
        let recording = try Recording.standard()
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            var items = recording.items
            // The last item is left alone: its loss shows only in the next one's head.
            let one = Int.random(in: 0..<7, using: &generator)
            let other = Int.random(in: 0..<7, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: items.remove(at: one)
            case 1: items.insert(items[one], at: other)
            case 2: items.swapAt(one, other == one ? (one + 1) % 7 : other)
            default: items[one] = generator.bytes(300)
            }
            #expect(!recording.findings(items).isEmpty, "seed \(seed)")
        }
    }
}
