// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingModel
import CoachingWire
import Testing

/// What a server makes of a client's bytes, as far as the bytes alone tell.
@Suite struct `Frames that are broken` {
    private static let vectors = VectorFile.all.filter { $0.expect != "ok" }

    private func bodies(_ bytes: [UInt8]) -> [[UInt8]] {
        var rest = bytes[...]
        var bodies: [[UInt8]] = []
        while rest.count >= 4 {
            let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            bodies.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return bodies
    }

    private func verdict(_ body: [UInt8]) -> String {
        do {
            switch try ClientMessage(body: body) {
            case .badRequest: return "badRequest"
            case .unknownRequest: return "unknownRequest"
            default: return "message"
            }
        } catch {
            return "malformed"
        }
    }

    @Test func `each is judged as its vector says`() throws {
        try #require(Self.vectors.count == BrokenSample.all.count)
        for vector in Self.vectors {
            let verdicts = Set(bodies(vector.bytes).map(verdict))
            let expected: Set<String> =
                switch (vector.expect, vector["answer"]) {
                case ("cbor", _), ("limit", _), ("shape", _): ["malformed"]
                case ("refused", "refusal 261"): ["unknownRequest"]
                case ("refused", "refusal 260"): ["badRequest"]
                case ("state", _), ("skip", _), ("refused", _): ["message"]
                default: verdicts
                }
            #expect(verdicts == expected, "\(vector)")
        }
    }

    @Test
    func `what breaks the encoding is refused by the codec alone, and what breaks the shape not`() {
        for vector in Self.vectors {
            let limits = Frame.requestLimits
            let isItem = (try? CBORReader.validate(vector.body, limits: limits)) != nil
            switch vector.expect {
            case "cbor", "limit": #expect(!isItem, "\(vector)")
            case "shape": #expect(isItem, "\(vector)")
            default: break
            }
        }
    }

    @Test func `a good frame that ends anywhere before its end is refused`() {
        for vector in VectorFile.all where vector.expect == "ok" {
            for end in vector.body.indices {
                let part = Array(vector.body[..<end])
                switch vector.direction {
                case .client:
                    #expect(throws: CBORError.self, "\(vector) to \(end)") {
                        try ClientMessage(body: part)
                    }
                case .server:
                    #expect(throws: CBORError.self, "\(vector) to \(end)") {
                        try ServerMessage(body: part)
                    }
                default: break
                }
            }
        }
    }

    @Test func `a byte after the message is refused`() {
        for vector in VectorFile.all where vector.expect == "ok" {
            switch vector.direction {
            case .client:
                #expect(throws: CBORError.self, "\(vector)") {
                    try ClientMessage(body: vector.body + [0])
                }
            case .server:
                #expect(throws: CBORError.self, "\(vector)") {
                    try ServerMessage(body: vector.body + [0])
                }
            default: break
            }
        }
    }

    @Test func `no changed byte of a good frame does more than refuse or change the message`()
        throws
    {
        var generator = SeededNumbers(seed: 0x7065_6572)
        for vector in VectorFile.all where vector.expect == "ok" {
            guard vector.direction == .client || vector.direction == .server else { continue }
            for _ in 0..<200 {
                var body = vector.body
                let place = Int.random(in: body.indices, using: &generator)
                body[place] = UInt8.random(in: .min ... .max, using: &generator)
                if vector.direction == .client {
                    guard let message = try? ClientMessage(body: body) else { continue }
                    let again = try ClientMessage(body: Array(message.frame().dropFirst(4)))
                    switch message {
                    case .badRequest, .unknownRequest: break
                    default: #expect(again == message, "\(vector), byte \(place)")
                    }
                } else {
                    guard let message = try? ServerMessage(body: body) else { continue }
                    let again = try ServerMessage(body: Array(message.frame().dropFirst(4)))
                    #expect(again == message, "\(vector), byte \(place)")
                }
            }
        }
    }

    @Test func `nesting is counted from the frame, whichever way a part is read`() throws {
        func nested(_ levels: Int) -> [UInt8] {
            [UInt8](repeating: 0x81, count: levels - 1) + [0x80]
        }
        func pushed(_ item: [UInt8]) -> [UInt8] {
            PushedItem(transcript: Values.transcript, number: 1, at: Values.time, item: item)
                .frame()
        }
        func posted(_ item: [UInt8]) throws -> [UInt8] {
            try ClientMessage.request(id: 1, .post(Post(room: Values.room, item: item))).frame()
        }
        // The message is one level, a post's payload another.
        let pushes = [15, 16].map { pushed(nested($0)) }
        let posts = try [14, 15].map { try posted(nested($0)) }
        #expect((try? ServerMessage(body: Array(pushes[0].dropFirst(4)))) != nil)
        #expect((try? ServerMessage(body: Array(pushes[1].dropFirst(4)))) == nil)
        #expect((try? ClientMessage(body: Array(posts[0].dropFirst(4)))) != nil)
        #expect((try? ClientMessage(body: Array(posts[1].dropFirst(4)))) == nil)
    }

    @Test func `a request that does not fit is refused by its number, at the byte of its frame`() {
        let body = hexBytes("840318630350" + String(repeating: "52", count: 16))
        #expect(
            (try? ClientMessage(body: body))
                == .badRequest(id: 99, CBORError(.typeMismatch, offset: 5))
        )
    }

    @Test func `a cursor that is none is refused by the request's number`() throws {
        // [3, 99, 12, null, cursor]: empty, of 65 bytes; then what is no cursor, and a good one.
        let head = hexBytes("850318630cf6")
        let long = [0x58, 65] + [UInt8](repeating: 1, count: 65)
        for cursor: [UInt8] in [[0x40], long] {
            guard case .badRequest(99, let error) = try ClientMessage(body: head + cursor) else {
                Issue.record("\(cursor)")
                continue
            }
            #expect(error.offset >= head.count)
        }
        for other: [UInt8] in [[0xf6], [0x01], [0x61, 0x61], [0x80]] {
            #expect(try ClientMessage(body: head + other) == .request(id: 99, .people))
        }
        #expect(
            try ClientMessage(body: head + [0x41, 7])
                == .request(id: 99, .people, after: PageCursor([7]))
        )
        // Behind a request that has no pages, anything is passed over.
        let devices = hexBytes("850318630bf6")
        #expect(try ClientMessage(body: devices + [0x40]) == .request(id: 99, .devices))
    }

    @Test func `pages of another list are not taken`() {
        var rooms = Answer.rooms([])
        let isTaken = rooms.append(.people([]))
        #expect(!isTaken)
        var done = Answer.done(1)
        let isDone = done.append(.done(1))
        #expect(!isDone)
    }

    @Test func `five hundred people with all that is known of them fit a request`() throws {
        let people = (0..<500).map { number in
            NewParticipant(
                participant: ParticipantID(Bytes16(high: 1, low: UInt64(number))),
                name: "Person \(number)",
                department: "Department of everything",
                address: "person.\(number)@example.org"
            )
        }
        let message = ClientMessage.request(id: 1, .directory(.addPeople(people)))
        let frame = try message.frame()
        #expect(frame.count - Frame.headBytes <= Int(WireLimits().frameBytesMax))
        #expect(try ClientMessage(body: Array(frame.dropFirst(4))) == message)
    }

    @Test func `a sentence longer than any reader takes is cut at a whole letter`() throws {
        let long = String(repeating: "é", count: 700)
        let message = ServerMessage.refusal(
            id: 1,
            Refusal(.notFound, sentence: long, reference: long)
        )
        guard
            case .refusal(_, let refusal) = try ServerMessage(
                body: Array(message.frame().dropFirst(4))
            )
        else {
            Issue.record("no refusal came back")
            return
        }
        #expect(refusal.sentence == String(repeating: "é", count: 500))
        #expect(refusal.reference == String(repeating: "é", count: 50))
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
