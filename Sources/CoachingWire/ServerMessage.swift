// SPDX-License-Identifier: Apache-2.0
public import CBOR
import CoachingModel

/// What a server sends.
///
/// - Shape: `[1, welcome]`, `[2, ready]`, `[3, code, sentence]`, `[4, id, kind, payload, ?next]`,
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
    /// 4: what a request gives and, where a list goes on, with what to ask for its next page.
    case reply(id: UInt64, Answer, next: PageCursor? = nil)
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
    /// The number on the wire of a message that is not a push.
    public enum Kind: UInt64, CaseIterable, Hashable, Sendable {
        /// The first frame.
        case welcome = 1
        /// The answer to a good hello.
        case ready = 2
        /// The last frame.
        case goodbye = 3
        /// What a request gives.
        case reply = 4
        /// Why a request was refused.
        case refusal = 5
        /// Are you there?
        case ping = 6
        /// The answer to an enrolment.
        case enrolment = 7
    }

    /// The number on the wire, unless the message is a push or unrecognised.
    public var kind: Kind? {
        switch self {
        case .welcome: .welcome
        case .ready: .ready
        case .goodbye: .goodbye
        case .reply: .reply
        case .refusal: .refusal
        case .ping: .ping
        case .enrolment: .enrolment
        case .push, .unrecognised: nil
        }
    }

    /// Writes a whole frame.
    public func frame() throws(CBORError) -> [UInt8] {
        switch self {
        case .push(let push): return try push.frame()
        case .reply(let id, .posted(let number), _): return ServerMessage.posted(id, number)
        default: break
        }
        return try Frame.make { (writer) throws(CBORError) in
            switch self {
            case .welcome(let welcome):
                begin(2, &writer)
                try put(welcome, &writer)
            case .ready(let ready):
                begin(2, &writer)
                try put(ready, &writer)
            case .goodbye(let goodbye):
                begin(3, &writer)
                writer.uint(UInt64(goodbye.code.rawValue))
                writer.text(goodbye.sentence, bytesMax: Frame.sentenceBytesMax)
            case .reply(let id, let answer, let next):
                begin(next == nil ? 4 : 5, &writer)
                writer.uint(id)
                try answer.write(&writer)
                if let next { writer.bytes(next.bytes) }
            case .refusal(let id, let refusal):
                begin(6, &writer)
                writer.uint(id)
                writer.uint(UInt64(refusal.code.rawValue))
                writer.uint(refusal.detail)
                writer.text(refusal.sentence, bytesMax: Frame.sentenceBytesMax)
                writer.text(refusal.reference, bytesMax: Frame.referenceBytesMax)
            case .ping: begin(1, &writer)
            case .enrolment(let answer):
                begin(3, &writer)
                try answer.write(&writer)
            case .push: break
            case .unrecognised(let kind):
                writer.array(1)
                writer.uint(kind)
            }
        }
    }

    /// Writes the head of the message's array and its number.
    private func begin(_ count: Int, _ writer: inout CBORWriter) {
        writer.array(count)
        if let kind { writer.uint(kind.rawValue) }
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
    ///
    /// - Throws: `CBORError` where the body is not such a message. A number that is not known here
    ///   is no error: the message is passed over.
    public init(body: [UInt8]) throws(CBORError) {
        self = try CBORReader.reading(body, limits: Frame.answerLimits) {
            (reader) throws(CBORError) -> ServerMessage in
            let count = try reader.array()
            guard count >= 1 else { throw CBORError(.invalidValue, offset: 0) }
            try reader.enter()
            let number = try reader.uint()
            let (message, used) = try ServerMessage.read(number, count, &reader)
            try skip(count - used, &reader)
            try reader.finish()
            return message
        }
    }

    private static func read(
        _ number: UInt64,
        _ count: Int,
        _ reader: inout CBORReader
    ) throws(CBORError) -> (ServerMessage, Int) {
        guard let kind = Kind(rawValue: number) else {
            if let push = Push.Kind(rawValue: number) {
                let (push, used) = try Push.read(push, count, &reader)
                return (.push(push), used)
            }
            guard number > 0 else { throw CBORError(.invalidValue, offset: 0) }
            return (.unrecognised(kind: number), 1)
        }
        switch (kind, count) {
        case (.welcome, 2...): return (.welcome(try take(Welcome.self, &reader)), 2)
        case (.ready, 2...): return (.ready(try take(Ready.self, &reader)), 2)
        case (.goodbye, 3...):
            let code = GoodbyeCode(rawValue: try reader.integer())
            let sentence = try reader.text(maxBytes: Frame.sentenceBytesMax)
            return (.goodbye(Goodbye(code, sentence)), 3)
        case (.reply, 4...):
            let id = try reader.uint()
            let answer = try Answer(&reader)
            guard answer.kind.isPaged, count > 4 else { return (.reply(id: id, answer), 4) }
            let next = try PageCursor.read(item: try reader.rawBytes())
            return (.reply(id: id, answer, next: next), 5)
        case (.refusal, 6...):
            let id = try reader.uint()
            let code = RefusalCode(rawValue: try reader.integer())
            let detail = try reader.uint()
            let refusal = Refusal(
                code,
                detail: detail,
                sentence: try reader.text(maxBytes: Frame.sentenceBytesMax),
                reference: try reader.text(maxBytes: Frame.referenceBytesMax)
            )
            return (.refusal(id: id, refusal), 6)
        case (.ping, 1...): return (.ping, 1)
        case (.enrolment, 3...): return (.enrolment(try EnrolmentReply(&reader)), 3)
        default: throw CBORError(.invalidValue, offset: 0)
        }
    }
}

extension EnrolmentReply {
    /// An enrolment answer's number on the wire.
    public enum Kind: UInt64, CaseIterable, Hashable, Sendable {
        /// What the invite is.
        case invitation = 0
        /// Enrolled.
        case enrolled = 1
        /// Declined.
        case declined = 2
        /// Refused.
        case refused = 3
    }

    /// The answer's number on the wire.
    public var kind: Kind {
        switch self {
        case .invitation: .invitation
        case .enrolled: .enrolled
        case .declined: .declined
        case .refused: .refused
        }
    }

    func write(_ writer: inout CBORWriter) throws(CBORError) {
        writer.uint(kind.rawValue)
        switch self {
        case .invitation(let invitation): try put(invitation, &writer)
        case .enrolled(let receipt): try put(receipt, &writer)
        case .declined: writer.null()
        case .refused(let code, let sentence):
            writer.array(2)
            writer.uint(UInt64(code.rawValue))
            writer.text(sentence, bytesMax: Frame.sentenceBytesMax)
        }
    }

    init(_ reader: inout CBORReader) throws(CBORError) {
        let start = reader.offset
        switch Kind(rawValue: try reader.uint()) {
        case .invitation: self = .invitation(try take(Invitation.self, &reader))
        case .enrolled: self = .enrolled(try take(EnrolmentReceipt.self, &reader))
        case .declined:
            try reader.skip()
            self = .declined
        case .refused:
            let place = reader.offset
            let count = try reader.array()
            guard count >= 2 else { throw CBORError(.invalidValue, offset: place) }
            try reader.enter()
            let code = RefusalCode(rawValue: try reader.integer())
            let sentence = try reader.text(maxBytes: Frame.sentenceBytesMax)
            self = .refused(code: code, sentence: sentence)
            try skip(count - 2, &reader)
            reader.leave()
        case nil: throw CBORError(.invalidValue, offset: start)
        }
    }
}
