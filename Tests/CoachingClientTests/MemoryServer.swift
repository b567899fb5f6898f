// SPDX-License-Identifier: Apache-2.0
import CoachingCertificates
import CoachingClient
import CoachingEnvelope
import CoachingModel
import CoachingServer
import CoachingStore
import CoachingWire
import Synchronization

/// The real server core on a store in memory, with links in memory: no socket, no clock.
///
/// - Isolation: an actor; inputs are stepped one at a time, as on the listener's loop.
actor MemoryServer {
    /// What a link does wrong, once.
    enum Fault: Hashable {
        /// The next post is lost on its way, and the link with it.
        case losePost
        /// The next post is accepted, but the link ends before its answer.
        case loseAnswer
        /// The next enrolment is done, but the link ends before its answer.
        case loseEnrolment
    }

    nonisolated let authority: Authority
    nonisolated let address: ServerAddress
    nonisolated let clock: ManualClock
    private var store = MemoryStore()
    private var core: ServerCore
    private var links: [ConnectionNumber: MemoryLink] = [:]
    private var next: ConnectionNumber = 1
    private var faults: [Fault] = []
    private var isReachable = true
    private var alteration: (@Sendable (ServerMessage) -> ServerMessage?)?
    private(set) var posts = 0
    private(set) var dials = 0

    init(clock: ManualClock) throws {
        self.clock = clock
        var generator = SystemRandomNumberGenerator()
        authority = try Authority.make(atMs: clock.now.milliseconds, using: &generator)
        address = try present(ServerAddress(host: "coach.example", port: 7443))
        core = ServerCore(
            configuration: Self.configuration,
            desk: Self.desk(authority),
            log: DirectoryLog(),
            lastAlive: nil,
            at: clock.now
        )
    }

    private static var configuration: ServerConfiguration {
        var configuration = ServerConfiguration()
        configuration.requestsBurst = 100_000
        return configuration
    }

    private static func desk(_ authority: Authority) -> CertificateDesk {
        CertificateDesk(
            authority: authority.certificate,
            issue: { request, device, at in
                var generator = SystemRandomNumberGenerator()
                let certificate = try authority.issueDevice(
                    request: request,
                    commonName: device.description,
                    atMs: at.milliseconds,
                    using: &generator
                )
                return (
                    certificate, Hashing.hash(try CertificateRequest.publicKeyInfo(of: request))
                )
            },
            device: { Self.device(in: $0) }
        )
    }

    private static func device(in certificate: [UInt8]) -> DeviceID? {
        guard let name = try? CertificateInspection(certificate).commonName else { return nil }
        var bytes: [UInt8] = []
        var rest = Substring(name)
        while rest.count >= 2 {
            guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        return Bytes16(bytes).map { DeviceID($0) }
    }

    // MARK: Driving

    /// Makes the operator's invite for the first administrator.
    func inviteAdministrator(
        _ name: String,
        secret: Bytes16,
        isReplacing: Bool = false
    ) throws -> Invite {
        let pin = try present(Bytes32(authority.pin.bytes))
        let invite = Invite(kind: .person, authority: pin, secret: secret, address: address)
        let request = AdministratorInvite(
            participant: ParticipantID(Bytes16(high: 77, low: secret.low)),
            name: name,
            invite: invite.keys.authHash,
            isReplacing: isReplacing
        )
        run(core.step(.operate(1, .inviteAdministrator(request)), at: clock.now))
        return invite
    }

    /// Lets time pass.
    func tick() { run(core.step(.tick, at: clock.now)) }

    /// Makes the next posts go wrong.
    func inject(_ faults: [Fault]) { self.faults += faults }

    /// Makes the server send something else in place of what it would; `nil` for as it is.
    func alter(_ alteration: @escaping @Sendable (ServerMessage) -> ServerMessage?) {
        self.alteration = alteration
    }

    private func altered(_ frame: [UInt8]) -> [UInt8] {
        guard let alteration, let message = try? ServerMessage(body: Array(frame.dropFirst(4))),
            let other = alteration(message), let changed = try? other.frame()
        else { return frame }
        return changed
    }

    /// Makes the server refuse connections, or take them again.
    func setReachable(_ isReachable: Bool) { self.isReachable = isReachable }

    /// Gives the files that are kept of a room.
    func keptFiles(of room: RoomID) throws -> [StoredFile] { try store.files(of: room) }

    /// Copies all that the server keeps.
    func backUp() -> MemoryStore { store.backedUp() }

    /// Starts the server anew with what a backup has; it can be used again.
    func restore(_ backup: MemoryStore) throws {
        cutAll()
        store = backup.backedUp()
        var log = DirectoryLog()
        try log.replay(store.read(.directory, 1...UInt64.max, bytesMax: .max))
        core = ServerCore(
            configuration: Self.configuration,
            desk: Self.desk(authority),
            log: log,
            lastAlive: clock.now,
            at: clock.now
        )
        run(core.wake(try store.wakes(), at: clock.now))
    }

    /// Ends all links without a word.
    func cutAll() {
        for number in links.keys.sorted() { lose(number) }
    }

    /// Gives all frames of a stream as they are stored.
    func stored(_ stream: StreamID) throws -> [StoredFrame] {
        try store.read(stream, 1...UInt64.max, bytesMax: .max)
    }

    // MARK: Links

    func open(_ identity: DialingIdentity?) throws(ClientError) -> MemoryLink {
        dials += 1
        guard isReachable else { throw ClientError(.notReached, "Nobody answers.") }
        let number = next
        next += 1
        let link = MemoryLink(server: self, number: number)
        links[number] = link
        let peer = ConnectionPeer(
            certified: identity.flatMap { Self.device(in: $0.certificate) },
            serverLeaf: MemoryLink.leaf,
            nonce: Bytes32(number, 2, 3, 4)
        )
        run(core.step(.opened(number, peer), at: clock.now))
        return link
    }

    func received(_ number: ConnectionNumber, _ frame: [UInt8]) {
        guard links[number] != nil else { return }
        let body = Array(frame.dropFirst(4))
        var losesAnswer = false
        if case .enrolment(let request)? = try? ClientMessage(body: body),
            faults.first == .loseEnrolment
        {
            if case .look = request {
            } else {
                faults.removeFirst()
                losesAnswer = true
            }
        }
        if case .request(_, .post(let post), _)? = try? ClientMessage(body: body) {
            posts += 1
            // Announcements of keys pass: the faults are for lines.
            if case .entry? = try? ContentItem.parse(post.item), !faults.isEmpty {
                switch faults.removeFirst() {
                case .losePost: return lose(number)
                case .loseAnswer, .loseEnrolment: losesAnswer = true
                }
            }
        }
        if losesAnswer { links[number]?.mute() }
        run(core.step(.frame(number, body), at: clock.now))
        run(core.step(.turnEnded, at: clock.now))
        if losesAnswer { lose(number) }
    }

    func lose(_ number: ConnectionNumber) {
        guard let link = links.removeValue(forKey: number) else { return }
        link.end()
        run(core.step(.closed(number), at: clock.now))
    }

    // MARK: Effects

    private func run(_ effects: [ServerEffect]) {
        var queue = effects
        while !queue.isEmpty {
            let effect = queue.removeFirst()
            switch effect {
            case .send(let number, let frame): links[number]?.deliver(altered(frame))
            case .deliver(let frame, let numbers):
                let sent = altered(frame)
                for number in numbers { links[number]?.deliver(sent) }
            case .notifyDrained(let number):
                queue += core.step(.drained(number), at: clock.now)
            case .close(let number, let frame):
                if let frame { links[number]?.deliver(frame) }
                links.removeValue(forKey: number)?.end()
                queue += core.step(.closed(number), at: clock.now)
            case .append(let token, let groups):
                let outcome = Mutex<Result<[AppendOutcome], StoreError>?>(nil)
                store.append(groups) { result in outcome.withLock { $0 = result } }
                if let result = outcome.withLock({ $0 }) {
                    queue += core.step(.committed(token, result), at: clock.now)
                }
            case .read(let token, let request):
                queue += core.step(.read(token, read(request)), at: clock.now)
            case .purge: queue += core.step(.purged(nil), at: clock.now)
            case .authenticated, .pauseReading, .resumeReading, .log, .operated, .stopped: break
            }
        }
    }

    private func read(_ request: ReadRequest) -> Result<ReadAnswer, StoreError> {
        do throws(StoreError) {
            switch request {
            case .frames(let stream, let range, let bytesMax):
                return .success(
                    .frames(try store.read(stream, range, bytesMax: bytesMax))
                )
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
}

/// A link to the server in memory.
final class MemoryLink: ServerLink {
    static let leaf = Bytes32(9, 9, 9, 9)

    var serverLeaf: Bytes32 { Self.leaf }
    private let server: MemoryServer
    private let number: ConnectionNumber
    private let frames: AsyncStream<[UInt8]>
    private let sink: AsyncStream<[UInt8]>.Continuation
    private let isMuted = Mutex(false)

    init(server: MemoryServer, number: ConnectionNumber) {
        self.server = server
        self.number = number
        (frames, sink) = AsyncStream.makeStream()
    }

    func send(_ frame: [UInt8]) async throws(ClientError) {
        await server.received(number, frame)
    }

    func receive(_ take: @Sendable ([UInt8]) async -> Bool) async throws(ClientError) {
        for await body in frames {
            guard await take(body) else { return }
        }
        throw ClientError(.notReached, "The link is lost.")
    }

    func close() async { await server.lose(number) }

    func deliver(_ frame: [UInt8]) {
        if !isMuted.withLock({ $0 }) { sink.yield(Array(frame.dropFirst(4))) }
    }

    func mute() { isMuted.withLock { $0 = true } }

    func end() { sink.finish() }
}

/// Dials the server in memory.
struct MemoryDialing: Dialing {
    let server: MemoryServer

    func dial(
        _ address: ServerAddress,
        authority: Bytes32,
        identity: DialingIdentity?
    ) async throws(ClientError) -> any ServerLink {
        try await server.open(identity)
    }
}

/// A clock that stands until it is set.
final class ManualClock: Sendable {
    private let time = Mutex(Timestamp(milliseconds: 1_790_000_000_000))

    var now: Timestamp { time.withLock { $0 } }

    func advance(_ milliseconds: Int64) {
        time.withLock { $0 = $0.adding(milliseconds: milliseconds) }
    }
}

/// Something that a test took for granted is missing.
struct Missing: Error {}

func present<T>(_ value: T?) throws -> T {
    guard let value else { throw Missing() }
    return value
}
