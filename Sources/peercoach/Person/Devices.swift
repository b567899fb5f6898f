// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingWire

struct Devices: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Your devices: list them, add one, end one.",
        subcommands: [List.self, Add.self, Revoke.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Your devices.")

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                let devices = try await opened.client.devices()
                let own = await opened.client.ownDevice
                for device in devices {
                    let here = device.device == own ? ", this one" : ""
                    let since = Words.moment(device.since, now: opened.now)
                    opened.output.put(
                        "\(DeviceWords.short(device.device))  \(DeviceWords.state(device.state)) "
                            + "since \(since)\(here)",
                        [
                            "type": "device", "device": .string(device.device.description),
                            "state": .string(DeviceWords.state(device.state)),
                            "since": .string(Words.stamp(device.since)),
                            "here": .bool(device.device == own),
                        ]
                    )
                }
                try await opened.confirmWaiting(devices)
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a further device of yours.",
            discussion: """
                Prints a line that holds for 15 minutes and can be used once. On the new device
                run peercoach enrol and paste it there, then come back here and say yes.
                """
        )

        @OptionGroup var signing: KitOption
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                try await opened.signing(signing.kit)
                try await opened.addDevice()
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a device of yours, at once and for good."
        )

        @Argument(help: "The device, by the beginning of its number in peercoach devices.")
        var device: String
        @OptionGroup var signing: KitOption
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                let devices = try await opened.client.devices().map(\.device)
                let found = try DeviceWords.find(device, among: devices)
                let own = await opened.client.ownDevice
                try await opened.asking.require(
                    found == own
                        ? "This is the device that you use now. End it for good?"
                        : "End \(DeviceWords.short(found)) for good?"
                )
                if signing.kit != nil { try await opened.signing(signing.kit) }
                try await opened.client.revokeDevice(found)
                opened.output.put(
                    "\(DeviceWords.short(found)) reads and writes nothing any more.",
                    ["type": "revoked", "device": .string(found.description)]
                )
            }
        }
    }
}

/// The recovery kit, for a device that does not hold it.
struct KitOption: ParsableArguments {
    @Option(
        help: ArgumentHelp("Read your recovery kit from a file.", valueName: "file"),
        completion: .file()
    )
    var kit: String?
}

/// Words about devices.
enum DeviceWords {
    /// The beginning of a device's number, enough to tell one's own apart.
    static func short(_ device: DeviceID) -> String { String(device.description.prefix(8)) }

    /// How a device stands.
    static func state(_ state: DeviceState) -> String {
        switch state {
        case .waiting: "waiting"
        case .active: "active"
        case .revoked: "ended"
        }
    }

    /// Finds a device by the beginning of its number.
    static func find(
        _ typed: String,
        among devices: [DeviceID]
    ) throws(ClientError) -> DeviceID {
        try NameMatch.find(typed, among: devices, what: "device") { $0.description }
    }
}

extension Opened {
    fileprivate func addDevice() async throws {
        guard output.isJSON || Asking.isPossible || options.isYes else {
            throw ClientError(
                .usage,
                "The line for a new device is a secret and is shown on a terminal only.",
                hint: "Run it in a terminal."
            )
        }
        let invite = try await client.inviteDevice()
        output.put(
            invite.line,
            [
                "type": "line", "line": .string(invite.line),
                "until": .string(Words.stamp(invite.expires)),
            ]
        )
        output.line()
        output.line("On the new device: peercoach enrol, and paste this line.")
        output.line(
            "It can be used once, until \(Words.moment(invite.expires, now: now)). "
                + "Waiting for the device; Ctrl-C ends this."
        )
        let device = try await client.awaitDevice(invite.hash)
        try await confirm(device)
    }

    /// Asks about devices that came and were not confirmed.
    fileprivate func confirmWaiting(_ devices: [DeviceSummary]) async throws {
        let waiting = devices.filter { $0.state == .waiting }.map(\.device)
        guard !waiting.isEmpty else { return }
        guard Asking.isPossible else {
            output.notice("A device waits. In a terminal, peercoach devices asks about it.")
            return
        }
        try await signing(nil)
        for device in waiting { try await confirm(device) }
    }

    // Swift 6.3.1 crashes where it puts this into a loop while it optimises.
    @inline(never)
    private func confirm(_ device: DeviceID) async throws {
        output.line("A new device is there: \(DeviceWords.short(device)). It had your line.")
        guard try await asking.confirm("Let it act for you and read what you can read?") else {
            try await client.revokeDevice(device)
            output.put(
                "It was turned away.",
                ["type": "refused", "device": .string(device.description)]
            )
            return
        }
        try await client.confirmDevice(device)
        output.put(
            "\(DeviceWords.short(device)) is your device now. Your rooms see that it was added.",
            ["type": "confirmed", "device": .string(device.description)]
        )
    }
}
