// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// An amount that grows with time up to a bound, and of which what is asked takes.
///
/// - Units: thousandths.
struct Allowance {
    private(set) var left: Int64
    private let most: Int64
    private let perSecond: Int64
    private var at: Timestamp

    /// The most that is counted with, so that nothing overflows.
    private static let bound: Int64 = 1 << 40

    init(burst: Int, perSecond: Int, at now: Timestamp) {
        most = min(Int64(burst), Self.bound) * 1_000
        self.perSecond = min(Int64(perSecond), Self.bound)
        left = most
        at = now
    }

    /// Whether nothing has been taken that has not grown again.
    var isFull: Bool { left >= most }
    /// Whether it has not been overdrawn.
    var isWithin: Bool { left >= 0 }
    /// Whether it has grown for a second, or all that it can, since it was overdrawn last.
    var hasRested: Bool { left >= min(perSecond * 1_000, most) }

    mutating func grow(to now: Timestamp) {
        let passed = min(max(0, now.milliseconds(since: at)), 3_600_000)
        at = now
        let (grown, overflow) = passed.multipliedReportingOverflow(by: perSecond)
        left = overflow || grown > most - left ? most : left + grown
    }

    mutating func take(_ cost: Int) { left -= min(Int64(cost), Self.bound) * 1_000 }
}

/// The pace of a device, over all of its connections together.
///
/// Who asks faster than it may is read more slowly: that harms nobody and nothing is lost. Who
/// goes on without waiting for answers, for too long, is cut.
///
/// All connections of the device hold the same one. Confined to the core.
///
/// - Source: Protocol/spec.md, Requests; SECURITY.md section 5.
final class Pace {
    private var requests: Allowance
    private var bytes: Allowance
    /// The turn in which it last asked something.
    private var askedIn: UInt64?
    /// The turn in which it was read again: what comes in it had been waiting.
    private var resumedIn: UInt64?
    /// Whether it did not wait for answers before its last frame.
    private var isImpatient = false
    /// Since when it has asked too fast without waiting for answers.
    private var overSince: Timestamp?

    init(_ configuration: ServerConfiguration, at now: Timestamp) {
        requests = Allowance(
            burst: configuration.requestsBurst,
            perSecond: configuration.requestsPerSecond,
            at: now
        )
        bytes = Allowance(
            burst: configuration.bytesBurst,
            perSecond: configuration.bytesPerSecond,
            at: now
        )
    }

    var isWithin: Bool { requests.isWithin && bytes.isWithin }
    var isFull: Bool { requests.isFull && bytes.isFull }

    func grow(to now: Timestamp) {
        requests.grow(to: now)
        bytes.grow(to: now)
    }

    /// Takes the bytes of a frame, and notes whether the device waited for answers before it.
    ///
    /// Who does not wait is known by several frames in one turn, by a frame that had been waiting
    /// when the device was read again, or by a request that has no answer yet.
    func take(frame: Int, isWaiting: Bool, in turn: UInt64, at now: Timestamp) {
        grow(to: now)
        let isPatient = !isWaiting && askedIn != turn && resumedIn != turn
        if isPatient || requests.hasRested && bytes.hasRested { overSince = nil }
        askedIn = turn
        isImpatient = !isPatient
        bytes.take(frame)
        noteOver(now)
    }

    /// Takes what a request costs.
    func take(cost: Int, at now: Timestamp) {
        grow(to: now)
        requests.take(cost)
        noteOver(now)
    }

    private func noteOver(_ now: Timestamp) {
        if !isWithin, isImpatient, overSince == nil { overSince = now }
    }

    func resume(in turn: UInt64) { resumedIn = turn }

    /// For how long it has asked too fast without waiting for answers, in milliseconds.
    func overMilliseconds(at now: Timestamp) -> Int64 {
        overSince.map { max(0, now.milliseconds(since: $0)) } ?? 0
    }

    /// Begins to count anew, after a connection was cut.
    func forgive() { overSince = nil }
}
