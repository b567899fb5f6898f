// SPDX-License-Identifier: Apache-2.0
public import CBOR

extension RoomRecord {
    /// What one record may cost its reader; a record fits a frame.
    static let codingLimits = CBORLimits(items: 32_768, bytes: bytesMax)
    /// The longest record that can be read.
    public static let bytesMax = 1 << 17

    /// Reads `[kind, at ms, by person or null, payload]`.
    ///
    /// Unknown kinds and unknown keys are passed over: the server's own events may grow. Rosters
    /// and device lists inside are signed and are read strictly; whoever takes the record in
    /// checks their signatures over the bytes that stand in ``Rostered/signed``.
    ///
    /// - Parameters:
    ///   - bytes: one record and nothing after it.
    ///   - rosterHash: gives SHA-256 of a signed body, a roster's or an acceptance's.
    /// - Throws: where and why the bytes are no record.
    public init(
        decoding bytes: [UInt8],
        rosterHash: ([UInt8]) -> Bytes32
    ) throws(CBORError) {
        self = try CBORReader.reading(bytes, limits: RoomRecord.codingLimits) {
            (reader) throws(CBORError) in
            try reader.array(count: 4)
            let kind = try reader.uint()
            let at = try reader.timestamp()
            let by: PersonID? = try reader.optional { (reader) throws(CBORError) in
                try reader.identifier()
            }
            let event = try RoomEvent(kind: kind, &reader, rosterHash: rosterHash)
            try reader.finish()
            return RoomRecord(at: at, by: by, event: event)
        }
    }

    /// Gives the record's bytes, as they stand in the log and are hashed.
    ///
    /// The payload of an unrecognised kind is not known here and is written empty: pass on such
    /// records as they came.
    public func encoded() -> [UInt8] {
        var writer = CBORWriter(capacity: 256)
        writer.array(4)
        writer.uint(event.kind)
        writer.int(at.milliseconds)
        if let by { writer.identifier(by) } else { writer.null() }
        event.writePayload(to: &writer)
        return writer.finish()
    }
}

extension RoomEvent {
    /// The number under which the log knows it.
    public var kind: UInt64 {
        switch self {
        case .rostered: 1
        case .devicesChanged: 2
        case .excluded: 3
        case .turnOpened: 4
        case .turnClosed: 6
        case .agreementProposed: 7
        case .agreementAccepted: 8
        case .sessionStarted: 9
        case .phaseStarted: 10
        case .clockSet: 11
        case .sessionEnded: 12
        case .attended: 13
        case .replanned: 14
        case .restoreAccepted: 58
        case .promptOpened: 45
        case .promptClosed: 46
        case .historyGranted: 50
        case .handedOver: 70
        case .rotaSet: 71
        case .keeperReached: 72
        case .needMet: 61
        case .meetingSet: 73
        case .coming: 74
        case .floorCalled: 60
        case .muted: 75
        case .shut: 76
        case .visitAsked: 77
        case .turnChanged: 78
        case .visitEnded: 79
        case .deviationProposed: 80
        case .deviationAgreed: 81
        case .deviationEnded: 82
        case .relationshipCalled: 83
        case .farewellSaid: 84
        case .facilitatorCalled: 85
        case .unrecognised(let kind): kind
        }
    }

    fileprivate init(
        kind: UInt64,
        _ reader: inout CBORReader,
        rosterHash: ([UInt8]) -> Bytes32
    ) throws(CBORError) {
        switch kind {
        case 1: self = .rostered(try Rostered(&reader, hash: rosterHash))
        case 2: self = .devicesChanged(try DevicesChanged(&reader))
        case 3: self = .excluded(try Excluded(&reader))
        case 4: self = .turnOpened(try Turn(&reader))
        case 6: self = .turnClosed(try TurnClosed(&reader))
        case 7: self = .agreementProposed(try AgreementVersion(&reader))
        case 8: self = .agreementAccepted(try AgreementVersion(&reader))
        case 9: self = .sessionStarted(try SessionStarted(&reader))
        case 10: self = .phaseStarted(try PhaseStarted(&reader))
        case 11: self = .clockSet(try ClockSet(&reader))
        case 12: self = .sessionEnded(try SessionEnded(&reader))
        case 13: self = .attended(try Attended(&reader))
        case 14: self = .replanned(try Replanned(&reader))
        case 58: self = .restoreAccepted(try RestoreAccepted(&reader, hash: rosterHash))
        case 45: self = .promptOpened(try PromptOpened(&reader))
        case 46: self = .promptClosed(try PromptClosed(&reader))
        case 50: self = .historyGranted(try HistoryGranted(&reader))
        case 70: self = .handedOver(try HandedOver(&reader))
        case 71: self = .rotaSet(try RotaSet(&reader))
        case 72: self = .keeperReached(try KeeperReached(&reader))
        case 61: self = .needMet(try NeedMet(&reader))
        case 73: self = .meetingSet(try MeetingSet(&reader))
        case 74: self = .coming(try Coming(&reader))
        case 60: self = .floorCalled(try FloorCall(&reader))
        case 75: self = .muted(try Muted(&reader))
        case 76: self = .shut(try Shut(&reader))
        case 77: self = .visitAsked(try TurnPlace(&reader))
        case 78: self = .turnChanged(try TurnChanged(&reader))
        case 79: self = .visitEnded(try VisitEnded(&reader))
        case 80: self = .deviationProposed(try Deviation(&reader))
        case 81: self = .deviationAgreed(try Deviation(&reader))
        case 82: self = .deviationEnded(try Deviation(&reader))
        case 83: self = .relationshipCalled(try RelationshipCall(&reader))
        case 84: self = .farewellSaid(try Farewell(&reader))
        case 85: self = .facilitatorCalled(try TurnPlace(&reader))
        default:
            try reader.skip()
            self = .unrecognised(kind: kind)
        }
    }

    fileprivate func writePayload(to writer: inout CBORWriter) {
        switch self {
        case .rostered(let payload): payload.write(to: &writer)
        case .devicesChanged(let payload): payload.write(to: &writer)
        case .excluded(let payload): payload.write(to: &writer)
        case .turnOpened(let payload): payload.write(to: &writer)
        case .turnClosed(let payload): payload.write(to: &writer)
        case .agreementProposed(let payload): payload.write(to: &writer)
        case .agreementAccepted(let payload): payload.write(to: &writer)
        case .sessionStarted(let payload): payload.write(to: &writer)
        case .phaseStarted(let payload): payload.write(to: &writer)
        case .clockSet(let payload): payload.write(to: &writer)
        case .sessionEnded(let payload): payload.write(to: &writer)
        case .attended(let payload): payload.write(to: &writer)
        case .replanned(let payload): payload.write(to: &writer)
        case .restoreAccepted(let payload): payload.write(to: &writer)
        case .promptOpened(let payload): payload.write(to: &writer)
        case .promptClosed(let payload): payload.write(to: &writer)
        case .historyGranted(let payload): payload.write(to: &writer)
        case .handedOver(let payload): payload.write(to: &writer)
        case .rotaSet(let payload): payload.write(to: &writer)
        case .keeperReached(let payload): payload.write(to: &writer)
        case .needMet(let payload): payload.write(to: &writer)
        case .meetingSet(let payload): payload.write(to: &writer)
        case .coming(let payload): payload.write(to: &writer)
        case .floorCalled(let payload): payload.write(to: &writer)
        case .muted(let payload): payload.write(to: &writer)
        case .shut(let payload): payload.write(to: &writer)
        case .visitAsked(let payload): payload.write(to: &writer)
        case .turnChanged(let payload): payload.write(to: &writer)
        case .visitEnded(let payload): payload.write(to: &writer)
        case .deviationProposed(let payload), .deviationAgreed(let payload),
            .deviationEnded(let payload):
            payload.write(to: &writer)
        case .relationshipCalled(let payload): payload.write(to: &writer)
        case .farewellSaid(let payload): payload.write(to: &writer)
        case .facilitatorCalled(let payload): payload.write(to: &writer)
        case .unrecognised: writer.map(0)
        }
    }
}
