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
    private var tickedAt: Timestamp?
    private var sweptAt: Timestamp?
    private(set) var now: Timestamp
    var isStopping = false
    private var hasStopped = false
    /// Connections that are not read for now, because they asked too fast.
    var paused: Set<ConnectionNumber> = []
    /// Lists of rooms that wait until the rooms are loaded.
    var roomLists: [RoomListWait] = []
    let directoryHost: DirectoryHost
    /// When the server was last known to run, for rooms that are read at the start.
    private var awaySince: Timestamp?

    /// The directory as decided so far.
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
        configuration: ServerConfiguration, desk: CertificateDesk, log: DirectoryLog,
        lastAlive: Timestamp?, at now: Timestamp
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
        now = instant
        switch input {
        case .opened(let number, let peer): opened(number, peer)
        case .frame(let number, let body): received(number, body)
        case .lagged(let number): lagged(number)
        case .drained(let number): drained(number)
        case .closed(let number): closed(number)
        case .turnEnded: decideAll()
        case .committed(let token, let result): committed(token, result)
        case .read(let token, let result): reads.removeValue(forKey: token)?(result, now)
        case .tick: tick()
        case .operate(let token, let command): operate(token, command)
        case .stop: stop()
        }
        if case .frame = input {
        } else {
            decideAll()
        }
        guard !effects.isEmpty else { return [] }
        defer { effects.removeAll(keepingCapacity: true) }
        return effects
    }

    /// Loads rooms in which a session was running when the server stopped.
    public func wake(_ wakes: [RoomWake], at instant: Timestamp) -> [ServerEffect] {
        now = instant
        for wake in wakes { _ = host(wake.room) }
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

    func storeFailed(_ error: StoreError) {
        let sentence =
            switch error {
            case .unavailable(.diskFull): "The disk is full: nothing can be kept until there is room."
            case .unavailable(.readOnly): "The data folder is read-only: nothing can be kept."
            case .unavailable(.locked): "The database is locked by somebody else."
            case .unavailable: "The database cannot be written."
            case .corrupt: "The database is damaged."
            case .flushFailed: "A flush to the disk failed: the server must start anew."
            case .closed: "The store is closed."
            }
        emit(.log(ServerNote(.error, sentence)))
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

    private func tick() {
        let before = tickedAt ?? now
        tickedAt = now
        if now.milliseconds(since: before) >= RoomLimits.absenceMilliseconds {
            // The machine slept or the clock was set: the running sessions are asked about it.
            for host in rooms.values where host.room.session != nil {
                interrupt(host, since: before)
            }
        }
        for host in rooms.values { host.tick(at: now) }
        if let end = directory.nextFacilitatorEnd, end <= now, directoryHost.flight == nil {
            directoryHost.take(.endFacilitators, by: .server) { _, _ in }
        }
        resumeReading()
        guard now.milliseconds(since: sweptAt ?? .init(milliseconds: 0)) >= 1_000 else { return }
        sweptAt = now
        sweep()
    }

    private func interrupt(_ host: RoomHost, since: Timestamp) {
        host.take(
            RoomWait(asker: nil, ask: .command(.awoke(awaySince: since), by: .server)), at: now)
    }

    private func sweep() {
        for host in rooms.values where host.isIdle(at: now) { rooms[host.id] = nil }
        for connection in connections.values {
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
    }

    private func finishStopping() {
        let isBusy =
            !appends.isEmpty || !directoryHost.waiting.isEmpty
            || rooms.values.contains { $0.flight != nil || !$0.waiting.isEmpty }
        guard !isBusy, !hasStopped else { return }
        hasStopped = true
        for number in connections.keys.sorted() {
            goodbye(number, .stopping, "The server is being stopped. It will be back.")
        }
        emit(.stopped)
    }

    // MARK: Rooms

    /// Gives the host of a room, reading it from the store where it is not in memory.
    func host(_ id: RoomID) -> RoomHost {
        if let host = rooms[id] { return host }
        let host = RoomHost(id: id, core: self, at: now)
        rooms[id] = host
        host.load(at: now)
        return host
    }

    /// Follows a room that has just been read: catches up with time and with the directory.
    func roomLoaded(_ host: RoomHost, at now: Timestamp) {
        if let awaySince, host.room.session != nil { interrupt(host, since: awaySince) }
        for member in host.room.members { updateDevices(of: member.person, in: host) }
        for member in host.room.members
        where directory.participant(of: member.person) == nil {
            exclude(member.person, .administrator, in: host)
        }
        answerRoomLists(loaded: host.id)
        tellKeepers(of: host)
    }

    /// Follows a change of a room's log that has become durable.
    func roomChanged(_ host: RoomHost, at now: Timestamp) {
        let members = Set(host.room.members.map(\.person))
        guard members != host.toldMembers else { return }
        for person in members.subtracting(host.toldMembers) {
            for number in connections(of: person) { push(.admitted(host.id), to: number) }
        }
        host.toldMembers = members
    }

    /// Copies a member's device list into the room where the room has an older one (D1).
    func updateDevices(of person: PersonID, in host: RoomHost) {
        guard let version = directory.deviceList(of: person),
            let listed = host.room.deviceList(of: person), version.version > listed.version,
            let list = try? SignedDeviceList.introduced(version.signed)
        else { return }
        let change = DevicesChanged(signed: version.signed, list: list.list)
        host.take(
            RoomWait(asker: nil, ask: .command(.changeDevices(change), by: .server)), at: now)
    }

    func exclude(_ person: PersonID, _ cause: ExclusionCause, in host: RoomHost) {
        let actor: RoomActor = cause == .endDate ? .server : .administrator
        host.take(
            RoomWait(
                asker: nil, ask: .command(.exclude(person, cause, marks: []), by: actor)),
            at: now)
    }
}
