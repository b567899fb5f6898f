// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingWire

struct AdminAdmins: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "admins",
        abstract: "Who administers; two are safer than one.",
        subcommands: [List.self, Add.self, End.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "All administrators.")
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                let admins = try await opened.client.people().filter(\.administrator)
                for person in admins.sorted(by: { $0.name < $1.name }) {
                    opened.output.put(
                        person.name + (person.enrolled ? "" : ", not enrolled"),
                        [
                            "type": "administrator", "name": .string(person.name),
                            "enrolled": .bool(person.enrolled),
                        ]
                    )
                }
                if admins.count == 1 {
                    opened.output.line(
                        "With one alone, a lost device stops the programme: "
                            + "peercoach admin admins add NAME"
                    )
                }
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a person who takes part an administrator."
        )

        @Argument(help: "Who.")
        var name: String
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                try await opened.setAdministrator(
                    name,
                    true,
                    question: "an administrator, who sets up people and rooms, and reads what is"
                        + " released to the programme from then on"
                )
            }
        }
    }

    struct End: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a person's time as administrator."
        )

        @Argument(help: "Who.")
        var name: String
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                try await opened.setAdministrator(
                    name,
                    false,
                    question: "no administrator any more"
                )
            }
        }
    }
}

struct AdminDevices: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "devices",
        abstract: "People's devices, and ending a lost one.",
        subcommands: [List.self, Revoke.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The devices of a person, or of all."
        )

        @Argument(help: "Whose.")
        var name: String?
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                var people = try await opened.client.people()
                if let name { people = [try opened.participant(name, among: people)] }
                for person in people.sorted(by: { $0.name < $1.name }) {
                    for device in person.devices {
                        opened.output.put(
                            "\(DeviceWords.short(device))  \(person.name)",
                            [
                                "type": "device", "device": .string(device.description),
                                "name": .string(person.name),
                            ]
                        )
                    }
                }
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a device, at once and for good."
        )

        @Argument(help: "The device, by the beginning of its number.")
        var device: String
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                let people = try await opened.client.people()
                let found = try DeviceWords.find(device, among: people.flatMap(\.devices))
                let owner = people.first { $0.devices.contains(found) }?.name ?? "somebody"
                try await opened.asking.require(
                    "End \(owner)'s device \(DeviceWords.short(found)) for good?"
                )
                try await opened.client.revokeDevice(found)
                opened.output.put(
                    "\(owner)'s device \(DeviceWords.short(found)) is cut off. Their rooms see it.",
                    [
                        "type": "revoked", "device": .string(found.description),
                        "name": .string(owner),
                    ]
                )
            }
        }
    }
}

extension Opened {
    fileprivate func setAdministrator(
        _ typed: String,
        _ isAdministrator: Bool,
        question: String
    ) async throws {
        let person = try await participants([typed])[0]
        try await asking.require("Make \(person.name) \(question)?")
        try await client.setAdministrator(
            person.participant,
            named: person.name,
            isAdministrator
        )
        output.put(
            "\(person.name) is \(isAdministrator ? "an" : "no") administrator.",
            [
                "type": "administrator", "name": .string(person.name),
                "administrator": .bool(isAdministrator),
            ]
        )
    }
}
