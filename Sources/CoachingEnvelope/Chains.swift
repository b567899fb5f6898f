// SPDX-License-Identifier: Apache-2.0
public import CoachingModel

/// The hash chain over the items of a transcript.
///
/// - Shape: `h_0 = SHA-256(transcript id)`, `h_n = SHA-256(0x01 || h_(n-1) || u64be(n) || d_n)`.
/// - Source: DESIGN.md D3.
public enum TranscriptChain {
    /// Gives `h_0`.
    public static func start(_ transcript: TranscriptID) -> Bytes32 {
        var hashing = Hashing()
        hashing.add(transcript.value)
        return hashing.finish()
    }

    /// Gives `h_n` from `h_(n-1)`, n and `d_n`.
    public static func next(_ head: Bytes32, number: UInt64, digest: Bytes32) -> Bytes32 {
        link(head, number, digest)
    }
}

/// The hash chain over a room's log.
///
/// - Shape: `h_0 = SHA-256(room id)`,
///   `h_c = SHA-256(0x01 || h_(c-1) || u64be(c) || SHA-256(event bytes))`.
/// - Source: DESIGN.md D1.
public enum RoomChain {
    /// Gives `h_0`.
    public static func start(_ room: RoomID) -> Bytes32 {
        var hashing = Hashing()
        hashing.add(room.value)
        return hashing.finish()
    }

    /// Gives `h_c` from `h_(c-1)`, c and the event's bytes.
    public static func next(_ head: Bytes32, number: UInt64, event: [UInt8]) -> Bytes32 {
        link(head, number, Hashing.hash(event))
    }
}

private func link(_ head: Bytes32, _ number: UInt64, _ digest: Bytes32) -> Bytes32 {
    var hashing = Hashing()
    hashing.add(1 as UInt8)
    hashing.add(head)
    hashing.add(number)
    hashing.add(digest)
    return hashing.finish()
}
