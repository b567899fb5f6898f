// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingStore
import CoachingWire

/// A number of a transcript after which a head is asked for.
struct HeadPlace: Hashable {
    var transcript: TranscriptID
    var number: UInt64
}

/// A transcript that somebody may read.
private struct Place {
    var transcript: Transcript
    /// The first number that they may read.
    var first: UInt64
    /// The next number that is sent.
    var from: UInt64
    /// The last number that they may read; without end where that goes on.
    var last: UInt64

    var headPlace: HeadPlace { HeadPlace(transcript: transcript.id, number: first - 1) }
}

extension RoomHost {
    /// More than the description of a transcript takes in a frame.
    private static let bytesOfOpening = 128

    /// Begins to follow: the answer, then what is missing, then what is new.
    func answerFollow(_ follow: Follow, _ wait: RoomWait) {
        guard let asker = wait.asker else { return }
        let ticket = nextTicket
        nextTicket += 1
        followTickets[asker.connection] = ticket
        begin(follow, wait, asker, ticket, heads: [:], rounds: 0)
    }

    /// Ends a following, also one that is only being prepared.
    func answerUnfollow(_ wait: RoomWait) {
        guard let asker = wait.asker else { return }
        drop(asker.connection)
        core.answer(asker, .done(0))
    }

    /// Answers as soon as all heads are known that must stand in the answer.
    ///
    /// What has happened while they were read is judged anew each time.
    private func begin(
        _ follow: Follow,
        _ wait: RoomWait,
        _ asker: Asker,
        _ ticket: UInt64,
        heads: [HeadPlace: Bytes32],
        rounds: Int
    ) {
        guard let connection = core.connections[asker.connection] else {
            if followTickets[asker.connection] == ticket { followTickets[asker.connection] = nil }
            return
        }
        guard followTickets[asker.connection] == ticket else {
            return core.refuse(asker, .conflict, "Another request about this room came after it.")
        }
        guard standing == .ready else { return waiting.append(wait) }
        guard !connection.isLagging else { return connection.late.append((id, wait)) }
        let refusal: (() -> Void)?
        if room.person(of: asker.identity.device) != asker.identity.person {
            refusal = { _ = self.admits(asker) }
        } else if follow.position > log.durable {
            refusal = {
                self.core.refuse(
                    asker,
                    .conflict,
                    "This server has less than you have: it was set back. Ask who runs it."
                )
            }
        } else if rounds > 8 {
            refusal = { self.core.tryLater(asker) }
        } else {
            refusal = nil
        }
        if let refusal {
            followTickets[asker.connection] = nil
            return refusal()
        }
        let places = places(of: follow, for: asker.identity.person)
        let missing = places.map(\.headPlace).filter { $0.number > 0 && heads[$0] == nil }
        guard missing.isEmpty else {
            return readHeads(missing) { [weak self] found in
                guard let self else { return }
                guard let found else {
                    self.followTickets[asker.connection] = nil
                    return self.core.tryLater(asker)
                }
                let all = heads.merging(found) { _, new in new }
                self.begin(follow, wait, asker, ticket, heads: all, rounds: rounds + 1)
            }
        }
        start(follow, asker, connection, places, heads)
    }

    private func start(
        _ follow: Follow,
        _ asker: Asker,
        _ connection: ConnectionState,
        _ places: [Place],
        _ heads: [HeadPlace: Bytes32]
    ) {
        drop(asker.connection)
        followers[asker.connection] = asker.identity
        connection.following.insert(id)
        unconnected[asker.identity.person] = nil
        let described = places.map { place in
            let head = heads[place.headPlace] ?? TranscriptChain.start(place.transcript.id)
            return describe(
                place.transcript,
                place.first,
                head,
                from: place.from,
                upTo: place.last
            )
        }
        let most = Paging(core.configuration.limits).bytesMax / Self.bytesOfOpening
        let later = described.dropFirst(most)
        let answer = Followed(
            position: log.durable,
            head: self.heads.head(at: log.durable) ?? .zero,
            transcripts: Array(described.prefix(most)),
            name: core.directory.room(id)?.name ?? "",
            opening: later.isEmpty ? nil : UInt32(clamping: later.count)
        )
        core.answer(asker, .followed(answer))
        for transcript in later { core.push(.opened(id, transcript), to: connection.number) }
        send(log, from: follow.position + 1, upTo: .max, to: connection)
        for place in places {
            send(place.transcript, from: place.from, upTo: place.last, to: connection)
        }
        core.catchUp(connection)
    }

    /// Gives what a person may read and from where it is sent to them, ascending by scope.
    private func places(of follow: Follow, for person: PersonID) -> [Place] {
        var known: [TranscriptID: UInt64] = [:]
        for place in follow.transcripts.prefix(4_096) { known[place.transcript] = place.number }
        var places: [Place] = []
        for transcript in transcripts.values where transcript.durable > 0 {
            guard let span = room.readable(transcript.key, by: person).last,
                span.lowerBound <= transcript.durable || span.upperBound == .max
            else { continue }
            let first = max(1, span.lowerBound)
            let last = min(transcript.durable, span.upperBound)
            let next: UInt64
            if let number = known[transcript.id] {
                next = min(number, last) + 1
            } else {
                next = follow.rest ? first : last + 1
            }
            places.append(
                Place(
                    transcript: transcript,
                    first: first,
                    from: max(first, next),
                    last: span.upperBound
                )
            )
        }
        return places.sorted {
            ($0.transcript.key.scope.rawValue, $0.transcript.id)
                < ($1.transcript.key.scope.rawValue, $1.transcript.id)
        }
    }

    private func describe(
        _ transcript: Transcript,
        _ first: UInt64,
        _ head: Bytes32,
        from: UInt64,
        upTo last: UInt64 = .max
    ) -> OpenTranscript {
        OpenTranscript(
            transcript: transcript.id,
            scope: transcript.key.scope,
            instance: transcript.key.instance,
            first: first,
            headBefore: head,
            last: min(transcript.durable, last),
            from: from
        )
    }

    /// Sends a stream from a number on: live at once where nothing is missing.
    private func send(
        _ stream: LiveStream,
        from number: UInt64,
        upTo last: UInt64,
        to connection: ConnectionState
    ) {
        if number > stream.durable, last == .max {
            stream.listen(connection.number, from: number)
        } else if number <= min(stream.durable, last) {
            connection.catchUps.append(
                CatchUp(room: id, stream: stream.stream, next: number, last: last)
            )
        }
    }

    /// Gives the heads of chains after numbers; `nil` where the store cannot be read.
    private func readHeads(
        _ places: [HeadPlace],
        then: @escaping ([HeadPlace: Bytes32]?) -> Void
    ) {
        var heads: [HeadPlace: Bytes32] = [:]
        var left = places.count
        var failed = false
        for place in places {
            let numbers = place.number...place.number
            core.read(.frames(StreamID(place.transcript), numbers, bytesMax: 1)) { answer, _ in
                if case .success(.frames(let frames)) = answer, let frame = frames.first {
                    heads[place] = frame.head
                } else {
                    failed = true
                }
                left -= 1
                if left == 0 { then(failed ? nil : heads) }
            }
        }
    }

    /// Tells followers of a transcript that has just begun, before its first frame.
    func announce(_ transcript: Transcript) {
        for (connection, identity) in followers.sorted(by: { $0.key < $1.key }) {
            guard let span = room.readable(transcript.key, by: identity.person).last,
                span.upperBound == .max
            else { continue }
            let first = max(1, span.lowerBound)
            transcript.listen(connection, from: first)
            let description = describe(
                transcript,
                first,
                TranscriptChain.start(transcript.id),
                from: first
            )
            core.push(.opened(id, description), to: connection)
        }
    }

    /// Follows changes of who reads what: nobody gets more than they may, nobody less.
    func refreshListeners() {
        for (number, identity) in followers.sorted(by: { $0.key < $1.key }) {
            guard let connection = core.connections[number] else { continue }
            guard room.person(of: identity.device) == identity.person else {
                drop(number)
                continue
            }
            for transcript in transcripts.values.sorted(by: { $0.id < $1.id }) {
                refresh(transcript, identity.person, connection)
            }
        }
    }

    private func refresh(
        _ transcript: Transcript,
        _ person: PersonID,
        _ connection: ConnectionState
    ) {
        guard let span = room.readable(transcript.key, by: person).last else {
            transcript.ignore(connection.number)
            connection.catchUps.removeAll {
                $0.stream == transcript.stream && $0.history == nil
            }
            return
        }
        guard span.upperBound == .max else {
            transcript.ignore(connection.number)
            // What was before the end is still to come.
            for index in connection.catchUps.indices
            where connection.catchUps[index].stream == transcript.stream {
                connection.catchUps[index].last = min(
                    connection.catchUps[index].last,
                    span.upperBound
                )
            }
            return
        }
        guard transcript.durable > 0, !isSent(transcript, to: connection) else { return }
        open(transcript, to: connection, head: nil)
    }

    /// Whether a connection gets the transcript already, or is about to.
    private func isSent(_ transcript: Transcript, to connection: ConnectionState) -> Bool {
        transcript.isHeard(by: connection.number)
            || connection.catchUps.contains {
                $0.stream == transcript.stream && $0.history == nil && $0.last == .max
            }
    }

    /// Goes on with a transcript that has become readable to a follower.
    private func open(
        _ transcript: Transcript,
        to connection: ConnectionState,
        head: (place: HeadPlace, head: Bytes32)?
    ) {
        guard let person = followers[connection.number]?.person,
            let span = room.readable(transcript.key, by: person).last, span.upperBound == .max,
            !isSent(transcript, to: connection)
        else { return }
        let first = max(1, span.lowerBound)
        let place = HeadPlace(transcript: transcript.id, number: first - 1)
        let before: Bytes32
        if first == 1 {
            before = TranscriptChain.start(transcript.id)
        } else if let head, head.place == place {
            before = head.head
        } else {
            let number = connection.number
            return readHeads([place]) { [weak self] heads in
                guard let self, let connection = self.core.connections[number],
                    self.followers[number] != nil
                else { return }
                guard let found = heads?[place] else {
                    // Better to follow anew than to miss it.
                    self.drop(number)
                    return self.core.send(.push(.lagged([self.id])), to: number)
                }
                self.open(transcript, to: connection, head: (place, found))
            }
        }
        core.push(
            .opened(id, describe(transcript, first, before, from: first)),
            to: connection.number
        )
        send(transcript, from: first, upTo: .max, to: connection)
        core.catchUp(connection)
    }

    /// Ends a connection's following.
    func drop(_ connection: ConnectionNumber) {
        followTickets[connection] = nil
        followers[connection] = nil
        core.connections[connection]?.following.remove(id)
        core.connections[connection]?.catchUps.removeAll { $0.room == id && $0.history == nil }
        log.ignore(connection)
        for transcript in transcripts.values { transcript.ignore(connection) }
    }

    /// Gives the stream that a connection catches up with.
    func stream(_ id: StreamID) -> LiveStream? {
        id == log.stream ? log : transcripts[TranscriptID(id.value)]
    }

    /// Sends a page of what was before.
    func answerHistory(_ page: HistoryPage, _ wait: RoomWait) {
        guard let asker = wait.asker, let connection = core.connections[asker.connection] else {
            return
        }
        guard !connection.isLagging else { return connection.late.append((id, wait)) }
        guard admits(asker) else { return }
        guard let transcript = transcripts[page.transcript],
            let span = room.readable(transcript.key, by: asker.identity.person)
                .last(where: { $0.lowerBound < page.before }),
            page.before > 1
        else { return core.answer(asker, .history(first: 0)) }
        let last = min(page.before - 1, span.upperBound, transcript.durable)
        let limit = UInt64(min(max(1, page.limit), core.configuration.limits.historyFramesMax))
        let first = max(span.lowerBound, 1, last >= limit ? last - limit + 1 : 1)
        guard first <= last else { return core.answer(asker, .history(first: 0)) }
        connection.catchUps.append(
            CatchUp(
                room: id,
                stream: transcript.stream,
                next: first,
                last: last,
                history: HistoryWait(asker: asker, first: first)
            )
        )
        core.catchUp(connection)
    }
}
