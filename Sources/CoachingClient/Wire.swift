// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingWire
import Synchronization

/// One connection from its link to its end: what is sent goes through here in order.
///
/// - Isolation: held by the client's actor; `outbox` and `replies` may be used anywhere.
final class Wire: Sendable {
    let link: any ServerLink
    let replies = ReplyTable()
    let outbox: AsyncStream<[UInt8]>
    private let sink: AsyncStream<[UInt8]>.Continuation
    private let notes = Mutex(Notes())

    /// What the client's actor notes about a connection.
    struct Notes {
        var ready: Ready?
        var nextRequest: UInt64 = 1
        /// Why it ended, where the server or this client said so.
        var end: ClientError?
        var silentTicks = 0
        /// Requests to follow, whose answers must be taken up before what comes after them.
        var follows: [UInt64: RoomID] = [:]
    }

    init(_ link: any ServerLink) {
        self.link = link
        (outbox, sink) = AsyncStream.makeStream()
    }

    /// Whether it is known to be over.
    var hasEnded: Bool { notes.withLock { $0.end != nil } }

    var ready: Ready? { notes.withLock { $0.ready } }

    func note<R>(_ change: (inout sending Notes) -> sending R) -> R {
        notes.withLock(change)
    }

    /// Queues a frame; frames leave in the order of these calls.
    func transmit(_ frame: [UInt8]) { sink.yield(frame) }

    /// Queues a message; nothing where it cannot be written.
    func transmit(_ message: ClientMessage) {
        if let frame = try? message.frame() { transmit(frame) }
    }

    /// Queues a request and gives its number.
    func begin(
        _ request: Request,
        after: PageCursor? = nil,
        ticks: Int
    ) throws(ClientError) -> UInt64 {
        let id = note { notes in
            defer { notes.nextRequest += 1 }
            if case .follow(let follow) = request { notes.follows[notes.nextRequest] = follow.room }
            return notes.nextRequest
        }
        let frame: [UInt8]
        do {
            frame = try ClientMessage.request(id: id, request, after: after).frame()
        } catch {
            throw ClientError(.invalid, "This is too long to be sent.")
        }
        replies.expect(id, ticks: ticks)
        transmit(frame)
        return id
    }

    /// How many pages of one list are taken: a server that has more has no end.
    private static let pagesMax = 4_096

    /// Sends a request and waits for its answer; of a list that comes in pages, for all of them.
    func ask(_ request: Request, within: Duration) async -> Result<Answer, ClientError> {
        let halves = within / .milliseconds(500)
        let ticks = Int(min(max(halves, 1), 100_000).rounded(.up)) + 1
        do throws(ClientError) {
            var page = try await replies.answer(to: try begin(request, ticks: ticks)).get()
            var answer = page.answer
            var pages = 1
            while let next = page.next {
                let id = try begin(request, after: next, ticks: ticks)
                page = try await replies.answer(to: id).get()
                pages += 1
                guard pages <= Self.pagesMax, answer.append(page.answer), page.next != next else {
                    throw .unexpectedAnswer
                }
            }
            return .success(answer)
        } catch {
            return .failure(error)
        }
    }

    /// Ends the sending side; what waits for answers is given up.
    func end(_ error: ClientError) {
        sink.finish()
        replies.failAll(error)
    }
}
