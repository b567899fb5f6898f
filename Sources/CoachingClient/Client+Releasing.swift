// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire

/// A release as it would be: what would stand there, and whose yes it needs.
struct ReleasePlan {
    /// As what kind.
    var kind: EntryKind
    /// What is to be sealed, without the proof.
    var body: EntryBody
    /// Whose yes is needed, ascending.
    var persons: [PersonID]
}

extension Client {
    // MARK: Asking

    /// Gives whose yes a release needs (see ``RoomSession/concerned(_:in:by:)``).
    func plan(
        _ number: UInt64,
        of key: TranscriptKey,
        to target: TranscriptKey,
        in room: RoomID
    ) async throws(ClientError) -> ReleasePlan {
        guard let line = try await original(number, of: key, in: room) else {
            throw ClientError(.noSuchName, "This line is gone.")
        }
        return try plan(line, to: target, by: keys.person, in: room)
    }

    func plan(
        _ line: ReadEntry,
        to target: TranscriptKey,
        by asker: PersonID,
        in room: RoomID
    ) throws(ClientError) -> ReleasePlan {
        guard var body = line.body, let author = line.author else {
            throw ClientError(.refused, "This line cannot be read here.")
        }
        guard body.file == nil else {
            throw ClientError(
                .refused,
                "A line with a file cannot be released.",
                hint: "Its author can send the file to them: peercoach send"
            )
        }
        let state = try roomState(room)
        do throws(ReleaseRefusal) {
            let persons = try state.mayRelease(
                line.kind,
                from: line.key,
                to: target,
                author: author,
                asker: asker,
                about: line.about,
                concerning: body.concerns,
                releasedBy: body.release?.persons ?? []
            )
            body.release = nil
            body.saidBefore = nil
            return ReleasePlan(kind: line.kind.released ?? .say, body: body, persons: persons)
        } catch {
            throw ClientError(error) { state.name(of: $0) ?? "somebody" }
        }
    }

    /// Reads a line anew from the server; `nil` where it is gone.
    func original(
        _ number: UInt64,
        of key: TranscriptKey,
        in room: RoomID
    ) async throws(ClientError) -> ReadEntry? {
        let transcript = TranscriptID(room: room, key: key)
        // One page of a circle at a time.
        _ = await until(ticks: 20) { pages[transcript] == nil }
        let page = try await page(of: transcript, number...number, in: room)
        rooms[room]?.replica.now = environment.now()
        let replica = try following(room).replica
        for item in page.items where item.number == number {
            guard let line = try replica.reread(item), !replica.isOver(line) else { return nil }
            return line
        }
        try replica.checkErased(page.erased)
        return nil
    }

    /// Releases a line, or asks those whom it concerns (see ``RoomSession``).
    func release(
        _ number: UInt64,
        of key: TranscriptKey,
        to target: TranscriptKey,
        programme: RoomID? = nil,
        shown: Set<PersonID>,
        in room: RoomID
    ) async throws(ClientError) -> ReleaseOutcome {
        let plan = try await plan(number, of: key, to: target, in: room)
        let salt = environment.bytes16()
        if plan.persons == [keys.person] {
            let place = ReleasePlace(room: programme ?? room, key: target)
            let proof = try proof(plan, salt, [:], place, in: room)
            guard let programme else {
                return .released(try await post(plan, proof, to: place, shown: shown))
            }
            return try await inProgramme(programme) { () async throws(ClientError) in
                .released(try await self.post(plan, proof, to: place, shown: shown))
            }
        }
        let isAsked = try following(room).replica.releases.all.contains {
            $0.isOpen && $0.key == key && $0.line == number && $0.target == target
                && $0.programme == programme
        }
        guard !isAsked else {
            throw ClientError(
                .refused,
                "You have asked for that already.",
                hint: "peercoach consents says who has answered."
            )
        }
        let digest = try digest(plan, salt)
        let terms = ReleaseTerms(
            target: target,
            salt: salt,
            digest: digest,
            persons: plan.persons,
            programme: programme
        )
        let asked = AskedRelease(room: room, digest: digest)
        try change { $0.releases = ($0.releases ?? []) + [asked] }
        do {
            let request = try await say(.request(terms), on: number, in: key, room)
            return .asked(request, plan.persons.filter { $0 != keys.person })
        } catch {
            if !error.isCut { try? forget([asked]) }
            throw error
        }
    }

    func digest(
        _ plan: ReleasePlan,
        _ salt: Bytes16,
        of author: PersonID? = nil
    ) throws(ClientError) -> Bytes32 {
        do {
            return try plan.body.releaseDigest(
                salt: salt,
                author: author ?? keys.person,
                kind: plan.kind
            )
        } catch {
            throw ClientError(.invalid, "The line is too long.")
        }
    }

    func say(
        _ body: ReleaseBody,
        on number: UInt64,
        in key: TranscriptKey,
        _ room: RoomID
    ) async throws(ClientError) -> UInt64 {
        guard let draft = try? LineDraft(body, cites: number) else {
            throw ClientError(.invalid, "Too many people would have to agree.")
        }
        let shown = Set(try roomState(room).audience(of: key))
        return try await post(draft, to: key, shown: shown, in: room)
    }

    // MARK: Answering

    /// Answers a request (see ``RoomSession/answer(_:yes:)``).
    func answer(
        _ request: ReleaseRequest,
        yes: Bool,
        in room: RoomID
    ) async throws(ClientError) {
        let me = keys.person
        guard let known = try following(room).replica.releases[request.key, request.number],
            known.isOpen
        else { throw ClientError(.refused, "Nothing can come of this release any more.") }
        guard known.persons.contains(me), known.asker != me || !yes else {
            throw ClientError(.refused, "This release does not wait for you.")
        }
        var body = ReleaseBody.no
        if yes {
            guard let line = try await original(known.line, of: known.key, in: room) else {
                throw ClientError(.refused, "The line is gone, and nothing is released.")
            }
            let plan = try plan(line, to: known.target, by: known.asker, in: room)
            guard line.author == known.asker, plan.persons == known.persons,
                try digest(plan, known.salt, of: known.asker) == known.digest
            else {
                throw ClientError(
                    .alarm,
                    "What is asked for is not what stands there, or not all are asked whom it"
                        + " concerns. Nothing was signed.",
                    hint: "Ask who wants it, by another way, why."
                )
            }
            if let programme = known.programme, let own = profile.programme,
                own.room != programme
            {
                throw .otherProgramme
            }
            let consent = try following(room).replica.consent(known, of: me)
            guard let signature = try? keys.signing.sign(.consent, body: consent.body()) else {
                throw ClientError(.profile, "The keys in this profile are damaged.")
            }
            body = .yes(signature: signature)
        }
        _ = try await say(body, on: known.number, in: known.key, room)
    }

    // MARK: Releasing

    func proof(
        _ plan: ReleasePlan,
        _ salt: Bytes16,
        _ answers: [PersonID: ReleaseRequest.Answer],
        _ place: ReleasePlace,
        in room: RoomID
    ) throws(ClientError) -> ReleaseProof {
        let own = ReleaseConsent(
            room: place.room,
            target: place.transcript,
            digest: try digest(plan, salt),
            persons: plan.persons,
            person: keys.person
        )
        guard let signature = try? keys.signing.sign(.consent, body: own.body()) else {
            throw ClientError(.profile, "The keys in this profile are damaged.")
        }
        var proof = ReleaseProof(salt: salt, persons: plan.persons)
        if place.room != room {
            proof.deviceLists = try deviceLists(of: plan.persons, in: room)
        }
        for person in plan.persons {
            if person == keys.person {
                proof.consents.append(
                    .init(person: person, device: keys.device, signature: signature)
                )
            } else if let answer = answers[person], let signature = answer.signature {
                proof.consents.append(
                    .init(person: person, device: answer.device, signature: signature)
                )
            }
        }
        return proof
    }

    func post(
        _ plan: ReleasePlan,
        _ proof: ReleaseProof,
        to place: ReleasePlace,
        shown: Set<PersonID>
    ) async throws(ClientError) -> UInt64 {
        var body = plan.body
        body.release = proof
        let draft = try LineDraft(body, kind: plan.kind)
        return try await post(draft, to: place.key, shown: shown, in: place.room)
    }

    func forget(_ asked: [AskedRelease]) throws(ClientError) {
        try change { profile in
            profile.releases?.removeAll { asked.contains($0) }
            if profile.releases?.isEmpty == true { profile.releases = nil }
        }
    }
}

extension ClientError {
    /// Puts into words why a line cannot be released.
    init(_ refusal: ReleaseRefusal, _ name: (PersonID) -> String) {
        switch refusal {
        case .notALine: self.init(.refused, "This is no line that can be released.")
        case .notAuthor: self.init(.refused, "Only who wrote a line can ask for its release.")
        case .notWider: self.init(.refused, "Nobody would read it who does not read it now.")
        case .notWritable: self.init(.refused, "You do not write to them.")
        case .concernsTooMany: self.init(.refused, "It concerns too many people.")
        case .concernsOthers(let people):
            self.init(
                .refused,
                "It also concerns \(people.map(name).joined(separator: ", ")), who cannot be asked:"
                    + " they do not read it now."
            )
        }
    }
}
