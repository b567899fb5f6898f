// SPDX-License-Identifier: Apache-2.0
public import CoachingModel

/// What someone is handed to enrol with: where the server is, how to know it, and a secret.
///
/// - Shape: `"peer1:"` and base32 of `version 1 | kind u8 | length of host:port u8 | SHA-256 of
///   the authority's SPKI 32 | s 16 | host:port | genesis hash 32 (only in kind 1) | the first 4
///   bytes of SHA-256("peer1/invite" || 0 || all before)`. The version comes first and the
///   checksum last in every version, so that a typing error is told from a newer invite.
/// - Source: SEALING.md 3.2, DESIGN.md D6.
public struct Invite: Hashable, Sendable, CustomStringConvertible {
    /// For what one is invited.
    public enum Kind: Hashable, Sendable {
        /// Into the programme, by an administrator or the operator.
        case person
        /// Into the programme and a room, by a keeper whose room's genesis has this hash.
        case member(genesis: Bytes32)
        /// A further device of a person, by another one of theirs.
        case device
    }

    /// For what.
    public var kind: Kind
    /// SHA-256 of the authority's public key info, all of it.
    public var authority: Bytes32
    /// s: drawn by the inviter's client, seen by nobody else.
    public var secret: Bytes16
    /// The server.
    public var address: ServerAddress

    /// Makes an invite.
    public init(kind: Kind, authority: Bytes32, secret: Bytes16, address: ServerAddress) {
        self.kind = kind
        self.authority = authority
        self.secret = secret
        self.address = address
    }

    /// What is derived from the secret.
    public var keys: InviteSecret { InviteSecret(secret: secret, authority: authority) }

    /// Names the server alone, so that no log holds the secret.
    public var description: String { "Invite(\(address))" }

    private static let prefix = Array("peer1:".utf8)
    private static let lettersMax = 1_024
    private static let checksumBytes = 4
    private static let fixedBytes = 3 + 32 + 16 + checksumBytes

    /// Writes the invite as one word.
    public func encoded() -> String {
        let place = Array(address.description.utf8)
        var bytes: [UInt8] = [1, code, UInt8(truncatingIfNeeded: place.count)]
        bytes += authority.bytes
        bytes += secret.bytes
        bytes += place
        if case .member(let genesis) = kind { bytes += genesis.bytes }
        bytes += Self.checksum(bytes[...])
        return "peer1:" + Base32.encode(bytes)
    }

    private var code: UInt8 {
        switch kind {
        case .person: 0
        case .member: 1
        case .device: 2
        }
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var hashing = Hashing(label: "peer1/invite")
        hashing.add(Array(bytes))
        return Array(hashing.finish().bytes[..<checksumBytes])
    }

    /// Reads an invite as somebody typed or pasted it: white space and case do not matter.
    ///
    /// - Throws: ``InviteError``, which says what to do about it.
    public static func parse(_ text: String) throws(InviteError) -> Invite {
        guard text.utf8.count <= 4 * lettersMax else { throw .tooLong }
        let letters = Array(text.unicodeScalars.filter { !$0.properties.isWhitespace }).map {
            $0.isASCII ? UInt8(truncatingIfNeeded: $0.value) : 0
        }
        guard letters.count <= lettersMax else { throw .tooLong }
        let lowered = letters.prefix(prefix.count).map { letter in
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(letter) ? letter | 0x20 : letter
        }
        guard lowered == prefix else { throw .notAnInvite }
        let rest = letters[prefix.count...]
        if let index = rest.firstIndex(where: { Base32.value(of: $0) == nil }) {
            throw .wrongCharacter(position: index)
        }
        guard rest.count * 5 / 8 >= fixedBytes, let front = Base32.decode(rest.prefix(8)) else {
            throw .tooShort
        }
        let needed = fixedBytes + Int(front[2]) + (front[1] == 1 ? 32 : 0)
        guard let bytes = Base32.decode(rest), hasChecksum(bytes) else {
            let isPart = front[0] == 1 && rest.count * 5 / 8 < needed
            throw isPart ? .tooShort : .typingError
        }
        return try Invite(bytes, needed: needed)
    }

    private static func hasChecksum(_ bytes: [UInt8]) -> Bool {
        let end = bytes.count - checksumBytes
        return end > 0 && checksum(bytes[..<end]) == Array(bytes[end...])
    }

    /// Reads bytes whose checksum fits.
    private init(_ bytes: [UInt8], needed: Int) throws(InviteError) {
        let end = bytes.count - Self.checksumBytes
        guard bytes[0] == 1, bytes[1] <= 2 else { throw .newerVersion }
        guard bytes.count == needed,
            let authority = Bytes32(bytes[3..<35]), let secret = Bytes16(bytes[35..<51]),
            let address = ServerAddress(
                String(decoding: bytes[51..<51 + Int(bytes[2])], as: UTF8.self)
            )
        else { throw .malformed }
        self.authority = authority
        self.secret = secret
        self.address = address
        switch bytes[1] {
        case 0: kind = .person
        case 1:
            guard let genesis = Bytes32(bytes[end - 32..<end]) else { throw .malformed }
            kind = .member(genesis: genesis)
        default: kind = .device
        }
    }
}

/// Why a text is not an invite.
public enum InviteError: Error, Hashable, Sendable {
    /// It does not begin with `peer1:`.
    case notAnInvite
    /// A part of it is missing.
    case tooShort
    /// It is longer than any invite.
    case tooLong
    /// A character that no invite has, counted from 0 without white space.
    case wrongCharacter(position: Int)
    /// The checksum does not fit: one or more characters are wrong.
    case typingError
    /// A newer program made it.
    case newerVersion
    /// Typed rightly, but no program of this version makes such.
    case malformed
}
