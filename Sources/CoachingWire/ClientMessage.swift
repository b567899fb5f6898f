// SPDX-License-Identifier: Apache-2.0
public import CBOR
import CoachingModel

/// What a client sends.
///
/// - Shape: `[1, hello]`, `[2, kind, payload]`, `[3, id, kind, payload]`, `[4]`.
/// - Source: Protocol/spec.md, First frames and Requests.
public enum ClientMessage: Equatable, Sendable {
    /// 1: the signed hello.
    case hello(Hello)
    /// 2: what a connection without a device may ask.
    case enrolment(EnrolmentRequest)
    /// 3: a request with its number.
    case request(id: UInt64, Request)
    /// 4: the answer to a ping.
    case pong
    /// 3 with a kind that is not known here; it is refused, not fatal.
    case unknownRequest(id: UInt64)
    /// 3 with a payload that does not fit its kind, after the envelope could be read.
    case badRequest(id: UInt64, CBORError)
}

extension ClientMessage {
    /// Writes a whole frame.
    public func frame() throws(CBORError) -> [UInt8] {
        try Frame.make { (writer) throws(CBORError) in
            switch self {
            case .hello(let hello):
                writer.array(2)
                writer.uint(1)
                try put(hello, &writer)
            case .enrolment(let enrolment):
                writer.array(3)
                writer.uint(2)
                try enrolment.write(&writer)
            case .request(let id, let request):
                writer.array(4)
                writer.uint(3)
                writer.uint(id)
                writer.uint(request.kind.rawValue)
                try request.writePayload(&writer)
            case .pong:
                writer.array(1)
                writer.uint(4)
            case .unknownRequest(let id), .badRequest(let id, _):
                writer.array(4)
                writer.uint(3)
                writer.uint(id)
                writer.uint(0)
                writer.null()
            }
        }
    }

    /// Reads a frame's body.
    ///
    /// - Throws: `CBORError` where the body is not such a message at all. A request whose payload
    ///   does not fit is given as ``badRequest(id:_:)``, so that it can be refused by its number.
    public init(body: [UInt8]) throws(CBORError) {
        self = try CBORReader.reading(body) { (reader) throws(CBORError) -> ClientMessage in
            let count = try reader.array()
            let message: ClientMessage
            switch (try reader.uint(), count) {
            case (1, 2...):
                message = .hello(try take(Hello.self, &reader))
                try skip(count - 2, &reader)
            case (2, 3...):
                message = .enrolment(try EnrolmentRequest(&reader))
                try skip(count - 3, &reader)
            case (3, 4...):
                message = try ClientMessage.request(&reader)
                try skip(count - 4, &reader)
            case (4, 1...):
                message = .pong
                try skip(count - 1, &reader)
            default: throw CBORError(.invalidValue, offset: 0)
            }
            try reader.finish()
            return message
        }
    }

    private static func request(_ reader: inout CBORReader) throws(CBORError) -> ClientMessage {
        let id = try reader.uint()
        let number = try reader.uint()
        guard let kind = Request.Kind(rawValue: number) else {
            try reader.skip()
            return .unknownRequest(id: id)
        }
        if kind == .post {
            // The hot one: read where it stands, without a copy of the payload.
            return .request(id: id, .post(try Post(&reader)))
        }
        let payload = try reader.rawBytes()
        do {
            let request = try CBORReader.reading(payload) { (inner) throws(CBORError) in
                try Request(kind: kind, &inner)
            }
            return .request(id: id, request)
        } catch {
            return .badRequest(id: id, error)
        }
    }
}

extension Post {
    init(_ reader: inout CBORReader) throws(CBORError) {
        let count = try reader.array()
        guard count >= 2 else { throw CBORError(.invalidValue, offset: reader.offset) }
        let (high, low) = try reader.fixed16()
        room = RoomID(Bytes16(high: high, low: low))
        item = try reader.rawBytes()
        try skip(count - 2, &reader)
    }

    func write(_ writer: inout CBORWriter) {
        writer.array(2)
        writer.fixed16(room.value.high, room.value.low)
        writer.raw(item)
    }
}

extension EnrolmentRequest {
    init(_ reader: inout CBORReader) throws(CBORError) {
        let start = reader.offset
        switch try reader.uint() {
        case 0: self = .look(auth: try take(Bytes32.self, &reader))
        case 1: self = .person(try take(PersonForm.self, &reader))
        case 2: self = .device(try take(DeviceForm.self, &reader))
        case 3: self = .decline(auth: try take(Bytes32.self, &reader))
        default: throw CBORError(.invalidValue, offset: start)
        }
    }

    func write(_ writer: inout CBORWriter) throws(CBORError) {
        switch self {
        case .look(let auth):
            writer.uint(0)
            try put(auth, &writer)
        case .person(let enrolment):
            writer.uint(1)
            try put(enrolment, &writer)
        case .device(let enrolment):
            writer.uint(2)
            try put(enrolment, &writer)
        case .decline(let auth):
            writer.uint(3)
            try put(auth, &writer)
        }
    }
}
