// SPDX-License-Identifier: Apache-2.0

/// When in a conversation a question fits.
public enum QuestionPhase: String, CaseIterable, Hashable, Sendable {
    /// While it is found out what it is about.
    case begin
    /// In the midst.
    case middle
    /// Towards the end, before something is promised.
    case end
}

/// A question that a coach could ask.
public struct BankQuestion: Hashable, Sendable {
    /// What it is for, such as "situation" or "perspective".
    public var aim: String
    /// When it fits; `nil` for at any time.
    public var phase: QuestionPhase?
    /// The question.
    public var text: String
    /// Whether it comes from a file of the person or the programme.
    public var isOwn = false

    /// Makes a question.
    public init(aim: String, phase: QuestionPhase?, text: String, isOwn: Bool = false) {
        self.aim = aim
        self.phase = phase
        self.text = text
        self.isOwn = isOwn
    }
}

/// Questions by aim and phase.
public struct QuestionBank: Hashable, Sendable {
    /// The questions in their order.
    public private(set) var questions: [BankQuestion]

    /// Makes a bank.
    public init(_ questions: [BankQuestion]) { self.questions = questions }

    /// What comes with the program, written for it.
    public static let builtIn = QuestionBank(BuiltInQuestions.all)

    /// The aims in the order of their first question.
    public var aims: [String] {
        var seen: Set<String> = []
        return questions.map(\.aim).filter { seen.insert($0).inserted }
    }

    /// Puts one's own questions before the others; the same text stands once.
    public func adding(_ own: QuestionBank) -> QuestionBank {
        var seen: Set<String> = []
        return QuestionBank(
            (own.questions + questions).filter { seen.insert($0.aim + "\n" + $0.text).inserted }
        )
    }

    /// Gives the questions of an aim that fit a phase; `nil` asks for all.
    public func questions(aim: String?, phase: QuestionPhase?) -> [BankQuestion] {
        questions.filter { question in
            (aim == nil || question.aim == aim)
                && (phase == nil || question.phase == nil || question.phase == phase)
        }
    }

    /// Gives the next few of those that fit, one after the other and then from the beginning.
    ///
    /// Without an aim, neighbours come from different aims.
    ///
    /// - Parameters:
    ///   - aim: whose questions; `nil` for all.
    ///   - phase: when; `nil` for any time.
    ///   - turn: how often was asked before.
    ///   - count: how many.
    /// - Returns: at most as many, none twice; empty only where the aim has none.
    public func offer(
        aim: String?,
        phase: QuestionPhase?,
        turn: Int,
        count: Int = 3
    ) -> [BankQuestion] {
        var fitting = questions(aim: aim, phase: phase)
        if fitting.isEmpty { fitting = questions(aim: aim, phase: nil) }
        if aim == nil { fitting = Self.dealt(fitting) }
        guard !fitting.isEmpty, count > 0 else { return [] }
        let start = (max(0, turn) % fitting.count) * count
        return (0..<min(count, fitting.count)).map { fitting[(start + $0) % fitting.count] }
    }

    /// One of each aim, then the second of each.
    private static func dealt(_ questions: [BankQuestion]) -> [BankQuestion] {
        var ranks: [String: Int] = [:]
        let ranked = questions.enumerated().map { index, question in
            let rank = ranks[question.aim, default: 0]
            ranks[question.aim] = rank + 1
            return (rank: rank, index: index, question: question)
        }
        return ranked.sorted { ($0.rank, $0.index) < ($1.rank, $1.index) }.map(\.question)
    }
}
