// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire

/// Writes a device's posts to its room's transcript.
///
/// The key event is signed. Entries carry 64 bytes that are no signature: the server checks none
/// of an entry (D4), and signing would be most of this program's work.
struct EntryAuthor {
    /// What stands inside an entry: 200 bytes.
    static let bodyBytes = 200
    /// How many bytes of a frame stand behind the mark: the body from it on, and the signature.
    static let bytesFromMark = bodyBytes + 2 + EnvelopeLimits.signatureBytes
    /// What no key event holds there by chance.
    static let mark: UInt64 = 0xC5C3_A5E1_9D5A_7B11

    private let key: SenderKey
    private let recipients: [KeyRecipient]
    private let room: RoomID
    private let device: DeviceID
    private var body: [UInt8]
    private let signature = [UInt8](repeating: 0x5A, count: EnvelopeLimits.signatureBytes)
    private var request: UInt64
    private(set) var counter: UInt32 = 0

    var transcript: TranscriptID { key.transcript }
    var keyID: KeyID { key.id }

    init(
        _ prepared: PreparedRoom,
        _ device: PreparedDevice,
        seat: UInt8,
        firstRequest: UInt64 = 1
    ) throws {
        let signer = try SigningKey(rawBytes: device.signingKey)
        var generator = SystemRandomNumberGenerator()
        key = SenderKey(
            secret: Bytes32(
                generator.next(),
                generator.next(),
                generator.next(),
                generator.next()
            ),
            signer: signer,
            room: prepared.room,
            key: .room,
            audience: prepared.audience,
            position: prepared.position,
            epoch: 1,
            entriesMax: .max
        )
        recipients = try prepared.devices.map {
            KeyRecipient(
                id: try SigningKey(rawBytes: $0.signingKey).device,
                publicKey: $0.encryptionKey
            )
        }
        room = prepared.room
        self.device = signer.device
        request = firstRequest
        body = [UInt8](repeating: 0x20, count: Self.bodyBytes)
        withUnsafeBytes(of: Self.mark.bigEndian) { body.replaceSubrange(0..<8, with: $0) }
        body[8] = seat
    }

    func announcement() throws -> [UInt8] { try key.announcement(to: recipients) }

    /// Writes the next entry, which bears its author's seat and its counter in its first bytes.
    mutating func nextItem() -> [UInt8] {
        counter += 1
        for index in 0..<4 {
            body[9 + index] = UInt8(truncatingIfNeeded: counter >> UInt32(24 - 8 * index))
        }
        let header = EntryHeader(
            transcript: key.transcript,
            key: key.id,
            device: device,
            counter: UInt64(counter),
            kind: .say,
            seenNumber: 0,
            seenHead: .zero
        )
        return EntryItem.encoded(header: header.encoded(), sealed: body, signature: signature)
    }

    /// Writes the frame of a request that posts an item.
    mutating func frame(posting item: [UInt8]) throws -> [UInt8] {
        defer { request += 1 }
        return try ClientMessage.request(id: request, .post(Post(room: room, item: item))).frame()
    }

    /// Finds the mark of an entry at the end of a frame's body.
    static func mark(in body: UnsafeRawBufferPointer) -> (seat: Int, counter: UInt32)? {
        guard body.count >= bytesFromMark else { return nil }
        let start = body.count - bytesFromMark
        let found = body.loadUnaligned(fromByteOffset: start, as: UInt64.self)
        guard UInt64(bigEndian: found) == mark else { return nil }
        let counter = body.loadUnaligned(fromByteOffset: start + 9, as: UInt32.self)
        return (Int(body[start + 8]), UInt32(bigEndian: counter))
    }
}
