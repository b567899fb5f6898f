// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingEnvelope
import CoachingModel
import Testing

@Suite struct `Headers` {
    let key = KeyHeader(
        room: RoomID(.repeating(1)),
        scope: .room,
        instance: [],
        audience: .repeating(2),
        device: DeviceID(.repeating(3)),
        position: 70_000,
        epoch: 300,
        commitment: .repeating(4),
        suite: .p256
    )
    let entry = EntryHeader(
        transcript: TranscriptID(.repeating(1)),
        key: KeyID(.repeating(2)),
        device: DeviceID(.repeating(3)),
        counter: 1,
        kind: .say,
        seenNumber: 2,
        seenHead: .repeating(4)
    )

    @Test func `a key's header comes back for every scope and for prompts`() throws {
        let person = PersonID(.repeating(1))
        let other = PersonID(.repeating(2))
        let keys: [TranscriptKey] = [
            .own(person), .direct(person, other), .peers, .room, .programme(person),
            .turn(TurnID(session: SessionID(.repeating(9)), round: 255, pod: 3)),
        ]
        for transcript in keys {
            var header = key
            header.scope = transcript.scope
            header.instance = transcript.instance
            #expect(try KeyHeader.decoded(header.encoded()) == header)
            #expect(header.transcript == TranscriptID(room: header.room, key: transcript))
        }
        var prompt = key
        prompt.scope = .peers
        prompt.instance = Bytes16.repeating(8).bytes
        #expect(try KeyHeader.decoded(prompt.encoded()) == prompt)
    }

    @Test func `an instance that does not fit its scope is refused`() {
        var header = key
        header.scope = .own
        #expect(throws: EnvelopeError.self) { try KeyHeader.decoded(header.encoded()) }
        header.scope = .direct
        header.instance = Bytes16.repeating(2).bytes + Bytes16.repeating(1).bytes
        #expect(throws: EnvelopeError.self) { try KeyHeader.decoded(header.encoded()) }
    }

    @Test func `an entry's header comes back with and without its last two keys`() throws {
        for cites in [nil, 5 as UInt64?] {
            for about in [nil, PersonID(.repeating(7)) as PersonID?] {
                var header = entry
                header.cites = cites
                header.about = about
                #expect(try EntryHeader.decoded(header.encoded()) == header)
            }
        }
    }

    @Test func `only a withdrawal names further numbers, ascending and few`() throws {
        var header = entry
        header.kind = .withdraw
        header.cites = 5
        header.alsoCites = Array(6..<UInt64(5 + EntryHeader.citesMax))
        #expect(try EntryHeader.decoded(header.encoded()) == header)
        #expect(header.allCites.count == EntryHeader.citesMax)
        header.alsoCites = (1..<UInt64(EntryHeader.citesMax)).map { UInt64(Int64.max) - 40 + $0 }
        #expect(try EntryHeader.decoded(header.encoded()) == header)
        for wrong in [[5], [4], [7, 7], [8, 7], Array(6...UInt64(5 + EntryHeader.citesMax))] {
            header.alsoCites = wrong
            #expect(throws: EnvelopeError.self) { try EntryHeader.decoded(header.encoded()) }
        }
        header.alsoCites = [7]
        header.kind = .say
        #expect(throws: EnvelopeError.self) { try EntryHeader.decoded(header.encoded()) }
        header.kind = .withdraw
        header.cites = nil
        #expect(throws: EnvelopeError.self) { try EntryHeader.decoded(header.encoded()) }
    }

    @Test func `a higher version says so, whatever follows`() {
        var bytes = entry.encoded()
        bytes[2] = 2
        #expect(throws: EnvelopeError.newerVersion) { try EntryHeader.decoded(bytes) }
        #expect(throws: EnvelopeError.newerVersion) { try EntryHeader.decoded([0xa1, 0, 2]) }
        var keyBytes = key.encoded()
        keyBytes[2] = 9
        #expect(throws: EnvelopeError.newerVersion) { try KeyHeader.decoded(keyBytes) }
        keyBytes[2] = 0
        #expect(throws: EnvelopeError.malformed(offset: 2)) { try KeyHeader.decoded(keyBytes) }
    }

    @Test func `unknown, missing and repeated keys are refused`() {
        var extra = entry.encoded()
        extra[0] += 1
        #expect(throws: EnvelopeError.malformed(offset: extra.count)) {
            try EntryHeader.decoded(extra + [0x0b, 0x00])
        }
        #expect(throws: EnvelopeError.malformed(offset: extra.count)) {
            try EntryHeader.decoded(extra + [0x07, 0x00])
        }
        var keyBytes = key.encoded()
        keyBytes[0] += 1
        #expect(throws: EnvelopeError.malformed(offset: keyBytes.count)) {
            try KeyHeader.decoded(keyBytes + [0x09, 0x00])
        }
        keyBytes[0] -= 2
        #expect(throws: EnvelopeError.self) { try KeyHeader.decoded(Array(keyBytes.dropLast(2))) }
    }

    @Test func `a header cut at any byte, or with a byte after it, is refused`() {
        let whole = entry.encoded()
        for count in whole.indices {
            #expect(throws: EnvelopeError.self) { try EntryHeader.decoded(Array(whole[..<count])) }
        }
        #expect(throws: EnvelopeError.malformed(offset: whole.count)) {
            try EntryHeader.decoded(whole + [0])
        }
    }

    @Test func `an unknown kind and an unknown suite are refused`() throws {
        var header = entry.encoded()
        let kind = try #require(header.indices.first { header[$0] == 5 && header[$0 + 1] == 1 })
        header[kind + 1] = 0
        #expect(throws: EnvelopeError.malformed(offset: kind + 1)) {
            try EntryHeader.decoded(header)
        }
        var keyBytes = key.encoded()
        keyBytes[keyBytes.count - 1] = 3
        #expect(throws: EnvelopeError.wrongSuite) { try KeyHeader.decoded(keyBytes) }
    }

    @Test func `an unattributed header names nobody`() {
        let header = EntryHeader.unattributed(
            transcript: TranscriptID(.repeating(1)),
            key: KeyID(.repeating(2)),
            kind: .answer
        )
        #expect(header.isUnattributed)
        #expect(header.device.value == .zero && header.counter == 0)
        #expect(header.seenNumber == 0 && header.seenHead == .zero)
        var named = header
        named.cites = 1
        #expect(!named.isUnattributed)
    }
}
