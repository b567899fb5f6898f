// SPDX-License-Identifier: Apache-2.0
public import CoachingModel
import Synchronization

/// Keeps streams in memory: the whole contract of ``EventStore`` but for outliving the process.
///
/// It serves where nothing must last, and drives simulations: with ``Completions/manual`` the
/// caller decides when each batch commits or fails.
///
/// - Isolation: any thread; the state stands behind one lock, completions run outside it.
public final class MemoryStore: EventStore {
    /// When and where batches are committed.
    public enum Completions: Sendable {
        /// At once, on the thread that appends.
        case immediate
        /// One by one, when ``MemoryStore/commitNext()`` or ``MemoryStore/failNext(_:)`` says so.
        case manual
        /// By an executor, which must run the jobs in the order in which it gets them.
        case on(@Sendable (@escaping @Sendable () -> Void) -> Void)
    }

    fileprivate struct Stream {
        var frames: [StoredFrame] = []
        var tail: StreamTail {
            frames.last.map { StreamTail(number: $0.number, head: $0.head) }
                ?? StreamTail(number: 0, head: .zero)
        }
    }

    fileprivate struct File {
        var record: StoredFile
        var chunks: [[UInt8]]
        /// By which files are in order.
        var place: Int
    }

    fileprivate struct Place {
        var stream: StreamID
        var number: UInt64
    }

    fileprivate struct Pending {
        var groups: [AppendGroup]
        var completion: @Sendable (Result<[AppendOutcome], StoreError>) -> Void
    }

    fileprivate struct State {
        var streams: [StreamID: Stream] = [:]
        var openings: [RoomID: [(stream: StreamID, key: [UInt8])]] = [:]
        var labels: [Bytes16: Place] = [:]
        var wakes: [RoomID: Timestamp] = [:]
        var files: [StoredFileKey: File] = [:]
        var nextFile = 0
        var pending: [Pending] = []
        var health = StoreHealth.good
        var isClosed = false
    }

    private let completions: Completions
    private let state = Mutex(State())

    /// Makes an empty store.
    public init(completions: Completions = .immediate) { self.completions = completions }

    /// Makes a store that has what this one has now, as a backup does.
    public func backedUp() -> MemoryStore {
        let copy = MemoryStore(completions: completions)
        var content = state.withLock { $0 }
        content.pending = []
        copy.state.withLock { [content] in $0 = content }
        return copy
    }

    /// The number of batches that wait for their commit.
    public var waitingCount: Int { state.withLock { $0.pending.count } }

    /// Queues groups for the next commit, in the order given.
    public func append(
        _ batch: [AppendGroup],
        completion: @escaping @Sendable (Result<[AppendOutcome], StoreError>) -> Void
    ) {
        let isClosed = state.withLock { state in
            if !state.isClosed {
                state.pending.append(Pending(groups: batch, completion: completion))
            }
            return state.isClosed
        }
        guard !isClosed else { return completion(.failure(.closed)) }
        switch completions {
        case .immediate: commitNext()
        case .manual: break
        case .on(let executor): executor { self.commitNext() }
        }
    }

    /// Commits the batch that waits longest and runs its completion.
    ///
    /// - Returns: whether one waited.
    @discardableResult
    public func commitNext() -> Bool { endNext(failing: nil) }

    /// Fails the batch that waits longest, as a disk would, and runs its completion.
    ///
    /// The store's health becomes what such a failure makes of it, until a batch commits; after
    /// `flushFailed` and `corrupt` none does.
    ///
    /// - Returns: whether one waited.
    @discardableResult
    public func failNext(_ error: StoreError) -> Bool { endNext(failing: error) }

    private func endNext(failing error: StoreError?) -> Bool {
        let ended = state.withLock { state -> (Pending, Result<[AppendOutcome], StoreError>)? in
            guard !state.pending.isEmpty else { return nil }
            let pending = state.pending.removeFirst()
            return (pending, state.end(pending.groups, failing: error))
        }
        guard let (pending, result) = ended else { return false }
        pending.completion(result)
        return true
    }

    /// Reads frames of a stream in ascending order.
    public func read(
        _ stream: StreamID,
        _ numbers: ClosedRange<UInt64>,
        bytesMax: Int
    )
        throws(StoreError) -> [StoredFrame]
    {
        try reading { state in
            let frames = state.streams[stream]?.frames ?? []
            let first = max(numbers.lowerBound, 1)
            let last = min(numbers.upperBound, UInt64(frames.count))
            guard first <= last else { return [] }
            var found: [StoredFrame] = []
            var bytes = 0
            for frame in frames[Int(first - 1)..<Int(last)] {
                found.append(frame)
                bytes += frame.frame.count
                if bytes >= bytesMax { break }
            }
            return found
        }
    }

    /// Gives the last number and head of a stream.
    public func tail(of stream: StreamID) throws(StoreError) -> StreamTail {
        try reading { $0.tail(of: stream) }
    }

    /// Lists the streams of a room in the order of their first frames.
    public func streams(of room: RoomID) throws(StoreError) -> [StreamRecord] {
        try reading { state in
            (state.openings[room] ?? []).map {
                StreamRecord(stream: $0.stream, key: $0.key, tail: state.tail(of: $0.stream))
            }
        }
    }

    /// Finds the frame that carries a label.
    public func find(label: Bytes16) throws(StoreError) -> (stream: StreamID, number: UInt64)? {
        try reading { state in state.labels[label].map { ($0.stream, $0.number) } }
    }

    /// Gives a chunk of a file.
    public func chunk(_ index: UInt32, of file: StoredFileKey) throws(StoreError) -> [UInt8]? {
        try reading { state in
            guard let chunks = state.files[file]?.chunks, chunks.indices.contains(Int(index))
            else { return nil }
            return chunks[Int(index)]
        }
    }

    /// Lists the files of a room in the order in which they were begun.
    public func files(of room: RoomID) throws(StoreError) -> [StoredFile] {
        try reading { state in
            state.files.values.filter { $0.record.room == room }
                .sorted { $0.place < $1.place }.map(\.record)
        }
    }

    /// Replaces one frame by another.
    @discardableResult
    public func replace(
        _ stream: StreamID,
        _ number: UInt64,
        with frame: [UInt8]
    )
        throws(StoreError) -> Bool
    {
        guard frame.count <= AppendFrame.bytesMax else { throw .unavailable(.other) }
        return try changing { state in
            guard number >= 1, number <= state.tail(of: stream).number else { return false }
            state.streams[stream]?.frames[Int(number - 1)].frame = frame
            state.eraseFiles(of: stream, number)
            return true
        }
    }

    /// Does nothing more: what was replaced is gone from this store at once.
    public func purge() throws(StoreError) { try changing { _ in } }

    /// Lists the rooms that must be woken.
    public func wakes() throws(StoreError) -> [RoomWake] {
        try reading { state in
            state.wakes.map { RoomWake(room: $0.key, at: $0.value) }
                .sorted { ($0.at, $0.room) < ($1.at, $1.room) }
        }
    }

    /// Says how the store is.
    public var health: StoreHealth {
        state.withLock { $0.isClosed ? .failed(.closed) : $0.health }
    }

    /// Ends the store after what was queued has been committed.
    public func close() {
        state.withLock { $0.isClosed = true }
        while commitNext() {}
    }

    private func reading<Value>(_ body: (State) -> sending Value) throws(StoreError) -> Value {
        try state.withLock { state throws(StoreError) in
            guard !state.isClosed else { throw .closed }
            return body(state)
        }
    }

    private func changing<Value: Sendable>(
        _ body: (inout State) -> Value
    ) throws(StoreError)
        -> Value
    {
        try state.withLock { state throws(StoreError) in
            guard !state.isClosed else { throw .closed }
            if case .failed(let error) = state.health { throw error }
            return body(&state)
        }
    }
}

extension MemoryStore.State {
    fileprivate func tail(of stream: StreamID) -> StreamTail {
        streams[stream]?.tail ?? StreamTail(number: 0, head: .zero)
    }

    fileprivate mutating func end(
        _ groups: [AppendGroup],
        failing error: StoreError?
    )
        -> Result<[AppendOutcome], StoreError>
    {
        if case .failed(let error) = health { return .failure(error) }
        switch error {
        case nil:
            health = .good
            return .success(groups.map { commit($0) })
        case .unavailable(let trouble): health = .readOnly(trouble)
        case .corrupt: health = .failed(.corrupt)
        case .flushFailed: health = .failed(.flushFailed)
        case .closed: break
        }
        return .failure(error ?? .closed)
    }

    private mutating func commit(_ group: AppendGroup) -> AppendOutcome {
        let outcome = group.verdict(
            last: { tail(of: $0).number },
            isTaken: { labels[$0] != nil },
            file: { files[$0]?.record }
        )
        guard outcome == .committed else { return outcome }
        for frame in group.frames {
            streams[frame.stream, default: MemoryStore.Stream()].frames.append(
                StoredFrame(
                    number: frame.number,
                    frame: frame.frame,
                    digest: frame.digest,
                    head: frame.head
                )
            )
            if let label = frame.label {
                labels[label] = MemoryStore.Place(stream: frame.stream, number: frame.number)
            }
            if let opens = frame.opens {
                openings[opens.room, default: []].append((frame.stream, opens.key))
            }
        }
        for file in group.files { apply(file) }
        for erasure in group.erasures {
            eraseFiles(of: erasure.stream, erasure.number)
            streams[erasure.stream]?.frames[Int(erasure.number - 1)].frame = erasure.frame
        }
        if let wake = group.wake { wakes[wake.room] = wake.at }
        return .committed
    }

    private mutating func apply(_ change: FileChange) {
        switch change {
        case .keep(let chunk):
            if files[chunk.key] == nil {
                nextFile += 1
                files[chunk.key] = .init(record: chunk.file, chunks: [], place: nextFile)
            }
            files[chunk.key]?.record.kept = chunk.index + 1
            files[chunk.key]?.chunks.append(chunk.bytes)
        case .name(let key, let number): files[key]?.record.number = number
        case .erase(let key): files[key] = nil
        }
    }

    fileprivate mutating func eraseFiles(of stream: StreamID, _ number: UInt64) {
        guard !files.isEmpty else { return }
        files = files.filter { $0.key.stream != stream || $0.value.record.number != number }
    }
}
