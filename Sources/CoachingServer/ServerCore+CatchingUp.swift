// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingStore
import CoachingWire

extension ServerCore {
    /// Sends a connection the next page of what it misses, one page at a time.
    ///
    /// A page is read when the one before has left, so that a slow reader costs one page.
    func catchUp(_ connection: ConnectionState) {
        guard !connection.isCatchingUp else { return }
        while let next = connection.catchUps.first {
            guard let host = rooms[next.room], let stream = host.stream(next.stream) else {
                connection.catchUps.removeFirst()
                continue
            }
            let last = min(next.last, stream.durable)
            if next.next > last {
                connection.catchUps.removeFirst()
                finish(next, host, stream, connection)
                continue
            }
            return sendPage(next, upTo: last, stream, connection)
        }
    }

    private func finish(
        _ catchUp: CatchUp, _ host: RoomHost, _ stream: LiveStream, _ connection: ConnectionState
    ) {
        if let history = catchUp.history {
            answer(history.asker, .history(first: history.first))
        } else if catchUp.last == .max, host.followers[connection.number] != nil {
            stream.listen(connection.number, from: catchUp.next)
        }
    }

    private func sendPage(
        _ page: CatchUp, upTo last: UInt64, _ stream: LiveStream, _ connection: ConnectionState
    ) {
        connection.isCatchingUp = true
        let number = connection.number
        let request = ReadRequest.frames(
            page.stream, page.next...last, bytesMax: configuration.pageBytes)
        read(request) { [weak self] answer, _ in
            guard let self, let connection = self.connections[number] else { return }
            guard case .success(.frames(let frames)) = answer, let sent = frames.last?.number
            else {
                connection.isCatchingUp = false
                return self.goodbye(number, .stopping, Sentences.tryLater)
            }
            // The person may have been shut out while the page was read: then it is not sent.
            let index = connection.catchUps.firstIndex {
                $0.stream == page.stream && $0.next == page.next && $0.history == page.history
            }
            if let index {
                for stored in frames { self.emit(.deliver(stored.frame, [number])) }
                connection.catchUps[index].next = sent + 1
            }
            self.emit(.notifyDrained(number))
        }
    }

    func drained(_ number: ConnectionNumber) {
        guard let connection = connections[number] else { return }
        connection.isCatchingUp = false
        catchUp(connection)
    }

    /// Tells a connection that it has missed something and must follow again.
    func lagged(_ number: ConnectionNumber) {
        guard let connection = connections[number] else { return }
        let lost = connection.following.sorted()
        for room in lost { rooms[room]?.drop(number) }
        let pages = connection.catchUps
        connection.catchUps = []
        connection.isCatchingUp = false
        for case .some(let history) in pages.map(\.history) { tryLater(history.asker) }
        send(.push(.lagged(lost)), to: number)
    }
}
