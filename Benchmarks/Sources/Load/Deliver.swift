// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Glibc

/// Measures what a delivery costs a server.
struct Deliver: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure a server's CPU per delivery under a closed-loop load.",
        discussion: """
            Each posting member has one entry on its way and posts the next when its own comes \
            back. Prints: CPU us per delivery, deliveries per second, posts per second, missing, \
            doubled or late.
            """
    )

    @Option(help: "What Prepare wrote.") var scenario: String
    @Option(help: "Which server it is.") var server = DeliveryServer.peercoach
    @Option(help: "The server's port on this machine.") var port: Int
    @Option(help: "The number of the server's process.") var process: Int32
    @Option(help: "How many rooms.") var rooms = 50
    @Option(help: "How many entries are on their way in each room.") var window = 4
    @Option(help: "How long to measure.") var seconds = 2.0

    func run() throws {
        let process = try ServerProcess(self.process)
        let scenario = try Scenario(file: scenario)
        let crowd = Crowd(server, port: port)
        try crowd.connect(Array(scenario.rooms.prefix(rooms)), posting: window)
        try crowd.startPosting()
        pause(seconds: 0.5)
        let before = try crowd.onLoop { crowd.tally }
        let (cpuBefore, timeBefore) = (try process.cpuMicroseconds(), monotonicSeconds())
        pause(seconds: seconds)
        let after = try crowd.onLoop { crowd.tally }
        let cpu = try process.cpuMicroseconds() - cpuBefore
        let time = monotonicSeconds() - timeBefore
        try crowd.stopPosting()
        let end = try crowd.onLoop { crowd.tally }
        try crowd.end()
        let deliveries = Double(after.deliveries - before.deliveries)
        let readers = scenario.rooms.first?.devices.count ?? 0
        let missing = end.missing + max(0, end.posts * readers - end.deliveries - end.missing)
        print(
            text(cpu / deliveries, 3),
            text(deliveries / time, 0),
            text(Double(after.posts - before.posts) / time, 0),
            missing,
            end.doubledOrLate
        )
        guard missing == 0, end.doubledOrLate == 0, end.deliveries == end.posts * readers else {
            throw ExitCode(1)
        }
    }
}
