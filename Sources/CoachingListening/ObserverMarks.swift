// SPDX-License-Identifier: Apache-2.0

/// What an observer counted in one turn and handed to who coached it.
///
/// - Shape: "Marks of round 2: open questions 9, closed 3, said back 4, silences 2, advice 1. /
///   14:20 open questions: whose voice is it?": a line of text that people read as it is.
public struct ObserverMarks: Hashable, Sendable {
    /// One thing that was counted.
    public struct Count: Hashable, Sendable {
        /// What it is called.
        public var title: String
        /// How often it was marked.
        public var number: Int

        /// Makes a count.
        public init(title: String, number: Int) {
            self.title = title
            self.number = number
        }
    }

    /// A moment that the observer put words to.
    public struct Moment: Hashable, Sendable {
        /// The clock time, as the observer's device wrote it.
        public var clock: String
        /// What was marked.
        public var title: String
        /// The observer's words.
        public var quote: String

        /// Makes a moment.
        public init(clock: String, title: String, quote: String) {
            self.clock = clock
            self.title = title
            self.quote = quote
        }
    }

    /// What can be counted, in its order.
    public static let titles = ["open questions", "closed", "said back", "silences", "advice"]
    /// The largest count that is believed.
    public static let countMax = 500

    /// The round of the session, from 1.
    public var round: Int
    /// The counts, in the order of ``titles``.
    public var counts: [Count]
    /// The moments that have words, in their order.
    public var moments: [Moment]

    /// Makes marks.
    public init(round: Int, counts: [Count], moments: [Moment] = []) {
        self.round = round
        self.counts = counts
        self.moments = moments
    }

    /// Reads marks as they were handed over; `nil` for any other text.
    public init?(reading text: String) {
        let parts = text.split(separator: " / ", omittingEmptySubsequences: false)
        guard var head = parts.first, head.hasPrefix(Self.lead), head.hasSuffix(".") else {
            return nil
        }
        head = head.dropFirst(Self.lead.count).dropLast()
        let sides = head.split(separator: ": ", maxSplits: 1)
        guard sides.count == 2, let round = UInt8(sides[0]), round > 0 else { return nil }
        var counts: [Count] = []
        for item in sides[1].split(separator: ", ", omittingEmptySubsequences: false) {
            guard let cut = item.lastIndex(of: " "), let number = Int(item[cut...].dropFirst()),
                (0...Self.countMax).contains(number)
            else { return nil }
            counts.append(Count(title: String(item[..<cut]), number: number))
        }
        guard counts.map(\.title) == Self.titles else { return nil }
        self.init(round: Int(round), counts: counts)
        for part in parts.dropFirst() {
            if let moment = Self.moment(part) {
                moments.append(moment)
            } else if let last = moments.indices.last {
                // The observer's words held what parts moments.
                moments[last].quote += " / " + part
            } else {
                return nil
            }
        }
    }

    private static let lead = "Marks of round "

    private static func moment(_ text: Substring) -> Moment? {
        let clock = text.prefix(5)
        guard clock.utf8.count == 5, text.dropFirst(5).first == " ",
            clock.utf8.enumerated().allSatisfy({ index, byte in
                index == 2
                    ? byte == UInt8(ascii: ":")
                    : (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            })
        else { return nil }
        let rest = text.dropFirst(6)
        for title in titles where rest.hasPrefix(title + ": ") {
            return Moment(
                clock: String(clock),
                title: title,
                quote: String(rest.dropFirst(title.count + 2))
            )
        }
        return nil
    }

    /// The counts in words: "open questions 9, closed 3, …".
    public var countsText: String {
        counts.map { "\($0.title) \($0.number)" }.joined(separator: ", ")
    }
}
