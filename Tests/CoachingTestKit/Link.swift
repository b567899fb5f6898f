// SPDX-License-Identifier: Apache-2.0
package import CoachingModel
package import CoachingServer
package import CoachingWire

/// A connection as the transport would keep it: a queue out that may be too long.
package final class Link {
    package let number: ConnectionNumber
    package let nonce: Bytes32
    /// What has reached the client.
    package private(set) var inbox: [[UInt8]] = []
    package private(set) var isClosed = false
    package var isAuthenticated = false
    package var isPaused = false
    package var held: [[UInt8]] = []
    /// Whether the client reads nothing for now.
    package var isStalled = false
    package var isLagging = false
    package var wantsDrained = false
    /// How many frames may wait before pushes are dropped.
    package var framesMax = 1_000
    private var queue: [(frame: [UInt8], isPush: Bool)] = []

    init(number: ConnectionNumber, nonce: Bytes32) {
        self.number = number
        self.nonce = nonce
    }

    func send(_ frame: [UInt8]) {
        guard !isClosed else { return }
        queue.append((frame, false))
        if !isStalled { flush() }
    }

    /// Takes a push; gives false where this made the connection lag.
    func deliver(_ frame: [UInt8]) -> Bool {
        guard !isClosed, !isLagging else { return true }
        guard queue.count < framesMax else {
            isLagging = true
            queue.removeAll { $0.isPush }
            return false
        }
        queue.append((frame, true))
        if !isStalled { flush() }
        return true
    }

    func flush() {
        inbox += queue.map(\.frame)
        queue = []
    }

    func end() {
        if !isStalled { flush() }
        isClosed = true
    }

    /// Gives what has come since it was asked last.
    package func takeFrames() -> [[UInt8]] {
        defer { inbox = [] }
        return inbox
    }

    /// Gives what has come, decoded.
    package func takeMessages() throws -> [ServerMessage] {
        try takeFrames().map { try ServerMessage(body: Array($0.dropFirst(Frame.headBytes))) }
    }

    /// Gives why the server closed, if it said so.
    package func takeGoodbye() throws -> GoodbyeCode? {
        for case .goodbye(let goodbye) in try takeMessages() { return goodbye.code }
        return nil
    }
}
