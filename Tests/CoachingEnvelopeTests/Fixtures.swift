// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import Crypto

/// SplitMix64: the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &self) }
    }
}

extension Bytes16 {
    static func repeating(_ byte: UInt8) -> Bytes16 {
        let word = UInt64(byte) &* 0x0101_0101_0101_0101
        return Bytes16(high: word, low: word)
    }
}

extension Bytes32 {
    static func repeating(_ byte: UInt8) -> Bytes32 {
        let word = UInt64(byte) &* 0x0101_0101_0101_0101
        return Bytes32(word, word, word, word)
    }
}

func scalarKey(_ byte: UInt8) throws -> SigningKey {
    try SigningKey(rawBytes: Array(repeating: byte, count: 32))
}

/// One room with a turn, and the devices with the scalars 32 x 01, 02 and 03.
struct Setting {
    let room = RoomID(.repeating(0x52))
    let key = TranscriptKey.turn(
        TurnID(session: SessionID(.repeating(0x53)), round: 1, pod: 0)
    )
    let devices: [SigningKey]

    /// Their encryption keys, with the scalars 32 x 11, 12 and 13.
    let encryption: [EncryptionKey]

    init() throws {
        devices = try [scalarKey(1), scalarKey(2), scalarKey(3)]
        encryption = try [0x11, 0x12, 0x13].map {
            try EncryptionKey(rawBytes: Array(repeating: $0, count: 32))
        }
    }

    var recipients: [KeyRecipient] {
        zip(devices, encryption).map { KeyRecipient(id: $0.device, publicKey: $1.publicKey) }
    }

    var transcript: TranscriptID { TranscriptID(room: room, key: key) }

    func signer(_ device: DeviceID) -> VerifyingKey? {
        devices.first { $0.device == device }?.verifyingKey
    }

    func senderKey(
        _ author: Int = 0,
        secret: UInt8 = 0x4b,
        key: TranscriptKey? = nil
    ) -> SenderKey {
        SenderKey(
            secret: .repeating(secret),
            signer: devices[author],
            room: room,
            key: key ?? self.key,
            audience: .repeating(0xaa),
            position: 7,
            epoch: 1
        )
    }
}

extension EnvelopeError {
    /// Tells whether the bytes broke the encoding or the shape, wherever.
    var isMalformed: Bool {
        if case .malformed = self { return true }
        return false
    }
}
