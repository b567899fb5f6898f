// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingWire

extension ServerCore {
    /// Takes a frame's bytes off what its device may send; gives whether the connection goes on.
    func keepsPace(_ connection: ConnectionState, bytes: Int) -> Bool {
        guard let device = connection.device?.device else { return true }
        var pace = paces.removeValue(forKey: device) ?? Pace(configuration, at: now)
        pace.take(
            frame: bytes + Frame.headBytes,
            isWaiting: connection.waiting > 0,
            in: turn,
            at: now
        )
        let isOver = pace.overMilliseconds(at: now) >= configuration.overPaceMilliseconds
        if isOver { pace.forgive() }
        paces[device] = pace
        guard !isOver else {
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
        guard let device = connection.device?.device else { return }
        paces[device, default: Pace(configuration, at: now)].take(cost: cost, at: now)
        if paces[device]?.isWithin == false { pauseReading(connection) }
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
            guard let connection = connections[number], let device = connection.device?.device
            else {
                paused.remove(number)
                continue
            }
            paces[device]?.grow(to: now)
            guard paces[device]?.isWithin ?? true else { continue }
            paces[device]?.resume(in: turn)
            connection.isPaused = false
            paused.remove(number)
            emit(.resumeReading(number))
        }
    }

    /// Forgets the paces of devices that have gone and may ask as much as ever.
    func sweepPaces() {
        for device in paces.keys where byDevice[device] == nil {
            paces[device]?.grow(to: now)
            if paces[device]?.isFull == true { paces[device] = nil }
        }
    }
}
