// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingServer
import CoachingTestKit
import CoachingWire
import Foundation
import GRDB

/// All that a database says about one person, as somebody reads it who has the file.
struct HeldOfOne {
    /// A row in which the person stands: what it is, and its fields by their places.
    struct Row {
        var title: String
        var fields: [(place: String, value: String)]
    }

    private(set) var rows: [Row] = []
    /// How many rows there are in all.
    private(set) var count = 0
    private let names: [[UInt8]: String]
    private let own: Set<[UInt8]>
    private let name: String

    init(_ person: TestPerson, among people: [TestPerson], database path: String) throws {
        var names: [[UInt8]: String] = [:]
        for one in people {
            for (bytes, what) in Self.marks(of: one) { names[bytes] = "\(one.name)'s \(what)" }
        }
        self.names = names
        own = Set(Self.marks(of: person).map(\.bytes))
        name = person.name
        let frames = try DatabaseQueue(path: path).read { database in
            try Row2.fetchAll(database, sql: "SELECT stream, number, frame FROM frames ORDER BY id")
                .map { ($0["stream"] as Data, $0["number"] as Int64, $0["frame"] as Data) }
        }
        count = frames.count
        for (stream, number, frame) in frames {
            guard let row = try read(Array(stream), number, Array(frame)) else { continue }
            rows.append(row)
        }
    }

    private typealias Row2 = GRDB.Row

    /// What stands for a person in what is stored.
    private static func marks(of person: TestPerson) -> [(bytes: [UInt8], what: String)] {
        let recovery = person.recovery.publicKey
        return [
            (person.participant.value.bytes, "number in the directory"),
            (person.id.value.bytes, "id"),
            (person.identity.publicKey, "identity key"),
            (recovery, "recovery key"),
            (DeviceID(recoveryKey: recovery).value.bytes, "recovery key's id"),
        ]
            + person.devices.enumerated().flatMap { index, device in
                [
                    (device.id.value.bytes, "device \(index + 1)"),
                    (device.signing.publicKey, "device \(index + 1)'s signing key"),
                    (device.encryption.publicKey, "device \(index + 1)'s encryption key"),
                ]
            }
    }

    // MARK: Rows

    private func read(_ stream: [UInt8], _ number: Int64, _ frame: [UInt8]) throws -> Row? {
        guard frame.count >= 4 else { return nil }
        let length = frame.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        // A tombstone has less than the row that it stands in.
        let value = try CBORValue(decoding: Array(frame.dropFirst(4).prefix(length)))
        guard case .array(let elements) = value else { return nil }
        if elements.count == 5, case .array(let item) = elements[4], item.count == 3 {
            return line(number, at: elements[3], item)
        }
        guard elements.count >= 4, case .bytes(let bytes) = elements[3],
            case .array(let record)? = try? CBORValue(decoding: bytes), record.count == 4
        else { return nil }
        let log = stream == StreamID.directory.value.bytes ? "directory" : "room"
        let place = "\(log) \(record[0])"
        guard isNamed(in: record[2]) || isNamed(in: record[3]) else { return nil }
        var fields = [("\(log) at", say(record[1])), ("\(log) by", say(record[2]))]
        fields += leaves(record[3], place).map { ($0, say($1)) }
        return Row(title: "\(log) \(number): \(Self.event(bytes, log))", fields: fields)
    }

    private func line(_ number: Int64, at: CBORValue, _ item: [CBORValue]) -> Row? {
        guard isNamed(in: item[0]) || isNamed(in: item[1]) else { return nil }
        var isKey = false
        if case .array = item[1] { isKey = true }
        let kind = isKey ? "key" : "line"
        var fields = [("\(kind) at", say(at)), ("\(kind) sealed", say(item[1]))]
        fields.append(("\(kind) signature", say(item[2])))
        fields += leaves(item[0], kind).map { ($0, say($1)) }
        return Row(title: "\(kind) \(number)", fields: fields)
    }

    /// The name of what happened.
    private static func event(_ bytes: [UInt8], _ log: String) -> String {
        let event: Any? =
            if log == "room" {
                (try? RoomRecord(decoding: bytes) { Hashing.hash($0) })?.event
            } else {
                (try? CBORDecoder().decode(DirectoryRecord.self, from: bytes))?.event
            }
        guard let event else { return "unknown" }
        let name = Mirror(reflecting: event).children.first?.label ?? "\(event)"
        return name.reduce(into: "") { words, letter in
            words += letter.isUppercase ? " " + letter.lowercased() : String(letter)
        }
    }

    /// What is signed or sealed within a byte string, where it is a map.
    private static func inner(_ bytes: [UInt8]) -> CBORValue? {
        guard let inner = try? CBORValue(decoding: bytes), case .map = inner else { return nil }
        return inner
    }

    private func isNamed(in value: CBORValue) -> Bool {
        switch value {
        case .bytes(let bytes):
            return own.contains(bytes) || Self.inner(bytes).map { isNamed(in: $0) } ?? false
        case .text(let text): return text == name
        case .array(let elements): return elements.contains { isNamed(in: $0) }
        case .map(let pairs): return pairs.contains { isNamed(in: $0.value) }
        default: return false
        }
    }

    /// The values with their places; of a list that names the person only what is about them.
    private func leaves(_ value: CBORValue, _ path: String) -> [(String, CBORValue)] {
        switch value {
        case .map(let pairs): return pairs.flatMap { leaves($0.value, "\(path).\($0.key)") }
        case .array(let elements):
            let about = elements.filter { isNamed(in: $0) }
            return (about.isEmpty ? elements : about).flatMap { leaves($0, path + ".*") }
        case .bytes(let bytes):
            return Self.inner(bytes).map { leaves($0, path + "<") } ?? [(path, value)]
        default: return [(path, value)]
        }
    }

    private func say(_ value: CBORValue) -> String {
        switch value {
        case .bytes(let bytes):
            if let name = names[bytes] { return name }
            let start = bytes.prefix(4).map {
                String($0 >> 4, radix: 16) + String($0 & 15, radix: 16)
            }
            return bytes.isEmpty ? "empty" : "\(bytes.count) bytes \(start.joined())…"
        case .text(let text): return "\"\(text)\""
        case .array(let elements): return "\(elements.count) in a list"
        default: return "\(value)"
        }
    }

    /// The whole as a page to read.
    func page(_ told: [String: String]) -> String {
        var lines = [
            "What the database says about \(name): \(rows.count) of \(count) rows name them.",
            "Behind each value stands the line of `peercoach guide data` that tells of it.",
        ]
        for row in rows {
            lines += ["", row.title]
            for field in row.fields {
                lines.append(
                    "    \(field.place): \(field.value)  (\(told[field.place] ?? "NOT TOLD"))"
                )
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
