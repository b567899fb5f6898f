// SPDX-License-Identifier: Apache-2.0

/// Decodes `Codable` values from the deterministic encoding (RFC 8949 section 4.2.1).
///
/// The whole input is checked first, also those parts that no type asks for, so a value is only
/// ever made from an item of the profile. Null and absence are both `nil` for an optional.
public struct CBORDecoder: Sendable {
    /// Says what becomes of map keys that no type asks for.
    public enum UnknownKeys: Sendable {
        /// They are checked and skipped, as in requests, replies and events.
        case skip
        /// They are refused, as in signed objects.
        ///
        /// A key counts as asked for when its value has been decoded, looked at for null, or
        /// opened as a nested container; `contains` and `allKeys` alone do not count.
        case refuse
    }

    private let limits: CBORLimits
    private let unknownKeys: UnknownKeys

    /// Makes a decoder.
    public init(limits: CBORLimits = .default, unknownKeys: UnknownKeys = .skip) {
        self.limits = limits
        self.unknownKeys = unknownKeys
    }

    /// Decodes bytes that hold one item and nothing after it.
    ///
    /// - Throws: the error of the check, or one with the offset of the part that a type refused.
    public func decode<T: Decodable>(
        _ type: T.Type,
        from bytes: [UInt8]
    ) throws(CBORError) -> T {
        try CBORReader.validate(bytes, limits: limits)
        let core = DecoderCore(bytes, recordsKeys: unknownKeys == .refuse)
        let value: T
        do {
            value = try core.decode(type, at: 0)
        } catch let error as CBORError {
            throw error
        } catch {
            throw CBORError(.invalidValue, offset: 0)
        }
        if let offset = core.source.firstUnknownKey() {
            throw CBORError(.unknownKey, offset: offset)
        }
        return value
    }
}
