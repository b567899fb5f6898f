// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

@testable import CoachingClient

/// What may be gone, and what a server must not have removed.
struct ErasureLedgerTests {
    private let lena = PersonID(Bytes16(high: 1, low: 1))
    private let tom = PersonID(Bytes16(high: 1, low: 2))

    @Test func `who wrote a line takes it back`() {
        var ledger = ErasureLedger()
        #expect(ledger.read(1, by: lena) == [])
        #expect(ledger.read(2, by: tom) == [])
        let taken = ledger.withdraw([1], by: lena, at: 3)
        #expect(taken.gone == [1])
        #expect(taken.wrong == [])
    }

    @Test func `nobody takes back another's line, and it is named`() {
        var ledger = ErasureLedger()
        #expect(ledger.read(1, by: lena) == [])
        #expect(ledger.read(2, by: tom) == [])
        let taken = ledger.withdraw([1, 2], by: tom, at: 3)
        #expect(taken.gone == [2])
        #expect(taken.wrong == [.otherAuthor(tom, 1)])
        #expect(ledger.withdraw([1], by: nil, at: 4).gone == [])
    }

    @Test func `who may take lines out of the room takes another's`() {
        var ledger = ErasureLedger()
        #expect(ledger.read(1, by: lena) == [])
        let taken = ledger.withdraw([1], by: tom, at: 2, takesOut: true)
        #expect(taken.gone == [1])
        #expect(taken.wrong == [])
    }

    @Test func `a tombstone is right when its withdrawal comes, and only then`() {
        var ledger = ErasureLedger()
        #expect(ledger.bury(1, by: 3, last: 3, mayBeOver: true) == [])
        #expect(ledger.bury(2, by: 3, last: 3, mayBeOver: true) == [])
        #expect(ledger.open == [1, 2])
        let taken = ledger.withdraw([1], by: lena, at: 3)
        #expect(taken.gone == [1])
        #expect(taken.wrong == [.removed(2)])
        #expect(ledger.open == [])
    }

    @Test func `something else in the withdrawal's place is no withdrawal`() {
        var ledger = ErasureLedger()
        #expect(ledger.bury(1, by: 2, last: 2, mayBeOver: true) == [])
        #expect(ledger.read(2, by: lena) == [.removed(1)])
        #expect(ledger.bury(3, by: 4, last: 4, mayBeOver: true) == [])
        #expect(ledger.pass(4) == [.removed(3)])
        #expect(ledger.bury(5, by: 6, last: 9, mayBeOver: true) == [])
        #expect(ledger.bury(6, by: 9, last: 9, mayBeOver: true) == [.removed(5)])
    }

    @Test func `a withdrawal cannot stand before what it takes back, nor far beyond the end`() {
        var ledger = ErasureLedger()
        #expect(ledger.bury(5, by: 5, last: 9, mayBeOver: true) == [.removed(5)])
        #expect(ledger.bury(6, by: 2, last: 9, mayBeOver: true) == [.removed(6)])
        #expect(ledger.bury(7, by: .max, last: 9, mayBeOver: true) == [.removed(7)])
        #expect(ledger.bury(8, by: 20_000, last: 9, mayBeOver: true) == [.removed(8)])
        #expect(ledger.bury(9, by: .max, last: .max, mayBeOver: true) == [.removed(9)])
    }

    @Test func `what is said to be over must be able to be over`() {
        var ledger = ErasureLedger()
        #expect(ledger.bury(1, by: 0, last: 9, mayBeOver: true) == [])
        #expect(ledger.bury(2, by: nil, last: 9, mayBeOver: true) == [])
        #expect(ledger.bury(3, by: 0, last: 9, mayBeOver: false) == [.removed(3)])
        // A withdrawal that is over itself covers what is older than it.
        #expect(ledger.bury(4, by: 5, last: 9, mayBeOver: true) == [])
        #expect(ledger.bury(5, by: 0, last: 9, mayBeOver: true) == [])
        #expect(ledger.open == [])
    }
}
