// SPDX-License-Identifier: Apache-2.0
import CoachingModel

extension RoomScreenModel {
    /// Takes a record from before this view was opened.
    mutating func replay(_ record: RoomRecord) {
        room.evolve(record)
        admissions.take(record)
        now = max(now, record.at)
        if let session = room.session { tally.begin(session) }
    }

    /// Takes one more record of the room's log.
    mutating func happened(_ record: RoomRecord) -> [RoomEffect] {
        let before = room
        room.evolve(record)
        admissions.take(record)
        now = max(now, record.at)
        if let session = room.session { tally.begin(session) }
        switch record.event {
        case .sessionStarted, .turnOpened, .turnClosed: isBetween = true
        default: isBetween = false
        }
        var lines = lines(for: record, before: before)
        switch record.event {
        case .phaseStarted, .sessionEnded, .excluded, .rostered, .devicesChanged, .floorCalled,
            .attended, .muted, .turnChanged, .visitEnded:
            let addressed = announceAddress()
            // The summary ends by saying where lines go.
            if case .sessionEnded = record.event, addressed.first?.type == "readers", draft == nil {
                break
            }
            lines += addressed
        default: break
        }
        var effects = lines.map { RoomEffect.show($0) }
        if case .excluded(let excluded) = record.event, excluded.person == me {
            stage = .out
            questions = []
            effects.append(.leave)
        }
        switch record.event {
        case .agreementProposed: effects += askAgreement()
        case .agreementAccepted where record.by == me: effects += attendance()
        case .muted: effects += muteReason(record)
        case .deviationProposed, .deviationAgreed, .deviationEnded:
            effects += deviationAsked(record)
        case .visitAsked(let place): effects += visitAsked(place, by: record.by)
        case .turnChanged, .visitEnded, .turnClosed: forgetVisits()
        // Whoever it kept out comes in.
        case .shut(let shut) where !shut.isShut: effects += attendance()
        default: break
        }
        return effects
    }

    private func lines(for record: RoomRecord, before: Room) -> [RoomLine] {
        let by = record.by.map { $0 == me ? "You" : name($0) }
        switch record.event {
        case .rostered: return rostered(before, by: record.by)
        case .devicesChanged(let changed): return devices(changed, before)
        case .excluded(let excluded): return [left(excluded, before)]
        case .agreementProposed(let version):
            return [
                system(
                    "\(by ?? "Somebody") proposed version \(version.version) of the agreement.",
                    "agreement"
                )
            ]
        case .agreementAccepted(let version): return accepted(version, record.by, before)
        case .sessionStarted:
            return sessionStarted() + lastTogether() + openPromises() + newNumber
        case .phaseStarted(let phase): return phaseStarted(phase)
        case .turnOpened, .turnClosed: return []
        case .clockSet(let set): return clockSet(set, by)
        case .sessionEnded: return room.lastSession.map { summary(of: $0) } ?? []
        case .attended(let attended): return attend(attended, by: record.by)
        case .replanned(let replanned):
            return [record.by.map { moved(replanned, by: $0, before) } ?? plannedAnew(replanned)]
        case .restoreAccepted:
            return [
                system(
                    "\(by ?? "Somebody") accepted that the server was restored from a backup."
                        + " Missing lines may come again, with the day on which they were said.",
                    "restored"
                )
            ]
        // The question itself follows and says it.
        case .promptOpened: return []
        case .promptClosed(let closed): return promptClosed(closed, before)
        case .historyGranted(let granted): return [given(granted, by: record.by)]
        case .handedOver(let handed): return [handedOver(handed, by)]
        case .meetingSet(let set): return [meetingSet(set, before, by)]
        case .coming(let coming): return [self.coming(coming, by: record.by)]
        case .rotaSet: return [rotaSet(by)]
        case .keeperReached(let reached): return [keeperReached(reached)]
        // The line itself was seen; what is still to come is told where the time is up.
        case .needMet: return []
        case .floorCalled(let call): return floorCalled(call, by: record.by, before)
        case .muted(let muted): return [self.muted(muted, by: by)]
        case .shut(let shut): return [self.shut(shut, by: by)]
        case .visitAsked(let place): return visitAskedLine(place, by: record.by)
        case .turnChanged(let changed): return visitBegan(changed)
        case .visitEnded(let ended): return visitEnded(ended, before)
        case .deviationProposed, .deviationAgreed, .deviationEnded:
            return deviation(record)
        case .relationshipCalled(let call): return relationship(call, by: record.by, before)
        case .facilitatorCalled(let place): return facilitatorCalled(place, by: record.by)
        case .farewellSaid(let farewell): return self.farewell(farewell, by: record.by)
        case .unrecognised:
            return [system("Something happened that this version of peercoach does not know.")]
        }
    }
}

// MARK: - People

extension RoomScreenModel {
    private func rostered(_ before: Room, by: PersonID?) -> [RoomLine] {
        var lines: [RoomLine] = []
        for member in room.members {
            let was = before.membership(of: member.person)
            if was == nil, member.person != me, before.roster != nil {
                let role = member.membership == .facilitator ? " as facilitator" : ""
                let who = by.map { $0 == me ? "you" : name($0) } ?? "the server"
                let word = member.voucher.map { $0 == who ? "" : " (\($0) vouches)" } ?? ""
                lines.append(
                    system(
                        "\(member.name) was let in\(role) by \(who)\(word), and reads from here on "
                            + "what goes to everyone in \(roomName).",
                        "letIn",
                        [.init("name", .string(member.name))]
                    )
                )
            } else if let was, was != member.membership {
                let role = Words.membership(member.membership)
                lines.append(system("\(subject(member.person, "are", "is")) \(role) now.", "role"))
            }
            if was != nil, let old = before.name(of: member.person), old != member.name {
                lines.append(system("\(old) is now called \(member.name).", "renamed"))
            }
        }
        for member in before.members where room.membership(of: member.person) == nil {
            lines.append(system("\(member.name) is not in \(roomName) any more.", "left"))
        }
        return lines + policyChanged(before, by: by)
    }

    private func devices(_ changed: DevicesChanged, _ before: Room) -> [RoomLine] {
        let person = changed.list.person
        let old = before.devices(of: person).count
        let new = room.devices(of: person).count
        guard old > 0, old != new else { return [] }
        let whose = person == me ? "You read" : "\(name(person)) reads"
        return [system("\(whose) here on \(Words.count(new, "device")) now.", "devices")]
    }

    private func left(_ excluded: Excluded, _ before: Room) -> RoomLine {
        let isMe = excluded.person == me
        let who = isMe ? "You" : before.name(of: excluded.person) ?? "Somebody"
        let text =
            switch excluded.cause {
            case .left: "\(who) left \(roomName)."
            case .removed: "\(who) \(isMe ? "were" : "was") removed from \(roomName)."
            case .administrator:
                "\(who) \(isMe ? "were" : "was") taken out of \(roomName) by an administrator."
            case .endDate: "\(isMe ? "Your" : "\(who)'s") time as facilitator is over."
            }
        let after = isMe ? " You read nothing from here on." : " \(who) reads nothing from here on."
        return system(text + after, "left", [.init("name", .string(who))])
    }

    private func accepted(
        _ version: AgreementVersion,
        _ by: PersonID?,
        _ before: Room
    ) -> [RoomLine] {
        guard let by else { return [] }
        var lines = [
            system("\(subject(by, "have", "has")) accepted the agreement.", "agreementAccepted")
        ]
        if before.agreementInForce != room.agreementInForce {
            lines.append(
                system(
                    "All have accepted: version \(version.version) of the agreement holds now.",
                    "agreement"
                )
            )
        }
        return lines
    }

    private func attend(_ attended: Attended, by: PersonID?) -> [RoomLine] {
        let person = attended.person
        let how =
            switch attended.presence {
            case .here: "here"
            case .phone: "here by phone"
            case .away: "away"
            }
        let byOther = by.map { $0 != person ? " (\(nameOrYou($0)) said so)" : "" } ?? ""
        var text = "\(subject(person, "are", "is")) \(how)\(byOther)."
        if person == me, attended.presence == .away, !isLeaving {
            text += " /away again when you are back."
        }
        return [
            system(
                text,
                "attended",
                [
                    .init("name", .string(name(person))),
                    .init("presence", .string("\(attended.presence)")),
                ]
            )
        ]
    }

    /// "You are" or "Lena is".
    func subject(_ person: PersonID, _ mine: String, _ others: String) -> String {
        person == me ? "You \(mine)" : "\(name(person)) \(others)"
    }
}
