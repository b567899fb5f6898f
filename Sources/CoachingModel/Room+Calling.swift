// SPDX-License-Identifier: Apache-2.0

// A pod calls the facilitator, who then visits, or answers from outside.

extension Room {
    /// Gives the turns whose pods call the facilitator now, by pod.
    public var callingTurns: [TurnState] {
        guard let session else { return [] }
        return session.openTurns.compactMap { session.turns[$0.id] }.filter { $0.caller != nil }
    }

    /// Whether a facilitator is there whom a pod could call.
    public var hasFacilitatorToCall: Bool {
        members.contains { $0.membership == .facilitator && presence(of: $0.person) != .away }
    }

    /// Calls the facilitator to the turn in which one has a role.
    ///
    /// Once is enough: whoever else of the pod calls changes nothing until the phase ends.
    func callFacilitator(
        _ turn: TurnID,
        by actor: RoomActor,
        _ course: inout Course
    ) throws(RoomRejection) {
        let person = try member(asking: actor)
        guard session != nil else { throw .noSession }
        course.endDuePhases()
        let room = course.room
        try room.checkCall(from: turn, by: person)
        guard room.hasFacilitatorToCall else { throw .nobodyToCall }
        guard room.session?.turns[turn]?.caller == nil, room.visitors(of: turn).isEmpty else {
            return
        }
        course.add(.facilitatorCalled(TurnPlace(turn)))
    }

    /// Checks that it is somebody of a turn that goes on.
    func checkCall(from turn: TurnID, by person: PersonID?) throws(RoomRejection) {
        guard let person, isMember(person) else { throw .notAMember }
        guard let state = session?.turns[turn], !state.isClosed,
            state.turn.pod.role(of: person) != nil
        else { throw .noRoleNow }
    }

    mutating func evolve(called place: TurnPlace, by person: PersonID?) {
        guard let person, (try? checkCall(from: place.turn, by: person)) != nil else { return }
        session?.turns[place.turn]?.caller = person
    }

    /// Forgets who called where the phase is another, or the facilitator came.
    mutating func forgetCalls(ofPod pod: UInt8? = nil) {
        guard let session else { return }
        for turn in session.openTurns where pod == nil || turn.pod.number == pod {
            self.session?.turns[turn.id]?.caller = nil
        }
    }
}
