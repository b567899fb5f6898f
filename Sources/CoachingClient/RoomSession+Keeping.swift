// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
public import CoachingModel
import CoachingSeal
import CoachingWire

extension RoomSession {
    /// Sets how long lines are kept here, and what else the group has agreed about reading them;
    /// for who lets people in.
    ///
    /// It is signed with the list of members, so that everybody sees it and nobody else can
    /// change it. What is over by a shorter span goes at once.
    ///
    /// - Parameter policy: spans of 1 to ``Retention/daysMax`` days.
    /// - Throws: `refused` for who does not let people in, or where somebody was faster.
    public func keep(_ policy: RoomPolicy) async throws(ClientError) {
        try Client.check(policy)
        try await client.keep(policy, in: room)
    }
}

extension Client {
    /// Gives with which policy new rooms begin in this programme.
    ///
    /// - Throws: `invalid` where the server names spans that no room can have.
    public func policyOfNewRooms() async throws(ClientError) -> RoomPolicy {
        guard case .policy(let policy) = try await ask(.policy) else { throw .unexpectedAnswer }
        try Self.check(policy)
        return policy
    }

    /// Sets with which policy new rooms begin; for administrators.
    ///
    /// Rooms that somebody has opened stay as they are: their groups decide.
    public func setPolicyOfNewRooms(_ policy: RoomPolicy) async throws(ClientError) {
        try Self.check(policy)
        try await done(.directory(.setPolicy(policy)))
    }

    /// Checks the spans of a policy.
    static func check(_ policy: RoomPolicy) throws(ClientError) {
        let bounds = 1...Retention.daysMax
        guard bounds.contains(policy.turnDays), bounds.contains(policy.roomDays) else {
            throw ClientError(.invalid, "Lines are kept for 1 to \(Retention.daysMax) days.")
        }
    }

    func keep(_ policy: RoomPolicy, in room: RoomID) async throws(ClientError) {
        let state = try roomState(room)
        guard var roster = state.roster, roster.version < .max else {
            throw ClientError(.refused, "Nobody has opened this room yet.")
        }
        roster.version += 1
        roster.previous = state.rosterHash
        roster.members = state.members
        roster.policy = policy
        let signed: SignedBytes
        do {
            signed = try keys.signing.sign(roster)
        } catch {
            throw ClientError(.alarm, "The list of members does not hold together.")
        }
        try await act(.admit(signed), in: room)
    }
}
