// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

struct LinkedMeetingsTests {
    typealias Stage = RoomStage

    private static let before = named("before")
    private static let work = named("work", after: MeetingLink(before: "before"))
    private static let after = named("after", after: MeetingLink(before: "work", written: true))

    /// A format of rounds in pairs.
    private static func named(_ name: String, after link: MeetingLink? = nil) -> SessionFormat {
        var format = Stage.rounds
        format.name = name
        format.pods = PodSizes(smallest: 2, usual: 2, largest: 3)
        format.follows = link
        return format
    }

    private func hold(_ stage: inout Stage, _ number: Int, _ format: SessionFormat) throws {
        try stage.ask(stage.start(number, format: format), by: 1)
        while stage.room.session != nil { try stage.wake() }
    }

    private func pods(of stage: Stage) -> [Pod] {
        stage.room.lastSession?.turns.map(\.turn.pod) ?? []
    }

    /// All that the coaches of the last session can have written.
    private func all(_ stage: Stage) -> Set<FeedbackDue> {
        Set(
            pods(of: stage).flatMap { pod in
                pod.coaches.map { FeedbackDue(.written, from: $0, to: pod.client) }
            }
        )
    }

    @Test func `three meetings have the same people in the same roles`() throws {
        for peers in 2...7 {
            var stage = try Stage.ready(peers: peers)
            try hold(&stage, 1, Self.before)
            let first = pods(of: stage)
            try hold(&stage, 2, Self.work)
            #expect(pods(of: stage) == first, "\(peers) peers")
            stage.written = all(stage)
            try hold(&stage, 3, Self.after)
            #expect(pods(of: stage) == first, "\(peers) peers")
            // One that stands for itself goes on with the rotation.
            try hold(&stage, 4, Self.before)
            #expect(Set(pods(of: stage).map(\.client)) == Set(first.map(\.client)))
        }
    }

    @Test func `none begins before the one from which it goes on, or twice after it`() throws {
        var stage = try Stage.ready(peers: 2)
        #expect(stage.refusal(stage.start(1, format: Self.work), by: 1) == .meetingBeforeMissing)
        try hold(&stage, 1, Self.before)
        #expect(stage.refusal(stage.start(2, format: Self.after), by: 1) == .meetingBeforeMissing)
        try hold(&stage, 2, Self.work)
        #expect(stage.refusal(stage.start(3, format: Self.work), by: 1) == .meetingBeforeMissing)
        // Another session between them changes nothing.
        try hold(&stage, 3, Stage.rounds)
        stage.written = all(stage)
        try hold(&stage, 4, Self.after)
        #expect(stage.refusal(stage.start(5, format: Self.after), by: 1) == .meetingBeforeMissing)
    }

    @Test func `the last does not open before each coach has written`() throws {
        var stage = try Stage.ready(peers: 4)
        try hold(&stage, 1, Self.before)
        try hold(&stage, 2, Self.work)
        let awaited = all(stage)
        #expect(awaited.count == 4)
        for missing in awaited {
            stage.written = awaited.subtracting([missing])
            let refusal = stage.refusal(stage.start(3, format: Self.after), by: 1)
            #expect(refusal == .writtenFeedbackMissing)
        }
        // What goes the other way, or is no written feedback, does not count.
        stage.written = Set(
            awaited.map { FeedbackDue(.written, from: $0.to, to: Stage.person(9)) }
                + awaited.map { FeedbackDue(.assessment, from: $0.from, to: $0.to) }
        )
        #expect(
            stage.refusal(stage.start(3, format: Self.after), by: 1) == .writtenFeedbackMissing
        )
        stage.written = awaited
        #expect(stage.refusal(stage.start(3, format: Self.after), by: 1) == nil)
    }

    @Test func `who is absent keeps nobody from their turn, and has theirs later`() throws {
        var stage = try Stage.ready(peers: 4)
        try hold(&stage, 1, Self.before)
        try hold(&stage, 2, Self.work)
        stage.written = all(stage)
        let all = pods(of: stage)
        let gone = try #require(all.first { !$0.people.contains(Stage.person(1)) }).people
        for person in gone {
            try stage.ask(.attend(person, .away), by: Stage.number(of: person))
        }
        try hold(&stage, 3, Self.after)
        #expect(Set(pods(of: stage)) == Set(all.filter { $0.people.contains(Stage.person(1)) }))
        for person in gone {
            try stage.ask(.attend(person, .here), by: Stage.number(of: person))
        }
        try hold(&stage, 4, Self.after)
        #expect(Set(pods(of: stage)) == Set(all.filter { !$0.people.contains(Stage.person(1)) }))
    }

    @Test func `without any pair that is here it does not begin`() throws {
        var stage = try Stage.ready(peers: 4)
        try hold(&stage, 1, Self.before)
        let pods = pods(of: stage)
        for pod in Set(pods.map(\.number)) {
            let away = try #require(pods.first { $0.number == pod }?.coaches.first)
            try stage.ask(.attend(away, .away), by: Stage.number(of: away))
        }
        let starter = try #require(stage.room.present.first)
        let refusal = stage.refusal(
            stage.start(2, format: Self.work),
            by: Stage.number(of: starter)
        )
        #expect(refusal == .pairsNotPresent)
    }

    @Test func `who goes in the middle leaves the others their turns`() throws {
        var stage = try Stage.ready(peers: 3)
        var trio = Self.before
        trio.pods = PodSizes(smallest: 2, usual: 3, largest: 3)
        try hold(&stage, 1, trio)
        let first = pods(of: stage)
        try stage.ask(stage.start(2, format: Self.work), by: 1)
        while stage.room.session?.place.round == 0 { try stage.wake() }
        let next = try #require(stage.room.session?.pods(of: 2).first)
        try stage.ask(.attend(next.client, .away), by: Stage.number(of: next.client))
        while stage.room.session != nil { try stage.wake() }
        #expect(!pods(of: stage).map(\.client).contains(next.client))
        for pod in pods(of: stage) {
            let was = try #require(first.first { $0.client == pod.client })
            #expect(Set(was.coaches).isSuperset(of: pod.coaches))
        }
    }

    @Test func `a format does not follow itself, and only rounds wait for feedback`() {
        var format = Self.work
        format.follows = MeetingLink(before: "work")
        #expect(format.mistakes.map(\.rule) == [.follows])
        format.follows = MeetingLink(before: "No name")
        #expect(format.mistakes.map(\.rule) == [.name])
        #expect(Self.after.mistakes.isEmpty)
    }
}
