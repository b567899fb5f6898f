// SPDX-License-Identifier: Apache-2.0
public import CoachingModel

/// What can be said about how somebody coached one turn, and where it is from.
///
/// Lines count only where they were the conversation. A spoken turn has nothing but what an
/// observer marked; the lines that were typed beside it are never counted.
public enum CoachingAccount: Hashable, Sendable {
    /// Counted from the turn's lines.
    case typed(ListeningNumbers)
    /// Counted by observers and handed over; not empty.
    case marked([HandedMarks])
    /// Nothing was counted: spoken and nobody marked it.
    case notCounted
    /// The turn was typed, and none of its lines can be read here any more, or one wrote none.
    case nothingToRead

    /// Decides what counts.
    ///
    /// - Parameters:
    ///   - medium: how people talked in the session.
    ///   - lines: the turn's lines that can be read here.
    ///   - marks: what observers handed over about it.
    public init(medium: Medium, lines: [TurnLine], marks: [HandedMarks]) {
        switch medium {
        case .spoken:
            self = marks.isEmpty ? .notCounted : .marked(marks)
        case .typed:
            let numbers = ListeningNumbers(of: lines)
            if numbers.lines > 0 {
                self = .typed(numbers)
            } else {
                self = marks.isEmpty ? .nothingToRead : .marked(marks)
            }
        }
    }
}

/// Marks, and who handed them over.
public struct HandedMarks: Hashable, Sendable {
    /// The observer's name.
    public var observer: String
    /// What they counted.
    public var marks: ObserverMarks

    /// Makes them.
    public init(observer: String, marks: ObserverMarks) {
        self.observer = observer
        self.marks = marks
    }
}

/// How somebody coached over sessions: one row for each that has numbers of one origin.
///
/// Typed and spoken sessions are never put into one row of numbers: what was counted differs.
public struct ListeningTrend: Hashable, Sendable {
    /// One session.
    public struct Row: Hashable, Sendable {
        /// The session's number, from 1.
        public var session: Int
        /// The turns that have numbers.
        public var turns: Int
        /// Counted from lines, if any turn was.
        public var numbers: ListeningNumbers?
        /// Counted by observers, summed over turns, in the order of ``ObserverMarks/titles``;
        /// empty where nobody handed marks over.
        public var marked: [Int]
    }

    /// The rows in the sessions' order.
    public var rows: [Row]

    /// Puts the turns of each session together; sessions without any number are left out.
    public init(_ sessions: [(session: Int, turns: [CoachingAccount])]) {
        rows = sessions.sorted { $0.session < $1.session }.compactMap { session, turns in
            var row = Row(session: session, turns: 0, numbers: nil, marked: [])
            for turn in turns {
                switch turn {
                case .typed(let numbers):
                    row.turns += 1
                    row.numbers = row.numbers.map { $0 + numbers } ?? numbers
                case .marked(let handed):
                    row.turns += 1
                    for marks in handed {
                        let counts = marks.marks.counts.map(\.number)
                        row.marked =
                            row.marked.isEmpty ? counts : zip(row.marked, counts).map { $0 + $1 }
                    }
                case .notCounted, .nothingToRead: continue
                }
            }
            return row.turns > 0 ? row : nil
        }
    }
}
