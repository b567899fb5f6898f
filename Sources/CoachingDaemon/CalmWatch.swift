// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// Notices the first quiet second after many people have come.
///
/// Logins, and the start itself, leave freed memory behind that the allocator keeps. Giving it back
/// pays after many of them, and when nobody waits.
struct CalmWatch {
    /// So many logins are many.
    static let wave = 64
    /// How long nobody comes before it is quiet.
    static let quietMilliseconds: Int64 = 1_000

    private var arrivals = CalmWatch.wave
    private var latest: Timestamp

    /// Begins to watch; the start itself counts as many logins.
    init(at now: Timestamp) { latest = now }

    /// Takes note of somebody who has said who they are.
    mutating func arrived(at now: Timestamp) {
        arrivals = min(arrivals + 1, Self.wave)
        latest = now
    }

    /// Tells, once for each wave, whether it is over.
    mutating func isCalm(at now: Timestamp) -> Bool {
        guard arrivals >= Self.wave, now.milliseconds(since: latest) >= Self.quietMilliseconds
        else { return false }
        arrivals = 0
        return true
    }
}
