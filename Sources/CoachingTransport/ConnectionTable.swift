// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOSSL

/// Counts what a listener has to do with, for metrics.
public struct TransportCounts: Hashable, Sendable {
    /// Counts the connections now, from accept on.
    public var open = 0
    /// Counts those of them that have not authenticated.
    public var unauthenticated = 0
    /// Counts the bytes that wait for all peers.
    public var queuedBytes = 0
    /// Counts all connections that were let in.
    public var admitted: UInt64 = 0
    /// Counts all connections that were refused at accept.
    public var refused: UInt64 = 0
    /// Counts all that ended before TLS and ALPN stood.
    public var handshakesFailed: UInt64 = 0
}

/// Is what a handler acts with: the connections of one listener.
///
/// Frames that go out are whole: four bytes of length and the body. Calls that name a connection
/// which is closed or closing do nothing: the peer may always be faster.
///
/// - Isolation: the listener's loop, for every member but ``loop``.
public final class ConnectionTable {
    enum Event {
        case resumed(Connection)
        case lagged(Connection)
        case drained(Connection)
        case closed(ConnectionID, CloseReason)
    }

    /// Gives the way in for other threads.
    public let loop: ListenerLoop

    let eventLoop: any EventLoop
    let limits: TransportLimits
    var gate: AddressGate
    var handler: (any ConnectionHandler)?
    var connections: [ConnectionID: Connection] = [:]
    var events: [Event] = []
    var dirty: [Connection] = []
    var watched: [Connection] = []
    var isTurnScheduled = false
    var isTouched = false
    var isLookScheduled = false
    var shutdown: Shutdown?

    /// Pushes to the same receivers, one behind the other, that go out as one.
    private var gathered = ByteBuffer()
    private var gatheredReceivers: [ConnectionID] = []
    private var lastID: ConnectionID = 0
    private var tally = TransportCounts()
    private var generator = SystemRandomNumberGenerator()

    init(_ loop: ListenerLoop, _ limits: TransportLimits) {
        self.loop = loop
        self.limits = limits
        eventLoop = loop.eventLoop
        gate = AddressGate(limits)
        loop.afterwards.value = { [weak self] in self?.touch() }
    }

    /// Tells how many there are of what.
    public var counts: TransportCounts {
        handOutGathered()
        var counts = tally
        counts.open = gate.open
        counts.unauthenticated = gate.unauthenticated
        return counts
    }

    /// Sends a reply: kept, whatever happens to pushes.
    ///
    /// - Parameters:
    ///   - frame: the whole frame.
    ///   - connection: the receiver.
    ///   - reportsDrained: whether the handler wants to hear when nothing waits any more.
    public func send(
        _ frame: [UInt8],
        to connection: ConnectionID,
        reportsDrained: Bool = false
    ) {
        handOutGathered()
        guard let found = connections[connection], found.phase.isOpen else { return }
        if reportsDrained { found.wantsDrained = true }
        found.enqueue(reply: ByteBuffer(bytes: frame))
    }

    /// Sends a push to many: one buffer, shared by all.
    ///
    /// Pushes to the same receivers, one right behind the other, go out as one.
    ///
    /// - Parameters:
    ///   - frame: the whole frame.
    ///   - receivers: the connections; those that lag do not get it.
    public func deliver(_ frame: [UInt8], to receivers: [ConnectionID]) {
        if receivers != gatheredReceivers
            || gathered.readableBytes + frame.count > OutgoingQueue.chunkBytesMax
        {
            handOutGathered()
            gatheredReceivers = receivers
            gathered = ByteBuffer(bytes: frame)
            scheduleTurn()
        } else {
            gathered.writeBytes(frame)
        }
    }

    /// Queues the pushes that were gathered, before anything else happens to a connection.
    func handOutGathered() {
        guard !gatheredReceivers.isEmpty else { return }
        let (buffer, receivers) = (gathered, gatheredReceivers)
        gathered = ByteBuffer()
        gatheredReceivers = []
        for receiver in receivers {
            guard let found = connections[receiver], found.phase.isOpen else { continue }
            found.enqueue(push: buffer)
        }
    }

    /// Has the handler hear `drained` once nothing waits for this connection any more.
    public func notifyDrained(_ connection: ConnectionID) {
        handOutGathered()
        guard let found = connections[connection], found.phase.isOpen else { return }
        found.wantsDrained = true
        markDirty(found)
    }

    /// Closes a connection in good order: what waits, then a last frame, then the end.
    ///
    /// - Parameters:
    ///   - connection: which one.
    ///   - frame: the whole frame to say goodbye with, if any.
    public func close(_ connection: ConnectionID, after frame: [UInt8]? = nil) {
        handOutGathered()
        connections[connection]?.beginClose(.handler, after: frame)
    }

    /// Says that the peer has authenticated: lifts the first limits on time and size.
    public func setAuthenticated(_ connection: ConnectionID) {
        connections[connection]?.setAuthenticated()
    }

    /// Stops reading from a connection; frames that have arrived are held back.
    public func pauseReading(_ connection: ConnectionID) {
        connections[connection]?.pause()
    }

    /// Reads on, from the end of this turn on.
    public func resumeReading(_ connection: ConnectionID) {
        connections[connection]?.resume()
    }

    /// Tells how many bytes wait here for a peer, without those the system has taken.
    public func queuedBytes(_ connection: ConnectionID) -> Int {
        handOutGathered()
        return connections[connection]?.queue.bytes ?? 0
    }

    /// Gives the loop's monotonic clock, in milliseconds.
    public var nowMs: Int64 {
        Int64(clamping: NIODeadline.now().uptimeNanoseconds / 1_000_000)
    }

    /// Runs a body once on the loop, later.
    ///
    /// - Parameters:
    ///   - delay: how much later, at least.
    ///   - body: what to run.
    /// - Returns: the timer, to cancel it by.
    @discardableResult
    public func schedule(after delay: Duration, _ body: @escaping () -> Void) -> LoopTimer {
        start(after: delay, repeats: false, body)
    }

    /// Runs a body on the loop again and again, with this pause between.
    ///
    /// - Parameters:
    ///   - pause: from the end of one run to the next.
    ///   - body: what to run.
    /// - Returns: the timer, to cancel it by.
    @discardableResult
    public func scheduleTick(every pause: Duration, _ body: @escaping () -> Void) -> LoopTimer {
        start(after: pause, repeats: true, body)
    }

    private func start(
        after delay: Duration,
        repeats: Bool,
        _ body: @escaping () -> Void
    ) -> LoopTimer {
        let timer = LoopTimer()
        timer.start(on: eventLoop, after: delay, repeats: repeats) { [weak self] in
            body()
            self?.touch()
        }
        return timer
    }

    // MARK: Coming in and going out

    /// Asks the gate; gives the connection's handler if it may come in.
    func admit(_ channel: any Channel, leaf: [UInt8]) throws -> Connection {
        guard shutdown == nil, let remote = channel.remoteAddress, let key = AddressKey(remote)
        else {
            tally.refused += 1
            throw RefusedConnection(refusal: .full)
        }
        switch gate.admit(key, atMs: nowMs, using: &generator) {
        case .failure(let refused):
            tally.refused += 1
            throw refused
        case .success(let admission):
            tally.admitted += 1
            lastID += 1
            return Connection(
                id: lastID,
                table: self,
                admission: admission,
                address: remote.ipAddress ?? "",
                leaf: leaf
            )
        }
    }

    /// Counts a connection as gone, whose handler never came into a pipeline.
    func dismiss(_ connection: Connection) {
        gate.ended(connection.admission)
        tally.handshakesFailed += 1
    }

    /// Gives what the handler says goodbye with to a peer that has not said hello in time.
    func helloLate(_ connection: ConnectionID) -> [UInt8]? {
        touch()
        return handler?.helloLate(connection) ?? nil
    }

    func ended(_ connection: Connection, wasOpened: Bool, _ reason: CloseReason) {
        if !wasOpened, reason == .lost { gate.failed(connection.admission, atMs: nowMs) }
        gate.ended(connection.admission)
        if wasOpened {
            connections[connection.id] = nil
            tell(.closed(connection.id, reason))
        } else {
            tally.handshakesFailed += 1
        }
        shutdownProgress()
    }

    /// Keeps the sum of all queues, and cuts the longest when it is too much.
    func queued(_ delta: Int) {
        tally.queuedBytes += delta
        while tally.queuedBytes > limits.allQueuesBytesMax {
            let longest = connections.values.max { $0.queue.bytes < $1.queue.bytes }
            guard let longest, longest.queue.bytes > 0 else { return }
            longest.abort(.queueOverflow)
        }
    }
}

@available(*, unavailable)
extension ConnectionTable: Sendable {}
