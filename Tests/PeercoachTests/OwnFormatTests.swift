// SPDX-License-Identifier: Apache-2.0
import CoachingFormats
import CoachingModel
import Foundation
import Testing

@testable import peercoach

struct OwnFormatTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static var example: String { root.appending(path: "Examples/troika.yaml").path }

    private func scene() throws -> RoomScene {
        try RoomScene(["Lena", "Priya", "Tom"], me: 2, at: RoomScene.at(14, 0))
    }

    /// Runs some work with a file of its own.
    private func withFile(_ text: String, _ work: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.path + "/own-\(UUID().uuidString).yaml"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try work(path)
    }

    @Test(arguments: [
        ("ours.yaml", true), ("OURS.YML", true), ("./ours", true), ("a/b", true),
        ("triad", false), ("reciprocal-pair", false), ("ours.json", false), ("-", false),
    ])
    func `a path is known by its suffix or a slash`(_ typed: String, _ isFile: Bool) {
        #expect(FormatChoice.isFile(typed) == isFile)
    }

    @Test func `a path keeps its letters, and its spaces in quotes`() throws {
        func path(_ text: String) throws -> (String, Timestamp?) {
            let wish = try StartWish.read(text, at: RoomScene.at(14, 0), RoomScene.zone).get()
            return (wish.format, wish.until)
        }
        #expect(try path("./Ours.YAML until 15:30") == ("./Ours.YAML", RoomScene.at(15, 30)))
        #expect(
            try path("\"my formats/ours.yaml\" until 15:30")
                == ("my formats/ours.yaml", RoomScene.at(15, 30))
        )
        #expect(try path("triad") == ("triad", nil))
        #expect(try path("\"") == ("\"", nil))
    }

    @Test func `a format of one's own is read, shown with clock times, and started as it was read`()
        throws
    {
        var scene = try scene()
        scene.type("/start \(Self.example) until 15:00 spoken")
        guard case .readFormat(let wish)? = scene.asked.last else {
            Issue.record("no file was asked for")
            return
        }
        #expect(scene.news().isEmpty)
        let reading = FormatChoice.readInRoom(wish.format)
        scene.perform(scene.view.formatRead(wish, reading))
        let news = scene.news()
        #expect(
            news.first
                == "14:00 * Troika consulting, spoken, 3 rounds, 14:00 to 15:00. Nothing has begun yet."
        )
        #expect(news.contains { $0.hasPrefix("14:00 * The format is your own: troika, version 1") })
        #expect(news.filter { $0.contains("Two think aloud") }.count == 1)
        #expect(news.last == "14:00 ? Start this session? /yes or /no")
        scene.type("/yes")
        guard case .act(.start(let offer))? = scene.asked.last else {
            Issue.record("nothing was asked of the room")
            return
        }
        #expect(.format(offer.format) == reading)
        #expect(offer.until == RoomScene.at(15, 0))
        #expect(offer.shown.count == 3)
    }

    @Test func `who starts with too few people is told how many the format takes`() throws {
        var scene = try RoomScene(["Lena", "Priya"], me: 2, at: RoomScene.at(14, 0))
        let wish = StartWish(format: Self.example)
        scene.perform(scene.view.formatRead(wish, FormatChoice.readInRoom(Self.example)))
        #expect(
            scene.news() == [
                "14:00 ! Too few people are here for it: Lena and you. 3 at least must be here and "
                    + "have accepted the agreement."
            ]
        )
    }

    @Test func `every mistake is said with line and column, and nothing is offered`() throws {
        var scene = try scene()
        let yaml = try String(contentsOfFile: Self.example, encoding: .utf8)
            .replacing("minutes: 5", with: "minutes: five")
            .replacing("bare: answer", with: "bare: sing")
        try withFile(yaml) { path in
            scene.type("/start \(path)")
            guard case .readFormat(let wish)? = scene.asked.last else {
                Issue.record("no file was asked for")
                return
            }
            scene.perform(scene.view.formatRead(wish, FormatChoice.readInRoom(wish.format)))
            let news = scene.news().joined(separator: "\n")
            #expect(news.contains("line 41, column 13: 'sing' is no kind"))
            #expect(news.contains("line 54, column 14: "))
            #expect(news.contains("cannot be run: 2 mistakes. Nothing has begun."))
            #expect(scene.view.questions.isEmpty)
        }
    }

    @Test(arguments: [
        ("title: \"Arr\\e[2Jive\"", "control and text direction characters are not allowed"),
        ("title: \"Arr\\u202Eive\"", "control and text direction characters are not allowed"),
        ("title: &a Arrive", "anchors, aliases and tags"),
        ("\"\\e[2J\": x", "unknown key '\u{FFFD}[2J'"),
    ])
    func `what could drive a terminal is refused, also where it is written as an escape`(
        _ line: String,
        _ sentence: String
    ) throws {
        let yaml = try String(contentsOfFile: Self.example, encoding: .utf8)
            .replacing("    title: Arrive", with: "    " + line)
        try withFile(yaml) { path in
            guard case .mistakes(let mistakes) = FormatChoice.readInRoom(path) else {
                Issue.record("it was taken")
                return
            }
            #expect(mistakes.contains { $0.contains(sentence) })
            #expect(!mistakes.joined().unicodeScalars.contains { $0.value == 0x1B })
        }
    }

    @Test func `a file that is missing, too long, a folder or a pipe keeps nobody waiting`() throws
    {
        func sentence(_ path: String) -> String {
            if case .unreadable(let sentence) = FormatChoice.readInRoom(path) { return sentence }
            return "it was read"
        }
        let folder = FileManager.default.temporaryDirectory.path + "/own-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: false
        )
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(sentence(folder + "/no.yaml").contains("it does not exist"))
        #expect(sentence(folder).contains("no ordinary file"))
        #expect(mkfifo(folder + "/pipe.yaml", 0o600) == 0)
        #expect(sentence(folder + "/pipe.yaml").contains("no ordinary file"))
        try withFile(String(repeating: "#", count: FormatParser.bytesMax + 1)) { path in
            #expect(sentence(path).contains("too long"))
        }
    }

    @Test func `a session that began while the file was read is not started over`() throws {
        var scene = try scene()
        scene.type("/start \(Self.example)")
        guard case .readFormat(let wish)? = scene.asked.last else {
            Issue.record("no file was asked for")
            return
        }
        try scene.start("triad", .typed, by: 1)
        scene.printed = []
        scene.perform(scene.view.formatRead(wish, FormatChoice.readInRoom(wish.format)))
        #expect(scene.news() == ["14:00 ! A session is running already. /plan shows it."])
    }

    @Test func `plan, help and the prompt go by a format that nobody here has a file of`() throws {
        var scene = try scene()
        guard case .format(let format) = FormatChoice.readInRoom(Self.example) else {
            Issue.record("the example cannot be run")
            return
        }
        try scene.start(format, .typed, by: 1)
        #expect(scene.news().first?.hasPrefix("14:00 * Troika consulting: 3 rounds") == true)
        repeat {
            try scene.wake()
        } while scene.room.session?.phase?.name != "thinking"
            || scene.room.turn(of: scene.view.me)?.role == .client
        scene.printed = []
        scene.type("/help")
        #expect(scene.news().contains { $0.contains("/suggest TEXT") })
        scene.type("/plan")
        let plan = scene.news()
        #expect(plan.first?.contains("Troika consulting, typed") == true)
        #expect(plan.last?.contains("then  Close together") == true)
        scene.type("what if you asked them")
        #expect(scene.sent().map(\.kind) == [.suggest])
    }
}
