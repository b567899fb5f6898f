// SPDX-License-Identifier: Apache-2.0

/// An appointment of a room: when its members mean to meet.
///
/// Whether a session is then held, when and how, is another matter.
public struct Meeting: Hashable, Sendable, Identifiable {
    /// Its number in the room, from 1; never used again.
    public var id: UInt32
    /// When it begins.
    public var start: Timestamp
    /// How long it is meant to last.
    public var minutes: UInt16
    /// How often it was moved.
    public var moves: UInt32 = 0
    /// Who said whether they come.
    public var answers: [PersonID: Bool] = [:]

    /// When it is meant to end.
    public var end: Timestamp { start.adding(milliseconds: Int64(minutes) * 60_000) }
}

/// A meeting as somebody wants it.
public struct MeetingWish: Codable, Hashable, Sendable {
    /// The meeting that is to be moved or called off; `nil` for a new one.
    public var id: UInt32?
    /// When it shall begin; `nil` calls it off.
    public var start: Timestamp?
    /// How long it shall last.
    public var minutes: UInt16

    enum CodingKeys: Int, CodingKey {
        case id = 0
        case start = 1
        case minutes = 2
    }

    /// Makes a wish.
    public init(id: UInt32?, start: Timestamp?, minutes: UInt16) {
        self.id = id
        self.start = start
        self.minutes = minutes
    }
}

/// Meetings as somebody wants them.
public struct MeetingWishes: Codable, Hashable, Sendable {
    /// The wishes, all of them or none.
    ///
    /// - Limits: ``RoomLimits/meetingsMax``.
    public var wishes: [MeetingWish]

    enum CodingKeys: Int, CodingKey { case wishes = 0 }

    /// Makes wishes.
    public init(_ wishes: [MeetingWish]) { self.wishes = wishes }
}

/// A meeting was set, moved or called off.
public struct MeetingSet: Codable, Hashable, Sendable {
    /// Its number.
    public var id: UInt32
    /// When it begins; `nil` where it was called off.
    public var start: Timestamp?
    /// How long it is meant to last.
    public var minutes: UInt16

    enum CodingKeys: Int, CodingKey {
        case id = 0
        case start = 1
        case minutes = 2
    }

    /// Makes the payload.
    public init(id: UInt32, start: Timestamp?, minutes: UInt16) {
        self.id = id
        self.start = start
        self.minutes = minutes
    }
}

/// A member said whether they come to a meeting.
public struct Coming: Codable, Hashable, Sendable {
    /// The meeting.
    public var meeting: UInt32
    /// Whether they come.
    public var comes: Bool

    enum CodingKeys: Int, CodingKey {
        case meeting = 0
        case comes = 1
    }

    /// Makes the payload.
    public init(meeting: UInt32, comes: Bool) {
        self.meeting = meeting
        self.comes = comes
    }
}

extension RoomLimits {
    /// How many meetings a room has ahead of it at most, and one request changes.
    public static let meetingsMax = 104
    /// How long a meeting may be.
    public static let meetingMinutes: ClosedRange<UInt16> = 10...1_440
    /// How far ahead a meeting may be, in milliseconds (two years).
    public static let meetingAheadMax: Int64 = 731 * 86_400_000
}

extension Room {
    /// The meetings that are not over at an instant, the next one first.
    public func meetings(after instant: Timestamp) -> [Meeting] {
        meetings.values.filter { $0.end > instant }
            .sorted { ($0.start, $0.id) < ($1.start, $1.id) }
    }

    /// Tells whether a member sets meetings: the facilitators, and where there is none every peer
    /// who has accepted the agreement.
    public func maySchedule(_ person: PersonID) -> Bool {
        isKeeper(person) && (hasFacilitator || hasAccepted(person))
    }
}

// MARK: - Deciding

extension Room {
    /// Sets, moves and calls off meetings.
    func schedule(
        _ wishes: MeetingWishes,
        by actor: RoomActor,
        _ course: inout Course
    ) throws(RoomRejection) {
        let person = try member(asking: actor)
        guard maySchedule(person) else { throw .notInCharge }
        guard (1...RoomLimits.meetingsMax).contains(wishes.wishes.count) else {
            throw .outOfBounds
        }
        for wish in wishes.wishes {
            if let start = wish.start {
                let ahead = start.milliseconds(since: course.now)
                guard (0...RoomLimits.meetingAheadMax).contains(ahead),
                    RoomLimits.meetingMinutes.contains(wish.minutes)
                else { throw .outOfBounds }
            }
            if let id = wish.id {
                guard let known = course.room.meetings[id], known.end > course.now else {
                    throw .meetingUnknown
                }
                if known.start == wish.start, known.minutes == wish.minutes { continue }
                course.add(
                    .meetingSet(MeetingSet(id: id, start: wish.start, minutes: wish.minutes))
                )
            } else {
                guard wish.start != nil, course.room.meetingLast < .max else { throw .outOfBounds }
                let next = course.room.meetingLast + 1
                course.add(
                    .meetingSet(MeetingSet(id: next, start: wish.start, minutes: wish.minutes))
                )
            }
        }
        guard course.room.meetings(after: course.now).count <= RoomLimits.meetingsMax else {
            throw .outOfBounds
        }
    }

    /// Notes whether somebody comes to a meeting.
    func come(
        _ coming: Coming,
        by actor: RoomActor,
        _ course: inout Course
    ) throws(RoomRejection) {
        let person = try member(asking: actor)
        guard let meeting = meetings[coming.meeting], meeting.end > course.now else {
            throw .meetingUnknown
        }
        if meeting.answers[person] != coming.comes { course.add(.coming(coming)) }
    }
}

// MARK: - Evolving

extension Room {
    /// How many meetings are kept that are over.
    private static let meetingsKept = 2 * RoomLimits.meetingsMax

    mutating func evolve(_ set: MeetingSet) {
        meetingLast = max(meetingLast, set.id)
        guard let start = set.start else {
            meetings[set.id] = nil
            return
        }
        if var meeting = meetings[set.id] {
            // What was answered was answered about another time.
            if meeting.start != start { meeting.answers = [:] }
            meeting.start = start
            meeting.minutes = set.minutes
            meeting.moves = meeting.moves == .max ? .max : meeting.moves + 1
            meetings[set.id] = meeting
            return
        }
        meetings[set.id] = Meeting(id: set.id, start: start, minutes: set.minutes)
        if meetings.count > Self.meetingsKept,
            let oldest = meetings.values.min(by: { ($0.start, $0.id) < ($1.start, $1.id) })
        {
            meetings[oldest.id] = nil
        }
    }

    mutating func evolve(_ coming: Coming, by person: PersonID?) {
        guard let person, isMember(person) else { return }
        meetings[coming.meeting]?.answers[person] = coming.comes
    }
}
