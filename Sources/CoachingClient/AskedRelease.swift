// SPDX-License-Identifier: Apache-2.0
public import CoachingModel

/// A release that this device asked for, kept so that whatever runs next looks what came of it.
public struct AskedRelease: Codable, Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// The digest that people were asked to agree to.
    public var digest: Bytes32

    enum CodingKeys: Int, CodingKey {
        case room = 0
        case digest = 1
    }

    /// Makes a mark.
    public init(room: RoomID, digest: Bytes32) {
        self.room = room
        self.digest = digest
    }
}

extension ProfileFolder {
    /// Takes the right to release what was asked for, or gives `nil` where another process of the
    /// device has it.
    func releaseLock() -> FileLock? {
        do {
            return try FileLock(path + "/releasing", waits: false)
        } catch {
            return nil
        }
    }
}
