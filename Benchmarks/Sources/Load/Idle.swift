// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Glibc

/// Measures what an idle connection costs a server.
struct Idle: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure a server's resident memory for each idle connection.",
        discussion: """
            Every device says hello and follows its room. The first room is connected before the \
            first look, so that the program's own pages are in memory by then. Prints: KiB for \
            each further connection, MiB before, MiB after.
            """
    )

    @Option(help: "What Prepare wrote.") var scenario: String
    @Option(help: "Which server it is.") var server = DeliveryServer.peercoach
    @Option(help: "The server's port on this machine.") var port: Int
    @Option(help: "The number of the server's process.") var process: Int32
    @Option(help: "How many connections.") var connections = 2_000

    func run() throws {
        let process = try ServerProcess(self.process)
        let scenario = try Scenario(file: scenario)
        var rooms: [PreparedRoom] = []
        var count = 0
        for room in scenario.rooms.dropFirst() where count < connections {
            rooms.append(room)
            count += room.devices.count
        }
        let first = Crowd(server, port: port)
        try first.connect(Array(scenario.rooms.prefix(1)), posting: 0)
        pause(seconds: 1)
        let before = try process.residentKiB()
        let crowd = Crowd(server, port: port)
        try crowd.connect(rooms, posting: 0)
        pause(seconds: 2)
        let after = try process.residentKiB()
        try crowd.end()
        try first.end()
        print(
            text(Double(after - before) / Double(count), 1),
            text(Double(before) / 1_024, 1),
            text(Double(after) / 1_024, 1)
        )
    }
}

/// Measures what it takes a server to be there.
struct Greet: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure the CPU that a server took from its start to its first hello.",
        discussion: "Prints: CPU ms."
    )

    @Option(help: "What Prepare wrote.") var scenario: String
    @Option(help: "The server's port on this machine.") var port: Int
    @Option(help: "The number of the server's process.") var process: Int32

    func run() throws {
        let process = try ServerProcess(self.process)
        guard var room = try Scenario(file: scenario).rooms.first else { return }
        room.devices = Array(room.devices.prefix(1))
        let deadline = monotonicSeconds() + 60
        while true {
            let crowd = Crowd(.peercoach, port: port, follows: false)
            do {
                try crowd.connect([room], posting: 0)
                let cpu = try process.cpuMicroseconds()
                try crowd.end()
                return print(text(cpu / 1_000, 0))
            } catch {
                try? crowd.end()
                guard monotonicSeconds() < deadline else { throw error }
                pause(seconds: 0.05)
            }
        }
    }
}
