// SPDX-License-Identifier: Apache-2.0

/// Is what the server shows and proves in the TLS handshake: its leaf, the authority, the key.
public struct ServerIdentity: Sendable {
    /// Holds the server's certificate (DER).
    public let leaf: [UInt8]
    /// Holds the authority's certificate (DER), sent along so that devices can find the pin.
    public let authority: [UInt8]
    /// Holds the leaf's private key (PKCS #8, DER).
    public let key: [UInt8]

    /// Puts together what was issued or read from files.
    public init(leaf: [UInt8], authority: [UInt8], key: [UInt8]) {
        self.leaf = leaf
        self.authority = authority
        self.key = key
    }

    /// Gives the chain as the server sends it: leaf, then authority.
    public var chain: [[UInt8]] { [leaf, authority] }
}
