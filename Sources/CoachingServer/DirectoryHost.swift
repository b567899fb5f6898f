// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingStore

/// The directory in memory: decides, appends, and does what follows when it is durable.
///
/// Confined to the core.
final class DirectoryHost {
    /// What became of a command; `nil` where the store could not keep it.
    typealias Outcome = Result<[DirectoryRecord], DirectoryRejection>?

    /// Something that waits for the directory's next decision.
    struct Wait {
        var command: DirectoryCommand
        var actor: DirectoryActor
        /// What to do when it is durable (or refused), with the records that it led to.
        var then: (Outcome, Timestamp) -> Void
        var tries = 0
    }

    struct Flight {
        var decided: [(wait: Wait, result: Result<[DirectoryRecord], DirectoryRejection>)]
        var before: DirectoryLog
    }

    private static let triesMax = 3

    weak var core: ServerCore?
    private var log: DirectoryLog
    private(set) var waiting: [Wait] = []
    private(set) var flight: Flight?
    private var isReadingOn = false

    init(log: DirectoryLog) { self.log = log }

    /// The directory as far as it is durable: all that anybody is told comes from here.
    var directory: Directory { flight?.before.directory ?? log.directory }

    /// The position of the last record that is durable.
    var position: UInt64 { flight?.before.position ?? log.position }

    /// Gives where the versions of a person's device list stand in the directory's log.
    func listPositions(of person: PersonID) -> [UInt64] { log.lists[person] ?? [] }

    /// Takes up a command.
    ///
    /// `then` gets `nil` where the store could not keep it.
    func take(
        _ command: DirectoryCommand,
        by actor: DirectoryActor,
        then: @escaping (Outcome, Timestamp) -> Void
    ) {
        waiting.append(Wait(command: command, actor: actor, then: then))
    }

    /// Decides all that waits and hands it to the store in one append.
    func decide(at now: Timestamp) {
        guard flight == nil, !isReadingOn, !waiting.isEmpty else { return }
        let due = waiting
        waiting = []
        let before = log
        var decided: [(wait: Wait, result: Result<[DirectoryRecord], DirectoryRejection>)] = []
        var frames: [AppendFrame] = []
        for wait in due {
            let result = decide(wait, &frames, at: now)
            if frames.isEmpty {
                wait.then(result, now)
            } else {
                // Also a refusal is told only when that is durable on which it is founded.
                decided.append((wait, result))
            }
        }
        guard !frames.isEmpty else { return }
        flight = Flight(decided: decided, before: before)
        let guards = [StreamGuard(stream: .directory, number: before.position)]
        core?.append(AppendGroup(frames: frames, guards: guards), for: .directory)
    }

    private func decide(
        _ wait: Wait,
        _ frames: inout [AppendFrame],
        at now: Timestamp
    ) -> Result<[DirectoryRecord], DirectoryRejection> {
        do throws(DirectoryRejection) {
            let records = try log.directory.decide(wait.command, by: wait.actor, at: now)
            guard let made = log.append(records) else { return .failure(.outOfBounds) }
            frames += made
            return .success(records)
        } catch {
            return .failure(error)
        }
    }

    /// Goes on after a commit.
    func committed(_ result: Result<[AppendOutcome], StoreError>, at now: Timestamp) {
        guard let flight else { return }
        self.flight = nil
        switch result {
        case .success(let outcomes) where outcomes.allSatisfy({ $0 == .committed }):
            core?.storeWorks()
            for (wait, result) in flight.decided {
                wait.then(result, now)
                guard case .success(let records) = result else { continue }
                for record in records { core?.directoryChanged(record, at: now) }
            }
        case .success:
            log = flight.before
            goOnAfterConflict(flight.decided.map(\.wait), at: now)
        case .failure(let error):
            log = flight.before
            for (wait, _) in flight.decided { wait.then(nil, now) }
            core?.storeFailed(error)
        }
    }

    /// Reads what somebody else wrote first, and decides again, three times at most.
    private func goOnAfterConflict(_ waits: [Wait], at now: Timestamp) {
        var again: [Wait] = []
        for var wait in waits {
            wait.tries += 1
            if wait.tries < Self.triesMax { again.append(wait) } else { wait.then(nil, now) }
        }
        waiting = again + waiting
        isReadingOn = true
        readOn()
    }

    private func readOn() {
        let range = (log.position + 1)...UInt64.max
        core?.read(.frames(.directory, range, bytesMax: 1 << 20)) { [weak self] answer, now in
            guard let self else { return }
            guard case .success(.frames(let frames)) = answer else {
                return self.stopReadingOn(now)
            }
            guard !frames.isEmpty else {
                self.isReadingOn = false
                return
            }
            var next = self.log
            guard let records = try? next.replay(frames) else { return self.stopReadingOn(now) }
            self.log = next
            for record in records { self.core?.directoryChanged(record, at: now) }
            self.readOn()
        }
    }

    private func stopReadingOn(_ now: Timestamp) {
        isReadingOn = false
        let waits = waiting
        waiting = []
        for wait in waits { wait.then(nil, now) }
    }
}
