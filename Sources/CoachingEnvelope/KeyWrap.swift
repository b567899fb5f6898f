// SPDX-License-Identifier: Apache-2.0
import CBOR
public import CoachingModel

/// A sender key as it is wrapped for one device.
///
/// - Shape: `[device, encapsulated key, wrapped key 48]`; in suite 1 the encapsulated key has 65
///   bytes.
/// - Source: SEALING.md 3.3.
public struct KeyWrap: Hashable, Sendable {
    /// For whom: a device, or the name of a recovery key.
    public var device: DeviceID
    /// What HPKE sends along.
    public var encapsulated: [UInt8]
    /// The key under HPKE, with its tag.
    public var wrapped: [UInt8]

    /// Makes a wrap from its parts.
    public init(device: DeviceID, encapsulated: [UInt8], wrapped: [UInt8]) {
        self.device = device
        self.encapsulated = encapsulated
        self.wrapped = wrapped
    }

    /// Writes a list of wraps, ascending by device.
    public static func encoded(_ wraps: [KeyWrap]) -> [UInt8] {
        var writer = CBORWriter(capacity: 8 + wraps.count * 140)
        writer.array(wraps.count)
        for wrap in wraps.sorted(by: { $0.device < $1.device }) {
            writer.array(3)
            writer.identifier(wrap.device)
            writer.bytes(wrap.encapsulated)
            writer.bytes(wrap.wrapped)
        }
        return writer.finish()
    }

    /// Hashes what the wraps of a key are bound to: `SHA-256("peer1/wrap" || 0 || khdr)`.
    public static func binding(header: [UInt8]) -> Bytes32 {
        var hashing = Hashing(label: "peer1/wrap")
        hashing.add(header)
        return hashing.finish()
    }
}

extension KeyItem {
    /// The header as it was received.
    public var headerBytes: [UInt8] { [UInt8](parts.bytes[parts.header]) }

    /// Reads the wraps.
    public func wraps() -> [KeyWrap] {
        // The form was checked when the parts were found, so nothing is thrown here.
        let wraps = try? StrictReader.reading(parts.bytes, in: parts.payload) {
            (reader) throws(EnvelopeError) in
            var wraps: [KeyWrap] = []
            for _ in 0..<(try reader.array()) {
                try reader.array(count: 3)
                let device = DeviceID(try reader.bytes16())
                wraps.append(
                    KeyWrap(
                        device: device,
                        encapsulated: try reader.bytes(
                            max: EnvelopeLimits.encapsulatedBytesMax
                        ),
                        wrapped: try reader.bytes(max: EnvelopeLimits.wrappedKeyBytes)
                    )
                )
            }
            return wraps
        }
        return wraps ?? []
    }

    /// Reads for whom the key is wrapped, ascending; no more of the wraps is looked at.
    public func wrappedDevices() -> [DeviceID] {
        let devices = try? StrictReader.reading(parts.bytes, in: parts.payload) {
            (reader) throws(EnvelopeError) in
            var devices: [DeviceID] = []
            for _ in 0..<(try reader.array()) {
                try reader.array(count: 3)
                devices.append(DeviceID(try reader.bytes16()))
                _ = try reader.byteRange()
                _ = try reader.byteRange()
            }
            return devices
        }
        return devices ?? []
    }

    /// Gives the wrap for one device; `nil` where it is not wrapped for it.
    public func wrap(for device: DeviceID) -> KeyWrap? {
        wraps().first { $0.device == device }
    }
}
