// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Turns the project's milliseconds since 1970 into what X509 takes, and back.
enum CertificateTime {
    /// Ends the range that a certificate's dates can express with room for ten more years.
    static let lastMs: Int64 = 253_000_000_000_000

    static let minuteMs: Int64 = 60 * 1000
    static let dayMs: Int64 = 24 * 60 * minuteMs

    static func date(ms: Int64) throws(CertificateError) -> Date {
        guard (0...lastMs).contains(ms) else { throw .timeOutOfRange }
        return Date(timeIntervalSince1970: Double(ms / 1000))
    }

    /// Gives where a certificate made now begins: a little back, for clocks that are late.
    static func begin(nowMs: Int64) throws(CertificateError) -> Date {
        guard (0...lastMs).contains(nowMs) else { throw .timeOutOfRange }
        return try date(ms: max(0, nowMs - Authority.backdatedMinutes * minuteMs))
    }

    static func ms(_ date: Date) -> Int64 {
        let ms = date.timeIntervalSince1970 * 1000
        // Bounded by the four-digit years of ASN.1; the clamp keeps the conversion from trapping.
        guard ms.isFinite else { return 0 }
        return Int64(max(-1e15, min(1e15, ms)))
    }
}
