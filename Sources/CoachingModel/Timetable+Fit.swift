// SPDX-License-Identifier: Apache-2.0

extension Timetable {
    /// How far a format's minutes may be stretched or pressed to meet an end, as a factor.
    public static let scaleMost: Int64 = 3
    /// By how much a session's minutes may be divided.
    public static let paces: ClosedRange<UInt16> = 1...600
    /// The shortest phase, in milliseconds of real time.
    public static let phaseMillisecondsMin: Int64 = 1_000

    /// Fits a format's phases between a start and an end.
    ///
    /// All phases are scaled alike, by a factor from 1/3 to 3, and every round is the same, so
    /// that everyone has the same time as client to the millisecond. What rounding leaves over
    /// goes to the last phase of the closing (else of the opening).
    ///
    /// - Units: milliseconds of real time, after the pace.
    /// - Parameters:
    ///   - format: whose ``SessionFormat/mistakes`` are empty.
    ///   - rounds: how many rounds there will be, 1 to 24; 0 where the format has none.
    ///   - from: when the first phase begins.
    ///   - until: when the last phase ends; `nil` takes the format's own minutes.
    ///   - pace: by what the minutes are divided, 1 to 600.
    /// - Returns: the length of every phase.
    /// - Throws: ``PlanRefusal`` where the format cannot be fitted.
    public static func fit(
        format: SessionFormat,
        rounds: Int,
        from: Timestamp,
        until: Timestamp?,
        pace: UInt16 = 1
    ) throws(PlanRefusal) -> Timetable {
        guard paces.contains(pace) else { throw .pace(most: paces.upperBound) }
        let possible = format.hasNoRounds ? 0...0 : 1...RotationPlanner.peopleMax
        guard possible.contains(rounds) else {
            throw .rounds(most: RotationPlanner.peopleMax)
        }
        let paced = PacedFormat(format: format, rounds: Int64(rounds), pace: Int64(pace))
        guard let until else { return paced.timetable(factor: PacedFormat.one) }
        let span = until.milliseconds(since: from)
        let least = paced.timetable(factor: PacedFormat.least).length(rounds: rounds)
        let most = paced.timetable(factor: PacedFormat.most).length(rounds: rounds)
        guard span >= least else { throw .tooShort(minutesLeast: (least + 59_999) / 60_000) }
        guard span <= most else { throw .tooLong(minutesMost: most / 60_000) }
        return paced.fitted(into: span)
    }

    /// Adds up all phases, in milliseconds.
    public func length(rounds: Int) -> Int64 {
        startOfRound(rounds.clamped + 1).addingHeld(sum(closing))
    }

    /// Counts the milliseconds from the start to a round, which count from 1; the round after the
    /// last is where the closing begins.
    public func startOfRound(_ round: Int) -> Int64 {
        let (rounds, overflow) = sum(self.round)
            .multipliedReportingOverflow(by: Int64(max(0, round.clamped - 1)))
        return sum(opening).addingHeld(overflow ? .max : rounds)
    }

    /// Lists all phases with their clock times, for a plan that people read.
    ///
    /// - Parameters:
    ///   - format: gives the titles; phases that it does not have are left out.
    ///   - rounds: how many rounds there are; no more than 24 are listed.
    ///   - from: when the first phase begins.
    /// - Returns: the phases in order of time.
    public func spans(of format: SessionFormat, rounds: Int, from: Timestamp) -> [PhaseSpan] {
        var spans: [PhaseSpan] = []
        var now = from
        func add(_ phases: [Phase], _ lengths: [Int64], round: Int?) {
            for (phase, length) in zip(phases, lengths) {
                let end = now.adding(milliseconds: length)
                let label =
                    round.map { "Round \($0) of \(rounds): \(phase.title)" } ?? phase.title
                spans.append(PhaseSpan(label: label, round: round, start: now, end: end))
                now = end
            }
        }
        add(format.opening, opening, round: nil)
        for number in stride(from: 1, through: min(rounds, RotationPlanner.peopleMax), by: 1) {
            add(format.round, round, round: number)
        }
        add(format.closing, closing, round: nil)
        return spans
    }
}

/// A phase with its clock times.
public struct PhaseSpan: Hashable, Sendable {
    /// What people see: the phase's title, with the round where it is in one.
    public let label: String
    /// The round, from 1; `nil` before and after the rounds.
    public let round: Int?
    /// When the phase begins.
    public let start: Timestamp
    /// When the phase ends.
    public let end: Timestamp
}

/// A format's phases divided by the pace, still to be scaled.
private struct PacedFormat {
    /// A factor of 1: factors are fractions of this, so that no rounding hides in floating point.
    static let one: Int64 = 1 << 32
    static let least = one / Timetable.scaleMost
    static let most = one * Timetable.scaleMost

    let opening: [Int64]
    let round: [Int64]
    let closing: [Int64]
    let rounds: Int64

    init(format: SessionFormat, rounds: Int64, pace: Int64) {
        func paced(_ phases: [Phase]) -> [Int64] {
            // Held at the longest phase, so that no number in here can overflow.
            phases.map {
                Int64(min($0.seconds, FormatLimits.phaseSeconds.upperBound)) * 1_000 / pace
            }
        }
        opening = paced(format.opening)
        round = paced(format.round)
        closing = paced(format.closing)
        self.rounds = rounds
    }

    func timetable(factor: Int64) -> Timetable {
        func scaled(_ lengths: [Int64]) -> [Int64] {
            lengths.map { max(Timetable.phaseMillisecondsMin, $0 * factor / PacedFormat.one) }
        }
        return Timetable(opening: scaled(opening), round: scaled(round), closing: scaled(closing))
    }

    /// Finds the largest factor that ends in time; the length grows with the factor.
    func fitted(into span: Int64) -> Timetable {
        var low = PacedFormat.least
        var high = PacedFormat.most
        while low < high {
            let middle = low + (high - low + 1) / 2
            if timetable(factor: middle).length(rounds: Int(rounds)) <= span {
                low = middle
            } else {
                high = middle - 1
            }
        }
        var fitted = timetable(factor: low)
        let rest = span - fitted.length(rounds: Int(rounds))
        if let last = fitted.closing.indices.last {
            fitted.closing[last] += rest
        } else if let last = fitted.opening.indices.last {
            fitted.opening[last] += rest
        } else if let last = fitted.round.indices.last {
            fitted.round[last] += rest / rounds
        }
        return fitted
    }
}

extension Int64 {
    fileprivate func addingHeld(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other > 0 ? .max : .min) : sum
    }
}

extension Int {
    /// Holds a number of rounds within what an index can be moved by.
    fileprivate var clamped: Int { Swift.min(Swift.max(self, 0), 1_000) }
}

private func sum(_ lengths: [Int64]) -> Int64 { lengths.reduce(0) { $0.addingHeld($1) } }
