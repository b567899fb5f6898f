// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire

// Files: sealed and sent, got and opened one chunk at a time, so that no more than one of them is
// ever in memory, and the lines of the room go between them.
extension Client {
    /// How often a sender key is made before it is given up.
    private static let keysMax = 8
    /// How often one chunk is asked for.
    private static let triesMax = 10
    /// How long one chunk may take, where the server lets a fast device wait.
    private static let chunkTime = Duration.seconds(60)

    /// Sends a file (see ``RoomSession``).
    func send(
        _ file: OutgoingFile,
        kind: EntryKind,
        to key: TranscriptKey,
        shown: Set<PersonID>,
        cites: UInt64?,
        in room: RoomID
    ) async throws(ClientError) -> UInt64 {
        try await settleView(of: room)
        let state = try roomState(room)
        guard key.takesFiles else {
            throw ClientError(.refused, "Files are not handed over there.")
        }
        do throws(RoomRejection) {
            try state.mayPost(kind, in: key, by: keys.person)
        } catch {
            throw ClientError(
                .refused,
                "You cannot send a file there now.",
                hint: "peercoach send FILE --to me keeps it for yourself.",
                refusal: RefusalCode(error)
            )
        }
        if let names = newReaders(of: key, beyond: shown, in: state) {
            throw ClientError(held: names)
        }
        // The transcript is known to the server from the first key on.
        try await announceKey(for: SenderPlace(key, kind), in: room)
        let handed = try await upload(file, to: TranscriptID(room: room, key: key), in: room)
        var draft = try LineDraft(EntryBody(text: "", file: handed), kind: kind, cites: cites)
        draft.file = handed.file
        return try await post(draft, to: key, shown: shown, in: room)
    }

    private func announceKey(
        for place: SenderPlace,
        in room: RoomID
    ) async throws(ClientError) {
        let ticket = try await takeTurn(of: place.key, in: room)
        defer { endTurn(ticket, of: place.key, in: room) }
        for _ in 0..<Self.keysMax {
            try await settleView(of: room)
            try checkIdentities(of: place.key, in: room)
            if try await sender(for: place, in: room) != nil { return }
        }
        throw ClientError(
            .tryLater,
            "The readers keep changing just now.",
            hint: "Try again in a moment."
        )
    }

    /// Seals a file twice: once for the hash by which it is known, once to send it.
    ///
    /// Both give the same bytes, since key and salt are the same; a chunk that is another one by
    /// then is never sealed again under them.
    private func upload(
        _ file: OutgoingFile,
        to transcript: TranscriptID,
        in room: RoomID
    ) async throws(ClientError) -> HandedFile {
        let secret = environment.bytes32()
        var generator = environment.generator
        let writer = SealedFile.Writer(
            secret: secret,
            transcript: transcript,
            using: &generator
        )
        let count = FileLimits.chunks(of: file.bytes)
        var hashing = Hashing()
        hashing.add(writer.salt)
        var plain: [Bytes32] = []
        var first = writer
        for index in 0..<count {
            let chunk = try file.chunk(index)
            plain.append(Hashing.hash(chunk))
            hashing.add(try Self.sealed(chunk, index, count, file, &first))
        }
        guard let salt = Bytes16(writer.salt) else { throw Self.changed(file) }
        let handed = HandedFile(
            file: hashing.finish(),
            bytes: file.bytes,
            name: file.name,
            secret: secret,
            salt: salt
        )
        var second = writer
        for index in 0..<count {
            let chunk = try file.chunk(index)
            guard Hashing.hash(chunk) == plain[index] else { throw Self.changed(file) }
            let part = FilePart(
                room: room,
                transcript: transcript,
                file: handed.file,
                chunks: UInt32(count),
                index: UInt32(index),
                bytes: try Self.sealed(chunk, index, count, file, &second)
            )
            guard case .done = try await askAgain(.putChunk(part)) else {
                throw .unexpectedAnswer
            }
        }
        return handed
    }

    private static func sealed(
        _ chunk: [UInt8],
        _ index: Int,
        _ count: Int,
        _ file: OutgoingFile,
        _ writer: inout SealedFile.Writer
    ) throws(ClientError) -> [UInt8] {
        let expected = min(FileLimits.chunkBytes, file.bytes - index * FileLimits.chunkBytes)
        guard chunk.count == expected else { throw changed(file) }
        do {
            return try writer.seal(chunk, isLast: index + 1 == count)
        } catch {
            throw changed(file)
        }
    }

    private static func changed(_ file: OutgoingFile) -> ClientError {
        ClientError(
            .file,
            "The file \(file.name) changed while it was being sent. Nothing was handed over.",
            hint: "Send it again when nobody writes to it."
        )
    }

    /// Asks for something that may be asked twice, also over a lost connection.
    private func askAgain(_ request: Request) async throws(ClientError) -> Answer {
        var tries = 0
        while true {
            do {
                return try await ask(request, within: Self.chunkTime)
            } catch {
                tries += 1
                guard error.isCut || error.code == .tryLater, tries < Self.triesMax else {
                    throw error
                }
                if error.isCut {
                    cut(error)
                    try await reconnect(orThrow: error)
                } else {
                    _ = await until(ticks: 4) { false }
                }
            }
        }
    }

    /// Stores a file that a line hands over (see ``RoomSession``).
    func save(
        _ handed: HandedFile,
        of key: TranscriptKey,
        into folder: String,
        in room: RoomID
    ) async throws(ClientError) -> String {
        let transcript = TranscriptID(room: room, key: key)
        let incoming = try IncomingFile(
            FileName.safe(handed.name),
            in: folder,
            mark: environment.bytes16()
        )
        var hashing = Hashing()
        hashing.add(handed.salt.bytes)
        var bytes = 0
        guard
            var reader = try? SealedFile.Reader(
                secret: handed.secret,
                transcript: transcript,
                salt: handed.salt.bytes
            )
        else { throw Self.notTheFile }
        for index in 0..<handed.chunks {
            let sealed = try await chunk(index, of: handed, transcript, room)
            hashing.add(sealed)
            let isLast = index + 1 == handed.chunks
            guard let chunk = try? reader.open(sealed, isLast: isLast) else {
                throw Self.notTheFile
            }
            bytes += chunk.count
            try incoming.append(chunk)
        }
        guard (try? reader.finish()) != nil, bytes == handed.bytes, hashing.finish() == handed.file
        else { throw Self.notTheFile }
        try incoming.finish()
        return incoming.path
    }

    private func chunk(
        _ index: Int,
        of handed: HandedFile,
        _ transcript: TranscriptID,
        _ room: RoomID
    ) async throws(ClientError) -> [UInt8] {
        let place = FilePlace(
            room: room,
            transcript: transcript,
            file: handed.file,
            index: UInt32(index)
        )
        guard case .chunk(let bytes) = try await askAgain(.getChunk(place)) else {
            throw .unexpectedAnswer
        }
        return bytes
    }

    private static let notTheFile = ClientError(
        .alarm,
        "What the server gives is not the file that was sent. Nothing was stored.",
        hint: "Ask who sent it to send it again, and tell who runs the server."
    )
}
