// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingFeedback
import CoachingFormats

/// On which competencies coaching is looked at: those of the program, or of a file of one's own.
enum CompetencyChoice {
    /// The name of the file in the profile's folder and in that of one's settings.
    static let fileName = "competencies.yaml"

    /// The set that counts on this device.
    ///
    /// - Throws: ``ClientError`` with `file` and each mistake's line and column.
    static func set(
        _ options: GlobalOptions,
        file: String? = nil
    ) throws(ClientError)
        -> CompetencySet
    {
        guard let path = file ?? QuestionChoice.paths(options, fileName).first else { return .icf }
        let text = try TextFile.readOrdinary(path, bytesMax: CompetencyFile.bytesMax)
        do throws(FormatError) {
            return try CompetencyFile.parse(yaml: text)
        } catch {
            throw ClientError(
                .file,
                "Competencies cannot be read: \(path): \(error.mistakes.first?.description ?? "")",
                hint: error.mistakes.count > 1
                    ? error.mistakes.dropFirst().map(\.description).joined(separator: "; ") : nil
            )
        }
    }

    /// Reads "listens=3: waited at 14:20" or "listens 3 waited at 14:20".
    static func rating(_ typed: String, _ set: CompetencySet) throws(ClientError) -> Rating {
        guard let equals = typed.firstIndex(of: "=") else {
            throw ClientError(
                .usage,
                "'\(typed)' is no rating.",
                hint: "Such as --rate 'listens=3: what shows it'"
            )
        }
        let name = String(typed[..<equals]).trimmingSpaces
        let (level, evidence) = parts(String(typed[typed.index(after: equals)...]))
        return Rating(
            competency: try competency(name, set).name,
            level: try self.level(level, set),
            evidence: try checked(evidence)
        )
    }

    /// Reads what was typed for one competency: a level, and what shows it.
    static func rating(
        of competency: Competency,
        _ typed: String,
        _ set: CompetencySet
    ) throws(ClientError) -> Rating {
        let (level, evidence) = parts(typed)
        return Rating(
            competency: competency.name,
            level: try self.level(level, set),
            evidence: try checked(evidence)
        )
    }

    private static func parts(_ text: String) -> (level: String, evidence: String) {
        let text = text.trimmingSpaces
        if let colon = text.firstIndex(of: ":") {
            let head = String(text[..<colon]).trimmingSpaces
            return (head, String(text[text.index(after: colon)...]).trimmingSpaces)
        }
        let (head, rest) = text.headAndRest
        return Int(head) == nil ? (text, "") : (head, rest)
    }

    private static func competency(
        _ name: String,
        _ set: CompetencySet
    ) throws(ClientError) -> Competency {
        let found = set.competencies(called: name)
        if found.count == 1 { return found[0] }
        let names = (found.isEmpty ? set.competencies : found).map(\.name)
        throw ClientError(
            found.isEmpty ? .noSuchName : .ambiguousName,
            found.isEmpty
                ? "There is no competency '\(name)' in \(set.name)."
                : "'\(name)' could be \(Words.list(names, "or")).",
            hint: found.isEmpty ? "There are: \(Words.list(names))." : "Type more of the name.",
            candidates: names
        )
    }

    private static func level(_ typed: String, _ set: CompetencySet) throws(ClientError) -> UInt8 {
        if let level = set.level(typed) { return level }
        throw ClientError(
            .invalid,
            "'\(typed)' is no level of the scale.",
            hint: "There are: \(set.scale)."
        )
    }

    private static func checked(_ evidence: String) throws(ClientError) -> String? {
        guard evidence.utf8.count <= Assessment.evidenceBytesMax else {
            throw ClientError(
                .invalid,
                "What shows it is too long: \(Assessment.evidenceBytesMax) bytes at most."
            )
        }
        return evidence.isEmpty ? nil : evidence
    }
}
