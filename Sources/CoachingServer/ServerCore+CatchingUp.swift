// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingStore
import CoachingWire

extension ServerCore {
    /// Sends a connection the next page of what it misses, one page at a time.
    ///
    /// A page is read when the one before has left, so that a slow reader costs one page.
    func catchUp(_ connection: ConnectionState) {
        guard connection.page == .none, !connection.isLagging else { return }
        while let next = connection.catchUps.first {
            guard let host = rooms[next.room], let stream = host.stream(next.stream) else {
                connection.catchUps.removeFirst()
                if let history = next.history { tryLater(history.asker) }
                continue
            }
            let last = min(next.last, stream.durable)
            if next.next > last {
                connection.catchUps.removeFirst()
                finish(next, host, stream, connection)
                continue
            }
            return sendPage(next, upTo: last, connection)
        }
    }

    private func finish(
        _ catchUp: CatchUp,
        _ host: RoomHost,
        _ stream: LiveStream,
        _ connection: ConnectionState
    ) {
        if let history = catchUp.history {
            answer(history.asker, .history(first: history.first))
        } else if catchUp.last == .max, host.followers[connection.number] != nil {
            stream.listen(connection.number, from: catchUp.next)
        }
    }

    private func sendPage(_ page: CatchUp, upTo last: UInt64, _ connection: ConnectionState) {
        nextPage += 1
        let ticket = nextPage
        connection.page = .reading(ticket)
        let number = connection.number
        let request = ReadRequest.frames(
            page.stream,
            page.next...last,
            bytesMax: configuration.pageBytes
        )
        let erasures = rooms[page.room]?.stream(page.stream)?.erasures
        read(request) { [weak self] answer, _ in
            guard let self, let connection = self.connections[number],
                connection.page == .reading(ticket)
            else { return }
            connection.page = .none
            // What has been erased since it was read is not sent any more.
            guard self.rooms[page.room]?.stream(page.stream)?.erasures == erasures else {
                return self.catchUp(connection)
            }
            guard case .success(.frames(let frames)) = answer, !frames.isEmpty else {
                return self.goodbye(number, .stopping, Sentences.tryLater)
            }
            self.send(frames, of: page, to: connection)
            if connection.page == .none { self.catchUp(connection) }
        }
    }

    private func send(_ frames: [StoredFrame], of page: CatchUp, to connection: ConnectionState) {
        let index = connection.catchUps.firstIndex {
            $0.stream == page.stream && $0.next == page.next && $0.history == page.history
        }
        // Who was shut out while the page was read does not get it.
        guard let index else { return }
        if let history = page.history, let host = rooms[page.room], !host.admits(history.asker) {
            connection.catchUps.remove(at: index)
            return
        }
        let last = connection.catchUps[index].last
        for stored in frames where stored.number <= last {
            emit(.deliver(stored.frame, [connection.number]))
            connection.catchUps[index].next = stored.number + 1
        }
        connection.page = .leaving
        emit(.notifyDrained(connection.number))
    }

    func drained(_ number: ConnectionNumber) {
        guard let connection = connections[number] else { return }
        if connection.isLagging {
            connection.isLagging = false
            let late = connection.late
            connection.late = []
            for (room, wait) in late { host(room).take(wait, at: now) }
        }
        guard connection.page == .none || connection.page == .leaving else { return }
        connection.page = .none
        catchUp(connection)
    }

    /// Tells a connection that it has missed something and must follow again.
    ///
    /// Until all that waits for it has left, pushes to it are dropped: whatever would send some
    /// waits for that.
    func lagged(_ number: ConnectionNumber) {
        guard let connection = connections[number], !connection.isLagging else { return }
        connection.isLagging = true
        let lost = connection.following.sorted()
        for room in lost { rooms[room]?.drop(number) }
        let pages = connection.catchUps
        connection.catchUps = []
        connection.page = .none
        for case .some(let history) in pages.map(\.history) { tryLater(history.asker) }
        let most = Paging(configuration.limits).bytesMax / Self.bytesOfRoom
        for start in stride(from: 0, to: lost.count, by: most) {
            send(.push(.lagged(Array(lost.dropFirst(start).prefix(most)))), to: number)
        }
        emit(.notifyDrained(number))
    }
}
