// SPDX-License-Identifier: Apache-2.0

import CoachingTransport
import Synchronization

/// Is something that a handler heard.
enum Happening: Hashable, Sendable {
    case opened(ConnectionID, PeerDescription)
    case received(ConnectionID, [UInt8])
    case lagged(ConnectionID)
    case drained(ConnectionID)
    case closed(ConnectionID, CloseReason)
    case violated(ConnectionID, FrameViolation)
    case helloLate(ConnectionID)
    case stopping
    case turnEnded
}

/// Keeps what a handler heard, for a test to wait on; one test task waits at a time.
final class EventLog: Sendable {
    struct Ended: Error {}

    private let events = Mutex<[Happening]>([])
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    init() {
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    var all: [Happening] { events.withLock { $0 } }

    /// Gives all but the ends of turns.
    var heard: [Happening] { all.filter { $0 != .turnEnded } }

    func append(_ event: Happening) {
        events.withLock { $0.append(event) }
        signal.yield()
    }

    /// Waits until the log has `count` events of a sort, and gives the last of them.
    @discardableResult
    func wait(
        count: Int = 1,
        for matches: (Happening) -> Bool
    ) async throws -> Happening {
        var iterator = signals.makeAsyncIterator()
        while true {
            let found = all.filter(matches)
            if found.count >= count, let last = found.last { return last }
            guard await iterator.next() != nil else { throw Ended() }
        }
    }

    func opened(count: Int = 1) async throws -> (ConnectionID, PeerDescription) {
        let event = try await wait(count: count) {
            if case .opened = $0 { true } else { false }
        }
        guard case .opened(let id, let peer) = event else { throw Ended() }
        return (id, peer)
    }

    func closed(_ id: ConnectionID) async throws -> CloseReason {
        let event = try await wait {
            if case .closed(id, _) = $0 { true } else { false }
        }
        guard case .closed(_, let reason) = event else { throw Ended() }
        return reason
    }

    func received(_ id: ConnectionID) -> [[UInt8]] {
        all.compactMap { if case .received(id, let body) = $0 { body } else { nil } }
    }
}

/// Writes down what it hears and then does what the test wants.
final class RecordingHandler: ConnectionHandler {
    typealias Reaction = @Sendable (ConnectionTable, Happening) -> Void

    private let table: ConnectionTable
    private let log: EventLog
    private let react: Reaction

    init(_ table: ConnectionTable, _ log: EventLog, _ react: @escaping Reaction) {
        self.table = table
        self.log = log
        self.react = react
    }

    private func note(_ event: Happening) {
        react(table, event)
        log.append(event)
    }

    func opened(_ connection: ConnectionID, _ peer: PeerDescription) {
        note(.opened(connection, peer))
    }
    func received(_ connection: ConnectionID, frame: [UInt8]) { note(.received(connection, frame)) }
    func lagged(_ connection: ConnectionID) { note(.lagged(connection)) }
    func drained(_ connection: ConnectionID) { note(.drained(connection)) }
    func closed(_ connection: ConnectionID, _ reason: CloseReason) {
        note(.closed(connection, reason))
    }
    func violated(_ connection: ConnectionID, _ violation: FrameViolation) -> [UInt8]? {
        note(.violated(connection, violation))
        return wholeFrame([0xBB])
    }
    func helloLate(_ connection: ConnectionID) -> [UInt8]? {
        note(.helloLate(connection))
        return wholeFrame([0xCC])
    }
    func stopping() { note(.stopping) }
    func turnEnded() { note(.turnEnded) }
}
