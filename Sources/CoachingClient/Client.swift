// SPDX-License-Identifier: Apache-2.0
public import CoachingModel
public import CoachingWire

/// A device's connection to its server, kept up by ``run()``, and what is asked over it.
///
/// Somebody must run it beside the work; ``connected(_:environment:dialing:persistence:work:)``
/// does that for a command. Several processes of one device may each have one (D13).
///
/// - Isolation: an actor; all state of the connection and of the rooms that it follows is in it.
public actor Client {
    /// How long to go on when there is no connection.
    public enum Persistence: Hashable, Sendable {
        /// So many tries in a row, then the last error: for a command.
        case tries(Int)
        /// Until the end: for an open room.
        case forever
    }

    /// How the connection stands.
    public enum State: Hashable, Sendable {
        /// It is being made.
        case connecting
        /// The server knows who is there.
        case connected
        /// There is none since then; it is tried again.
        case offline(since: Timestamp, ClientError)
        /// There is none and will be none.
        case ended(ClientError)
    }

    /// Something that the client did by itself, or could not do, as a line to show.
    public struct Notice: Hashable, Sendable {
        /// The sentence.
        public var sentence: String
        /// Whether the owner has to do something.
        public var needsOwner: Bool
    }

    /// Where the device keeps who it is.
    public nonisolated let folder: ProfileFolder
    /// The machine.
    public nonisolated let environment: ClientEnvironment
    /// How the connection stands, each time that it changes; for one consumer.
    public nonisolated let states: AsyncStream<State>
    /// What the client does by itself; for one consumer.
    public nonisolated let notices: AsyncStream<Notice>

    let dialing: any Dialing
    let persistence: Persistence
    let stateSink: AsyncStream<State>.Continuation
    let noticeSink: AsyncStream<Notice>.Continuation
    /// Fires whenever anything changes that somebody may wait for.
    let changed = Signal()
    var profile: Profile
    var keys: DeviceKeys
    var state = State.connecting
    var ticks: UInt64 = 0
    var wire: Wire?
    var connections: UInt64 = 0
    var rooms: [RoomID: RoomFollowing] = [:]
    /// Pages of older lines that were asked for.
    var pages: [TranscriptID: PageCollector] = [:]
    var journal: PendingJournal?
    var unanswered: [PendingPost] = []
    var tickets: UInt64 = 0
    var chores = ChoreState()
    /// Lines that were sent, withdrawn or erased and are not in the folder's file yet.
    var sentChanges = SentChanges()
    /// Whether what is over was looked for in the folder's file since the start.
    var hasTrimmedSent = false
    /// Rooms for which the person is about to accept a restored backup.
    var restoring: Set<RoomID> = []

    /// Opens a profile; nothing is sent before ``run()``.
    ///
    /// - Parameters:
    ///   - folder: where the device keeps who it is.
    ///   - environment: the machine.
    ///   - dialing: the way to dial; `nil` for TLS.
    ///   - persistence: how long to go on without a connection.
    /// - Throws: ``ClientError/Code/profile``.
    public init(
        _ folder: ProfileFolder,
        environment: ClientEnvironment,
        dialing: (any Dialing)? = nil,
        persistence: Persistence = .tries(3)
    ) throws(ClientError) {
        let loaded = try folder.load()
        guard loaded.stage != .enrolling else {
            throw ClientError(
                .profile,
                "The enrolment on this device is not finished.",
                hint: "peercoach enrol, with the same invite, goes on with it."
            )
        }
        let erased = Self.erasingOver(folder, at: environment.now())
        let profile = erased ?? loaded
        self.folder = folder
        self.environment = environment
        self.dialing = dialing ?? TLSDialing(now: environment.now)
        self.persistence = persistence
        self.profile = profile
        keys = try DeviceKeys(profile, at: environment.now())
        (states, stateSink) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(64))
        (notices, noticeSink) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(256))
        if erased == nil {
            let sentence =
                "What this device keeps of lines whose time is over could not be erased: its folder"
                + " cannot be written."
            noticeSink.yield(Notice(sentence: sentence, needsOwner: true))
        }
    }

    /// Keeps the connection until it is cancelled or cannot be had any more.
    ///
    /// - Throws: the error that ended it; nothing when cancelled.
    public func run() async throws(ClientError) {
        let end = await withTaskGroup(of: ClientError?.self) { group in
            group.addTask {
                await self.countTicks()
                return nil
            }
            group.addTask {
                await self.doChores()
                return nil
            }
            group.addTask { await self.keepConnected() }
            var end: ClientError?
            while let one = await group.next() {
                if let one { end = one }
                group.cancelAll()
            }
            return end
        }
        noteHeads()
        if unanswered.isEmpty { journal?.remove() }
        finish(end ?? .cancelled)
        if let end { throw end }
    }

    /// Runs a client beside some work and ends it afterwards.
    ///
    /// Before it ends, the client finishes what it does by itself: vouching, letting in.
    ///
    /// - Returns: what the work gives.
    /// - Throws: what the work throws, or why there is no connection.
    public static func connected<R: Sendable>(
        _ folder: ProfileFolder,
        environment: ClientEnvironment,
        dialing: (any Dialing)? = nil,
        persistence: Persistence = .tries(3),
        work: @escaping @Sendable (Client) async throws -> R
    ) async throws -> R {
        let client = try Client(
            folder,
            environment: environment,
            dialing: dialing,
            persistence: persistence
        )
        return try await withThrowingTaskGroup(of: Part<R>.self) { group in
            group.addTask {
                do throws(ClientError) {
                    try await client.run()
                    return .connection(.cancelled)
                } catch {
                    return .connection(error)
                }
            }
            group.addTask {
                do {
                    _ = try await client.ready()
                    let result = try await work(client)
                    await client.finishChores()
                    return .work(.success(result))
                } catch {
                    return .work(.failure(error))
                }
            }
            var lost: ClientError?
            for try await part in group {
                switch part {
                case .connection(let error): lost = error
                case .work(.success(let result)):
                    group.cancelAll()
                    return result
                case .work(.failure(let error)):
                    group.cancelAll()
                    // What the work knows (a line whose fate is open) says more than the cause.
                    guard let lost, (error as? ClientError)?.code == .notReached else {
                        throw error
                    }
                    throw lost
                }
                group.cancelAll()
            }
            throw lost ?? ClientError.cancelled
        }
    }

    private enum Part<R: Sendable>: Sendable {
        case connection(ClientError)
        case work(Result<R, any Error>)
    }

    // MARK: Asking

    /// Waits for the connection and gives who one is to the server.
    ///
    /// - Throws: ``ClientError`` where there will be none.
    public func ready() async throws(ClientError) -> Ready {
        while true {
            if let ready = wire?.ready { return ready }
            if case .ended(let error) = state { throw error }
            guard !Task.isCancelled else { throw .cancelled }
            await changed.wait()
        }
    }

    /// How the connection stands now.
    public var connectionState: State { state }

    /// The profile as this client last knew it.
    public var ownProfile: Profile { profile }

    /// This device.
    public var ownDevice: DeviceID { keys.device }

    /// Asks the server and waits for the answer; a list that comes in pages is given whole.
    ///
    /// - Parameters:
    ///   - request: what is asked.
    ///   - within: how long the answer, or each page of it, may take; counted in half seconds.
    /// - Returns: the answer.
    /// - Throws: ``ClientError/Code/refused``, `timedOut`, or `notReached` where there is no
    ///   connection or it was lost meanwhile: then it is not known what became of the request.
    public func ask(
        _ request: Request,
        within: Duration = .seconds(15)
    ) async throws(ClientError) -> Answer {
        guard let wire, wire.ready != nil else { throw Self.whyOffline(state) }
        return try await wire.ask(request, within: within).get()
    }

    static func whyOffline(_ state: State) -> ClientError {
        switch state {
        case .offline(_, let error), .ended(let error): error
        case .connecting, .connected: .notConnected
        }
    }

    /// Asks for something that gives nothing but that it is done.
    func done(_ request: Request) async throws(ClientError) {
        guard case .done = try await ask(request) else { throw .unexpectedAnswer }
    }

    // MARK: Waiting

    /// Waits until something holds; looks again at every change and tick.
    ///
    /// - Returns: whether it holds; `false` when the time is over or the task cancelled.
    func until(ticks most: UInt64, _ holds: () -> Bool) async -> Bool {
        let start = ticks
        while !holds() {
            if Task.isCancelled || ticks &- start >= most { return false }
            if case .ended = state { return false }
            await changed.wait()
        }
        return true
    }
}
