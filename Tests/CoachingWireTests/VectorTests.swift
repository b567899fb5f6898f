// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingEnvelope
import CoachingModel
import CoachingWire
import Foundation
import Testing

/// Whether missing vectors are to be written: a new message's vector is made, looked at and kept.
private let writesVectors = ProcessInfo.processInfo.environment["PEERCOACH_WRITE_VECTORS"] == "1"

private func allVectors() throws -> [VectorFile] {
    let samples =
        try ClientSample.all.map { try $0.sample() } + ServerSample.all.map { try $0.sample() }
        + RecordSample.all.map(\.sample) + DirectorySample.all.map { try $0.sample() }
    return samples.map(\.vector) + BrokenSample.all.map(\.vector)
}

@Suite struct `The vectors of the protocol` {
    @Test(.enabled(if: writesVectors)) func `missing vectors are written`() throws {
        for vector in try allVectors() {
            let file = VectorFile.folder.appending(path: vector.name + ".txt")
            if FileManager.default.fileExists(atPath: file.path) { continue }
            try Data(vector.text.utf8).write(to: file)
        }
    }

    @Test func `every file says what it is, under the name that it has`() throws {
        try #require(!VectorFile.all.isEmpty)
        #expect(Set(VectorFile.all.map(\.name)).count == VectorFile.all.count)
        for vector in VectorFile.all {
            let keys = vector.fields.map(\.key)
            let least = ["name", "spec", "direction", "expect"]
            #expect(Array(keys.prefix(4)) == least && keys.last == "diag", "\(vector)")
            #expect(vector.direction != nil, "\(vector)")
            #expect(!vector.bytes.isEmpty, "\(vector)")
            let file = VectorFile.folder.appending(path: vector.name + ".txt")
            #expect(try String(contentsOf: file, encoding: .utf8) == vector.text, "\(vector)")
        }
    }

    @Test func `what is sent today is what the vectors hold`() throws {
        for vector in try allVectors() {
            #expect(VectorFile.named(vector.name) == vector, "\(vector)")
        }
    }

    @Test func `the length of a frame is that of its body`() {
        for vector in VectorFile.all where vector.expect == "ok" {
            guard vector.direction == .client || vector.direction == .server else { continue }
            let length = vector.bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            #expect(length == vector.body.count, "\(vector)")
        }
    }

    @Test func `every good vector is read, and written again as the same bytes`() throws {
        for vector in VectorFile.all where vector.expect == "ok" {
            #expect(try reencoded(vector) == vector.bytes, "\(vector)")
        }
    }

    @Test func `the diagnosis of a good vector is that of its bytes`() throws {
        for vector in VectorFile.all where vector.expect == "ok" && vector.direction != .object {
            let limits = CBORLimits(items: 32_768, profile: .wire)
            let value = try CBORValue(decoding: vector.body, limits: limits)
            #expect(vector["diag"] == value.description, "\(vector)")
        }
    }

    /// Reads a vector as what it is and writes it again; objects have a test of their own.
    private func reencoded(_ vector: VectorFile) throws -> [UInt8] {
        switch vector.direction {
        case .client: return try ClientMessage(body: vector.body).frame()
        case .server: return try ServerMessage(body: vector.body).frame()
        case .record:
            return try RoomRecord(decoding: vector.bytes, rosterHash: Hashing.hash).encoded()
        case .directory:
            let record = try CBORDecoder(limits: .wire)
                .decode(DirectoryRecord.self, from: vector.bytes)
            return try CBOREncoder(limits: .wire).encode(record)
        case .object, nil: return vector.bytes
        }
    }
}

@Suite struct `The page of the protocol` {
    private let lines: [Substring]

    init() throws {
        let page = VectorFile.folder.deletingLastPathComponent().appending(path: "spec.md")
        lines = try String(contentsOf: page, encoding: .utf8).split(separator: "\n")
    }

    @Test func `has a section or a row for every vector`() {
        for section in Set(VectorFile.all.compactMap { $0["spec"] }) {
            let starts = ["## \(section). ", "### \(section) "]
            let cell = "| \(section) "
            #expect(
                lines.contains { line in
                    starts.contains { line.hasPrefix($0) } || line.contains(cell)
                },
                "section \(section)"
            )
        }
    }

    @Test func `names every refusal under its number`() {
        let rules =
            RoomRejection.allCases.map { ("\($0.rawValue)", "\($0)") }
            + DirectoryRejection.allCases.map { ("\($0.rawValue)", "\($0)") }
        for (code, name) in rules where name != "notFound" {
            #expect(lines.contains { $0.contains("| \(code) | \(name)") }, "\(code) \(name)")
        }
        let server: [(RefusalCode, String)] = [
            (.notFound, "notFound"), (.left, "left"), (.tryLater, "tryLater"),
            (.outOfStep, "outOfStep"), (.badRequest, "badRequest"),
            (.unknownRequest, "unknownRequest"), (.busy, "busy"),
            (.badSignature, "badSignature"), (.tooLong, "tooLong"), (.conflict, "conflict"),
            (.notAnAdministrator, "notAnAdministrator"), (.stopping, "stopping"),
            (.suiteRefused, "suiteRefused"),
        ]
        for (code, name) in server {
            let row = "| \(code.rawValue) | \(name)"
            #expect(lines.contains { $0.contains(row) }, "\(row)")
        }
    }

    @Test func `names every goodbye under its number`() {
        let goodbyes: [(GoodbyeCode, String)] = [
            (.badFrame, "badFrame"), (.frameTooLong, "frameTooLong"), (.malformed, "malformed"),
            (.outOfOrder, "outOfOrder"), (.notKnown, "notKnown"), (.revoked, "revoked"),
            (.versionUnsupported, "versionUnsupported"), (.tooMany, "tooMany"),
            (.tooSlow, "tooSlow"), (.stopping, "stopping"), (.idle, "idle"),
            (.certificateRequired, "certificateRequired"),
            (.repeatedRequest, "repeatedRequest"), (.tooFast, "tooFast"),
            (.notConfirmed, "notConfirmed"),
        ]
        for (code, name) in goodbyes {
            let row = "| \(code.rawValue) | \(name) |"
            #expect(lines.contains { $0.hasPrefix(row) }, "\(row)")
        }
    }

    @Test func `says the limits that are announced`() {
        let limits = WireLimits()
        for number in [limits.frameBytesMax, limits.textBytesMax] {
            let digits = String(number)
            let grouped = digits.dropLast(3) + "," + digits.suffix(3)
            #expect(lines.contains { $0.hasSuffix("| \(grouped) |") }, "\(grouped)")
        }
        #expect(lines.contains { $0.hasPrefix("| people in a room | \(limits.peopleMax) ") })
        #expect(lines.contains { $0 == "| devices of a person | \(limits.devicesMax) |" })
        #expect(lines.contains { $0 == "| connections of a device | \(limits.connectionsMax) |" })
        #expect(
            lines.contains { $0 == "| items in a page of history | \(limits.historyFramesMax) |" }
        )
    }
}

@Suite struct `Every message has a vector` {
    private let client: [ClientMessage]
    private let server: [ServerMessage]

    init() throws {
        let good = VectorFile.all.filter { $0.expect == "ok" }
        client = try good.filter { $0.direction == .client }
            .map { try ClientMessage(body: $0.body) }
        server = try good.filter { $0.direction == .server }
            .map { try ServerMessage(body: $0.body) }
    }

    private var requests: [Request] {
        client.compactMap { if case .request(_, let request, _) = $0 { request } else { nil } }
    }

    @Test func `of a client`() {
        #expect(Set(client.map(\.kind)) == Set(ClientMessage.Kind.allCases))
        #expect(Set(requests.map(\.kind)) == Set(Request.Kind.allCases))
        let enrolments = client.compactMap { message in
            if case .enrolment(let request) = message { request.kind } else { nil }
        }
        #expect(Set(enrolments) == Set(EnrolmentRequest.Kind.allCases))
        let acts = requests.compactMap { request in
            if case .room(let asked) = request { asked.act.kind } else { nil }
        }
        #expect(Set(acts) == Set(RoomAct.Kind.allCases))
        let directory = requests.compactMap { request in
            if case .directory(let asked) = request { asked.kind } else { nil }
        }
        #expect(Set(directory) == Set(DirectoryRequest.Kind.allCases))
    }

    @Test func `of a server`() {
        #expect(Set(server.compactMap(\.kind)) == Set(ServerMessage.Kind.allCases))
        let answers = server.compactMap { message in
            if case .reply(_, let answer, _) = message { answer.kind } else { nil }
        }
        #expect(Set(answers) == Set(Answer.Kind.allCases))
        let pushes = server.compactMap { message in
            if case .push(let push) = message { push.kind } else { nil }
        }
        #expect(Set(pushes) == Set(Push.Kind.allCases))
        let enrolments = server.compactMap { message in
            if case .enrolment(let reply) = message { reply.kind } else { nil }
        }
        #expect(Set(enrolments) == Set(EnrolmentReply.Kind.allCases))
    }

    @Test func `of a room's log`() throws {
        let kinds = try VectorFile.all.filter { $0.direction == .record }
            .map { try RoomRecord(decoding: $0.bytes, rosterHash: Hashing.hash).event.kind }
        // A kind that is known refuses null as its payload, an unknown one takes anything.
        let known = (0..<256 as Range<UInt64>).filter { kind in
            let bytes = record(kind)
            return (try? RoomRecord(decoding: bytes, rosterHash: Hashing.hash)) == nil
        }
        #expect(Set(kinds) == Set(known))
    }

    @Test func `of the directory's log`() throws {
        let kinds = try VectorFile.all.filter { $0.direction == .directory }
            .map { try CBORDecoder().decode(DirectoryRecord.self, from: $0.bytes).event.kind }
        let known = (0..<256 as Range<UInt64>).filter { kind in
            (try? CBORDecoder().decode(DirectoryRecord.self, from: record(kind))) == nil
        }
        #expect(Set(kinds) == Set(known))
    }

    private func record(_ kind: UInt64) -> [UInt8] {
        var writer = CBORWriter()
        writer.array(4)
        writer.uint(kind)
        writer.uint(0)
        writer.null()
        writer.null()
        return writer.finish()
    }
}
