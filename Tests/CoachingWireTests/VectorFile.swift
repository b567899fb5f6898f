// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingModel
import Foundation

/// One file of `Protocol/vectors`: header lines, an empty line, hexadecimal digits.
struct VectorFile: Equatable, Sendable, CustomStringConvertible {
    /// Who sends it, or what it is where it is no frame.
    enum Direction: String, Sendable {
        case client
        case server
        /// A record of a room's log, as bytes.
        case record
        /// A record of the directory's log, which never leaves the server.
        case directory
        /// A header, an item or a signed object.
        case object
    }

    /// The header lines, in order.
    var fields: [Field]
    var bytes: [UInt8]

    struct Field: Equatable, Sendable {
        var key: String
        var value: String
    }

    var name: String { self["name"] ?? "" }
    var direction: Direction? { self["direction"].flatMap(Direction.init) }
    var expect: String { self["expect"] ?? "" }
    var description: String { name }

    subscript(_ key: String) -> String? { fields.first { $0.key == key }?.value }

    /// The bytes after the length of the one frame that the vector holds.
    var body: [UInt8] {
        switch direction {
        case .client, .server: Array(bytes.dropFirst(4))
        default: bytes
        }
    }

    var text: String {
        let head = fields.map { "\($0.key): \($0.value)\n" }.joined()
        let digits = hexadecimal(bytes)
        var lines = ""
        var rest = digits[...]
        while !rest.isEmpty {
            lines += rest.prefix(96) + "\n"
            rest = rest.dropFirst(96)
        }
        return head + "\n" + lines
    }
}

extension VectorFile {
    init(text: String) {
        let parts = text.split(separator: "\n\n", maxSplits: 1)
        fields = (parts.first ?? "").split(separator: "\n").map { line in
            let pair = line.split(separator: ":", maxSplits: 1)
            return Field(
                key: String(pair.first ?? ""),
                value: pair.last.map { $0.trimmingCharacters(in: .whitespaces) } ?? ""
            )
        }
        bytes = parts.count > 1 ? hexBytes(String(parts[1])) : []
    }

    static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Protocol/vectors")

    static let all: [VectorFile] = {
        let files = try? FileManager.default.contentsOfDirectory(
            at: folder,
            includingPropertiesForKeys: nil
        )
        return (files ?? []).filter { $0.pathExtension == "txt" }
            .sorted { $0.path < $1.path }
            .compactMap { try? String(contentsOf: $0, encoding: .utf8) }
            .map(VectorFile.init(text:))
    }()

    static func named(_ name: String) -> VectorFile? { all.first { $0.name == name } }
}

func hexBytes(_ text: String) -> [UInt8] {
    let digits = text.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map {
        UInt8(digits[$0] << 4 | digits[$0 + 1])
    }
}

/// Something that a vector must exist for.
struct Sample: Sendable, CustomStringConvertible {
    var name: String
    var spec: String
    var direction: VectorFile.Direction
    /// A whole frame, or the bytes of a record.
    var bytes: [UInt8]

    var description: String { name }

    var vector: VectorFile {
        let body = direction == .client || direction == .server ? Array(bytes.dropFirst(4)) : bytes
        let limits = CBORLimits(items: 32_768, profile: .wire)
        let diagnosis = (try? CBORValue(decoding: body, limits: limits).description) ?? "?"
        return VectorFile(
            fields: [
                .init(key: "name", value: name), .init(key: "spec", value: spec),
                .init(key: "direction", value: direction.rawValue),
                .init(key: "expect", value: "ok"), .init(key: "diag", value: diagnosis),
            ],
            bytes: bytes
        )
    }
}
