// SPDX-License-Identifier: Apache-2.0
import CBOR
import Foundation
import Testing

/// Reads the vector files that stand beside this file.
struct VectorRow: Decodable, Sendable {
    let hex: String
    let diag: String?
    let preferred: Bool?
    let profile: String?
    let why: String?

    var bytes: [UInt8] { hexBytes(hex) }
}

func vectors(_ name: String) throws -> [VectorRow] {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Vectors/\(name).json")
    return try JSONDecoder().decode([VectorRow].self, from: Data(contentsOf: file))
}

func hexBytes(_ text: String) -> [UInt8] {
    let digits = Array(text.utf8)
    return stride(from: 0, to: digits.count - 1, by: 2).map {
        UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16) ?? 0
    }
}

func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

/// Gives the error that the body throws, or `nil`.
func refusal(_ body: () throws(CBORError) -> Void) -> CBORError? {
    do {
        try body()
        return nil
    } catch {
        return error
    }
}

/// Draws the same numbers for the same seed (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}
