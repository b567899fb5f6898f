// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingModel
import CoachingWire

/// Bytes that a server must answer in a certain way, and why.
struct BrokenSample: Sendable, CustomStringConvertible {
    /// The class of the failure.
    enum Expect: String, Sendable {
        /// The length is wrong.
        case frame
        /// The body is no item of the profile.
        case cbor
        /// A limit of the profile is passed.
        case limit
        /// An item of the profile that is no message.
        case shape
        /// A message that has no place here.
        case state
        /// A request that is refused by its number.
        case refused
        /// Taken; what is unknown is skipped.
        case skip
    }

    /// To whom the server speaks.
    enum When: String, Sendable {
        /// A connection that showed no certificate and said nothing.
        case stranger
        /// A connection with a device's certificate that said nothing.
        case certified
        /// A connection that is ready.
        case device
    }

    var name: String
    var spec: String
    var expect: Expect
    var when: When = .device
    /// `goodbye N`, `refusal N` or `reply N`.
    var answer: String
    var note: String
    var bytes: [UInt8]

    var description: String { name }

    var vector: VectorFile {
        VectorFile(
            fields: [
                .init(key: "name", value: name), .init(key: "spec", value: spec),
                .init(key: "direction", value: "client"),
                .init(key: "expect", value: expect.rawValue),
                .init(key: "when", value: when.rawValue),
                .init(key: "answer", value: answer), .init(key: "diag", value: note),
            ],
            bytes: bytes
        )
    }
}

extension BrokenSample {
    private static func frame(_ hex: String) -> [UInt8] {
        let body = hexBytes(hex)
        var writer = CBORWriter()
        let length = writer.reserve4()
        writer.raw(body)
        writer.patch4(at: length, UInt32(clamping: body.count))
        return writer.finish()
    }

    /// Gives the frame of `[3, 1, kind, payload]`.
    private static func request(_ kind: String, _ payload: String) -> [UInt8] {
        frame("840301" + kind + payload)
    }

    private static let room = "50" + String(repeating: "52", count: 16)

    private static func nested(_ levels: Int) -> String {
        String(repeating: "81", count: levels - 1) + "80"
    }

    static let all: [BrokenSample] =
        frames + encodings + limits + shapes + states + refusals + skips

    private static let frames = [
        BrokenSample(
            name: "bad-frame-empty",
            spec: "1",
            expect: .frame,
            answer: "goodbye 1",
            note: "a length of 0",
            bytes: hexBytes("00000000")
        ),
        BrokenSample(
            name: "bad-frame-empty-from-a-stranger",
            spec: "1",
            expect: .frame,
            when: .stranger,
            answer: "goodbye 1",
            note: "a length of 0",
            bytes: hexBytes("00000000")
        ),
        BrokenSample(
            name: "bad-frame-too-long",
            spec: "1",
            expect: .frame,
            answer: "goodbye 2",
            note: "a length of 69,633; none of its bytes follow",
            bytes: hexBytes("00011001")
        ),
        BrokenSample(
            name: "bad-frame-too-long-from-a-stranger",
            spec: "1",
            expect: .frame,
            when: .stranger,
            answer: "goodbye 2",
            note: "a length of 8,193; none of its bytes follow",
            bytes: hexBytes("00002001")
        ),
        BrokenSample(
            name: "bad-frame-not-whole",
            spec: "1",
            expect: .frame,
            answer: "goodbye 1",
            note: "3 bytes of 16; the rest does not come in time",
            bytes: hexBytes("00000010840301")
        ),
    ]

    private static func encoding(
        _ name: String,
        _ note: String,
        _ bytes: [UInt8],
        when: When = .device
    ) -> BrokenSample {
        BrokenSample(
            name: "bad-cbor-" + name,
            spec: "2",
            expect: .cbor,
            when: when,
            answer: "goodbye 3",
            note: note,
            bytes: bytes
        )
    }

    private static let encodings = [
        encoding("reserved-head", "the head 0x1c is reserved", frame("1c")),
        encoding(
            "reserved-head-from-a-stranger",
            "the head 0x1c is reserved",
            frame("1c"),
            when: .stranger
        ),
        encoding("cut-short", "[3, 1, 8 and no more", frame("84030108")),
        encoding("string-too-long", "a string of 5 bytes with 1", request("0f", "4500")),
        encoding("trailing-bytes", "[4] and a 0 after it", frame("810400")),
        encoding("indefinite-array", "[_ 4]", frame("9f04ff")),
        encoding("indefinite-string", "[3, 1, 15, (_ h'30')]", request("0f", "5f4130ff")),
        encoding("float", "[3, 1, 8, 0.0]", request("08", "f90000")),
        encoding("tag", "[3, 1, 8, 0(0)]", request("08", "c000")),
        encoding("undefined", "[3, 1, 8, undefined]", request("08", "f7")),
        encoding("simple", "[3, 1, 8, simple(16)]", request("08", "f0")),
        encoding("long-head", "[3, 1 in two bytes, 8, null]", frame("8403180108f6")),
        encoding(
            "repeated-key",
            "[3, 1, 3, {0: room, 1: 0, 1: 0, 2: [], 3: true}]",
            request("03", "a500" + room + "01000100028003f5")
        ),
        encoding(
            "unsorted-keys",
            "[3, 1, 3, {1: 0, 0: room, 2: [], 3: true}]",
            request("03", "a4010000" + room + "028003f5")
        ),
        encoding(
            "text-key",
            "[3, 1, 3, {0: room, 1: 0, 2: [], 3: true, \"a\": 0}]",
            request("03", "a500" + room + "0100028003f5616100")
        ),
        encoding(
            "negative-key",
            "[3, 1, 3, {0: room, 1: 0, 2: [], 3: true, -1: 0}]",
            request("03", "a500" + room + "0100028003f52000")
        ),
        encoding(
            "not-utf-8",
            "[3, 1, 7, [5, {0: room, 1: a text of the byte ff}]]",
            request("07", "8205a200" + room + "0161ff")
        ),
        encoding(
            "number-over-63-bits",
            "[3, 9223372036854775808, 8, null]",
            frame("84031b800000000000000008f6")
        ),
    ]

    private static let limits = [
        BrokenSample(
            name: "bad-limit-depth",
            spec: "8",
            expect: .limit,
            answer: "goodbye 3",
            note: "arrays 17 deep, the message's own among them",
            bytes: request("08", nested(16))
        ),
        BrokenSample(
            name: "bad-limit-depth-in-a-post",
            spec: "8",
            expect: .limit,
            answer: "goodbye 3",
            note: "an item 15 deep, which with the message and the payload comes to 17",
            bytes: request("01", "82" + room + nested(15))
        ),
        BrokenSample(
            name: "bad-limit-items",
            spec: "8",
            expect: .limit,
            answer: "goodbye 3",
            note: "8,193 items: the message, 3, 1, 8, and an array of 8,188",
            bytes: request("08", "991ffc" + String(repeating: "00", count: 8_188))
        ),
    ]

    private static func shape(
        _ name: String,
        _ note: String,
        _ bytes: [UInt8],
        spec: String = "4",
        when: When = .device
    ) -> BrokenSample {
        BrokenSample(
            name: "bad-shape-" + name,
            spec: spec,
            expect: .shape,
            when: when,
            answer: "goodbye 3",
            note: note,
            bytes: bytes
        )
    }

    private static let shapes = [
        shape("no-array", "{}", frame("a0")),
        shape("no-elements", "[]", frame("80")),
        shape("unknown-message", "[9]", frame("8109")),
        shape("unknown-message-from-a-stranger", "[9]", frame("8109"), when: .stranger),
        shape("message-as-text", "[\"4\"]", frame("816134")),
        shape("request-too-short", "[3, 1, 8]", frame("83030108")),
        shape("request-number-negative", "[3, -1, 8, null]", frame("84032008f6")),
        shape("request-number-null", "[3, null, 8, null]", frame("8403f608f6")),
        shape(
            "hello-of-text",
            "[1, {0: \"1\", 1: device, 2: h'', 3: \"\"}]",
            frame("8201a400613101" + "50" + String(repeating: "64", count: 16) + "02400360"),
            spec: "3.2",
            when: .stranger
        ),
        shape(
            "hello-without-device",
            "[1, {0: 1, 2: h'', 3: \"\"}]",
            frame("8201a3000102400360"),
            spec: "3.2",
            when: .stranger
        ),
        shape(
            "enrolment-unknown",
            "[2, 9, null]",
            frame("830209f6"),
            spec: "3.5",
            when: .stranger
        ),
        shape(
            "enrolment-short-secret",
            "[2, 0, 31 bytes]",
            frame("830200581f" + String(repeating: "61", count: 31)),
            spec: "3.5.0",
            when: .stranger
        ),
    ]

    private static let states = [
        BrokenSample(
            name: "bad-state-request-before-hello",
            spec: "3",
            expect: .state,
            when: .certified,
            answer: "goodbye 4",
            note: "[3, 1, 8, null]",
            bytes: request("08", "f6")
        ),
        BrokenSample(
            name: "bad-state-request-from-a-stranger",
            spec: "3",
            expect: .state,
            when: .stranger,
            answer: "goodbye 4",
            note: "[3, 1, 8, null]",
            bytes: request("08", "f6")
        ),
        BrokenSample(
            name: "bad-state-pong-before-hello",
            spec: "3.6",
            expect: .state,
            when: .certified,
            answer: "goodbye 4",
            note: "[4]",
            bytes: frame("8104")
        ),
        BrokenSample(
            name: "bad-state-second-hello",
            spec: "3.2",
            expect: .state,
            answer: "goodbye 4",
            note: "a hello after the hello",
            bytes: hello(version: 1)
        ),
        BrokenSample(
            name: "bad-state-enrolment-after-hello",
            spec: "3.5",
            expect: .state,
            answer: "goodbye 4",
            note: "[2, 0, secret]",
            bytes: frame("8302005820" + String(repeating: "61", count: 32))
        ),
        BrokenSample(
            name: "bad-state-hello-without-certificate",
            spec: "3.2",
            expect: .state,
            when: .stranger,
            answer: "goodbye 12",
            note: "a hello on a connection that showed no certificate",
            bytes: hello(version: 1)
        ),
        BrokenSample(
            name: "bad-state-hello-of-nobody",
            spec: "3.2",
            expect: .state,
            when: .certified,
            answer: "goodbye 5",
            note: "a hello of a device that is not the certificate's",
            bytes: hello(version: 1)
        ),
        BrokenSample(
            name: "bad-state-version",
            spec: "9",
            expect: .state,
            when: .certified,
            answer: "goodbye 7",
            note: "a hello of version 99",
            bytes: hello(version: 99)
        ),
        BrokenSample(
            name: "bad-state-repeated-request",
            spec: "4",
            expect: .state,
            answer: "goodbye 13",
            note: "two frames: [3, 1, 8, null], [3, 1, 8, null]",
            bytes: request("08", "f6") + request("08", "f6")
        ),
        BrokenSample(
            name: "bad-state-descending-request",
            spec: "4",
            expect: .state,
            answer: "goodbye 13",
            note: "two frames: [3, 2, 8, null], [3, 1, 8, null]",
            bytes: frame("84030208f6") + request("08", "f6")
        ),
    ]

    private static func hello(version: UInt32) -> [UInt8] {
        let hello = Hello(
            version: version,
            device: Values.device,
            signature: Values.bytes(64, 0x5a),
            program: "vector"
        )
        return (try? ClientMessage.hello(hello).frame()) ?? []
    }

    private static func refusal(
        _ name: String,
        _ code: RefusalCode,
        _ note: String,
        _ bytes: [UInt8],
        spec: String
    ) -> BrokenSample {
        BrokenSample(
            name: "bad-request-" + name,
            spec: spec,
            expect: .refused,
            answer: "refusal \(code.rawValue)",
            note: note,
            bytes: bytes
        )
    }

    private static let refusals = [
        refusal(
            "unknown",
            .unknownRequest,
            "[3, 1, 999, null]",
            request("1903e7", "f6"),
            spec: "4"
        ),
        refusal(
            "post-of-null",
            .badRequest,
            "[3, 1, 1, null]",
            request("01", "f6"),
            spec: "4.1"
        ),
        refusal(
            "post-to-a-text",
            .badRequest,
            "[3, 1, 1, [\"room\", []]]",
            request("01", "8264726f6f6d80"),
            spec: "4.1"
        ),
        refusal(
            "follow-without-position",
            .badRequest,
            "[3, 1, 3, {0: room, 2: [], 3: true}]",
            request("03", "a300" + room + "028003f5"),
            spec: "4.3"
        ),
        refusal(
            "room-of-15-bytes",
            .badRequest,
            "[3, 1, 4, 15 bytes]",
            request("04", "4f" + String(repeating: "52", count: 15)),
            spec: "4.4"
        ),
        refusal(
            "limit-over-32-bits",
            .badRequest,
            "[3, 1, 5, {0: room, 1: transcript, 2: 1, 3: 4294967296}]",
            request("05", "a400" + room + "01" + room + "0201031b0000000100000000"),
            spec: "4.5"
        ),
        refusal(
            "unknown-act",
            .badRequest,
            "[3, 1, 6, [room, 99, null]]",
            request("06", "83" + room + "1863f6"),
            spec: "4.6"
        ),
        refusal(
            "unknown-presence",
            .badRequest,
            "[3, 1, 6, [room, 5, {0: person, 1: 9}]]",
            request("06", "83" + room + "05a200" + room + "0109"),
            spec: "4.6.5"
        ),
        refusal(
            "unknown-directory-request",
            .badRequest,
            "[3, 1, 7, [99, null]]",
            request("07", "821863f6"),
            spec: "4.7"
        ),
        refusal(
            "room-of-nobody",
            .notFound,
            "[3, 1, 16, a room that does not exist]",
            request("10", "50" + String(repeating: "fe", count: 16)),
            spec: "7"
        ),
    ]

    private static let skips = [
        BrokenSample(
            name: "skip-unknown-key",
            spec: "9",
            expect: .skip,
            answer: "refusal 256",
            note:
                "[3, 1, 3, {0: room, 1: 0, 2: [], 3: true, 99: [{0: \"new\"}]}], a room of nobody",
            bytes: request("03", "a500" + room + "0100028003f5186381a100636e6577")
        ),
        BrokenSample(
            name: "skip-unknown-elements",
            spec: "9",
            expect: .skip,
            answer: "reply 8",
            note: "[3, 1, 8, null, {0: \"new\"}, 5]",
            bytes: frame("86030108f6a100636e657705")
        ),
        BrokenSample(
            name: "skip-payload-where-none-is",
            spec: "9",
            expect: .skip,
            answer: "reply 8",
            note: "[3, 1, 8, {0: \"new\"}]",
            bytes: request("08", "a100636e6577")
        ),
        BrokenSample(
            name: "skip-depth-16",
            spec: "8",
            expect: .skip,
            answer: "reply 8",
            note: "arrays 16 deep, the message's own among them",
            bytes: request("08", nested(15))
        ),
        BrokenSample(
            name: "skip-unknown-elements-of-a-pong",
            spec: "9",
            expect: .skip,
            answer: "reply 8",
            note: "two frames: [4, \"new\"], [3, 1, 8, null]",
            bytes: frame("8204636e6577") + request("08", "f6")
        ),
    ]
}
