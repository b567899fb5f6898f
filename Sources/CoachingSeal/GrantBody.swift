// SPDX-License-Identifier: Apache-2.0
public import CBOR
public import CoachingEnvelope
public import CoachingModel

/// A sender key that is wrapped once more, for a device that could not open it.
public struct KeyGrant: Hashable, Sendable {
    /// The key.
    public var key: KeyID
    /// The wrap, with the same binding as in the key's own event.
    public var wrap: KeyWrap

    /// Makes a grant.
    public init(key: KeyID, wrap: KeyWrap) {
        self.key = key
        self.wrap = wrap
    }
}

/// What stands inside an entry of kind `grant`: keys that its device cannot open, or keys for
/// devices that asked.
///
/// - Shape: `{0:1, 1:[* key id], 2:[* [key id, device, encapsulated key 65, wrapped key 48]]}`;
///   unknown keys are skipped.
/// - Limits: ``asksMax`` and ``grantsMax``; checked both ways.
/// - Source: SEALING.md 3.4, DESIGN.md D12.
public struct GrantBody: Hashable, Sendable {
    /// The most keys that one entry asks for.
    public static let asksMax = 256
    /// The most keys that one entry gives.
    public static let grantsMax = 128

    /// Keys that the device which signs cannot open.
    public var asks: [KeyID]
    /// Keys for devices.
    public var grants: [KeyGrant]

    /// Makes a body.
    public init(asks: [KeyID] = [], grants: [KeyGrant] = []) {
        self.asks = asks
        self.grants = grants
    }

    /// Divides asks and grants over as few bodies as they need.
    public static func bodies(asks: [KeyID], grants: [KeyGrant]) -> [GrantBody] {
        var bodies: [GrantBody] = []
        var (asks, grants) = (asks[...], grants[...])
        while !asks.isEmpty || !grants.isEmpty {
            bodies.append(
                GrantBody(
                    asks: Array(asks.prefix(asksMax)),
                    grants: Array(grants.prefix(grantsMax))
                )
            )
            asks = asks.dropFirst(asksMax)
            grants = grants.dropFirst(grantsMax)
        }
        return bodies
    }

    /// Writes the plaintext that is padded and sealed.
    ///
    /// - Throws: ``SealError/tooLong`` for more than the limits allow.
    public func encoded() throws(SealError) -> [UInt8] {
        guard asks.count <= Self.asksMax, grants.count <= Self.grantsMax else { throw .tooLong }
        var writer = CBORWriter(capacity: 64 + 17 * asks.count + 160 * grants.count)
        writer.map(3)
        writer.key(0)
        writer.uint(1)
        writer.key(1)
        writer.array(asks.count)
        for key in asks { writer.fixed16(key.value.high, key.value.low) }
        writer.key(2)
        writer.array(grants.count)
        for grant in grants {
            writer.array(4)
            writer.fixed16(grant.key.value.high, grant.key.value.low)
            writer.fixed16(grant.wrap.device.value.high, grant.wrap.device.value.low)
            writer.bytes(grant.wrap.encapsulated)
            writer.bytes(grant.wrap.wrapped)
        }
        return writer.finish()
    }

    /// Reads a plaintext.
    ///
    /// - Throws: ``SealError/cannotOpen`` for anything that is not a body of version 1.
    public static func decoded(_ plaintext: [UInt8]) throws(SealError) -> GrantBody {
        do {
            return try read(plaintext)
        } catch {
            throw .cannotOpen
        }
    }
}

extension GrantBody: CBORReadable {
    /// Reads the map and skips what is unknown.
    public init(from reader: inout CBORReader) throws(CBORError) {
        let start = reader.offset
        var fields = try reader.fields()
        try fields.expect(0, &reader)
        guard try reader.uint() == 1 else { throw CBORError(.invalidValue, offset: start) }
        try fields.expect(1, &reader)
        self.init()
        let asked = try reader.array()
        guard asked <= Self.asksMax else { throw CBORError(.invalidValue, offset: start) }
        for _ in 0..<asked { asks.append(KeyID(try reader.bytes16())) }
        try fields.expect(2, &reader)
        let given = try reader.array()
        guard given <= Self.grantsMax else { throw CBORError(.invalidValue, offset: start) }
        for _ in 0..<given {
            try reader.array(count: 4)
            let key = KeyID(try reader.bytes16())
            let wrap = KeyWrap(
                device: DeviceID(try reader.bytes16()),
                encapsulated: try reader.bytes(max: EnvelopeLimits.encapsulatedBytesMax),
                wrapped: try reader.bytes(max: EnvelopeLimits.wrappedKeyBytes)
            )
            grants.append(KeyGrant(key: key, wrap: wrap))
        }
        while try fields.next(&reader) != nil { try reader.skip() }
    }
}

extension CBORReader {
    fileprivate mutating func bytes16() throws(CBORError) -> Bytes16 {
        let words = try fixed16()
        return Bytes16(high: words.0, low: words.1)
    }
}
