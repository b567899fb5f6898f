// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingStore
import CoachingWire

extension RoomHost {
    /// Begins to follow: the answer, then what is missing, then what is new.
    func answerFollow(_ follow: Follow, _ wait: RoomWait) {
        guard let asker = wait.asker, let connection = core.connections[asker.connection] else {
            return
        }
        guard isMember(asker) else { return refuseStranger(asker) }
        guard follow.position <= log.durable else {
            return core.refuse(
                asker, .conflict,
                "This server has less than you have: it was set back. Ask who runs it.")
        }
        drop(asker.connection)
        var known: [TranscriptID: UInt64] = [:]
        for place in follow.transcripts.prefix(4_096) { known[place.transcript] = place.number }
        let person = asker.identity.person
        var open: [(transcript: Transcript, first: UInt64, from: UInt64)] = []
        for transcript in transcripts.values.sorted(by: { $0.id < $1.id }) {
            guard let span = room.readable(transcript.key, by: person).last,
                span.lowerBound <= transcript.durable || span.upperBound == .max
            else { continue }
            let first = max(1, span.lowerBound)
            let last = min(transcript.durable, span.upperBound)
            let from: UInt64
            if let number = known[transcript.id] {
                from = max(first, min(number, last) + 1)
            } else {
                from = follow.rest ? first : max(first, last + 1)
            }
            open.append((transcript, first, from))
        }
        open.sort { ($0.transcript.key.scope.rawValue) < ($1.transcript.key.scope.rawValue) }
        readHeads(open.map { ($0.transcript, $0.first - 1) }) { [weak self] heads in
            guard let self, self.core.connections[asker.connection] != nil else { return }
            guard let heads else { return self.core.tryLater(asker) }
            let described = zip(open, heads).map { place, head in
                self.describe(place.transcript, place.first, head, from: place.from)
            }
            self.followers[asker.connection] = asker.identity
            connection.following.insert(self.id)
            self.unconnected[person] = nil
            let answer = Followed(
                position: self.log.durable, head: self.heads.head(at: self.log.durable) ?? .zero,
                transcripts: described, name: self.core.directory.room(self.id)?.name ?? "")
            self.core.answer(asker, .followed(answer))
            self.send(self.log, from: follow.position + 1, upTo: .max, to: connection)
            for place in open {
                // The person may have been shut out while the heads were read.
                guard let span = self.room.readable(place.transcript.key, by: person).last
                else { continue }
                self.send(
                    place.transcript, from: place.from, upTo: span.upperBound, to: connection)
            }
            self.core.catchUp(connection)
        }
    }

    private func describe(
        _ transcript: Transcript, _ first: UInt64, _ head: Bytes32, from: UInt64
    ) -> OpenTranscript {
        OpenTranscript(
            transcript: transcript.id, scope: transcript.key.scope,
            instance: transcript.key.instance, first: first, headBefore: head,
            last: transcript.durable, from: from)
    }

    /// Sends a stream from a number on: live at once where nothing is missing.
    private func send(
        _ stream: LiveStream, from number: UInt64, upTo last: UInt64,
        to connection: ConnectionState
    ) {
        if number > stream.durable, last == .max {
            stream.listen(connection.number, from: number)
        } else if number <= min(stream.durable, last) {
            connection.catchUps.append(
                CatchUp(room: id, stream: stream.stream, next: number, last: last))
        }
    }

    /// Gives the heads of chains after numbers; `nil` where the store cannot be read.
    private func readHeads(
        _ places: [(transcript: Transcript, number: UInt64)],
        then: @escaping ([Bytes32]?) -> Void
    ) {
        var heads: [Bytes32] = places.map { TranscriptChain.start($0.transcript.id) }
        let wanted = places.indices.filter { places[$0].number > 0 }
        guard !wanted.isEmpty else { return then(heads) }
        var left = wanted.count
        var failed = false
        for index in wanted {
            let (transcript, number) = places[index]
            core.read(.frames(transcript.stream, number...number, bytesMax: 1)) { answer, _ in
                if case .success(.frames(let frames)) = answer, let frame = frames.first {
                    heads[index] = frame.head
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
                transcript, first, TranscriptChain.start(transcript.id), from: first)
            core.push(.opened(id, description), to: connection)
        }
    }

    /// Follows changes of who reads what: nobody gets more than they may, nobody less.
    func refreshListeners(at now: Timestamp) {
        for (number, identity) in followers {
            guard let connection = core.connections[number] else { continue }
            guard room.membership(of: identity.person) != nil,
                room.devices(of: identity.person).contains(identity.device)
            else {
                drop(number)
                continue
            }
            for transcript in transcripts.values {
                refresh(transcript, identity.person, connection)
            }
        }
    }

    private func refresh(
        _ transcript: Transcript, _ person: PersonID, _ connection: ConnectionState
    ) {
        let isCatchingUp = connection.catchUps.contains {
            $0.stream == transcript.stream && $0.history == nil
        }
        guard let span = room.readable(transcript.key, by: person).last,
            span.upperBound == .max
        else {
            transcript.ignore(connection.number)
            connection.catchUps.removeAll {
                $0.stream == transcript.stream && $0.history == nil
            }
            return
        }
        guard !transcript.isHeard(by: connection.number), !isCatchingUp, transcript.durable > 0
        else { return }
        // The transcript became readable: whoever follows learns of it and goes on from there.
        let first = max(1, span.lowerBound)
        guard first <= transcript.durable + 1 else {
            return transcript.listen(connection.number, from: first)
        }
        let number = connection.number
        readHeads([(transcript, first - 1)]) { [weak self] heads in
            guard let self, let head = heads?.first, self.followers[number] != nil,
                let connection = self.core.connections[number],
                let span = self.room.readable(transcript.key, by: person).last,
                !transcript.isHeard(by: number)
            else { return }
            let description = self.describe(transcript, first, head, from: first)
            self.core.push(.opened(self.id, description), to: number)
            self.send(transcript, from: first, upTo: span.upperBound, to: connection)
            self.core.catchUp(connection)
        }
    }

    /// Ends a connection's following.
    func drop(_ connection: ConnectionNumber) {
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
        guard isMember(asker) else { return refuseStranger(asker) }
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
                room: id, stream: transcript.stream, next: first, last: last,
                history: HistoryWait(asker: asker, first: first)))
        core.catchUp(connection)
    }
}
