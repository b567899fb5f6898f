// SPDX-License-Identifier: Apache-2.0
import CoachingWire
import Synchronization

/// The requests of one connection that wait for an answer, with their deadlines in ticks.
///
/// - Isolation: any thread.
final class ReplyTable: Sendable {
    /// What a request gives, or the first page of it.
    struct Page: Sendable {
        var answer: Answer
        /// With what to ask for the next page, where the list goes on.
        var next: PageCursor?
    }

    typealias Outcome = Result<Page, ClientError>

    private struct Wait {
        var ticksLeft: Int
        var continuation: CheckedContinuation<Outcome, Never>?
        var outcome: Outcome?
    }

    private let waits = Mutex<[UInt64: Wait]>([:])

    /// Announces a request before it is sent, so that an answer finds its place.
    func expect(_ id: UInt64, ticks: Int) {
        waits.withLock { $0[id] = Wait(ticksLeft: ticks) }
    }

    /// Waits for the answer to an announced request.
    func answer(to id: UInt64) async -> Outcome {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let outcome: Outcome? = waits.withLock { waits in
                    guard let wait = waits[id] else { return .failure(.notConnected) }
                    if let outcome = wait.outcome {
                        waits[id] = nil
                        return outcome
                    }
                    waits[id]?.continuation = continuation
                    return nil
                }
                if let outcome { continuation.resume(returning: outcome) }
            }
        } onCancel: {
            settle(id, .failure(.cancelled))
        }
    }

    /// Gives a request its answer; nothing happens where none waits.
    func settle(_ id: UInt64, _ outcome: Outcome) {
        let continuation = waits.withLock { waits -> CheckedContinuation<Outcome, Never>? in
            guard let wait = waits[id] else { return nil }
            guard let continuation = wait.continuation else {
                waits[id]?.outcome = wait.outcome ?? outcome
                return nil
            }
            waits[id] = nil
            return continuation
        }
        continuation?.resume(returning: outcome)
    }

    /// Takes a tick off every deadline and gives up those that are over.
    func tick() {
        let over = waits.withLock { waits in
            for id in waits.keys { waits[id]?.ticksLeft -= 1 }
            return waits.filter { $0.value.ticksLeft <= 0 }.map(\.key)
        }
        for id in over { settle(id, .failure(.timedOut)) }
    }

    /// Gives up all: the connection is gone.
    func failAll(_ error: ClientError) {
        let ids = waits.withLock { Array($0.keys) }
        for id in ids { settle(id, .failure(error)) }
    }
}

extension ClientError {
    static let cancelled = ClientError(.notReached, "Stopped before the server answered.")
}
