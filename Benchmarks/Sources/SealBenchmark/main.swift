// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import Foundation
import Glibc

// Prints what sealing costs a client, in microseconds of this thread's CPU time, the best of seven
// rounds: an entry of 200 bytes sealed and signed, the same checked and opened, and a key event for
// eight devices made, and checked and opened by one of them.

func threadNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

func microseconds(_ calls: Int, _ body: (Int) throws -> Int) rethrows -> Double {
    var best = Double.infinity
    var sum = 0
    for _ in 0..<7 {
        let start = threadNanoseconds()
        for call in 0..<calls { sum &+= try body(call) }
        best = min(best, Double(threadNanoseconds() - start) / Double(calls) / 1_000)
    }
    // The sum is used, so that no call can be left out.
    if sum == .min { print("") }
    return best
}

func parsed(_ bytes: [UInt8]) throws -> KeyItem {
    guard case .key(let item) = try ContentItem.parse(bytes) else { throw SealError.cannotOpen }
    return item
}

func measureAll() throws {
    let author = try SigningKey()
    let devices = try (0..<8).map { _ in (id: try SigningKey().device, key: EncryptionKey()) }
    let recipients = devices.map { KeyRecipient(id: $0.id, publicKey: $0.key.publicKey) }
    var generator = SystemRandomNumberGenerator()

    func newSender() -> SenderKey {
        SenderKey(
            secret: Bytes32(
                generator.next(),
                generator.next(),
                generator.next(),
                generator.next()
            ),
            signer: author,
            room: RoomID(Bytes16(high: 1, low: 2)),
            key: .room,
            audience: .zero,
            position: 7,
            epoch: 1,
            entriesMax: .max
        )
    }

    var sender = newSender()
    let event = try sender.announcement(to: recipients)
    let keyring = DeviceKeyring(device: devices[0].id, keys: [devices[0].key])
    var opening = Opening(transcript: sender.transcript)
    try opening.add(parsed(event).verified(by: author.verifyingKey), with: keyring)
    let body = try EntryBody(text: String(repeating: "x", count: 200)).encoded()

    func seal() throws -> [UInt8] {
        try sender.seal(
            body,
            kind: .say,
            seenNumber: 41,
            seenHead: .zero,
            using: &generator
        )
    }

    let entry = try seal()
    let sealing = try microseconds(2_000) { _ in try seal().count }
    let reading = try microseconds(2_000) { _ in
        try opening.open(entry, signedBy: author.verifyingKey).count
    }
    let making = try microseconds(100) { _ in
        try newSender().announcement(to: recipients).count
    }
    let taking = try microseconds(200) { _ in
        var fresh = Opening(transcript: sender.transcript)
        try fresh.add(parsed(event).verified(by: author.verifyingKey), with: keyring)
        return fresh.holds(sender.id) ? 1 : 0
    }

    func line(_ name: String, _ value: Double, _ bytes: Int) {
        print(name, String(format: "%.1f us CPU,", value), bytes, "bytes")
    }
    line("seal and sign an entry of 200 bytes:", sealing, entry.count)
    line("check and open it:", reading, entry.count)
    line("make a key event for 8 devices:", making, event.count)
    line("check and open that:", taking, event.count)
}

try measureAll()
