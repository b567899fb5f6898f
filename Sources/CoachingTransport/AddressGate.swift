// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// Says whose connections are counted together.
enum AddressKey: Hashable {
    /// One IPv4 address, in host order; also an IPv4 address that is mapped into IPv6.
    case four(UInt32)
    /// The first 64 bits of an IPv6 address: one subscriber has them all.
    case six(UInt64)

    /// Takes the address out of `sockaddr_in` (at 4) or `sockaddr_in6` (at 8).
    init?(_ address: SocketAddress) {
        let bytes = address.withSockAddr { pointer, size in
            Array(UnsafeRawBufferPointer(start: pointer, count: size))
        }
        switch address {
        case .v4 where bytes.count >= 8:
            self = .four(bytes[4..<8].reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
        case .v6 where bytes.count >= 24:
            self.init(bytes: Array(bytes[8..<24]))
        default:
            return nil
        }
    }

    init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        let upper = bytes[0..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        if upper == 0, bytes[8..<12].elementsEqual([0, 0, 0xFF, 0xFF]) {
            self = .four(bytes[12...].reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
        } else {
            self = .six(upper)
        }
    }
}

/// Decides at accept, before TLS, whether a connection may come in.
///
/// Counts only connections that have not authenticated, so that an office behind one address is
/// not shut out. A value: time and randomness come from the caller.
struct AddressGate {
    enum Refusal: Hashable {
        case full
        case tooManyUnauthenticated
        case droppedEarly
        case tooManyFromAddress
        case tooOftenFromAddress
        case failedTooOften
    }

    /// Is what an admitted connection gives back when it authenticates or ends.
    struct Admission {
        let address: AddressKey
        let atMs: Int64
        fileprivate var isCounted = true
    }

    private struct Record {
        var unauthenticated = 0
        /// Holds when connections came that have not authenticated, the oldest first.
        var starts: [Int64] = []
        /// Holds when handshakes failed, the oldest first.
        var failures: [Int64] = []
        /// Tells until when the address is refused because of them.
        var refusedUntilMs: Int64?
    }

    static let minuteMs: Int64 = 60_000

    private let limits: TransportLimits
    private var records: [AddressKey: Record] = [:]
    private(set) var open = 0
    private(set) var unauthenticated = 0

    init(_ limits: TransportLimits) {
        self.limits = limits
    }

    var addressesCount: Int { records.count }

    mutating func admit(
        _ address: AddressKey,
        atMs: Int64,
        using generator: inout some RandomNumberGenerator
    ) -> Result<Admission, RefusedConnection> {
        guard open < limits.connectionsMax else { return .failure(.init(refusal: .full)) }
        guard unauthenticated < limits.unauthenticatedMax else {
            return .failure(.init(refusal: .tooManyUnauthenticated))
        }
        let over = unauthenticated - limits.earlyDropFrom
        let span = limits.unauthenticatedMax - limits.earlyDropFrom
        if over > 0, span > 0, Int.random(in: 0..<span, using: &generator) < over {
            return .failure(.init(refusal: .droppedEarly))
        }
        var record = records[address] ?? Record()
        if let until = record.refusedUntilMs {
            guard atMs >= until else { return .failure(.init(refusal: .failedTooOften)) }
            record.refusedUntilMs = nil
        }
        record.starts.removeAll { $0 <= atMs - 10 * Self.minuteMs }
        guard record.unauthenticated < limits.unauthenticatedPerAddressMax else {
            return .failure(.init(refusal: .tooManyFromAddress))
        }
        let lastMinute = record.starts.count { $0 > atMs - Self.minuteMs }
        guard
            record.starts.count < limits.newPerTenMinutesMax, lastMinute < limits.newPerMinuteMax
        else { return .failure(.init(refusal: .tooOftenFromAddress)) }
        if records[address] == nil { makeRoom(atMs: atMs) }
        record.starts.append(atMs)
        record.unauthenticated += 1
        records[address] = record
        open += 1
        unauthenticated += 1
        return .success(Admission(address: address, atMs: atMs))
    }

    /// Takes a connection out of the counts of its address, because it has authenticated.
    mutating func authenticated(_ admission: inout Admission) {
        guard admission.isCounted else { return }
        admission.isCounted = false
        unauthenticated -= 1
        guard var record = records[admission.address] else { return }
        record.unauthenticated -= 1
        record.failures = []
        if let index = record.starts.firstIndex(of: admission.atMs) {
            record.starts.remove(at: index)
        }
        let isOver =
            record.unauthenticated == 0 && record.starts.isEmpty && record.refusedUntilMs == nil
        records[admission.address] = isOver ? nil : record
    }

    /// Counts a handshake that the peer failed in; after too many the address is refused.
    mutating func failed(_ admission: Admission, atMs: Int64) {
        guard var record = records[admission.address], record.refusedUntilMs == nil else { return }
        record.failures.removeAll { $0 <= atMs - limits.failedWithin.wholeMs }
        record.failures.append(atMs)
        if record.failures.count >= limits.failedPerAddressMax {
            record.failures = []
            record.refusedUntilMs = atMs + limits.refusedFor.wholeMs
        }
        records[admission.address] = record
    }

    /// Counts a connection as gone.
    mutating func ended(_ admission: Admission) {
        open -= 1
        guard admission.isCounted else { return }
        unauthenticated -= 1
        records[admission.address]?.unauthenticated -= 1
    }

    /// Forgets what is over and, if that is not enough, the idle address that came last longest ago.
    private mutating func makeRoom(atMs: Int64) {
        guard records.count >= limits.addressesMax else { return }
        let cut = atMs - 10 * Self.minuteMs
        records = records.filter {
            $0.value.unauthenticated > 0 || ($0.value.starts.last ?? 0) > cut
        }
        guard records.count >= limits.addressesMax else { return }
        // A batch at once, so that a flood of addresses does not make every accept look at all.
        let idle = records.filter { $0.value.unauthenticated == 0 }
            .sorted { ($0.value.starts.last ?? 0) < ($1.value.starts.last ?? 0) }
        for entry in idle.prefix(max(1, limits.addressesMax / 16)) {
            records[entry.key] = nil
        }
    }
}

/// Ends a connection that the gate did not let in.
struct RefusedConnection: Error {
    let refusal: AddressGate.Refusal
}
