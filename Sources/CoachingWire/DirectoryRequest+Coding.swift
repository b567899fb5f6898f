// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingModel

extension DirectoryRequest {
    /// A directory request's number on the wire.
    public enum Kind: UInt64, CaseIterable, Hashable, Sendable {
        /// Add people.
        case addPeople = 1
        /// Take a person out.
        case removePerson = 2
        /// Make an administrator.
        case makeAdministrator = 3
        /// End that.
        case endAdministrator = 4
        /// Make a room.
        case addRoom = 5
        /// Close a room.
        case closeRoom = 6
        /// Propose a person.
        case propose = 7
        /// Take that back.
        case withdrawProposal = 8
        /// Say yes.
        case accept = 9
        /// Register an invite.
        case invite = 10
        /// Give it more time.
        case renewInvite = 11
        /// End it.
        case revokeInvite = 12
        /// List one's devices.
        case listDevices = 13
        /// End a device.
        case revokeDevice = 14
        /// Vouch for a person.
        case vouch = 15
        /// Announce an encryption key.
        case announceKey = 16
        /// Register an invite for a device.
        case inviteDevice = 17
        /// Rename a person.
        case renamePerson = 18
        /// Open the programme's room.
        case openProgramme = 30
        /// Have a place in it.
        case contribute = 31
        /// Take a format away.
        case removeFormat = 38
        /// Add a format.
        case addFormat = 39
        /// Say how new rooms begin.
        case setPolicy = 40
    }

    /// The request's number on the wire.
    public var kind: Kind {
        switch self {
        case .addPeople: .addPeople
        case .removePerson: .removePerson
        case .makeAdministrator: .makeAdministrator
        case .endAdministrator: .endAdministrator
        case .addRoom: .addRoom
        case .closeRoom: .closeRoom
        case .propose: .propose
        case .withdrawProposal: .withdrawProposal
        case .accept: .accept
        case .invite: .invite
        case .renewInvite: .renewInvite
        case .revokeInvite: .revokeInvite
        case .listDevices: .listDevices
        case .revokeDevice: .revokeDevice
        case .vouch: .vouch
        case .announceKey: .announceKey
        case .inviteDevice: .inviteDevice
        case .renamePerson: .renamePerson
        case .openProgramme: .openProgramme
        case .contribute: .contribute
        case .removeFormat: .removeFormat
        case .addFormat: .addFormat
        case .setPolicy: .setPolicy
        }
    }

    func write(_ writer: inout CBORWriter) throws(CBORError) {
        writer.array(2)
        writer.uint(kind.rawValue)
        switch self {
        case .addPeople(let people): try put(people, &writer)
        case .removePerson(let person), .makeAdministrator(let person),
            .endAdministrator(let person):
            try put(person, &writer)
        case .addRoom(let room): try put(room, &writer)
        case .closeRoom(let room), .accept(let room), .openProgramme(let room):
            try put(room, &writer)
        case .contribute: writer.null()
        case .propose(let proposal): try put(proposal, &writer)
        case .withdrawProposal(let place): try put(place, &writer)
        case .invite(let invite): try put(invite, &writer)
        case .renewInvite(let term): try put(term, &writer)
        case .revokeInvite(let hash), .inviteDevice(let hash): try put(hash, &writer)
        case .listDevices(let signed), .announceKey(let signed): try put(signed, &writer)
        case .revokeDevice(let device): try put(device, &writer)
        case .vouch(let voucher): try put(voucher, &writer)
        case .renamePerson(let name): try put(name, &writer)
        case .removeFormat(let name): writer.text(name)
        case .addFormat(let format): try put(format, &writer)
        case .setPolicy(let policy): try put(policy, &writer)
        }
    }

    init(_ reader: inout CBORReader) throws(CBORError) {
        let place = reader.offset
        let count = try reader.array()
        guard count >= 2 else { throw CBORError(.invalidValue, offset: place) }
        let start = reader.offset
        guard let kind = Kind(rawValue: try reader.uint()) else {
            throw CBORError(.invalidValue, offset: start)
        }
        switch kind {
        case .addPeople: self = .addPeople(try take([NewParticipant].self, &reader))
        case .removePerson: self = .removePerson(try take(ParticipantID.self, &reader))
        case .makeAdministrator: self = .makeAdministrator(try take(ParticipantID.self, &reader))
        case .endAdministrator: self = .endAdministrator(try take(ParticipantID.self, &reader))
        case .addRoom: self = .addRoom(try take(NamedRoom.self, &reader))
        case .closeRoom: self = .closeRoom(try take(RoomID.self, &reader))
        case .propose: self = .propose(try take(RoomProposal.self, &reader))
        case .withdrawProposal: self = .withdrawProposal(try take(RoomPlace.self, &reader))
        case .accept: self = .accept(try take(RoomID.self, &reader))
        case .invite: self = .invite(try take(NewInvite.self, &reader))
        case .renewInvite: self = .renewInvite(try take(InviteTerm.self, &reader))
        case .revokeInvite: self = .revokeInvite(try take(Bytes32.self, &reader))
        case .listDevices: self = .listDevices(try take(SignedBytes.self, &reader))
        case .revokeDevice: self = .revokeDevice(try take(DeviceID.self, &reader))
        case .vouch: self = .vouch(try take(NewVoucher.self, &reader))
        case .announceKey: self = .announceKey(try take(SignedBytes.self, &reader))
        case .inviteDevice: self = .inviteDevice(try take(Bytes32.self, &reader))
        case .renamePerson: self = .renamePerson(try take(NewName.self, &reader))
        case .openProgramme: self = .openProgramme(try take(RoomID.self, &reader))
        case .contribute:
            try reader.skip()
            self = .contribute
        case .removeFormat: self = .removeFormat(try reader.text())
        case .addFormat: self = .addFormat(try take(SessionFormat.self, &reader))
        case .setPolicy: self = .setPolicy(try take(RoomPolicy.self, &reader))
        }
        try skip(count - 2, &reader)
    }
}
