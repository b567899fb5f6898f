// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

@testable import peercoach

/// No line goes to more people than the prompt showed when it began.
@Suite struct RoomHeldTests {
    /// Lena 1, Priya 2, Tom 3 without a facilitator, in a typed triad; Priya looks on.
    private func scene() throws -> RoomScene {
        var scene = try RoomScene(["Lena", "Priya", "Tom"], me: 2, at: RoomScene.at(14, 0))
        try scene.start("triad", .typed, by: 1)
        scene.printed = []
        return scene
    }

    @Test func `who was let in while a line was typed does not get it before a retry`() throws {
        var scene = try scene()
        #expect(scene.view.prompt == "[everyone in north] until 14:02> ")
        scene.view.drafting("h")
        try scene.admit(4, "Ben", by: 1)
        scene.printed = []
        scene.perform(scene.view.submit("hello all"))
        #expect(scene.sent().isEmpty)
        #expect(scene.news() == ["14:00 ! Not sent: Ben would read it too by now. /retry or /drop"])
        scene.type("/retry")
        #expect(scene.sent().map(\.readers.count) == [4])
        #expect(scene.news() == ["14:00 = Sent to everyone in north."])
    }

    @Test func `a third reader between hold and retry holds the line again`() throws {
        var scene = try scene()
        scene.view.drafting("h")
        try scene.admit(4, "Ben", by: 1)
        scene.perform(scene.view.submit("hello all"))
        try scene.admit(5, "Ida", by: 1)
        scene.printed = []
        scene.type("/retry")
        #expect(scene.sent().isEmpty)
        #expect(scene.news() == ["14:00 ! Not sent: Ida would read it too by now. /retry or /drop"])
        scene.type("/drop")
        #expect(scene.news() == ["14:00 * Dropped."])
        #expect(scene.view.held.isEmpty)
    }

    @Test func `a slash line keeps the readers of the moment in which it began`() throws {
        var scene = try scene()
        scene.view.drafting("/")
        try scene.admit(4, "Ben", by: 1)
        scene.printed = []
        scene.perform(scene.view.submit("/room hello"))
        #expect(scene.sent().isEmpty)
        #expect(scene.news() == ["14:00 ! Not sent: Ben would read it too by now. /retry or /drop"])
    }

    @Test func `a phase change keeps a half-typed line for its readers and asks on Enter`() throws {
        var scene = try scene()
        scene.view.drafting("to all of")
        try scene.wake()
        let news = scene.news()
        #expect(
            news.last == "14:02 * The line that you are typing stays for everyone in north: Enter "
                + "asks before it goes."
        )
        #expect(scene.view.prompt == "[everyone in north] until 14:04> ")
        scene.perform(scene.view.submit("to all of you"))
        #expect(scene.sent().isEmpty)
        #expect(
            scene.news() == [
                "14:02 ! Not sent: it was for everyone in north, and meanwhile your lines go to "
                    + "\(scene.view.address.isOwn ? "nobody but you" : scene.view.address.text). "
                    + "/retry sends it to everyone in north, or /drop"
            ]
        )
        scene.type("/retry")
        #expect(scene.sent().map(\.key) == [.room])
    }

    @Test func `a line that was for oneself stays so when the phase opens the turn`() throws {
        var scene = try scene()
        scene.type("/note")
        scene.printed = []
        scene.view.drafting("for me")
        scene.view.standing = nil
        try scene.wake()
        scene.printed = []
        scene.perform(scene.view.submit("for me alone"))
        #expect(scene.sent().map(\.key) == [.own(scene.view.me)])
        #expect(scene.news() == ["14:02 = Kept for you alone."])
    }

    @Test func `without a connection bare lines stay with oneself and go to the notes later`()
        throws
    {
        var scene = try scene()
        scene.perform(scene.view.linked(.offline))
        #expect(scene.view.prompt == "[offline, only you] until 14:02> ")
        scene.printed = []
        scene.type("what I saw meanwhile")
        #expect(scene.sent().isEmpty)
        #expect(
            scene.news() == ["14:00 = Kept here for you alone until you are connected again."]
        )
        scene.perform(scene.view.linked(.online))
        #expect(scene.sent().map(\.key) == [.own(scene.view.me)])
        #expect(
            scene.news() == [
                "14:00 * Connected again.", "14:00 * Typed lines now go to everyone in north.",
                "14:00 = Kept for you alone.",
            ]
        )
    }

    @Test func `a draft survives a cut, and waits for a decision`() throws {
        var scene = try scene()
        scene.view.drafting("hello al")
        scene.perform(scene.view.linked(.offline))
        #expect(scene.view.prompt == "[offline, everyone in north] until 14:02> ")
        scene.printed = []
        scene.perform(scene.view.submit("hello all"))
        #expect(
            scene.news() == [
                "14:00 ! Not sent: there is no connection. It waits here for everyone in north: "
                    + "/retry when you are connected again, or /drop"
            ]
        )
        scene.perform(scene.view.linked(.online))
        scene.printed = []
        scene.type("/retry")
        #expect(scene.sent().map(\.text) == ["hello all"])
    }

    @Test func `what the server refuses waits with the rule and what to do`() throws {
        var scene = try scene()
        scene.view.drafting("x")
        let effects = scene.view.submit("hello")
        guard case .post(let line)? = effects.first else {
            Issue.record("nothing was sent")
            return
        }
        scene.perform(scene.view.refused(line.id, "In 'Arrive' everybody listens."))
        #expect(
            scene.news() == ["14:00 ! Not sent: In 'Arrive' everybody listens. /retry or /drop"]
        )
        #expect(scene.view.held.count == 1)
    }

    @Test func `what the server holds back names the new reader`() throws {
        var scene = try scene()
        guard case .post(let line)? = scene.view.submit("hello").first else {
            Issue.record("nothing was sent")
            return
        }
        scene.perform(scene.view.heldBack(line.id, newReaders: ["Ben"]))
        #expect(scene.news() == ["14:00 ! Not sent: Ben would read it too by now. /retry or /drop"])
        // Ben is not in this room yet as far as the view knows, so nobody more was agreed to.
        #expect(scene.view.held.first?.line.readers.count == 3)
    }

    @Test func `where one chose to stay holds over phases until the place is gone`() throws {
        var scene = try scene()
        scene.type("/room")
        // The phase says so anyway: one follows it again.
        #expect(scene.view.standing == nil)
        scene.type("/to tom")
        #expect(scene.view.prompt == "[Tom] until 14:02> ")
        try scene.wake()
        #expect(scene.view.prompt == "[Tom] until 14:04> ")
        try scene.exclude(3, by: 1)
        #expect(scene.view.standing == nil)
        #expect(!scene.view.prompt.hasPrefix("[Tom]"))
    }

    @Test func `while many lines are on their way the next one waits`() throws {
        var scene = try scene()
        for number in 1...RoomScreenModel.outgoingMax {
            #expect(scene.view.submit("line \(number)").count == 1)
        }
        scene.printed = []
        scene.perform(scene.view.submit("one more"))
        #expect(
            scene.news() == [
                "14:00 ! Not sent: 64 lines are still on their way. /retry or /drop"
            ]
        )
        #expect(scene.view.held.count == 1)
    }

    @Test func `a line that begins between records that belong together keeps the shown readers`()
        throws
    {
        var scene = try scene()
        let prompt = scene.view.prompt
        let end = try #require(scene.room.nextWake)
        let records = try scene.room.decide(.wake, by: .server, at: end)
        #expect(records.count > 1)
        scene.perform(scene.view.happened(records[0]))
        #expect(scene.view.nextPrompt() == nil)
        scene.view.drafting("x")
        for record in records.dropFirst() { scene.perform(scene.view.happened(record)) }
        scene.perform(scene.view.submit("xy"))
        #expect(prompt == "[everyone in north] until 14:02> ")
        #expect(scene.sent().isEmpty)
        #expect(scene.view.held.map(\.line.key) == [.room])
    }

    @Test func `lines that wait are never lost to the bound, but refused`() throws {
        var scene = try scene()
        scene.perform(scene.view.linked(.offline))
        for number in 1...RoomScreenModel.heldMax { scene.type("/room line \(number)") }
        scene.printed = []
        scene.type("/room one more")
        #expect(scene.view.held.count == RoomScreenModel.heldMax)
        #expect(
            scene.news() == ["14:00 ! Not sent and not kept: 20 lines wait. /retry or /drop them."]
        )
    }
}
