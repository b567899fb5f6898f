// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingWire

extension ServerCore {
    /// Gives the pace of a device; it outlives its connections until it has rested.
    func pace(of device: DeviceID) -> Pace {
        if let pace = paces[device] { return pace }
        let pace = Pace(configuration, at: now)
        paces[device] = pace
        return pace
    }

    /// Takes a frame's bytes off what its device may send; gives whether the connection goes on.
    func keepsPace(_ connection: ConnectionState, bytes: Int) -> Bool {
        guard let pace = connection.pace else { return true }
        pace.take(
            frame: bytes + Frame.headBytes,
            isWaiting: connection.waiting > 0,
            in: turn,
            at: now
        )
        let isOver = pace.overMilliseconds(at: now) >= configuration.overPaceMilliseconds
        guard !isOver else {
            pace.forgive()
            goodbye(
                connection.number,
                .tooFast,
                "This device asks for too much without waiting for answers. Try again later."
            )
            return false
        }
        if !pace.isWithin { pauseReading(connection) }
        return true
    }

    /// Takes what a request costs off what its device may ask.
    func spend(_ cost: Int, _ connection: ConnectionState) {
        guard let pace = connection.pace else { return }
        pace.take(cost: cost, at: now)
        if !pace.isWithin { pauseReading(connection) }
    }

    private func pauseReading(_ connection: ConnectionState) {
        guard !connection.isPaused else { return }
        connection.isPaused = true
        paused.insert(connection.number)
        emit(.pauseReading(connection.number))
    }

    /// Reads again from the devices whose pace allows it.
    func resumeReading() {
        for number in paused.sorted() {
            guard let connection = connections[number], let pace = connection.pace else {
                paused.remove(number)
                continue
            }
            pace.grow(to: now)
            guard pace.isWithin else { continue }
            pace.resume(in: turn)
            connection.isPaused = false
            paused.remove(number)
            emit(.resumeReading(number))
        }
    }

    /// Forgets the paces of devices that have gone and may ask as much as ever.
    func sweepPaces() {
        for (device, pace) in paces where byDevice[device] == nil {
            pace.grow(to: now)
            if pace.isFull { paces[device] = nil }
        }
    }
}
