// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
public import CoachingModel
public import CoachingStore
import CoachingWire

/// The server without sockets, threads and clock: inputs in, effects out.
///
/// One thread at a time may use it (the listener's loop). It never blocks: what needs the disk
/// is an effect, and its result comes back as an input. Memory is bounded by the limits of the
/// configuration.
///
/// - Isolation: confined to whoever calls `step`.
/// - Source: DESIGN.md D9.
public final class ServerCore {
    /// Which log a commit belongs to.
    enum LogOwner: Hashable {
        case directory
        case room(RoomID)
    }

    typealias ReadThen = (Result<ReadAnswer, StoreError>, Timestamp) -> Void

    let configuration: ServerConfiguration
    let desk: CertificateDesk
    var effects: [ServerEffect] = []
    var connections: [ConnectionNumber: ConnectionState] = [:]
    /// The connections of a device, by device.
    var byDevice: [DeviceID: [ConnectionNumber]] = [:]
    var rooms: [RoomID: RoomHost] = [:]
    /// Rooms that have something to decide at the end of the turn.
    private var touched: [RoomHost] = []
    private var touchedIDs: Set<RoomID> = []
    private var appends: [UInt64: LogOwner] = [:]
    private var reads: [UInt64: ReadThen] = [:]
    private var nextToken: UInt64 = 1
    var nextPage: UInt64 = 0
    private var sweptAt: Timestamp?
    private var storeTrouble: (error: StoreError, told: Timestamp)?
    private(set) var now: Timestamp
    /// Whether traces of what was erased may be left; at the start somebody may have been stopped.
    var isPurgeDue = true
    private var isPurging = false
    private var purgedAt: Timestamp?
    var isStopping = false
    private var hasStopped = false
    /// When the store says that rooms are to be woken.
    var wakes: [RoomID: Timestamp] = [:]
    /// Up to where nothing is left in a transcript that goes by itself.
    var settled: [StreamID: UInt64] = [:]
    /// Connections that are not read for now, because their devices asked too fast.
    var paused: Set<ConnectionNumber> = []
    /// How fast devices ask, kept also a while after they have gone.
    var paces: [DeviceID: Pace] = [:]
    /// Counts the turns of the loop.
    private(set) var turn: UInt64 = 0
    /// What waits until rooms are in memory.
    var loadWaits: [LoadWait] = []
    let directoryHost: DirectoryHost
    /// When the server was last known to run, for rooms that are read at the start.
    private let awaySince: Timestamp?

    /// The directory as far as it is durable.
    var directory: Directory { directoryHost.directory }

    /// Makes the core with what the store holds.
    ///
    /// - Parameters:
    ///   - configuration: the limits.
    ///   - desk: issues certificates.
    ///   - log: the directory, replayed.
    ///   - lastAlive: when the server was last known to run, if it ran before.
    ///   - now: the time.
    public init(
        configuration: ServerConfiguration,
        desk: CertificateDesk,
        log: DirectoryLog,
        lastAlive: Timestamp?,
        at now: Timestamp
    ) {
        self.configuration = configuration
        self.desk = desk
        self.now = now
        awaySince = lastAlive
        directoryHost = DirectoryHost(log: log)
        directoryHost.core = self
    }

    /// Takes an input and gives what is to be done, in order.
    public func step(_ input: ServerInput, at instant: Timestamp) -> [ServerEffect] {
        take(input, at: instant)
        guard !effects.isEmpty else { return [] }
        defer { effects.removeAll(keepingCapacity: true) }
        return effects
    }

    /// Takes an input and has done what is to be done, in order.
    ///
    /// As the other, without making an array for each input.
    ///
    /// - Parameters:
    ///   - input: what comes in.
    ///   - instant: the time.
    ///   - perform: does one thing; it must not come back into the core.
    public func step(
        _ input: ServerInput,
        at instant: Timestamp,
        _ perform: (ServerEffect) -> Void
    ) {
        take(input, at: instant)
        guard !effects.isEmpty else { return }
        for index in effects.indices { perform(effects[index]) }
        effects.removeAll(keepingCapacity: effects.count <= 1_024)
    }

    private func take(_ input: ServerInput, at instant: Timestamp) {
        advance(to: instant)
        switch input {
        case .opened(let number, let peer): opened(number, peer)
        case .frame(let number, let body): received(number, body)
        case .lagged(let number): lagged(number)
        case .drained(let number): drained(number)
        case .closed(let number): closed(number)
        case .turnEnded: turn &+= 1
        case .committed(let token, let result): committed(token, result)
        case .read(let token, let result): reads.removeValue(forKey: token)?(result, now)
        case .purged(let error): purged(error)
        case .tick: tick()
        case .operate(let token, let command): operate(token, command)
        case .stop: stop()
        }
        // What frames ask is decided together at the end of the turn.
        if case .frame = input {} else { decideAll() }
    }

    /// Loads rooms in which a session was running when the server stopped, and remembers when the
    /// others are to be woken.
    public func wake(_ wakes: [RoomWake], at instant: Timestamp) -> [ServerEffect] {
        now = instant
        for wake in wakes { self.wakes[wake.room] = wake.at }
        // No phase lasts so long: what is later is only retention.
        let soon = now.adding(milliseconds: 86_400_000)
        for wake in wakes where rooms[wake.room] == nil && wake.at <= soon {
            host(wake.room).unattendedSince = awaySince
        }
        defer { effects.removeAll(keepingCapacity: true) }
        return effects
    }

    // MARK: Effects

    func emit(_ effect: ServerEffect) { effects.append(effect) }

    func append(_ group: AppendGroup, for owner: LogOwner) {
        let token = nextToken
        nextToken += 1
        appends[token] = owner
        emit(.append(token, [group]))
    }

    func read(_ request: ReadRequest, then: @escaping ReadThen) {
        let token = nextToken
        nextToken += 1
        reads[token] = then
        emit(.read(token, request))
    }

    private func committed(_ token: UInt64, _ result: Result<[AppendOutcome], StoreError>) {
        switch appends.removeValue(forKey: token) {
        case .directory: directoryHost.committed(result, at: now)
        case .room(let id): rooms[id]?.committed(result, at: now)
        case nil: break
        }
    }

    /// Says once a minute what is wrong with the store, and not for each append.
    func storeFailed(_ error: StoreError) {
        if let storeTrouble, storeTrouble.error == error,
            now.milliseconds(since: storeTrouble.told) < 60_000
        {
            return
        }
        storeTrouble = (error, now)
        let sentence =
            switch error {
            case .unavailable(.diskFull):
                "The disk is full: nothing can be kept until there is room."
            case .unavailable(.readOnly): "The data folder is read-only: nothing can be kept."
            case .unavailable(.locked): "The database is locked by somebody else."
            case .unavailable: "The database cannot be written."
            case .corrupt: "The database is damaged."
            case .flushFailed: "A flush to the disk failed: the server must start anew."
            case .closed: "The store is closed."
            }
        emit(.log(ServerNote(.error, sentence)))
    }

    func storeWorks() {
        guard storeTrouble != nil else { return }
        storeTrouble = nil
        emit(.log(ServerNote(.info, "The store keeps what it is given again.")))
    }

    // MARK: Turns and time

    func touch(_ host: RoomHost) {
        if touchedIDs.insert(host.id).inserted { touched.append(host) }
    }

    private func decideAll() {
        directoryHost.decide(at: now)
        while !touched.isEmpty {
            let hosts = touched
            touched.removeAll(keepingCapacity: true)
            touchedIDs.removeAll(keepingCapacity: true)
            for host in hosts { host.decide(at: now) }
        }
        if isStopping { finishStopping() }
    }

    /// Goes with the clock, and notices where it jumped or the machine slept.
    ///
    /// A tick comes several times a second, so a minute without any input was no quiet minute.
    private func advance(to instant: Timestamp) {
        let before = now
        now = instant
        let passed = instant.milliseconds(since: before)
        if passed >= RoomLimits.absenceMilliseconds {
            for host in rooms.values.sorted(by: { $0.id < $1.id }) where host.room.session != nil {
                host.takeFirst([Self.awoke(since: before)])
            }
        } else if passed < 0 {
            // Nobody shall count as silent, or as heard of, for the time that the clock gave back.
            for connection in connections.values {
                connection.heardAt = min(connection.heardAt, instant)
            }
            sweptAt = nil
        }
    }

    static func awoke(since: Timestamp) -> RoomWait {
        RoomWait(asker: nil, ask: .command(.awoke(awaySince: since), by: .server))
    }

    private func tick() {
        for host in rooms.values.sorted(by: { $0.id < $1.id }) { host.tick(at: now) }
        resumeReading()
        guard now.milliseconds(since: sweptAt ?? .init(milliseconds: 0)) >= 1_000 else { return }
        sweptAt = now
        sweep()
    }

    /// Has the store wiped, at most once in so many milliseconds: what is to be wiped gathers.
    private func purge() {
        let passed = purgedAt.map { now.milliseconds(since: $0) } ?? .max
        guard isPurgeDue, !isPurging, !isStopping,
            passed >= configuration.purgeMilliseconds || passed < 0
        else { return }
        isPurgeDue = false
        isPurging = true
        purgedAt = now
        emit(.purge)
    }

    private func purged(_ error: StoreError?) {
        isPurging = false
        guard let error else { return }
        isPurgeDue = true
        storeFailed(error)
    }

    /// Reads rooms into memory that sleep and have something to do, a few at a time.
    private func wakeSleepers() {
        let due = wakes.filter { $0.value <= now && rooms[$0.key] == nil }
        for (room, _) in due.sorted(by: { ($0.value, $0.key) < ($1.value, $1.key) }).prefix(4) {
            _ = host(room)
        }
    }

    private func sweep() {
        purge()
        if !isStopping { wakeSleepers() }
        sweepPaces()
        if let end = directory.nextFacilitatorEnd, end <= now, directoryHost.flight == nil {
            directoryHost.take(.endFacilitators, by: .server) { _, _ in }
        }
        for host in rooms.values.sorted(by: { $0.id < $1.id }) {
            if host.isIdle(at: now) {
                rooms[host.id] = nil
            } else {
                host.sweep(at: now)
            }
        }
        for connection in connections.values.sorted(by: { $0.number < $1.number }) {
            let silence = now.milliseconds(since: connection.heardAt)
            if silence >= configuration.idleMilliseconds {
                goodbye(connection.number, .idle, "Nothing was heard from you for too long.")
            } else if silence >= configuration.pingAfterMilliseconds, !connection.pinged,
                connection.device != nil
            {
                connection.pinged = true
                send(.ping, to: connection.number)
            }
        }
    }

    private func stop() {
        guard !isStopping else { return }
        isStopping = true
        emit(.log(ServerNote(.info, "Stopping: nothing new is taken.")))
        // What waits for a reader to read is not waited for.
        for connection in connections.values.sorted(by: { $0.number < $1.number }) {
            let pages = connection.catchUps.compactMap(\.history).map(\.asker)
            let late = connection.late.compactMap(\.wait.asker)
            connection.catchUps = []
            connection.late = []
            for asker in pages + late { refuse(asker, .stopping, Sentences.stopping) }
        }
    }

    private func finishStopping() {
        let isBusy =
            !appends.isEmpty || !directoryHost.waiting.isEmpty
            || connections.values.contains { $0.waiting > 0 }
        guard !isBusy, !hasStopped else { return }
        hasStopped = true
        for number in connections.keys.sorted() {
            goodbye(number, .stopping, "The server is being stopped. It will be back.")
        }
        emit(.stopped)
    }
}
