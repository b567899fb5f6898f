// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingSeal

/// The sender keys that a device has opened, in its profile's folder.
///
/// The list is a file of its own beside the keys of the periods by which it is sealed. Whenever
/// something is erased both are written anew under the lock, the old bytes overwritten in place.
/// A disk that does not write in place (most flash does not) may keep an old copy for a while: of
/// the list that is harmless, of the periods' keys it is what a thief would look for; with a
/// passphrase it is sealed under it.
extension ProfileFolder {
    static let keysName = "keys.cbor"
    static let periodsName = "periods.cbor"

    /// Reads the sender keys that this device has opened; a damaged file counts as none.
    func keptKeys() -> [KeptKey] { cabinet().keys() }

    /// Adds sender keys of one room to those that are kept.
    func keep(_ keys: [KeptKey], under policy: RoomPolicy) throws(ClientError) {
        guard !keys.isEmpty else { return }
        try changeKeys(overwrites: false) { cabinet in
            var generator = SystemRandomNumberGenerator()
            cabinet.add(keys, under: policy, using: &generator)
        }
    }

    /// Erases keys under which nothing stands any more.
    func eraseKeys(_ keys: Set<KeyID>, of room: RoomID) throws(ClientError) {
        guard !keys.isEmpty else { return }
        try changeKeys(overwrites: true) { cabinet in
            var generator = SystemRandomNumberGenerator()
            cabinet.remove(keys, of: room, using: &generator)
        }
    }

    /// Erases the keys whose lines are over.
    ///
    /// - Parameters:
    ///   - now: the time.
    ///   - room: a room whose rules are known now.
    ///   - policy: its rules.
    /// - Returns: the instant after which nothing was written under a key that went; `nil` where
    ///   none went.
    /// - Throws: ``ClientError/Code/profile`` where the files cannot be written.
    @discardableResult
    func eraseOver(
        at now: Timestamp,
        in room: RoomID? = nil,
        under policy: RoomPolicy? = nil
    ) throws(ClientError) -> Timestamp? {
        var gone: [KeyPeriod] = []
        guard PrivateFile.isThere(path + "/" + Self.periodsName) else { return nil }
        try changeKeys(overwrites: true) { cabinet in
            if let room, let policy { cabinet.settle(room, under: policy) }
            gone = cabinet.erase(at: now)
        }
        return gone.filter { $0.span == .turns || $0.span == .rooms }.map(\.lastLine).max()
    }

    /// Lets the keys of a room's own texts end, for who is in it no more.
    func endPapers(of room: RoomID, at end: Timestamp) throws(ClientError) {
        guard PrivateFile.isThere(path + "/" + Self.periodsName) else { return }
        try changeKeys(overwrites: true) { $0.endPapers(of: room, at: end) }
    }

    private func cabinet() -> KeyCabinet {
        KeyCabinet(
            periods: (try? kept(Self.periodsName)) ?? nil,
            sections: (try? kept(Self.keysName)) ?? nil
        )
    }

    /// Changes what is kept; the keys of the periods are written where they changed, and before
    /// what is sealed under them.
    private func changeKeys(
        overwrites: Bool,
        _ change: (inout KeyCabinet) -> Void
    ) throws(ClientError) {
        try locked { () throws(ClientError) in
            var cabinet = cabinet()
            let before = (cabinet.periodsFile, cabinet.sectionsFile)
            change(&cabinet)
            let after = (cabinet.periodsFile, cabinet.sectionsFile)
            do throws(FileError) {
                if after.0 != before.0 {
                    try keep(after.0, as: Self.periodsName, overwrites: true)
                }
                if after.1 != before.1 {
                    try keep(after.1, as: Self.keysName, overwrites: overwrites)
                }
            } catch {
                throw unusable(error)
            }
        }
    }
}
