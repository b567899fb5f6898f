// SPDX-License-Identifier: Apache-2.0
import CoachingCertificates
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire

/// What a newcomer's device makes and sends; pure but for the randomness that comes in.
///
/// - Source: SEALING.md 3.1 and 3.2, DESIGN.md D5.
enum EnrolmentForms {
    /// Draws all keys and makes the profile that is kept before anything is sent.
    static func draft(
        _ invite: Invite,
        environment: ClientEnvironment
    ) throws(ClientError) -> Profile {
        var generator = environment.generator
        let now = environment.now()
        do {
            let tls = try CertificateRequest.make(using: &generator)
            let signing = try CoachingSeal.SigningKey(using: &generator)
            let encryption = try EncryptionKey(using: &generator)
            let announcement = try Profile.announcement(
                of: encryption,
                version: 1,
                by: signing,
                at: now
            )
            var profile = Profile(
                stage: .enrolling,
                server: invite.address.description,
                authority: invite.authority,
                tlsKey: tls.key,
                certificate: [],
                signingKey: signing.rawBytes,
                encryptionKey: encryption.rawBytes,
                announcement: announcement,
                seed: nil,
                identityKey: [],
                deviceList: nil,
                name: "",
                participant: nil,
                invite: invite.encoded(),
                invitedGenesis: nil,
                invites: [],
                confirmed: [],
                known: [],
                rooms: []
            )
            if case .member(let genesis) = invite.kind { profile.invitedGenesis = genesis }
            guard invite.kind != .device else { return profile }
            let seed = IdentitySeed(using: &generator)
            let identity = try seed.identityKey()
            let list = DeviceList(
                person: identity.person,
                identityKey: identity.publicKey,
                version: 1,
                previous: .zero,
                devices: [
                    ListedDevice(
                        device: signing.device,
                        signingKey: signing.publicKey,
                        created: now
                    )
                ],
                revoked: [],
                recoveryKey: try seed.recoveryKey().publicKey
            )
            profile.seed = seed.value
            profile.identityKey = identity.publicKey
            profile.deviceList = try identity.sign(list)
            return profile
        } catch {
            throw ClientError(.invalid, "No keys could be made on this machine.")
        }
    }

    /// Signs with the recovery kit that a draft's device is the person's, and others no more.
    //
    // `signed` is the person's list as the server has it, `ended` are devices that count no more:
    // lost ones, and those that the server has ended. Another's kit opens no list.
    static func recovered(
        _ draft: Profile,
        kit: RecoveryKit,
        after signed: SignedBytes,
        ended: Set<DeviceID>,
        at now: Timestamp
    ) throws(ClientError) -> Profile {
        guard let identity = try? kit.seed.identityKey(),
            let key = try? VerifyingKey(identity.publicKey),
            let signing = try? CoachingSeal.SigningKey(rawBytes: draft.signingKey)
        else { throw .othersKit }
        let last: SignedDeviceList
        do {
            last = try SignedDeviceList.verified(signed, by: key)
        } catch {
            throw .othersKit
        }
        var list = last.list
        list.version &+= 1
        list.previous = last.hash
        list.revoked = Set(
            list.revoked + list.devices.map(\.device).filter { ended.contains($0) }
        ).sorted()
        list.devices.removeAll { ended.contains($0.device) || $0.device == signing.device }
        list.devices.append(
            ListedDevice(device: signing.device, signingKey: signing.publicKey, created: now)
        )
        list.devices.sort { $0.device < $1.device }
        var profile = draft
        do {
            profile.deviceList = try identity.sign(list)
        } catch {
            throw ClientError(.invalid, "The list of devices cannot be signed.")
        }
        profile.identityKey = identity.publicKey
        profile.kitMade = now
        return profile
    }

    /// Makes the request of a draft; the same for the same draft but for signatures.
    static func request(
        for draft: Profile,
        invite: Invite
    ) throws(ClientError) -> EnrolmentRequest {
        let keys = invite.keys
        do {
            let request = try CertificateRequest(key: draft.tlsKey).request
            if invite.kind != .device, let list = draft.deviceList {
                return .person(
                    PersonForm(
                        auth: keys.auth,
                        request: request,
                        deviceList: list,
                        mac: keys.deviceListMAC(list.body),
                        encryptionKey: draft.announcement
                    )
                )
            }
            let signing = try CoachingSeal.SigningKey(rawBytes: draft.signingKey)
            return .device(
                DeviceForm(
                    auth: keys.auth,
                    request: request,
                    signingKey: signing.publicKey,
                    mac: keys.deviceMAC(
                        signingKey: signing.publicKey,
                        encryptionKeyBody: draft.announcement.body
                    ),
                    encryptionKey: draft.announcement,
                    deviceList: draft.deviceList
                )
            )
        } catch {
            throw ClientError(.profile, "The keys in this profile are damaged.")
        }
    }

    /// Checks the server's answer against the draft and gives the finished profile.
    ///
    /// - Throws: ``ClientError/Code/alarm`` where the certificate is for another key or person, or
    ///   the authority is not the pinned one.
    static func completed(
        _ draft: Profile,
        with receipt: EnrolmentReceipt,
        invite: Invite
    ) throws(ClientError) -> Profile {
        let foreign = ClientError(
            .alarm,
            "The server answered with a certificate that is not for this device.",
            hint: "Ask who invited you."
        )
        do {
            let authority = try CertificateInspection(receipt.authority)
            let leaf = try CertificateInspection(receipt.certificate)
            let request = try CertificateRequest(key: draft.tlsKey).request
            guard authority.pin.bytes == invite.authority.bytes,
                leaf.publicKeyInfo == (try CertificateRequest.publicKeyInfo(of: request)),
                PersonID(identityKey: receipt.identityKey) == receipt.person
            else { throw foreign }
        } catch {
            throw foreign
        }
        var profile = draft
        if let person = draft.person {
            guard person == receipt.person else { throw foreign }
        } else {
            profile.identityKey = receipt.identityKey
        }
        profile.certificate = receipt.certificate
        profile.name = receipt.name
        let isActive = receipt.active || profile.seed != nil
        profile.stage = isActive ? .active : .waiting
        return profile
    }
}
