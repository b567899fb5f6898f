// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
package import CoachingServer
import CoachingWire

extension Programme {
    /// Sets up a room that is as full as one can be: so many people, each with so many devices.
    ///
    /// The person 1 is its keeper and the only one of them who is connected.
    package static func crowded(
        people count: Int = RoomLimits.peopleBound,
        devices: Int = RoomLimits.standard.devicesMax,
        configuration: ServerConfiguration = ServerConfiguration()
    ) throws -> Programme {
        var configuration = configuration
        configuration.room = RoomLimits(peopleMax: count, devicesMax: devices)
        configuration.limits.peopleMax = UInt32(count)
        configuration.requestsBurst = 1_000_000
        let cast = try (0...count).map { try TestPerson(number: $0, devices: devices) }
        let programme = try invited(count, people: cast, configuration: configuration)
        for number in 1...count {
            let client = programme.clients[number]
            try programme.enrol(number)
            try client.connect()
            try programme.enrolDevices(of: number)
            try programme.propose(number)
            try programme.accept(number)
            if number > 1 { try client.cut() }
        }
        let members = cast.dropFirst().map { $0.member() }
        guard try programme.admit(members, by: 1).isDone else { throw NoReply() }
        return programme
    }

    /// Enrols and lists all further devices of a person.
    package func enrolDevices(of number: Int) throws {
        let person = people[number]
        var list = person.firstList
        for (index, device) in person.devices.enumerated().dropFirst() {
            let secret = InviteSecret(
                secret: Bytes16(high: 0xdd00 + UInt64(index), low: UInt64(number)),
                authority: Self.authority
            )
            guard try clients[number].ask(.inviteDevice(secret.authHash)).isDone else {
                throw NoReply()
            }
            let form = DeviceForm(
                auth: secret.auth,
                request: [0x30, 0x70, UInt8(number), UInt8(index)],
                signingKey: device.signing.publicKey,
                mac: secret.deviceMAC(
                    signingKey: device.signing.publicKey,
                    encryptionKeyBody: device.announcement.body
                ),
                encryptionKey: device.announcement
            )
            let client = TestClient(world, person, device: index)
            try client.open(certified: false)
            guard case .enrolled? = try client.enrol(.device(form)) else { throw NoReply() }
            try client.cut()
            list = try person.list(after: list, devices: Array(person.devices[...index]))
            guard try clients[number].ask(.listDevices(list.signed)).isDone else {
                throw NoReply()
            }
        }
    }
}
