// SPDX-License-Identifier: Apache-2.0

/// Sets what one listener takes from strangers and from members, in numbers and time.
///
/// The defaults are those of the design; each can be configured.
public struct TransportLimits: Sendable {
    /// Bounds the connections at once.
    public var connectionsMax = 10_000
    /// Bounds the connections that have not authenticated, at once.
    public var unauthenticatedMax = 256
    /// Tells from how many unauthenticated connections on new ones are dropped at random.
    ///
    /// The share rises from none here to all at ``unauthenticatedMax``, so a flood cannot shut
    /// out everybody else with certainty.
    public var earlyDropFrom = 128
    /// Bounds the unauthenticated connections at once of one IPv4 address or IPv6 /64.
    public var unauthenticatedPerAddressMax = 8
    /// Bounds the new connections a minute of one address that did not authenticate.
    public var newPerMinuteMax = 30
    /// Bounds the new connections in ten minutes of one address that did not authenticate.
    public var newPerTenMinutesMax = 120
    /// Tells after how many failed handshakes of one address it is refused for a while.
    ///
    /// Who just goes before the handshake is done has not failed in it, and who authenticates
    /// takes back what others of the same address have failed in.
    public var failedPerAddressMax = 10
    /// Tells for how long a failed handshake counts.
    public var failedWithin: Duration = .seconds(120)
    /// Tells for how long an address is then refused, before TLS.
    public var refusedFor: Duration = .seconds(300)
    /// Bounds the addresses that are remembered; beyond it the oldest idle one is forgotten.
    public var addressesMax = 16_384

    /// Bounds the TLS handshake, from accept.
    public var handshakeWithin: Duration = .seconds(5)
    /// Bounds the wait for the hello of a peer that showed a certificate, from the handshake.
    public var helloWithin: Duration = .seconds(5)
    /// Bounds the wait for the enrolment of a peer without certificate, from the handshake.
    public var enrolmentWithin: Duration = .seconds(10)
    /// Bounds the time in which a frame must be whole once its first byte is there.
    public var frameWithin: Duration = .seconds(10)
    /// Bounds the time in which a peer must take something of what waits for it.
    public var writeProgressWithin: Duration = .seconds(10)
    /// Bounds the flushing of what waits when a connection is closed in good order.
    public var flushWithin: Duration = .seconds(5)
    /// Tells how often these times are looked at; each can be late by this much.
    public var lookEvery: Duration = .milliseconds(250)

    /// Bounds the body of a frame from a peer that has authenticated.
    public var frameBytesMax = 69_632
    /// Bounds the body of a frame from a peer that has not.
    public var firstFrameBytesMax = 8_192
    /// Bounds what a handler that paused reading makes this side hold, for one connection.
    public var heldBytesMax = 1 << 20

    /// Bounds the bytes that wait for one peer before its pushes are dropped.
    public var queueBytesMax = 1 << 20
    /// Bounds the frames that wait for one peer before its pushes are dropped.
    public var queueFramesMax = 1_000
    /// Bounds the replies that wait for one peer before it is cut.
    public var replyBytesMax = 4 << 20
    /// Bounds what waits for all peers together; beyond it the longest queue is cut.
    public var allQueuesBytesMax = 256 << 20

    /// Sets how many connections the system holds that have not been accepted yet.
    public var backlog: Int32 = 512
    /// Sets the size of a read buffer; small, because idle connections keep theirs.
    public var receiveBytes = 512

    /// Sets the defaults.
    public init() {}
}
