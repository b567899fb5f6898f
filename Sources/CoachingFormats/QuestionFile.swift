// SPDX-License-Identifier: Apache-2.0

import Yams

/// Reads questions of one's own from YAML.
///
/// ```yaml
/// # An aim with questions for any time, and one with questions for each phase.
/// customers:
///   - What would your customer say to that?
/// perspective:
///   begin:
///     - Who sees it otherwise?
/// ```
///
/// The same small part of YAML as in formats is taken: ``FormatScan`` refuses the rest first.
///
/// - Limits: 64 KiB, ``questionsMax`` questions of ``textMax`` characters.
public enum QuestionFile {
    /// The longest file, in bytes of UTF-8.
    public static let bytesMax = FormatParser.bytesMax
    /// The most questions of a file.
    public static let questionsMax = 1_000
    /// The longest question, in characters.
    public static let textMax = 200
    /// The longest name of an aim.
    public static let aimMax = 24

    /// Reads a file.
    ///
    /// - Throws: ``FormatError`` with all mistakes that were found.
    public static func parse(yaml: String) throws(FormatError) -> QuestionBank {
        var reader = Reader()
        let root = try FormatParser.node(of: yaml)
        reader.aims(root)
        if let error = reader.found.error { throw error }
        return QuestionBank(reader.questions)
    }

    private struct Reader {
        var found = MistakeList()
        var questions: [BankQuestion] = []

        mutating func aims(_ root: Node) {
            guard let mapping = root.mapping else {
                return add(root, "this takes aims with a colon, each with a list of questions")
            }
            for (key, value) in mapping {
                let aim = key.scalar?.string ?? ""
                guard isName(aim) else {
                    add(
                        key,
                        "'\(clipped(aim))' is no name of an aim: small letters, digits and "
                            + "hyphens, \(aimMax) at most"
                    )
                    continue
                }
                if let phases = value.mapping {
                    for (name, list) in phases {
                        guard let phase = QuestionPhase(rawValue: name.scalar?.string ?? "") else {
                            add(
                                name,
                                "'\(clipped(name.scalar?.string ?? ""))' is no phase; there are: "
                                    + QuestionPhase.allCases.map(\.rawValue).joined(separator: ", ")
                            )
                            continue
                        }
                        take(list, aim, phase)
                    }
                } else {
                    take(value, aim, nil)
                }
            }
        }

        private mutating func take(_ list: Node, _ aim: String, _ phase: QuestionPhase?) {
            guard let items = list.sequence else {
                return add(list, "this is a list: a line with a hyphen for each question")
            }
            for item in items {
                guard questions.count < questionsMax else {
                    return add(item, "at most \(questionsMax) questions are allowed")
                }
                let text = item.scalar?.string ?? ""
                guard (1...textMax).contains(text.count), !text.allSatisfy(\.isWhitespace) else {
                    add(item, "a question is a text of 1 to \(textMax) characters")
                    continue
                }
                guard !text.contains(where: \.isNewline) else {
                    add(item, "a question stands on one line")
                    continue
                }
                questions.append(BankQuestion(aim: aim, phase: phase, text: text, isOwn: true))
            }
        }

        private func isName(_ aim: String) -> Bool {
            (1...aimMax).contains(aim.utf8.count)
                && aim.utf8.allSatisfy { byte in
                    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                        || byte == UInt8(ascii: "-")
                }
        }

        private mutating func add(_ node: Node, _ sentence: String) {
            found.add(node.mark?.line ?? 1, node.mark?.column ?? 1, sentence)
        }
    }
}
