// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingModel
import CoachingWire
import Testing

extension VectorFile {
    fileprivate var diagnosisHasMaps: Bool { self["diag"]?.contains("{") == true }
}

/// What a newer version may add: keys to every map, elements to the arrays of messages.
@Suite struct `Messages of a newer peer` {
    private static let limits = CBORLimits(items: 32_768, profile: .wire)
    private static let novelty = CBORValue.map([
        .init(.unsigned(0), .array([.text("new"), .null, .bool(true), .negative(7)]))
    ])

    /// Adds an unknown key to every map.
    private func widened(_ value: CBORValue) -> CBORValue {
        switch value {
        case .map(let pairs):
            .map(
                pairs.map { .init($0.key, widened($0.value)) }
                    + [.init(.unsigned(1_000), Self.novelty)]
            )
        case .array(let elements): .array(elements.map(widened))
        default: value
        }
    }

    /// Adds an element to the message's array.
    private func lengthened(_ value: CBORValue) -> CBORValue {
        guard case .array(let elements) = value else { return value }
        return .array(elements + [Self.novelty])
    }

    @Test func `are understood as far as they are known`() throws {
        for vector in VectorFile.all where vector.expect == "ok" {
            guard vector.direction == .client || vector.direction == .server else { continue }
            let value = try CBORValue(decoding: vector.body, limits: Self.limits)
            #expect(lengthened(value) != value, "\(vector)")
            #expect((widened(value) != value) == vector.diagnosisHasMaps, "\(vector)")
            for newer in [widened(value), lengthened(value), lengthened(widened(value))] {
                let body = try newer.encoded(limits: Self.limits)
                switch vector.direction {
                case .client:
                    #expect(
                        try ClientMessage(body: body) == ClientMessage(body: vector.body),
                        "\(vector)"
                    )
                case .server:
                    #expect(
                        try ServerMessage(body: body) == ServerMessage(body: vector.body),
                        "\(vector)"
                    )
                default: break
                }
            }
        }
    }

    @Test func `grow in the arrays within as well`() throws {
        // The one that has all that a post may have by now.
        let whole = Post(room: Values.room, item: Values.item, file: Values.hash(0x66))
        let post = Array(try ClientMessage.request(id: 1, .post(whole)).frame().dropFirst(4))
        let act = Array(
            try ClientMessage.request(id: 1, .room(RoomRequest(room: Values.room, act: .pause)))
                .frame().dropFirst(4)
        )
        let asked = Array(
            try ClientMessage.request(id: 1, .directory(.closeRoom(Values.room)))
                .frame().dropFirst(4)
        )
        for body in [post, act, asked] {
            guard case .array(var elements) = try CBORValue(decoding: body) else { continue }
            elements[3] = lengthened(elements[3])
            let longer = try CBORValue.array(elements).encoded(limits: .wire)
            #expect(longer != body)
            #expect(try ClientMessage(body: longer) == ClientMessage(body: body))
        }
        let refused = ServerMessage.enrolment(.refused(code: .notFound, sentence: "No."))
        let body = Array(try refused.frame().dropFirst(4))
        guard case .array(var elements) = try CBORValue(decoding: body) else { return }
        elements[2] = lengthened(elements[2])
        #expect(
            try ServerMessage(body: CBORValue.array(elements).encoded(limits: .wire)) == refused
        )
    }

    @Test func `with numbers that are not known here are passed over`() throws {
        let known =
            ServerMessage.Kind.allCases.map(\.rawValue) + Push.Kind.allCases.map(\.rawValue)
        for number in 1..<300 as Range<UInt64> where !known.contains(number) {
            let body = try CBORValue.array([.unsigned(number), Self.novelty])
                .encoded(limits: .wire)
            #expect(try ServerMessage(body: body) == .unrecognised(kind: number))
        }
        #expect(throws: CBORError.self) { try ServerMessage(body: [0x81, 0x00]) }
    }

    @Test func `keep codes that are not known here as numbers`() throws {
        let message = ServerMessage.goodbye(Goodbye(GoodbyeCode(rawValue: 999), "New."))
        #expect(try ServerMessage(body: Array(message.frame().dropFirst(4))) == message)
    }
}
