// SPDX-License-Identifier: Apache-2.0
public import CoachingEnvelope
public import CoachingModel
public import CoachingSeal
public import CoachingWire

/// Comes into a programme with an invite: looks whose it is, makes keys, and enrols.
///
/// Nothing is made before ``enrol(_:into:)``. The profile is written before anything is sent, so
/// that after a lost answer the same keys are sent again.
///
/// - Source: SEALING.md 3.2.
public struct Enroller: Sendable {
    let environment: ClientEnvironment
    let dialing: any Dialing

    /// Takes the machine and the way to dial; `nil` for TLS.
    public init(environment: ClientEnvironment, dialing: (any Dialing)? = nil) {
        self.environment = environment
        self.dialing = dialing ?? TLSDialing(now: environment.now)
    }

    /// Reads an invite as it was pasted.
    ///
    /// - Throws: ``ClientError/Code/invite`` with what to do.
    public static func read(_ text: String) throws(ClientError) -> Invite {
        do {
            return try Invite.parse(text)
        } catch {
            throw ClientError(error)
        }
    }

    /// Asks whose invite it is and what for; makes and keeps nothing.
    public func look(_ invite: Invite) async throws(ClientError) -> Invitation {
        switch try await exchange(.look(auth: invite.keys.auth), invite) {
        case .invitation(let invitation):
            try Vouching.checkInviter(of: invitation, invite)
            return invitation
        case .refused(let code, let sentence): throw Self.refusal(code, sentence)
        default: throw .unexpectedAnswer
        }
    }

    /// Makes the keys, writes the profile, and enrols.
    ///
    /// On a person's first device the person's own keys are made, too. Called again with the same
    /// invite it goes on where it was cut.
    ///
    /// - Returns: the profile; its stage is `waiting` on a further device until the person's
    ///   first device has confirmed it.
    /// - Throws: ``ClientError``; after a refusal that no repetition mends the profile is taken
    ///   away again.
    @discardableResult
    public func enrol(
        _ invite: Invite,
        into folder: ProfileFolder
    ) async throws(ClientError) -> Profile {
        try await send(prepare(invite, in: folder), invite, folder)
    }

    /// Makes a further device of somebody who has lost theirs, with their recovery kit.
    ///
    /// The kit is not kept: it signs the person's next device list, with this device and without
    /// those that are lost.
    ///
    /// - Parameters:
    ///   - invite: a line for a further device: an administrator's, or another device's.
    ///   - invitation: what ``look(_:)`` said of it.
    ///   - kit: the person's recovery kit.
    ///   - lost: devices that shall never count again.
    ///   - folder: the new profile.
    /// - Returns: the profile, which acts for the person at once.
    /// - Throws: ``ClientError``; ``ClientError/othersKit`` before anything is made.
    @discardableResult
    public func recover(
        _ invite: Invite,
        _ invitation: Invitation,
        kit: RecoveryKit,
        lost: Set<DeviceID>,
        into folder: ProfileFolder
    ) async throws(ClientError) -> Profile {
        guard invite.kind == .device, let list = invitation.deviceList else {
            throw ClientError(.invite, "This invite is not for a further device of yours.")
        }
        if !folder.exists {
            let draft = try EnrolmentForms.recovered(
                EnrolmentForms.draft(invite, environment: environment),
                kit: kit,
                after: list,
                ended: lost.union(invitation.ended ?? []),
                at: environment.now()
            )
            try folder.create(draft)
        }
        return try await send(prepare(invite, in: folder), invite, folder)
    }

    /// Lists the devices among which somebody says which are lost.
    ///
    /// - Throws: ``ClientError/othersKit``.
    public static func devices(
        of invitation: Invitation,
        kit: RecoveryKit
    ) throws(ClientError) -> [ListedDevice] {
        guard let signed = invitation.deviceList,
            let identity = try? kit.seed.identityKey(),
            let key = try? VerifyingKey(identity.publicKey),
            let list = try? SignedDeviceList.verified(signed, by: key)
        else { throw .othersKit }
        let ended = Set(invitation.ended ?? [])
        return list.list.devices.filter { !ended.contains($0.device) }
    }

    private func send(
        _ draft: Profile,
        _ invite: Invite,
        _ folder: ProfileFolder
    ) async throws(ClientError) -> Profile {
        let request = try EnrolmentForms.request(for: draft, invite: invite)
        switch try await exchange(request, invite) {
        case .enrolled(let receipt):
            let done = try EnrolmentForms.completed(draft, with: receipt, invite: invite)
            return try folder.update { $0 = done }
        case .refused(let code, let sentence):
            let isVain = [
                .notFound, .badRequest,
                RefusalCode(rawValue: DirectoryRejection.deviceListConflict.rawValue),
            ].contains(code)
            if isVain { try folder.discard() }
            throw Self.refusal(code, sentence)
        default: throw .unexpectedAnswer
        }
    }

    /// Waits until the person's first device has confirmed this further one.
    ///
    /// - Parameters:
    ///   - folder: the profile, whose stage is `waiting`.
    ///   - every: how long to wait between looks.
    /// - Throws: ``ClientError``; ``ClientError/Code/goodbye`` where the device was turned down.
    public func awaitConfirmation(
        in folder: ProfileFolder,
        every: Duration = .seconds(2)
    ) async throws(ClientError) {
        while true {
            do {
                return try await Client.connected(
                    folder,
                    environment: environment,
                    dialing: dialing
                ) { client in
                    await client.finishChores()
                }
            } catch let error as ClientError {
                guard error.goodbye == .notConfirmed || error.code == .notReached,
                    !Task.isCancelled
                else { throw error }
            } catch {
                throw .unexpectedAnswer
            }
            do {
                try await environment.wait(.retry(every))
            } catch {
                throw .cancelled
            }
        }
    }

    /// Says no to an invite; its maker sees it as one that was not used.
    public func decline(_ invite: Invite) async throws(ClientError) {
        switch try await exchange(.decline(auth: invite.keys.auth), invite) {
        case .declined: return
        case .refused(let code, let sentence): throw Self.refusal(code, sentence)
        default: throw .unexpectedAnswer
        }
    }

    private func prepare(
        _ invite: Invite,
        in folder: ProfileFolder
    ) throws(ClientError) -> Profile {
        guard folder.exists else {
            let draft = try EnrolmentForms.draft(invite, environment: environment)
            try folder.create(draft)
            return draft
        }
        let draft = try folder.load()
        guard draft.stage == .enrolling else {
            throw ClientError(
                .profile,
                "There is a profile in \(folder.path) already.",
                hint: "Use another folder with --profile."
            )
        }
        guard draft.invite == invite.encoded() else {
            throw ClientError(
                .profile,
                "An enrolment with another invite was begun here and not finished.",
                hint: "Enrol with that invite again, or use another folder with --profile."
            )
        }
        return draft
    }

    /// Tells whether an enrolment with this invite was begun in a folder and its answer lost.
    ///
    /// Then ``look(_:)`` may say that the invite is used, while ``enrol(_:into:)`` still ends well.
    public static func isUnfinished(_ invite: Invite, in folder: ProfileFolder) -> Bool {
        guard let draft = try? folder.load() else { return false }
        return draft.stage == .enrolling && draft.invite == invite.encoded()
    }

    private static func refusal(_ code: RefusalCode, _ sentence: String) -> ClientError {
        code == .notFound
            ? ClientError(.invite, sentence, refusal: code)
            : ClientError(Refusal(code, sentence: sentence))
    }
}
