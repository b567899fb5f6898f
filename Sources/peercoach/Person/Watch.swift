// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingWire

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a command of yours when a session begins soon; until it is ended.",
        discussion: """
            Such as: peercoach watch --exec 'notify-send "$PEERCOACH_WHAT"'
            The command is run by sh, with PEERCOACH_WHAT (a sentence that says nothing of who
            meets), PEERCOACH_ROOM and PEERCOACH_START. It runs once for each date.
            """
    )
    @Option(name: .customLong("exec"), help: "The command.")
    var command: String
    @Option(help: "How many minutes ahead.")
    var before = 10
    @Flag(help: "Also a day ahead of what you want to have done by a day.")
    var due = false
    @Flag(help: "Look once, run what is due, and end: for cron.")
    var once = false
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (0...1_440).contains(before) else {
            throw ValidationError("--before is 0 to 1440 minutes.")
        }
    }

    func run() async throws {
        let persistence: Client.Persistence = once ? .tries(2) : .forever
        try await withClient(options, persistence: persistence) { opened in
            var rung: Set<DueBell> = []
            while true {
                var bells: [DueBell] = []
                for summary in try await opened.ownRooms() {
                    let depth: RoomDepth = due ? .everything : .log
                    try await opened.inRoom(summary.name, depth: depth) { session, room in
                        bells += room.meetings(after: opened.now).map {
                            DueBell(room: session.name, start: $0.start)
                        }
                        guard due else { return }
                        let own = try await OwnUndertakings(opened, session, room)
                        bells += own.days(ahead: 2).map {
                            DueBell(room: session.name, start: $0.end, isTask: true)
                        }
                    }
                }
                let ringing = bells.filter { $0.isDue(at: opened.now, minutes: before) }
                for bell in ringing where rung.insert(bell).inserted {
                    let status = try bell.ring(command, now: opened.now)
                    opened.output.put(
                        bell.sentence(now: opened.now)
                            + (status == 0 ? "" : " The command ended with \(status)."),
                        [
                            "type": "due", "room": .string(bell.room),
                            "start": .string(Words.stamp(bell.start)), "status": JSON(status),
                        ]
                    )
                }
                rung = rung.filter { $0.start > opened.now }
                if once { return }
                try await Task.sleep(for: .seconds(30))
            }
        }
    }
}

/// A date of a room of which one is to be told.
struct DueBell: Hashable, Sendable {
    var room: String
    var start: Timestamp
    /// Whether it is something to be done by then, of which one is told a day ahead.
    var isTask = false

    /// Whether it begins within some minutes.
    func isDue(at now: Timestamp, minutes: Int) -> Bool {
        let ahead = start.milliseconds(since: now)
        if isTask { return ahead >= 0 && ahead <= 86_400_000 }
        return ahead >= 0 && ahead <= Int64(minutes) * 60_000
    }

    /// Says when it begins: "Your session starts in 10 minutes".
    func sentence(now: Timestamp) -> String {
        if isTask { return "Something of yours is due within a day: peercoach due" }
        let minutes = (max(0, start.milliseconds(since: now)) + 59_999) / 60_000
        return minutes == 0
            ? "Your session starts now."
            : "Your session starts in \(Words.count(minutes, "minute"))."
    }

    /// Runs a command and waits for it.
    ///
    /// - Returns: what it ended with; 128 and more where a signal ended it.
    /// - Throws: ``ClientError`` with `file` where there is no shell.
    func ring(_ command: String, now: Timestamp) throws(ClientError) -> Int32 {
        var variables = [
            "PEERCOACH_WHAT=\(sentence(now: now))", "PEERCOACH_ROOM=\(room)",
            "PEERCOACH_START=\(Words.stamp(start))",
        ]
        // The way to the passphrase is not the command's business.
        var next = environ
        while let one = next.pointee {
            let text = String(cString: one)
            if !text.hasPrefix("PEERCOACH_") { variables.append(text) }
            next += 1
        }
        let arguments = ["sh", "-c", command].map { (text: String) in strdup(text) } + [nil]
        let environment = variables.map { strdup($0) } + [nil]
        defer { for pointer in arguments + environment { free(pointer) } }
        // Signals mean in the command what they mean everywhere.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)
        )
        var child: pid_t = 0
        guard posix_spawn(&child, "/bin/sh", nil, &attributes, arguments, environment) == 0 else {
            throw ClientError(.file, "The command cannot be run: there is no /bin/sh.")
        }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 { if errno != EINTR { return 0 } }
        let signal = status & 0x7f
        return signal == 0 ? status >> 8 & 0xff : 128 + signal
    }
}
