// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// What of a session's feedback is still open, in words, for one of the two.
struct FeedbackWords {
    /// What is open between the person and others.
    var open: [FeedbackDue]
    /// Whose words these are.
    var me: PersonID
    /// Gives a person's name.
    var name: (PersonID) -> String

    /// Only in the room's view commands begin with a slash.
    enum Place { case inside, outside }

    /// Says it: what one can write, what one can tick, what is still to come.
    func lines(_ place: Place) -> [String] {
        var lines: [String] = []
        let write = toWrite(place)
        if !write.isEmpty {
            lines.append("Open for you to write: \(Words.list(write)).")
            lines.append("Only the two of you see that it is open.")
        }
        let hear = open.filter { $0.part == .spoken && $0.to == me }.map { name($0.from) }
        if !hear.isEmpty {
            let how = place == .inside ? "/heard NAME" : "peercoach heard NAME"
            lines.append("Did you hear it aloud from \(Words.list(hear, "or"))? Then: \(how)")
        }
        let come = open.filter { $0.to == me && $0.part != .spoken }.map {
            $0.part == .written
                ? "feedback from \(name($0.from))" : "\(name($0.from)) on how you coached"
        }
        if !come.isEmpty { lines.append("Still to come in writing: \(Words.list(come)).") }
        let said = open.filter { $0.part == .spoken && $0.from == me }.map { name($0.to) }
        if !said.isEmpty {
            lines.append("Not said yet by \(Words.list(said)): that your feedback was heard aloud.")
        }
        return lines
    }

    /// What one can write, with how.
    func toWrite(_ place: Place) -> [String] {
        open.filter { $0.from == me && $0.part != .spoken }.map { due in
            let to = name(due.to)
            switch (due.part, place) {
            case (.assessment, .inside): return "how \(to) coached (/assess \(to))"
            case (.assessment, .outside): return "how \(to) coached (peercoach feedback assess)"
            case (_, .inside): return "feedback to \(to) (/feedback \(to))"
            case (_, .outside): return "feedback to \(to) (peercoach feedback write)"
            }
        }
    }
}

extension FeedbackDue.Part {
    /// The part for a program.
    var word: String {
        switch self {
        case .spoken: "spoken"
        case .written: "written"
        case .assessment: "assessment"
        }
    }
}
