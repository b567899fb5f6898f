// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingModel
import Foundation

/// Makes a data folder with people, rooms and entries.
struct Prepare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a data folder with people, rooms and entries."
    )

    @Option(help: "The data folder to make.") var data: String
    @Option(help: "Where to write the devices' secrets, for the other commands.")
    var scenario: String
    @Option(help: "The address of the server to be.") var address: String
    @Option(help: "How many rooms.") var rooms = 250
    @Option(help: "How many people in each room.") var people = 8
    @Option(help: "How many frames there shall be in all.") var events = 100_000

    func run() throws {
        let time = Int64(Date().timeIntervalSince1970 * 1_000)
        var folder = try PreparedFolder(
            path: data,
            address: address,
            at: Timestamp(milliseconds: time)
        )
        try folder.addAdministrator()
        var prepared: [PreparedRoom] = []
        for room in 0..<rooms {
            var people: [PreparedFolder.Person] = []
            for seat in 0..<self.people {
                people.append(try folder.addPerson(named: "Peer \(room) \(seat)"))
            }
            prepared.append(try folder.addRoom(named: "Room \(room)", of: people))
        }
        // The last rooms get the entries, so that those that are loaded first are empty.
        let entries = max(0, events - folder.frameCount)
        let filled = prepared.suffix(max(1, rooms / 2))
        for room in filled { try folder.addEntries(entries / filled.count, to: room) }
        let count = folder.frameCount
        try folder.finish()
        try Scenario(rooms: prepared).write(to: scenario)
        print("\(rooms) rooms of \(people), \(count) frames")
    }
}
