// SPDX-License-Identifier: Apache-2.0

extension DirectoryRecord: Codable {
    /// Reads `[kind, at ms, by participant or null, payload]`; the payload of an unknown kind is
    /// passed over.
    public init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        let kind = try container.decode(UInt64.self)
        at = try container.decode(Timestamp.self)
        by = try container.decodeNil() ? nil : container.decode(ParticipantID.self)
        event = try DirectoryEvent(kind: kind, from: &container)
    }

    /// Writes `[kind, at ms, by participant or null, payload]`.
    ///
    /// - Throws: `EncodingError` for an unrecognised event, whose payload is not known here.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(event.kind)
        try container.encode(at)
        if let by {
            try container.encode(by)
        } else {
            try container.encodeNil()
        }
        try event.encodePayload(to: &container)
    }
}

extension DirectoryEvent {
    /// The number under which the log knows it.
    public var kind: UInt64 {
        switch self {
        case .participantAdded: 1
        case .participantRenamed: 2
        case .participantRemoved: 3
        case .administratorMade: 4
        case .administratorEnded: 5
        case .roomAdded: 6
        case .roomClosed: 7
        case .proposed: 8
        case .proposalWithdrawn: 9
        case .accepted: 10
        case .invited: 11
        case .inviteRenewed: 12
        case .inviteRevoked: 13
        case .inviteDeclined: 14
        case .enrolled: 15
        case .deviceWaiting: 16
        case .deviceListed: 17
        case .deviceRevoked: 18
        case .certificateRenewed: 19
        case .encryptionKeyAnnounced: 20
        case .vouched: 21
        case .programmeOpened: 22
        case .formatAdded: 23
        case .formatRemoved: 24
        case .defaultsSet: 50
        case .unrecognised(let kind): kind
        }
    }

    fileprivate init(kind: UInt64, from container: inout any UnkeyedDecodingContainer) throws {
        switch kind {
        case 1: self = .participantAdded(try container.decode(NewParticipant.self))
        case 2: self = .participantRenamed(try container.decode(ParticipantRenamed.self))
        case 3: self = .participantRemoved(try sole(&container))
        case 4: self = .administratorMade(try sole(&container))
        case 5: self = .administratorEnded(try sole(&container))
        case 6: self = .roomAdded(try container.decode(RoomAdded.self))
        case 7: self = .roomClosed(try sole(&container))
        case 8: self = .proposed(try container.decode(Proposed.self))
        case 9: self = .proposalWithdrawn(try container.decode(ProposalWithdrawn.self))
        case 10: self = .accepted(try container.decode(ProposalAccepted.self))
        case 11: self = .invited(try container.decode(Invited.self))
        case 12: self = .inviteRenewed(try container.decode(InviteRenewed.self))
        case 13: self = .inviteRevoked(try sole(&container))
        case 14: self = .inviteDeclined(try sole(&container))
        case 15: self = .enrolled(try container.decode(Enrolled.self))
        case 16: self = .deviceWaiting(try container.decode(DeviceWaiting.self))
        case 17: self = .deviceListed(try container.decode(DeviceListed.self))
        case 18: self = .deviceRevoked(try sole(&container))
        case 19: self = .certificateRenewed(try container.decode(CertificateRenewed.self))
        case 20: self = .encryptionKeyAnnounced(try container.decode(EncryptionKeyAnnounced.self))
        case 21: self = .vouched(try container.decode(Vouched.self))
        case 22: self = .programmeOpened(try sole(&container))
        case 23: self = .formatAdded(try container.decode(SessionFormat.self))
        case 24: self = .formatRemoved(try sole(&container))
        case 50: self = .defaultsSet(try container.decode(RoomPolicy.self))
        default: self = .unrecognised(kind: kind)
        }
    }

    fileprivate func encodePayload(to container: inout any UnkeyedEncodingContainer) throws {
        switch self {
        case .participantAdded(let payload): try container.encode(payload)
        case .participantRenamed(let payload): try container.encode(payload)
        case .participantRemoved(let participant), .administratorMade(let participant),
            .administratorEnded(let participant):
            try container.encode(Sole(value: participant))
        case .roomAdded(let payload): try container.encode(payload)
        case .roomClosed(let room), .programmeOpened(let room):
            try container.encode(Sole(value: room))
        case .proposed(let payload): try container.encode(payload)
        case .proposalWithdrawn(let payload): try container.encode(payload)
        case .accepted(let payload): try container.encode(payload)
        case .invited(let payload): try container.encode(payload)
        case .inviteRenewed(let payload): try container.encode(payload)
        case .inviteRevoked(let invite), .inviteDeclined(let invite):
            try container.encode(Sole(value: invite))
        case .enrolled(let payload): try container.encode(payload)
        case .deviceWaiting(let payload): try container.encode(payload)
        case .deviceListed(let payload): try container.encode(payload)
        case .deviceRevoked(let device): try container.encode(Sole(value: device))
        case .certificateRenewed(let payload): try container.encode(payload)
        case .encryptionKeyAnnounced(let payload): try container.encode(payload)
        case .vouched(let payload): try container.encode(payload)
        case .formatAdded(let payload): try container.encode(payload)
        case .formatRemoved(let name): try container.encode(Sole(value: name))
        case .defaultsSet(let payload): try container.encode(payload)
        case .unrecognised(let kind):
            throw EncodingError.invalidValue(
                kind,
                EncodingError.Context(
                    codingPath: container.codingPath,
                    debugDescription: "an unrecognised event has no payload to write"
                )
            )
        }
    }
}

/// A payload of one value, as a map so that fields can be added.
private struct Sole<Value: Codable>: Codable {
    let value: Value

    enum CodingKeys: Int, CodingKey {
        case value = 0
    }
}

private func sole<Value: Codable>(
    _ container: inout any UnkeyedDecodingContainer
) throws -> Value {
    try container.decode(Sole<Value>.self).value
}
