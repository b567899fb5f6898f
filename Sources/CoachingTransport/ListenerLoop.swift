// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import Synchronization

/// Is the one loop of a listener, as other threads see it: an inbox.
///
/// What comes in is run on the loop in order; however much comes in together, the loop is woken
/// once.
public final class ListenerLoop: Sendable {
    private struct Inbox {
        var bodies: [@Sendable () -> Void] = []
        var isScheduled = false
    }

    let eventLoop: any EventLoop
    private let inbox = Mutex(Inbox())
    /// Is told on the loop after bodies ran.
    let afterwards: NIOLoopBoundBox<(() -> Void)?>

    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        afterwards = NIOLoopBoundBox.makeEmptyBox(
            valueType: (() -> Void).self,
            eventLoop: eventLoop
        )
    }

    /// Tells whether the caller runs on the loop.
    public var isCurrent: Bool { eventLoop.inEventLoop }

    /// Runs a body on the loop, soon; from any thread.
    public func onLoop(_ body: @escaping @Sendable () -> Void) {
        let wakes = inbox.withLock { inbox in
            inbox.bodies.append(body)
            defer { inbox.isScheduled = true }
            return !inbox.isScheduled
        }
        if wakes { eventLoop.execute { self.run() } }
    }

    private func run() {
        let bodies = inbox.withLock { inbox in
            defer { inbox = Inbox() }
            return inbox.bodies
        }
        for body in bodies { body() }
        afterwards.value?()
    }
}

/// Carries a value that belongs to a listener's loop through other threads, unread.
///
/// Made and read on the loop only; reading it elsewhere stops the program, as our own bug.
public struct LoopBound<Value>: Sendable {
    private let bound: NIOLoopBound<Value>

    /// Wraps a value, on the loop.
    public init(_ value: Value, on loop: ListenerLoop) {
        bound = NIOLoopBound(value, eventLoop: loop.eventLoop)
    }

    /// Gives the value, on the loop.
    public var value: Value { bound.value }
}
