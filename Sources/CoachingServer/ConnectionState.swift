// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingWire

/// A connection as the core knows it.
///
/// Confined to the core.
final class ConnectionState {
    let number: ConnectionNumber
    let peer: ConnectionPeer
    /// Who is there, once the hello has been proved.
    var device: DeviceIdentity?
    /// How fast that device asks, over all of its connections.
    var pace: Pace?
    /// The last request's number; they ascend.
    var lastRequest: UInt64?
    /// Requests that wait for an answer.
    var waiting = 0
    /// When something was last heard.
    var heardAt: Timestamp
    /// How many enrolment messages it sent.
    var enrolments = 0
    /// Whether a ping is on its way.
    var pinged = false
    /// Whether it is not read for now, because its device asked too fast.
    var isPaused = false
    /// The rooms that it follows.
    var following: Set<RoomID> = []
    /// Streams whose missing frames are still to be sent, and how far the next page is.
    var catchUps: [CatchUp] = []
    var page = Page.none
    /// Whether pushes to it are dropped until all that waits for it has left.
    var isLagging = false
    /// What to take up when it lags no more.
    var late: [(room: RoomID, wait: RoomWait)] = []

    init(number: ConnectionNumber, peer: ConnectionPeer, at now: Timestamp) {
        self.number = number
        self.peer = peer
        heardAt = now
    }
}

/// The page that a connection gets next.
enum Page: Hashable {
    case none
    /// It is read from the store, by this number.
    case reading(UInt64)
    /// It was handed out, and has not left yet.
    case leaving
}

/// The device behind a connection and its owner.
struct DeviceIdentity: Hashable {
    let device: DeviceID
    let person: PersonID
    let participant: ParticipantID
}

/// A stream of a room of which a connection still misses frames.
struct CatchUp: Hashable {
    var room: RoomID
    var stream: StreamID
    /// The next number to send.
    var next: UInt64
    /// The last number to send; without end where the connection then gets what is new.
    var last: UInt64
    /// For a page of history: what to answer when it has been sent.
    var history: HistoryWait?
}

/// A page of history that is being sent.
struct HistoryWait: Hashable {
    var asker: Asker
    var first: UInt64
}
