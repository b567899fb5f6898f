// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingModel
import CoachingTerminal
import CoachingWire

/// Anything that the loop of the room view hears of.
enum RoomInput: Sendable {
    /// The terminal has something to tell.
    case terminal(TTYEvent)
    /// A line of an input that is no terminal; `nil` at its end.
    case line(InputLine?)
    /// The connection stands otherwise.
    case link(Client.State)
    /// The client did something by itself.
    case notice(String)
    /// It is known which room is meant and who one is.
    case arrived(RoomSummary, PersonID)
    /// The room is one's own to open, and this is set for new rooms.
    case mayOpen(RoomPolicy)
    /// One was let in.
    case admitted
    /// The room is open.
    case entered(RoomSession)
    /// Something happened in it.
    case happening(RoomHappening)
    /// A line arrived, or why it did not.
    case posted(Int, ClientError?)
    /// Something was done, or why it was not.
    case did(RoomDeed, ClientError?)
    /// Older lines, or why they cannot be had.
    case recalled(Result<LinePage, ClientError>)
    /// What became of a file that a start names.
    case format(StartWish, FormatReading)
    /// The names of the programme's own formats.
    case formats([String])
    /// Who waits to be let in, and of whom it was never said that they may come in.
    case waiting([Candidate], unconfirmed: [UnconfirmedPerson])
    /// The room's digits, and how its members are known.
    case identified(RoomNumber, [PersonID: IdentityStanding])
    /// A second went by.
    case tick
    /// It cannot go on.
    case failed(ClientError)
}

/// Hands inputs to the loop; who has more waits.
struct RoomInputs: Sendable {
    /// The inputs that may wait for the loop.
    static let waitingMax = 4_096

    let stream: AsyncStream<RoomInput>
    private let sink: AsyncStream<RoomInput>.Continuation

    init() {
        (stream, sink) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.waitingMax))
    }

    /// Hands one over, waiting while there is no room.
    func put(_ input: RoomInput) async {
        while case .dropped = sink.yield(input) {
            do { try await Task.sleep(for: .milliseconds(10)) } catch { return }
        }
    }
}

/// What the room view has others do beside its loop.
enum RoomErrand: Sendable {
    /// Find the room and say where one stands.
    case arrive
    /// Go into the room and hand over what happens.
    case enter(RoomID)
    /// Wait until one is let in.
    case awaitAdmission(RoomID)
    /// Look who waits to be let in.
    case lookWhoWaits(RoomID)
    /// Look how the members' identities are known.
    case identify(RoomSession)
    /// Send a line.
    case post(OutgoingLine, RoomSession)
    /// Ask something of the room.
    case act(RoomDeed, RoomPlace)
    /// Read lines from before a place, or the newest.
    case recall(count: Int, before: LinePlace?, RoomSession)
    /// Read the file that a start names.
    case readFormat(StartWish)

    /// What an act needs.
    struct RoomPlace: Sendable {
        var room: RoomID
        var session: RoomSession?
        var candidates: [Candidate]
        var unconfirmed: [UnconfirmedPerson]
        /// With what the room begins, where it is one's own to open, as it was shown.
        var firstPolicy = RoomPolicy.standard
    }
}
