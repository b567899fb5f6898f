// SPDX-License-Identifier: Apache-2.0
import CoachingDaemon
import CoachingModel
import CoachingServer
import CoachingTransport
import CoachingWire

/// One limit or time that an operator can set: its name, its default, its bounds.
struct Setting {
    /// In the file; in the environment `PEERCOACHD_` and the name in capitals.
    var name: String
    /// What it bounds, with its unit.
    var meaning: String
    /// The least and the most that is accepted.
    var bounds: ClosedRange<Int>
    /// Reads it from a configuration.
    var read: (DaemonConfiguration) -> Int
    /// Puts it into a configuration.
    var put: (inout DaemonConfiguration, Int) -> Void

    init(
        _ name: String,
        _ meaning: String,
        _ bounds: ClosedRange<Int>,
        _ path: WritableKeyPath<DaemonConfiguration, Int>
    ) {
        self.init(
            name,
            meaning,
            bounds,
            read: { $0[keyPath: path] },
            put: { $0[keyPath: path] = $1 }
        )
    }

    init(
        _ name: String,
        _ meaning: String,
        _ bounds: ClosedRange<Int>,
        read: @escaping (DaemonConfiguration) -> Int,
        put: @escaping (inout DaemonConfiguration, Int) -> Void
    ) {
        self.name = name
        self.meaning = meaning
        self.bounds = bounds
        self.read = read
        self.put = put
    }

    static func seconds(
        _ name: String,
        _ meaning: String,
        _ bounds: ClosedRange<Int>,
        _ path: WritableKeyPath<DaemonConfiguration, Int64>
    ) -> Setting {
        Setting(
            name,
            meaning + ", in seconds",
            bounds,
            read: { Int($0[keyPath: path] / 1_000) },
            put: { $0[keyPath: path] = Int64($1) * 1_000 }
        )
    }

    static func seconds(
        _ name: String,
        _ meaning: String,
        _ bounds: ClosedRange<Int>,
        _ path: WritableKeyPath<DaemonConfiguration, Duration>
    ) -> Setting {
        Setting(
            name,
            meaning + ", in seconds",
            bounds,
            read: { Int($0[keyPath: path].components.seconds) },
            put: { $0[keyPath: path] = .seconds($1) }
        )
    }

    /// The name in the environment.
    var environmentName: String {
        "PEERCOACHD_"
            + name.map { $0.isUppercase ? "_\($0)" : $0.uppercased() }.joined()
    }
}

extension Setting {
    /// All of them.
    static var all: [Setting] {
        [
            Setting(
                "peopleMax",
                "people in a room",
                2...100,
                read: { $0.server.room.peopleMax },
                put: {
                    $0.server.room.peopleMax = $1
                    $0.server.limits.peopleMax = UInt32($1)
                }
            ),
            Setting(
                "connectionsPerDeviceMax",
                "connections of a device at once",
                1...1_000,
                read: { Int($0.server.limits.connectionsMax) },
                put: { $0.server.limits.connectionsMax = UInt32($1) }
            ),
            Setting(
                "historyFramesMax",
                "entries in one page of history",
                1...1_000,
                read: { Int($0.server.limits.historyFramesMax) },
                put: { $0.server.limits.historyFramesMax = UInt32($1) }
            ),
            Setting(
                "frameBytesMax",
                "bytes in a frame",
                16_384...1_048_576,
                read: { $0.transport.frameBytesMax },
                put: {
                    $0.transport.frameBytesMax = $1
                    $0.server.limits.frameBytesMax = UInt32($1)
                }
            ),
            Setting(
                "requestsBurst",
                "requests of a device at once",
                1...1_000_000,
                \.server.requestsBurst
            ),
            Setting(
                "requestsPerSecond",
                "requests a second after that",
                1...1_000_000,
                \.server.requestsPerSecond
            ),
            Setting(
                "bytesBurst",
                "bytes that a device may send at once",
                65_536...1_073_741_824,
                \.server.bytesBurst
            ),
            Setting(
                "bytesPerSecond",
                "bytes a second after that",
                1_024...1_073_741_824,
                \.server.bytesPerSecond
            ),
            Setting.seconds(
                "overPaceFor",
                "time above this pace before a connection is cut",
                1...86_400,
                \.server.overPaceMilliseconds
            ),
            Setting(
                "requestsWaitingMax",
                "unanswered requests of a connection",
                1...65_536,
                \.server.requestsWaitingMax
            ),
            Setting(
                "roomRequestsWaitingMax",
                "requests that wait in a room",
                16...65_536,
                \.server.roomRequestsWaitingMax
            ),
            Setting(
                "batchFramesMax",
                "entries in one commit of a room",
                1...4_096,
                \.server.batchFramesMax
            ),
            Setting.seconds(
                "pingAfter",
                "silence before a connection is asked",
                1...3_600,
                \.server.pingAfterMilliseconds
            ),
            Setting.seconds(
                "idleAfter",
                "silence before a connection is closed",
                2...7_200,
                \.server.idleMilliseconds
            ),
            Setting.seconds(
                "absentAfter",
                "time without a connection before one counts as away",
                1...86_400,
                \.server.absenceMilliseconds
            ),
            Setting.seconds(
                "graceAfter",
                "time without a connection before another keeps time",
                5...3_600,
                \.server.graceMilliseconds
            ),
            Setting.seconds(
                "roomIdleAfter",
                "time before an unused room leaves memory",
                1...86_400,
                \.server.roomIdleMilliseconds
            ),
            Setting(
                "roomFilesMiB",
                "MiB that all files of a room may have",
                0...1_048_576,
                \.server.roomFilesMiB
            ),
            Setting.seconds(
                "unnamedFileAfter",
                "time before a file goes that no line hands over",
                60...86_400,
                \.server.unnamedFileMilliseconds
            ),
            Setting("connectionsMax", "connections", 1...1_000_000, \.transport.connectionsMax),
            Setting(
                "strangersMax",
                "connections that have not said hello",
                1...1_000_000,
                \.transport.unauthenticatedMax
            ),
            Setting(
                "strangersDropFrom",
                "such connections from which on some are dropped",
                1...1_000_000,
                \.transport.earlyDropFrom
            ),
            Setting(
                "strangersPerAddressMax",
                "such connections from one address",
                1...1_000_000,
                \.transport.unauthenticatedPerAddressMax
            ),
            Setting(
                "newPerMinuteMax",
                "new ones from one address in a minute",
                1...10_000_000,
                \.transport.newPerMinuteMax
            ),
            Setting(
                "newPerTenMinutesMax",
                "new ones from one address in ten minutes",
                1...100_000_000,
                \.transport.newPerTenMinutesMax
            ),
            Setting(
                "failedPerAddressMax",
                "failed handshakes before an address is refused",
                1...1_000_000,
                \.transport.failedPerAddressMax
            ),
            Setting.seconds(
                "failedWithin",
                "time for which they count",
                1...86_400,
                \.transport.failedWithin
            ),
            Setting.seconds(
                "refusedFor",
                "time for which it is refused",
                1...86_400,
                \.transport.refusedFor
            ),
            Setting.seconds(
                "handshakeWithin",
                "time for a TLS handshake",
                1...600,
                \.transport.handshakeWithin
            ),
            Setting.seconds("helloWithin", "time for the hello", 1...600, \.transport.helloWithin),
            Setting.seconds(
                "enrolmentWithin",
                "time for an enrolment",
                1...600,
                \.transport.enrolmentWithin
            ),
            Setting.seconds(
                "frameWithin",
                "time for the rest of a frame",
                1...600,
                \.transport.frameWithin
            ),
            Setting.seconds(
                "writeProgressWithin",
                "time for a reader to take anything",
                1...600,
                \.transport.writeProgressWithin
            ),
            Setting(
                "queueBytesMax",
                "bytes that wait for one reader",
                65_536...1_073_741_824,
                \.transport.queueBytesMax
            ),
            Setting(
                "queueFramesMax",
                "frames that wait for one reader",
                16...1_000_000,
                \.transport.queueFramesMax
            ),
            Setting(
                "allQueuesBytesMax",
                "bytes that wait for all readers",
                1_048_576...17_179_869_184,
                \.transport.allQueuesBytesMax
            ),
            Setting(
                "receiveBytes",
                "bytes of a connection's receive buffer",
                64...65_536,
                \.transport.receiveBytes
            ),
            Setting(
                "gatherMilliseconds",
                "time that a commit waits for company, in milliseconds",
                0...100,
                \.gatherMilliseconds
            ),
        ]
    }

    /// The table for help and `config`: name, default, unit.
    static func table(
        _ configuration: DaemonConfiguration,
        sources: [String: String] = [:]
    ) -> String {
        let width = all.map(\.name.count).max() ?? 0
        return all.map { setting in
            let name = setting.name.padding(to: width)
            let value = String(setting.read(configuration)).padding(to: 11)
            let source = sources[setting.name].map { "  [\($0)]" } ?? ""
            return "\(name)  \(value) \(setting.meaning)\(source)"
        }.joined(separator: "\n")
    }
}

extension String {
    func padding(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
