// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Wakes everybody who waits for something to change; they look again by themselves.
///
/// - Isolation: whoever waits checks their condition and calls ``wait()`` on the same actor that
///   calls ``fire()``, so that no change falls between the two.
final class Signal: Sendable {
    private struct State {
        var next: UInt64 = 0
        var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var cancelled: Set<UInt64> = []
    }

    private let state = Mutex(State())

    /// Suspends until the next ``fire()``, or until the task is cancelled.
    func wait() async {
        let id = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isCancelled = state.withLock { state in
                    if state.cancelled.remove(id) != nil { return true }
                    state.waiting[id] = continuation
                    return false
                }
                if isCancelled { continuation.resume() }
            }
        } onCancel: {
            let continuation = state.withLock { state in
                let found = state.waiting.removeValue(forKey: id)
                // Cancelled before it waited: it must not begin to.
                if found == nil { state.cancelled.insert(id) }
                return found
            }
            continuation?.resume()
        }
        state.withLock { _ = $0.cancelled.remove(id) }
    }

    /// Wakes all who wait now.
    func fire() {
        let waiting = state.withLock { state in
            defer { state.waiting.removeAll() }
            return state.waiting
        }
        for continuation in waiting.values { continuation.resume() }
    }
}
