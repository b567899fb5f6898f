// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire

/// The releases that were asked for in a room, folded from the entries of kind `consent`.
///
/// Who says what is checked before it comes here: who signed, and whether a yes holds.
///
/// - Limits: ``requestsMax`` requests; further ones are passed over.
struct ReleaseLedger: Sendable {
    /// The most requests that are kept.
    static let requestsMax = 4_096

    /// Which request.
    struct Place: Hashable, Sendable {
        var key: TranscriptKey
        var number: UInt64
    }

    private(set) var requests: [Place: ReleaseRequest] = [:]
    /// Digests of lines of one's own that stand where they were released to.
    private(set) var ownReleased: Set<Bytes32> = []
    /// Whether something may have become ready.
    var isDirty = false

    /// All requests, oldest first.
    var all: [ReleaseRequest] {
        requests.values.sorted { ($0.at, $0.number, $0.digest) < ($1.at, $1.number, $1.digest) }
    }

    subscript(key: TranscriptKey, number: UInt64) -> ReleaseRequest? {
        requests[Place(key: key, number: number)]
    }

    mutating func ask(_ request: ReleaseRequest) -> Bool {
        let place = Place(key: request.key, number: request.number)
        guard requests.count < Self.requestsMax, requests[place] == nil else { return false }
        requests[place] = request
        isDirty = true
        return true
    }

    /// Takes an answer; the last one of each person counts, until it was released.
    mutating func answer(
        _ answer: ReleaseRequest.Answer,
        by person: PersonID,
        to number: UInt64,
        in key: TranscriptKey
    ) -> ReleaseChange.Step? {
        let place = Place(key: key, number: number)
        guard var request = requests[place], request.isOpen, answer.number > number else {
            return nil
        }
        isDirty = true
        if person == request.asker {
            guard answer.signature == nil else { return nil }
            request.isGone = true
            requests[place] = request
            return .gone
        }
        guard request.persons.contains(person) else { return nil }
        request.answers[person] = answer
        requests[place] = request
        return .answered(person, yes: answer.signature != nil)
    }

    /// Takes the word of the asker that it was released.
    mutating func release(
        _ number: UInt64,
        in key: TranscriptKey,
        by person: PersonID
    ) -> ReleaseChange.Step? {
        let place = Place(key: key, number: number)
        guard let request = requests[place], request.asker == person, request.isReady else {
            return nil
        }
        requests[place]?.isReleased = true
        return .released
    }

    /// Whether there may be something to release for a person.
    func isDue(for person: PersonID) -> Bool {
        isDirty && requests.values.contains { $0.asker == person && $0.isReady }
    }

    /// Looks again at what is ready and could not be released.
    mutating func retry() { isDirty = isDirty || requests.values.contains { $0.isReady } }

    /// Notes that a line of one's own stands where it was released to.
    mutating func noteOwn(_ digest: Bytes32) {
        if ownReleased.count < Self.requestsMax { ownReleased.insert(digest) }
    }

    /// Forgets what is gone: a request, an answer, or a line that was to be released.
    mutating func forget(
        _ number: UInt64,
        in key: TranscriptKey,
        isNew: Bool
    ) -> [RoomHappening] {
        guard !requests.isEmpty else { return [] }
        var happenings: [RoomHappening] = []
        for (place, request) in requests where place.key == key {
            if let one = request.answers.first(where: { $0.value.number == number }) {
                requests[place]?.answers[one.key] = nil
            }
            guard request.isOpen, request.line == number || place.number == number else {
                if place.number == number { requests[place] = nil }
                continue
            }
            var gone = request
            gone.isGone = true
            requests[place] = place.number == number ? nil : gone
            happenings.append(
                .release(ReleaseChange(request: gone, step: .gone, isNew: isNew))
            )
        }
        return happenings
    }
}

extension RoomReplica {
    /// Takes an entry of kind `consent`; nothing of it is shown as a line.
    mutating func takeConsent(
        _ entry: VerifiedEntry,
        _ pushed: PushedItem,
        _ reading: Reading
    ) -> [RoomHappening] {
        guard let plaintext = try? reading.opening.open(entry) else {
            wait(entry, pushed)
            return []
        }
        let header = entry.item.header
        guard let body = try? ReleaseBody.decoded(plaintext), let cited = header.cites,
            cited < pushed.number, let person = room.author(of: header.device)
        else { return [] }
        let key = reading.key
        let step: ReleaseChange.Step?
        var number = cited
        switch body {
        case .request(let terms):
            number = pushed.number
            guard reading.erasures.author(of: cited) == person else {
                guard reading.erasures.author(of: cited) != nil else { return [] }
                return [
                    alarm(
                        .forgedRelease,
                        "\(name(header.device)) asked to release what somebody else wrote."
                            + " Ask them, by another way, why."
                    )
                ]
            }
            let request = ReleaseRequest(
                key: key,
                number: number,
                at: pushed.at,
                asker: person,
                line: cited,
                target: terms.target,
                programme: terms.programme,
                persons: terms.persons,
                device: header.device,
                salt: terms.salt,
                digest: terms.digest
            )
            let isWhole =
                terms.persons.contains(person)
                && zip(terms.persons, terms.persons.dropFirst()).allSatisfy { $0 < $1 }
                && (terms.programme != nil) == (terms.target == .programme(person))
            step = isWhole && releases.ask(request) ? .asked : nil
        case .yes(let signature):
            guard holds(signature, of: person, header.device, releases[key, cited]) else {
                return [
                    alarm(
                        .forgedRelease,
                        "A yes of \(name(header.device)) to a release does not hold and does not"
                            + " count. Ask them, by another way, what they said yes to."
                    )
                ]
            }
            step = releases.answer(
                .init(number: pushed.number, device: header.device, signature: signature),
                by: person,
                to: cited,
                in: key
            )
        case .no:
            step = releases.answer(
                .init(number: pushed.number, device: header.device, signature: nil),
                by: person,
                to: cited,
                in: key
            )
        case .released: step = releases.release(cited, in: key, by: person)
        }
        guard let step, let request = releases[key, number] else { return [] }
        return [.release(ReleaseChange(request: request, step: step, isNew: isCaughtUp))]
    }

    /// Whether a yes is signed for exactly this request; `true` where there is none to compare.
    private func holds(
        _ signature: [UInt8],
        of person: PersonID,
        _ device: DeviceID,
        _ request: ReleaseRequest?
    ) -> Bool {
        guard let request else { return true }
        return verifier(device)?
            .verify(
                .consent,
                body: consent(request, of: person).body(),
                signature: signature
            ) == true
    }

    /// Gives what a person signs who says yes to a request.
    func consent(_ request: ReleaseRequest, of person: PersonID) -> ReleaseConsent {
        let place = request.programme ?? room.id
        return ReleaseConsent(
            room: place,
            target: TranscriptID(room: place, key: request.target),
            digest: request.digest,
            persons: request.persons,
            person: person
        )
    }

    // MARK: Released lines

    /// Checks by whose yes a line stands here; `nil` where it does not say that it was released.
    ///
    /// A device counts that its person ever listed in the room, so that a yes outlives the device
    /// that gave it. In the programme's room those count who stand in the lists of devices that the
    /// line carries: who agreed need not be there.
    func standing(
        of body: EntryBody?,
        _ header: EntryHeader,
        _ author: PersonID?
    ) -> ReleaseStanding? {
        guard let body else { return nil }
        guard let release = body.release else {
            // In the programme's room there is nothing but what was released.
            return room.isProgramme && header.kind.needsFloor && header.kind != .note
                ? .unproved : nil
        }
        guard let author else { return .unproved }
        let carried = room.isProgramme ? release.carriedSigners() : [:]
        let isProgramme = room.isProgramme
        let isAgreed = body.isReleaseAgreed(
            in: room.id,
            at: header.transcript,
            author: author,
            kind: header.kind
        ) { person, device in
            guard isProgramme else {
                return room.author(of: device) == person ? verifier(device) : nil
            }
            return carried[device].flatMap { $0.person == person ? $0.key : nil }
        }
        return isAgreed ? .agreed(release.persons) : .unproved
    }

    /// Takes note of a released line: one of one's own is not released again, one without a proof
    /// is named.
    mutating func noteRelease(_ line: ReadEntry) -> [RoomHappening] {
        switch line.release {
        case nil: return []
        case .agreed:
            if line.isMine, let release = line.body?.release,
                let digest = try? line.body?.releaseDigest(
                    salt: release.salt,
                    author: owner,
                    kind: line.kind
                )
            {
                releases.noteOwn(digest)
            }
            return []
        case .unproved:
            return [
                alarm(
                    .forgedRelease,
                    "A line by \(name(line.device)) says that others agreed to its release, and that"
                        + " does not hold: it is shown as any other. Ask them, by another way."
                )
            ]
        }
    }
}
