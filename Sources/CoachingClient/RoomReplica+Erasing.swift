// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingWire

extension RoomReplica {
    /// Draws from a frame that took its place in the chain what is gone by it, and whether by
    /// right.
    func follow(
        _ frame: HeldFrame,
        _ entry: VerifiedEntry?,
        in reading: inout Reading
    ) -> [RoomHappening] {
        var happenings: [RoomHappening] = []
        var wrong: [ErasureLedger.Wrong] = []
        switch frame {
        case .tombstone(let tombstone):
            wrong = reading.erasures.bury(
                tombstone.number,
                by: tombstone.by,
                last: max(reading.target, tombstone.number),
                mayBeOver: mayBeOver(reading)
            )
            happenings.append(.erased(reading.key, number: tombstone.number, by: nil))
        case .item(let pushed):
            reading.lastAt = max(reading.lastAt ?? pushed.at, pushed.at)
            guard let entry else {
                wrong = reading.erasures.pass(pushed.number)
                break
            }
            let header = entry.item.header
            let author = header.isUnattributed ? nil : room.author(of: header.device)
            guard header.kind == .withdraw else {
                wrong = reading.erasures.read(pushed.number, by: author)
                break
            }
            let taken = reading.erasures.withdraw(
                header.allCites,
                by: author,
                at: pushed.number,
                takesOut: author.map { room.mayHaveTakenOut(in: reading.key, $0) } ?? false
            )
            wrong = taken.wrong
            for number in taken.gone {
                happenings.append(.erased(reading.key, number: number, by: author))
            }
        }
        return happenings + wrong.map { .alarm(alarm(for: $0)) }
    }

    /// Whether the time of the next item can be over: it is no older than the item before it, nor,
    /// in a turn, than the session.
    private func mayBeOver(_ reading: Reading) -> Bool {
        var oldest = reading.lastAt
        if case .turn(let id) = reading.key {
            let began =
                room.session?.id == id.session
                ? room.session?.startedAt : room.sessions.first { $0.id == id.session }?.began
            if let began { oldest = max(oldest ?? began, began) }
        }
        let scope = reading.key.scope
        guard let span = Retention.milliseconds(of: scope, under: room.policy) else { return false }
        guard let oldest else { return true }
        // Two clocks never agree; a day is nothing here.
        return oldest.adding(milliseconds: span) <= now.adding(milliseconds: 86_400_000)
    }

    /// Whether a line is over, and not to be shown whatever the server still has.
    func isOver(_ line: ReadEntry) -> Bool {
        !Retention.outlives(line.kind, in: line.key.scope)
            && Retention.isOver(line.at, in: line.key.scope, under: room.policy, at: now)
    }

    /// Puts a wrong erasure into words.
    private func alarm(for wrong: ErasureLedger.Wrong) -> RoomAlarm {
        switch wrong {
        case .removed:
            RoomAlarm(
                .wrongErasure,
                "A line was removed that nobody may have removed."
                    + " Ask the others what was said.",
                isFatal: false
            )
        case .otherAuthor(let person, _):
            RoomAlarm(
                .wrongErasure,
                "\(person.flatMap { room.name(of: $0) } ?? "Somebody") tried to take back what"
                    + " somebody else wrote. Ask them, by another way, why.",
                isFatal: false
            )
        }
    }
}
