// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
public import CoachingModel
public import CoachingSeal
public import CoachingWire

extension Client {
    /// For how long the line for a further device holds.
    public static let deviceInviteMilliseconds: Int64 = 15 * 60_000

    /// Lists one's own devices, those that count and those that wait.
    public func devices() async throws(ClientError) -> [DeviceSummary] {
        try await ownDevices().devices
    }

    /// Makes the line with which a further device of this person enrols.
    ///
    /// - Throws: ``ClientError/Code/invalid`` on a device that cannot sign lists of devices.
    public func inviteDevice() async throws(ClientError) -> ReadyInvite {
        _ = try identity()
        let invite = try newInvite(.device)
        let expires = environment.now().adding(milliseconds: Self.deviceInviteMilliseconds)
        let made = MadeInvite(
            hash: invite.keys.authHash,
            secret: invite.secret,
            name: profile.name,
            participant: nil,
            expires: expires,
            genesis: nil
        )
        try change { $0.invites.append(made) }
        try await done(.directory(.inviteDevice(made.hash)))
        return ReadyInvite(
            line: invite.encoded(),
            name: profile.name,
            hash: made.hash,
            expires: expires
        )
    }

    /// Whether this device signs lists of devices: it holds what the recovery kit holds, or
    /// ``use(_:)`` was given the kit.
    public var signsDevices: Bool { keys.identity != nil }

    /// Signs lists of devices with the recovery kit until this client ends; nothing is kept.
    ///
    /// - Throws: ``ClientError/Code/invalid`` for somebody else's kit.
    public func use(_ kit: RecoveryKit) throws(ClientError) {
        guard let identity = try? kit.seed.identityKey(), identity.person == keys.person else {
            throw .othersKit
        }
        keys.identity = identity
    }

    /// Makes the line with which somebody else, who has lost their devices, enrols a new one
    /// with their recovery kit; for administrators.
    public func inviteDevice(
        of participant: ParticipantID,
        name: String,
        days: UInt32 = inviteDaysDefault
    ) async throws(ClientError) -> ReadyInvite {
        let invite = try newInvite(.device)
        let new = NewInvite(
            hash: invite.keys.authHash,
            participant: participant,
            days: days,
            room: nil,
            forDevice: true
        )
        try await done(.directory(.invite(new)))
        return ReadyInvite(
            line: invite.encoded(),
            name: name,
            hash: new.hash,
            expires: environment.now().adding(milliseconds: Int64(days) * 86_400_000)
        )
    }

    /// Waits for the device that comes with a line of ``inviteDevice()``.
    ///
    /// - Returns: the device with its proof checked; it counts only once it is confirmed.
    /// - Throws: ``ClientError/Code/timedOut`` when the line's time is over,
    ///   ``ClientError/Code/alarm`` where the device that came had not read the line.
    public func awaitDevice(_ hash: Bytes32) async throws(ClientError) -> DeviceID {
        guard let made = profile.invites.first(where: { $0.hash == hash }) else {
            throw ClientError(.invite, "This device did not make that line.")
        }
        while environment.now() < made.expires, !Task.isCancelled {
            let waiting = try await devices().first { $0.state == .waiting && $0.invite == hash }
            if let waiting {
                try checkDevice(waiting, made)
                return waiting.device
            }
            let pushes = chores.devicePushes
            let start = ticks
            _ = await until(ticks: 20) {
                chores.devicePushes != pushes || ticks &- start >= 10
            }
            _ = try await ready()
        }
        throw Task.isCancelled
            ? .cancelled
            : ClientError(.timedOut, "No device came with that line.", hint: "Make a new one.")
    }

    /// Makes a waiting device count: signs the next list with it.
    public func confirmDevice(_ device: DeviceID) async throws(ClientError) {
        let own = try await ownDevices()
        guard let waiting = own.devices.first(where: { $0.device == device }),
            waiting.state == .waiting, let hash = waiting.invite,
            let made = profile.invites.first(where: { $0.hash == hash })
        else { throw ClientError(.noSuchName, "No such device waits here.") }
        try checkDevice(waiting, made)
        let listed = ListedDevice(
            device: device,
            signingKey: waiting.signingKey,
            created: environment.now()
        )
        let counting = Set(own.devices.map(\.device))
        try await sign(after: own.deviceList) { list in
            // What an administrator ended meanwhile cannot be listed any more.
            let ended = list.devices.map(\.device).filter { !counting.contains($0) }
            list.devices.removeAll { $0.device == device || ended.contains($0.device) }
            list.revoked = Set(list.revoked + ended).sorted()
            list.devices.append(listed)
            list.devices.sort { $0.device < $1.device }
        }
        try change { $0.invites.removeAll { $0.hash == hash } }
    }

    /// Ends a device, so that it never counts again.
    ///
    /// It can be one's own or, for administrators, anybody's.
    /// Where this device can sign lists, one's own is also struck from the list, so that nobody
    /// has to believe the server.
    public func revokeDevice(_ device: DeviceID) async throws(ClientError) {
        let own = try await ownDevices()
        let list = try current(own.deviceList)
        guard keys.identity != nil, device != keys.device,
            list.list.devices.contains(where: { $0.device == device }),
            list.list.devices.count > 1
        else { return try await done(.directory(.revokeDevice(device))) }
        try await sign(after: own.deviceList) { list in
            list.devices.removeAll { $0.device == device }
            list.revoked = Set(list.revoked + [device]).sorted()
        }
    }

    // MARK: Lists

    func ownDevices() async throws(ClientError) -> DeviceSummaries {
        guard case .devices(let own) = try await ask(.devices) else { throw .unexpectedAnswer }
        return own
    }

    private func identity() throws(ClientError) -> DeviceKeys {
        guard keys.identity != nil else {
            throw ClientError(
                .invalid,
                "This device cannot add others.",
                hint: "Use the device with which you enrolled first, or your recovery kit: --kit"
            )
        }
        return keys
    }

    /// Checks a list of one's own as the server gives it: nobody else can have signed it, and it
    /// is not older than what this device knows.
    func current(_ signed: SignedBytes) throws(ClientError) -> SignedDeviceList {
        let forged = ClientError(
            .alarm,
            "The server shows a list of your devices that you did not sign.",
            hint: "Tell your group, by another way."
        )
        guard let key = try? VerifyingKey(profile.identityKey),
            let list = try? SignedDeviceList.verified(signed, by: key)
        else { throw forged }
        if let before = profile.deviceList,
            let known = try? SignedDeviceList.verified(before, by: key),
            known.list.version > list.list.version
                || known.list.version == list.list.version && known.hash != list.hash
        {
            throw forged
        }
        return list
    }

    private func sign(
        after signed: SignedBytes,
        _ change: (inout DeviceList) -> Void
    ) async throws(ClientError) {
        guard let identity = try identity().identity else { return }
        let last = try current(signed)
        var list = last.list
        list.version &+= 1
        list.previous = last.hash
        change(&list)
        let next: SignedBytes
        do {
            next = try identity.sign(list)
        } catch {
            throw ClientError(.invalid, "The list of devices cannot be signed.")
        }
        try await done(.directory(.listDevices(next)))
        try self.change { $0.deviceList = next }
    }

    private func checkDevice(
        _ waiting: DeviceSummary,
        _ made: MadeInvite
    ) throws(ClientError) {
        let keys = InviteSecret(secret: made.secret, authority: profile.authority)
        guard let announced = waiting.encryptionKey, let mac = waiting.mac,
            DeviceID(signingKey: waiting.signingKey) == waiting.device,
            let key = try? VerifyingKey(waiting.signingKey),
            (try? EncryptionKeyAnnouncement.verified(announced, by: key)) != nil,
            keys.deviceMAC(signingKey: waiting.signingKey, encryptionKeyBody: announced.body) == mac
        else {
            throw ClientError(
                .alarm,
                "A device came that had not read your line.",
                hint: "Do not confirm it. Make a new line."
            )
        }
    }
}
