// SPDX-License-Identifier: Apache-2.0
public import CoachingModel
public import CoachingSeal

/// A passphrase for all files of a profile.
///
/// The file `passphrase` says that there is one: while it stands, every file is written sealed.
/// Files that a crash left plain beside it are sealed when the profile is next opened.
extension ProfileFolder {
    /// The least bytes of a passphrase.
    public static let passphraseBytesMin = 8
    /// The most bytes of a passphrase.
    public static let passphraseBytesMax = 1_024

    private static let passphraseFileBytesMax = 4_096

    var passphrasePath: String { path + "/passphrase" }

    /// Whether the files are sealed under a passphrase.
    public var hasPassphrase: Bool { PrivateFile.isThere(passphrasePath) }

    /// The name of the key that opens the files, for finding it where it is kept; `nil` where
    /// there is no passphrase.
    public func keyName() throws(ClientError) -> Bytes16? { try lockedKey()?.name }

    /// Opens the folder with its passphrase.
    ///
    /// It takes a quarter of a gigabyte for a moment, in the calling thread.
    ///
    /// - Returns: the folder, by which its files are read and written.
    /// - Throws: ``ClientError/Code/locked`` for another passphrase.
    public func opened(passphrase: [UInt8]) throws(ClientError) -> ProfileFolder {
        guard let locked = try lockedKey() else { return self }
        do throws(SealError) {
            return try opened(with: try locked.open(passphrase: passphrase))
        } catch {
            throw error == .outOfMemory ? Self.noMemory : .wrongPassphrase
        }
    }

    /// Opens the folder with the key that ``openedKey`` gave.
    ///
    /// - Throws: ``SealError/cannotOpen`` for the key of another folder.
    public func opened(with key: FileKey) throws(SealError) -> ProfileFolder {
        guard let name = try? keyName(), name == key.name else { throw .cannotOpen }
        let open = ProfileFolder(path: path, key: key)
        // A crash while the passphrase was set may have left files plain.
        try? open.locked { () throws(ClientError) in try open.rewritePlain() }
        return open
    }

    /// The key that opens the files, for the memory of the login session alone.
    public var openedKey: FileKey? { key }

    /// Sets the passphrase, or another one, and seals every file.
    ///
    /// Another passphrase opens the same key, so that programs that run go on.
    ///
    /// - Returns: the folder, open.
    /// - Throws: ``ClientError/Code/locked`` where there is a passphrase and it was not given.
    public func settingPassphrase(
        _ passphrase: [UInt8],
        cost: PassphraseCost = .standard,
        using generator: inout some RandomNumberGenerator
    ) throws(ClientError) -> ProfileFolder {
        guard passphrase.count >= Self.passphraseBytesMin else {
            throw ClientError(
                .invalid,
                "A passphrase has at least \(Self.passphraseBytesMin) characters.",
                hint: "Four or five words that do not belong together are good ones."
            )
        }
        guard passphrase.count <= Self.passphraseBytesMax else {
            throw ClientError(
                .invalid,
                "A passphrase has at most \(Self.passphraseBytesMax) characters."
            )
        }
        // One that was left by an enrolment that never began locks nothing.
        let isLocked = hasPassphrase && exists
        guard !isLocked || key != nil else { throw .locked }
        let key = isLocked ? self.key ?? FileKey(using: &generator) : FileKey(using: &generator)
        let file: LockedFileKey
        do {
            file = try LockedFileKey(key, passphrase: passphrase, cost: cost, using: &generator)
        } catch {
            throw Self.noMemory
        }
        let open = ProfileFolder(path: path, key: key)
        try open.locked { () throws(ClientError) in
            do throws(FileError) {
                try PrivateFile.replaceScrubbing(file.bytes, at: passphrasePath)
            } catch {
                throw unusable(error)
            }
            try open.rewritePlain()
        }
        return open
    }

    /// Takes the passphrase away: every file is plain afterwards.
    ///
    /// - Throws: ``ClientError/Code/locked`` where it was not given.
    public func removingPassphrase() throws(ClientError) -> ProfileFolder {
        guard hasPassphrase else { return self }
        guard key != nil else { throw .locked }
        let plain = ProfileFolder(path: path)
        try locked { () throws(ClientError) in
            for name in fileNames() {
                guard let bytes = try kept(name) else { continue }
                do throws(FileError) {
                    try PrivateFile.write(bytes, to: path + "/" + name)
                } catch {
                    throw unusable(error)
                }
            }
            PrivateFile.remove(passphrasePath)
            PrivateFile.syncFolder(of: passphrasePath)
        }
        return plain
    }

    private static let noMemory = ClientError(
        .tryLater,
        "There is not enough memory to try the passphrase: it takes 256 MiB for a moment."
    )

    private func lockedKey() throws(ClientError) -> LockedFileKey? {
        let bytes: [UInt8]
        do {
            bytes = try PrivateFile.read(passphrasePath, bytesMax: Self.passphraseFileBytesMax)
        } catch .missing {
            return nil
        } catch {
            throw unusable(error)
        }
        do {
            return try LockedFileKey(reading: bytes)
        } catch {
            throw ClientError(
                .profile,
                "The file passphrase in \(path) is damaged, or a newer peercoach wrote it.",
                hint: "Without it nobody can open this profile: take it from a backup, or enrol"
                    + " anew."
            )
        }
    }

    // MARK: Files

    /// Reads a file of the folder, opened; `nil` where there is none.
    func kept(_ name: String) throws(ClientError) -> [UInt8]? {
        let bytes: [UInt8]
        do {
            bytes = try PrivateFile.read(path + "/" + name)
        } catch .missing {
            return nil
        } catch {
            throw unusable(error)
        }
        guard SealedBox.isSealed(bytes) else {
            guard hasPassphrase, key == nil else { return bytes }
            throw .locked
        }
        guard let key else { throw .locked }
        do {
            return try SealedBox.open(bytes, named: name, under: key)
        } catch {
            throw ClientError(.profile, "The file \(name) in \(path) is damaged.")
        }
    }

    /// Writes a file of the folder, sealed where there is a passphrase; and overwrites what it
    /// held before, where that is asked for.
    func keep(
        _ bytes: [UInt8],
        as name: String,
        overwrites: Bool = false
    ) throws(FileError) {
        let written = hasPassphrase ? try sealed(bytes, as: name) : bytes
        if overwrites {
            try PrivateFile.replaceScrubbing(written, at: path + "/" + name)
        } else {
            try PrivateFile.write(written, to: path + "/" + name)
        }
    }

    private func sealed(_ bytes: [UInt8], as name: String) throws(FileError) -> [UInt8] {
        guard let key else { throw .locked }
        var generator = SystemRandomNumberGenerator()
        do {
            return try SealedBox.seal(bytes, named: name, under: key, using: &generator)
        } catch {
            throw .tooLong
        }
    }

    /// Seals what is plain, and overwrites what stood there.
    private func rewritePlain() throws(ClientError) {
        do throws(FileError) {
            for name in fileNames() {
                let file = path + "/" + name
                let bytes = try PrivateFile.read(file)
                guard !SealedBox.isSealed(bytes) else { continue }
                try PrivateFile.replaceScrubbing(try sealed(bytes, as: name), at: file)
            }
        } catch {
            throw unusable(error)
        }
    }

    /// The files that are sealed under a passphrase, by their names in the folder.
    private func fileNames() -> [String] {
        let own = PrivateFile.names(in: path)
        let pending = PrivateFile.names(in: pendingPath).map { "pending/" + $0 }
        return (own + pending).filter { $0.hasSuffix(".cbor") }
    }
}
