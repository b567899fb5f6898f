// SPDX-License-Identifier: Apache-2.0
import CBOR
public import CoachingModel

/// A person's yes to the release of one text to one circle of readers, as their device signs it.
///
/// It is never sent: who checks it makes it from the released entry itself, so that a yes to
/// another text, another circle or with other people beside it does not hold.
///
/// - Shape: `{0:1, 1:room, 2:transcript, 3:digest, 4:[persons], 5:person}`, signed "consent" by a
///   device of the person.
/// - Source: DESIGN.md, Scopes, rule 3; Protocol/spec.md 12.11.
public struct ReleaseConsent: Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// Where the entry is to stand.
    public var target: TranscriptID
    /// ``ReleaseDigest`` of what is to stand there.
    public var digest: Bytes32
    /// Everybody whose yes is needed, ascending.
    public var persons: [PersonID]
    /// Whose yes this is.
    public var person: PersonID

    /// Makes a consent.
    public init(
        room: RoomID,
        target: TranscriptID,
        digest: Bytes32,
        persons: [PersonID],
        person: PersonID
    ) {
        self.room = room
        self.target = target
        self.digest = digest
        self.persons = persons
        self.person = person
    }

    /// Writes the body that is signed.
    public func body() -> [UInt8] {
        var writer = CBORWriter(capacity: 112 + 17 * persons.count)
        writer.map(6)
        writer.key(0)
        writer.uint(1)
        writer.key(1)
        writer.identifier(room)
        writer.key(2)
        writer.identifier(target)
        writer.key(3)
        writer.hash(digest)
        writer.key(4)
        writer.array(persons.count)
        for person in persons { writer.identifier(person) }
        writer.key(5)
        writer.identifier(person)
        return writer.finish()
    }
}

/// The digest by which people agree to the release of a text.
public enum ReleaseDigest {
    /// Hashes `"peer1/release" || 0 || salt || author || kind || content`.
    ///
    /// - Parameters:
    ///   - salt: 16 random bytes, so that nobody who does not read the text can guess it.
    ///   - author: who wrote it: nobody else can pass it off as theirs.
    ///   - kind: the kind of the released entry.
    ///   - content: the encoded body without what speaks of the release.
    /// - Returns: the digest.
    public static func compute(
        salt: Bytes16,
        author: PersonID,
        kind: EntryKind,
        content: [UInt8]
    ) -> Bytes32 {
        var hashing = Hashing(label: "peer1/release")
        hashing.add(salt)
        hashing.add(author.value)
        hashing.add(kind.rawValue)
        hashing.add(content)
        return hashing.finish()
    }
}
