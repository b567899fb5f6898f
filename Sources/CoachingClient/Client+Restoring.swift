// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
public import CoachingModel

/// What a server that was set back does not have any more, as this device remembers it.
public struct MissingPast: Hashable, Sendable {
    /// How many steps of the room's own course (who is in, sessions, phases).
    public var steps: UInt64
    /// How many lines that one could read.
    public var lines: UInt64

    /// Makes a count.
    public init(steps: UInt64 = 0, lines: UInt64 = 0) {
        self.steps = steps
        self.lines = lines
    }
}

/// Going on after the operator has restored a backup (D20).
///
/// Each device goes on by its own owner's word; lines that are missing are not posted again.
extension Client {
    /// Tells whether the server has another past of a room than this device has seen.
    public func isSetBack(_ room: RoomID) async throws(ClientError) -> Bool {
        do throws(ClientError) {
            try await walk(through: room)
            return false
        } catch {
            guard error == .setBack else { throw error }
            return true
        }
    }

    /// Goes on from what the server has of a room now, checked like any other past: signatures
    /// and chains must hold, and its beginning must be the known one.
    ///
    /// - Returns: what is missing of what this device had seen.
    public func acceptRestored(_ room: RoomID) async throws(ClientError) -> MissingPast {
        let before = try folder.seen()
        restoring.insert(room)
        defer { restoring.remove(room) }
        let ends = try await walk(through: room)
        var missing = MissingPast()
        for end in ends {
            guard let known = before.first(where: { $0.stream == end.stream }),
                known.number > end.number
            else { continue }
            if end.stream == StreamID(room) {
                missing.steps += known.number - end.number
            } else {
                missing.lines += known.number - end.number
            }
        }
        try folder.goBack(to: ends)
        return missing
    }

    /// Reads all of a room and gives where everything ends.
    @discardableResult
    private func walk(through room: RoomID) async throws(ClientError) -> [SeenHead] {
        guard rooms[room] == nil else {
            throw ClientError(.invalid, "This room is open here.", hint: "Close it first.")
        }
        let session = try await enter(room)
        do throws(ClientError) {
            try await session.caughtUp()
        } catch {
            await session.leave()
            throw error
        }
        let ends = rooms[room]?.replica.ends ?? []
        await session.leave()
        return ends
    }
}
