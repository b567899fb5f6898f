// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingWire

/// Whom a device believes, when it lets people in.
struct AdmissionTrust: Sendable {
    /// Oneself.
    var own: VerifyingKey?
    /// One's own name.
    var ownName: String?
    /// People who have proved their identity key to this device.
    var known: [PersonID: KnownPerson]
}

/// Who would be let into a room, and by whose word; pure.
///
/// - Source: DESIGN.md D6, SEALING.md 3.2.
enum Admission {
    /// Whose word lets a candidate in.
    struct Voucher: Hashable {
        /// The person who vouches.
        var person: PersonID
        /// Their name, as it is shown.
        var name: String
        var isOwn: Bool
    }

    /// What is known of a candidate's keys and name.
    enum Word: Hashable {
        /// Somebody whom this device knows vouches for them under the name that is shown, or they
        /// have proved themselves to this device under it.
        case known(Voucher)
        /// The same, but under another name than the server shows: not let in without being asked.
        case otherName(String, by: Voucher)
        /// Nobody whom this device knows vouches for them.
        case nobody
    }

    /// A candidate whose keys were checked.
    struct Checked {
        var candidate: Candidate
        var list: SignedDeviceList
        /// Whose word it is; `nil` where nobody this device knows vouches.
        var voucher: Voucher?
    }

    /// Checks a candidate's own keys.
    static func check(_ candidate: Candidate, trust: AdmissionTrust) -> Checked? {
        guard let signed = candidate.deviceList,
            let list = try? SignedDeviceList.introduced(signed), !list.list.devices.isEmpty
        else { return nil }
        return Checked(
            candidate: candidate,
            list: list,
            voucher: voucher(for: candidate, trust: trust)
        )
    }

    /// Finds somebody whose word counts for a candidate under the name that the server shows.
    static func voucher(for candidate: Candidate, trust: AdmissionTrust) -> Voucher? {
        guard case .known(let voucher) = word(for: candidate, trust: trust) else { return nil }
        return voucher
    }

    /// Finds somebody whose word counts: oneself, an administrator who has proved their identity
    /// to this device, or the candidate who has done so; and under which name it was given.
    ///
    /// The name is part of it: else a server could swap the names of two people who were both
    /// vouched for.
    static func word(for candidate: Candidate, trust: AdmissionTrust) -> Word {
        guard let signed = candidate.deviceList,
            let list = try? SignedDeviceList.introduced(signed)
        else { return .nobody }
        let person = list.list.person
        if trust.own?.bytes == list.list.identityKey {
            return .known(Voucher(person: person, name: candidate.name, isOwn: false))
        }
        var found: [(name: String, voucher: Voucher)] = []
        if let known = trust.known[person] {
            found.append(
                (known.name, Voucher(person: person, name: known.name, isOwn: false))
            )
        }
        for voucher in candidate.vouchers {
            if let word = word(of: voucher, for: list.list, trust: trust) { found.append(word) }
        }
        let fitting = found.filter { $0.name.utf8.elementsEqual(candidate.name.utf8) }
        if let best = fitting.first(where: \.voucher.isOwn) ?? fitting.first {
            return .known(best.voucher)
        }
        guard let other = found.first(where: \.voucher.isOwn) ?? found.first else {
            return .nobody
        }
        return .otherName(other.name, by: other.voucher)
    }

    private static func word(
        of voucher: SignedVoucher,
        for list: DeviceList,
        trust: AdmissionTrust
    ) -> (name: String, voucher: Voucher)? {
        guard let devices = try? SignedDeviceList.introduced(voucher.signerDevices) else {
            return nil
        }
        let signer = devices.list.person
        let isOwn = devices.list.identityKey == trust.own?.bytes
        guard isOwn || voucher.administrator && trust.known[signer] != nil,
            let device = devices.list.devices.first(where: { $0.device == voucher.signer }),
            let key = try? VerifyingKey(device.signingKey),
            let words = try? VouchedIdentity.verified(voucher.voucher, by: key),
            words.identityKey == list.identityKey
        else { return nil }
        let shown = Voucher(
            person: signer,
            name: (isOwn ? trust.ownName : trust.known[signer]?.name) ?? voucher.name,
            isOwn: isOwn
        )
        return (words.name, shown)
    }

    /// Builds the next roster of a room with some more people; `nil` where nobody is new.
    static func roster(after room: Room, letting people: [Checked]) -> Roster? {
        guard let last = room.roster, last.version < .max else { return nil }
        var members = room.members
        let there = Set(members.map(\.person))
        for checked in people where !there.contains(checked.list.list.person) {
            let list = checked.list.list
            members.append(
                RosterMember(
                    person: list.person,
                    identityKey: list.identityKey,
                    membership: checked.candidate.membership,
                    leastDeviceListVersion: list.version,
                    name: checked.candidate.name,
                    voucher: checked.voucher.flatMap {
                        $0.person == list.person ? nil : $0.name
                    }
                )
            )
        }
        guard members.count > there.count else { return nil }
        return Roster(
            room: room.id,
            version: last.version + 1,
            previous: room.rosterHash,
            members: members.sorted { $0.person < $1.person },
            policy: last.policy,
            excludedDevices: last.excludedDevices,
            isProgramme: last.isProgramme
        )
    }

    /// Builds the first roster of a room, with oneself alone.
    static func genesis(
        of room: RoomID,
        list: DeviceList,
        name: String,
        membership: Membership,
        policy: RoomPolicy,
        isProgramme: Bool = false
    ) -> Roster {
        Roster(
            room: room,
            version: 1,
            previous: .zero,
            members: [
                RosterMember(
                    person: list.person,
                    identityKey: list.identityKey,
                    membership: membership,
                    leastDeviceListVersion: list.version,
                    name: name
                )
            ],
            policy: policy,
            excludedDevices: [],
            isProgramme: isProgramme
        )
    }
}
