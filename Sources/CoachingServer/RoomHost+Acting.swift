// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingStore
import CoachingWire

extension RoomHost {
    /// Decides on what a member asks of the room.
    func decideAct(
        _ act: RoomAct,
        _ wait: RoomWait,
        _ pass: inout DecisionPass,
        at now: Timestamp
    ) {
        guard let asker = wait.asker else { return }
        guard isMember(asker) || isFounding(act, asker) else { return refuseStranger(asker) }
        let person = asker.identity.person
        let actor = RoomActor.person(person, asker.identity.device)
        do {
            let command: RoomCommand
            switch act {
            case .admit(let signed): command = try admission(signed, by: asker)
            case .exclude(let other):
                command = .exclude(
                    other,
                    other == person ? .left : .removed,
                    marks: marks(excluding: [other])
                )
            case .proposeAgreement(let version): command = .proposeAgreement(version)
            case .acceptAgreement(let version): command = .acceptAgreement(version)
            case .attend(let attended): command = .attend(attended.person, attended.presence)
            case .start(let start):
                guard let written = written(before: start, by: actor, wait, at: now) else {
                    return
                }
                return decide(.start(start), by: actor, written: written, wait, &pass, at: now)
            case .pause: command = .pause
            case .resume: command = .resume
            case .extend(let milliseconds): command = .extend(milliseconds)
            case .skip: command = .skip
            case .end: command = .end
            case .acceptRestore(let signed): command = try acceptance(signed, by: asker)
            case .openPrompt(let opening): command = .openPrompt(opening)
            case .closePrompt(let prompt):
                return decideClose(prompt, by: actor, wait, &pass, at: now)
            case .grantHistory(let signed): command = try granting(signed, by: asker)
            case .handOver(let handed): command = .handOver(handed.to)
            case .setRota(let set): command = .setRota(set.order)
            case .schedule(let wishes): command = .schedule(wishes)
            case .come(let coming): command = .come(coming)
            case .floor(let call): command = .floor(call)
            case .back: command = .back
            case .stop: command = .stop
            case .mute(let muted): command = .mute(muted.person, muted.isMuted)
            case .shut(let shut): command = .shut(shut.isShut)
            case .move(let wish): command = .move(wish.person, pod: wish.pod)
            case .askVisit(let place): command = .askVisit(place.turn)
            case .allowVisit(let signed): command = try visit(signed, by: asker)
            case .endVisit(let place): command = .endVisit(place.turn)
            case .proposeDeviation(let terms): command = .proposeDeviation(terms)
            case .agreeDeviation(let terms): command = .agreeDeviation(terms)
            case .endDeviation(let terms): command = .endDeviation(terms)
            case .callRelationship(let call): command = .callRelationship(call)
            case .sayFarewell(let farewell): command = .sayFarewell(farewell)
            case .callFacilitator(let place): command = .callFacilitator(place.turn)
            }
            decide(command, by: actor, wait, &pass, at: now)
        } catch let refusal as Refusal {
            core.refuse(asker, refusal.code, detail: refusal.detail, refusal.sentence)
        } catch let rejection as RoomRejection {
            refuse(asker, rejection)
        } catch {
            core.refuse(asker, .badRequest, Sentences.badRequest)
        }
    }

    /// Decides on a command whose signatures have been checked.
    func decide(
        _ command: RoomCommand,
        by actor: RoomActor,
        written: Set<FeedbackDue> = [],
        _ wait: RoomWait,
        _ pass: inout DecisionPass,
        at now: Timestamp
    ) {
        let records: [RoomRecord]
        do {
            records = try room.decide(
                command,
                by: actor,
                at: now,
                limits: core.configuration.room,
                marks: marks(of: room.marksOfVisits),
                written: written
            )
        } catch {
            if let asker = wait.asker { refuse(asker, error) }
            return
        }
        guard !records.isEmpty else {
            if let asker = wait.asker { core.answer(asker, .done(room.position)) }
            return
        }
        let changesReaders = records.contains { $0.event.changesReaders }
        // So all that is settled with it was decided among the readers who are there then.
        guard !changesReaders || pass.group.frames.isEmpty else {
            pass.isFull = true
            return
        }
        // What was answered so far is delivered, or discarded, before anybody stops reading.
        guard !changesReaders || !closePrompts(touchedBy: records, &pass, at: now) else {
            pass.isFull = true
            return
        }
        let encoded = records.map { $0.encoded() }
        let bytesMax = core.configuration.pushedBytesMax
        guard encoded.allSatisfy({ $0.count <= bytesMax }) else {
            return refuseTooLong(wait.asker, bytesMax)
        }
        if pass.before == nil { pass.before = LogState(room: room, heads: heads) }
        var frames: [(position: UInt64, frame: [UInt8])] = []
        for (record, bytes) in zip(records, encoded) {
            let position = room.position + 1
            let head = RoomChain.next(heads.last, number: position, event: bytes)
            let frame = PushedRecord(room: id, position: position, record: bytes).frame()
            pass.group.frames.append(
                AppendFrame(
                    stream: log.stream,
                    number: position,
                    frame: frame,
                    digest: Hashing.hash(bytes),
                    head: head
                )
            )
            room.evolve(record)
            heads.append(head)
            frames.append((position, frame))
        }
        pass.decided.append(
            .records(wait.asker, frames: frames, changesReaders: changesReaders)
        )
        pass.waits.append(wait)
    }

    /// Refuses what could be stored but not handed on.
    func refuseTooLong(_ asker: Asker?, _ bytesMax: Int) {
        if let asker {
            let bound = UInt64(clamping: bytesMax)
            core.refuse(asker, .tooLong, detail: bound, Sentences.tooLong)
        } else {
            let sentence = "A room's record was not made, because it is longer than a frame."
            core.emit(.log(ServerNote(.warning, sentence)))
        }
    }

    /// Checks a signed roster and gathers what the rules need with it.
    private func admission(_ signed: SignedBytes, by asker: Asker) throws -> RoomCommand {
        guard let device = core.directory.device(asker.identity.device),
            let key = try? VerifyingKey(device.signingKey),
            let verified = try? SignedRoster.verified(signed, by: key)
        else {
            throw Refusal(.badSignature, sentence: "The list of members is not signed rightly.")
        }
        guard verified.roster.isProgramme == core.directory.isProgramme(id) else {
            throw RoomRejection.rosterConflict
        }
        var lists: [DevicesChanged] = []
        for member in verified.roster.members
        where room.membership(of: member.person) == nil {
            guard let enrolled = core.directory.person(member.person),
                core.directory.proposal(enrolled.participant, in: id)?.accepted != nil
                    || member.person == asker.identity.person
            else { throw Self.notFound }
            guard let list = try? SignedDeviceList.introduced(enrolled.deviceList.signed) else {
                throw RoomRejection.deviceListConflict
            }
            lists.append(DevicesChanged(signed: list.signed, list: list.list))
        }
        let named = Set(verified.roster.members.map(\.person))
        let leaving = room.members.map(\.person).filter { !named.contains($0) }
        let rostered = Rostered(
            signed: signed,
            signer: asker.identity.device,
            roster: verified.roster,
            hash: verified.hash,
            marks: marks(excluding: leaving)
        )
        return .admit(rostered, newLists: lists)
    }

    /// Says with a person's next devices where the transcripts stand that these read from now on.
    func marked(_ command: RoomCommand) -> RoomCommand {
        guard case .changeDevices(var changed) = command else { return command }
        changed.marks = marks(excluding: [changed.list.person])
        return .changeDevices(changed)
    }

    /// Checks a signed grant of older entries.
    private func granting(_ signed: SignedBytes, by asker: Asker) throws -> RoomCommand {
        guard let key = room.signingKey(of: asker.identity.device),
            let verifying = try? VerifyingKey(key),
            let granted = try? SignedHistoryGrant.verified(signed, by: verifying)
        else { throw Refusal(.badSignature, sentence: "The grant is not signed rightly.") }
        return .grantHistory(
            HistoryGranted(signed: signed, signer: granted.signer, grant: granted.grant)
        )
    }

    /// Checks a signed yes to a visit.
    private func visit(_ signed: SignedBytes, by asker: Asker) throws -> RoomCommand {
        guard let key = room.signingKey(of: asker.identity.device),
            let verifying = try? VerifyingKey(key),
            let verified = try? SignedVisitYes.verified(signed, by: verifying)
        else { throw Refusal(.badSignature, sentence: "The yes is not signed rightly.") }
        return .allowVisit(
            TurnChanged(signed: signed, signer: verified.signer, yes: verified.yes)
        )
    }

    /// Gives where the transcripts stand that an admission or exclusion must name: `room` and
    /// `peers` first, then the turns of those who go.
    func marks(excluding people: [PersonID]) -> [TranscriptMark] {
        var keys = room.marksNeeded(excluding: nil)
        var known = Set(keys)
        for person in people {
            for key in room.marksNeeded(excluding: person) where known.insert(key).inserted {
                keys.append(key)
            }
        }
        return marks(of: keys)
    }

    private func marks(of keys: [TranscriptKey]) -> [TranscriptMark] {
        keys.prefix(RoomLimits.marksMax).map { key in
            let transcript = transcripts[TranscriptID(room: id, key: key)]
            return TranscriptMark(key: key, number: transcript?.number ?? 0)
        }
    }

    /// Names who ends a membership, as the directory says it, in a way that the room's rules take.
    func exclusion(
        of person: PersonID,
        _ membership: Membership,
        _ cause: ExclusionCause,
        by: PersonID?
    ) -> (RoomActor, ExclusionCause) {
        switch cause {
        case .left:
            if let device = room.devices(of: person).first {
                return (.person(person, device), .left)
            }
        case .removed:
            if let by, by != person, room.isKeeper(by), room.members.count > 1,
                let device = room.devices(of: by).first
            {
                return (.person(by, device), .removed)
            }
        case .endDate:
            if membership == .facilitator { return (.server, .endDate) }
        case .administrator: break
        }
        return (.administrator, .administrator)
    }

    private func isFounding(_ act: RoomAct, _ asker: Asker) -> Bool {
        guard case .admit = act, room.position == 0 else { return false }
        return core.directory.mayFound(id, asker.identity.participant)
    }

    /// Whether the asker belongs to the room now.
    func isMember(_ asker: Asker) -> Bool {
        room.membership(of: asker.identity.person) != nil
    }

    /// Whether the asker reads and writes here: as a member, through a device that counts in the
    /// room.
    ///
    /// Refuses where not.
    func admits(_ asker: Asker) -> Bool {
        if room.person(of: asker.identity.device) == asker.identity.person { return true }
        if isMember(asker) { refuse(asker, .deviceRevoked) } else { refuseStranger(asker) }
        return false
    }

    /// Refuses what would change a room that is closed.
    func refuseClosed(_ asker: Asker) {
        if isMember(asker) { refuse(asker, .roomClosed) } else { refuseStranger(asker) }
    }

    /// Refuses so that a stranger learns nothing and a former member just that (D23).
    func refuseStranger(_ asker: Asker) {
        if room.isFormerMember(asker.identity.person) {
            core.refuse(asker, .left, "You are not in this room any more.")
        } else {
            core.refuse(asker, .notFound, Sentences.notFound)
        }
    }

    /// Refuses with the rule's number and a sentence that fits the moment.
    func refuse(_ asker: Asker, _ rejection: RoomRejection) {
        let person = asker.identity.person
        core.refuse(
            asker,
            RefusalCode(rejection),
            Sentences.sentence(for: rejection, person, in: room)
        )
    }

    /// Answers who waits at the room, to those who admit there.
    func answerLobby(_ wait: RoomWait) {
        guard let asker = wait.asker else { return }
        let founding = room.position == 0
        guard
            room.isKeeper(asker.identity.person)
                || founding && core.directory.mayFound(id, asker.identity.participant)
        else { return isMember(asker) ? refuse(asker, .notAKeeper) : refuseStranger(asker) }
        let members = Set(room.members.map(\.person))
        core.answer(asker, core.directory.proposals(in: id), by: \.participant.value) {
            core.directory.candidate($0, members: members)
        } as: {
            .lobby(Lobby(candidates: $0))
        }
    }

    /// Answers with the keys of the members' devices.
    func answerKeys(_ wait: RoomWait) {
        guard let asker = wait.asker else { return }
        guard admits(asker) else { return }
        core.answer(asker, room.members, by: \.person.value) {
            core.directory.keys(of: $0.person)
        } as: {
            .keys($0)
        }
    }
}

extension RoomEvent {
    /// Whether it changes who reads some transcript.
    var changesReaders: Bool {
        switch self {
        case .rostered, .excluded, .turnOpened, .devicesChanged, .turnChanged, .visitEnded: true
        default: false
        }
    }
}
