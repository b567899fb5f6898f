// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
package import CoachingModel
package import CoachingSeal
package import CoachingWire

/// A room as a client has it: its log, what came of its transcripts, and its own sender keys.
package struct RoomCopy {
    package struct Copy {
        package var number: UInt64
        package var head: Bytes32?
        /// The numbers that came by themselves, in the order in which they came.
        package var live: [UInt64] = []
        /// The numbers that came as pages of history.
        package var pages: [UInt64] = []
        package var items: [UInt64: [UInt8]] = [:]
        /// What is gone, and the number of the withdrawal as far as it was said.
        package var gone: [UInt64: UInt64] = [:]
    }

    package private(set) var room: Room
    package private(set) var head: Bytes32
    package private(set) var transcripts: [TranscriptID: Copy] = [:]
    package var keys: [TranscriptKey: SenderKey] = [:]
    package var isFollowed = false
    /// How far the log went when following began.
    private var followedAt: UInt64 = 0
    private var findings: [String] = []

    package init(id: RoomID) {
        room = Room(id: id)
        head = RoomChain.start(id)
    }

    package mutating func takeFindings(of name: String) -> [String] {
        defer { findings = [] }
        return findings.map { "\(name): \($0)" }
    }

    /// Whether the log has come as far as it was when following began.
    package var isCaughtUp: Bool { room.position >= followedAt }

    package mutating func begin(_ answer: Followed) {
        isFollowed = true
        followedAt = answer.position
        if answer.position < room.position { findings.append("the server's log is shorter") }
        if answer.position == room.position, answer.head != head {
            findings.append("the log's head differs")
        }
        for open in answer.transcripts { self.open(open) }
    }

    package mutating func open(_ open: OpenTranscript) {
        let key = TranscriptKey(scope: open.scope, instance: open.instance)
        if key.map({ TranscriptID(room: room.id, key: $0) }) != open.transcript {
            findings.append("a transcript's id does not fit")
        }
        guard var copy = transcripts[open.transcript] else {
            let head = open.from == open.first ? open.headBefore : nil
            transcripts[open.transcript] = Copy(number: open.from - 1, head: head)
            return
        }
        if open.from <= copy.number { findings.append("what came would come again") }
        if open.from > copy.number + 1 {
            if open.from != open.first { findings.append("a transcript goes on with a gap") }
            copy.number = open.from - 1
            copy.head = open.headBefore
        }
        transcripts[open.transcript] = copy
    }

    /// What one who admits would sign to go on from here.
    package var restoreAcceptance: RestoreAcceptance {
        RestoreAcceptance(
            room: room.id,
            position: room.position,
            head: head,
            transcripts: [],
            nonce: .zero
        )
    }

    package mutating func take(_ pushed: PushedRecord) {
        guard pushed.position == room.position + 1 else {
            return findings.append(
                "record \(pushed.position) came after \(room.position)"
            )
        }
        guard
            let record = try? RoomRecord(
                decoding: pushed.record,
                rosterHash: { Hashing.hash($0) }
            )
        else { return findings.append("record \(pushed.position) cannot be read") }
        do {
            try room.check(record)
        } catch {
            findings.append("record \(pushed.position) is refused: \(error)")
        }
        room.evolve(record)
        head = RoomChain.next(head, number: pushed.position, event: pushed.record)
    }

    package mutating func take(_ pushed: PushedItem, isAsked: Bool) {
        guard var copy = transcripts[pushed.transcript] else { return }
        let item = try? ContentItem.parse(pushed.item)
        advance(&copy, to: pushed.number, item?.digest(), isAsked: isAsked)
        if copy.gone[pushed.number] != nil {
            findings.append("item \(pushed.number) came although it is gone")
        }
        if case .entry(let entry)? = item, entry.header.kind == .withdraw {
            for number in entry.header.allCites {
                copy.items[number] = nil
                copy.gone[number] = pushed.number
            }
        }
        if let known = copy.items.updateValue(pushed.item, forKey: pushed.number),
            known != pushed.item
        {
            findings.append("item \(pushed.number) is not what it was")
        }
        transcripts[pushed.transcript] = copy
    }

    package mutating func take(_ tombstone: Tombstone, isAsked: Bool) {
        guard var copy = transcripts[tombstone.transcript] else { return }
        advance(&copy, to: tombstone.number, tombstone.digest, isAsked: isAsked)
        copy.items[tombstone.number] = nil
        copy.gone[tombstone.number] = tombstone.by ?? 0
        transcripts[tombstone.transcript] = copy
    }

    private mutating func advance(
        _ copy: inout Copy,
        to number: UInt64,
        _ digest: Bytes32?,
        isAsked: Bool
    ) {
        if number <= copy.number {
            if !isAsked { findings.append("item \(number) came again") }
            copy.pages.append(number)
            return
        }
        if number != copy.number + 1 {
            findings.append("item \(number) came after \(copy.number)")
        }
        copy.number = number
        copy.live.append(number)
        if let head = copy.head, let digest {
            copy.head = TranscriptChain.next(head, number: number, digest: digest)
        }
    }
}
