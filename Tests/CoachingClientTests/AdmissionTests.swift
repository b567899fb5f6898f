// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire
import Testing

@testable import CoachingClient

struct AdmissionTests {
    let maya: Somebody
    let priya: Somebody
    let lena: Somebody
    let ghost: Somebody

    init() throws {
        maya = try Somebody("Maya", seed: 1)
        priya = try Somebody("Priya", seed: 2)
        lena = try Somebody("Lena", seed: 3)
        ghost = try Somebody("Ghost", seed: 4)
    }

    private var trust: AdmissionTrust {
        AdmissionTrust(
            own: priya.identity.verifyingKey,
            ownName: "Priya",
            known: [
                maya.person: KnownPerson(identityKey: maya.identity.publicKey, name: "Maya")
            ]
        )
    }

    private func candidate(
        _ somebody: Somebody,
        vouchedBy inviter: Somebody?,
        administrator: Bool = true,
        forged: SigningKey? = nil,
        invitedAs: String? = nil
    ) throws -> Candidate {
        let list = try SignedDeviceList.introduced(somebody.list)
        var vouchers: [SignedVoucher] = []
        if let inviter {
            let words = VouchedIdentity(
                identityKey: somebody.identity.publicKey,
                deviceList: list.hash,
                name: invitedAs ?? somebody.name
            )
            vouchers = [
                SignedVoucher(
                    voucher: try (forged ?? inviter.signing).sign(words),
                    signer: inviter.signing.device,
                    signerDevices: inviter.list,
                    name: inviter.name,
                    administrator: administrator
                )
            ]
        }
        return Candidate(
            participant: ParticipantID(Bytes16(high: 1, low: 1)),
            name: somebody.name,
            membership: .peer,
            proposer: "Maya",
            accepted: true,
            deviceList: somebody.list,
            vouchers: vouchers
        )
    }

    @Test func `the word of a known administrator or one's own lets in`() throws {
        let known = try candidate(lena, vouchedBy: maya)
        #expect(Admission.voucher(for: known, trust: trust)?.name == "Maya")
        let own = try candidate(lena, vouchedBy: priya, administrator: false)
        #expect(Admission.voucher(for: own, trust: trust)?.isOwn == true)
    }

    @Test func `an administrator whom the server made up lets nobody in`() throws {
        let made = try candidate(lena, vouchedBy: ghost)
        #expect(Admission.voucher(for: made, trust: trust) == nil)
        let forged = try candidate(lena, vouchedBy: maya, forged: ghost.signing)
        #expect(Admission.voucher(for: forged, trust: trust) == nil)
        let peer = try candidate(lena, vouchedBy: maya, administrator: false)
        #expect(Admission.voucher(for: peer, trust: trust) == nil)
        #expect(
            Admission.voucher(for: try candidate(lena, vouchedBy: nil), trust: trust) == nil
        )
    }

    @Test func `a word for other keys does not let these in`() throws {
        var swapped = try candidate(lena, vouchedBy: maya)
        swapped.deviceList = ghost.list
        #expect(Admission.voucher(for: swapped, trust: trust) == nil)
    }

    @Test func `names of two people who were vouched for cannot be swapped`() throws {
        var swapped = try candidate(lena, vouchedBy: maya)
        swapped.name = "Ghost"
        #expect(Admission.voucher(for: swapped, trust: trust) == nil)
        let word = Admission.word(for: swapped, trust: trust)
        guard case .otherName("Lena", by: let voucher) = word else {
            Issue.record("\(word)")
            return
        }
        #expect(voucher.name == "Maya")
        let warning = try #require(Client.warning(swapped, trust))
        #expect(warning.contains("Maya vouches for them as Lena"))
        let own = try candidate(lena, vouchedBy: priya, invitedAs: "Lena Two")
        #expect(Client.warning(own, trust)?.contains("you vouched for them as Lena Two") == true)
        // Who proved themselves under one name is not let in by itself under another.
        var inviter = try candidate(maya, vouchedBy: nil)
        inviter.name = "Priya"
        #expect(Admission.voucher(for: inviter, trust: trust) == nil)
    }

    @Test func `a name is the same only letter for letter`() throws {
        let other = try candidate(lena, vouchedBy: maya, invitedAs: "lena")
        #expect(Admission.voucher(for: other, trust: trust) == nil)
    }

    @Test func `the voucher made by oneself counts before that of others`() throws {
        var both = try candidate(lena, vouchedBy: maya)
        both.vouchers += try candidate(lena, vouchedBy: priya).vouchers
        #expect(Admission.voucher(for: both, trust: trust)?.isOwn == true)
        #expect(Admission.voucher(for: both, trust: trust)?.name == "Priya")
    }

    @Test func `who has proved themselves needs nobody's word`() throws {
        let inviter = try candidate(maya, vouchedBy: nil)
        #expect(Admission.voucher(for: inviter, trust: trust)?.name == "Maya")
    }

    @Test func `the next list of members names the old ones and the new`() throws {
        var ledger = Ledger()
        try ledger.admit([priya.member()], signedBy: priya.signing, lists: [priya])
        let checked = try #require(
            Admission.check(try candidate(lena, vouchedBy: maya), trust: trust)
        )
        let roster = try #require(Admission.roster(after: ledger.state, letting: [checked]))
        #expect(roster.version == 2)
        #expect(roster.previous == ledger.state.rosterHash)
        #expect(Set(roster.members.map(\.name)) == ["Priya", "Lena"])
        #expect(roster.members.first { $0.name == "Lena" }?.voucher == "Maya")
        #expect(roster.members.first { $0.name == "Priya" }?.voucher == nil)
        try ledger.admit(roster.members, signedBy: priya.signing, lists: [lena])
        #expect(Admission.roster(after: ledger.state, letting: [checked]) == nil)
    }

    // MARK: Vouching

    private let secret = Bytes16(high: 7, low: 8)
    private let authority = Bytes32(1, 2, 3, 4)

    private func verdict(_ awaited: AwaitedVouch) -> Vouching.Verdict {
        let keys = InviteSecret(secret: secret, authority: authority)
        let made = MadeInvite(
            hash: keys.authHash,
            secret: secret,
            name: "Lena",
            participant: nil,
            expires: Timestamp(milliseconds: 0),
            genesis: nil
        )
        return Vouching.verdict(
            on: awaited,
            invites: [made],
            authority: authority,
            signer: maya.signing,
            identityKey: maya.identity.publicKey
        )
    }

    private func awaited(_ somebody: Somebody, secret: Bytes16) -> AwaitedVouch {
        let keys = InviteSecret(secret: self.secret, authority: authority)
        let used = InviteSecret(secret: secret, authority: authority)
        return AwaitedVouch(
            invite: keys.authHash,
            person: somebody.person,
            name: somebody.name,
            deviceList: somebody.list,
            mac: used.deviceListMAC(somebody.list.body)
        )
    }

    @Test func `who held the invite is vouched for, and learns who invited`() throws {
        guard case .vouched(let voucher, let name) = verdict(awaited(lena, secret: secret)) else {
            Issue.record("not vouched for")
            return
        }
        let words = try VouchedIdentity.verified(
            voucher.voucher,
            by: maya.signing.verifyingKey
        )
        #expect(words.person == lena.person)
        #expect(words.name == "Lena")
        #expect(name == "Lena")
        let address = try #require(ServerAddress(host: "coach.example", port: 7443))
        let invite = Invite(
            kind: .person,
            authority: authority,
            secret: secret,
            address: address
        )
        let introduction = Introduction(
            invite: .zero,
            name: "Maya",
            deviceList: maya.list,
            mac: voucher.introduction,
            provedName: invite.keys.inviterName("Maya")
        )
        let known = Vouching.inviter(of: introduction, invite: invite)
        #expect(known?.identityKey == maya.identity.publicKey && known?.name == "Maya")
        var forged = introduction
        forged.deviceList = ghost.list
        #expect(Vouching.inviter(of: forged, invite: invite) == nil)
        // What the server calls them does not count, and a name without proof is none.
        var renamed = introduction
        renamed.name = "Jonas"
        #expect(Vouching.inviter(of: renamed, invite: invite)?.name == "Maya")
        renamed.provedName?.name = "Jonas"
        #expect(Vouching.inviter(of: renamed, invite: invite) == nil)
        renamed.provedName = nil
        #expect(Vouching.inviter(of: renamed, invite: invite) == nil)
    }

    @Test func `keys that the server put in the newcomer's place are found out`() {
        guard case .forged = verdict(awaited(ghost, secret: Bytes16(high: 0, low: 0))) else {
            Issue.record("a forged newcomer was not found out")
            return
        }
        var swapped = awaited(lena, secret: secret)
        swapped.deviceList = ghost.list
        guard case .forged = verdict(swapped) else {
            Issue.record("a swapped list was not found out")
            return
        }
    }

    @Test func `invites of other devices are left to them`() {
        var other = awaited(lena, secret: secret)
        other.invite = .zero
        guard case .notOurs = verdict(other) else {
            Issue.record("an unknown invite was judged")
            return
        }
    }
}
