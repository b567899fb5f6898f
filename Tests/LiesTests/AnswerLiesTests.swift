// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingTestKit
import CoachingWire
import Testing

@testable import CoachingClient

/// A server that lies about answers without names, alone or with a member's help.
struct AnswerLiesTests {
    private static let room = Programme.room
    private static let prompt = PromptID(Bytes16(high: 0x9a, low: 1))
    private static let key = TranscriptKey.prompt(prompt, .room)
    private static let id = TranscriptID(room: room, key: key)

    /// What the second of six was sent while the first asked and five answered.
    private struct Run {
        let people: [TestPerson]
        var frames: [Frame]
        /// Where the prompt closes, and where its answers are.
        var closed: Int
        var answers: [Int]
        let texts: Set<String>
        /// Frames as who comes later is sent them.
        let late: [Frame]

        init(answering count: Int = 5) throws {
            let programme = try Programme.founded(6, configuration: .unhurried)
            people = programme.people
            let asker = programme.clients[1]
            guard try asker.prompt(room, prompt).posted == 2 else { throw NoReply() }
            texts = Set((2..<2 + count).map { "answer \($0)" })
            for number in 2..<2 + count {
                let client = programme.clients[number]
                client.generator = SplitMix64(seed: UInt64(number))
                guard try client.answer(room, key, "answer \(number)").posted == 0 else {
                    throw NoReply()
                }
            }
            programme.world.live(seconds: 2)
            guard try asker.act(room, .closePrompt(prompt)).isDone else { throw NoReply() }
            programme.world.live(seconds: 2)
            let attended = Attended(person: people[3].id, presence: .phone)
            _ = try programme.clients[3].act(room, .attend(attended))
            try programme.clients[2].read()
            frames = Script.frames(programme.clients[2])
            let late = try TestClient(programme.world, people[2]).connect()
            try late.follow(room)
            try late.read()
            self.late = Script.frames(late)
            closed = 0
            answers = []
            for index in frames.indices {
                if let record = frames[index].record, case .promptClosed = try Self.event(record) {
                    closed = index
                }
                if let item = frames[index].item, item.transcript == id, item.number > 2 {
                    answers.append(index)
                }
            }
        }

        static func event(_ pushed: PushedRecord) throws -> RoomEvent {
            try RoomRecord(decoding: pushed.record, rosterHash: { Hashing.hash($0) }).event
        }

        func item(_ index: Int) throws -> PushedItem {
            guard let item = frames[index].item else { throw NoReply() }
            return item
        }

        /// Seals what a member who helps the server adds to the answers.
        func forged(_ text: String, least: Int? = nil) throws -> [UInt8] {
            let first = frames.compactMap(\.item).first { $0.transcript == id }
            guard let first, case .key(let event) = try ContentItem.parse(first.item) else {
                throw NoReply()
            }
            let asker = people[1].devices[0].signing
            let device = people[6].devices[0]
            var opening = Opening(transcript: id)
            try opening.add(
                event.verified(by: asker.verifyingKey),
                with: DeviceKeyring(device: device.id, keys: [device.encryption])
            )
            var generator = SplitMix64(seed: 99)
            return try opening.sealUnattributed(
                EntryBody(text: text).encoded(),
                under: event.key,
                using: &generator
            )
        }

        /// Shows frames to the victim.
        func shown(_ frames: [Frame]) -> (texts: [String], alarms: [RoomAlarm]) {
            var replica = HonestRun.replica(of: people[2])
            var texts: [String] = []
            var alarms: [RoomAlarm] = []
            for frame in frames {
                for happening in replica.take(frame) {
                    switch happening {
                    case .entry(let line) where line.device == .unattributed:
                        texts.append(line.body?.text ?? "closed")
                        if line.author != nil { texts.append("an author") }
                    case .alarm(let alarm): alarms.append(alarm)
                    default: break
                    }
                }
            }
            return (texts, alarms)
        }
    }

    private func expect(
        _ result: (texts: [String], alarms: [RoomAlarm]),
        _ kinds: Set<RoomAlarm.Kind> = [.wrongAnswers],
        shown: Set<String>,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(
            !result.alarms.isEmpty && result.alarms.allSatisfy { kinds.contains($0.kind) },
            "\(result.alarms.map(\.sentence))",
            sourceLocation: sourceLocation
        )
        for alarm in result.alarms {
            #expect(Told.mistake(alarm.sentence) == nil, sourceLocation: sourceLocation)
        }
        #expect(Set(result.texts) == shown, sourceLocation: sourceLocation)
        #expect(result.texts.count == shown.count, sourceLocation: sourceLocation)
    }

    @Test func `an honest run is believed, live and later`() throws {
        let run = try Run()
        for frames in [run.frames, run.late] {
            let result = run.shown(frames)
            #expect(result.alarms.isEmpty, "\(result.alarms.map(\.sentence))")
            #expect(Set(result.texts) == run.texts && result.texts.count == 5)
        }
    }

    @Test func `the order between the log and the answers does not matter`() throws {
        let run = try Run()
        var frames = run.frames
        let closed = frames.remove(at: run.closed)
        frames.insert(closed, at: run.closed + 5)
        let result = run.shown(frames)
        #expect(result.alarms.isEmpty && Set(result.texts) == run.texts)
    }

    @Test func `an answer too many is named`() throws {
        let run = try Run()
        var extra = try run.item(run.answers[4])
        extra.number += 1
        extra.item = try run.forged("made up")
        var frames = run.frames
        frames.insert(.item(extra), at: run.answers[4] + 1)
        expect(run.shown(frames), shown: run.texts)
    }

    @Test func `answers of fewer than five are named, and nothing more is taken`() throws {
        let run = try Run()
        var frames = run.frames
        for answers in UInt16(1)...4 {
            guard var record = frames[run.closed].record else { throw NoReply() }
            let event = RoomEvent.promptClosed(
                PromptClosed(prompt: Self.prompt, answers: answers)
            )
            let at = try run.item(run.answers[0]).at
            record.record = RoomRecord(at: at, by: run.people[1].id, event: event).encoded()
            frames[run.closed] = .record(record)
            expect(run.shown(frames), shown: [])
        }
    }

    @Test func `answers to a prompt whose answers were discarded are named`() throws {
        let run = try Run(answering: 4)
        var frames = run.frames
        let question = frames.compactMap(\.item).last { $0.transcript == Self.id }
        guard var leaked = question else { throw NoReply() }
        leaked.number += 1
        leaked.item = try run.forged("leaked")
        frames.append(.item(leaked))
        expect(run.shown(frames), shown: [])
    }

    @Test func `answers before the end are not shown, and named as soon as that is certain`() throws
    {
        let run = try Run()
        var frames = run.frames
        // The answers come early, with a time of then, and the log goes on.
        let moved = try run.answers.map { index in
            var item = try run.item(index)
            item.at = item.at.adding(milliseconds: -1_000)
            return Frame.item(item)
        }
        frames.removeSubrange(run.answers[0]...run.answers[4])
        frames.insert(contentsOf: moved, at: run.closed)
        let before = run.shown(Array(frames[..<(run.closed + 5)]))
        #expect(before.texts == [])
        expect(run.shown(frames), shown: [])
        // And who comes later: the log has all there was, and the prompt is still open in it.
        var late = run.late
        late.removeAll { frame in
            guard let record = frame.record, let event = try? Run.event(record) else {
                return false
            }
            if case .promptClosed = event { return true }
            if case .attended(let attended) = event { return attended.presence == .phone }
            return false
        }
        if case .followed(var followed)? = late.first {
            followed.position -= 2
            late[0] = .followed(followed)
        }
        expect(run.shown(late), shown: [])
    }

    @Test func `answers in another order or at their own times are named`() throws {
        let run = try Run()
        var frames = run.frames
        var (one, two) = (try run.item(run.answers[1]), try run.item(run.answers[2]))
        (one.item, two.item) = (two.item, one.item)
        frames[run.answers[1]] = .item(one)
        frames[run.answers[2]] = .item(two)
        let result = run.shown(frames)
        #expect(result.alarms.map(\.kind) == [.wrongAnswers])
        #expect(result.texts.count == 4)
        frames = run.frames
        var late = try run.item(run.answers[3])
        late.at = late.at.adding(milliseconds: 1)
        frames[run.answers[3]] = .item(late)
        let timed = run.shown(frames)
        #expect(timed.alarms.map(\.kind) == [.wrongAnswers])
        #expect(timed.texts.count == 4)
    }

    @Test func `an answer that was changed does not open and is named`() throws {
        let run = try Run()
        var frames = run.frames
        var changed = try run.item(run.answers[4])
        guard case .entry(let entry) = try ContentItem.parse(changed.item) else { throw NoReply() }
        var sealed = entry.sealed
        sealed[700] ^= 1
        changed.item = EntryItem.encoded(
            header: entry.header.encoded(),
            sealed: sealed,
            signature: []
        )
        frames[run.answers[4]] = .item(changed)
        let result = run.shown(frames)
        #expect(result.alarms.map(\.kind) == [.wrongAnswers])
        #expect(result.texts.count == 4)
    }

    @Test func `answers that are left out are missed by who comes later`() throws {
        let run = try Run()
        var late = run.late
        let last = late.lastIndex { $0.item?.transcript == Self.id }
        late.remove(at: try #require(last))
        if case .followed(var followed)? = late.first {
            for index in followed.transcripts.indices
            where followed.transcripts[index].transcript == Self.id {
                followed.transcripts[index].last -= 1
            }
            late[0] = .followed(followed)
        }
        let result = run.shown(late)
        #expect(result.alarms.map(\.kind) == [.wrongAnswers])
        #expect(result.texts.count == 4)
    }

    @Test func `a key by somebody else than who asks is named and opens nothing`() throws {
        let run = try Run()
        var replica = HonestRun.replica(of: run.people[2])
        for frame in run.frames[..<run.closed] { _ = replica.take(frame) }
        let insider = Insider(run.people[6].devices[0], replica)
        var event = try run.item(run.answers[0])
        event.number = 3
        event.item = try insider.event(of: insider.key(for: Self.key))
        let result = replica.take(.item(event)).compactMap { happening in
            if case .alarm(let alarm) = happening { alarm.kind } else { nil }
        }
        #expect(result == [.wrongReaders])
    }

    @Test func `a prompt that asks not all is not believed`() throws {
        let run = try Run()
        var frames = run.frames
        for index in frames.indices {
            guard var record = frames[index].record,
                case .promptOpened(var opened) = try Run.event(record)
            else { continue }
            opened.audience.removeLast()
            record.record = RoomRecord(
                at: opened.ends.adding(milliseconds: -RoomLimits.promptMillisecondsMax),
                by: run.people[1].id,
                event: .promptOpened(opened)
            ).encoded()
            frames[index] = .record(record)
        }
        expect(run.shown(frames), [.forgedLog], shown: [])
    }
}
