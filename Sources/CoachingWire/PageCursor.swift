// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingModel

/// Where the next page of a long list begins: after the element that it names.
///
/// It names an element and not a place, so that nobody who is there all the time is passed over or
/// comes twice when others come and go between two pages. Clients give it back as they got it.
///
/// - Limits: 1 to ``bytesMax`` bytes.
/// - Source: Protocol/spec.md, Pages.
public struct PageCursor: Hashable, Sendable {
    /// The most bytes of a cursor.
    public static let bytesMax = 64
    /// The bytes, which mean something to the server alone.
    public let bytes: [UInt8]

    /// Makes a cursor; `nil` where it has no bytes or too many.
    public init?(_ bytes: [UInt8]) {
        guard (1...Self.bytesMax).contains(bytes.count) else { return nil }
        self.bytes = bytes
    }

    /// Reads a cursor from an item; anything but a byte string is passed over like what is new.
    static func read(item: [UInt8]) throws(CBORError) -> PageCursor? {
        guard let first = item.first, first >> 5 == 2 else { return nil }
        return try CBORReader.reading(item, limits: Frame.partLimits) {
            (reader) throws(CBORError) -> PageCursor? in
            guard let cursor = PageCursor(try reader.bytes(max: bytesMax)) else {
                throw CBORError(.invalidValue, offset: 0)
            }
            return cursor
        }
    }
}

extension Request.Kind {
    /// Whether the answer is a list that may come in pages.
    public var isPaged: Bool {
        switch self {
        case .rooms, .lobby, .vouches, .people, .invites, .status, .keys, .introductions,
            .formats:
            true
        case .post, .posted, .follow, .unfollow, .history, .room, .directory, .devices, .renew,
            .about, .policy, .putChunk, .getChunk:
            false
        }
    }
}

extension Answer.Kind {
    /// Whether it is a list that may come in pages.
    public var isPaged: Bool {
        switch self {
        case .rooms, .lobby, .vouches, .people, .invites, .status, .keys, .introductions,
            .formats:
            true
        case .posted, .followed, .history, .done, .devices, .certificate, .about, .policy, .chunk:
            false
        }
    }
}

extension Answer {
    /// Appends the next page of the same list.
    ///
    /// A person whose rooms go over two pages is one person again.
    ///
    /// - Returns: whether it is a page of the same list.
    public mutating func append(_ page: Answer) -> Bool {
        switch (self, page) {
        case (.rooms(let all), .rooms(let more)): self = .rooms(all + more)
        case (.lobby(let all), .lobby(let more)):
            self = .lobby(Lobby(candidates: all.candidates + more.candidates))
        case (.vouches(let all), .vouches(let more)): self = .vouches(all + more)
        case (.people(let all), .people(let more)): self = .joining(all + more)
        case (.invites(let all), .invites(let more)): self = .invites(all + more)
        case (.status(var all), .status(let more)):
            all.rooms += more.rooms
            self = .status(all)
        case (.keys(let all), .keys(let more)): self = .keys(all + more)
        case (.introductions(let all), .introductions(let more)): self = .introductions(all + more)
        case (.formats(let all), .formats(let more)): self = .formats(all + more)
        default: return false
        }
        return true
    }

    /// Makes a list of people in which somebody who stands there in parts, one behind the other,
    /// is one again.
    public static func joining(_ parts: [PersonSummary]) -> Answer {
        var people: [PersonSummary] = []
        people.reserveCapacity(parts.count)
        for part in parts {
            if let last = people.last, last.participant == part.participant {
                people[people.count - 1].rooms += part.rooms
            } else {
                people.append(part)
            }
        }
        return .people(people)
    }
}
