// SPDX-License-Identifier: Apache-2.0
public import CoachingModel

extension Room {
    /// Gives the identifiers that stand in a key's audience now, ascending.
    ///
    /// They are the readers' devices and, for one's own transcript, the recovery key, so that
    /// one's own words survive the loss of every device.
    ///
    /// - Source: DESIGN.md D12 and D17.
    public func readerDevices(of key: TranscriptKey) -> [DeviceID] {
        var devices = audienceDevices(of: key)
        if case .own(let person) = key, let list = deviceList(of: person) {
            devices.append(DeviceID(recoveryKey: list.recoveryKey))
            devices.sort()
        }
        return devices
    }
}
