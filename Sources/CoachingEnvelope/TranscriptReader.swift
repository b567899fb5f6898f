// SPDX-License-Identifier: Apache-2.0
public import CoachingModel

/// Follows one transcript as a recipient and finds what a server or a member must not do.
///
/// It takes items in the order in which they come, keeps the chain, and checks everything that
/// can be checked without opening: the number, the signature, the transcript, the sender key, its
/// counter, and what the author says they had seen. A finding never stops it where it can go on;
/// what it cannot place (a gap, bytes without parts) leaves it as it was.
///
/// Who has the audience's devices from the room log compares `aud` of a key event with
/// ``AudienceDigest`` as well; this type does not know the log.
///
/// - Limits: keeps the last ``headsMax`` heads; what an author saw before them is not checked.
/// - Source: DESIGN.md D2, D3, D4, D12, D13; SECURITY.md.
public struct TranscriptReader: Sendable {
    /// How many heads are kept.
    public static let headsMax = 4_096

    /// What is known of a sender key.
    public struct SenderState: Hashable, Sendable {
        /// The device that made the key.
        public var device: DeviceID
        /// The counter of the last entry under it; 0 before the first.
        public var counter: UInt64
        /// How many tombstones had been read by then; an erased entry leaves its counter out.
        public var tombstones: UInt64

        /// Makes the state of a key that is known from before.
        public init(device: DeviceID, counter: UInt64, tombstones: UInt64 = 0) {
            self.device = device
            self.counter = counter
            self.tombstones = tombstones
        }
    }

    /// The transcript.
    public let transcript: TranscriptID
    /// Whether it is a prompt's, in which entries that name nobody may stand (D15).
    public let isPrompt: Bool
    /// The last number that was read.
    public private(set) var number: UInt64
    /// The head at that number.
    public private(set) var head: Bytes32
    /// The sender keys that were read.
    public private(set) var keys: [KeyID: SenderState]
    /// How many tombstones were read.
    public private(set) var tombstones: UInt64 = 0
    private var heads: HeadWindow

    /// Starts before the first item.
    public init(transcript: TranscriptID, isPrompt: Bool = false) {
        self.init(
            transcript: transcript,
            number: 0,
            head: TranscriptChain.start(transcript),
            isPrompt: isPrompt
        )
    }

    /// Starts after item n0, as who joined then or comes back does.
    public init(
        transcript: TranscriptID,
        number: UInt64,
        head: Bytes32,
        keys: [KeyID: SenderState] = [:],
        isPrompt: Bool = false
    ) {
        self.transcript = transcript
        self.isPrompt = isPrompt
        self.number = number
        self.head = head
        self.keys = keys
        heads = HeadWindow(number: number, head: head)
    }

    /// Reads the next item.
    ///
    /// - Parameters:
    ///   - number: n, as the server gives it.
    ///   - bytes: what was received.
    ///   - range: where the item stands in it.
    ///   - signer: gives the signing key of a device that is or was in the audience.
    /// - Returns: the item if its signature holds, and everything that was found.
    public mutating func receive(
        number: UInt64,
        item bytes: [UInt8],
        at range: Range<Int>,
        signer: (DeviceID) -> VerifyingKey?
    ) -> Receipt {
        let parts: ItemParts
        do {
            parts = try ItemParts(bytes, at: range)
        } catch {
            return Receipt(findings: [.unreadable(number: number, error)])
        }
        let digest = parts.digest()
        guard isNext(number) else {
            return Receipt(findings: [outOfOrder(number, digest)])
        }
        let before = (number: self.number, head: head)
        advance(digest)
        let item: ContentItem
        do {
            item = try ContentItem(parts)
        } catch {
            return Receipt(digest: digest, findings: [.unreadable(number: number, error)])
        }
        switch item {
        case .entry(let entry):
            return take(entry, number, digest, after: before.number, signer)
        case .key(let key):
            return take(key, number, digest, signer)
        }
    }

    /// Reads the next item, which fills the bytes.
    public mutating func receive(
        number: UInt64,
        item bytes: [UInt8],
        signer: (DeviceID) -> VerifyingKey?
    ) -> Receipt {
        receive(number: number, item: bytes, at: bytes.indices, signer: signer)
    }

    /// Reads a tombstone `[transcript, n, d_n]` in the place of an erased item.
    public mutating func receiveTombstone(
        _ transcript: TranscriptID,
        number: UInt64,
        digest: Bytes32
    ) -> Receipt {
        guard transcript == self.transcript else {
            return Receipt(findings: [.otherTranscript(number: number, device: nil)])
        }
        guard isNext(number) else {
            return Receipt(findings: [outOfOrder(number, digest)])
        }
        tombstones += 1
        advance(digest)
        return Receipt(digest: digest, findings: [])
    }

    /// Compares the server's head with one's own.
    ///
    /// - Returns: a finding where they differ, `nil` where they agree or the number is out of
    ///   reach.
    public func check(head claimed: Bytes32, at number: UInt64) -> Finding? {
        guard let known = heads[number] else { return nil }
        return known == claimed ? nil : .serverHeadDiffers(number: number)
    }

    // MARK: The chain

    private func isNext(_ number: UInt64) -> Bool {
        let (next, overflow) = self.number.addingReportingOverflow(1)
        return !overflow && number == next
    }

    private mutating func advance(_ digest: Bytes32) {
        number += 1
        head = TranscriptChain.next(head, number: number, digest: digest)
        heads.append(head)
    }

    /// Names what a number that is not the next one means.
    private func outOfOrder(_ number: UInt64, _ digest: Bytes32) -> Finding {
        if number > self.number {
            return .gap(expected: self.number &+ 1, received: number)
        }
        guard number > 0, let before = heads[number - 1], let known = heads[number] else {
            return .repeated(number: number)
        }
        let same = TranscriptChain.next(before, number: number, digest: digest) == known
        return same ? .repeated(number: number) : .rewritten(number: number)
    }

    // MARK: Items

    private mutating func take(
        _ item: KeyItem,
        _ number: UInt64,
        _ digest: Bytes32,
        _ signer: (DeviceID) -> VerifyingKey?
    ) -> Receipt {
        let device = item.header.device
        guard let key = signer(device) else {
            return Receipt(digest: digest, findings: [.unknownDevice(number: number, device)])
        }
        guard let verified = try? item.verified(by: key) else {
            return Receipt(digest: digest, findings: [.badSignature(number: number, device)])
        }
        guard item.header.transcript == transcript else {
            return Receipt(
                digest: digest,
                findings: [.otherTranscript(number: number, device: device)]
            )
        }
        guard keys[item.key] == nil else {
            return Receipt(digest: digest, findings: [.repeatedKey(number: number, device)])
        }
        keys[item.key] = SenderState(device: device, counter: 0, tombstones: tombstones)
        return Receipt(digest: digest, key: verified, findings: [])
    }

    private mutating func take(
        _ item: EntryItem,
        _ number: UInt64,
        _ digest: Bytes32,
        after last: UInt64,
        _ signer: (DeviceID) -> VerifyingKey?
    ) -> Receipt {
        if item.header.isUnattributed { return takeUnattributed(item, number, digest) }
        let header = item.header
        let device = header.device
        guard let key = signer(device) else {
            return Receipt(digest: digest, findings: [.unknownDevice(number: number, device)])
        }
        guard let verified = try? item.verified(by: key) else {
            return Receipt(digest: digest, findings: [.badSignature(number: number, device)])
        }
        guard header.transcript == transcript else {
            return Receipt(
                digest: digest,
                findings: [.otherTranscript(number: number, device: device)]
            )
        }
        var findings: [Finding] = []
        if header.seenNumber > last {
            findings.append(.ahead(number: number, device, seen: header.seenNumber))
        } else if let known = heads[header.seenNumber], known != header.seenHead {
            findings.append(.forked(number: number, device, seen: header.seenNumber))
        }
        guard var state = keys[header.key] else {
            findings.append(.unknownKey(number: number, device))
            return Receipt(digest: digest, findings: findings)
        }
        guard state.device == device else {
            findings.append(.otherDevicesKey(number: number, device, owner: state.device))
            return Receipt(digest: digest, findings: findings)
        }
        guard header.counter > state.counter else {
            findings.append(.replayed(number: number, device, counter: header.counter))
            return Receipt(digest: digest, findings: findings)
        }
        let missing = header.counter - state.counter - 1
        if missing > tombstones - min(state.tombstones, tombstones) {
            findings.append(
                .skipped(number: number, device, expected: state.counter + 1, header.counter)
            )
        }
        state.counter = header.counter
        state.tombstones = tombstones
        keys[header.key] = state
        return Receipt(digest: digest, entry: verified, findings: findings)
    }

    private func takeUnattributed(
        _ item: EntryItem,
        _ number: UInt64,
        _ digest: Bytes32
    ) -> Receipt {
        guard isPrompt, let verified = try? item.unattributed() else {
            return Receipt(digest: digest, findings: [.unsigned(number: number)])
        }
        guard item.header.transcript == transcript else {
            return Receipt(
                digest: digest,
                findings: [.otherTranscript(number: number, device: nil)]
            )
        }
        guard keys[item.header.key] != nil else {
            return Receipt(
                digest: digest,
                findings: [.unknownKey(number: number, .unattributed)]
            )
        }
        return Receipt(digest: digest, entry: verified, findings: [])
    }
}

/// The newest heads of a chain, by number.
private struct HeadWindow: Sendable {
    private var heads: [Bytes32]
    private var first: UInt64

    init(number: UInt64, head: Bytes32) {
        heads = [head]
        first = number
    }

    subscript(number: UInt64) -> Bytes32? {
        guard number >= first, number - first < UInt64(heads.count) else { return nil }
        return heads[Int(number - first)]
    }

    mutating func append(_ head: Bytes32) {
        heads.append(head)
        // Dropping half at once keeps the cost of each head constant.
        if heads.count >= 2 * TranscriptReader.headsMax {
            heads.removeFirst(TranscriptReader.headsMax)
            first += UInt64(TranscriptReader.headsMax)
        }
    }
}
