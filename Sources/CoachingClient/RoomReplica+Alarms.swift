// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel

extension RoomReplica {
    /// Puts what was found into words.
    ///
    /// Fatal where the lines after it cannot be read any more.
    ///
    /// - Returns: `nil` for what is harmless.
    func alarm(for finding: Finding) -> RoomAlarm? {
        switch finding {
        case .repeated: nil
        case .gap:
            RoomAlarm(
                .brokenLines,
                "The server left out lines here; no more of them is shown."
                    + " Ask the others what was said.",
                isFatal: true
            )
        case .rewritten:
            RoomAlarm(
                .brokenLines,
                "The server changed a line that was here before; no more is shown."
                    + " Tell the others and who runs the server.",
                isFatal: true
            )
        case .serverHeadDiffers:
            RoomAlarm(.setBack, Self.setBack.sentence, isFatal: true)
        case .unreadable(_, let error):
            RoomAlarm(
                .brokenLines,
                error == .newerVersion
                    ? "Somebody wrote with a newer peercoach. Update to read it."
                    : "A line here is damaged and is not shown."
                        + " Ask the others what was said.",
                isFatal: false
            )
        case .otherTranscript(_, let device):
            RoomAlarm(
                .forgedLine,
                "A line by \(name(device)) was meant for other readers and is not shown."
                    + " Tell who runs the server.",
                isFatal: false
            )
        case .unknownDevice, .unsigned, .unknownKey:
            RoomAlarm(
                .forgedLine,
                "A line came here that nobody in this room wrote. It is not shown."
                    + " Tell who runs the server.",
                isFatal: false
            )
        case .badSignature(_, let device):
            RoomAlarm(
                .forgedLine,
                "A line says it is by \(name(device)) and is not signed so. It is not shown."
                    + " Ask them, by another way.",
                isFatal: false
            )
        case .repeatedKey(_, let device), .otherDevicesKey(_, let device, _):
            RoomAlarm(
                .misbehaved,
                "A device of \(name(device)) misused a key. Its line is not shown."
                    + " Ask them, by another way.",
                isFatal: false
            )
        case .replayed(_, let device, _):
            RoomAlarm(
                .forgedLine,
                "An old line by \(name(device)) came again as a new one and is not shown."
                    + " Tell who runs the server.",
                isFatal: false
            )
        case .skipped(_, let device, _, _):
            RoomAlarm(
                .brokenLines,
                "Lines by \(name(device)) are missing here."
                    + " Ask them, by another way, what they wrote.",
                isFatal: false
            )
        case .forked(_, let device, _), .ahead(_, let device, _):
            RoomAlarm(
                .forked,
                "\(name(device)) was shown other lines than this device."
                    + " Compare with the others by another way.",
                isFatal: false
            )
        }
    }
}
