// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
package import CoachingModel
package import CoachingServer
package import CoachingStore
import CoachingWire
import Dispatch
import Synchronization

/// A server's core with a store in memory and connections without sockets, on one thread.
///
/// It does at once what the core wants, unless a test takes the store's answers into its own hands.
package final class World {
    package let configuration: ServerConfiguration
    package let store: any EventStore
    package private(set) var core: ServerCore
    package private(set) var now: Timestamp
    package private(set) var links: [ConnectionNumber: Link] = [:]
    /// What the store has to do.
    package private(set) var appends: [(token: UInt64, groups: [AppendGroup])] = []
    package private(set) var reads: [(token: UInt64, request: ReadRequest)] = []
    /// All that became durable, in order.
    package private(set) var journal: [AppendGroup] = []
    package private(set) var notes: [ServerNote] = []
    package private(set) var operated: [UInt64: Result<DirectoryOutcome, DirectoryRejection>?] = [:]
    package private(set) var hasStopped = false
    /// How often the store was wiped.
    package private(set) var purges = 0
    /// Whether appends and reads are done at once.
    package var commitsAtOnce = true
    package var readsAtOnce = true
    /// What each append is answered with instead, while it says something.
    package var trouble: StoreError?
    package private(set) var trace = Trace()

    private var nextLink: ConnectionNumber = 1
    private var nextNonce: UInt64 = 1
    private var events: [ServerInput] = []
    private var heldReads: [ServerInput] = []
    private var isSettling = false

    package static let leaf = Hashing.hash([7])
    package static let start = Timestamp(milliseconds: 1_700_000_000_000)

    package init(
        configuration: ServerConfiguration = ServerConfiguration(),
        store: any EventStore = MemoryStore(),
        journal: [AppendGroup] = [],
        at now: Timestamp = World.start
    ) throws {
        self.configuration = configuration
        self.store = store
        self.now = now
        core = ServerCore(
            configuration: configuration,
            desk: Self.desk,
            log: DirectoryLog(),
            lastAlive: nil,
            at: now
        )
        for group in journal { _ = commit([group]) }
        if !journal.isEmpty { try restart() }
    }

    /// The certificate of a device is its id here; X.509 has tests of its own.
    package static let desk = CertificateDesk(
        authority: [1, 2, 3],
        issue: { request, device, _ in
            guard request.first == 0x30 else { throw NoReply() }
            return (device.value.bytes + request, Hashing.hash(request))
        },
        device: { certificate in Bytes16(certificate.prefix(16)).map { DeviceID($0) } }
    )

    // MARK: Time and life

    package func pass(milliseconds: Int64) { now = now.adding(milliseconds: milliseconds) }

    /// Lets time pass with a tick each second.
    package func live(seconds: Int64) {
        for _ in 0..<seconds {
            pass(milliseconds: 1_000)
            step(.tick)
        }
    }

    /// Kills the server and starts another one over what the store has acknowledged.
    package func restart(away milliseconds: Int64 = 0, lastAlive: Timestamp? = nil) throws {
        let died = lastAlive ?? now
        pass(milliseconds: milliseconds)
        for link in links.values { link.end() }
        links = [:]
        appends = []
        reads = []
        events = []
        hasStopped = false
        var log = DirectoryLog()
        try log.replay(store.read(.directory, 1...UInt64.max, bytesMax: .max))
        core = ServerCore(
            configuration: configuration,
            desk: Self.desk,
            log: log,
            lastAlive: died,
            at: now
        )
        perform(core.wake(try store.wakes(), at: now))
        settle()
    }

    // MARK: Connections

    /// Opens a connection; the certificate is that of a device, or none.
    package func connect(certified: DeviceID?) -> Link {
        let link = Link(number: nextLink, nonce: Bytes32(nextNonce, 1, 2, 3))
        nextLink += 1
        nextNonce += 1
        links[link.number] = link
        let peer = ConnectionPeer(certified: certified, serverLeaf: Self.leaf, nonce: link.nonce)
        step(.opened(link.number, peer))
        return link
    }

    /// Takes a whole frame from a client, and ends the turn.
    package func receive(_ frame: [UInt8], on link: Link) {
        feed(frame, on: link)
        step(.turnEnded)
    }

    /// Takes a whole frame from a client within a turn.
    package func feed(_ frame: [UInt8], on link: Link) {
        guard links[link.number] != nil else { return }
        if link.isPaused {
            link.held.append(frame)
        } else {
            step(.frame(link.number, Array(frame.dropFirst(Frame.headBytes))))
        }
    }

    package func cut(_ link: Link) {
        guard links.removeValue(forKey: link.number) != nil else { return }
        link.end()
        step(.closed(link.number))
    }

    /// Lets a connection that read nothing read again.
    package func unstall(_ link: Link) {
        link.isStalled = false
        link.flush()
        if link.isLagging || link.wantsDrained { tellDrained(link) }
        settle()
    }

    // MARK: The store

    /// Commits, or fails, what waits longest; `isAnswered` false is a crash just after.
    @discardableResult
    package func commitNext(failing error: StoreError? = nil, isAnswered: Bool = true) -> Bool {
        guard !appends.isEmpty else { return false }
        let (token, groups) = appends.removeFirst()
        let result: Result<[AppendOutcome], StoreError> =
            error.map { .failure($0) } ?? .success(commit(groups))
        if isAnswered { step(.committed(token, result)) }
        return true
    }

    /// Answers an append as if somebody else had written first.
    package func conflictNext() {
        guard !appends.isEmpty else { return }
        let (token, groups) = appends.removeFirst()
        step(.committed(token, .success(groups.map { _ in .conflict })))
    }

    @discardableResult
    package func readNext(failing error: StoreError? = nil) -> Bool {
        guard !reads.isEmpty else { return false }
        let (token, request) = reads.removeFirst()
        step(.read(token, error.map { .failure($0) } ?? answer(request)))
        return true
    }

    /// Reads what waits longest and keeps the answer back until it is released.
    package func holdNextRead() -> Bool {
        guard !reads.isEmpty else { return false }
        let (token, request) = reads.removeFirst()
        heldReads.append(.read(token, answer(request)))
        return true
    }

    package func releaseHeldRead() {
        guard !heldReads.isEmpty else { return }
        step(heldReads.removeFirst())
    }

    func takeLast() -> (token: UInt64, groups: [AppendGroup])? { appends.popLast() }

    func keep(_ groups: [AppendGroup]) -> [AppendOutcome] { commit(groups) }

    private func commit(_ groups: [AppendGroup]) -> [AppendOutcome] {
        let box = Mutex<[AppendOutcome]>([])
        let isDone = DispatchSemaphore(value: 0)
        store.append(groups) { result in
            if case .success(let outcomes) = result { box.withLock { $0 = outcomes } }
            isDone.signal()
        }
        isDone.wait()
        let outcomes = box.withLock { $0 }
        for (group, outcome) in zip(groups, outcomes) where outcome == .committed {
            journal.append(group)
        }
        return outcomes
    }

    private func answer(_ request: ReadRequest) -> Result<ReadAnswer, StoreError> {
        do throws(StoreError) {
            switch request {
            case .frames(let stream, let numbers, let bytesMax):
                return .success(.frames(try store.read(stream, numbers, bytesMax: bytesMax)))
            case .streams(let room): return .success(.streams(try store.streams(of: room)))
            case .label(let label): return .success(.label(try store.find(label: label)))
            case .files(let room): return .success(.files(try store.files(of: room)))
            case .chunk(let file, let index):
                return .success(.chunk(try store.chunk(index, of: file)))
            }
        } catch {
            return .failure(error)
        }
    }

    // MARK: The core

    package func step(_ input: ServerInput) {
        perform(core.step(input, at: now))
        settle()
    }

    package func operate(_ token: UInt64, _ command: DirectoryCommand) {
        step(.operate(token, command))
    }

    private func settle() {
        guard !isSettling else { return }
        isSettling = true
        defer { isSettling = false }
        while true {
            if !events.isEmpty {
                let event = events.removeFirst()
                if case .frame(let number, let body) = event, let link = links[number],
                    link.isPaused
                {
                    // What was read before it is too much already: it waits on.
                    link.held.append([UInt8](repeating: 0, count: Frame.headBytes) + body)
                } else {
                    perform(core.step(event, at: now))
                }
            } else if commitsAtOnce, !appends.isEmpty {
                commitNext(failing: trouble)
            } else if readsAtOnce, !reads.isEmpty {
                readNext()
            } else {
                return
            }
        }
    }

    private func perform(_ effects: [ServerEffect]) {
        for effect in effects {
            trace.add(effect)
            switch effect {
            case .send(let number, let frame): links[number]?.send(frame)
            case .deliver(let frame, let numbers):
                for number in numbers {
                    guard let link = links[number], !link.deliver(frame) else { continue }
                    events.append(.lagged(number))
                }
            case .notifyDrained(let number):
                guard let link = links[number] else { break }
                link.wantsDrained = true
                if !link.isStalled { tellDrained(link) }
            case .close(let number, let frame):
                guard let link = links.removeValue(forKey: number) else { break }
                if let frame { link.send(frame) }
                link.end()
            case .authenticated(let number): links[number]?.isAuthenticated = true
            case .pauseReading(let number): links[number]?.isPaused = true
            case .resumeReading(let number): resume(number)
            case .append(let token, let groups): appends.append((token, groups))
            case .read(let token, let request): reads.append((token, request))
            case .purge:
                purges += 1
                events.append(.purged(purge()))
            case .log(let note): notes.append(note)
            case .operated(let token, let result): operated[token] = .some(result)
            case .stopped: hasStopped = true
            }
        }
    }

    private func purge() -> StoreError? {
        do throws(StoreError) {
            try store.purge()
            return nil
        } catch {
            return error
        }
    }

    private func tellDrained(_ link: Link) {
        link.isLagging = false
        link.wantsDrained = false
        events.append(.drained(link.number))
    }

    private func resume(_ number: ConnectionNumber) {
        guard let link = links[number] else { return }
        link.isPaused = false
        events += link.held.map { .frame(number, Array($0.dropFirst(Frame.headBytes))) }
        link.held = []
        events.append(.turnEnded)
    }
}

/// A request was not answered, or a frame did not come.
package struct NoReply: Error {
    package init() {}
}

extension World {
    /// Commits what came last first, as two logs may.
    package func commitLast() {
        guard let last = takeLast() else { return }
        step(.committed(last.token, .success(keep(last.groups))))
    }
}
