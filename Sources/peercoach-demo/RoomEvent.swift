// SPDX-License-Identifier: Apache-2.0
import Foundation

/// One line of a room view's `--json` output, as far as the demo looks at it.
struct RoomEvent: Decodable {
    var type: String
    var text: String?
    var scope: String?
    var from: String?
    var phase: String?
    var round: Int?
    var client: String?
    var coaches: [String]?
    var observers: [String]?
    var unreadable: Int?
    var alarms: Int?
    var held: Bool?

    init?(_ line: String) {
        guard let event = try? JSONDecoder().decode(RoomEvent.self, from: Data(line.utf8)) else {
            return nil
        }
        self = event
    }
}

extension Child {
    /// All events so far.
    var events: [RoomEvent] { lines.compactMap { RoomEvent($0) } }

    /// Waits for an event that fits, from a place in the output on.
    func event(
        _ what: String,
        after start: Int = 0,
        within seconds: Double = 30,
        where fits: (RoomEvent) -> Bool
    ) async throws -> RoomEvent {
        var found: RoomEvent?
        _ = try await line(what, after: start, within: seconds) { line in
            guard let event = RoomEvent(line), fits(event) else { return false }
            found = event
            return true
        }
        guard let found else { throw DemoError("\(name): \(what) did not come.") }
        return found
    }
}
