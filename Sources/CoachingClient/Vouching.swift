// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire

/// What ties an invite's two clients together, without the server's word; pure.
///
/// - Source: SEALING.md 3.2.
enum Vouching {
    /// What came of looking at a newcomer.
    enum Verdict {
        /// They held the invite that this device made: the voucher to send.
        case vouched(NewVoucher, as: String)
        /// The proof does not fit: somebody else enrolled, or the server put other keys there.
        case forged
        /// The invite was not made on this device.
        case notOurs
    }

    /// Checks a newcomer's proof with the invite's secret and signs for them.
    static func verdict(
        on awaited: AwaitedVouch,
        invites: [MadeInvite],
        authority: Bytes32,
        signer: SigningKey,
        identityKey: [UInt8]
    ) -> Verdict {
        guard let made = invites.first(where: { $0.hash == awaited.invite }) else {
            return .notOurs
        }
        let keys = InviteSecret(secret: made.secret, authority: authority)
        guard keys.deviceListMAC(awaited.deviceList.body) == awaited.mac,
            let list = try? SignedDeviceList.introduced(awaited.deviceList),
            list.list.person == awaited.person,
            let voucher = try? signer.sign(
                VouchedIdentity(
                    identityKey: list.list.identityKey,
                    deviceList: list.hash,
                    name: made.name
                )
            )
        else { return .forged }
        return .vouched(
            NewVoucher(
                person: awaited.person,
                voucher: voucher,
                introduction: keys.introductionMAC(inviter: identityKey)
            ),
            as: made.name
        )
    }

    /// Says to whom it concerns that a newcomer's proof does not fit.
    static func warning(about name: String) -> String {
        "Somebody enrolled as \(name) without having read your invite."
            + " Ask \(name), by another way."
    }

    /// Checks the name of who invites, before it is shown, against the invite itself.
    ///
    /// - Throws: ``ClientError/Code/alarm`` where the server gives another name than the inviter's
    ///   program left.
    static func checkInviter(
        of invitation: Invitation,
        _ invite: Invite
    ) throws(ClientError) {
        guard let proved = invitation.provedInviter else { return }
        guard invite.keys.proves(proved) else {
            throw ClientError(
                .alarm,
                "The server names somebody as your inviter whom the invite does not name.",
                hint: "Ask who gave you the invite, by another way, before you use it."
            )
        }
    }

    /// Checks that an inviter is who made one's own invite, under the name that the invite proves;
    /// gives their identity.
    static func inviter(
        of introduction: Introduction,
        invite: Invite
    ) -> KnownPerson? {
        guard let list = try? SignedDeviceList.introduced(introduction.deviceList),
            invite.keys.introductionMAC(inviter: list.list.identityKey) == introduction.mac,
            let proved = introduction.provedName, invite.keys.proves(proved)
        else { return nil }
        return KnownPerson(identityKey: list.list.identityKey, name: proved.name)
    }
}
