// SPDX-License-Identifier: Apache-2.0

/// The programme's room: its facilitators are the administrators, its peers are those who release
/// something to them.
///
/// Each person there has a transcript, which they alone write in and which the administrators
/// read with them. There is nothing else in it: no session, no agreement, no question, no line to
/// all. The signed roster says that a room is the programme's, so that no server can make one of
/// another.
///
/// - Source: DESIGN.md D16; Protocol/spec.md 12.14.
extension Room {
    /// Whether it is the programme's room.
    public var isProgramme: Bool { roster?.isProgramme == true }

    /// The administrators who read what is released, ascending.
    public var programmeReaders: [PersonID] {
        isProgramme ? members.filter { $0.membership == .facilitator }.map(\.person).sorted() : []
    }

    /// Whether a transcript can exist in a room of this kind.
    ///
    /// In the programme's room there is what people release, and everybody's own, in which their
    /// devices hand each other keys.
    func has(_ key: TranscriptKey) -> Bool {
        switch key {
        case .own: true
        case .programme: isProgramme
        case .direct, .turn, .peers, .room, .prompt: !isProgramme
        }
    }

    /// Whether something can happen in a room of this kind: in the programme's people come and
    /// go, change their devices, and accept a restore.
    func takes(_ event: RoomEvent) -> Bool {
        guard isProgramme else { return true }
        switch event {
        case .rostered, .devicesChanged, .excluded, .restoreAccepted, .unrecognised: return true
        default: return false
        }
    }

    /// Whether something can be asked of a room of this kind.
    func takes(_ command: RoomCommand) -> Bool {
        guard isProgramme else { return true }
        switch command {
        case .admit, .changeDevices, .exclude, .acceptRestore, .wake, .awoke: return true
        default: return false
        }
    }

    /// Says whether a member may post a kind to what an author releases: the author what people
    /// write and withdrawals, everybody who reads it the keys that another device asks for.
    func mayPost(
        _ kind: EntryKind,
        toReleasesOf author: PersonID,
        by person: PersonID
    ) throws(RoomRejection) {
        guard isInAudience(of: .programme(author), person) else { throw .notInScope }
        if kind == .grant { return }
        guard author == person else { throw .notInScope }
        guard kind == .withdraw || kind.released == kind else { throw .kindNotHere }
    }

    /// Whether somebody was ever in the programme's room, so that there can be something of them.
    func isAuthor(_ person: PersonID) -> Bool { isProgramme && people[person] != nil }

    /// Whether somebody reads all that is released now.
    func readsReleases(_ person: PersonID) -> Bool {
        isProgramme && membership(of: person) == .facilitator
    }

    /// Gives the numbers that somebody may read of what an author released.
    func readableReleases(
        of author: PersonID,
        by person: PersonID
    ) -> [ClosedRange<UInt64>] {
        guard isAuthor(author) else { return [] }
        if author == person { return [1...UInt64.max] }
        return people[person]?.releasedNumbers[author] ?? []
    }

    /// The transcripts of all who are or were in the programme's room, members first, as many as
    /// an event can name beside `room` and `peers`.
    var releaseTranscripts: [TranscriptKey] {
        guard isProgramme else { return [] }
        let members = people.filter(\.value.isMember).keys.sorted()
        let former = people.filter { !$0.value.isMember }.keys.sorted()
        return (members + former).prefix(RoomLimits.marksMax - 2).map { .programme($0) }
    }

    /// Lets new administrators read what is released from here on, and all administrators what
    /// somebody releases who has just come.
    ///
    /// - Parameters:
    ///   - authors: who was in the room before.
    ///   - readers: who read what is released before.
    ///   - marks: where their transcripts stood.
    mutating func openReleases(
        besides authors: Set<PersonID>,
        _ readers: Set<PersonID>,
        _ marks: Marks
    ) {
        let all = Array(people.keys)
        for reader in programmeReaders {
            for author in all where author != reader {
                if !authors.contains(author) {
                    people[reader]?.releasedNumbers[author, default: []].open(after: 0)
                } else if !readers.contains(reader) {
                    people[reader]?.releasedNumbers[author, default: []]
                        .open(after: marks.number(of: .programme(author)))
                }
            }
        }
    }
}

extension PersonState {
    /// Ends the reading of what is released, where the transcripts stood.
    mutating func closeReleases(_ marks: Marks) {
        for author in releasedNumbers.keys {
            releasedNumbers[author]?.close(at: marks.number(of: .programme(author)))
        }
    }
}
