// SPDX-License-Identifier: Apache-2.0

import CoachingModel
import Foundation
import Testing

/// Sessions to which everybody comes, one after the other; `make rotation-table` prints what the
/// tests here hold to.
struct RotationCourseTests {
    static let formats = [
        2: PodSizes(smallest: 2, usual: 2, largest: 3),
        3: PodSizes(smallest: 2, usual: 3, largest: 4),
        4: PodSizes(smallest: 3, usual: 4, largest: 5),
    ]

    /// What became of a group after some sessions.
    struct Course {
        var history = RotationHistory()
        var met: Set<[PersonID]> = []
        var coached: Set<[PersonID]> = []
        /// The sessions until everybody met everybody, and coached everybody.
        var untilMet: Int?
        var untilCoached: Int?
        /// The most that the counts of one role ever differed by.
        var unevenness: UInt32 = 0
    }

    static func course(of count: Int, pods: Int, sessions: Int) throws -> Course {
        let people = RotationSamples.people(count)
        let format = try #require(formats[pods])
        var course = Course()
        for session in 1...sessions {
            let rounds = try RotationPlanner.plan(
                present: people,
                format: format,
                history: course.history
            )
            course.history.recordAttendance(of: people)
            for turn in rounds.joined() {
                course.history.recordCompleted(turn)
                for one in turn.people {
                    for other in turn.people where one < other { course.met.insert([one, other]) }
                }
                for coach in turn.coaches { course.coached.insert([coach, turn.client]) }
            }
            for role in [\PersonTally.asClient, \.asCoach, \.asObserver] {
                let counts = people.map { course.history[$0][keyPath: role] }
                course.unevenness = max(
                    course.unevenness,
                    (counts.max() ?? 0) - (counts.min() ?? 0)
                )
            }
            if course.untilMet == nil, course.met.count == count * (count - 1) / 2 {
                course.untilMet = session
            }
            if course.untilCoached == nil, course.coached.count == count * (count - 1) {
                course.untilCoached = session
            }
        }
        return course
    }

    /// The fewest sessions in which everybody could meet everybody: a session brings only so many
    /// pairs together, and so many people to one person.
    static func leastSessions(of count: Int, pods: Int) throws -> Int {
        let sizes = try RotationPlanner.podSizes(for: count, format: try #require(formats[pods]))
        // All ways were tried in which the roles stay even: with fewer sessions there is none.
        if sizes == [4, 3] { return 5 }
        if sizes == [5, 4] { return 5 }
        if sizes == [4, 3, 3] { return 6 }
        let pairs = sizes.reduce(0) { $0 + $1 * ($1 - 1) / 2 }
        let others = (sizes.max() ?? 2) - 1
        let needed = count * (count - 1) / 2
        return max((needed + pairs - 1) / pairs, (count - 1 + others - 1) / others)
    }

    @Test(arguments: Array(stride(from: 2, through: 24, by: 2)))
    func `pairs of an even group are a round robin`(count: Int) throws {
        let course = try Self.course(of: count, pods: 2, sessions: count - 1)
        #expect(course.untilMet == count - 1)
        #expect(course.untilCoached == count - 1)
        #expect(course.unevenness == 0)
    }

    @Test(arguments: [(9, 4), (15, 7)])
    func `triads of 9 and 15 meet in the fewest sessions there can be`(
        count: Int,
        sessions: Int
    ) throws {
        let course = try Self.course(of: count, pods: 3, sessions: 2 * sessions)
        #expect(course.untilMet == sessions)
        // Each meeting is once in one direction and once in the other.
        #expect(course.untilCoached == count - 1)
        #expect(course.unevenness == 0)
    }

    @Test(arguments: 4...16, [2, 3, 4])
    func `everybody meets everybody within one session of the bound, with even roles`(
        count: Int,
        pods: Int
    ) throws {
        let least = try Self.leastSessions(of: count, pods: pods)
        let course = try Self.course(of: count, pods: pods, sessions: 2 * count + 4)
        let untilMet = try #require(course.untilMet)
        #expect(untilMet >= least)
        #expect(untilMet <= least + 1)
        #expect(course.unevenness <= 1)
        if ProcessInfo.processInfo.environment["PEERCOACH_TABLE"] != nil {
            let coached = course.untilCoached.map(String.init) ?? "-"
            print(
                "| \(count) | \(pods) | \(least) | \(untilMet) | \(count - 1) | \(coached)"
                    + " | \(course.unevenness) |"
            )
        }
    }

    @Test func `who was away is planned for all the same, and the group goes on`() throws {
        let people = RotationSamples.people(9)
        let format = try #require(Self.formats[3])
        var history = RotationHistory()
        for session in 0..<24 {
            let present = session == 3 ? Array(people.dropLast()) : people
            let rounds = try RotationPlanner.plan(
                present: present,
                format: format,
                history: history
            )
            #expect(Set(rounds.joined().map(\.client)) == Set(present))
            history.recordAttendance(of: present)
            for turn in rounds.joined() { history.recordCompleted(turn) }
        }
        let coached = people.map { coach in
            people.filter { history.times(coach: coach, client: $0) > 0 }.count
        }
        #expect(coached.allSatisfy { $0 == 8 }, "\(coached)")
    }

    @Test func `a history that is not the design's own is planned by the search`() throws {
        let people = RotationSamples.people(9)
        let format = try #require(Self.formats[3])
        var numbers = RotationSamples.Numbers(seed: 41)
        for _ in 0..<20 {
            var history = RotationSamples.randomHistory(of: people, &numbers)
            history.recordAttendance(of: people)
            let rounds = try RotationPlanner.plan(
                present: people,
                format: format,
                history: history
            )
            let owed = people.filter { history[$0].owed > 0 }
            let first = Set(rounds[0].map(\.client))
            #expect(owed.allSatisfy(first.contains), "a turn that is owed comes first")
        }
    }
}
