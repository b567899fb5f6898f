// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingTestKit
import CoachingWire

@testable import CoachingClient

/// Lies about who enrolled: other keys in a newcomer's place.
enum EnrolmentLies {
    static let names = [
        "another identity enrols with an invite", "a voucher is for somebody else",
        "a voucher is by nobody known", "an inviter is somebody else",
        "an inviter has another name",
    ]

    /// Tells one; gives what was missed.
    static func mistake(_ kind: Int, _ random: inout SplitMix64) throws -> String? {
        let people = try Cast.people()
        let (inviter, newcomer) = (people[0], people[1 + random.below(8)])
        let authority = Programme.authority
        let secret = Bytes16(high: random.next(), low: random.next())
        let keys = InviteSecret(secret: secret, authority: authority)
        let ghost = try Strangers.ghost
        switch kind {
        case 0:
            let made = MadeInvite(
                hash: keys.authHash,
                secret: secret,
                name: newcomer.name,
                participant: newcomer.participant,
                expires: Timestamp(milliseconds: 4_000_000_000_000),
                genesis: nil
            )
            // The server knows the half of the secret that logs in, and all that was sent.
            let verdict = Vouching.verdict(
                on: AwaitedVouch(
                    invite: keys.authHash,
                    person: random.percent(50) ? ghost.id : newcomer.id,
                    name: newcomer.name,
                    deviceList: ghost.firstList.signed,
                    mac: keys.deviceListMAC(newcomer.firstList.signed.body)
                ),
                invites: [made],
                authority: authority,
                signer: inviter.devices[0].signing,
                identityKey: inviter.identity.publicKey
            )
            guard case .forged = verdict else { return "believed" }
            return Told.mistake(Vouching.warning(about: newcomer.name))
        case 1, 2:
            let signer = kind == 1 ? inviter : ghost
            let words = VouchedIdentity(
                identityKey: newcomer.identity.publicKey,
                deviceList: newcomer.firstList.hash,
                name: newcomer.name
            )
            let voucher = SignedVoucher(
                voucher: try signer.devices[0].signing.sign(words),
                signer: signer.devices[0].id,
                signerDevices: signer.firstList.signed,
                name: inviter.name,
                administrator: true
            )
            let trust = AdmissionTrust(
                own: people[9].identity.verifyingKey,
                known: [
                    inviter.id: KnownPerson(
                        identityKey: inviter.identity.publicKey,
                        name: inviter.name
                    )
                ]
            )
            let candidate = Candidate(
                participant: newcomer.participant,
                name: newcomer.name,
                membership: .peer,
                proposer: inviter.name,
                accepted: true,
                deviceList: (kind == 1 ? ghost : newcomer).firstList.signed,
                vouchers: [voucher]
            )
            return Admission.voucher(for: candidate, trust: trust) == nil ? nil : "let in"
        case 4: return try name(keys, secret, ghost, inviter, &random)
        default:
            guard let address = ServerAddress(host: "coach.example", port: 7_443) else {
                return "no address"
            }
            let invite = Invite(
                kind: .person,
                authority: authority,
                secret: secret,
                address: address
            )
            let known = Vouching.inviter(
                of: Introduction(
                    invite: keys.authHash,
                    name: inviter.name,
                    deviceList: ghost.firstList.signed,
                    mac: keys.introductionMAC(inviter: inviter.identity.publicKey)
                ),
                invite: invite
            )
            return known == nil ? nil : "believed"
        }
    }

    /// Tells a newcomer that somebody else invites them: before they enrol, or afterwards.
    private static func name(
        _ keys: InviteSecret,
        _ secret: Bytes16,
        _ ghost: TestPerson,
        _ inviter: TestPerson,
        _ random: inout SplitMix64
    ) throws -> String? {
        guard let address = ServerAddress(host: "coach.example", port: 7_443) else {
            return "no address"
        }
        let invite = Invite(
            kind: .person,
            authority: Programme.authority,
            secret: secret,
            address: address
        )
        // The server knows the proof of the right name, and proofs of other invites.
        let other = InviteSecret(
            secret: Bytes16(high: random.next(), low: 1),
            authority: Programme.authority
        )
        var lie = random.percent(50) ? keys.inviterName(inviter.name) : other.inviterName("x")
        lie.name = ghost.name
        let known = Vouching.inviter(
            of: Introduction(
                invite: keys.authHash,
                name: ghost.name,
                deviceList: inviter.firstList.signed,
                mac: keys.introductionMAC(inviter: inviter.identity.publicKey),
                provedName: random.percent(50) ? lie : nil
            ),
            invite: invite
        )
        if known != nil { return "known under another name" }
        do throws(ClientError) {
            try Vouching.checkInviter(
                of: Invitation(
                    name: "Lena",
                    inviter: ghost.name,
                    purpose: .person,
                    expires: Timestamp(milliseconds: 4_000_000_000_000),
                    rooms: [],
                    provedInviter: lie
                ),
                invite
            )
            return "believed"
        } catch {
            return Told.mistake([error.sentence, error.hint ?? ""].joined(separator: " "))
        }
    }
}
