// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingStore
import Testing

/// The contract said a second time, as plainly as can be, for random histories.
struct StoreModel {
    private var frames: [AppendFrame] = []
    private var wakes: [RoomID: Timestamp] = [:]

    private func last(_ stream: StreamID) -> UInt64 {
        UInt64(frames.count { $0.stream == stream })
    }

    mutating func append(_ group: AppendGroup) -> AppendOutcome {
        for condition in group.guards where last(condition.stream) != condition.number {
            return .conflict
        }
        let before = frames
        for frame in group.frames {
            let isTaken = frame.label != nil && frames.contains { $0.label == frame.label }
            let isLate = frame.opens != nil && frame.number != 1
            guard frame.number == last(frame.stream) + 1, !isTaken, !isLate else {
                frames = before
                return .conflict
            }
            frames.append(frame)
        }
        if let wake = group.wake { wakes[wake.room] = wake.at }
        return .committed
    }

    /// Makes a group that is mostly right and sometimes wrong in one way.
    func randomGroup(_ random: inout SplitMix64) -> AppendGroup {
        func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
        var ends: [StreamID: UInt64] = [:]
        var group = AppendGroup(frames: [])
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            let stream = stream(Int.random(in: 1...6, using: &random))
            let end = (ends[stream] ?? last(stream)) + (chance(8) ? 1 : 0)
            ends[stream] = end + 1
            let bytes = (0..<Int.random(in: 0...600, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let opening = StreamOpening(
                room: room(Int.random(in: 1...2, using: &random)),
                key: Array(bytes.prefix(5))
            )
            let number = chance(4) ? end : end + 1
            group.frames.append(
                frame(
                    stream,
                    number,
                    bytes,
                    label: chance(20) ? label(Int.random(in: 1...30, using: &random)) : nil,
                    opens: number == 1 && chance(80) || chance(2) ? opening : nil
                )
            )
        }
        if chance(40) {
            let stream = stream(Int.random(in: 1...6, using: &random))
            let number = last(stream) + (chance(15) ? 1 : 0)
            group.guards = [StreamGuard(stream: stream, number: number)]
        }
        if chance(30) {
            let at = Timestamp(milliseconds: Int64.random(in: 0...50, using: &random))
            group.wake = WakeChange(
                room: room(Int.random(in: 1...4, using: &random)),
                at: chance(30) ? nil : at
            )
        }
        return group
    }

    /// Replaces a frame of the model and says which by what.
    mutating func randomReplacement(
        _ random: inout SplitMix64
    ) -> (place: (stream: StreamID, number: UInt64), bytes: [UInt8])? {
        guard let index = frames.indices.randomElement(using: &random) else { return nil }
        let length = Int.random(in: 0...frames[index].frame.count + 20, using: &random)
        frames[index].frame = [UInt8](repeating: 0xEE, count: length)
        return ((frames[index].stream, frames[index].number), frames[index].frame)
    }

    func compare(with store: any EventStore, seed: Int) throws {
        for index in 1...6 {
            let expected = frames.filter { $0.stream == stream(index) }
            let found = try store.read(stream(index), 0...UInt64.max, bytesMax: .max)
            #expect(found.map(\.frame) == expected.map(\.frame), "seed \(seed)")
            #expect(found.map(\.number) == expected.map(\.number), "seed \(seed)")
            #expect(found.map(\.digest) == expected.map(\.digest), "seed \(seed)")
            #expect(found.map(\.head) == expected.map(\.head), "seed \(seed)")
            let tail = try store.tail(of: stream(index))
            #expect(tail.number == UInt64(expected.count), "seed \(seed)")
            #expect(tail.head == expected.last?.head ?? .zero, "seed \(seed)")
        }
        for index in 1...2 {
            let expected = frames.filter { $0.opens?.room == room(index) }
            let found = try store.streams(of: room(index))
            #expect(found.map(\.stream) == expected.map(\.stream), "seed \(seed)")
            #expect(found.map(\.key) == expected.map { $0.opens?.key }, "seed \(seed)")
        }
        for index in 1...30 {
            let expected = frames.first { $0.label == label(index) }
            let found = try store.find(label: label(index))
            #expect(found?.stream == expected?.stream, "seed \(seed)")
            #expect(found?.number == expected?.number, "seed \(seed)")
        }
        let expected = wakes.map { RoomWake(room: $0.key, at: $0.value) }
            .sorted { ($0.at, $0.room) < ($1.at, $1.room) }
        #expect(try store.wakes() == expected, "seed \(seed)")
    }
}
