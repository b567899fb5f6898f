// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingEnvelope
public import CoachingModel
public import CoachingStore
import CoachingWire

/// The directory in memory: decides, appends, and does what follows when it is durable.
///
/// Confined to the core.
final class DirectoryHost {
    /// Something that waits for the directory's next decision.
    struct Wait {
        var command: DirectoryCommand
        var actor: DirectoryActor
        /// What to do when it is durable (or refused), with the records that it led to.
        var then: (Result<[DirectoryRecord], DirectoryRejection>?, Timestamp) -> Void
    }

    struct Flight {
        var decided: [(wait: Wait, records: [DirectoryRecord])]
        var before: Directory
        var positionBefore: UInt64
        var headBefore: Bytes32
    }

    weak var core: ServerCore?
    var directory: Directory
    var position: UInt64
    var head: Bytes32
    var waiting: [Wait] = []
    var flight: Flight?

    init(log: DirectoryLog) {
        directory = log.directory
        position = log.position
        head = log.head
    }

    /// Takes up a command. `then` gets `nil` where the store could not keep it.
    func take(
        _ command: DirectoryCommand, by actor: DirectoryActor,
        then: @escaping (Result<[DirectoryRecord], DirectoryRejection>?, Timestamp) -> Void
    ) {
        waiting.append(Wait(command: command, actor: actor, then: then))
    }

    /// Decides all that waits and hands it to the store in one append.
    func decide(at now: Timestamp) {
        guard flight == nil, !waiting.isEmpty else { return }
        let due = waiting
        waiting = []
        var decided: [(wait: Wait, records: [DirectoryRecord])] = []
        var frames: [AppendFrame] = []
        let guards = [StreamGuard(stream: .directory, number: position)]
        let before = (directory, position, head)
        for wait in due {
            do {
                let records = try directory.decide(wait.command, by: wait.actor, at: now)
                for record in records { frames.append(try append(record)) }
                if records.isEmpty && frames.isEmpty {
                    wait.then(.success([]), now)
                } else {
                    decided.append((wait, records))
                }
            } catch let rejection as DirectoryRejection {
                wait.then(.failure(rejection), now)
            } catch {
                wait.then(.failure(.outOfBounds), now)
            }
        }
        guard !frames.isEmpty else { return }
        flight = Flight(
            decided: decided, before: before.0, positionBefore: before.1, headBefore: before.2)
        core?.append(AppendGroup(frames: frames, guards: guards), for: .directory)
    }

    private func append(_ record: DirectoryRecord) throws -> AppendFrame {
        let bytes = try CBOREncoder().encode(record)
        position += 1
        head = RoomChain.next(head, number: position, event: bytes)
        directory.evolve(record)
        return AppendFrame(
            stream: .directory, number: position,
            frame: PushedRecord(room: DirectoryLog.room, position: position, record: bytes).frame(),
            digest: Hashing.hash(bytes), head: head)
    }

    /// Goes on after a commit.
    func committed(_ result: Result<[AppendOutcome], StoreError>, at now: Timestamp) {
        guard let flight else { return }
        self.flight = nil
        if case .success(let outcomes) = result, outcomes.allSatisfy({ $0 == .committed }) {
            for (wait, records) in flight.decided {
                wait.then(.success(records), now)
                for record in records { core?.directoryChanged(record, at: now) }
            }
        } else {
            directory = flight.before
            position = flight.positionBefore
            head = flight.headBefore
            for (wait, _) in flight.decided { wait.then(nil, now) }
            if case .failure(let error) = result { core?.storeFailed(error) }
        }
    }
}

/// The directory as its log gives it.
public struct DirectoryLog: Sendable {
    /// The state after the last record.
    public private(set) var directory = Directory()
    /// The last record's position.
    public private(set) var position: UInt64 = 0
    /// The head of the chain after it.
    public private(set) var head: Bytes32 = RoomChain.start(DirectoryLog.room)

    static let room = RoomID(.zero)

    /// Makes an empty directory.
    public init() {}

    /// Takes over stored frames in order.
    ///
    /// - Throws: `StoreError.corrupt` where one does not follow from the one before.
    public mutating func replay(_ frames: [StoredFrame]) throws(StoreError) {
        for stored in frames {
            guard case .push(.record(let pushed))? = StoredFrames.message(stored.frame),
                pushed.position == position + 1,
                let record = try? CBORDecoder().decode(DirectoryRecord.self, from: pushed.record),
                RoomChain.next(head, number: pushed.position, event: pushed.record) == stored.head
            else { throw .corrupt }
            directory.evolve(record)
            position = pushed.position
            head = stored.head
        }
    }
}

// MARK: - What requests need of it

extension Directory {
    /// Whether a participant may be the first in a room: a proposed facilitator, or a proposed
    /// peer where no facilitator is proposed.
    func mayFound(_ room: RoomID, _ participant: ParticipantID) -> Bool {
        guard let record = self.room(room), !record.isClosed,
            let own = proposal(participant, in: room)
        else { return false }
        if own.membership == .facilitator { return true }
        return !proposals(in: room).contains { $0.membership == .facilitator }
    }

    /// Lists who is proposed for a room and not in it.
    func lobby(of room: RoomID, members: Set<PersonID>) -> Lobby {
        let candidates = proposals(in: room).compactMap { proposal -> Candidate? in
            guard let participant = participant(proposal.participant) else { return nil }
            if let person = participant.person, members.contains(person) { return nil }
            let enrolled = participant.person.flatMap { person($0) }
            return Candidate(
                participant: participant.participant, name: participant.name,
                membership: proposal.membership,
                proposer: proposal.by.flatMap { self.participant($0)?.name } ?? "",
                accepted: proposal.accepted != nil, deviceList: enrolled?.deviceList.signed,
                vouchers: participant.person.map { signedVouchers(for: $0) } ?? [])
        }
        return Lobby(candidates: candidates)
    }

    private func signedVouchers(for person: PersonID) -> [SignedVoucher] {
        vouchers(for: person).compactMap { voucher in
            guard let inviter = participant(voucher.inviter), let signer = inviter.person,
                let list = deviceList(of: signer)
            else { return nil }
            return SignedVoucher(
                voucher: voucher.vouched.voucher, signer: voucher.vouched.signer,
                signerDevices: list.signed, name: inviter.name,
                administrator: isAdministrator(inviter.participant))
        }
    }

    /// Lists the keys of a member's devices.
    func keys(of person: PersonID) -> MemberKeys? {
        guard let list = deviceList(of: person) else { return nil }
        return MemberKeys(
            person: person, deviceList: list.signed,
            encryptionKeys: activeDevices(of: person).map(\.encryptionKey))
    }
}
