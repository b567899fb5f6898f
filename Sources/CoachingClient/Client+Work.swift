// SPDX-License-Identifier: Apache-2.0
import CoachingCertificates
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire

extension Client {
    /// How often an admission is tried where others let people in at the same time.
    private static let admissionTriesMax = 5

    /// Notes that something waits.
    func startChores(_ waiting: Waiting) {
        if waiting.devices > 0 { chores.devicePushes &+= 1 }
        chores.waiting = waiting
        chores.asked += 1
        changed.fire()
    }

    /// Does what waits, each time that something does.
    func doChores() async {
        while !Task.isCancelled {
            if chores.done < chores.asked, wire?.ready != nil {
                let asked = chores.asked
                await doAllChores()
                chores.done = max(chores.done, asked)
                changed.fire()
            } else {
                if case .ended = state { return }
                await changed.wait()
            }
        }
    }

    private func doAllChores() async {
        let waiting = chores.waiting
        do {
            await settleAbandoned()
            try await renewEncryptionKey()
            for room in rooms.keys.sorted() {
                await exchangeKeys(in: room)
                await healRestored(in: room)
                await settleReleases(in: room)
            }
            await lookForReleases()
            try? await retireEncryptionKeys()
            try await renewCertificate()
            try await learnInviter()
            try await learnDevices()
            if waiting.vouches > 0 { try await vouch() }
            for room in waiting.lobbies { try await admitConfirmed(to: room) }
            if waiting.programme == true { try await openProgramme() }
            if waiting.devices > 0 { tellOnce("A new device of yours waits: peercoach devices") }
        } catch {
            // Done again at the next connection or push; who asks for something sees why.
            if error.code == .alarm { tellOnce(error.sentence) }
        }
    }

    func tellOnce(_ sentence: String) {
        if chores.told.insert(sentence).inserted { show(sentence, needsOwner: true) }
    }

    // MARK: The certificate

    private func renewCertificate() async throws(ClientError) {
        guard let certificate = try? CertificateInspection(profile.certificate),
            certificate.needsRenewal(atMs: environment.now().milliseconds)
        else { return }
        var generator = environment.generator
        guard let request = try? CertificateRequest.make(using: &generator) else { return }
        guard case .certificate(let renewed) = try await ask(.renew(request.request)) else {
            throw .unexpectedAnswer
        }
        guard let leaf = try? CertificateInspection(renewed),
            leaf.publicKeyInfo == (try? CertificateRequest.publicKeyInfo(of: request.request))
        else { throw ClientError(.alarm, "The server sent a certificate for another key.") }
        try change { profile in
            profile.certificate = renewed
            profile.tlsKey = request.key
        }
    }

    // MARK: Vouching

    /// Learns one's inviter's identity, once they have proved that they made the invite.
    private func learnInviter() async throws(ClientError) {
        guard let text = profile.invite, let invite = try? Invite.parse(text),
            invite.kind != .device
        else { return }
        guard case .introductions(let introductions) = try await ask(.introductions) else {
            throw .unexpectedAnswer
        }
        for introduction in introductions {
            guard let known = Vouching.inviter(of: introduction, invite: invite) else {
                tellOnce(
                    "\(introduction.name) could not prove to have invited you."
                        + " Compare with them by another way."
                )
                continue
            }
            try change { profile in
                if !profile.known.contains(known) { profile.known.append(known) }
                profile.invite = nil
            }
            return
        }
    }

    /// Takes over one's list of devices on a device that came later.
    private func learnDevices() async throws(ClientError) {
        guard profile.deviceList == nil else { return }
        let signed = try await ownDevices().deviceList
        let list = try current(signed)
        guard list.list.devices.contains(where: { $0.device == keys.device }) else { return }
        try change { $0.deviceList = signed }
    }

    private func vouch() async throws(ClientError) {
        guard case .vouches(let awaited) = try await ask(.vouches) else {
            throw .unexpectedAnswer
        }
        for newcomer in awaited {
            let verdict = Vouching.verdict(
                on: newcomer,
                invites: profile.invites,
                authority: profile.authority,
                signer: keys.signing,
                identityKey: profile.identityKey
            )
            switch verdict {
            case .vouched(let voucher, let name):
                try await done(.directory(.vouch(voucher)))
                show("\(name) has come with your invite. You vouch for them.")
                if !newcomer.name.utf8.elementsEqual(name.utf8) {
                    show(
                        "CAREFUL: the server calls them \(newcomer.name); you invited \(name)."
                            + " Ask why, if nobody told you.",
                        needsOwner: true
                    )
                }
                try change { profile in
                    profile.invites.removeAll { $0.hash == newcomer.invite }
                    profile.noteUsed(newcomer.invite)
                }
            case .forged:
                tellOnce(Vouching.warning(about: newcomer.name))
            case .notOurs: continue
            }
        }
    }

    // MARK: Letting in

    /// Whom this device believes.
    func trust() -> AdmissionTrust {
        var known: [PersonID: KnownPerson] = [:]
        for person in profile.known { known[PersonID(identityKey: person.identityKey)] = person }
        return AdmissionTrust(
            own: try? VerifyingKey(profile.identityKey),
            ownName: profile.name,
            known: known
        )
    }

    /// Lets in whom the owner has confirmed and somebody known vouches for.
    private func admitConfirmed(to room: RoomID) async throws(ClientError) {
        let trust = trust()
        let lobby = try await lobby(of: room)
        guard !lobby.isEmpty else { return }
        let isProgramme = try await programmeRoom()?.room == room
        var ready: [Candidate] = []
        if isProgramme {
            let new = lobby.filter { !profile.confirmed.contains(ConfirmedPlace($0, in: room)) }
            ready = try await contributors(among: new, of: room)
        }
        for candidate in lobby where candidate.accepted && !ready.contains(candidate) {
            let place = ConfirmedPlace(candidate, in: room)
            let admitting =
                isProgramme
                ? "peercoach admit '\(candidate.name)' --room programme"
                : "/admit \(candidate.name)"
            guard let checked = Admission.check(candidate, trust: trust) else { continue }
            guard profile.confirmed.contains(place) else {
                tellOnce("\(candidate.name) waits to be let in: \(admitting)")
                continue
            }
            guard checked.voucher != nil else {
                if let warning = Self.warning(candidate, trust) {
                    tellOnce(warning + " To let them in all the same: \(admitting)")
                } else if !candidate.vouchers.isEmpty {
                    tellOnce(
                        "\(candidate.name) waits, and nobody this device knows vouches for them:"
                            + " \(admitting)"
                    )
                }
                continue
            }
            ready.append(candidate)
        }
        guard !ready.isEmpty else { return }
        for line in try await admit(ready, to: room, isAsked: false) {
            show(isProgramme ? "\(line) It is the programme's room." : line)
        }
    }

    /// Signs people in; where others do so at the same time, looks again and signs anew.
    ///
    /// - Parameters:
    ///   - candidates: who wait and have said yes.
    ///   - room: the room.
    ///   - isAsked: whether the owner named them now; else nobody comes in under a name that was
    ///     another's.
    /// - Returns: lines that say whom, and on whose word.
    /// - Throws: ``ClientError``.
    func admit(
        _ candidates: [Candidate],
        to room: RoomID,
        isAsked: Bool
    ) async throws(ClientError) -> [String] {
        let session = try await enter(room)
        do {
            let lines = try await admit(candidates, in: session, isAsked)
            await session.leave()
            return lines
        } catch {
            await session.leave()
            throw error
        }
    }

    private func admit(
        _ candidates: [Candidate],
        in session: RoomSession,
        _ isAsked: Bool
    ) async throws(ClientError) -> [String] {
        try await session.caughtUp()
        var checked = candidates.compactMap { Admission.check($0, trust: trust()) }
        if !isAsked { checked = try known(checked, in: session.room) }
        if !isAsked, try roomState(session.room).isShut {
            for one in checked {
                tellOnce("\(one.candidate.name) waits: \(session.name) is shut. /shut opens it.")
            }
            return []
        }
        guard !checked.isEmpty else { return [] }
        for _ in 0..<Self.admissionTriesMax {
            let state = try roomState(session.room)
            guard let roster = Admission.roster(after: state, letting: checked) else { return [] }
            let signed: SignedBytes
            do {
                signed = try keys.signing.sign(roster)
            } catch {
                throw ClientError(.alarm, "The list of members does not hold together.")
            }
            do {
                try await act(.admit(signed), in: session.room)
            } catch {
                guard error.refusal == .conflict || error.roomRule == .rosterConflict else {
                    throw error
                }
                _ = await until(ticks: 10) {
                    (try? roomState(session.room).position) != state.position
                }
                continue
            }
            await repostTexts(in: session.room)
            return checked.map { one in
                "Let in: \(one.candidate.name) (" + Self.word(one.voucher) + ")."
            }
        }
        throw ClientError(.tryLater, "Others change the members just now.")
    }

    /// Says that a candidate was vouched for under another name; `nil` where it is the same.
    static func warning(_ candidate: Candidate, _ trust: AdmissionTrust) -> String? {
        guard case .otherName(let name, let voucher) = Admission.word(for: candidate, trust: trust)
        else { return nil }
        let who = voucher.isOwn ? "you vouched for them" : "\(voucher.name) vouches for them"
        return "CAREFUL: \(candidate.name) waits, but \(who) as \(name)."
            + " Ask \(candidate.name), by another way, who they are."
    }

    /// Leaves out who would come in under a name that was another's, and says so once.
    private func known(
        _ checked: [Admission.Checked],
        in room: RoomID
    ) throws(ClientError) -> [Admission.Checked] {
        let replica = try following(room).replica
        return checked.filter { one in
            let name = one.candidate.name
            guard replica.isOtherIdentity(one.list.list.person, named: name) else { return true }
            tellOnce(
                "CAREFUL: \(name) waits with other keys than \(name) had before. Ask \(name), by"
                    + " another way, whether that is so. To let them in: /admit \(name)"
            )
            return false
        }
    }

    private static func word(_ voucher: Admission.Voucher?) -> String {
        guard let voucher else { return "on your word" }
        return voucher.isOwn ? "you vouch for them" : "\(voucher.name) vouches for them"
    }

    /// Posts the texts in force again, so that newcomers can read them.
    func repostTexts(in room: RoomID) async {
        guard let agreements = try? agreements(in: room) else { return }
        for text in [agreements.inForce, agreements.proposed] {
            guard let text, let words = text.text else { continue }
            try? await postAgreement(words, version: text.version.version, in: room)
        }
        if let purpose = purposeInForce(in: room) {
            try? await post(EntryBody(text: purpose, paper: .purpose), in: room)
        }
    }

    /// What the session that runs is for, or else the next one; `nil` where nobody has said it, or
    /// this device cannot read it.
    private func purposeInForce(in room: RoomID) -> String? {
        guard let replica = try? following(room).replica else { return nil }
        if let session = replica.room.session {
            return session.purpose.flatMap { replica.papers[$0]?.text }
        }
        guard let last = replica.lastPurpose else { return nil }
        let ended = replica.room.lastSession?.ended ?? Timestamp(milliseconds: .min)
        return last.at > ended ? last.text : nil
    }

    // MARK: Founding

    func signGenesis(
        of room: RoomID,
        _ policy: RoomPolicy,
        isProgramme: Bool = false
    ) async throws(ClientError) {
        let own = try await allRooms().first { $0.room == room }
        guard let own, own.stage == .founding else {
            throw ClientError(.invalid, "Somebody has opened this room already.")
        }
        guard let signed = profile.deviceList,
            let list = try? SignedDeviceList.introduced(signed)
        else { throw ClientError(.profile, "The list of your devices is missing here.") }
        let genesis = Admission.genesis(
            of: room,
            list: list.list,
            name: profile.name,
            membership: own.membership,
            policy: policy,
            isProgramme: isProgramme
        )
        let bytes: SignedBytes
        do {
            bytes = try keys.signing.sign(genesis)
        } catch {
            throw ClientError(.alarm, "The list of members does not hold together.")
        }
        let hash = Hashing.hash(bytes.body)
        // Pinned before it is sent: nobody else's beginning is ever taken for it.
        try await done(.room(RoomRequest(room: room, act: .admit(bytes))))
        try change { profile in
            profile.rooms.removeAll { $0.room == room }
            profile.rooms.append(KnownRoom(room: room, genesis: hash))
        }
    }

    // MARK: The agreement

    func agreements(in room: RoomID) throws(ClientError) -> Agreements {
        let replica = try following(room).replica
        let own = replica.room.accepted(by: keys.person)
        func text(_ version: AgreementVersion?) -> Agreements.Text? {
            version.map {
                Agreements.Text(
                    version: $0,
                    text: replica.papers[$0.hash]?.text,
                    isAccepted: (own ?? 0) >= $0.version
                )
            }
        }
        return Agreements(
            inForce: text(replica.room.agreementInForce),
            proposed: text(replica.room.agreementProposed)
        )
    }

    func proposeAgreement(_ text: String, in room: RoomID) async throws(ClientError) {
        let state = try roomState(room)
        let last = state.agreementProposed ?? state.agreementInForce
        let (version, overflow) = (last?.version ?? 0).addingReportingOverflow(1)
        guard !overflow else { throw ClientError(.invalid, "There are too many versions.") }
        try await postAgreement(text, version: version, in: room)
        let hash = Hashing.hash(Array(text.utf8))
        try await act(
            .proposeAgreement(AgreementVersion(version: version, hash: hash)),
            in: room
        )
    }

    private func postAgreement(
        _ text: String,
        version: UInt32,
        in room: RoomID
    ) async throws(ClientError) {
        let body = EntryBody(text: text, paper: .agreement, paperVersion: version)
        try await post(body, in: room)
    }

    /// Posts one of the room's texts to all who are in it.
    private func post(_ body: EntryBody, in room: RoomID) async throws(ClientError) {
        let shown = Set(try roomState(room).audience(of: .room))
        let draft = try LineDraft(body, kind: .paper)
        _ = try await post(draft, to: .room, shown: shown, in: room)
    }
}
