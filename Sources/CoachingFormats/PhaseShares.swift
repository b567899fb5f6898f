// SPDX-License-Identifier: Apache-2.0

/// Works out how long phases are that a file gives as shares of the whole session.
///
/// A share of a phase within the rounds is that of all rounds together, of as many as a session of
/// the format usually has: its `rounds`, else one for each person of a usual pod.
struct PhaseShares {
    /// Says what is wrong with a share.
    struct Mistake: Error {
        var sentence: String
    }

    /// How long the whole session is, in seconds; `nil` where the file does not say.
    var whole: UInt32?
    /// How many rounds it usually has, from 1 on.
    var rounds: UInt8 = 1
    private var percent = 0
    private var count = 0

    /// Reads a share such as `20%`, and gives the phase's seconds.
    mutating func seconds(_ word: String, isInRound: Bool) throws(Mistake) -> UInt32 {
        count += 1
        let digits = word.hasSuffix("%") ? word.dropLast() : ""
        guard (1...3).contains(digits.utf8.count),
            digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let share = UInt32(digits), (1...100).contains(share)
        else { throw Mistake(sentence: "write a share as 20%, from 1% to 100% of the length") }
        guard let whole else {
            throw Mistake(
                sentence: "a share is of the whole session: say its minutes above, as length: 90"
            )
        }
        percent += Int(share)
        return UInt32(UInt64(whole) * UInt64(share) / (100 * (isInRound ? UInt64(rounds) : 1)))
    }

    /// What is wrong with all of them together.
    var mistake: String? {
        if whole != nil, count == 0 { return "no phase has a share of it" }
        return percent > 100 ? "the shares come to \(percent)%, more than the whole" : nil
    }
}
