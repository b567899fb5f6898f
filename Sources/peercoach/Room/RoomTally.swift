// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingModel

/// Counts what came, for the last line of a view that a program drives.
struct RoomTally {
    private var received: [TranscriptKey: Int] = [:]
    private var last: [TranscriptKey: UInt64] = [:]
    private var unreadable = 0
    private var alarms = 0
    private(set) var sent = 0
    private(set) var refused = 0
    private(set) var heldBack = 0

    mutating func take(_ happening: RoomHappening) {
        switch happening {
        case .entry(let entry) where entry.isReopened:
            // It was counted when it came.
            unreadable -= 1
        case .entry(let entry):
            received[entry.key, default: 0] += 1
            last[entry.key] = max(last[entry.key] ?? 0, entry.number)
            if entry.body == nil { unreadable += 1 }
        case .alarm: alarms += 1
        case .record, .erased, .caughtUp, .opened, .release, .givenAgain: break
        }
    }

    mutating func posted(_ error: ClientError?) {
        guard let error else {
            sent += 1
            return
        }
        if error.code == .held { heldBack += 1 } else { refused += 1 }
    }

    /// The counts: lines received (each was checked: signature, chain, readers), by place.
    func object(at now: Timestamp) -> JSON {
        let lines = received.values.reduce(0, +)
        let places = received.sorted { name($0.key) < name($1.key) }.map { key, count in
            JSON.object([
                .init("place", .string(name(key))), .init("lines", JSON(count)),
                .init("last", JSON(last[key])),
            ])
        }
        return [
            "at": .string(Words.stamp(now)), "type": "counts", "received": JSON(lines),
            "checked": JSON(lines), "unreadable": JSON(unreadable), "alarms": JSON(alarms),
            "sent": JSON(sent), "refused": JSON(refused), "heldBack": JSON(heldBack),
            "places": .array(places),
        ]
    }

    private func name(_ key: TranscriptKey) -> String {
        switch key {
        case .turn(let turn): "turn \(turn.round).\(turn.pod) of \(turn.session)"
        case .direct(let one, let other): "two \(one) \(other)"
        default: "\(key.scope)"
        }
    }
}
