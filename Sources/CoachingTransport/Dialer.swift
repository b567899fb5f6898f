// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// Makes links to a server.
public struct Dialer: Sendable {
    private let tls: ClientTLS
    private let frameBytesMax: Int
    private let writeProgressWithin: Duration

    /// Takes who this device is and how it judges servers.
    ///
    /// - Parameters:
    ///   - tls: certificate, key and verification.
    ///   - frameBytesMax: bounds the body of a frame from the server.
    ///   - writeProgressWithin: bounds the wait until a frame that is sent has been taken.
    public init(
        tls: ClientTLS,
        frameBytesMax: Int = 69_632,
        writeProgressWithin: Duration = .seconds(30)
    ) {
        self.tls = tls
        self.frameBytesMax = frameBytesMax
        self.writeProgressWithin = writeProgressWithin
    }

    /// Connects, and gives a link whose TLS and ALPN stand and whose server is trusted.
    ///
    /// That the server takes this device's certificate is known only with its first frame.
    ///
    /// - Parameters:
    ///   - host: a host name or address; a name is also sent as SNI.
    ///   - port: the server's port.
    ///   - time: bounds everything: name, connection, handshake.
    /// - Returns: the link, which must be closed.
    /// - Throws: ``TransportError``; cancelling gives ``TransportError/cancelled``.
    public func connect(
        host: String,
        port: Int,
        within time: Duration
    ) async throws(TransportError) -> FrameLink {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let stands = loop.makePromise(of: FrameLink.self)
        let limit = loop.scheduleTask(in: TimeAmount(time)) {
            stands.fail(TransportError.timedOut)
        }
        // A name can have several addresses, which are tried beside each other: each has its own
        // link, and the one counts that the connection is made with.
        let links = NIOLoopBoundBox.makeBoxSendingValue(
            [ObjectIdentifier: EventLoopFuture<FrameLink>](),
            eventLoop: loop
        )
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(time))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let link = channel.eventLoop.makePromise(of: FrameLink.self)
                    links.value[ObjectIdentifier(channel)] = link.futureResult
                    do {
                        try addHandlers(to: channel, host: host, link)
                    } catch {
                        link.fail(error)
                        throw error
                    }
                }
            }
        bootstrap.connect(host: host, port: port).whenComplete { result in
            switch result {
            case .success(let channel):
                // A link that comes too late belongs to nobody.
                stands.futureResult.whenFailure { _ in channel.close(promise: nil) }
                links.value[ObjectIdentifier(channel)]?.cascade(to: stands)
            case .failure(let error):
                stands.fail(TransportError(connecting: error))
            }
        }
        defer { limit.cancel() }
        do {
            return try await withTaskCancellationHandler {
                try await stands.futureResult.get()
            } onCancel: {
                stands.fail(TransportError.cancelled)
            }
        } catch let error as TransportError {
            throw error
        } catch {
            throw .notReachable
        }
    }

    private func addHandlers(
        to channel: any Channel,
        host: String,
        _ stands: EventLoopPromise<FrameLink>
    ) throws {
        let verdict = NIOLoopBoundBox.makeEmptyBox(
            valueType: TrustRefusal.self,
            eventLoop: channel.eventLoop
        )
        let verify = tls.verify
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        let handler = try NIOSSLClientHandler(
            context: tls.context,
            serverHostname: isAddress ? nil : host
        ) { certificates, promise in
            do {
                switch verify(try certificates.map { try $0.toDERBytes() }) {
                case .success:
                    promise.succeed(.certificateVerified)
                case .failure(let refusal):
                    verdict.value = refusal
                    promise.succeed(.failed)
                }
            } catch {
                promise.succeed(.failed)
            }
        }
        let link = LinkHandler(
            loop: channel.eventLoop,
            frameBytesMax: frameBytesMax,
            writeProgressWithin: writeProgressWithin,
            stands: stands,
            verdict: verdict
        )
        try channel.pipeline.syncOperations.addHandler(handler)
        try channel.pipeline.syncOperations.addHandler(link)
    }
}

extension TransportError {
    /// Names what kept a connection from being made.
    init(connecting error: any Error) {
        switch error {
        case let error as TransportError: self = error
        case ChannelError.connectTimeout: self = .timedOut
        default: self = .notReachable
        }
    }

    /// Names what TLS or the network said of a link.
    init(link error: any Error, isHandshaking: Bool) {
        switch error {
        case let error as TransportError:
            self = error
        case NIOSSLError.handshakeFailed(.sslError(let stack))
        where stack.contains(.eofDuringHandshake):
            // Cut, not refused: a server that is stopping or has too many connections does so.
            self = .closed
        case NIOSSLError.handshakeFailed:
            self = .handshakeFailed
        case is NIOSSLExtraError where isHandshaking:
            self = .handshakeFailed
        case BoringSSLError.sslError(let stack):
            // The alert by which the server refuses a certificate comes after the handshake.
            let text = stack.map(\.description).joined()
            let isRefusal =
                text.contains("ALERT") && (text.contains("_CA") || text.contains("CERTIFICATE"))
            self = isRefusal ? .certificateRefused : .closed
        default:
            self = .closed
        }
    }
}
