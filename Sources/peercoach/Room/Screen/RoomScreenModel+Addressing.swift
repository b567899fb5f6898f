// SPDX-License-Identifier: Apache-2.0
import CoachingModel

extension RoomScreenModel {
    /// Where a bare line goes that begins now.
    ///
    /// Without a connection it stays with its author; else it goes where the person chose to
    /// stay, or where the phase says.
    var address: LineAddress {
        guard stage == .inside, link == .online, preparing == nil else { return ownAddress }
        if let standing, let chosen = address(of: standing, in: room) { return chosen }
        return phaseAddress(in: room)
    }

    /// Where only oneself reads.
    var ownAddress: LineAddress {
        LineAddress(key: .own(me), kind: .note, readers: [me], text: "only you")
    }

    /// Where the phase sends bare lines.
    func phaseAddress(in room: Room) -> LineAddress {
        guard let session = room.session, let (_, role, part, _) = room.part(of: me),
            let kind = session.medium == .typed ? part?.bare : part?.spoken, kind != .note
        else { return ownAddress }
        if hasToWait(in: room) { return ownAddress }
        if role == .everyone { return address(.room, kind, in: room) }
        guard let turn = room.turn(of: me)?.turn else { return ownAddress }
        return address(.turn(turn.id), kind, in: room)
    }

    /// Resolves a choice; `nil` where the place does not exist now.
    func address(of target: LineTarget, in room: Room) -> LineAddress? {
        switch target {
        case .note: return ownAddress
        case .turn:
            guard let turn = turnKey(in: room) else { return nil }
            return address(turn, turnKind(in: room), in: room)
        case .room: return address(.room, roomKind(in: room), in: room)
        case .peers:
            guard room.membership(of: me) == .peer else { return nil }
            return address(.peers, .say, in: room)
        case .person(let other):
            guard room.membership(of: other) != nil, other != me else { return nil }
            return address(.between(me, other), .say, in: room)
        }
    }

    /// Makes the address of a place with its readers as the room has them.
    func address(_ key: TranscriptKey, _ kind: EntryKind, in room: Room) -> LineAddress {
        let readers = room.audience(of: key)
        return LineAddress(key: key, kind: kind, readers: readers, text: text(of: key, readers))
    }

    /// The turn in which one sits, else the last one of this session.
    private func turnKey(in room: Room) -> TranscriptKey? {
        if let turn = room.turn(of: me)?.turn { return .turn(turn.id) }
        if let visit = room.interventions(of: me), !visit.kinds.isEmpty {
            return .turn(visit.turn.id)
        }
        let last = room.session?.closedTurns.last { $0.turn.pod.role(of: me) != nil }
        return last.map { .turn($0.turn.id) }
    }

    /// What a line without a kind is in one's turn: what the phase says, else a statement.
    private func turnKind(in room: Room) -> EntryKind {
        if let visit = room.interventions(of: me), let first = visit.kinds.first {
            return visit.kinds.contains(.say) ? .say : first
        }
        guard let session = room.session, let (_, role, part, _) = room.part(of: me),
            role != .everyone, let part
        else { return .say }
        if session.medium == .spoken { return part.spoken == .note ? .say : part.spoken }
        if part.bare != .note { return part.bare }
        return part.kinds.first ?? .say
    }

    private func roomKind(in room: Room) -> EntryKind {
        guard room.session?.medium == .typed, let (_, role, part, _) = room.part(of: me),
            role == .everyone, let part, !part.kinds.contains(.say)
        else { return .say }
        return part.bare == .note ? .say : part.bare
    }

    /// The place for a line of a certain kind, where the default is not meant.
    func address(for kind: EntryKind, in room: Room) -> LineAddress? {
        let seated =
            room.turn(of: me) != nil || room.interventions(of: me)?.kinds.isEmpty == false
        if kind == .feedback, let key = turnKey(in: room) { return address(key, kind, in: room) }
        if seated, let key = turnKey(in: room) { return address(key, kind, in: room) }
        if let standing, var chosen = address(of: standing, in: room), !chosen.isOwn {
            chosen.kind = kind
            return chosen
        }
        guard room.session?.isTogether == true else { return nil }
        return address(.room, kind, in: room)
    }

    private func text(of key: TranscriptKey, _ readers: [PersonID]) -> String {
        let others = readers.filter { $0 != me }
        switch key {
        case .own, .programme: return "only you"
        case .peers, .prompt(_, .peers):
            return room.hasFacilitator ? "peers in \(roomName)" : "everyone in \(roomName)"
        case .room, .prompt: return "everyone in \(roomName)"
        case .direct, .turn:
            return others.isEmpty ? "only you" : others.map { name($0) }.joined(separator: ", ")
        }
    }
}

// MARK: - The line that is being typed

extension RoomScreenModel {
    /// Learns what stands in the line now; what was shown when it began stays with it.
    mutating func drafting(_ text: String) {
        if text.isEmpty {
            draft = nil
        } else if draft == nil {
            draft = shown ?? Draft(address: address, room: room)
        }
    }

    /// Says where typed lines go now, if that changed since it was said last.
    mutating func announceAddress() -> [RoomLine] {
        if let standing, address(of: standing, in: room) == nil { self.standing = nil }
        let next = address
        defer { announced = next }
        guard let announced, announced.key != next.key || announced.text != next.text else {
            return []
        }
        var lines = [system(addressText(next), "readers", [.init("readers", JSON(names(next)))])]
        if let draft, !draft.address.means(next), !draft.address.isOwn, !draft.isNoted {
            self.draft?.isNoted = true
            lines.append(
                system(
                    "The line that you are typing stays for \(draft.address.text): "
                        + "Enter asks before it goes."
                )
            )
        }
        return lines
    }

    /// The readers by name, without oneself.
    func names(_ address: LineAddress) -> [String] {
        address.readers.filter { $0 != me }.map { name($0) }
    }

    private func addressText(_ next: LineAddress) -> String {
        guard next.isOwn else { return "Typed lines now go to \(next.text)." }
        return "Typed lines now stay with you alone." + elsewhere
    }

    /// How to reach others from where lines stay with oneself.
    private var elsewhere: String {
        guard link == .online, let session = room.session, let (_, role, part, _) = myPart else {
            return ""
        }
        if hasToWait(in: room) { return "" }
        if role == .everyone { return " /room TEXT goes to everyone in \(roomName)." }
        guard let turn = room.turn(of: me)?.turn else { return "" }
        let others = room.audience(of: .turn(turn.id)).filter { $0 != me }.map { name($0) }
        if others.isEmpty { return "" }
        let command =
            session.medium == .spoken ? "turn" : part?.kinds.first.map { Words.kind($0) }
        guard let command else { return "" }
        return " /\(command) TEXT goes to \(Words.list(others))."
    }
}
