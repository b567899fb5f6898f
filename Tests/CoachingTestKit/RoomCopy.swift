// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
package import CoachingModel
package import CoachingSeal
import CoachingWire

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
    }

    package private(set) var room: Room
    package private(set) var head: Bytes32
    package private(set) var transcripts: [TranscriptID: Copy] = [:]
    package var keys: [TranscriptKey: SenderKey] = [:]
    package var isFollowed = false
    /// How far the log went when following began.
    private var followedAt: UInt64 = 0
    private var findings: [String] = []

    init(id: RoomID) {
        room = Room(id: id)
        head = RoomChain.start(id)
    }

    mutating func takeFindings(of name: String) -> [String] {
        defer { findings = [] }
        return findings.map { "\(name): \($0)" }
    }

    /// Whether the log has come as far as it was when following began.
    package var isCaughtUp: Bool { room.position >= followedAt }

    mutating func begin(_ answer: Followed) {
        isFollowed = true
        followedAt = answer.position
        if answer.position < room.position { findings.append("the server's log is shorter") }
        if answer.position == room.position, answer.head != head {
            findings.append("the log's head differs")
        }
        for open in answer.transcripts { self.open(open) }
    }

    mutating func open(_ open: OpenTranscript) {
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

    mutating func take(_ pushed: PushedRecord) {
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

    mutating func take(_ pushed: PushedItem, isAsked: Bool) {
        guard var copy = transcripts[pushed.transcript] else { return }
        if pushed.number <= copy.number {
            if !isAsked { findings.append("item \(pushed.number) came again") }
            copy.pages.append(pushed.number)
        } else {
            if pushed.number != copy.number + 1 {
                findings.append("item \(pushed.number) came after \(copy.number)")
            }
            copy.number = pushed.number
            copy.live.append(pushed.number)
            if let head = copy.head, let item = try? ContentItem.parse(pushed.item) {
                copy.head = TranscriptChain.next(
                    head,
                    number: pushed.number,
                    digest: item.digest()
                )
            }
        }
        if let known = copy.items.updateValue(pushed.item, forKey: pushed.number),
            known != pushed.item
        {
            findings.append("item \(pushed.number) is not what it was")
        }
        transcripts[pushed.transcript] = copy
    }
}
