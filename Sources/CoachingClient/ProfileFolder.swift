// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingModel
import CoachingSeal

/// The folder in which a device keeps who it is, shared by all processes of the device.
///
/// Every change is read, made and written under one lock, and the file is replaced as a whole,
/// so that processes side by side (D13) lose nothing of each other's. With a passphrase every file
/// but the lock is sealed (`ProfileFolder+Passphrase.swift`).
///
/// - Isolation: any thread; a change blocks for as long as another process writes.
public struct ProfileFolder: Sendable, CustomStringConvertible {
    /// The folder's path.
    public let path: String
    /// What opens its files, where there is a passphrase and it was given.
    let key: FileKey?

    /// Names a folder; nothing is made yet.
    public init(path: String) { self.init(path: path, key: nil) }

    init(path: String, key: FileKey?) {
        self.path = path
        self.key = key
    }

    /// Names the path alone, so that no log holds a key.
    public var description: String { path }

    /// Gives the folder where profiles are kept on this system.
    ///
    /// - Parameter variables: the process's environment variables.
    /// - Returns: `$XDG_DATA_HOME/peercoach`, else `~/.local/share/peercoach`; `nil` without a
    ///   home. A relative `$XDG_DATA_HOME` is passed over, as its specification says.
    public static func standard(variables: [String: String]) -> ProfileFolder? {
        if let data = variables["XDG_DATA_HOME"], data.hasPrefix("/") {
            return ProfileFolder(path: data + "/peercoach")
        }
        guard let home = variables["HOME"], home.hasPrefix("/") else { return nil }
        return ProfileFolder(path: home + "/.local/share/peercoach")
    }

    static let limits = CBORLimits(items: 1 << 18, bytes: 16 << 20)

    static let profileName = "profile.cbor"
    private static let seenName = "seen.cbor"
    private var lockPath: String { path + "/lock" }
    var pendingPath: String { path + "/pending" }

    /// Whether there is a profile; it may be locked.
    public var exists: Bool {
        do {
            _ = try PrivateFile.read(path + "/" + Self.profileName)
            return true
        } catch {
            return false
        }
    }

    /// Reads the profile.
    ///
    /// - Throws: ``ClientError/Code/profile`` where there is none or it cannot be read,
    ///   ``ClientError/Code/locked`` where its passphrase was not given.
    public func load() throws(ClientError) -> Profile {
        guard let bytes = try kept(Self.profileName) else {
            throw ClientError(
                .profile,
                "There is no profile on this device yet.",
                hint: "peercoach enrol takes your invite."
            )
        }
        do {
            return try CBORDecoder(limits: Self.limits).decode(Profile.self, from: bytes)
        } catch {
            throw ClientError(.profile, "The profile in \(path) is damaged.")
        }
    }

    /// Writes a first profile.
    ///
    /// - Throws: ``ClientError/Code/profile`` where there is one already.
    public func create(_ profile: Profile) throws(ClientError) {
        try locked { () throws(ClientError) in
            guard !exists else {
                throw ClientError(
                    .profile,
                    "There is a profile in \(path) already.",
                    hint: "Use another folder with --profile."
                )
            }
            try save(profile)
        }
    }

    /// Changes the profile as it is now, whatever other processes have written meanwhile.
    ///
    /// - Returns: the profile after the change.
    @discardableResult
    public func update(
        _ change: (inout Profile) -> Void
    ) throws(ClientError) -> Profile {
        try locked { () throws(ClientError) in
            var profile = try load()
            let before = profile
            change(&profile)
            if profile != before {
                let deletes =
                    profile.encryptionKey != before.encryptionKey
                    || profile.spareKeys != before.spareKeys
                try save(profile, overwrites: deletes)
            }
            return profile
        }
    }

    /// Takes away a profile that came to nothing (an invite that could not be used).
    public func discard() throws(ClientError) {
        try locked { () throws(ClientError) in
            PrivateFile.remove(path + "/" + Self.profileName)
            PrivateFile.remove(path + "/" + Self.seenName)
            PrivateFile.remove(path + "/" + Self.keysName)
            PrivateFile.remove(path + "/" + RememberedRooms.fileName)
            PrivateFile.remove(path + "/" + SentLines.fileName)
            PrivateFile.remove(path + "/" + Self.periodsName)
            PrivateFile.remove(passphrasePath)
        }
    }

    // MARK: What was seen

    /// Reads where logs ended when they were last seen.
    ///
    /// - Throws: ``ClientError/Code/profile`` where the file is damaged: without it nobody would
    ///   notice a server that was set back.
    public func seen() throws(ClientError) -> [SeenHead] {
        guard let bytes = try kept(Self.seenName) else { return [] }
        do {
            return try CBORDecoder(limits: Self.limits).decode([SeenHead].self, from: bytes)
        } catch {
            throw ClientError(
                .profile,
                "The file seen.cbor in \(path) is damaged: a server that was set back would not "
                    + "be noticed.",
                hint: "Take the file away if you trust the server as it is now."
            )
        }
    }

    /// Notes where logs end now; a number goes back only by an accepted restore.
    public func note(_ heads: [SeenHead]) throws(ClientError) {
        guard !heads.isEmpty else { return }
        try locked { () throws(ClientError) in
            let before = try seen()
            var all: [StreamID: SeenHead] = [:]
            for head in before + heads {
                if let other = all[head.stream], !head.isNoOlder(than: other) { continue }
                all[head.stream] = head
            }
            let ordered = all.values.sorted { $0.stream < $1.stream }
            if ordered != before { try encode(ordered, as: Self.seenName) }
        }
    }

    // MARK: Files

    private func save(_ profile: Profile, overwrites: Bool = false) throws(ClientError) {
        try encode(profile, as: Self.profileName, overwrites: overwrites)
    }

    func encode(
        _ value: some Encodable,
        as name: String,
        overwrites: Bool = false
    ) throws(ClientError) {
        let bytes: [UInt8]
        do {
            bytes = try CBOREncoder(limits: Self.limits).encode(value)
        } catch {
            throw ClientError(.profile, "The profile has become too large.")
        }
        do throws(FileError) {
            try keep(bytes, as: name, overwrites: overwrites)
        } catch {
            throw unusable(error)
        }
    }

    func locked<R>(_ body: () throws(ClientError) -> R) throws(ClientError) -> R {
        let lock: FileLock?
        do {
            try PrivateFile.makeFolder(path)
            lock = try FileLock(lockPath, waits: true)
        } catch {
            throw unusable(error)
        }
        defer { withExtendedLifetime(lock) {} }
        return try body()
    }

    func unusable(_ error: FileError) -> ClientError {
        switch error {
        case .locked: .locked
        case .missing: ClientError(.profile, "A file of the profile in \(path) is missing.")
        case .tooLong: ClientError(.profile, "A file of the profile in \(path) is too long.")
        case .system(let code):
            ClientError(
                .profile,
                "The profile in \(path) cannot be read or written (error \(code)).",
                hint: "Check that the folder is yours and the disk is not full."
            )
        }
    }
}
