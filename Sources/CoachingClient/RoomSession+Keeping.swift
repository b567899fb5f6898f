// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire

extension RoomSession {
    /// Sets how long lines are kept here; for who lets people in.
    ///
    /// It is signed with the list of members, so that everybody sees it and nobody else can
    /// change it. What is over by a shorter span goes at once.
    ///
    /// - Parameters:
    ///   - turnDays: for turns and between two people, 1 to ``Retention/daysMax``.
    ///   - roomDays: for the room and the peers.
    /// - Throws: `refused` for who does not let people in, or where somebody was faster.
    public func keep(turnDays: UInt32, roomDays: UInt32) async throws(ClientError) {
        let bounds = 1...Retention.daysMax
        guard bounds.contains(turnDays), bounds.contains(roomDays) else {
            throw ClientError(.invalid, "Lines are kept for 1 to \(Retention.daysMax) days.")
        }
        try await client.keep(turnDays: turnDays, roomDays: roomDays, in: room)
    }
}

extension Client {
    func keep(
        turnDays: UInt32,
        roomDays: UInt32,
        in room: RoomID
    ) async throws(ClientError) {
        let state = try roomState(room)
        guard var roster = state.roster, roster.version < .max else {
            throw ClientError(.refused, "Nobody has opened this room yet.")
        }
        roster.version += 1
        roster.previous = state.rosterHash
        roster.members = state.members
        roster.policy.turnDays = turnDays
        roster.policy.roomDays = roomDays
        let signed: SignedBytes
        do {
            signed = try keys.signing.sign(roster)
        } catch {
            throw ClientError(.alarm, "The list of members does not hold together.")
        }
        try await act(.admit(signed), in: room)
    }
}
