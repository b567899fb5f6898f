// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingServer
import CoachingStore
import CoachingWire

/// A hash over all that a core wanted, for comparing two runs.
///
/// Signatures differ from run to run, so that only what does not depend on them is hashed: what is
/// done to which connection, the kinds, numbers and lengths.
package struct Trace {
    package private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325
    package private(set) var count = 0

    mutating func add(_ effect: ServerEffect) {
        count += 1
        switch effect {
        case .send(let number, let frame): add(1, number, frame)
        case .deliver(let frame, let numbers): for number in numbers { add(2, number, frame) }
        case .notifyDrained(let number): add(3, number)
        case .close(let number, let frame): add(4, number, frame ?? [])
        case .authenticated(let number): add(5, number)
        case .pauseReading(let number): add(6, number)
        case .resumeReading(let number): add(7, number)
        case .append(let token, let groups):
            add(8, token)
            for frame in groups.flatMap(\.frames) {
                add(8, frame.stream.value.low &+ frame.number, frame.frame)
            }
            for erasure in groups.flatMap(\.erasures) {
                add(14, erasure.stream.value.low &+ erasure.number, erasure.frame)
            }
        case .read(let token, _): add(9, token)
        case .log(let note): add(10, UInt64(note.sentence.utf8.count))
        case .operated(let token, _): add(11, token)
        case .stopped: add(12, 0)
        case .purge: add(13, 0)
        }
    }

    private mutating func add(_ kind: UInt64, _ number: UInt64, _ frame: [UInt8] = []) {
        mix(kind)
        mix(number)
        mix(UInt64(frame.count))
        // The kind of message; later bytes can be hashes over signatures.
        for byte in frame.dropFirst(4).prefix(6) { mix(UInt64(byte)) }
    }

    private mutating func mix(_ word: UInt64) { value = (value ^ word) &* 0x0000_0100_0000_01b3 }
}
