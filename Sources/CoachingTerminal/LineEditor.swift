// SPDX-License-Identifier: Apache-2.0

/// One line of text while a person edits it.
///
/// It counts in grapheme clusters and holds only what ``TextFilter`` lets through, so what is
/// sent is what was shown. Nothing is written anywhere; the history lives as long as the value.
///
/// - Limits: ``textBytesMax`` bytes in UTF-8, ``historyCountMax`` lines of history.
public struct LineEditor: Sendable {
    /// The bytes that a line may have in UTF-8.
    public let textBytesMax: Int
    /// The lines that the history keeps.
    public let historyCountMax: Int

    private(set) var clusters: [Character] = []
    private(set) var cursor = 0
    private var killed: [Character] = []
    private var history: [String] = []
    /// The line of the history that is edited; its count stands for the new line.
    private var place = 0
    /// Lines as they were left when another one of the history was chosen.
    private var left: [Int: [Character]] = [:]

    /// Starts with an empty line and an empty history.
    public init(textBytesMax: Int = 16_384, historyCountMax: Int = 100) {
        self.textBytesMax = textBytesMax
        self.historyCountMax = historyCountMax
    }

    /// The text of the line.
    public var text: String { String(clusters) }

    /// The clusters before the cursor.
    public var cursorClusters: Int { cursor }

    /// Does what a key says.
    ///
    /// - Returns: what happened, and what the caller has to do about it.
    public mutating func press(_ key: Key) -> LineEdit {
        switch key {
        case .text(let text): insert(text)
        case .enter: .submitted(submit())
        case .tab: .completing(completionQuery)
        case .backspace: remove(max(cursor - 1, 0)..<cursor)
        case .delete: remove(cursor..<min(cursor + 1, clusters.count))
        case .left: move(to: cursor - 1)
        case .right: move(to: cursor + 1)
        case .home: move(to: 0)
        case .end: move(to: clusters.count)
        case .wordLeft: move(to: wordLeft)
        case .wordRight: move(to: wordRight)
        case .killToStart: kill(0..<cursor)
        case .killToEnd: kill(cursor..<clusters.count)
        case .killWordLeft: kill(spaceLeft..<cursor)
        case .killWordRight: kill(cursor..<wordRight)
        case .yank: insert(String(killed))
        case .up: choose(place - 1)
        case .down: choose(place + 1)
        case .endOfInput:
            clusters.isEmpty ? .endOfInput : remove(cursor..<min(cursor + 1, clusters.count))
        case .interrupt: .interrupted
        case .clearScreen: .clearScreen
        case .suspend: .suspended
        case .escape: .unchanged
        }
    }

    /// Puts text in at the cursor, as much as there is room for.
    public mutating func insert(_ text: String) -> LineEdit {
        guard !text.isEmpty else { return .unchanged }
        let before = String(clusters[..<cursor])
        let after = String(clusters[cursor...])
        var fitting = before
        var bytes = before.utf8.count + after.utf8.count
        var isFull = false
        for scalar in text.unicodeScalars {
            bytes += scalar.utf8.count
            if bytes > textBytesMax {
                isFull = true
                break
            }
            fitting.unicodeScalars.append(scalar)
        }
        let (kept, keptCursor) = (clusters, cursor)
        set(fitting, after)
        if String(clusters).utf8.count > textBytesMax {
            // The filter made it longer than there is room for.
            (clusters, cursor) = (kept, keptCursor)
            isFull = true
        }
        return isFull ? .full : .edited
    }

    /// Replaces the whole line, the cursor at its end.
    public mutating func replace(with text: String) -> LineEdit {
        set("", "")
        return text.isEmpty ? .edited : insert(text)
    }

    /// Forgets the history and what was deleted; the line itself stays.
    public mutating func forget() {
        history = []
        killed = []
        left = [:]
        place = 0
    }

    private mutating func set(_ before: String, _ after: String) {
        let head = TextFilter.clean(before)
        let whole = Array(TextFilter.clean(before + after))
        var bytes = head.utf8.count
        var index = 0
        // Text that melts with its neighbours leaves the cursor behind the common cluster.
        while index < whole.count, bytes > 0 {
            bytes -= whole[index].utf8.count
            index += 1
        }
        clusters = whole
        cursor = index
    }

    private mutating func submit() -> String {
        let text = text
        if !text.isEmpty, history.last != text { history.append(text) }
        if history.count > historyCountMax {
            history.removeFirst(history.count - historyCountMax)
        }
        left = [:]
        place = history.count
        clusters = []
        cursor = 0
        return text
    }

    private mutating func choose(_ next: Int) -> LineEdit {
        guard next >= 0, next <= history.count else { return .unchanged }
        left[place] = clusters
        clusters = left[next] ?? (next < history.count ? Array(history[next]) : [])
        cursor = clusters.count
        place = next
        return .edited
    }

    private mutating func move(to place: Int) -> LineEdit {
        let next = min(max(place, 0), clusters.count)
        guard next != cursor else { return .unchanged }
        cursor = next
        return .edited
    }

    private mutating func remove(_ range: Range<Int>) -> LineEdit {
        guard !range.isEmpty else { return .unchanged }
        set(String(clusters[..<range.lowerBound]), String(clusters[range.upperBound...]))
        return .edited
    }

    private mutating func kill(_ range: Range<Int>) -> LineEdit {
        if !range.isEmpty { killed = Array(clusters[range]) }
        return remove(range)
    }

    private var spaceLeft: Int {
        var index = cursor
        while index > 0, clusters[index - 1].isWhitespace { index -= 1 }
        while index > 0, !clusters[index - 1].isWhitespace { index -= 1 }
        return index
    }

    private var wordLeft: Int {
        var index = cursor
        while index > 0, !isWord(clusters[index - 1]) { index -= 1 }
        while index > 0, isWord(clusters[index - 1]) { index -= 1 }
        return index
    }

    private var wordRight: Int {
        var index = cursor
        while index < clusters.count, !isWord(clusters[index]) { index += 1 }
        while index < clusters.count, isWord(clusters[index]) { index += 1 }
        return index
    }

    private func isWord(_ cluster: Character) -> Bool { cluster.isLetter || cluster.isNumber }
}

/// What a key did to a line.
public enum LineEdit: Hashable, Sendable {
    /// Nothing.
    case unchanged
    /// The line or the cursor changed.
    case edited
    /// The person submitted this line, perhaps an empty one; the editor is empty now.
    case submitted(String)
    /// The person asks what the word could become: answer with `complete(with:)`.
    case completing(CompletionQuery)
    /// Several words are possible: show them.
    case choices([String])
    /// There is no room for all of the text.
    case full
    /// The person pressed Ctrl-C; the line is as it was.
    case interrupted
    /// The person pressed Ctrl-D on an empty line.
    case endOfInput
    /// The person wants a clear screen.
    case clearScreen
    /// The person wants to stop the program for a while: leave raw mode and stop.
    case suspended
}

/// What a completion has to go by.
public struct CompletionQuery: Hashable, Sendable {
    /// The line up to the word.
    public let before: String
    /// The word up to the cursor, perhaps empty.
    public let word: String
}
