// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingEnvelope
public import CoachingModel
public import CoachingStore
import CoachingWire

/// The directory as its log gives it.
public struct DirectoryLog: Sendable {
    /// The state after the last record.
    public private(set) var directory = Directory()
    /// The last record's position.
    public private(set) var position: UInt64 = 0
    /// The head of the chain after it.
    public private(set) var head: Bytes32 = RoomChain.start(DirectoryLog.room)
    /// Where the versions of each person's device list stand, the first version first.
    private(set) var lists: [PersonID: [UInt64]] = [:]

    static let room = RoomID(.zero)

    /// Makes an empty directory.
    public init() {}

    /// Takes over stored frames in order.
    ///
    /// - Returns: the records that they hold.
    /// - Throws: `StoreError.corrupt` where one does not follow from the one before.
    @discardableResult
    public mutating func replay(
        _ frames: [StoredFrame]
    ) throws(StoreError) -> [DirectoryRecord] {
        var records: [DirectoryRecord] = []
        for stored in frames {
            guard let record = Self.record(stored, position: position + 1, after: head)
            else { throw .corrupt }
            take(record, head: stored.head)
            records.append(record)
        }
        return records
    }

    /// Takes records that were decided, and gives their frames; `nil`, and nothing is taken, where
    /// one cannot be written.
    mutating func append(_ records: [DirectoryRecord]) -> [AppendFrame]? {
        var bytes: [[UInt8]] = []
        for record in records {
            guard let encoded = try? CBOREncoder().encode(record) else { return nil }
            bytes.append(encoded)
        }
        return zip(records, bytes).map { record, bytes in
            let next = RoomChain.next(head, number: position + 1, event: bytes)
            take(record, head: next)
            let push = PushedRecord(room: Self.room, position: position, record: bytes)
            return AppendFrame(
                stream: .directory,
                number: position,
                frame: push.frame(),
                digest: Hashing.hash(bytes),
                head: next
            )
        }
    }

    private mutating func take(_ record: DirectoryRecord, head next: Bytes32) {
        directory.evolve(record)
        position += 1
        head = next
        switch record.event {
        case .enrolled(let enrolled): lists[enrolled.enrolment.person, default: []].append(position)
        case .deviceListed(let listed): lists[listed.person, default: []].append(position)
        default: break
        }
    }

    private static func record(
        _ stored: StoredFrame,
        position: UInt64,
        after head: Bytes32
    ) -> DirectoryRecord? {
        guard case .push(.record(let pushed))? = StoredFrames.message(stored.frame),
            pushed.position == position,
            RoomChain.next(head, number: position, event: pushed.record) == stored.head
        else { return nil }
        return try? CBORDecoder().decode(DirectoryRecord.self, from: pushed.record)
    }

    /// Reads a person's device list out of the frame in which one of its versions came.
    static func deviceList(in stored: StoredFrame) -> SignedBytes? {
        guard case .push(.record(let pushed))? = StoredFrames.message(stored.frame),
            let record = try? CBORDecoder().decode(DirectoryRecord.self, from: pushed.record)
        else { return nil }
        return switch record.event {
        case .enrolled(let enrolled): enrolled.enrolment.deviceList.signed
        case .deviceListed(let listed): listed.list.signed
        default: nil
        }
    }
}
