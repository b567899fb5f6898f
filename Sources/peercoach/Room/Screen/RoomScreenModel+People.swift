// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingTerminal

// MARK: - Who is in and who reads

extension RoomScreenModel {
    func members() -> [RoomEffect] {
        let width = room.members.map(\.name.count).max() ?? 0
        return room.members.map { member in
            var states = [member.person == me ? "you" : presence(of: member.person)]
            if member.membership == .facilitator { states.append("facilitator") }
            let admitted = admissions.people[member.person]
            states.append(MemberWords.entered(member.person, admitted, room, now, calendar))
            if member.person != me, let standing = standings[member.person] {
                states.append(MemberWords.standing(standing, now, calendar))
            }
            let devices = room.devices(of: member.person).count
            if devices != 1 { states.append(Words.count(devices, "device")) }
            if room.agreementInForce != nil, !room.hasAccepted(member.person) {
                states.append("has not accepted the agreement yet")
            }
            if room.timekeepers.contains(member.person) { states.append("keeps the time") }
            return .show(
                system(
                    "\(Words.padded(member.name, min(width, 30)))  \(states.joined(separator: ", "))",
                    "member",
                    [
                        .init("name", .string(member.name)),
                        .init("membership", .string(Words.membership(member.membership))),
                        .init("presence", .string("\(room.presence(of: member.person))")),
                        .init("accepted", .bool(room.hasAccepted(member.person))),
                        .init("letInBy", JSON(admitted?.by.map { name($0) })),
                        .init("voucher", JSON(admitted?.voucher)),
                        .init("since", JSON(admitted.map { Words.stamp($0.at) })),
                        .init("verified", .string(MemberWords.code(standings[member.person]))),
                        .init("devices", JSON(devices)),
                    ]
                )
            )
        } + waiting.map { .show(system("\($0)  waits to be let in", "waiting")) }
    }

    func presence(of person: PersonID) -> String {
        switch room.presence(of: person) {
        case .here: "here"
        case .phone: "here by phone"
        case .away: "away"
        }
    }

    /// Who reads what, place by place, and since when.
    func who() -> [RoomEffect] {
        var lines: [RoomLine] = []
        func put(_ command: String, _ address: LineAddress?) {
            guard let address else { return }
            let readers = room.readersSince(address.key, admissions, me: me)
            let place = ReadingPlace(word: command, key: address.key)
            let names = place.text(readers, now: now, calendar)
            let isNow = address.key == self.address.key ? "   (bare lines now)" : ""
            lines.append(
                system(
                    "\(Words.padded(command, 6))  \(names)\(isNow)",
                    "readers",
                    [.init("readers", JSON(self.names(address)))]
                )
            )
        }
        put("/note", ownAddress)
        put("/turn", address(of: .turn, in: room))
        if room.hasFacilitator { put("/peers", address(of: .peers, in: room)) }
        put("/room", address(of: .room, in: room))
        if link != .online {
            lines.append(system("There is no connection: lines wait or stay here."))
        }
        return lines.map { .show($0) }
    }

    func setPresence(_ command: SlashCommand, _ rest: String) -> [RoomEffect] {
        guard room.isInCharge(me) else { return refuses("Not done: \(chargeText) does this here.") }
        switch person(in: rest) {
        case .one(let person, let word):
            if command == .absent { return [.act(.attend(person, .away))] }
            guard word.isEmpty || word == "phone" else {
                return refuses(SlashCommand.present.usage)
            }
            return [.act(.attend(person, word == "phone" ? .phone : .here))]
        case .several(let names): return refuses("Which one: \(Words.list(names, "or"))?")
        case .none: return refuses("Nobody here is called so. /members lists who is in.")
        }
    }

    mutating func away() -> [RoomEffect] {
        let isAway = room.presence(of: me) == .away
        choseAway = !isAway
        if isAway, room.agreementInForce != nil, !room.hasAccepted(me) {
            return refuses("First accept the agreement: /agreement accept")
        }
        return [.act(.attend(me, isAway ? .here : .away))]
    }

    func admit(_ rest: String) -> [RoomEffect] {
        guard room.isKeeper(me) else {
            let names = room.keepers.map { name($0) }
            return refuses("Not done: \(Words.list(names, "or")) can let people in here.")
        }
        guard !waiting.isEmpty else { return refuses("Nobody waits to be let in.") }
        if rest.isEmpty { return [.act(.admit(name: nil))] }
        let wanted = rest.lowercased()
        let fitting = waiting.filter { $0.lowercased().hasPrefix(wanted) }
        guard fitting.count == 1, let one = fitting.first else {
            return refuses("Waiting: \(Words.list(waiting)). /admit NAME")
        }
        return [.act(.admit(name: one))]
    }

    mutating func remove(_ rest: String) -> [RoomEffect] {
        guard room.isKeeper(me) else {
            let names = room.keepers.map { name($0) }
            return refuses("Not done: \(Words.list(names, "or")) can do this here.")
        }
        switch person(in: rest) {
        case .one(let person, _): return ask(.remove(person))
        case .several(let names): return refuses("Which one: \(Words.list(names, "or"))?")
        case .none: return refuses("Whom? \(SlashCommand.remove.usage)")
        }
    }

    /// Learns who waits to be let in, and who is proposed and not confirmed yet.
    mutating func waits(
        _ names: [String],
        unconfirmed: [String],
        by proposer: String
    ) -> [RoomEffect] {
        waiting = names
        guard stage == .inside else { return [] }
        var effects: [RoomEffect] = []
        let question = Question.confirm(names: unconfirmed, by: proposer)
        if !unconfirmed.isEmpty, !questions.contains(question) {
            questions.removeAll { if case .confirm = $0 { true } else { false } }
            effects += ask(question, byItself: true)
        }
        return effects
    }
}

// MARK: - Agreement

extension RoomScreenModel {
    mutating func agreement(_ rest: String) -> [RoomEffect] {
        guard let version = room.agreementProposed ?? room.agreementInForce else {
            return refuses("There is no agreement yet.")
        }
        if rest == "accept" {
            guard room.accepted(by: me) != version.version else {
                return says("You have accepted version \(version.version) already.")
            }
            guard link == .online else { return refuses("Not now: there is no connection.") }
            return [.act(.accept(version))]
        }
        guard rest.isEmpty else { return refuses(SlashCommand.agreement.usage) }
        var effects = agreementText(version)
        if room.accepted(by: me) != version.version { effects += ask(.agreement(version)) }
        return effects
    }

    /// Shows a version's text, each line marked as what it is.
    func agreementText(_ version: AgreementVersion) -> [RoomEffect] {
        guard let text = agreements[version.version] else {
            return says("The text of version \(version.version) has not arrived yet.")
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
        return lines.map { line in
            .show(
                RoomLine(
                    at: now,
                    lead: .scope("agreement"),
                    text: String(line),
                    type: "agreement",
                    facts: [.init("version", JSON(version.version))]
                )
            )
        }
    }

    /// Whether the text of an agreement is still to come that the person has not accepted.
    var awaitsAgreement: Bool {
        guard let version = room.agreementProposed ?? room.agreementInForce else { return false }
        return room.accepted(by: me) != version.version && agreements[version.version] == nil
    }

    /// Shows the agreement and asks, where the person has not accepted it.
    mutating func askAgreement() -> [RoomEffect] {
        guard stage == .inside, let version = room.agreementProposed ?? room.agreementInForce,
            room.accepted(by: me) != version.version, agreements[version.version] != nil,
            !questions.contains(.agreement(version))
        else { return [] }
        let text = questions.isEmpty ? agreementText(version) : []
        return text + ask(.agreement(version), byItself: true)
    }
}
