// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// Is a timer on a listener's loop; it ends when cancelled, not when forgotten.
///
/// - Isolation: the listener's loop.
public final class LoopTimer {
    private var scheduled: Scheduled<Void>?
    private var isCancelled = false

    /// Runs nothing any more.
    public func cancel() {
        isCancelled = true
        scheduled?.cancel()
        scheduled = nil
    }

    func start(
        on loop: any EventLoop,
        after delay: Duration,
        repeats: Bool,
        _ body: @escaping () -> Void
    ) {
        guard !isCancelled else { return }
        scheduled = loop.assumeIsolated().scheduleTask(in: TimeAmount(delay)) {
            guard !self.isCancelled else { return }
            self.scheduled = nil
            body()
            if repeats { self.start(on: loop, after: delay, repeats: true, body) }
        }
    }
}

@available(*, unavailable)
extension LoopTimer: Sendable {}
