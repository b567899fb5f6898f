// SPDX-License-Identifier: Apache-2.0
import CoachingCertificates
import CoachingEnvelope
public import CoachingModel
public import CoachingServer
public import CoachingStore
import CoachingStoreSQLite
public import CoachingTransport
import Glibc
public import Logging
import Synchronization

/// The settings of a running server.
public struct DaemonConfiguration: Sendable {
    /// The limits of the rules and the protocol.
    public var server = ServerConfiguration()
    /// The limits of the connections.
    public var transport = TransportLimits()
    /// How long a commit may wait for company, in milliseconds.
    public var gatherMilliseconds = 2
    /// The local address to listen on; `nil` for the one that people use.
    public var listenHost: String?
    /// The local port to listen on; `nil` for the one that people use, 0 for any.
    public var listenPort: Int?

    /// Makes the settings with their defaults.
    public init() {}
}

/// A server that runs: store, authority, core and listener put together.
public final class Daemon: Sendable {
    /// The release that a data folder is marked with.
    public static let release = "0.1.0"

    /// The port that is listened on.
    public var port: Int { listener.port }
    private let listener: Listener
    private let store: any EventStore
    private let stopped: StopSignal
    private let shell: LoopBound<ServerShell>

    private init(
        listener: Listener,
        store: any EventStore,
        stopped: StopSignal,
        shell: LoopBound<ServerShell>
    ) {
        self.listener = listener
        self.store = store
        self.stopped = stopped
        self.shell = shell
    }

    /// Opens the data folder and begins to listen.
    ///
    /// `onCalm` is called on another thread in the first quiet second after the start and after
    /// many people have come.
    ///
    /// - Throws: ``DaemonError`` with what is wrong and what to do.
    public static func start(
        _ folder: DataFolder,
        _ configuration: DaemonConfiguration,
        logger: Logger,
        clock: @escaping @Sendable () -> Timestamp = SystemTime.now,
        onCalm: @escaping @Sendable () -> Void = {}
    ) async throws(DaemonError) -> Daemon {
        let authority = try folder.authority()
        let address = try folder.address()
        let lastAlive = folder.lastAlive()
        let store = try open(folder, configuration)
        let log = try replay(store)
        do {
            try StoredSuite.check(store, log.directory, in: folder.path)
        } catch {
            store.close()
            throw error
        }
        let wakes = try self.wakes(store)
        let desk = CertificateDesk.of(authority)
        let identity = try Self.identity(authority, address, at: clock())
        let stopped = StopSignal()
        let listener: Listener
        do {
            let tls = try ServerTLS(
                chain: identity.chain,
                key: identity.key,
                authorities: [authority.certificate]
            )
            let device = desk.device
            let serverConfiguration = configuration.server
            let box = Mutex<LoopBound<ServerShell>?>(nil)
            listener = try await Listener.bind(
                host: configuration.listenHost ?? address.host,
                port: configuration.listenPort ?? Int(address.port),
                tls: tls,
                limits: configuration.transport
            ) { table in
                let core = ServerCore(
                    configuration: serverConfiguration,
                    desk: desk,
                    log: log,
                    lastAlive: lastAlive,
                    at: clock()
                )
                let shell = ServerShell(
                    core: core,
                    store: store,
                    table: table,
                    clock: clock,
                    deviceOf: device,
                    logger: logger,
                    onStopped: { stopped.stop(nil) },
                    onFailure: { stopped.fail($0) },
                    onCalm: onCalm
                )
                let bound = LoopBound(shell, on: table.loop)
                box.withLock { $0 = bound }
                Self.keepTime(
                    shell,
                    table,
                    folder,
                    tls,
                    authority,
                    address,
                    identity.leaf,
                    clock,
                    logger
                )
                return shell
            }
            guard let shell = box.withLock({ $0 }) else {
                throw DaemonError("The listener did not start.")
            }
            listener.loop.onLoop { shell.value.wake(wakes) }
            return Daemon(listener: listener, store: store, stopped: stopped, shell: shell)
        } catch let error as DaemonError {
            store.close()
            throw error
        } catch {
            store.close()
            let place =
                "\(configuration.listenHost ?? address.host):"
                + "\(configuration.listenPort ?? Int(address.port))"
            throw DaemonError(
                "Cannot listen on \(place).",
                hint: "Is another server running there? Does the address belong to this machine?"
            )
        }
    }

    /// Waits until the server has stopped by itself; gives why where that was a failure.
    public func ended() async -> StoreError? { await stopped.wait() }

    /// Begins to stop; ``ended()`` returns when all that was accepted is answered.
    public func requestStop() {
        let shell = shell
        listener.loop.onLoop { shell.value.stop() }
    }

    /// Takes nothing new, answers what was accepted, says goodbye and closes.
    public func stop() async {
        requestStop()
        let stopped = stopped
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = await stopped.wait() }
            group.addTask {
                // What has not come to its end by then (a disk that hangs) is not waited for.
                if (try? await Task.sleep(for: .seconds(10))) != nil { stopped.stop(nil) }
            }
            await group.next()
            group.cancelAll()
        }
        await listener.shutdown(within: .seconds(5))
        store.close()
    }

    // MARK: Parts

    private static func open(
        _ folder: DataFolder,
        _ configuration: DaemonConfiguration
    ) throws(DaemonError) -> any EventStore {
        do {
            return try SQLiteStore(
                folder: folder.store,
                release: release,
                gather: GatherRule(window: .milliseconds(configuration.gatherMilliseconds))
            )
        } catch {
            throw DaemonError("\(error)")
        }
    }

    static func replay(_ store: any EventStore) throws(DaemonError) -> DirectoryLog {
        var log = DirectoryLog()
        do throws(StoreError) {
            while true {
                let frames = try store.read(
                    .directory,
                    (log.position + 1)...UInt64.max,
                    bytesMax: 4 << 20
                )
                if frames.isEmpty { return log }
                try log.replay(frames)
            }
        } catch {
            throw DaemonError(
                "The directory in the database cannot be read.",
                hint: "Restore the data folder from a backup."
            )
        }
    }

    private static func wakes(_ store: any EventStore) throws(DaemonError) -> [RoomWake] {
        do {
            return try store.wakes()
        } catch {
            throw DaemonError("The database cannot be read.", hint: "Restore it from a backup.")
        }
    }

    private static func identity(
        _ authority: Authority,
        _ address: ServerAddress,
        at now: Timestamp
    ) throws(DaemonError) -> ServerIdentity {
        guard let name = ServerName(address.host) else {
            throw DaemonError("The host name in the file 'address' is none.")
        }
        do {
            var generator = SystemRandomNumberGenerator()
            return try authority.issueServer(
                names: [name],
                atMs: now.milliseconds,
                using: &generator
            )
        } catch {
            throw DaemonError(
                "The authority cannot issue a certificate for \(address.host).",
                hint: "Is its time over? Is this machine's clock right?"
            )
        }
    }

    /// Keeps the clock running, the server's certificate fresh and the operator's wishes read.
    private static func keepTime(
        _ shell: ServerShell,
        _ table: ConnectionTable,
        _ folder: DataFolder,
        _ tls: ServerTLS,
        _ authority: Authority,
        _ address: ServerAddress,
        _ leaf: [UInt8],
        _ clock: @escaping @Sendable () -> Timestamp,
        _ logger: Logger
    ) {
        let timers = TimerKeeper()
        shell.timers = timers
        timers.keep(table.scheduleTick(every: .milliseconds(200)) { shell.tick() })
        folder.touchAlive()
        timers.keep(
            table.scheduleTick(every: .seconds(5)) {
                folder.touchAlive()
            }
        )
        let spool = OperatorSpool(folder)
        spool.prepare()
        timers.keep(
            table.scheduleTick(every: .milliseconds(500)) { spool.serve(shell) }
        )
        timers.keep(
            table.scheduleTick(every: .seconds(3_600)) {
                let now = clock()
                let inspection = try? CertificateInspection(tls.leaf)
                guard inspection?.needsRenewal(atMs: now.milliseconds) != false,
                    let fresh = try? identity(authority, address, at: now)
                else { return }
                try? tls.replace(
                    chain: fresh.chain,
                    key: fresh.key,
                    authorities: [authority.certificate]
                )
                logger.info("The server's certificate was renewed.")
            }
        )
    }
}

/// Holds timers for as long as the shell lives.
final class TimerKeeper {
    private var timers: [LoopTimer] = []

    func keep(_ timer: LoopTimer) { timers.append(timer) }
}

/// The machine's clock.
public enum SystemTime {
    /// Gives the time.
    @Sendable
    public static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(
            milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
        )
    }
}

/// Tells, once, that the server has stopped.
final class StopSignal: Sendable {
    private struct State {
        var isStopped = false
        var failure: StoreError?
        var waiting: [CheckedContinuation<StoreError?, Never>] = []
    }

    private let state = Mutex(State())

    func stop(_ failure: StoreError?) {
        let waiting = state.withLock { state in
            guard !state.isStopped else { return [] as [CheckedContinuation<StoreError?, Never>] }
            state.isStopped = true
            state.failure = failure
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: failure) }
    }

    func fail(_ error: StoreError) { stop(error) }

    func wait() async -> StoreError? {
        await withCheckedContinuation { continuation in
            let known = state.withLock { state -> StoreError?? in
                if state.isStopped { return .some(state.failure) }
                state.waiting.append(continuation)
                return nil
            }
            if let known { continuation.resume(returning: known) }
        }
    }
}

extension CertificateDesk {
    /// Makes the desk of an authority.
    static func of(_ authority: Authority) -> CertificateDesk {
        CertificateDesk(
            authority: authority.certificate,
            issue: { request, device, now in
                var generator = SystemRandomNumberGenerator()
                let certificate = try authority.issueDevice(
                    request: request,
                    commonName: device.description,
                    atMs: now.milliseconds,
                    using: &generator
                )
                let key = Hashing.hash(try CertificateRequest.publicKeyInfo(of: request))
                return (certificate, key)
            },
            device: { certificate in
                guard let inspection = try? CertificateInspection(certificate),
                    let name = inspection.commonName
                else { return nil }
                return DeviceID(hexadecimal: name)
            }
        )
    }
}

extension DeviceID {
    init?(hexadecimal text: String) {
        guard text.utf8.count == 32 else { return nil }
        var bytes: [UInt8] = []
        var digits = text.utf8.makeIterator()
        while let high = digits.next(), let low = digits.next() {
            guard let one = Character(UnicodeScalar(high)).hexDigitValue,
                let other = Character(UnicodeScalar(low)).hexDigitValue
            else { return nil }
            bytes.append(UInt8(one << 4 | other))
        }
        guard let value = Bytes16(bytes) else { return nil }
        self.init(value)
    }
}
