// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingModel

/// What a device remembers of a room beside where everything ended: what a restored server must
/// not undo.
struct RememberedRoom: Codable, Hashable, Sendable {
    /// Somebody whose membership ended.
    struct Gone: Codable, Hashable, Sendable {
        var person: PersonID
        /// The log position at which it ended last.
        var position: UInt64

        enum CodingKeys: Int, CodingKey {
            case person = 0
            case position = 1
        }
    }

    /// The most heads that are kept as evidence, and the most devices of each kind.
    static let beforeMax = 256
    static let devicesMax = 4_096

    var room: RoomID
    /// The hashes of the acceptances that this device knows, in the order in which it learnt them.
    var accepted: [Bytes32] = []
    /// Who was a member and is none.
    var gone: [Gone] = []
    /// Devices that their owners revoked; they never count again.
    var revoked: [DeviceID] = []
    /// Devices that the list of members left out.
    var excluded: [DeviceID] = []
    /// Who is a member again only because the server was set back; since which acceptance.
    var returned: [Gone] = []
    /// Which of the excluded devices count again only because the server was set back.
    var returnedDevices: [DeviceID] = []
    /// Where streams ended that the server had lost, as evidence.
    var before: [SeenHead] = []

    enum CodingKeys: Int, CodingKey {
        case room = 0
        case accepted = 1
        case gone = 2
        case revoked = 3
        case excluded = 4
        case returned = 5
        case returnedDevices = 6
        case before = 7
    }

    init(room: RoomID) { self.room = room }

    /// Takes note of an acceptance.
    mutating func learn(_ hash: Bytes32) {
        if !accepted.contains(hash) { accepted.append(hash) }
    }

    /// Gives which of the known acceptances it is, from 1; 0 for one that is not known.
    func number(of hash: Bytes32) -> UInt32 {
        accepted.firstIndex(of: hash).map { UInt32(clamping: $0 + 1) } ?? 0
    }
}

/// The rooms that a device remembers.
enum RememberedRooms {
    static let fileName = "remembered.cbor"
}

extension ProfileFolder {
    /// Reads what is remembered of a room; nothing for one that was never seen.
    ///
    /// - Throws: ``ClientError/Code/profile`` where the file is damaged.
    func remembered(_ room: RoomID) throws(ClientError) -> RememberedRoom {
        try rememberedRooms().first { $0.room == room } ?? RememberedRoom(room: room)
    }

    /// Keeps what is remembered of rooms.
    ///
    /// The order of the acceptances is that of the file, so that all processes count alike.
    func remember(_ rooms: [RememberedRoom]) throws(ClientError) {
        guard !rooms.isEmpty else { return }
        try locked { () throws(ClientError) in
            let before = try rememberedRooms()
            var all = before
            for room in rooms {
                guard let index = all.firstIndex(where: { $0.room == room.room }) else {
                    all.append(room)
                    continue
                }
                var next = room
                let known = all[index].accepted
                next.accepted = known + room.accepted.filter { !known.contains($0) }
                all[index] = next
            }
            if all != before { try encode(all, as: RememberedRooms.fileName) }
        }
    }

    private func rememberedRooms() throws(ClientError) -> [RememberedRoom] {
        guard let bytes = try kept(RememberedRooms.fileName) else { return [] }
        do {
            return try CBORDecoder(limits: Self.limits)
                .decode([RememberedRoom].self, from: bytes)
        } catch {
            throw ClientError(
                .profile,
                "The file \(RememberedRooms.fileName) in \(path) is damaged.",
                hint: "Take the file away if you trust the server as it is now."
            )
        }
    }
}
