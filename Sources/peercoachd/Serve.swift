// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CMemory
import CoachingDaemon
import Foundation
import Logging
import ServiceLifecycle
import UnixSignals

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the server until it is told to stop (SIGTERM or Ctrl-C).",
        discussion: """
            Settings, with their defaults. Set them in DATA/peercoachd.yaml (peopleMax: 12), in the
            environment (PEERCOACHD_PEOPLE_MAX=12) or with --set peopleMax=12; the later wins.

            \(Setting.table(DaemonConfiguration()))
            """
    )

    @OptionGroup
    var settings: Settings

    @Option(help: "The local address to listen on, where it is not the public one.")
    var listen: String?

    @Option(help: "Write the port that is listened on to this file.")
    var portFile: String?

    @Option(help: "What to log: debug, info, warning or error.")
    var log: String = "info"

    func run() async throws {
        Self.keepBuffersApart()
        try await reporting {
            var (configuration, _) = try await settings.read()
            if let listen {
                guard let colon = listen.lastIndex(of: ":"),
                    let port = Int(listen[listen.index(after: colon)...]), 0...65_535 ~= port
                else { throw DaemonError("--listen takes HOST:PORT, not '\(listen)'.") }
                configuration.listenHost = String(listen[..<colon])
                configuration.listenPort = port
            }
            guard let level = Logger.Level(rawValue: log) else {
                throw DaemonError("--log takes debug, info, warning or error, not '\(log)'.")
            }
            LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
            var logger = Logger(label: "peercoachd")
            logger.logLevel = level
            let service = ServerService(
                folder: settings.folder,
                configuration: configuration,
                portFile: portFile,
                logger: logger
            )
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: [
                        .init(
                            service: service,
                            successTerminationBehavior: .gracefullyShutdownGroup
                        )
                    ],
                    gracefulShutdownSignals: [.sigterm, .sigint],
                    logger: Self.silent
                )
            )
            do {
                try await group.run()
            } catch let error as DaemonError {
                throw error
            }
        }
    }

    /// Gives every buffer of 16 KiB or more pages of its own.
    ///
    /// TLS makes two for each connection and touches their beginnings alone: in pages of their own
    /// the rest takes no memory, and goes back to the system with the connection.
    private static func keepBuffersApart() {
        _ = cmemory_keep_apart(16_384)
    }

    /// The life-cycle library's own lines would only repeat ours.
    private static var silent: Logger {
        Logger(label: "lifecycle") { _ in SwiftLogNoOpLogHandler() }
    }
}

/// The server as a service with a beginning and an end.
struct ServerService: Service {
    let folder: DataFolder
    let configuration: DaemonConfiguration
    let portFile: String?
    let logger: Logger

    func run() async throws {
        let daemon = try await Daemon.start(
            folder,
            configuration,
            logger: logger,
            onCalm: { _ = cmemory_give_back() }
        )
        logger.info("Listening.", metadata: ["port": "\(daemon.port)"])
        if let portFile {
            try Data("\(daemon.port)\n".utf8).write(to: URL(filePath: portFile), options: .atomic)
        }
        let failure = await withGracefulShutdownHandler {
            await daemon.ended()
        } onGracefulShutdown: {
            daemon.requestStop()
        }
        await daemon.stop()
        if failure != nil {
            throw DaemonError(
                "A flush to the disk failed. What was acknowledged is kept.",
                hint: "Check the disk, then start peercoachd again: it reads its log."
            )
        }
        logger.info("Stopped.")
    }
}
