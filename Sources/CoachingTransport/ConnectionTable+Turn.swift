// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

extension ConnectionTable {
    /// Remembers to end the turn, with `turnEnded` for the handler.
    func touch() {
        isTouched = true
        scheduleTurn()
    }

    /// Keeps what the handler is to hear at the end of the turn.
    func tell(_ event: Event) {
        events.append(event)
        touch()
    }

    /// Has a connection's queue drained at the end of the turn.
    func markDirty(_ connection: Connection) {
        guard !connection.isDirty else { return }
        connection.isDirty = true
        dirty.append(connection)
        scheduleTurn()
    }

    func scheduleTurn() {
        guard !isTurnScheduled else { return }
        isTurnScheduled = true
        eventLoop.assumeIsolated().execute { self.endTurn() }
    }

    /// Ends a turn: what was put off is told, the handler decides, each touched queue is drained
    /// once.
    private func endTurn() {
        isTurnScheduled = false
        // What these calls bring about in turn is appended, and told in the same turn.
        var index = 0
        while index < events.count {
            tellHandler(events[index])
            index += 1
        }
        events.removeAll(keepingCapacity: events.count <= 1_024)
        if isTouched {
            isTouched = false
            handler?.turnEnded()
        }
        handOutGathered()
        let draining = dirty
        dirty.removeAll(keepingCapacity: true)
        for connection in draining {
            connection.isDirty = false
            connection.drain()
        }
        if shutdown != nil { closeAll() }
    }

    private func tellHandler(_ event: Event) {
        switch event {
        case .resumed(let connection):
            connection.readOn()
        case .lagged(let connection):
            guard connection.phase.isOpen else { return }
            handler?.lagged(connection.id)
        case .drained(let connection):
            guard connection.phase.isOpen else { return }
            connection.isLagging = false
            connection.wantsDrained = false
            connection.isDrainTold = false
            handler?.drained(connection.id)
        case .closed(let id, let reason):
            handler?.closed(id, reason)
        }
    }

    /// Has a connection's times looked at until it needs no looking at.
    func watch(_ connection: Connection) {
        guard !connection.isWatched else { return }
        connection.isWatched = true
        watched.append(connection)
        scheduleLook()
    }

    private func scheduleLook() {
        guard !isLookScheduled, !watched.isEmpty else { return }
        isLookScheduled = true
        eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limits.lookEvery)) { [weak self] in
            self?.look()
        }
    }

    private func look() {
        isLookScheduled = false
        let now = nowMs
        let looking = watched
        watched.removeAll(keepingCapacity: true)
        for connection in looking {
            connection.isWatched = false
            if connection.look(nowMs: now), !connection.isWatched {
                connection.isWatched = true
                watched.append(connection)
            }
        }
        scheduleLook()
    }
}

extension ConnectionTable {
    /// Is a shutdown under way.
    struct Shutdown {
        let done: () -> Void
        var isForced = false
    }

    /// Lets the handler say goodbye, flushes, closes, and reports when no connection is left.
    func beginShutdown(within time: Duration, done: @escaping () -> Void) {
        guard shutdown == nil else { return done() }
        shutdown = Shutdown(done: done)
        handler?.stopping()
        touch()
        eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time)) { [weak self] in
            guard let self, shutdown != nil else { return }
            shutdown?.isForced = true
            closeAll()
        }
    }

    private func closeAll() {
        let isForced = shutdown?.isForced ?? false
        for connection in connections.values {
            if isForced {
                connection.abort(.shutdown)
            } else {
                connection.beginClose(.shutdown, after: nil)
            }
        }
        for connection in watched where connection.phase == .handshaking {
            connection.abort(.shutdown)
        }
        shutdownProgress()
    }

    func shutdownProgress() {
        guard let shutdown, gate.open == 0 else { return }
        // One turn later, so that the handler hears of the last close first.
        eventLoop.assumeIsolated().execute { [weak self] in
            guard let self, self.shutdown != nil else { return }
            if !events.isEmpty || isTurnScheduled { return shutdownProgress() }
            self.shutdown = nil
            handler = nil
            loop.afterwards.value = nil
            shutdown.done()
        }
    }
}
