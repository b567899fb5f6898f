// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingWire

extension ServerCore {
    /// A person, or a part of one who belongs to more rooms than a page holds.
    private struct PersonPart {
        var participant: Participant
        /// The rooms of this part; `nil` for all, which are few.
        var rooms: [(room: DirectoryRoom, proposal: MembershipProposal)]?
        var place: PersonPlace
    }

    /// More than a room takes in a list of people, its name at its longest.
    private static let bytesOfPersonRoom = 96

    /// Answers with a page of the people, ascending by their identifiers.
    func listPeople(_ asker: Asker) {
        var from: PersonPlace?
        if let after = asker.after {
            guard let place = PersonPlace(after.bytes) else {
                return refuse(asker, .badRequest, Sentences.badRequest)
            }
            from = place
        }
        let roomsMax = Paging(configuration.limits).bytesMax / 2 / Self.bytesOfPersonRoom
        var parts: [PersonPart] = []
        for participant in directory.everybody {
            let id = participant.participant
            if let from, id.value < from.participant { continue }
            guard from?.participant == id.value || directory.roomCount(of: id) > roomsMax else {
                let place = PersonPlace(id, upTo: nil)
                parts.append(PersonPart(participant: participant, rooms: nil, place: place))
                continue
            }
            parts += self.parts(of: participant, from: from, roomsMax: roomsMax)
        }
        parts.sort { $0.place < $1.place }
        answer(asker, parts, by: \.place) {
            summary(of: $0)
        } as: {
            .joining($0)
        }
    }

    /// Cuts a person with very many rooms into parts, going on where the page before ended.
    private func parts(
        of participant: Participant,
        from: PersonPlace?,
        roomsMax: Int
    ) -> [PersonPart] {
        let id = participant.participant
        var rooms = directory.rooms(of: id).filter { $0.room.isMeeting }
            .sorted { $0.room.room < $1.room.room }
        if let from, from.participant == id.value {
            guard let room = from.room else { return [] }
            rooms.removeAll { $0.room.room.value <= room }
        }
        var parts: [PersonPart] = []
        repeat {
            let some = Array(rooms.prefix(roomsMax))
            rooms.removeFirst(some.count)
            let last = rooms.isEmpty ? nil : some.last?.room.room
            let place = PersonPlace(id, upTo: last)
            parts.append(PersonPart(participant: participant, rooms: some, place: place))
        } while !rooms.isEmpty
        return parts
    }

    private func summary(of part: PersonPart) -> PersonSummary {
        let participant = part.participant
        let places = part.rooms ?? directory.rooms(of: participant.participant)
        let rooms = places.filter { $0.room.isMeeting }.map {
            room,
            proposal in
            let isIn =
                participant.person.flatMap { self.rooms[room.room]?.room.membership(of: $0) } != nil
            return PersonRoom(
                room: room.room,
                name: room.name,
                membership: proposal.membership,
                stage: isIn ? .admitted : proposal.accepted == nil ? .proposed : .accepted
            )
        }
        let devices = participant.person.map { directory.activeDevices(of: $0) } ?? []
        return PersonSummary(
            participant: participant.participant,
            name: participant.name,
            department: participant.department,
            address: participant.address,
            enrolled: participant.person != nil,
            administrator: directory.isAdministrator(participant.participant),
            rooms: rooms,
            devices: devices.map(\.device)
        )
    }
}
