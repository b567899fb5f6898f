// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingTerminal
import CoachingWire

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Where a command's words go: results on the standard output, all else on the standard error.
///
/// For people every line passes ``TextFilter``, so that nothing that others wrote can drive the
/// terminal or begin a line of its own. With `--json` results are objects, one a line.
struct Output: Sendable {
    /// Whether results are objects.
    let isJSON: Bool
    /// The columns of the terminal; `nil` where lines are not broken.
    let columns: Int?
    private let results: @Sendable (String) -> Void
    private let remarks: @Sendable (String) -> Void

    /// Writes to this process's standard output and error.
    init(isJSON: Bool) {
        let tty = TTY()
        self.init(
            isJSON: isJSON,
            columns: tty.isTTY ? tty.size?.columns : nil,
            results: { Self.write(1, $0) },
            remarks: { Self.write(2, $0) }
        )
    }

    /// Hands whole lines, ends included, to functions.
    init(
        isJSON: Bool,
        columns: Int? = nil,
        results: @escaping @Sendable (String) -> Void,
        remarks: @escaping @Sendable (String) -> Void
    ) {
        self.isJSON = isJSON
        self.columns = columns
        self.results = results
        self.remarks = remarks
    }

    /// Prints one line for people; nothing with `--json`.
    ///
    /// - Parameters:
    ///   - text: the line; whatever breaks lines in it is made visible.
    ///   - indent: the spaces before further rows, where the line is wider than the terminal.
    func line(_ text: String = "", indent: Int = 0) {
        guard !isJSON else { return }
        let cleaned = TextFilter.clean(text)
        guard let columns, columns > 20 else { return results(cleaned + "\n") }
        let rows = DisplayWidth.wrap(cleaned, columns: columns, indent: indent)
        results(rows.joined(separator: "\n") + "\n")
    }

    /// Prints lines for people, each for itself.
    func lines(_ texts: [String]) {
        for text in texts { line(text) }
    }

    /// Prints a file's text as it is; it was made here and holds nothing that moves a cursor.
    func file(_ text: String) { results(text) }

    /// Prints one object; nothing without `--json`.
    func object(_ object: JSON) {
        if isJSON { results(object.line + "\n") }
    }

    /// Prints a result: a line for people, or an object.
    func put(_ text: String, indent: Int = 0, _ object: JSON) {
        line(text, indent: indent)
        self.object(object)
    }

    /// Tells what is no result: what was done by itself, what is waited for.
    func notice(_ text: String) {
        if isJSON {
            remarks(JSON.object([.init(key: "notice", value: .string(text))]).line + "\n")
        } else {
            remarks("* " + TextFilter.clean(text) + "\n")
        }
    }

    /// Prints a line on the standard error as it is, for a mistake in how a command was given.
    func remark(_ text: String) { remarks(TextFilter.clean(text) + "\n") }

    /// Prints text for a question, without a line end.
    func prompt(_ text: String) { remarks(TextFilter.clean(text)) }

    /// Says what went wrong: the sentence, what to do, and how the operator finds it.
    func error(_ error: ClientError) {
        if isJSON {
            remarks(Self.object(error).line + "\n")
            return
        }
        var text = "peercoach: " + TextFilter.clean(error.sentence) + "\n"
        if let hint = error.hint { text += "  " + TextFilter.clean(hint) + "\n" }
        if let reference = error.reference {
            text += "  For who runs the server: " + TextFilter.clean(reference) + "\n"
        }
        remarks(text)
    }

    /// An error as scripts get it: stable code, sentence, hint and reference.
    static func object(_ error: ClientError) -> JSON {
        var fields: [JSON.Field] = [
            .init(key: "error", value: .string(error.code.rawValue)),
            .init(key: "sentence", value: .string(error.sentence)),
        ]
        if let rule = error.refusal {
            fields.append(.init(key: "rule", value: JSON(rule.rawValue)))
        }
        if let hint = error.hint { fields.append(.init(key: "hint", value: .string(hint))) }
        if let reference = error.reference {
            fields.append(.init(key: "reference", value: .string(reference)))
        }
        if !error.newReaders.isEmpty {
            fields.append(.init(key: "newReaders", value: JSON(error.newReaders)))
        }
        if !error.candidates.isEmpty {
            fields.append(.init(key: "candidates", value: JSON(error.candidates)))
        }
        return .object(fields)
    }

    private static func write(_ descriptor: Int32, _ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let done = rest.withUnsafeBytes { buffer in
                #if canImport(Glibc)
                Glibc.write(descriptor, buffer.baseAddress, buffer.count)
                #elseif canImport(Musl)
                Musl.write(descriptor, buffer.baseAddress, buffer.count)
                #endif
            }
            if done < 0 {
                if errno == EINTR { continue }
                // Whoever read it has gone; there is nobody to tell.
                return
            }
            rest = rest.dropFirst(done)
        }
    }
}
