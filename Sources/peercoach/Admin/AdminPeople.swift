// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingWire

struct AdminPeople: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "people",
        abstract: "Who takes part.",
        subcommands: [List.self, Add.self, Import.self, Rename.self, Remove.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Everybody.")
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                let people = try await opened.client.people()
                let width = people.map(\.name.count).max() ?? 0
                for person in people.sorted(by: { $0.name < $1.name }) {
                    opened.output.put(
                        "\(Words.padded(person.name, width))  \(Self.state(person))",
                        indent: 2,
                        Self.object(person)
                    )
                }
                if people.isEmpty { opened.output.line("Nobody takes part yet.") }
            }
        }

        private static func state(_ person: PersonSummary) -> String {
            var parts = [person.enrolled ? "enrolled" : "not enrolled"]
            if person.administrator { parts.append("administrator") }
            if let department = person.department { parts.append(department) }
            parts += person.rooms.map { room in
                let place = room.membership == .facilitator ? "facilitator of " : ""
                return place + room.name
                    + (room.stage == .admitted ? "" : " (\(Rooms.stage(room.stage)))")
            }
            return parts.joined(separator: ", ")
        }

        static func object(_ person: PersonSummary) -> JSON {
            [
                "type": "person", "name": .string(person.name),
                "department": JSON(person.department), "address": JSON(person.address),
                "enrolled": .bool(person.enrolled),
                "administrator": .bool(person.administrator),
                "devices": JSON(person.devices.count),
                "rooms": .array(
                    person.rooms.map {
                        [
                            "name": .string($0.name),
                            "as": .string(Words.membership($0.membership)),
                            "stage": .string(Rooms.stage($0.stage)),
                        ]
                    }
                ),
            ]
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add one person.")

        @Argument(help: "The name as others will see it.")
        var name: String
        @Option(help: "Where they work.")
        var department: String?
        @Option(help: "Their mail address, for the invite.")
        var address: String?
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                if let fault = PersonName.mistake(name) {
                    throw ClientError(.invalid, "The name " + PeopleFile.say(fault))
                }
                if let address, let fault = MailAddress.mistake(address) {
                    throw ClientError(.invalid, "The address " + PeopleFile.say(fault))
                }
                try await opened.client.addPeople(
                    [PersonToAdd(name: name, department: department, address: address)])
                opened.output.put(
                    "\(name) takes part. Next: peercoach admin invites new "
                        + Opened.quoted(name),
                    ["type": "added", "name": .string(name)]
                )
            }
        }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add people from a CSV file, all or none.",
            discussion: """
                The first line names the columns, in any order: name, email, department. UTF-8.
                A mistake is named with its line, and then nobody is added.
                """
        )

        @Argument(help: "The file; - reads the standard input.", completion: .file())
        var file: String
        @Flag(help: "Pass over people who take part already.")
        var newOnly = false
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                let text = try await TextFile.read(file, bytesMax: PeopleFile.bytesMax)
                let people: [PeopleFile.Person]
                do throws(PeopleFile.Mistakes) {
                    people = try PeopleFile.read(text)
                } catch {
                    throw opened.refusal(of: error.sentences, file)
                }
                let known = Set(
                    try await opened.client.people().map { PersonName.key($0.name) }
                )
                let taken = people.filter { known.contains(PersonName.key($0.name)) }
                guard taken.isEmpty || newOnly else {
                    throw opened.refusal(
                        of: taken.prefix(PeopleFile.mistakesMax).map {
                            "Line \($0.line): \($0.name) takes part already."
                        },
                        file,
                        hint: "With --new-only they are passed over."
                    )
                }
                try await opened.add(
                    people.filter { !known.contains(PersonName.key($0.name)) },
                    of: people.count
                )
            }
        }
    }

    struct Rename: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a person another name.",
            discussion: """
                Rooms that the person is in go on with the name that was signed when they were let
                in; a room that they come into later has the new one.
                """
        )

        @Argument(help: "Who.")
        var name: String
        @Argument(help: "The name as others will see it.")
        var newName: String
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                if let fault = PersonName.mistake(newName) {
                    throw ClientError(.invalid, "The name " + PeopleFile.say(fault))
                }
                let person = try await opened.participants([name])[0]
                try await opened.client.renamePerson(person.participant, to: newName)
                let isIn = person.rooms.filter { $0.stage == .admitted }.map(\.name)
                opened.output.put(
                    "\(person.name) is now called \(newName)."
                        + (isIn.isEmpty
                            ? "" : " In \(Words.list(isIn)) the name stays as it was signed."),
                    [
                        "type": "renamed", "name": .string(newName),
                        "before": .string(person.name),
                    ]
                )
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a person out of the programme and of all rooms, for good.",
            discussion: """
                What they wrote stays with those who can read it until its time is over. Who wants
                it gone erases it before: peercoach erase --everywhere
                """
        )

        @Argument(help: "Who.")
        var name: String
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                let person = try await opened.participants([name])[0]
                try await opened.asking.require(
                    "Take \(person.name) out of the programme for good, with "
                        + "\(Words.count(person.devices.count, "device")) and "
                        + "\(Words.count(person.rooms.count, "room"))?"
                )
                try await opened.client.removePerson(person.participant)
                opened.output.put(
                    "\(person.name) takes part no more.",
                    ["type": "removed", "name": .string(person.name)]
                )
            }
        }
    }
}

extension Opened {
    /// The bytes that one request may carry, with room to spare.
    private static let requestBytesMax = 60_000

    fileprivate func add(_ people: [PeopleFile.Person], of count: Int) async throws {
        let bytes = people.reduce(0) { sum, person in
            sum + 40 + person.name.utf8.count + (person.department?.utf8.count ?? 0)
                + (person.address?.utf8.count ?? 0)
        }
        guard bytes <= Self.requestBytesMax else {
            throw ClientError(
                .file,
                "The file has too many people to be added at once.",
                hint: "Make two files of it. Nobody was added."
            )
        }
        if !people.isEmpty {
            try await client.addPeople(
                people.map {
                    PersonToAdd(name: $0.name, department: $0.department, address: $0.address)
                }
            )
        }
        for person in people {
            output.object(["type": "added", "name": .string(person.name)])
        }
        let passed = count - people.count
        output.line(
            "\(Words.count(people.count, "person", "people")) added"
                + (passed == 0 ? "." : ", \(passed) took part already.")
        )
        output.line("Next: peercoach admin invites new --all --into ./invites")
    }

    /// An error with every mistake of a file printed before it.
    fileprivate func refusal(
        of sentences: [String],
        _ file: String,
        hint: String? = nil
    ) -> ClientError {
        if let only = sentences.first, sentences.count == 1 {
            return ClientError(.file, "\(file): \(only)", hint: hint ?? "Nobody was added.")
        }
        for sentence in sentences { output.notice("\(file): \(sentence)") }
        return ClientError(
            .file,
            "\(file) has \(Words.count(sentences.count, "mistake")). Nobody was added.",
            hint: hint
        )
    }
}
