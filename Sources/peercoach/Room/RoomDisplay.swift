// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingTerminal

/// Where the room view's lines go: a screen with a prompt, plain lines, or objects.
struct RoomDisplay {
    /// The screen; `nil` where objects are printed.
    private(set) var screen: LinearScreen?
    private let tty: TTY
    private let calendar: WallCalendar
    private var prompt: String?
    private var objects: [UInt8] = []

    init(isJSON: Bool, style: LinearScreen.Style, tty: TTY, isEmphatic: Bool) {
        self.tty = tty
        calendar = .local
        screen =
            isJSON
            ? nil
            : LinearScreen(
                style: style,
                columns: tty.size?.columns ?? 80,
                isEmphatic: isEmphatic,
                editor: LineEditor(textBytesMax: RoomScreenModel.textBytesMax)
            )
    }

    /// The line that is being typed.
    var text: String { screen?.editor.text ?? "" }

    /// Shows a line.
    mutating func show(_ line: RoomLine) {
        if screen == nil {
            objects += Array((line.object.line + "\n").utf8)
        } else {
            screen?.emit(line.screenLine(calendar))
        }
    }

    /// Shows an object to programs, and nothing to people.
    mutating func show(_ object: JSON) {
        if screen == nil { objects += Array((object.line + "\n").utf8) }
    }

    /// Shows who reads the line that is typed now.
    mutating func setPrompt(_ model: inout RoomScreenModel) {
        guard let next = model.nextPrompt(), prompt != next else { return }
        prompt = next
        screen?.setPrompt(next)
        let address = model.draft?.address ?? model.address
        show([
            "at": .string(Words.stamp(model.now)), "type": "prompt",
            "scope": .string("\(address.key.scope)"),
            "readers": JSON(model.names(address)), "text": .string(next),
        ])
    }

    /// Gives a key to the line that is typed.
    mutating func press(_ key: Key) -> LineEdit { screen?.press(key) ?? .unchanged }

    mutating func complete(with candidates: [String]) { screen?.complete(with: candidates) }
    mutating func resize(columns: Int) { screen?.resize(columns: columns) }
    /// Throws away what is being typed.
    mutating func dropText() { screen?.setText("") }
    mutating func hide() { screen?.hide() }
    mutating func redraw() { screen?.redraw() }
    mutating func wipe() { screen?.wipe() }
    mutating func finish() { screen?.finish() }

    /// Writes what there is to write.
    mutating func flush() throws(TTYError) {
        var bytes = screen?.takeOutput() ?? []
        bytes += objects
        objects = []
        if !bytes.isEmpty { try tty.write(bytes) }
    }
}
