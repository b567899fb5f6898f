// SPDX-License-Identifier: Apache-2.0
public import CBOR

extension Roster {
    /// Reads the body of a roster that was signed.
    ///
    /// Strict: unknown keys, another order and another version of the shape are refused. That
    /// person identifiers fit the keys beside them is for whoever checks the signature.
    public init(body: [UInt8]) throws(CBORError) {
        self = try CBORReader.reading(body) { (reader) throws(CBORError) in
            var fields = try reader.signedFields()
            try fields.expect(1, &reader)
            let room: RoomID = try reader.identifier()
            try fields.expect(2, &reader)
            let version: UInt32 = try reader.integer()
            try fields.expect(3, &reader)
            let previous = try reader.hash()
            try fields.expect(4, &reader)
            let members = try reader.list(max: RoomLimits.peopleBound) {
                (reader) throws(CBORError) in try RosterMember(signed: &reader)
            }
            try fields.expect(5, &reader)
            let policy = try RoomPolicy(signed: &reader)
            try fields.expect(6, &reader)
            let excluded: [DeviceID] = try reader.identifiers(max: RoomLimits.excludedDevicesMax)
            var isProgramme = false
            if fields.left > 0 {
                try fields.expect(7, &reader)
                let place = reader.offset
                isProgramme = try reader.bool()
                guard isProgramme else { throw CBORError(.invalidValue, offset: place) }
            }
            try fields.finish(reader)
            try reader.finish()
            guard members.map(\.person).strictlyAscends, excluded.strictlyAscends else {
                throw CBORError(.invalidValue, offset: 0)
            }
            return Roster(
                room: room,
                version: version,
                previous: previous,
                members: members,
                policy: policy,
                excludedDevices: excluded,
                isProgramme: isProgramme
            )
        }
    }

    /// The bytes that are signed.
    public var body: [UInt8] {
        var writer = CBORWriter(capacity: 256 + 192 * members.count)
        writer.map(isProgramme ? 8 : 7)
        writer.key(0)
        writer.uint(1)
        writer.key(1)
        writer.identifier(room)
        writer.key(2)
        writer.uint(UInt64(version))
        writer.key(3)
        writer.hash(previous)
        writer.key(4)
        writer.array(members.count)
        for member in members { member.write(signed: &writer) }
        writer.key(5)
        policy.write(signed: &writer)
        writer.key(6)
        writer.identifiers(excludedDevices)
        if isProgramme {
            writer.key(7)
            writer.bool(true)
        }
        return writer.finish()
    }
}

extension DeviceList {
    /// Reads the body of a device list that was signed, as strictly as a roster's.
    ///
    /// That the person's identifier is cut from the hash of the identity key in the list is for
    /// whoever checks the signature.
    public init(body: [UInt8], person: PersonID) throws(CBORError) {
        self = try CBORReader.reading(body) { (reader) throws(CBORError) in
            var fields = try reader.signedFields()
            try fields.expect(1, &reader)
            let identityKey = try reader.publicKey()
            try fields.expect(2, &reader)
            let version: UInt32 = try reader.integer()
            try fields.expect(3, &reader)
            let previous = try reader.hash()
            try fields.expect(4, &reader)
            let devices = try reader.list(max: RoomLimits.devicesBound) {
                (reader) throws(CBORError) in try ListedDevice(signed: &reader)
            }
            try fields.expect(5, &reader)
            let revoked: [DeviceID] = try reader.identifiers(max: RoomLimits.revokedMax)
            try fields.expect(6, &reader)
            let recoveryKey = try reader.publicKey()
            try fields.finish(reader)
            try reader.finish()
            guard devices.map(\.device).strictlyAscends, revoked.strictlyAscends else {
                throw CBORError(.invalidValue, offset: 0)
            }
            return DeviceList(
                person: person,
                identityKey: identityKey,
                version: version,
                previous: previous,
                devices: devices,
                revoked: revoked,
                recoveryKey: recoveryKey
            )
        }
    }

    /// The bytes that are signed.
    public var body: [UInt8] {
        var writer = CBORWriter(capacity: 512)
        writer.map(7)
        writer.key(0)
        writer.uint(1)
        writer.key(1)
        writer.bytes(identityKey)
        writer.key(2)
        writer.uint(UInt64(version))
        writer.key(3)
        writer.hash(previous)
        writer.key(4)
        writer.array(devices.count)
        for listed in devices {
            writer.map(3)
            writer.key(0)
            writer.identifier(listed.device)
            writer.key(1)
            writer.bytes(listed.signingKey)
            writer.key(2)
            writer.int(listed.created.milliseconds)
        }
        writer.key(5)
        writer.identifiers(revoked)
        writer.key(6)
        writer.bytes(recoveryKey)
        return writer.finish()
    }
}

extension ListedDevice {
    fileprivate init(signed reader: inout CBORReader) throws(CBORError) {
        var fields = try reader.fields()
        try fields.expect(0, &reader)
        device = try reader.identifier()
        try fields.expect(1, &reader)
        signingKey = try reader.publicKey()
        try fields.expect(2, &reader)
        created = Timestamp(milliseconds: try reader.int())
        try fields.finish(reader)
    }
}

extension RosterMember {
    fileprivate init(signed reader: inout CBORReader) throws(CBORError) {
        var fields = try reader.fields()
        try fields.expect(0, &reader)
        person = try reader.identifier()
        try fields.expect(1, &reader)
        identityKey = try reader.publicKey()
        try fields.expect(2, &reader)
        membership = try reader.choice()
        try fields.expect(3, &reader)
        leastDeviceListVersion = try reader.integer()
        try fields.expect(4, &reader)
        name = try reader.text(maxBytes: 4 * PersonName.bytesMax)
        voucher = nil
        if fields.left > 0 {
            try fields.expect(5, &reader)
            voucher = try reader.text(maxBytes: 4 * PersonName.bytesMax)
        }
        try fields.finish(reader)
    }

    fileprivate func write(signed writer: inout CBORWriter) {
        writer.map(voucher == nil ? 5 : 6)
        writer.key(0)
        writer.identifier(person)
        writer.key(1)
        writer.bytes(identityKey)
        writer.key(2)
        writer.uint(UInt64(membership.rawValue))
        writer.key(3)
        writer.uint(UInt64(leastDeviceListVersion))
        writer.key(4)
        writer.text(name)
        if let voucher {
            writer.key(5)
            writer.text(voucher)
        }
    }
}

extension RoomPolicy {
    fileprivate init(signed reader: inout CBORReader) throws(CBORError) {
        var fields = try reader.fields()
        try fields.expect(0, &reader)
        turnDays = try reader.integer()
        try fields.expect(1, &reader)
        roomDays = try reader.integer()
        try fields.expect(2, &reader)
        historyForNewcomers = try reader.bool()
        try fields.expect(3, &reader)
        namesToAdministrators = try reader.bool()
        try fields.finish(reader)
    }

    fileprivate func write(signed writer: inout CBORWriter) {
        writer.map(4)
        writer.key(0)
        writer.uint(UInt64(turnDays))
        writer.key(1)
        writer.uint(UInt64(roomDays))
        writer.key(2)
        writer.bool(historyForNewcomers)
        writer.key(3)
        writer.bool(namesToAdministrators)
    }
}

extension CBORReader {
    /// Reads the head of a signed object and its version, which must be 1.
    mutating func signedFields() throws(CBORError) -> CBORFields {
        var fields = try fields()
        try fields.expect(0, &self)
        let place = offset
        guard try uint() == 1 else { throw CBORError(.invalidValue, offset: place) }
        return fields
    }

    /// Reads a public key: an X9.63 point of 65 bytes.
    fileprivate mutating func publicKey() throws(CBORError) -> [UInt8] {
        let place = offset
        let key = try bytes(max: 65)
        guard key.count == 65 else { throw CBORError(.valueOutOfRange, offset: place) }
        return key
    }
}

// What somebody signed, as records of the room's log carry it: with the device that signed.
extension CBORReader {
    /// Reads `{0: signed bytes, 1: device}`.
    mutating func word() throws(CBORError) -> (signed: SignedBytes, signer: DeviceID) {
        var signed: SignedBytes?
        var signer: DeviceID?
        try record { (key, reader) throws(CBORError) in
            switch key {
            case 0: signed = try SignedBytes(&reader)
            case 1: signer = try reader.identifier()
            default: return false
            }
            return true
        }
        guard let signed, let signer else { throw missing }
        return (signed, signer)
    }
}

extension CBORWriter {
    /// Writes `{0: signed bytes, 1: device}`.
    mutating func word(_ signed: SignedBytes, by signer: DeviceID) {
        map(2)
        key(0)
        signed.write(to: &self)
        key(1)
        identifier(signer)
    }
}
