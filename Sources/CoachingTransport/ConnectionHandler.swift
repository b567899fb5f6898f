// SPDX-License-Identifier: Apache-2.0

/// Names one connection of a listener; counts up and is never used again.
public typealias ConnectionID = UInt64

/// Tells who is at the other end, as far as TLS knows.
public struct PeerDescription: Hashable, Sendable {
    /// Holds the IP address, without port.
    public let address: String
    /// Holds the certificate (DER) that the peer proved to own, if it showed one.
    public let certificate: [UInt8]?
    /// Holds the server's leaf (DER) that this connection was shown; the hello signs its hash.
    public let serverLeaf: [UInt8]
}

/// Says why a connection ended.
public enum CloseReason: Hashable, Sendable {
    /// The peer closed it between two frames.
    case peer
    /// The peer closed it within a frame.
    case truncated
    /// The network or TLS failed.
    case lost
    /// The handler closed it.
    case handler
    /// The peer broke the framing.
    case violation(FrameViolation)
    /// Neither hello nor enrolment came in time.
    case helloLate
    /// The peer took nothing of what waited for it for too long.
    case writeStalled
    /// Too many replies waited for the peer, or all queues together were too long.
    case queueOverflow
    /// The handler paused reading and the peer sent on too much.
    case inputOverflow
    /// The listener shuts down.
    case shutdown
}

/// Is driven by a listener: the server's side of all its connections.
///
/// Every call is made on the listener's loop, and none within a call to ``ConnectionTable``: what
/// a handler's own call brings about (a close, a lag) is told at the end of the loop's turn. After
/// ``closed(_:_:)`` nothing more is told about a connection, and after
/// ``ConnectionTable/close(_:after:)`` only that.
public protocol ConnectionHandler: AnyObject {
    /// Hears of a connection whose TLS and ALPN stand.
    func opened(_ connection: ConnectionID, _ peer: PeerDescription)
    /// Takes the body of one frame, without its length.
    func received(_ connection: ConnectionID, frame: [UInt8])
    /// Hears that too much waited and all pushes of the connection were dropped, and go on being
    /// dropped until ``drained(_:)``.
    func lagged(_ connection: ConnectionID)
    /// Hears that nothing waits any more, after a lag or after a send that asked for it.
    func drained(_ connection: ConnectionID)
    /// Hears of the end of a connection that was opened.
    func closed(_ connection: ConnectionID, _ reason: CloseReason)
    /// Hears of a broken frame; gives a whole frame to say goodbye with, or `nil`.
    func violated(_ connection: ConnectionID, _ violation: FrameViolation) -> [UInt8]?
    /// Hears that neither hello nor enrolment came in time; gives a whole frame to say goodbye with,
    /// or `nil`.
    func helloLate(_ connection: ConnectionID) -> [UInt8]?
    /// Hears that the listener stops: the moment to close each connection after a goodbye.
    func stopping()
    /// Hears of the end of a loop turn in which anything above was called, or a body ran that came
    /// through ``ListenerLoop`` or a timer of the table.
    func turnEnded()
}
