// SPDX-License-Identifier: Apache-2.0

extension Room {
    /// Gives the span of a transcript that somebody reads from when they came on, where something
    /// before it could be given to them; `nil` where they read nothing now or all there is.
    public func newcomersSpan(
        _ key: TranscriptKey,
        of person: PersonID
    ) -> ClosedRange<UInt64>? {
        guard key == .room || key == .peers,
            let span = readable(key, by: person).last, span.upperBound == .max,
            span.lowerBound > 1
        else { return nil }
        return span
    }

    /// Tells whether a member gave a number to the person whose device this is, when they read on
    /// that device.
    ///
    /// Nothing was given to a device that came later: whoever holds a recovery kit can bring one.
    public func wasGiven(_ number: UInt64, of key: TranscriptKey, to device: DeviceID) -> Bool {
        person(of: device).flatMap { people[$0] }?.given.contains {
            $0.span.key == key && $0.span.from <= number && number <= $0.span.until
                && $0.devices.contains(device)
        } ?? false
    }

    /// Checks that a grant of older entries follows from who its giver is, what they read
    /// themselves, and what the group has agreed.
    ///
    /// - Returns: who gives.
    /// - Throws: ``RoomRejection/notAMember``, `rosterConflict`, `historyNotAgreed`, `grantInvalid`
    ///   or `notInScope`.
    @discardableResult
    func checkGrant(_ granted: HistoryGranted) throws(RoomRejection) -> PersonID {
        let grant = granted.grant
        guard let giver = person(of: granted.signer), isMember(giver) else { throw .notAMember }
        guard grant.room == id, roster != nil, grant.roster == rosterHash else {
            throw .rosterConflict
        }
        guard policy.historyForNewcomers else { throw .historyNotAgreed }
        guard isMember(grant.person) else { throw .notAMember }
        guard giver != grant.person, !grant.spans.isEmpty,
            grant.spans.map(\.scope.rawValue).strictlyAscends
        else { throw .grantInvalid }
        for span in grant.spans {
            guard let key = span.key, span.from > 0, span.from <= span.until,
                let own = newcomersSpan(key, of: grant.person), span.until == own.lowerBound - 1
            else { throw .grantInvalid }
            let isRead = readable(key, by: giver).contains {
                $0.lowerBound <= span.from && span.until <= $0.upperBound
            }
            guard isRead else { throw .notInScope }
        }
        return giver
    }

    /// Lets somebody read older entries.
    func grant(
        _ granted: HistoryGranted,
        by actor: RoomActor,
        _ course: inout Course
    ) throws(RoomRejection) {
        let person = try member(asking: actor)
        guard case .person(person, granted.signer) = actor else { throw .grantInvalid }
        try checkGrant(granted)
        course.add(.historyGranted(granted))
    }

    /// Takes a grant in; one that does not follow changes nothing.
    mutating func evolve(_ granted: HistoryGranted) {
        guard (try? checkGrant(granted)) != nil else { return }
        let person = granted.grant.person
        let devices = devices(of: person)
        people[person]?.given += granted.grant.spans.map { GivenSpan(span: $0, devices: devices) }
        for span in granted.grant.spans {
            switch span.scope {
            case .room: people[person]?.roomNumbers.reachBack(to: span.from)
            case .peers: people[person]?.peersNumbers.reachBack(to: span.from)
            case .own, .direct, .turn, .programme: break
            }
        }
    }
}

extension [ClosedRange<UInt64>] {
    /// Lets the last span begin earlier; spans that it comes to touch become one with it.
    fileprivate mutating func reachBack(to first: UInt64) {
        guard let last, first < last.lowerBound else { return }
        removeLast()
        var lower = first
        while let before = self.last, before.upperBound >= lower - 1 {
            lower = Swift.min(lower, before.lowerBound)
            removeLast()
        }
        append(lower...last.upperBound)
    }
}
