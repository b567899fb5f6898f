// SPDX-License-Identifier: Apache-2.0

/// Chooses what of RFC 8949 is accepted, above the deterministic encoding of its section 4.2.1.
///
/// Both refuse floats, tags, `undefined`, other simple values and indefinite lengths.
public enum CBORProfile: Equatable, Sendable {
    /// Integers of 64 bits with either sign; maps are keyed by integers or texts.
    case deterministic
    /// Integers that fit `Int64`; maps are keyed by integers from 0 alone.
    ///
    /// This is what the wire protocol and its vectors ask for.
    case wire
}

/// Bounds what one item may cost its reader.
///
/// - Limits: all are checked before memory is taken; a length is also held against the bytes left.
public struct CBORLimits: Equatable, Sendable {
    /// The deepest nesting that any limits can allow.
    public static let depthMax = 16

    /// How deep arrays and maps may nest: `[[]]` is 2.
    public let depth: Int
    /// How many items there may be, counting keys, values, elements and the outermost item.
    public let items: Int
    /// How many bytes the input may have.
    public let bytes: Int
    /// Which integers and keys are accepted.
    public let profile: CBORProfile

    /// Makes limits; a depth over ``depthMax`` is taken as ``depthMax``.
    public init(
        depth: Int = 16,
        items: Int = 4096,
        bytes: Int = 1 << 20,
        profile: CBORProfile = .deterministic
    ) {
        self.depth = min(max(depth, 0), Self.depthMax)
        self.items = max(items, 0)
        self.bytes = max(bytes, 0)
        self.profile = profile
    }

    /// Depth 16, 4096 items, 1 MiB, integer and text keys.
    public static let `default` = CBORLimits()
    /// The same numbers under ``CBORProfile/wire``.
    public static let wire = CBORLimits(profile: .wire)
}
