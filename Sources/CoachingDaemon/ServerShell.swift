// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingServer
import CoachingStore
import CoachingTransport
import CoachingWire
import Dispatch
import Logging

/// Drives the core with what the listener hears, and carries its effects out.
///
/// - Isolation: the listener's loop; only the store's and the reader's answers come from other
///   threads, and they come through the loop's inbox.
final class ServerShell: ConnectionHandler {
    private let core: ServerCore
    private let store: any EventStore
    private let table: ConnectionTable
    private let reader: DispatchQueue
    private let clock: @Sendable () -> Timestamp
    private let deviceOf: @Sendable ([UInt8]) -> DeviceID?
    private let logger: Logger
    private let onStopped: @Sendable () -> Void
    private let onFailure: @Sendable (StoreError) -> Void
    private let onCalm: @Sendable () -> Void
    private var calm: CalmWatch
    /// What keeps the time; ends with the shell.
    var timers: TimerKeeper?
    private var operations: [UInt64: (Result<DirectoryOutcome, DirectoryRejection>?) -> Void] = [:]
    private var nextOperation: UInt64 = 1
    private var generator = SystemRandomNumberGenerator()
    private var hashedLeaf: (leaf: [UInt8], hash: Bytes32)?

    init(
        core: ServerCore,
        store: any EventStore,
        table: ConnectionTable,
        clock: @escaping @Sendable () -> Timestamp,
        deviceOf: @escaping @Sendable ([UInt8]) -> DeviceID?,
        logger: Logger,
        onStopped: @escaping @Sendable () -> Void,
        onFailure: @escaping @Sendable (StoreError) -> Void,
        onCalm: @escaping @Sendable () -> Void
    ) {
        self.core = core
        self.store = store
        self.table = table
        self.clock = clock
        self.deviceOf = deviceOf
        self.logger = logger
        self.onStopped = onStopped
        self.onFailure = onFailure
        self.onCalm = onCalm
        calm = CalmWatch(at: clock())
        reader = DispatchQueue(label: "peercoach.reader")
    }

    // MARK: What the listener hears

    func opened(_ connection: ConnectionID, _ peer: PeerDescription) {
        let description = ConnectionPeer(
            certified: peer.certificate.flatMap(deviceOf),
            serverLeaf: hash(peer.serverLeaf),
            nonce: Bytes32(
                generator.next(),
                generator.next(),
                generator.next(),
                generator.next()
            )
        )
        step(.opened(connection, description))
    }

    func received(_ connection: ConnectionID, frame: [UInt8]) { step(.frame(connection, frame)) }

    func lagged(_ connection: ConnectionID) { step(.lagged(connection)) }

    func drained(_ connection: ConnectionID) { step(.drained(connection)) }

    func closed(_ connection: ConnectionID, _ reason: CloseReason) { step(.closed(connection)) }

    func violated(_ connection: ConnectionID, _ violation: FrameViolation) -> [UInt8]? {
        switch violation {
        case .empty: core.farewell(.badFrame, "A frame of length 0 is no frame.")
        case .tooLong(_, let most):
            core.farewell(.frameTooLong, "A frame may have \(most) bytes here.")
        case .late: core.farewell(.badFrame, "The rest of a frame did not come in time.")
        }
    }

    func helloLate(_ connection: ConnectionID) -> [UInt8]? {
        core.farewell(.tooSlow, "No hello came in time.")
    }

    func stopping() {}

    func turnEnded() { step(.turnEnded) }

    func tick() {
        step(.tick)
        if calm.isCalm(at: clock()) { reader.async(execute: onCalm) }
    }

    func stop() { step(.stop) }

    func wake(_ wakes: [RoomWake]) {
        for effect in core.wake(wakes, at: clock()) { perform(effect) }
    }

    func operate(
        _ command: DirectoryCommand,
        then: @escaping (Result<DirectoryOutcome, DirectoryRejection>?) -> Void
    ) {
        let token = nextOperation
        nextOperation += 1
        operations[token] = then
        step(.operate(token, command))
    }

    private func hash(_ leaf: [UInt8]) -> Bytes32 {
        if let hashedLeaf, hashedLeaf.leaf == leaf { return hashedLeaf.hash }
        let hash = Hashing.hash(leaf)
        hashedLeaf = (leaf, hash)
        return hash
    }

    // MARK: What the core wants

    private func step(_ input: ServerInput) {
        core.step(input, at: clock()) { perform($0) }
    }

    private func perform(_ effect: ServerEffect) {
        switch effect {
        case .send(let connection, let frame): table.send(frame, to: connection)
        case .deliver(let frame, let connections): table.deliver(frame, to: connections)
        case .notifyDrained(let connection):
            table.notifyDrained(connection)
        case .close(let connection, let frame): table.close(connection, after: frame)
        case .authenticated(let connection):
            calm.arrived(at: clock())
            table.setAuthenticated(connection)
        case .pauseReading(let connection): table.pauseReading(connection)
        case .resumeReading(let connection): table.resumeReading(connection)
        case .append(let token, let groups): append(token, groups)
        case .read(let token, let request): read(token, request)
        case .purge: purge()
        case .log(let note): log(note)
        case .operated(let token, let result):
            operations.removeValue(forKey: token)?(result)
        case .stopped: onStopped()
        }
    }

    private func append(_ token: UInt64, _ groups: [AppendGroup]) {
        let shell = LoopBound(self, on: table.loop)
        let loop = table.loop
        let onFailure = onFailure
        store.append(groups) { result in
            if case .failure(.flushFailed) = result { onFailure(.flushFailed) }
            loop.onLoop { shell.value.step(.committed(token, result)) }
        }
    }

    private func read(_ token: UInt64, _ request: ReadRequest) {
        let shell = LoopBound(self, on: table.loop)
        let loop = table.loop
        let store = store
        reader.async { @Sendable in
            let result = Self.answer(request, from: store)
            loop.onLoop { shell.value.step(.read(token, result)) }
        }
    }

    private func purge() {
        let shell = LoopBound(self, on: table.loop)
        let loop = table.loop
        let store = store
        reader.async { @Sendable in
            var failure: StoreError?
            do throws(StoreError) {
                try store.purge()
            } catch {
                failure = error
            }
            let outcome = failure
            loop.onLoop { shell.value.step(.purged(outcome)) }
        }
    }

    private static func answer(
        _ request: ReadRequest,
        from store: any EventStore
    ) -> Result<ReadAnswer, StoreError> {
        do throws(StoreError) {
            switch request {
            case .frames(let stream, let numbers, let bytesMax):
                return .success(.frames(try store.read(stream, numbers, bytesMax: bytesMax)))
            case .streams(let room): return .success(.streams(try store.streams(of: room)))
            case .label(let label): return .success(.label(try store.find(label: label)))
            case .files(let room): return .success(.files(try store.files(of: room)))
            case .chunk(let file, let index):
                return .success(.chunk(try store.chunk(index, of: file)))
            }
        } catch {
            return .failure(error)
        }
    }

    private func log(_ note: ServerNote) {
        let level: Logger.Level =
            switch note.level {
            case .debug: .debug
            case .info: .info
            case .warning: .warning
            case .error: .error
            }
        let metadata: Logger.Metadata? = note.reference.map { ["ref": "\($0)"] }
        logger.log(level: level, "\(note.sentence)", metadata: metadata)
    }
}
