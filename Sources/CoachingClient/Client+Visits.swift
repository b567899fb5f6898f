// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
public import CoachingModel
import CoachingSeal
import CoachingWire

extension RoomSession {
    /// Lets the facilitator who asked visit the turn in which one is client.
    ///
    /// The yes is signed by this device, names the request, and where the turn stands: lines that
    /// come before it is taken are not for the visitor, and it is signed anew. The room must be
    /// read with all its lines.
    ///
    /// - Parameter turn: the turn.
    /// - Throws: `refused` where nobody asks, or one is not the client.
    public func allowVisit(_ turn: TurnID) async throws(ClientError) {
        try await client.allowVisit(turn, in: room)
    }
}

extension Client {
    /// How often a yes is signed where others write at the same time.
    private static let visitTriesMax = 5

    func allowVisit(_ turn: TurnID, in room: RoomID) async throws(ClientError) {
        try await awaitCaughtUp(room)
        for _ in 0..<Self.visitTriesMax {
            let replica = try following(room).replica
            guard let request = replica.room.visitRequest(turn) else {
                throw ClientError(.refused, "Nobody asks to visit your turn now.")
            }
            let id = TranscriptID(room: room, key: .turn(turn))
            let yes = VisitYes(
                room: room,
                turn: turn,
                visitor: request.visitor,
                asked: request.position,
                number: replica.readings[id]?.reader.number ?? 0
            )
            let signed: SignedBytes
            do {
                signed = try keys.signing.sign(yes)
            } catch {
                throw ClientError(.profile, "The keys in this profile are damaged.")
            }
            do {
                return try await act(.allowVisit(signed), in: room)
            } catch {
                guard error.roomRule == .staleAudience else { throw error }
                _ = await until(ticks: 10) {
                    (rooms[room]?.replica.readings[id]?.reader.number ?? 0) > yes.number
                }
            }
        }
        throw ClientError(.tryLater, "Others write just now.", hint: "Try again in a moment.")
    }
}
