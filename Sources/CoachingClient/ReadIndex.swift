// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// What is kept of every item of a transcript that was read and checked: enough to ask for it
/// again later and to know that it is the same.
///
/// - Limits: the newest ``itemsMax`` items of a transcript.
struct ReadIndex: Sendable {
    /// The most items that are kept.
    static let itemsMax = 65_536

    /// One item.
    struct Item: Sendable {
        var digest: Bytes32
        var at: Timestamp
        /// Whether it is a line that people read, and no key, text of the room or tombstone.
        var isLine: Bool
    }

    private var first: UInt64 = 0
    private var items: [Item] = []

    /// The numbers that are kept, ascending.
    var numbers: Range<UInt64> { first..<first + UInt64(items.count) }

    subscript(number: UInt64) -> Item? {
        numbers.contains(number) ? items[Int(number - first)] : nil
    }

    /// Takes the next item; after a gap only what follows it is kept.
    mutating func append(_ item: Item, number: UInt64) {
        if number != numbers.upperBound {
            items.removeAll()
            first = number
        }
        items.append(item)
        // Dropping half at once keeps the cost of each item constant.
        if items.count >= Self.itemsMax {
            items.removeFirst(Self.itemsMax / 2)
            first += UInt64(Self.itemsMax / 2)
        }
    }
}

/// Where a line stands among all lines of a room, by time.
public struct LinePlace: Hashable, Sendable, Comparable {
    var at: Timestamp
    var transcript: TranscriptID
    var number: UInt64

    /// Orders by time; within a transcript the numbers decide where times are equal.
    public static func < (left: LinePlace, right: LinePlace) -> Bool {
        (left.at, left.transcript, left.number) < (right.at, right.transcript, right.number)
    }
}

/// Some lines from before, oldest first.
public struct LinePage: Hashable, Sendable {
    /// The lines.
    public var lines: [ReadEntry]
    /// From where to go on further back; `nil` where nothing is older.
    public var next: LinePlace?
}
