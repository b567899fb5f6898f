// SPDX-License-Identifier: Apache-2.0
public import CBOR
import CoachingModel

/// What a client sends.
///
/// - Shape: `[1, hello]`, `[2, kind, payload]`, `[3, id, kind, payload, ?after]`, `[4]`.
/// - Source: Protocol/spec.md, First frames and Requests.
public enum ClientMessage: Equatable, Sendable {
    /// 1: the signed hello.
    case hello(Hello)
    /// 2: what a connection without a device may ask.
    case enrolment(EnrolmentRequest)
    /// 3: a request with its number and, for a further page of a list, where that begins.
    case request(id: UInt64, Request, after: PageCursor? = nil)
    /// 4: the answer to a ping.
    case pong
    /// 3 with a kind that is not known here; it is refused, not fatal.
    case unknownRequest(id: UInt64)
    /// 3 with a payload that does not fit its kind, after the envelope could be read.
    case badRequest(id: UInt64, CBORError)
}

extension ClientMessage {
    /// A message's number on the wire.
    public enum Kind: UInt64, CaseIterable, Hashable, Sendable {
        /// The hello.
        case hello = 1
        /// What a stranger asks.
        case enrolment = 2
        /// A request.
        case request = 3
        /// The answer to a ping.
        case pong = 4
    }

    /// The message's number on the wire.
    public var kind: Kind {
        switch self {
        case .hello: .hello
        case .enrolment: .enrolment
        case .request, .unknownRequest, .badRequest: .request
        case .pong: .pong
        }
    }

    /// Writes a whole frame.
    public func frame() throws(CBORError) -> [UInt8] {
        try Frame.make { (writer) throws(CBORError) in
            switch self {
            case .hello(let hello):
                writer.array(2)
                writer.uint(kind.rawValue)
                try put(hello, &writer)
            case .enrolment(let enrolment):
                writer.array(3)
                writer.uint(kind.rawValue)
                try enrolment.write(&writer)
            case .request(let id, let request, let after):
                writer.array(after == nil ? 4 : 5)
                writer.uint(kind.rawValue)
                writer.uint(id)
                writer.uint(request.kind.rawValue)
                try request.writePayload(&writer)
                if let after { writer.bytes(after.bytes) }
            case .pong:
                writer.array(1)
                writer.uint(kind.rawValue)
            case .unknownRequest(let id), .badRequest(let id, _):
                writer.array(4)
                writer.uint(kind.rawValue)
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
        do {
            self = try ClientMessage.read(body, readsPostsDirectly: true)
        } catch {
            // Perhaps all but the payload of a post can be read, and the post be refused.
            self = try ClientMessage.read(body, readsPostsDirectly: false)
        }
    }

    private static func read(
        _ body: [UInt8],
        readsPostsDirectly: Bool
    ) throws(CBORError) -> ClientMessage {
        try CBORReader.reading(body, limits: Frame.requestLimits) {
            (reader) throws(CBORError) -> ClientMessage in
            let count = try reader.array()
            try reader.enter()
            let message: ClientMessage
            let least: Int
            switch (Kind(rawValue: try reader.uint()), count) {
            case (.hello, 2...):
                message = .hello(try take(Hello.self, &reader))
                least = 2
            case (.enrolment, 3...):
                message = .enrolment(try EnrolmentRequest(&reader))
                least = 3
            case (.request, 4...):
                (message, least) = try ClientMessage.request(count, &reader, readsPostsDirectly)
            case (.pong, 1...):
                message = .pong
                least = 1
            default: throw CBORError(.invalidValue, offset: 0)
            }
            try skip(count - least, &reader)
            try reader.finish()
            return message
        }
    }

    /// Reads a request; gives also how many elements of the message that took.
    private static func request(
        _ count: Int,
        _ reader: inout CBORReader,
        _ readsPostsDirectly: Bool
    ) throws(CBORError) -> (ClientMessage, Int) {
        let id = try reader.uint()
        let number = try reader.uint()
        guard let kind = Request.Kind(rawValue: number) else {
            try reader.skip()
            return (.unknownRequest(id: id), 4)
        }
        if kind == .post, readsPostsDirectly {
            // The hot one: read where it stands, without a copy of the payload.
            return (.request(id: id, .post(try Post(&reader))), 4)
        }
        var start = reader.offset
        let payload = try reader.rawBytes()
        var cursor: [UInt8]?
        var used = 4
        if kind.isPaged, count > used {
            used += 1
            cursor = try reader.rawBytes()
        }
        do {
            let request = try CBORReader.reading(payload, limits: Frame.partLimits) {
                (inner) throws(CBORError) in try Request(kind: kind, &inner)
            }
            guard let cursor else { return (.request(id: id, request), used) }
            start += payload.count
            return (.request(id: id, request, after: try PageCursor.read(item: cursor)), used)
        } catch {
            let error = CBORError(error.reason, offset: start + error.offset)
            return (.badRequest(id: id, error), used)
        }
    }
}

extension Post {
    init(_ reader: inout CBORReader) throws(CBORError) {
        let start = reader.offset
        let count = try reader.array()
        guard count >= 2 else { throw CBORError(.invalidValue, offset: start) }
        try reader.enter()
        let (high, low) = try reader.fixed16()
        room = RoomID(Bytes16(high: high, low: low))
        item = try reader.rawBytes()
        if count > 2 { file = try take(Bytes32.self, &reader) }
        try skip(count - 3, &reader)
        reader.leave()
    }

    func write(_ writer: inout CBORWriter) {
        writer.array(file == nil ? 2 : 3)
        writer.fixed16(room.value.high, room.value.low)
        writer.raw(item)
        if let file { writer.bytes(file.bytes) }
    }
}

extension EnrolmentRequest {
    /// An enrolment message's number on the wire.
    public enum Kind: UInt64, CaseIterable, Hashable, Sendable {
        /// Whose invite is it?
        case look = 0
        /// Enrol a person.
        case person = 1
        /// Enrol a further device.
        case device = 2
        /// Say no.
        case decline = 3
    }

    /// The message's number on the wire.
    public var kind: Kind {
        switch self {
        case .look: .look
        case .person: .person
        case .device: .device
        case .decline: .decline
        }
    }

    init(_ reader: inout CBORReader) throws(CBORError) {
        let start = reader.offset
        switch Kind(rawValue: try reader.uint()) {
        case .look: self = .look(auth: try take(Bytes32.self, &reader))
        case .person: self = .person(try take(PersonForm.self, &reader))
        case .device: self = .device(try take(DeviceForm.self, &reader))
        case .decline: self = .decline(auth: try take(Bytes32.self, &reader))
        case nil: throw CBORError(.invalidValue, offset: start)
        }
    }

    func write(_ writer: inout CBORWriter) throws(CBORError) {
        writer.uint(kind.rawValue)
        switch self {
        case .look(let auth), .decline(let auth): try put(auth, &writer)
        case .person(let form): try put(form, &writer)
        case .device(let form): try put(form, &writer)
        }
    }
}
