// SPDX-License-Identifier: Apache-2.0
import CoachingFormats
import CoachingModel
import CoachingTerminal
import Testing

@testable import peercoach

struct RehearsalDrawingTests {
    private func drawing(_ name: String, _ members: Int) throws -> RehearsalDrawing {
        let format = try #require(try BuiltInFormats.format(named: name))
        let rehearsal = Rehearsal(
            format: format,
            peers: Array(Rehearse.names.prefix(members)),
            from: RoomScene.at(14, 0)
        )
        return RehearsalDrawing(rehearsal, RoomScene.zone)
    }

    @Test func `the course is told with clock times, in the words of the format`() throws {
        let lines = try drawing("troika-consulting", 3).lines
        #expect(
            lines.prefix(6) == [
                "Troika consulting with Ada, Ben and Cleo, typed. Nobody waits: this is a rehearsal.",
                "14:00    Think of your question, 1 min: silence",
                "14:01  Round 1 of 3",
                "         Ada is client, Ben and Cleo are consultants",
                "14:01    The question, 2 min: client say",
                "14:03    Questions to understand, 2 min: client answer; consultant ask",
            ]
        )
        #expect(lines.contains("14:31  It is over."))
        #expect(lines.contains("Time as client: Ada 10 min, Ben 10 min and Cleo 10 min."))
        #expect(lines.last?.hasPrefix("No dead end: 13 phases. ") == true)
    }

    @Test func `dead ends are told in words`() throws {
        let lines = try drawing("wise-crowds", 3).lines
        #expect(lines.last == "Dead end: it does not start: at least 4 people must be there.")
    }

    @Test(arguments: BuiltInFormats.names, [80, 60, 40])
    func `a format is drawn on a line of time that fits the columns`(
        name: String,
        columns: Int
    ) throws {
        let format = try #require(try BuiltInFormats.format(named: name))
        let lines = FormatDrawing(format: format, columns: columns).lines
        let phases = format.opening + format.round + format.closing
        let drawn = lines.filter { $0.hasPrefix("  +") }
        #expect(drawn.count == phases.count)
        for (line, phase) in zip(drawn, phases) {
            #expect(line.contains(phase.title))
            #expect(columns < 60 || DisplayWidth.columns(of: line) <= columns, "\(line)")
            #expect(columns < 80 || line.hasSuffix("#"), "\(line)")
        }
    }

    @Test func `how long a format takes goes by its rounds`() throws {
        func second(_ name: String) throws -> String {
            let format = try #require(try BuiltInFormats.format(named: name))
            return FormatDrawing(format: format).lines[1]
        }
        #expect(try second("retro") == "The whole group. It takes 50 min.")
        #expect(try second("hot-seat") == "Pods of 6, from 4 to 7. 60 min in all.")
        #expect(
            try second("troika-consulting")
                == "Pods of 3, from 3 to 4. 31 min with 3 and 41 min with 4 people in the largest pod."
        )
    }
}
