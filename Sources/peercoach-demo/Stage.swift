// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The server and the people of the demo, each a process with a folder of its own.
final class Stage {
    let folder: String
    let programs: String
    let room = "north"
    let administrator = "Maya Lind"
    let facilitator = "Jonas Weber"
    private(set) var peers: [String] = []
    private(set) var server: Child?
    private var children: [Child] = []

    init(programs: String) throws {
        self.programs = programs
        let temporary = FileManager.default.temporaryDirectory.path
        folder = temporary + "/peercoach-demo-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }

    /// Everybody but the administrator.
    var members: [String] { [facilitator] + peers }

    func profile(_ person: String) -> String {
        folder + "/" + person.lowercased().replacing(" ", with: "-")
    }

    /// Runs a program to its end and gives what it printed.
    @discardableResult
    func run(
        _ program: String,
        _ arguments: [String],
        expecting status: Int32 = 0
    ) async throws -> [String] {
        let name = program + " " + arguments.prefix(3).joined(separator: " ")
        let child = try Child(name, programs + "/" + program, arguments)
        child.endInput()
        let ended = try await child.ended(within: 60)
        guard ended == status else {
            throw DemoError("\(name) ended with \(ended):\n\(child.errors)")
        }
        return child.lines
    }

    /// Runs `peercoach` as somebody.
    @discardableResult
    func peercoach(_ person: String, _ arguments: [String]) async throws -> [String] {
        try await run("peercoach", arguments + ["--profile", profile(person), "--yes"])
    }

    /// Starts a server with an empty data folder, and its administrator.
    func open() async throws {
        let data = folder + "/server"
        let port = try Self.freePort()
        try await run("peercoachd", ["init", "--address", "127.0.0.1:\(port)", "--data", data])
        let server = try Child(
            "peercoachd",
            programs + "/peercoachd",
            ["serve", "--data", data, "--port-file", folder + "/port"]
        )
        self.server = server
        let deadline = ContinuousClock.now + .seconds(20)
        while !FileManager.default.fileExists(atPath: folder + "/port") {
            guard server.isRunning, ContinuousClock.now < deadline else {
                throw DemoError("The server did not start.\n\(server.errors)")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        let invite = folder + "/administrator.invite"
        try await run(
            "peercoachd",
            ["invite-admin", administrator, "--data", data, "--file", invite]
        )
        try await peercoach(administrator, ["enrol", "--file", invite])
    }

    /// Adds the people, makes the room, and enrols everybody.
    func gather(_ names: [String]) async throws {
        peers = names
        for person in members {
            try await peercoach(administrator, ["admin", "people", "add", person])
        }
        try await peercoach(administrator, ["admin", "rooms", "add", room])
        try await peercoach(administrator, ["admin", "facilitators", "set", room, facilitator])
        try await peercoach(administrator, ["admin", "rooms", "put", room] + peers)
        let invites = folder + "/invites"
        try await peercoach(administrator, ["admin", "invites", "new", "--all", "--into", invites])
        let files = try FileManager.default.contentsOfDirectory(atPath: invites)
        for person in members {
            let key = person.lowercased().replacing(" ", with: "-")
            guard
                let file = files.first(where: {
                    $0.lowercased().replacing(" ", with: "-").hasPrefix(key)
                })
            else { throw DemoError("There is no invite for \(person) in \(files.sorted()).") }
            try await peercoach(person, ["enrol", "--file", invites + "/" + file])
        }
        // The administrator's program checks who enrolled, and vouches for them.
        try await peercoach(administrator, ["admin", "status"])
    }

    /// Lets somebody into the room view, driven through a pipe.
    func enter(_ person: String) throws -> Child {
        let child = try Child(
            person,
            programs + "/peercoach",
            ["room", room, "--json", "--yes", "--profile", profile(person)]
        )
        children.append(child)
        return child
    }

    /// Shows one person's terminal: a second process of the same device, as plain lines.
    func show(_ person: String) throws -> Child {
        let child = try Child(
            person + "'s terminal",
            programs + "/peercoach",
            ["room", room, "--yes", "--profile", profile(person)],
            echo: true
        )
        children.append(child)
        return child
    }

    /// Ends everything that was started, by its id.
    func close() async {
        for child in children { child.endInput() }
        for child in children { _ = try? await child.ended(within: 10) }
        for child in children { child.stop() }
        if let server {
            server.stop()
            _ = try? await server.ended(within: 15)
        }
    }

    /// Takes the folder away.
    func clear() { try? FileManager.default.removeItem(atPath: folder) }

    /// Asks the system for a port that is free now.
    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { Foundation.close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw DemoError("There is no free port on 127.0.0.1.") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
