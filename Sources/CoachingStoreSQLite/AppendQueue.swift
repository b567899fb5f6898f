// SPDX-License-Identifier: Apache-2.0
import CoachingStore
import Glibc

/// A batch that waits for its commit.
struct PendingAppend: Sendable {
    var groups: [AppendGroup]
    var completion: @Sendable (Result<[AppendOutcome], StoreError>) -> Void
}

/// What a store gathers into one commit.
public struct GatherRule: Hashable, Sendable {
    /// How long after a commit the next one may wait for company; after that it starts at once.
    public var window: Duration
    /// So many waiting batches are never too few to commit.
    public var enough: Int
    /// So few are too few while the window lasts, though the last commit took no more.
    ///
    /// With 1 a lone writer never waits; a greater number saves commits under a load that
    /// arrives evenly, at the price of the window for each.
    public var few: Int
    /// The most batches that one commit takes.
    public var batchesMax: Int

    /// Makes a rule; what is left out is as measured.
    public init(
        window: Duration = .milliseconds(2),
        enough: Int = 32,
        few: Int = 1,
        batchesMax: Int = 1_024
    ) {
        self.window = window
        self.enough = enough
        self.few = few
        self.batchesMax = batchesMax
    }

    /// Gives the number of waiting batches at which a commit starts within the window.
    func wanted(afterCommitOf count: Int) -> Int { min(enough, max(few, count)) }
}

/// The batches on their way to the writer's thread, and where that thread sleeps.
///
/// - Isolation: any thread may push and finish; one thread gathers.
// @unchecked: all that changes is touched under `lock` only; the pointers never change.
final class AppendQueue: @unchecked Sendable {
    private let rule: GatherRule
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let arrived = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let finished = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    private var waiting: [PendingAppend] = []
    /// The number of waiting batches that wakes the sleeping writer.
    private var wakeCount = Int.max
    private var isClosed = false
    private var isFinished = false

    init(rule: GatherRule) {
        self.rule = rule
        pthread_mutex_init(lock, nil)
        // Waits are by the monotonic clock: a changed wall clock must not stretch them.
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(arrived, &attributes)
        pthread_cond_init(finished, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(arrived)
        pthread_cond_destroy(finished)
        pthread_mutex_destroy(lock)
        arrived.deallocate()
        finished.deallocate()
        lock.deallocate()
    }

    /// Queues a batch.
    ///
    /// - Returns: `false` when the queue is closed and the batch was not taken.
    func push(_ pending: PendingAppend) -> Bool {
        pthread_mutex_lock(lock)
        guard !isClosed else {
            pthread_mutex_unlock(lock)
            return false
        }
        waiting.append(pending)
        let isDue = waiting.count >= wakeCount
        if isDue { wakeCount = .max }
        pthread_mutex_unlock(lock)
        if isDue { pthread_cond_signal(arrived) }
        return true
    }

    /// Waits for the batches of the next commit.
    ///
    /// - Parameter last: when the last commit ended, by the monotonic clock, and how many
    ///   batches it took.
    /// - Returns: the batches in the order in which they came, none once the queue is closed
    ///   and empty.
    func gather(after last: (nanoseconds: UInt64, count: Int)) -> [PendingAppend] {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        while waiting.isEmpty, !isClosed {
            wakeCount = 1
            pthread_cond_wait(arrived, lock)
        }
        let wanted = rule.wanted(afterCommitOf: last.count)
        var deadline = timespec()
        let end = last.nanoseconds &+ UInt64(rule.window.wholeNanoseconds)
        deadline.tv_sec = Int(end / 1_000_000_000)
        deadline.tv_nsec = Int(end % 1_000_000_000)
        while waiting.count < wanted, !isClosed, monotonicNanoseconds() < end {
            wakeCount = wanted
            pthread_cond_timedwait(arrived, lock, &deadline)
        }
        wakeCount = .max
        var gathered: [PendingAppend] = []
        if waiting.count <= rule.batchesMax {
            swap(&gathered, &waiting)
            waiting.reserveCapacity(gathered.count)
        } else {
            gathered = Array(waiting.prefix(rule.batchesMax))
            waiting.removeFirst(rule.batchesMax)
        }
        return gathered
    }

    /// Lets no more batches in.
    func close() {
        pthread_mutex_lock(lock)
        isClosed = true
        pthread_mutex_unlock(lock)
        pthread_cond_signal(arrived)
    }

    /// Says, by the writer, that all is committed and the database let go.
    func finish() {
        pthread_mutex_lock(lock)
        isFinished = true
        pthread_mutex_unlock(lock)
        pthread_cond_broadcast(finished)
    }

    func waitUntilFinished() {
        pthread_mutex_lock(lock)
        while !isFinished { pthread_cond_wait(finished, lock) }
        pthread_mutex_unlock(lock)
    }
}

/// Reads the monotonic clock.
func monotonicNanoseconds() -> UInt64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return UInt64(now.tv_sec) &* 1_000_000_000 &+ UInt64(now.tv_nsec)
}

extension Duration {
    /// The duration in nanoseconds, held between 0 and an hour.
    fileprivate var wholeNanoseconds: Int64 {
        let held = min(max(self, .zero), .seconds(3_600))
        return held.components.seconds * 1_000_000_000 + held.components.attoseconds
            / 1_000_000_000
    }
}
