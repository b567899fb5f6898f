// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// A file of people: comma-separated, with a first line that names the columns.
///
/// - Shape: RFC 4180 in UTF-8, with or without a byte order mark; semicolons or tabs instead of
///   commas where the first line has them. Columns in any order: `name`, and perhaps
///   `department` and `email`; others are passed over.
/// - Limits: ``bytesMax``, ``peopleMax``.
enum PeopleFile {
    /// The longest file, in bytes.
    static let bytesMax = 1 << 20
    /// The most people in one file, so that all can be added at once or none.
    static let peopleMax = 500
    /// The most mistakes that are listed.
    static let mistakesMax = 20

    /// Somebody in the file.
    struct Person: Hashable, Sendable {
        /// The line on which they begin, from 1.
        var line: Int
        var name: String
        var department: String?
        var address: String?
    }

    /// What is wrong, by line; nothing of the file is used.
    struct Mistakes: Error, Hashable, Sendable {
        /// One sentence each, with the line's number.
        var sentences: [String]
    }

    /// Reads a file.
    ///
    /// - Throws: ``Mistakes`` with everything that was found, never half of the people.
    static func read(_ text: String) throws(Mistakes) -> [Person] {
        var scalars = text.unicodeScalars[...]
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        let separator = separator(of: scalars)
        var rows = try rows(of: scalars, separator: separator)
        guard !rows.isEmpty else { throw Mistakes(sentences: ["The file is empty."]) }
        let columns = try Columns(rows.removeFirst())
        var found = Collected()
        for row in rows { found.add(row, columns) }
        if found.people.count > peopleMax {
            found.mistake("The file has more than \(peopleMax) people: make several files.")
        }
        if found.people.isEmpty, found.mistakes.isEmpty {
            found.mistake("The file names nobody after its first line.")
        }
        guard found.mistakes.isEmpty else { throw Mistakes(sentences: found.mistakes) }
        return found.people
    }

    private struct Row {
        var line: Int
        var fields: [String]
    }

    private struct Columns {
        var name: Int
        var department: Int?
        var address: Int?
        var count: Int

        init(_ row: Row) throws(Mistakes) {
            let titles = row.fields.map { PersonName.key($0) }
            func place(_ names: [String]) throws(Mistakes) -> Int? {
                let found = titles.indices.filter { names.contains(titles[$0]) }
                guard found.count < 2 else {
                    throw Mistakes(
                        sentences: ["Line \(row.line): the column '\(names[0])' is there twice."])
                }
                return found.first
            }
            guard let name = try place(["name"]) else {
                throw Mistakes(
                    sentences: [
                        "Line \(row.line): the first line names the columns, and one must be "
                            + "'name' (others: email, department)."
                    ])
            }
            self.name = name
            department = try place(["department"])
            address = try place(["email", "e-mail", "mail", "address"])
            count = titles.count
        }
    }

    private struct Collected {
        var people: [Person] = []
        var mistakes: [String] = []
        private var lines: [String: Int] = [:]

        mutating func mistake(_ sentence: String) {
            if mistakes.count < mistakesMax { mistakes.append(sentence) }
        }

        mutating func add(_ row: Row, _ columns: Columns) {
            if row.fields.allSatisfy(\.isEmpty) { return }
            guard row.fields.count == columns.count else {
                return mistake(
                    "Line \(row.line): \(Words.count(row.fields.count, "field")), the first line "
                        + "has \(columns.count)."
                )
            }
            let person = Person(
                line: row.line,
                name: row.fields[columns.name],
                department: columns.department.map { row.fields[$0] }?.nonEmpty,
                address: columns.address.map { row.fields[$0] }?.nonEmpty
            )
            if let fault = PersonName.mistake(person.name) {
                return mistake("Line \(row.line): the name " + Self.say(fault))
            }
            if let department = person.department, let fault = PersonName.mistake(department) {
                return mistake("Line \(row.line): the department " + Self.say(fault))
            }
            if let address = person.address, let fault = MailAddress.mistake(address) {
                return mistake("Line \(row.line): the address " + Self.say(fault))
            }
            let key = PersonName.key(person.name)
            if let first = lines[key] {
                return mistake(
                    "Line \(row.line): \(person.name) is on line \(first) already. Two people "
                        + "need two names, such as with a middle initial."
                )
            }
            lines[key] = row.line
            people.append(person)
        }

        static func say(_ fault: NameMistake) -> String { PeopleFile.say(fault) }
    }

    /// Says what is wrong with a name, as the end of a sentence.
    static func say(_ fault: NameMistake) -> String {
        switch fault {
        case .empty: "is missing."
        case .tooLong(let bytes, let bytesMax):
            "is too long: \(bytes) bytes, \(bytesMax) at most."
        case .spaceMisplaced: "has a space at an end, or two in a row."
        case .invisible: "holds a character that cannot be seen."
        case .beginning: "begins with a character that no name begins with."
        case .notAnAddress: "is no mail address."
        }
    }

    private static func separator(
        of text: Substring.UnicodeScalarView
    ) -> Unicode.Scalar {
        let first = text.prefix { $0 != "\n" && $0 != "\r" }
        if first.contains(",") { return "," }
        if first.contains(";") { return ";" }
        return first.contains("\t") ? "\t" : ","
    }

    private static func rows(
        of text: Substring.UnicodeScalarView,
        separator: Unicode.Scalar
    ) throws(Mistakes) -> [Row] {
        var reader = FieldReader(rest: text, separator: separator)
        var rows: [Row] = []
        while !reader.rest.isEmpty {
            let line = reader.line
            let fields = try reader.row()
            if fields.count == 1, fields[0].isEmpty { continue }
            rows.append(Row(line: line, fields: fields))
            guard rows.count <= 4 * peopleMax else {
                throw Mistakes(
                    sentences: ["The file has too many lines: \(peopleMax) people at most."])
            }
        }
        return rows
    }
}

/// Reads one field after the other.
private struct FieldReader {
    var rest: Substring.UnicodeScalarView
    let separator: Unicode.Scalar
    var line = 1

    /// Reads fields up to the end of the line.
    mutating func row() throws(PeopleFile.Mistakes) -> [String] {
        var fields: [String] = []
        while true {
            fields.append(try field())
            guard let next = rest.popFirst() else { return fields }
            if next == separator { continue }
            if next == "\r", rest.first == "\n" { rest.removeFirst() }
            line += 1
            return fields
        }
    }

    private mutating func field() throws(PeopleFile.Mistakes) -> String {
        while rest.first == " " { rest.removeFirst() }
        var text = String.UnicodeScalarView()
        guard rest.first == "\"" else {
            while let next = rest.first, next != separator, next != "\n", next != "\r" {
                if next == "\"" { throw mistake("a quotation mark inside a field") }
                text.append(next)
                rest.removeFirst()
            }
            while text.last == " " { text.removeLast() }
            return String(text)
        }
        let start = line
        rest.removeFirst()
        while let next = rest.popFirst() {
            if next == "\"" {
                guard rest.first == "\"" else { return try ended(String(text)) }
                rest.removeFirst()
            }
            if next == "\n" { line += 1 }
            text.append(next)
        }
        line = start
        throw mistake("a quotation mark that is never closed")
    }

    private mutating func ended(_ text: String) throws(PeopleFile.Mistakes) -> String {
        while rest.first == " " { rest.removeFirst() }
        guard let next = rest.first else { return text }
        guard next == separator || next == "\n" || next == "\r" else {
            throw mistake("something after a closing quotation mark")
        }
        return text
    }

    private func mistake(_ what: String) -> PeopleFile.Mistakes {
        PeopleFile.Mistakes(
            sentences: ["Line \(line): \(what). Double it inside quotes: \"\"."])
    }
}

extension String {
    /// The text, or nothing where it is empty.
    var nonEmpty: String? { isEmpty ? nil : self }
}
