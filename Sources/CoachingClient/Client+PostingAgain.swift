// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
public import CoachingModel
import CoachingSeal

/// A line of this device that a restored server has lost and that waits for its author's word.
public struct HeldBackLine: Hashable, Sendable {
    /// By which it is named, from 1.
    public var number: Int
    /// The words; `nil` where they cannot be opened any more.
    public var text: String?
    /// For whom it was.
    public var key: TranscriptKey
    /// When it was said.
    public var at: Timestamp
    /// Why it is not posted again by itself.
    public var reason: String
}

extension RoomReplica {
    /// The lines of this device that the restored server has lost, oldest first.
    var missingLines: [SentLine] {
        guard isCaughtUp, failure == nil else { return [] }
        return sent.filter { $0.held == nil && $0.restores < generation && isMissing($0) }
            .sorted { ($0.at, $0.counter) < ($1.at, $1.counter) }
    }

    /// Where a line of this device was posted again already, by it or by a process before it.
    func placeAgain(of line: SentLine) -> (number: UInt64, digest: Bytes32)? {
        let said = SaidAgain(author: owner, key: line.name.key, counter: line.name.counter)
        guard let reading = readings[line.transcript], let number = reading.again[said],
            let item = reading.index[number]
        else { return nil }
        return (number, item.digest)
    }
}

extension Client {
    /// Posts again what of this device's lines a restored server has lost: sealed anew, marked,
    /// and for nobody who could not read them then.
    func postAgain(in room: RoomID) async {
        var posted = 0
        var heldBack = 0
        flushSent()
        let events = folder.sentLines().events
        for line in rooms[room]?.replica.missingLines ?? [] {
            guard let replica = rooms[room]?.replica, let key = line.place else { continue }
            if let place = replica.placeAgain(of: line) {
                note(line, at: place.number, place.digest, replica.generation)
                continue
            }
            if replica.returnedReader(of: key) != nil { continue }
            do throws(ClientError) {
                if line.kind == .withdraw {
                    try await takeBackAgain(line, key)
                    continue
                }
                let audience = replica.room.audience(of: key)
                guard !audience.isEmpty, replica.room.lastAudienceChange(of: key) != nil else {
                    throw ClientError(.refused, "Those who read it then are together no more.")
                }
                let draft = try draft(again: line, events, replica)
                let shown = Set(line.readers).union([keys.person])
                _ = try await post(draft, to: key, shown: shown, in: room)
                posted += 1
            } catch {
                // Without a connection, or while others change the room, it is tried again.
                if error.isCut || error.code == .tryLater || error.code == .alarm { break }
                hold(line, error)
                heldBack += 1
            }
        }
        flushSent()
        if posted > 0 {
            show("\(posted) of your lines in \(roomName(room)) were missing and are posted again.")
        }
        if heldBack > 0 {
            show(
                "\(heldBack) of your lines in \(roomName(room)) are missing and were not posted"
                    + " again by themselves: peercoach restored",
                needsOwner: true
            )
        }
    }

    /// Lists the lines that wait for the person's word.
    public func heldBackLines(_ room: RoomID) -> [HeldBackLine] {
        flushSent()
        let sent = folder.sentLines()
        return held(in: sent, room).enumerated().compactMap { index, line in
            guard let key = line.place else { return nil }
            return HeldBackLine(
                number: index + 1,
                text: plaintext(of: line, sent.events)
                    .flatMap { try? EntryBody.decoded($0) }?.text,
                key: key,
                at: line.at,
                reason: line.held ?? ""
            )
        }
    }

    /// Posts a line that waits, for those who read its place now.
    ///
    /// - Throws: what posting throws; the line waits on.
    public func postHeldBack(_ number: Int, in room: RoomID) async throws(ClientError) {
        let session = try await enter(room)
        do throws(ClientError) {
            try await session.caughtUp()
            let sent = folder.sentLines()
            let line = try heldBack(number, in: sent, room)
            let replica = try following(room).replica
            guard let key = line.place, !replica.room.audience(of: key).isEmpty else {
                throw ClientError(.refused, "Those who read it then are together no more.")
            }
            let draft = try draft(again: line, sent.events, replica)
            let shown = Set(replica.room.audience(of: key))
            _ = try await post(draft, to: key, shown: shown, in: room)
            await session.leave()
        } catch {
            await session.leave()
            throw error
        }
    }

    /// Forgets a line that waits.
    public func dropHeldBack(_ number: Int, in room: RoomID) throws(ClientError) {
        forget(try heldBack(number, in: folder.sentLines(), room))
        flushSent()
    }

    // MARK: One line

    private func held(in sent: SentLines, _ room: RoomID) -> [SentLine] {
        sent.lines.filter { $0.room == room && $0.held != nil }
    }

    private func heldBack(
        _ number: Int,
        in sent: SentLines,
        _ room: RoomID
    ) throws(ClientError) -> SentLine {
        let lines = held(in: sent, room)
        guard lines.indices.contains(number - 1) else {
            throw ClientError(.noSuchName, "No line \(number) waits there.")
        }
        return lines[number - 1]
    }

    private func hold(_ line: SentLine, _ error: ClientError) {
        var waiting = line
        waiting.held =
            error.newReaders.isEmpty
            ? error.sentence
            : "\(error.newReaders.joined(separator: " and ")) would read it, too."
        change(line, to: waiting)
    }

    private func note(
        _ line: SentLine,
        at number: UInt64,
        _ digest: Bytes32,
        _ generation: UInt32
    ) {
        var there = line
        (there.number, there.digest, there.restores) = (number, digest, generation)
        change(line, to: there)
    }

    private func change(_ line: SentLine, to next: SentLine) {
        rooms[line.room]?.replica.sent.removeAll { $0.name == line.name }
        rooms[line.room]?.replica.sent.append(next)
        sentChanges.added.removeAll { $0.name == line.name }
        sentChanges.added.append(next)
    }

    /// Seals words anew as they were said, with the mark that they were said before.
    private func draft(
        again line: SentLine,
        _ events: [SentLines.Event],
        _ replica: RoomReplica
    ) throws(ClientError) -> LineDraft {
        guard let plaintext = plaintext(of: line, events),
            var body = try? EntryBody.decoded(plaintext),
            case .entry(let entry)? = try? ContentItem.parse(line.item)
        else { throw ClientError(.invalid, "It cannot be opened on this device any more.") }
        if let file = body.file {
            body.text = "The file \(FileName.safe(file.name)) is gone: the server was set back."
            body.file = nil
        }
        body.saidBefore = SaidBefore(
            at: line.at,
            key: line.name.key,
            counter: line.name.counter
        )
        guard let marked = try? body.encoded() else {
            throw ClientError(.invalid, "The line is too long.")
        }
        let header = entry.header
        return LineDraft(
            again: line,
            plaintext: marked,
            // What it answers may be missing itself, or stand elsewhere.
            cites: replica.unchangedCites(of: line).first,
            about: header.about
        )
    }

    /// Takes back again what was taken back and is there once more.
    private func takeBackAgain(_ line: SentLine, _ key: TranscriptKey) async throws(ClientError) {
        guard let replica = rooms[line.room]?.replica else { return }
        let numbers = replica.unchangedCites(of: line).filter { replica.stands($0, of: key) }
        guard let first = numbers.first, let empty = try? EntryBody(text: "").encoded() else {
            return forget(line)
        }
        let draft = LineDraft(
            again: line,
            plaintext: empty,
            cites: first,
            about: nil,
            alsoCites: Array(numbers.dropFirst())
        )
        do throws(ClientError) {
            _ = try await post(draft, to: key, shown: [], in: line.room)
        } catch {
            guard error.roomRule == .takenBack || error.roomRule == .notAuthor else { throw error }
            forget(line)
        }
    }

    private func plaintext(of line: SentLine, _ events: [SentLines.Event]) -> [UInt8]? {
        guard let event = events.first(where: { $0.key == line.key })?.event,
            case .key(let item)? = try? ContentItem.parse(event),
            let key = try? item.verified(by: keys.signing.verifyingKey)
        else { return nil }
        var opening = Opening(transcript: line.transcript)
        try? opening.add(key, with: keys.keyring)
        return try? opening.open(line.item, signedBy: keys.signing.verifyingKey)
    }
}

extension RoomReplica {
    /// The places that a line names, as they are now: what has another number or is gone is left
    /// out.
    func unchangedCites(of line: SentLine) -> [UInt64] {
        guard let reading = readings[line.transcript] else { return [] }
        return (line.cited ?? []).filter { reading.index[$0.number]?.digest == $0.digest }
            .map(\.number)
    }

    /// Whether a line of one's own stands in a place and was not erased.
    func stands(_ number: UInt64, of key: TranscriptKey) -> Bool {
        guard let reading = readings[TranscriptID(room: room.id, key: key)] else { return false }
        return reading.erasures.author(of: number) == owner
    }
}
