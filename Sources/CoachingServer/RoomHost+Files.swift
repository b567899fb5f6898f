// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingStore
import CoachingWire

// Files that members hand to each other, as sealed chunks: the server never knows a name or what
// stands in them, and keeps one no longer than the line that hands it over.
extension RoomHost {
    /// How many chunks one commit takes.
    static let chunksPerPass = 16

    /// Decides whether a chunk is kept.
    func decideChunk(
        _ part: FilePart,
        _ wait: RoomWait,
        _ pass: inout DecisionPass,
        at now: Timestamp
    ) {
        guard let asker = wait.asker else { return }
        guard admits(asker) else { return }
        do {
            let transcript = try transcript(part.transcript, for: asker)
            let key = StoredFileKey(stream: transcript.stream, file: part.file)
            let person = asker.identity.person
            guard part.chunks > 0, part.chunks <= FileLimits.chunksMax else {
                throw RoomRejection.fileTooLarge
            }
            guard FileLimits.takes(part.bytes.count, at: part.index, of: part.chunks) else {
                throw Refusal(.badRequest, sentence: "A chunk of a file has another length.")
            }
            try mayHandOver(in: transcript, by: person)
            let known = files[key]
            if let known {
                // Nobody learns so that somebody else has put the same.
                guard known.owner == person else { throw Self.notFound }
                guard known.chunks == part.chunks else { throw RoomRejection.noSuchFile }
            } else {
                let most = core.configuration.roomFilesMiB * 16
                guard files.chunks + Int(part.chunks) <= most else { throw filesFull }
            }
            let kept = known?.kept ?? 0
            if part.index < kept {
                guard pass.group.files.contains(where: { $0.key == key }) else {
                    return core.answer(asker, .done(UInt64(kept)))
                }
                pass.decided.append(.kept(asker, chunks: kept))
                pass.waits.append(wait)
                return
            }
            guard part.index == kept else { throw Self.outOfStep(UInt64(kept)) }
            guard pass.group.files.count < Self.chunksPerPass else {
                pass.isFull = true
                return
            }
            keep(part, as: key, by: person, &pass, at: now)
            pass.decided.append(.kept(asker, chunks: kept + 1))
            pass.waits.append(wait)
        } catch let refusal as Refusal {
            core.refuse(asker, refusal.code, detail: refusal.detail, refusal.sentence)
        } catch let rejection as RoomRejection {
            refuse(asker, rejection)
        } catch {
            core.refuse(asker, .badRequest, Sentences.badRequest)
        }
    }

    private func keep(
        _ part: FilePart,
        as key: StoredFileKey,
        by person: PersonID,
        _ pass: inout DecisionPass,
        at now: Timestamp
    ) {
        var file =
            files[key]
            ?? StoredFile(
                room: id,
                key: key,
                owner: person,
                chunks: part.chunks,
                kept: 0,
                at: now,
                number: 0
            )
        let chunk = FileChunk(
            room: id,
            key: key,
            owner: person,
            chunks: part.chunks,
            index: part.index,
            at: file.at,
            bytes: part.bytes
        )
        file.kept = part.index + 1
        files.set(file)
        pass.group.files.append(.keep(chunk))
    }

    /// Gives a transcript that somebody reads; to others it is as if there were none.
    private func transcript(_ id: TranscriptID, for asker: Asker) throws -> Transcript {
        guard let transcript = transcripts[id], transcript.key.takesFiles,
            !room.readable(transcript.key, by: asker.identity.person).isEmpty
        else { throw Self.notFound }
        return transcript
    }

    /// Whether somebody could post there; that the kind of line is theirs now is for the line.
    private func mayHandOver(in transcript: Transcript, by person: PersonID) throws {
        try room.mayPostKey(in: transcript.key, by: person)
        if case .turn(let turn) = transcript.key {
            guard room.turnState(turn)?.turn.pod.role(of: person) != nil else {
                throw RoomRejection.notInScope
            }
            guard room.session?.turns[turn] != nil else { throw RoomRejection.scopeClosed }
        }
        if transcript.key.scope != .own, room.isMuted(person), transcript.key.isModerated {
            throw RoomRejection.muted
        }
    }

    private var filesFull: Refusal {
        let most = core.configuration.roomFilesMiB
        return Refusal(
            RefusalCode(.filesFull),
            detail: UInt64(clamping: most),
            sentence: "The files of this room would come to more than \(most) MiB (roomFilesMiB)."
                + " Take back a line with a file, or ask who runs the server."
        )
    }

    // MARK: Handing over

    /// Gives the file that a new entry hands over, if it says so.
    ///
    /// - Throws: why it cannot.
    func file(
        _ file: Bytes32?,
        in transcript: Transcript,
        by person: PersonID
    ) throws -> StoredFileKey? {
        guard let file else { return nil }
        let key = StoredFileKey(stream: transcript.stream, file: file)
        guard transcript.key.takesFiles, let known = files[key], known.owner == person,
            known.number == 0, known.kept == known.chunks
        else { throw RoomRejection.noSuchFile }
        return key
    }

    /// Ties a file to the entry that hands it over, in the same commit.
    func handOver(_ key: StoredFileKey?, by number: UInt64, _ pass: inout DecisionPass) {
        guard let key, var file = files[key] else { return }
        file.number = number
        files.set(file)
        pass.group.files.append(.name(key, number: number))
    }

    // MARK: Getting

    /// Answers with a chunk, to who reads the line that hands the file over.
    func answerChunk(_ place: FilePlace, _ wait: RoomWait) {
        guard let asker = wait.asker else { return }
        guard admits(asker) else { return }
        do {
            let key = try mayGet(place, asker)
            core.read(.chunk(key, index: place.index)) { [weak self] answer, _ in
                guard let self else { return }
                // Who was shut out meanwhile, or for whom the line is gone, does not get it.
                guard self.standing == .ready, self.admits(asker) else { return }
                guard (try? self.mayGet(place, asker)) != nil else {
                    return self.refuse(asker, .noSuchFile)
                }
                guard case .success(.chunk(let bytes)) = answer else {
                    return self.core.tryLater(asker)
                }
                guard let bytes else { return self.refuse(asker, .noSuchFile) }
                self.core.answer(asker, .chunk(bytes))
            }
        } catch let refusal as Refusal {
            core.refuse(asker, refusal.code, detail: refusal.detail, refusal.sentence)
        } catch let rejection as RoomRejection {
            refuse(asker, rejection)
        } catch {
            core.refuse(asker, .badRequest, Sentences.badRequest)
        }
    }

    private func mayGet(_ place: FilePlace, _ asker: Asker) throws -> StoredFileKey {
        let transcript = try transcript(place.transcript, for: asker)
        let key = StoredFileKey(stream: transcript.stream, file: place.file)
        let spans = room.readable(transcript.key, by: asker.identity.person)
        guard let file = files[key] else { throw RoomRejection.noSuchFile }
        guard file.number > 0, file.number <= transcript.durable,
            spans.contains(where: { $0.contains(file.number) }), place.index < file.chunks
        else { throw RoomRejection.noSuchFile }
        return key
    }

    // MARK: What no line hands over

    /// When the next file goes that no line hands over.
    var filesDue: Timestamp? {
        files.oldestUnnamed?.adding(milliseconds: core.configuration.unnamedFileMilliseconds)
    }

    /// Has files erased that nobody has handed over in time.
    func dropUnnamedFiles(at now: Timestamp) {
        guard standing == .ready, flight == nil, let due = filesDue, due <= now else { return }
        takeFirst([RoomWait(ask: .dropFiles)])
    }

    func decideDroppingFiles(_ wait: RoomWait, _ pass: inout DecisionPass, at now: Timestamp) {
        let span = core.configuration.unnamedFileMilliseconds
        let over = files.unnamed.filter { $0.at.adding(milliseconds: span) <= now }
        guard !over.isEmpty else { return }
        for file in over {
            files.remove(file.key)
            pass.group.files.append(.erase(file.key))
        }
        pass.decided.append(.dropped)
        pass.waits.append(wait)
    }

    // MARK: Loading

    /// Reads what the store has of files, before the room's log.
    func loadFiles(then: @escaping () -> Void) {
        core.read(.files(id)) { [weak self] answer, now in
            guard let self else { return }
            guard case .success(.files(let stored)) = answer else { return self.fail(at: now) }
            self.files = RoomFiles(stored)
            then()
        }
    }
}

extension TranscriptKey {
    /// Whether muting holds there.
    fileprivate var isModerated: Bool {
        switch self {
        case .turn, .room: true
        default: false
        }
    }
}
