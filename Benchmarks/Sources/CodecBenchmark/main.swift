// SPDX-License-Identifier: Apache-2.0
import CBOR
import Foundation
import Glibc

// Compares CBOR with JSON and property lists on one message of twelve fields, by the CPU time of
// this thread. JSON gets the message twice: as the very type that CBOR gets, where bytes become
// arrays of numbers, and as one made for it, where they are Base64. The run fails when CBOR is not
// ten times faster than JSON on the same type, or not 40 % smaller than the smaller JSON.

let id: [UInt8] = Array(0..<16)
let sealed = (0..<60).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
let message = Message(
    room: id,
    author: id.reversed(),
    number: 48_213,
    sentAt: 1_765_432_100_123,
    kind: 2,
    round: 3,
    title: "Who said so?",
    body: "What would change if it went well, and who would notice?",
    sealed: sealed,
    readers: [1, 70, 900],
    tags: [4, 300],
    origin: Origin(device: 81_723, counter: 512, isMuted: false)
)
let textMessage = TextMessage(
    room: Data(message.room),
    author: Data(message.author),
    number: message.number,
    sentAt: message.sentAt,
    kind: message.kind,
    round: message.round,
    title: message.title,
    body: message.body,
    sealed: Data(message.sealed),
    readers: message.readers,
    tags: message.tags,
    origin: message.origin
)

func threadNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// Measures the CPU nanoseconds of one call, as the best of seven rounds.
func measure(_ calls: Int, _ body: () throws -> Int) rethrows -> Double {
    var best = Double.infinity
    var sum = 0
    for _ in 0..<7 {
        let start = threadNanoseconds()
        for _ in 0..<calls { sum &+= try body() }
        best = min(best, Double(threadNanoseconds() - start) / Double(calls))
    }
    // The sum is used, so that no call can be left out.
    if sum == .min { print("") }
    return best
}

struct Row {
    let name: String
    let size: Int
    let encode: Double
    let decode: Double
}

func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
}

let encoder = CBOREncoder()
let decoder = CBORDecoder()
let cbor = try encoder.encode(message)
guard cbor == message.cborBytes(), try Message.read(cbor) == message,
    try decoder.decode(Message.self, from: cbor) == message
else {
    print("The direct and the Codable form differ.")
    exit(1)
}

let jsonEncoder = JSONEncoder()
let jsonDecoder = JSONDecoder()
let json = try jsonEncoder.encode(message)
let base64 = try jsonEncoder.encode(textMessage)
let listEncoder = PropertyListEncoder()
listEncoder.outputFormat = .binary
let listDecoder = PropertyListDecoder()
let list = try listEncoder.encode(textMessage)

let many = 40_000
let few = 2_000
let rows = [
    Row(
        name: "CBOR, direct",
        size: cbor.count,
        encode: measure(many) { message.cborBytes().count },
        decode: try measure(many) { Int(try Message.read(cbor).kind) }
    ),
    Row(
        name: "CBOR, Codable",
        size: cbor.count,
        encode: try measure(many) { try encoder.encode(message).count },
        decode: try measure(many) { Int(try decoder.decode(Message.self, from: cbor).kind) }
    ),
    Row(
        name: "JSON, same type",
        size: json.count,
        encode: try measure(few) { try jsonEncoder.encode(message).count },
        decode: try measure(few) { Int(try jsonDecoder.decode(Message.self, from: json).kind) }
    ),
    Row(
        name: "JSON, Base64",
        size: base64.count,
        encode: try measure(few) { try jsonEncoder.encode(textMessage).count },
        decode: try measure(few) {
            Int(try jsonDecoder.decode(TextMessage.self, from: base64).kind)
        }
    ),
    Row(
        name: "Property list, binary",
        size: list.count,
        encode: try measure(few) { try listEncoder.encode(textMessage).count },
        decode: try measure(few) {
            Int(try listDecoder.decode(TextMessage.self, from: list).kind)
        }
    ),
]

let codable = rows[1]
print("CPU ns a message, best of 7; ratios are against CBOR by Codable")
print("                 coder  bytes  ratio  encode   ratio  decode   ratio")
for row in rows {
    print(
        padded(row.name, 22),
        padded("\(row.size)", 6),
        padded(String(format: "%.2f", Double(row.size) / Double(codable.size)), 6),
        padded(String(format: "%.0f", row.encode), 7),
        padded(String(format: "%.2f", row.encode / codable.encode), 7),
        padded(String(format: "%.0f", row.decode), 7),
        padded(String(format: "%.2f", row.decode / codable.decode), 7)
    )
}

let jsonRow = rows[2]
var failures: [String] = []
if jsonRow.encode < 10 * codable.encode { failures.append("encode is not 10 times faster") }
if jsonRow.decode < 10 * codable.decode { failures.append("decode is not 10 times faster") }
if codable.size * 10 > 6 * min(json.count, base64.count) { failures.append("not 40 % smaller") }
for failure in failures { print("FAILED against JSON:", failure) }
exit(failures.isEmpty ? 0 : 1)
