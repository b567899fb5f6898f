// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingModel
import CoachingWire

/// What the elements of a list are ordered by, so that a page can begin after any of them.
protocol PageKey: Comparable {
    var bytes: [UInt8] { get }
    init?(_ bytes: [UInt8])
}

extension Bytes16: PageKey {}
extension Bytes32: PageKey {}

/// Cuts lists into pages that fit a frame.
///
/// - Source: Protocol/spec.md, Pages.
struct Paging {
    /// A part of a list, with where the next one begins.
    struct Page<Element> {
        var elements: [Element]
        var next: PageCursor?
    }

    /// How many bytes the elements of one page have; a single one may be longer.
    let bytesMax: Int

    /// With more bytes a page could have more items than a client reads in a frame.
    private static let bytesBound = 65_536
    /// What stands around the elements.
    private static let aroundBytes = 256

    init(_ limits: WireLimits) {
        bytesMax = min(Int(limits.frameBytesMax), Self.bytesBound) - Self.aroundBytes
    }

    /// Gives the elements after a cursor that fit a frame.
    ///
    /// They are chosen by their keys and stand in the order of `items`.
    ///
    /// - Complexity: sorts the items that come after the cursor by their keys, and makes only the
    ///   elements of the page.
    /// - Throws: a refusal where the cursor is none of this list.
    func page<Item, Key: PageKey, Element: Encodable>(
        of items: [Item],
        after cursor: PageCursor?,
        by key: (Item) -> Key,
        _ make: (Item) -> Element?
    ) throws(Refusal) -> Page<Element> {
        var after: Key?
        if let cursor {
            guard let key = Key(cursor.bytes) else {
                throw Refusal(.badRequest, sentence: Sentences.badRequest)
            }
            after = key
        }
        var places: [(key: Key, index: Int)] = []
        for (index, item) in items.enumerated() {
            let key = key(item)
            if let after, key <= after { continue }
            places.append((key, index))
        }
        places.sort { $0.key < $1.key }
        var chosen: [(index: Int, element: Element)] = []
        var next: PageCursor?
        var bytes = 0
        var last: Key?
        for place in places {
            guard let element = make(items[place.index]) else { continue }
            bytes += try Self.bytes(of: element)
            if bytes > bytesMax, let last {
                next = PageCursor(last.bytes)
                break
            }
            chosen.append((place.index, element))
            last = place.key
        }
        return Page(elements: chosen.sorted { $0.index < $1.index }.map(\.element), next: next)
    }

    private static func bytes(of element: some Encodable) throws(Refusal) -> Int {
        do throws(CBORError) {
            return try CBOREncoder(limits: Frame.answerLimits).encode(element).count
        } catch {
            throw Refusal(.tooLong, sentence: Sentences.tooLong)
        }
    }
}

/// How far a list of formats has come: to the one of a name.
struct FormatPlace: PageKey {
    var name: String

    static func < (left: FormatPlace, right: FormatPlace) -> Bool { left.name < right.name }

    init(_ name: String) { self.name = name }

    init?(_ bytes: [UInt8]) {
        guard let name = String(validating: bytes, as: UTF8.self) else { return nil }
        self.name = name
    }

    var bytes: [UInt8] { Array(name.utf8) }
}

/// How far a list of people has come: to the end of a person, or within their rooms.
struct PersonPlace: PageKey {
    var participant: Bytes16
    /// The last of the person's rooms so far; `nil` where they are all there.
    var room: Bytes16?

    static func < (left: PersonPlace, right: PersonPlace) -> Bool {
        guard left.participant == right.participant else {
            return left.participant < right.participant
        }
        guard let room = left.room else { return false }
        return right.room.map { room < $0 } ?? true
    }

    init(_ participant: ParticipantID, upTo room: RoomID?) {
        self.participant = participant.value
        self.room = room?.value
    }

    init?(_ bytes: [UInt8]) {
        guard let participant = Bytes16(bytes.prefix(16)) else { return nil }
        self.participant = participant
        guard bytes.count > 16 else { return }
        guard let room = Bytes16(bytes.dropFirst(16)) else { return nil }
        self.room = room
    }

    var bytes: [UInt8] { participant.bytes + (room?.bytes ?? []) }
}
