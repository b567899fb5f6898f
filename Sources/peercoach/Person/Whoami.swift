// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingWire

struct Whoami: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Who you are here, on which device, at which server."
    )

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withClient(options) { opened in
            let profile = await opened.client.ownProfile
            let device = try await opened.client.devices()
            let rooms = try await opened.client.rooms()
            let own = await opened.client.ownDevice
            opened.output.line(
                "\(opened.ready.name)\(opened.ready.administrator ? ", administrator" : "")"
            )
            opened.output.line("Server:   \(profile.server)")
            opened.output.line("Profile:  \(opened.client.folder.path)")
            opened.output.line(
                "Device:   \(DeviceWords.short(own)), one of "
                    + Words.count(device.count, "device")
            )
            let places = rooms.filter { $0.stage == .admitted }.map {
                "\($0.name) (\(Words.membership($0.membership)))"
            }
            opened.output.line("Rooms:    \(places.isEmpty ? "none" : Words.list(places))")
            if opened.client.folder.hasPassphrase {
                opened.output.line("Keys:     sealed with your passphrase")
            }
            KeyWarning.show(opened.client.folder, opened.output)
            opened.output.object(
                [
                    "type": "person", "name": .string(opened.ready.name),
                    "person": .string(opened.me.description),
                    "administrator": .bool(opened.ready.administrator),
                    "server": .string(profile.server),
                    "profile": .string(opened.client.folder.path),
                    "device": .string(own.description), "devices": JSON(device.count),
                    "passphrase": .bool(opened.client.folder.hasPassphrase),
                    "rooms": .array(
                        rooms.map {
                            [
                                "name": .string($0.name),
                                "as": .string(Words.membership($0.membership)),
                                "stage": .string(Rooms.stage($0.stage)),
                            ]
                        }
                    ),
                ])
        }
    }
}
