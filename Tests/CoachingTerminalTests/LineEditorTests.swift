// SPDX-License-Identifier: Apache-2.0

import CoachingTerminal
import Testing

@Suite struct LineEditorTests {
    private func editor(_ text: String, _ keys: Key...) -> LineEditor {
        var editor = LineEditor()
        _ = editor.insert(text)
        for key in keys { _ = editor.press(key) }
        return editor
    }

    @Test func `a cluster is deleted whole`() {
        #expect(editor("a👩‍👩‍👧‍👦", .backspace).text == "a")
        #expect(editor("e\u{301}本", .backspace, .backspace).text == "")
        #expect(editor("ab", .home, .delete).text == "b")
        #expect(editor("ab", .home, .backspace).text == "ab")
    }

    @Test func `a mark that comes alone joins the cluster before the cursor`() {
        var editor = editor("ex", .left)
        #expect(editor.press(.text("\u{301}")) == .edited)
        #expect(editor.text.unicodeScalars.elementsEqual("e\u{301}x".unicodeScalars))
        #expect(editor.cursorClusters == 1)
    }

    @Test func `words and ends are killed and put back`() {
        var editor = editor("one two three", .killWordLeft)
        #expect(editor.text == "one two ")
        _ = editor.press(.home)
        _ = editor.press(.yank)
        #expect(editor.text == "threeone two ")
        _ = editor.press(.killToEnd)
        #expect(editor.text == "three")
        _ = editor.press(.killToStart)
        #expect(editor.text == "")
        #expect(self.editor("a b-c", .wordLeft, .wordLeft).cursorClusters == 2)
        #expect(self.editor("ab cd", .home, .wordRight, .killWordRight).text == "ab")
    }

    @Test func `a draft survives going through the history`() {
        var editor = LineEditor(historyCountMax: 2)
        for line in ["one", "two", "two", "three", ""] {
            _ = editor.insert(line)
            #expect(editor.press(.enter) == .submitted(line))
        }
        _ = editor.insert("draft")
        _ = editor.press(.up)
        #expect(editor.text == "three")
        _ = editor.insert("!")
        _ = editor.press(.up)
        #expect(editor.text == "two")
        #expect(editor.press(.up) == .unchanged)
        _ = editor.press(.down)
        #expect(editor.text == "three!")
        _ = editor.press(.down)
        #expect(editor.text == "draft")
        #expect(editor.press(.down) == .unchanged)
    }

    @Test func `forgetting leaves the line and nothing else`() {
        var editor = editor("secret", .enter)
        _ = editor.insert("draft word")
        _ = editor.press(.killWordLeft)
        editor.forget()
        #expect(editor.press(.up) == .unchanged)
        #expect(editor.press(.yank) == .unchanged)
        #expect(editor.text == "draft ")
    }

    @Test func `Ctrl-D ends the input on an empty line only`() {
        var empty = LineEditor()
        #expect(empty.press(.endOfInput) == .endOfInput)
        var full = editor("ab", .home)
        #expect(full.press(.endOfInput) == .edited)
        #expect(full.text == "b")
    }

    @Test func `text beyond the limit is refused`() {
        var editor = LineEditor(textBytesMax: 5)
        #expect(editor.insert("ééé") == .full)
        #expect(editor.text == "éé")
        #expect(editor.insert("\u{1B}") == .full)
        #expect(editor.text == "éé")
        #expect(editor.insert("a") == .edited)
        #expect(editor.insert("b") == .full)
    }

    @Test func `a word is completed as far as the candidates agree`() {
        var editor = editor("/to le")
        #expect(editor.press(.tab) == .completing(editor.completionQuery))
        #expect(editor.completionQuery.before == "/to ")
        #expect(editor.completionQuery.word == "le")
        #expect(
            editor.complete(with: ["Lena", "Leander", "Tom"]) == .choices(["Lena", "Leander"])
        )
        _ = editor.insert("n")
        #expect(editor.complete(with: ["Lena", "Leander", "Tom"]) == .edited)
        #expect(editor.text == "/to Lena ")
        #expect(editor.complete(with: []) == .unchanged)
        var common = self.editor("/s")
        #expect(common.complete(with: ["/start", "/stay"]) == .edited)
        #expect(common.text == "/sta")
    }

    @Test func `a long line is shown around the cursor`() {
        var editor = LineEditor()
        _ = editor.insert("0123456789abcdefghij")
        let end = editor.render(prompt: "> ", columns: 15)
        #expect(end.text == "> <abcdefghij" && end.cursorColumn == 13 && !end.isWhole)
        _ = editor.press(.home)
        let start = editor.render(prompt: "> ", columns: 15)
        #expect(start.text == "> 0123456789>" && start.cursorColumn == 2)
        #expect(editor.render(prompt: "> ", columns: 80).isWhole)
    }

    @Test func `wide clusters keep the row within the columns and the cursor in its place`() {
        let seed: UInt64 = 4_711
        var random = Seeded(seed: seed)
        let moves: [Key] = [.left, .right, .home, .end, .wordLeft, .wordRight, .backspace, .delete]
        var editor = LineEditor(textBytesMax: 600)
        for step in 0..<4_000 {
            if Bool.random(using: &random) {
                _ = editor.press(.text(random.text(piecesMax: 4)))
            } else {
                _ = editor.press(moves.randomElement(using: &random) ?? .left)
            }
            let columns = Int.random(in: 12...60, using: &random)
            let row = editor.render(prompt: "> ", columns: columns)
            guard DisplayWidth.columnsMax(of: row.text) < columns,
                row.cursorColumn == DisplayWidth.columns(of: row.left),
                editor.text.utf8.count <= 600
            else {
                Issue.record("seed \(seed), step \(step), columns \(columns): \(row)")
                return
            }
        }
    }
}
