// SPDX-License-Identifier: Apache-2.0

/// Why a line cannot be released to where somebody wants it.
public enum ReleaseRefusal: Error, Hashable, Sendable {
    /// What people wrote is released; consents, keys, withdrawals and the room's texts are not.
    case notALine
    /// Only the author can ask.
    case notAuthor
    /// Nobody would read it who does not read it already.
    case notWider
    /// The author does not write there.
    case notWritable
    /// It concerns people who cannot be asked, because they do not read it (any more).
    case concernsOthers([PersonID])
    /// It concerns more people than a release can name.
    case concernsTooMany
}

extension Room {
    /// The most people whose yes a release can need.
    public static let concernedMax = 16

    /// Gives whose yes the release of a line needs, ascending: its author; the client of its turn,
    /// always; both where two share it; whom it is about or says that it concerns; and, where it was released before, all
    /// who said yes to that.
    ///
    /// - Source: DESIGN.md, Scopes, rule 3.
    public func concerned(
        by key: TranscriptKey,
        author: PersonID,
        about: PersonID? = nil,
        concerning others: [PersonID] = [],
        releasedBy former: [PersonID] = []
    ) -> [PersonID] {
        var people = Set(former + others)
        people.insert(author)
        if let about { people.insert(about) }
        switch key {
        case .direct(let first, let second): people.formUnion([first, second])
        case .turn(let id):
            if let client = turnState(id)?.turn.pod.client { people.insert(client) }
        case .own, .peers, .room, .programme, .prompt: break
        }
        return people.sorted()
    }

    /// Says whose yes is needed before an author may release a line, ascending.
    ///
    /// - Parameters:
    ///   - kind: what kind of line it is.
    ///   - key: where it stands.
    ///   - target: for whom it is to be.
    ///   - author: who wrote it.
    ///   - asker: who wants it released.
    ///   - about: whom it is about.
    ///   - others: whom it says that it concerns.
    ///   - former: who said yes to it before, where it stands there by a release.
    /// - Returns: the author among them; the author alone where nobody has to be asked.
    /// - Throws: why it cannot be released.
    public func mayRelease(
        _ kind: EntryKind,
        from key: TranscriptKey,
        to target: TranscriptKey,
        author: PersonID,
        asker: PersonID,
        about: PersonID? = nil,
        concerning others: [PersonID] = [],
        releasedBy former: [PersonID] = []
    ) throws(ReleaseRefusal) -> [PersonID] {
        guard asker == author else { throw .notAuthor }
        guard kind.released != nil else { throw .notALine }
        guard key.isNarrower(than: target) else { throw .notWider }
        // Who reads in the programme's room, that room says.
        guard isInAudience(of: key, author),
            target == .programme(author) || isInAudience(of: target, author)
        else { throw .notWritable }
        let people = concerned(
            by: key,
            author: author,
            about: about,
            concerning: others,
            releasedBy: former
        )
        guard people.count <= Self.concernedMax else { throw .concernsTooMany }
        let absent = people.filter { !isInAudience(of: key, $0) }
        guard absent.isEmpty else { throw .concernsOthers(absent) }
        return people
    }
}

extension TranscriptKey {
    /// Whether a release leads from here to more readers: to the peers, from everywhere but there
    /// to the room, and from everywhere in a room to the programme.
    func isNarrower(than target: TranscriptKey) -> Bool {
        switch (self, target) {
        case (.own, .peers), (.direct, .peers), (.turn, .peers): true
        case (.own, .room), (.direct, .room), (.turn, .room), (.peers, .room): true
        case (.own, .programme), (.direct, .programme), (.turn, .programme): true
        case (.peers, .programme), (.room, .programme): true
        default: false
        }
    }
}

extension EntryKind {
    /// Gives as what a line of this kind stands where it was released to; `nil` for what is no
    /// line.
    ///
    /// Notes and words on the coaching are not written to groups; there they are said.
    public var released: EntryKind? {
        switch self {
        case .note, .assess: .say
        case .consent, .withdraw, .grant, .paper: nil
        case .say, .ask, .answer, .reflect, .suggest, .offer, .feedback, .thanks, .commit: self
        }
    }
}
