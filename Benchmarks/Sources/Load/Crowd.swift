// SPDX-License-Identifier: Apache-2.0
import Dispatch
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// What was posted and what came of it.
struct Tally {
    var posts = 0
    var deliveries = 0
    /// Counters that were skipped.
    var missing = 0
    /// Counters that came again, or after a later one.
    var doubledOrLate = 0
}

/// All members of a load, on one loop.
// @unchecked: all that changes is touched on the loop only; `problem` has its lock.
final class Crowd: @unchecked Sendable {
    let server: DeliveryServer
    /// Whether members follow their rooms or only say hello.
    let follows: Bool
    var tally = Tally()
    var isPosting = false

    private let port: Int
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private var members: [Member] = []
    private var places: [(room: PreparedRoom, seat: Int, posts: Bool)] = []
    private var nextPlace = 0
    private var standing = 0
    private var isEnding = false
    private let stands = DispatchSemaphore(value: 0)
    private let problem = Mutex<String?>(nil)

    /// So many connections are on their way at once: less than the server takes of strangers.
    private static let connectingMax = 6

    init(_ server: DeliveryServer, port: Int, follows: Bool = true) {
        self.server = server
        self.port = port
        self.follows = follows
    }

    /// Connects everybody in these rooms; the first `posting` of each will post.
    func connect(_ rooms: [PreparedRoom], posting: Int) throws {
        for room in rooms {
            for seat in room.devices.indices { places.append((room, seat, seat < posting)) }
        }
        try onLoop {
            for _ in 0..<Self.connectingMax { self.connectNext() }
        }
        guard stands.wait(timeout: .now() + .seconds(300)) == .success else {
            throw LoadError("Not everybody could connect in time.")
        }
        try check()
        // The minimal server says nothing when somebody has joined.
        if server == .limit { pause(seconds: 0.3) }
    }

    /// Runs a body on the loop and gives what it gives.
    func onLoop<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) throws -> Value {
        try group.next().submit(body).wait()
    }

    /// Has every posting member post once; each goes on when its own entry comes back.
    func startPosting() throws {
        try onLoop {
            self.isPosting = true
            for member in self.members { member.post() }
        }
    }

    /// Lets what is on its way arrive.
    func stopPosting() throws {
        try onLoop { self.isPosting = false }
        var before = -1
        for _ in 0..<200 {
            pause(seconds: 0.05)
            try check()
            let now = try onLoop { self.tally.deliveries }
            if now == before { return }
            before = now
        }
    }

    func end() throws {
        try onLoop {
            self.isEnding = true
            for member in self.members { member.close() }
        }
        pause(seconds: 0.2)
        try group.syncShutdownGracefully()
    }

    func check() throws {
        if let problem = problem.withLock({ $0 }) { throw LoadError(problem) }
    }

    // MARK: On the loop

    func fail(_ sentence: String) {
        guard !isEnding else { return }
        problem.withLock {
            if $0 == nil { $0 = "\(sentence) (\(standing) of \(places.count) members stand)" }
        }
        stands.signal()
    }

    func lost() { fail("a connection was closed") }

    func stood() {
        standing += 1
        if standing == places.count { stands.signal() }
        connectNext()
    }

    private func connectNext() {
        guard nextPlace < places.count else { return }
        let place = places[nextPlace]
        nextPlace += 1
        let bootstrap = ClientBootstrap(group: group)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let member = Member(place.room, seat: place.seat, posts: place.posts, of: self)
                    let tls = try NIOSSLClientHandler(
                        context: Self.context(place.room.devices[place.seat]),
                        serverHostname: nil
                    )
                    try channel.pipeline.syncOperations.addHandler(tls)
                    try channel.pipeline.syncOperations.addHandler(member)
                    self.members.append(member)
                }
            }
        bootstrap.connect(host: "127.0.0.1", port: port).whenFailure { error in
            self.fail("cannot connect: \(error)")
        }
    }

    private static func context(_ device: PreparedDevice) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        // Who the server is does not matter here; reading the system's authorities is slow.
        configuration.trustRoots = .certificates([])
        configuration.certificateVerification = .none
        configuration.minimumTLSVersion = .tlsv13
        configuration.applicationProtocols = ["peercoach/1"]
        configuration.certificateChain = [
            .certificate(try NIOSSLCertificate(bytes: device.certificate, format: .der))
        ]
        configuration.privateKey = .privateKey(
            try NIOSSLPrivateKey(bytes: device.certificateKey, format: .der)
        )
        return try NIOSSLContext(configuration: configuration)
    }
}
