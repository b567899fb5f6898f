// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// Listens on one address and drives a handler with what its connections send.
///
/// One thread with one loop: the handler and all connections are confined to it, and on two cores
/// a second loop makes delivery slower, not faster.
public final class Listener: Sendable {
    /// Tells the port that is listened on; the system's choice if 0 was asked for.
    public let port: Int
    /// Gives the way onto the loop for other threads.
    public let loop: ListenerLoop

    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel
    private let table: NIOLoopBound<ConnectionTable>
    private let isStopping = Mutex(false)

    private init(
        port: Int,
        loop: ListenerLoop,
        group: MultiThreadedEventLoopGroup,
        channel: any Channel,
        table: NIOLoopBound<ConnectionTable>
    ) {
        self.port = port
        self.loop = loop
        self.group = group
        self.channel = channel
        self.table = table
    }

    /// Begins to listen.
    ///
    /// - Parameters:
    ///   - host: a local address or name.
    ///   - port: 0 for any that is free.
    ///   - tls: certificate, key and authorities.
    ///   - limits: what is taken from peers.
    ///   - makeHandler: makes the handler, on the loop; the handler may keep the table, and the
    ///     table lets go of the handler at the end of ``shutdown(within:)``.
    /// - Returns: the listener, which must be shut down.
    /// - Throws: ``TransportError/cannotListen``.
    public static func bind(
        host: String,
        port: Int,
        tls: ServerTLS,
        limits: TransportLimits = TransportLimits(),
        makeHandler: @escaping @Sendable (ConnectionTable) -> any ConnectionHandler
    ) async throws(TransportError) -> Listener {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let loop = ListenerLoop(group.next())
            let table = try await loop.eventLoop.submit {
                let table = ConnectionTable(loop, limits)
                table.handler = makeHandler(table)
                return NIOLoopBound(table, eventLoop: loop.eventLoop)
            }.get()
            let channel = try await bootstrap(group, tls, limits, table)
                .bind(host: host, port: port).get()
            return Listener(
                port: channel.localAddress?.port ?? port,
                loop: loop,
                group: group,
                channel: channel,
                table: table
            )
        } catch {
            try? await group.shutdownGracefully()
            throw .cannotListen
        }
    }

    private static func bootstrap(
        _ group: MultiThreadedEventLoopGroup,
        _ tls: ServerTLS,
        _ limits: TransportLimits,
        _ table: NIOLoopBound<ConnectionTable>
    ) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: limits.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.maxMessagesPerRead, value: 16)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 16)
            .childChannelOption(
                .recvAllocator,
                value: FixedSizeRecvByteBufferAllocator(capacity: max(64, limits.receiveBytes))
            )
            .childChannelOption(
                .writeBufferWaterMark,
                value: .init(low: 64 * 1024, high: 256 * 1024)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try admit(channel, tls.current, table.value)
                }
            }
    }

    /// Lets a connection in, or throws, which closes it before a byte of TLS is read.
    private static func admit(
        _ channel: any Channel,
        _ tls: ServerTLS.Current,
        _ table: ConnectionTable
    ) throws {
        let connection = try table.admit(channel, leaf: tls.leaf)
        do {
            try channel.pipeline.syncOperations.addHandler(
                NIOSSLServerHandler(context: tls.context)
            )
            try channel.pipeline.syncOperations.addHandler(connection)
        } catch {
            table.dismiss(connection)
            throw error
        }
    }

    /// Stops accepting, lets the handler say goodbye, flushes, and closes everything.
    ///
    /// A second call does nothing and returns at once.
    ///
    /// - Parameter time: after it, what is still open is cut.
    public func shutdown(within time: Duration = .seconds(5)) async {
        let isFirst = isStopping.withLock { isStopping in
            defer { isStopping = true }
            return !isStopping
        }
        guard isFirst else { return }
        try? await channel.close().get()
        await withCheckedContinuation { continuation in
            loop.eventLoop.execute {
                self.table.value.beginShutdown(within: time) { continuation.resume() }
            }
        }
        try? await group.shutdownGracefully()
    }
}
