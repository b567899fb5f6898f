// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingModel
import Foundation

/// The rooms of a prepared data folder with the secrets of all devices in them.
struct Scenario: Codable {
    var rooms: [PreparedRoom]

    enum CodingKeys: Int, CodingKey { case rooms = 0 }

    /// Reads what ``write(to:)`` wrote.
    init(file: String) throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
        self = try CBORDecoder(limits: Self.limits).decode(Scenario.self, from: bytes)
    }

    init(rooms: [PreparedRoom]) { self.rooms = rooms }

    func write(to file: String) throws {
        let bytes = try CBOREncoder(limits: Self.limits).encode(self)
        try Data(bytes).write(to: URL(fileURLWithPath: file))
    }

    private static let limits = CBORLimits(items: 1 << 20, bytes: 1 << 26)
}

/// A room in which everybody has been let in.
struct PreparedRoom: Codable {
    var room: RoomID
    /// The last position of the room's log.
    var position: UInt64
    /// Who reads the room's transcript at that position, as keys name it.
    var audience: Bytes32
    var devices: [PreparedDevice]

    enum CodingKeys: Int, CodingKey {
        case room = 0
        case position = 1
        case audience = 2
        case devices = 3
    }
}

/// An enrolled device.
struct PreparedDevice: Codable {
    /// S, the 32-byte scalar.
    var signingKey: [UInt8]
    /// The key of the certificate, DER.
    var certificateKey: [UInt8]
    /// The certificate, DER.
    var certificate: [UInt8]
    /// E's public half.
    var encryptionKey: [UInt8]

    enum CodingKeys: Int, CodingKey {
        case signingKey = 0
        case certificateKey = 1
        case certificate = 2
        case encryptionKey = 3
    }
}
