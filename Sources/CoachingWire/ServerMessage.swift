// SPDX-License-Identifier: Apache-2.0
public import CBOR
import CoachingModel

/// What a server sends.
///
/// - Shape: `[1, welcome]`, `[2, ready]`, `[3, code, sentence]`, `[4, id, kind, payload]`,
///   `[5, id, code, detail, sentence, reference]`, `[6]`, `[7, kind, payload]` (answers to an
///   enrolment), `[16...22, ...]` (pushes).
/// - Source: Protocol/spec.md.
public enum ServerMessage: Hashable, Sendable {
    /// 1: the first frame.
    case welcome(Welcome)
    /// 2: the answer to a good hello.
    case ready(Ready)
    /// 3: the last frame.
    case goodbye(Goodbye)
    /// 4: what a request gives.
    case reply(id: UInt64, Answer)
    /// 5: why a request was refused.
    case refusal(id: UInt64, Refusal)
    /// 6: are you there? Answered with a pong.
    case ping
    /// 7: the answer to an enrolment.
    case enrolment(EnrolmentReply)
    /// 16 and above.
    case push(Push)
    /// A message of a newer server; passed over.
    case unrecognised(kind: UInt64)
}

/// What an enrolment message gives.
public enum EnrolmentReply: Hashable, Sendable {
    /// 0: what the invite is.
    case invitation(Invitation)
    /// 1: enrolled.
    case enrolled(EnrolmentReceipt)
    /// 2: the invite is declined.
    case declined
    /// 3: refused.
    case refused(code: RefusalCode, sentence: String)
}

extension ServerMessage {
    /// Writes a whole frame.
    public func frame() throws(CBORError) -> [UInt8] {
        switch self {
        case .push(let push): return try push.frame()
        case .reply(let id, .posted(let number)): return ServerMessage.posted(id, number)
        default: break
        }
        return try Frame.make { (writer) throws(CBORError) in
            switch self {
            case .welcome(let welcome):
                writer.array(2)
                writer.uint(1)
                try put(welcome, &writer)
            case .ready(let ready):
                writer.array(2)
                writer.uint(2)
                try put(ready, &writer)
            case .goodbye(let goodbye):
                writer.array(3)
                writer.uint(3)
                writer.uint(UInt64(goodbye.code.rawValue))
                writer.text(goodbye.sentence)
            case .reply(let id, let answer):
                writer.array(4)
                writer.uint(4)
                writer.uint(id)
                try answer.write(&writer)
            case .refusal(let id, let refusal):
                writer.array(6)
                writer.uint(5)
                writer.uint(id)
                writer.uint(UInt64(refusal.code.rawValue))
                writer.uint(refusal.detail)
                writer.text(refusal.sentence)
                writer.text(refusal.reference)
            case .ping:
                writer.array(1)
                writer.uint(6)
            case .enrolment(let answer):
                writer.array(3)
                writer.uint(7)
                try answer.write(&writer)
            case .push: break
            case .unrecognised(let kind):
                writer.array(1)
                writer.uint(kind)
            }
        }
    }

    /// Writes the frame of the commonest reply without Codable.
    public static func posted(_ id: UInt64, _ number: UInt64) -> [UInt8] {
        var writer = CBORWriter(capacity: 32)
        let length = writer.reserve4()
        writer.array(4)
        writer.uint(4)
        writer.uint(id)
        writer.uint(1)
        writer.uint(number)
        writer.patch4(at: length, UInt32(clamping: writer.count - Frame.headBytes))
        return writer.finish()
    }

    /// Reads a frame's body.
    public init(body: [UInt8]) throws(CBORError) {
        self = try CBORReader.reading(body) { (reader) throws(CBORError) -> ServerMessage in
            let count = try reader.array()
            guard count >= 1 else { throw CBORError(.invalidValue, offset: 0) }
            let kind = try reader.uint()
            let (message, used) = try ServerMessage.read(kind, count, &reader)
            try skip(count - used, &reader)
            try reader.finish()
            return message
        }
    }

    private static func read(
        _ kind: UInt64, _ count: Int, _ reader: inout CBORReader
    ) throws(CBORError) -> (ServerMessage, Int) {
        switch (kind, count) {
        case (1, 2...): return (.welcome(try take(Welcome.self, &reader)), 2)
        case (2, 2...): return (.ready(try take(Ready.self, &reader)), 2)
        case (3, 3...):
            let code = GoodbyeCode(rawValue: try reader.integer())
            return (.goodbye(Goodbye(code, try reader.text(maxBytes: 1_000))), 3)
        case (4, 4...): return (.reply(id: try reader.uint(), try Answer(&reader)), 4)
        case (5, 6...):
            let id = try reader.uint()
            let code = RefusalCode(rawValue: try reader.integer())
            let detail = try reader.uint()
            let refusal = Refusal(
                code, detail: detail, sentence: try reader.text(maxBytes: 1_000),
                reference: try reader.text(maxBytes: 100))
            return (.refusal(id: id, refusal), 6)
        case (6, 1...): return (.ping, 1)
        case (7, 3...): return (.enrolment(try EnrolmentReply(&reader)), 3)
        case (16...22, 2...):
            guard let (push, used) = try Push.read(kind, count, &reader) else {
                throw CBORError(.invalidValue, offset: 0)
            }
            return (.push(push), used)
        case (23..., _): return (.unrecognised(kind: kind), 1)
        default: throw CBORError(.invalidValue, offset: 0)
        }
    }
}

extension EnrolmentReply {
    func write(_ writer: inout CBORWriter) throws(CBORError) {
        switch self {
        case .invitation(let invitation):
            writer.uint(0)
            try put(invitation, &writer)
        case .enrolled(let enrolled):
            writer.uint(1)
            try put(enrolled, &writer)
        case .declined:
            writer.uint(2)
            writer.null()
        case .refused(let code, let sentence):
            writer.uint(3)
            writer.array(2)
            writer.uint(UInt64(code.rawValue))
            writer.text(sentence)
        }
    }

    init(_ reader: inout CBORReader) throws(CBORError) {
        let start = reader.offset
        switch try reader.uint() {
        case 0: self = .invitation(try take(Invitation.self, &reader))
        case 1: self = .enrolled(try take(EnrolmentReceipt.self, &reader))
        case 2:
            try reader.skip()
            self = .declined
        case 3:
            try reader.array(count: 2)
            let code = RefusalCode(rawValue: try reader.integer())
            self = .refused(code: code, sentence: try reader.text(maxBytes: 1_000))
        default: throw CBORError(.invalidValue, offset: start)
        }
    }
}
