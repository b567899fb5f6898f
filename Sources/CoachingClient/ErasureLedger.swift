// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// What is gone of one transcript, and whether somebody had the right to it.
///
/// Lines go in two ways: their author, or in the room a facilitator, names them in a withdrawal,
/// or their time is over. A
/// tombstone says which; it is believed only where the withdrawal comes, by its number, or where
/// the time can be over. What was read before it went is checked against its author as well.
///
/// - Limits: one word a line, and only for transcripts that are being read.
struct ErasureLedger: Sendable {
    /// What is wrong with an erasure.
    enum Wrong: Hashable {
        /// Nobody who may do so removed the line of this number.
        case removed(UInt64)
        /// This person wanted to take back the line of this number, which is another's.
        case otherAuthor(PersonID?, UInt64)
    }

    /// How far beyond what is known a withdrawal may stand.
    static let aheadMax: UInt64 = 4_096

    /// Who wrote the lines that were read, by number.
    private var authors: [UInt64: PersonID] = [:]
    /// Tombstones whose withdrawal is still to come, by its number.
    private var awaited: [UInt64: [UInt64]] = [:]

    /// The numbers whose withdrawal has not come yet.
    var open: [UInt64] { awaited.values.joined().sorted() }

    /// Gives who wrote a line that is there; `nil` for one that is not.
    func author(of number: UInt64) -> PersonID? { authors[number] }

    /// Takes note of a line and its author.
    mutating func read(_ number: UInt64, by author: PersonID?) -> [Wrong] {
        authors[number] = author
        return notExcused(at: number, naming: [])
    }

    /// Takes note of something at this number that is no withdrawal.
    mutating func pass(_ number: UInt64) -> [Wrong] { notExcused(at: number, naming: []) }

    /// Takes a withdrawal.
    ///
    /// - Parameters:
    ///   - numbers: what it names.
    ///   - person: who wrote it.
    ///   - number: its own number.
    ///   - takesOut: whether they may take out what others wrote, as a facilitator of the room.
    /// - Returns: the lines that are gone by it, and what is wrong with it.
    mutating func withdraw(
        _ numbers: [UInt64],
        by person: PersonID?,
        at number: UInt64,
        takesOut: Bool = false
    ) -> (gone: [UInt64], wrong: [Wrong]) {
        var gone: [UInt64] = []
        var wrong = notExcused(at: number, naming: numbers)
        for cited in numbers where cited < number {
            if let author = authors[cited], author != person || person == nil, !takesOut {
                wrong.append(.otherAuthor(person, cited))
            } else {
                authors[cited] = nil
                gone.append(cited)
            }
        }
        return (gone, wrong)
    }

    /// Takes a tombstone.
    ///
    /// - Parameters:
    ///   - number: the number of what is gone.
    ///   - by: the number of its withdrawal; 0 or `nil` where its time is said to be over.
    ///   - last: the last number that the server has told of.
    ///   - mayBeOver: whether its time can be over.
    /// - Returns: what is wrong with it, or with what was to excuse others.
    mutating func bury(
        _ number: UInt64,
        by: UInt64?,
        last: UInt64,
        mayBeOver: Bool
    ) -> [Wrong] {
        // A withdrawal whose own time is over stood here; what it took back was older still.
        let excused = mayBeOver && (by ?? 0) == 0
        let wrong = excused ? [] : notExcused(at: number, naming: [])
        if excused { awaited[number] = nil }
        guard let by, by > 0 else { return wrong + (mayBeOver ? [] : [.removed(number)]) }
        // The withdrawal may be younger than what the server told of, but not by much.
        guard by > number, by < max(last, number) &+ Self.aheadMax else {
            return wrong + [.removed(number)]
        }
        awaited[by, default: []].append(number)
        return wrong
    }

    /// The tombstones that named this number although it takes none of them back.
    private mutating func notExcused(at number: UInt64, naming named: [UInt64]) -> [Wrong] {
        guard !awaited.isEmpty, let waited = awaited.removeValue(forKey: number) else { return [] }
        let named = Set(named)
        return waited.filter { !named.contains($0) }.map { .removed($0) }
    }
}
