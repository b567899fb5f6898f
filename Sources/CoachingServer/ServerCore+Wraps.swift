// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel

extension ServerCore {
    /// How far a device's clock and the server's may be apart before a wrap is missed.
    private static let clockDifference: Int64 = 86_400_000

    /// Tells whether a key is wrapped for exactly those who read, as far as a server can see it:
    /// by their names.
    ///
    /// Nobody else may be named. A device may be left out only where nobody can wrap to it: it
    /// counts no more, or its encryption key is over. So no honest client's mistake shuts a reader
    /// out silently; what is inside a wrap only its device can tell.
    func isWrapped(_ key: KeyItem, for readers: [DeviceID], at now: Timestamp) -> Bool {
        let named = Set(key.wrappedDevices())
        guard !named.isEmpty, named.isSubset(of: readers) else { return false }
        return readers.allSatisfy { named.contains($0) || mayBeLeftOut($0, at: now) }
    }

    private func mayBeLeftOut(_ device: DeviceID, at now: Timestamp) -> Bool {
        // What is no device is a recovery key, which never ends.
        guard let record = directory.device(device) else { return false }
        guard record.state == .active, let key = try? VerifyingKey(record.signingKey),
            let announced = try? EncryptionKeyAnnouncement.verified(record.encryptionKey, by: key),
            announced.suite == .p256
        else { return true }
        return announced.notAfter <= now.adding(milliseconds: Self.clockDifference)
    }
}
