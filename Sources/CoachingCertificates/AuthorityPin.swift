// SPDX-License-Identifier: Apache-2.0

/// Names an authority by its key alone: SHA-256 over the SubjectPublicKeyInfo, all 32 bytes.
///
/// An invite carries it, so that a device knows the authority before it has met the server. It
/// survives a new certificate for the same key.
///
/// - Shape: 32 bytes; in text 64 hex digits, lower case.
public struct AuthorityPin: Hashable, Sendable, CustomStringConvertible {
    /// Tells how long a pin is.
    public static let bytesCount = 32

    /// Holds the hash.
    public let bytes: [UInt8]

    /// Takes a hash that was stored or came with an invite.
    ///
    /// - Parameter bytes: exactly 32 bytes, else the result is `nil`.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.bytesCount else { return nil }
        self.bytes = Array(bytes)
    }

    init(hash: [UInt8]) {
        bytes = hash
    }

    /// Shows the pin as hex digits.
    public var description: String { bytes.hexDigits }
}

extension Sequence<UInt8> {
    var hexDigits: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in self {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
