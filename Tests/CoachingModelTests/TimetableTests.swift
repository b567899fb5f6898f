// SPDX-License-Identifier: Apache-2.0

import CoachingModel
import Testing

struct TimetableTests {
    private let start = Timestamp(milliseconds: 1_800_000_000_000)

    private func format(
        _ opening: [UInt32],
        _ round: [UInt32],
        _ closing: [UInt32]
    ) -> SessionFormat {
        func phases(_ seconds: [UInt32]) -> [Phase] {
            seconds.enumerated().map {
                Phase(name: "p\($0.offset)", title: "Phase", seconds: $0.element, parts: [])
            }
        }
        return SessionFormat(
            name: "f",
            title: "F",
            source: "",
            version: 1,
            pods: PodSizes(smallest: 2, usual: 3, largest: 4),
            opening: phases(opening),
            round: phases(round),
            closing: phases(closing)
        )
    }

    private func fit(
        _ format: SessionFormat,
        rounds: Int = 3,
        minutes: Int64?,
        pace: UInt16 = 1
    ) throws(PlanRefusal) -> Timetable {
        try Timetable.fit(
            format: format,
            rounds: rounds,
            from: start,
            until: minutes.map { start.adding(milliseconds: $0 * 60_000) },
            pace: pace
        )
    }

    @Test func `without an end the format's own minutes hold, divided by the pace`() throws {
        let format = format([120], [120, 840], [180])
        let own = try fit(format, minutes: nil)
        #expect(
            own == Timetable(opening: [120_000], round: [120_000, 840_000], closing: [180_000])
        )
        #expect(own.length(rounds: 3) == 53 * 60_000)
        let fast = try fit(format, minutes: nil, pace: 60)
        #expect(fast == Timetable(opening: [2_000], round: [2_000, 14_000], closing: [3_000]))
    }

    @Test func `no phase is shorter than a second`() throws {
        let table = try fit(format([10], [10, 600], [10]), minutes: nil, pace: 600)
        #expect(table == Timetable(opening: [1_000], round: [1_000, 1_000], closing: [1_000]))
    }

    @Test func `an end scales all phases alike`() throws {
        let table = try fit(format([120], [120, 840], [180]), minutes: 106)
        #expect(
            table == Timetable(opening: [240_000], round: [240_000, 1_680_000], closing: [360_000])
        )
    }

    @Test func `an end too near or too far is refused with the minutes that would do`() {
        let format = format([120], [120, 840], [180])  // 53 minutes with three rounds
        #expect(throws: PlanRefusal.tooShort(minutesLeast: 18)) { try fit(format, minutes: 17) }
        #expect(throws: PlanRefusal.tooShort(minutesLeast: 18)) { try fit(format, minutes: -5) }
        #expect(throws: PlanRefusal.tooLong(minutesMost: 159)) { try fit(format, minutes: 160) }
        #expect(throws: Never.self) { try fit(format, minutes: 18) }
        #expect(throws: Never.self) { try fit(format, minutes: 159) }
    }

    @Test func `paces and numbers of rounds out of range are refused`() {
        let format = format([], [60], [])
        #expect(throws: PlanRefusal.pace(most: 600)) { try fit(format, minutes: nil, pace: 0) }
        #expect(throws: PlanRefusal.pace(most: 600)) { try fit(format, minutes: nil, pace: 601) }
        for rounds in [Int.min, 0, 25, Int.max] {
            #expect(throws: PlanRefusal.rounds(most: 24)) {
                try fit(format, rounds: rounds, minutes: nil)
            }
        }
    }

    @Test func `a fitted session never ends late and at most some milliseconds early`() throws {
        var fitted = 0
        for seed in 1...3_000 {
            var random = RotationSamples.Numbers(seed: UInt64(seed))
            func lengths(_ most: UInt64, _ random: inout RotationSamples.Numbers) -> [UInt32] {
                (0..<random.next() % (most + 1)).map { _ in UInt32(10 + random.next() % 3_000) }
            }
            let format = format(
                lengths(8, &random),
                [60] + lengths(11, &random),
                lengths(8, &random)
            )
            let rounds = 1 + Int(random.next() % 8)
            let pace = UInt16(1 + random.next() % 60)
            let span = Int64(random.next() % 14_400_000)
            let until = start.adding(milliseconds: span)
            do throws(PlanRefusal) {
                let table = try Timetable.fit(
                    format: format,
                    rounds: rounds,
                    from: start,
                    until: until,
                    pace: pace
                )
                fitted += 1
                let length = table.length(rounds: rounds)
                #expect(length <= span, "seed \(seed)")
                let open = format.opening.isEmpty && format.closing.isEmpty
                #expect(open ? span - length < rounds : length == span, "seed \(seed)")
                #expect((table.opening + table.round + table.closing).allSatisfy { $0 >= 1_000 })
                let turns = (1...rounds).map {
                    table.startOfRound($0 + 1) - table.startOfRound($0)
                }
                #expect(Set(turns).count == 1, "seed \(seed)")
            } catch {
                switch error {
                case .tooShort(let minutes): #expect(minutes * 60_000 > span, "seed \(seed)")
                case .tooLong(let minutes): #expect(minutes * 60_000 < span, "seed \(seed)")
                default: Issue.record("\(error), seed \(seed)")
                }
            }
        }
        #expect(fitted > 500)
    }

    @Test func `what a refusal names can indeed be fitted`() throws {
        for seed in 1...200 {
            var random = RotationSamples.Numbers(seed: UInt64(seed))
            let format = format(
                [UInt32(10 + random.next() % 900)],
                [UInt32(10 + random.next() % 900)],
                []
            )
            do throws(PlanRefusal) {
                _ = try fit(format, minutes: 0)
                Issue.record("zero minutes were fitted")
            } catch {
                guard case .tooShort(let least) = error else { continue }
                // A whole number of minutes may lie outside what a very short format can take.
                do throws(PlanRefusal) {
                    _ = try fit(format, minutes: least)
                } catch {
                    guard case .tooLong(let most) = error else {
                        Issue.record("\(error), seed \(seed)")
                        continue
                    }
                    #expect(most < least)
                }
            }
        }
    }

    @Test func `numbers that nobody checked do not overflow`() throws {
        let format = format([.max], [.max, .max], [.max])
        #expect(format.mistakes.contains { $0.rule == .seconds })
        _ = try fit(format, rounds: 24, minutes: nil)
        let wild = Timetable(opening: [.max, .max], round: [.max, .min], closing: [.max])
        #expect(wild.length(rounds: .max) == .max)
        #expect(wild.startOfRound(.min) == .max)
        #expect(throws: PlanRefusal.self) {
            try Timetable.fit(
                format: format,
                rounds: 3,
                from: Timestamp(milliseconds: .min),
                until: Timestamp(milliseconds: .max)
            )
        }
    }

    @Test func `the printed plan goes from start to end without gaps`() throws {
        let format = format([120], [120, 840], [180])
        let table = try fit(format, minutes: 60)
        let spans = table.spans(of: format, rounds: 3, from: start)
        #expect(spans.count == 8)
        #expect(spans.first?.start == start)
        #expect(spans.last?.end == start.adding(milliseconds: 3_600_000))
        #expect(zip(spans, spans.dropFirst()).allSatisfy { $0.end == $1.start })
        #expect(spans[1].label == "Round 1 of 3: Phase")
        #expect(spans[3].start == start.adding(milliseconds: table.startOfRound(2)))
        #expect(spans.map(\.round) == [nil, 1, 1, 2, 2, 3, 3, nil])
    }
}
