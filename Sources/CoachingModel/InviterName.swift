// SPDX-License-Identifier: Apache-2.0

/// An inviter's name with the proof that only who has read the invite can check, and only who
/// made it could make.
///
/// - Source: Protocol/spec.md 13.
public struct InviterName: Codable, Hashable, Sendable {
    /// The name, as the inviter's own client knew it when it made the invite.
    public var name: String
    /// The proof over the name.
    public var mac: Bytes32

    enum CodingKeys: Int, CodingKey {
        case name = 0
        case mac = 1
    }

    /// Makes the pair.
    public init(name: String, mac: Bytes32) {
        self.name = name
        self.mac = mac
    }
}
