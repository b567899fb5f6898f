// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingEnvelope
import CoachingModel
import CoachingWire

struct Enrol: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take your invite: make this device's keys and take part.",
        discussion: """
            The invite is asked for, read from a file, or from the standard input. It is never an
            argument, which others on this machine could see. White space in it does not matter.
            """
    )

    @Option(help: "Read the invite from a file.", completion: .file())
    var file: String?
    @Option(
        help: ArgumentHelp(
            "For a new device when yours is lost: read your recovery kit from a file.",
            valueName: "file"
        ),
        completion: .file()
    )
    var kit: String?
    @Option(
        help: ArgumentHelp(
            "With the kit: a device that is lost, by the beginning of its number, or all.",
            valueName: "device"
        )
    )
    var lost: [String] = []
    @Flag(help: "Say no to the invite. It cannot be used after that.")
    var decline = false
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await options.reporting { output in
            var folder = try options.openFolder()
            let isResumed = folder.exists && (try? folder.load())?.stage == .enrolling
            if folder.exists, !decline, !isResumed {
                let profile = try folder.load()
                throw ClientError(
                    .profile,
                    "\(profile.name) is enrolled on this device already.",
                    hint: "For another person use another folder: --profile FOLDER."
                )
            }
            let invite = try await InviteInput.read(file, output)
            let enroller = Enroller(environment: GlobalOptions.environment)
            let invitation = try await enroller.look(invite)
            Self.show(invitation, invite, folder, output)
            let asking = Asking(output: output, isYes: options.isYes)
            if decline {
                try await asking.require("Say no to this invite for good?")
                try await enroller.decline(invite)
                output.put(
                    "You said no. Nothing of yours was kept.",
                    ["type": "declined"]
                )
                return
            }
            try await asking.require(Self.question(invitation))
            folder = try Self.sealing(folder, asking)
            let profile =
                if needsKit(invitation) {
                    try await recover(enroller, invite, invitation, folder, asking)
                } else {
                    try await enroller.enrol(invite, into: folder)
                }
            output.object(
                [
                    "type": "enrolled", "name": .string(invitation.name),
                    "active": .bool(profile.stage == .active), "profile": .string(folder.path),
                ])
            KeyWarning.show(folder, output)
            guard profile.stage == .active else {
                output.line("This device is ready and waits.")
                output.line("Go back to your other device and say yes there.")
                return
            }
            try await options.connected(output, folder) { opened in
                try await opened.begin(invitation)
            }
        }
    }

    /// Whether the recovery kit must sign for this device: nobody else of the person's can.
    private func needsKit(_ invitation: Invitation) -> Bool {
        invitation.purpose == .device && (kit != nil || invitation.inviter != invitation.name)
    }

    /// Makes a device with the recovery kit, and ends those that are lost.
    private func recover(
        _ enroller: Enroller,
        _ invite: Invite,
        _ invitation: Invitation,
        _ folder: ProfileFolder,
        _ asking: Asking
    ) async throws(ClientError) -> Profile {
        let typed = try await KitInput.read(kit, asking.output)
        let devices = try Enroller.devices(of: invitation, kit: typed)
        var ended: Set<DeviceID> = []
        if lost == ["all"] {
            ended = Set(devices.map(\.device))
        } else if !lost.isEmpty {
            for typed in lost {
                ended.insert(try DeviceWords.find(typed, among: devices.map(\.device)))
            }
        } else if Asking.isPossible, !options.isYes {
            let now = GlobalOptions.environment.now()
            for device in devices {
                let since = Words.moment(device.created, now: now)
                let question =
                    "Is your device \(DeviceWords.short(device.device)), since \(since), lost or "
                    + "broken? Then it is ended for good."
                if try await asking.confirm(question) { ended.insert(device.device) }
            }
        }
        let profile = try await enroller.recover(
            invite,
            invitation,
            kit: typed,
            lost: ended,
            into: folder
        )
        asking.output.line(
            "This device is yours now. Your rooms see that it was added"
                + (ended.isEmpty ? "." : ", and that \(Words.count(ended.count, "device")) ended.")
        )
        return profile
    }

    /// Sets a passphrase before any key is made, where the person wants one.
    private static func sealing(
        _ folder: ProfileFolder,
        _ asking: Asking
    ) throws(ClientError) -> ProfileFolder {
        guard !folder.exists else { return folder }
        var passphrase = try PassphraseInput.fromFile()
        if passphrase == nil, Asking.isPossible, !asking.isYes {
            asking.output.line(
                "A passphrase keeps your keys from whoever gets hold of this disk or a backup. "
                    + "Nobody can reset it."
            )
            passphrase = try PassphraseInput.askNew(asking.output)
        }
        guard let passphrase else { return folder }
        var generator = SystemRandomNumberGenerator()
        return try folder.settingPassphrase(passphrase, using: &generator)
    }

    private static func show(
        _ invitation: Invitation,
        _ invite: Invite,
        _ folder: ProfileFolder,
        _ output: Output
    ) {
        let now = GlobalOptions.environment.now()
        let purpose =
            switch invitation.purpose {
            case .person: "to take part in peer coaching"
            case .administrator: "to be an administrator"
            case .device: "to add this device to yours"
            }
        output.line("This invite is for \(invitation.name), \(purpose).")
        if invitation.purpose != .device { output.line(inviterText(invitation)) }
        if !invitation.rooms.isEmpty {
            let many = invitation.rooms.count > 1
            output.line("Your room\(many ? "s" : ""): \(Words.list(invitation.rooms)).")
        }
        output.line("The server: \(invite.address). It is the one that the invite names.")
        output.line("It can be used until \(Words.moment(invitation.expires, now: now)).")
        output.line("This device's keys will be kept in \(folder.path), for you alone.")
        output.object(
            [
                "type": "invite", "name": .string(invitation.name),
                "from": .string(invitation.provedInviter?.name ?? invitation.inviter),
                "proved": .bool(invitation.provedInviter != nil),
                "purpose": .string(InviteWords.purpose(invitation.purpose)),
                "rooms": JSON(invitation.rooms), "server": .string(invite.address.description),
                "until": .string(Words.stamp(invitation.expires)),
            ])
    }

    /// Says from whom an invite is: the name that the invite proves, else whose word it is.
    private static func inviterText(_ invitation: Invitation) -> String {
        if let proved = invitation.provedInviter { return "It is from \(proved.name)." }
        return "The server says that it is from \(invitation.inviter). The invite does not prove"
            + " that: go by who gave it to you."
    }

    private static func question(_ invitation: Invitation) -> String {
        switch invitation.purpose {
        case .person, .administrator: "Are you \(invitation.name), and do you want to take part?"
        case .device: "Are you \(invitation.name), and is this your device?"
        }
    }
}

/// Words about invites.
enum InviteWords {
    /// What an invite is for, in one word.
    static func purpose(_ purpose: InvitePurpose) -> String {
        switch purpose {
        case .person: "person"
        case .administrator: "administrator"
        case .device: "device"
        }
    }
}

extension Opened {
    /// Says yes to the rooms for which one was invited, and what to do next.
    fileprivate func begin(_ invitation: Invitation) async throws {
        output.line()
        output.line("Welcome, \(ready.name).")
        if invitation.purpose == .device { return }
        let rooms = try await client.rooms()
        for room in rooms where room.stage == .proposed || room.stage == .founding {
            do throws(ClientError) {
                try await client.accept(room.room)
            } catch {
                // Refused where it was said already, with an enrolment that was cut off.
                guard error.code == .refused else { throw error }
            }
        }
        for room in try await client.rooms() {
            output.put(
                "  \(room.name): \(Rooms.state(of: room, lobbies: ready.waiting.lobbies))",
                indent: 4,
                Rooms.object(room, lobbies: ready.waiting.lobbies)
            )
        }
        output.line("What others can see of you: peercoach privacy")
        if let room = rooms.first {
            let name = Self.quoted(room.name)
            output.line("Next: peercoach room \(name)")
        } else if ready.administrator {
            output.line("Next: peercoach admin people import FILE.csv")
        } else {
            output.line("Next: peercoach")
        }
    }
}

/// Gets an invite from a person or a file.
enum InviteInput {
    /// The most bytes that are read in search of an invite.
    private static let bytesMax = 8_192
    /// The most lines over which a pasted invite may be broken.
    private static let linesMax = 64

    static func read(_ file: String?, _ output: Output) async throws(ClientError) -> Invite {
        if let file {
            return try Enroller.read(line(in: try await TextFile.read(file, bytesMax: bytesMax)))
        }
        guard Asking.isPossible else {
            return try Enroller.read(line(in: try await Asking.all(bytesMax: bytesMax)))
        }
        output.prompt("Paste your invite: ")
        var text = ""
        for _ in 0..<linesMax {
            guard let line = await Asking.line(), !line.allSatisfy(\.isWhitespace) else { break }
            text += line
            // A mail program may have broken it over lines: go on while a part is missing.
            do throws(InviteError) {
                return try Invite.parse(text)
            } catch {
                if error == .tooShort { continue }
                return try Enroller.read(text)
            }
        }
        return try Enroller.read(text)
    }

    /// Finds the invite in a letter: from its first letters to the next empty line.
    static func line(in text: String) -> String {
        var rows = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        guard
            let first = rows.firstIndex(where: { row in
                row.drop(while: \.isWhitespace).lowercased().hasPrefix("peer1:")
            })
        else { return text }
        rows = Array(rows[first...])
        return rows.prefix { !$0.allSatisfy(\.isWhitespace) }.joined()
    }
}
