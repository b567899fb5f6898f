// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import CoachingModel

/// The formats that a programme adds for everybody.
struct DirectoryFormatsTests {
    private static func format(_ name: String, version: UInt32 = 1) -> SessionFormat {
        let parts = [Role.client, .coach, .observer].map { role in
            Part(role: role, kinds: [.say], bare: .say, spoken: .note, sentence: "Talk.")
        }
        return SessionFormat(
            name: name,
            title: "A talk",
            source: "",
            version: version,
            pods: PodSizes(smallest: 2, usual: 2, largest: 2),
            opening: [],
            round: [Phase(name: "talk", title: "Talk", seconds: 600, parts: parts)],
            closing: []
        )
    }

    @Test func `an administrator adds a format, puts another version in its place, removes it`()
        throws
    {
        var scene = DirectoryScene()
        let maya = try scene.administrator().administrator
        let first = Self.format("ours")
        #expect(first.mistakes.isEmpty)
        #expect(try scene.carry(.addFormat(first), by: maya) == [.formatAdded(first)])
        #expect(try scene.carry(.addFormat(first), by: maya).isEmpty, "it is so already")
        let second = Self.format("ours", version: 2)
        #expect(try scene.carry(.addFormat(second), by: maya) == [.formatAdded(second)])
        try scene.carry(.addFormat(Self.format("another")), by: maya)
        #expect(scene.directory.allFormats().map(\.name) == ["another", "ours"])
        #expect(scene.directory.formats["ours"]?.version == 2)
        #expect(try scene.carry(.removeFormat("ours"), by: maya) == [.formatRemoved("ours")])
        #expect(scene.refusal(of: .removeFormat("ours"), by: maya) == .notFound)
        var again = Directory()
        for record in scene.log { again.evolve(record) }
        #expect(again == scene.directory)
    }

    @Test func `nobody else adds or removes one`() throws {
        var scene = DirectoryScene()
        let seat = try scene.administrator()
        try scene.carry(.addFormat(Self.format("ours")), by: seat.administrator)
        try scene.carry(
            .addParticipants([
                NewParticipant(
                    participant: numbered(2),
                    name: "Lena",
                    department: nil,
                    address: nil
                )
            ]),
            by: seat.administrator
        )
        for command: DirectoryCommand in [.addFormat(Self.format("more")), .removeFormat("ours")] {
            for actor: DirectoryActor in [.server, .operator, .stranger] {
                #expect(scene.refusal(of: command, by: actor) == .notFound)
            }
        }
        #expect(scene.directory.formats.count == 1)
    }

    @Test func `formats that follow each other in a ring are refused`() throws {
        var scene = DirectoryScene()
        let maya = try scene.administrator().administrator
        func format(_ name: String, after before: String?) -> SessionFormat {
            var format = Self.format(name)
            format.follows = before.map { MeetingLink(before: $0) }
            return format
        }
        try scene.carry(.addFormat(format("one", after: "three")), by: maya)
        try scene.carry(.addFormat(format("two", after: "one")), by: maya)
        let ring = format("three", after: "two")
        #expect(scene.refusal(of: .addFormat(ring), by: maya) == .formatInvalid)
        try scene.carry(.addFormat(format("three", after: "triad")), by: maya)
        #expect(scene.refusal(of: .addFormat(ring), by: maya) == .formatInvalid)
        try scene.carry(.addFormat(format("four", after: "two")), by: maya)
        // A ring that one is not part of is none of one's own.
        #expect(scene.directory.formats.count == 4)
    }

    @Test func `names of the program cannot be taken, nor more or longer ones added than may be`()
        throws
    {
        var limits = DirectoryLimits()
        limits.formatsMax = 2
        var scene = DirectoryScene(limits: limits)
        let maya = try scene.administrator().administrator
        for name in SessionFormat.builtInNames {
            #expect(
                scene.refusal(of: .addFormat(Self.format(name)), by: maya) == .formatNameTaken
            )
        }
        var wrong = Self.format("ours")
        wrong.round = []
        #expect(scene.refusal(of: .addFormat(wrong), by: maya) == .formatInvalid)
        #expect(scene.refusal(of: .addFormat(Self.format("Ours")), by: maya) == .formatInvalid)
        try scene.carry(.addFormat(Self.format("one")), by: maya)
        try scene.carry(.addFormat(Self.format("two")), by: maya)
        #expect(scene.refusal(of: .addFormat(Self.format("three")), by: maya) == .tooManyFormats)
        #expect(try scene.carry(.addFormat(Self.format("two", version: 2)), by: maya).count == 1)
        limits.formatBytesMax = 50
        var small = DirectoryScene(limits: limits)
        let other = try small.administrator().administrator
        #expect(small.refusal(of: .addFormat(Self.format("one")), by: other) == .formatInvalid)
    }
}
