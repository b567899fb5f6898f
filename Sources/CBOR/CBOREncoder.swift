// SPDX-License-Identifier: Apache-2.0

/// Encodes `Codable` values deterministically (RFC 8949 section 4.2.1).
///
/// Coding keys with an `intValue` become integer keys, others texts. `[UInt8]` is a byte string.
/// An optional that is `nil` is left out of a keyed container, and null elsewhere.
/// Keys that are encoded in ascending order take the fast way; any other order, nested containers
/// and super encoders have the value encoded a second time into a tree that is then sorted.
public struct CBOREncoder: Sendable {
    private let limits: CBORLimits

    /// Makes an encoder that refuses what a decoder with default limits would.
    public init() {
        limits = .default
    }

    /// Makes an encoder that refuses what a decoder with these limits would.
    public init(limits: CBORLimits) {
        self.limits = limits
    }

    /// Encodes one value as one item.
    ///
    /// - Throws: an error with the offset in the encoding at which the value could not go on.
    public func encode<T: Encodable>(_ value: T) throws(CBORError) -> [UInt8] {
        let core = EncoderCore(limits: limits)
        do {
            try core.encode(value)
        } catch let error as CBORError {
            if !core.needsTree { throw error }
        } catch {
            throw CBORError(.invalidValue, offset: core.offset)
        }
        guard core.needsTree || core.hasFailed else { return try core.finish() }
        let node = TreeNode(depth: 0, limits: limits)
        do {
            try node.encode(value)
        } catch let error as CBORError {
            throw error
        } catch {
            throw CBORError(.invalidValue, offset: 0)
        }
        return try node.finish()
    }
}
