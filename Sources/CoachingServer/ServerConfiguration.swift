// SPDX-License-Identifier: Apache-2.0
public import CoachingModel
public import CoachingWire

/// The bounds and times that a server holds; every one can be configured.
///
/// - Units: as the names say.
/// - Source: DESIGN.md D21, Protocol/spec.md, Limits.
public struct ServerConfiguration: Hashable, Sendable {
    /// What is announced to clients.
    public var limits = WireLimits()
    /// The most requests that one connection has waiting.
    public var requestsWaitingMax = 64
    /// The most requests that one room has waiting.
    public var roomRequestsWaitingMax = 4_096
    /// How many requests a device may make at once before it is slowed down.
    public var requestsBurst = 40
    /// How many requests a second it may go on with.
    public var requestsPerSecond = 10
    /// How many bytes a device may send at once before it is slowed down.
    public var bytesBurst = 1 << 20
    /// How many bytes a second it may go on with.
    public var bytesPerSecond = 65_536
    /// How long a device may go on faster than that without waiting for answers.
    public var overPaceMilliseconds: Int64 = 30_000
    /// How many frames one commit of one room takes.
    public var batchFramesMax = 256
    /// After how long without a word a connection is asked whether it is there.
    public var pingAfterMilliseconds: Int64 = 30_000
    /// After how long without a word it is closed.
    public var idleMilliseconds: Int64 = 75_000
    /// After how long without a connection a person counts as away, outside sessions.
    public var absenceMilliseconds: Int64 = 60_000
    /// After how long without a connection somebody else keeps time in a session for who does.
    public var graceMilliseconds: Int64 = 120_000
    /// After how long without use a room is let go from memory.
    public var roomIdleMilliseconds: Int64 = 600_000
    /// How long what was erased may wait until its traces are wiped from the store's files.
    public var purgeMilliseconds: Int64 = 10_000
    /// How soon after the last time a room is looked through again for what is over.
    public var retentionMilliseconds: Int64 = 3_600_000
    /// How many bytes one page of missed frames has.
    public var pageBytes = 262_144
    /// How many MiB the files of one room may have together.
    public var roomFilesMiB = 256
    /// How long a file is kept that no line hands over.
    public var unnamedFileMilliseconds: Int64 = 3_600_000
    /// The bounds of a room.
    public var room = RoomLimits.standard

    /// How many bytes an item or a record has at most, so that the push around it fits a frame and
    /// the record can be read again.
    var pushedBytesMax: Int {
        min(Int(limits.frameBytesMax), RoomRecord.bytesMax) - Frame.pushBytesMax
    }

    /// Makes the configuration with its defaults.
    public init() {}
}

/// Makes and reads device certificates; the core itself knows nothing of X.509.
public struct CertificateDesk: Sendable {
    /// Issues a certificate for a device from a certificate request (DER); throws where the
    /// request does not hold.
    ///
    /// Gives the certificate (DER) and a hash of the request's key.
    public var issue:
        @Sendable (_ request: [UInt8], _ device: DeviceID, _ at: Timestamp) throws
            -> (certificate: [UInt8], key: Bytes32)
    /// Reads for which device a certificate of this authority was issued.
    public var device: @Sendable (_ certificate: [UInt8]) -> DeviceID?
    /// The authority's certificate, DER.
    public var authority: [UInt8]

    /// Makes a desk.
    public init(
        authority: [UInt8],
        issue:
            @escaping @Sendable (_ request: [UInt8], _ device: DeviceID, _ at: Timestamp) throws
            -> (certificate: [UInt8], key: Bytes32),
        device: @escaping @Sendable (_ certificate: [UInt8]) -> DeviceID?
    ) {
        self.authority = authority
        self.issue = issue
        self.device = device
    }
}
