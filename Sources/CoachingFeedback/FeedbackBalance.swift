// SPDX-License-Identifier: Apache-2.0

/// What could be looked at once more before feedback is sent, in sentences for its author.
///
/// It holds nothing up: who wants to send it so, does. Only feedback that says nothing has nothing
/// to send (``FeedbackParts/isEmpty``). It looks at parts and lengths and a few words; what is good
/// feedback it does not know.
public struct FeedbackBalance: Hashable, Sendable {
    /// What was noticed.
    public enum Remark: Hashable, Sendable {
        /// A part is not there.
        case missing(FeedbackPart)
        /// Much more is said on what could be otherwise than on what helped.
        case lopsided
        /// Something to try is named, and nothing that was seen.
        case unseen
        /// What was seen says "always", "never" or the like.
        case general(String)
        /// What was seen begins with what somebody is.
        case judging(String)
    }

    /// How many times as long as the strengths the rest may be.
    public static let shareMax = 4
    /// Under so many characters nothing is called long.
    public static let longFrom = 80

    /// What was noticed, in the order of the parts.
    public let remarks: [Remark]

    /// Looks at feedback.
    public init(_ parts: FeedbackParts) {
        var found: [Remark] = FeedbackPart.allCases.filter { parts[$0] == nil }.map(Remark.missing)
        let strengths = parts[.strengths]?.count ?? 0
        let rest = (parts[.instead]?.count ?? 0) + (parts[.observed]?.count ?? 0)
        if strengths > 0, rest >= Self.longFrom, rest > strengths * Self.shareMax {
            found.append(.lopsided)
        }
        if parts[.instead] != nil, parts[.observed] == nil { found.append(.unseen) }
        if let seen = parts[.observed] {
            let words = seen.lowercased().split { !$0.isLetter && $0 != "'" }.map(String.init)
            if let word = words.first(where: Self.generalWords.contains) {
                found.append(.general(word))
            }
            if words.count > 1, words[0] == "you", Self.beingWords.contains(words[1]) {
                found.append(.judging("you \(words[1])"))
            }
        }
        remarks = found
    }

    /// Whether all parts are there and nothing was noticed.
    public var isBalanced: Bool { remarks.isEmpty }

    /// What was noticed, a sentence each.
    public var sentences: [String] { remarks.map(\.sentence) }

    private static let generalWords: Set<String> = [
        "always", "never", "everybody", "nobody", "constantly", "immer", "nie", "niemals",
    ]
    private static let beingWords: Set<String> = ["are", "were", "seem"]
}

extension FeedbackBalance.Remark {
    /// The sentence for the author.
    public var sentence: String {
        switch self {
        case .missing(.strengths):
            "What helped is missing: what should they do again?"
        case .missing(.observed):
            "What you saw or heard is missing: at what moment, in which words?"
        case .missing(.effect):
            "What it did is missing: to you, or as you saw it."
        case .missing(.instead):
            "What they could try is missing: one thing is enough."
        case .missing(.goal):
            "Their own aim is missing: which one does it serve?"
        case .lopsided:
            "Much more is about what could be otherwise than about what helped."
        case .unseen:
            "There is something to try, and nothing that you saw: it may read as criticism."
        case .general(let word):
            "\"\(word)\" in what you saw: one moment says more."
        case .judging(let words):
            "What you saw begins with \"\(words)\": say what they did, not what they are."
        }
    }
}
