// SPDX-License-Identifier: Apache-2.0
public import CoachingModel

/// Why a request was refused.
///
/// - Shape: `[5, id, code, detail, sentence, reference]`.
/// - Source: Protocol/spec.md, Refusals; DESIGN.md D23.
public struct Refusal: Error, Hashable, Sendable {
    /// The stable code.
    public var code: RefusalCode
    /// A number that belongs to the code: the counter expected, the bound that was passed.
    public var detail: UInt64
    /// A sentence for people.
    public var sentence: String
    /// By which the operator finds the line in the log.
    public var reference: String

    /// Makes a refusal.
    public init(_ code: RefusalCode, detail: UInt64 = 0, sentence: String, reference: String = "") {
        self.code = code
        self.detail = detail
        self.sentence = sentence
        self.reference = reference
    }
}

/// A refusal's code; unknown ones are kept as numbers.
///
/// Below 64 they are the room's rules, below 128 the directory's, from 256 the server's.
public struct RefusalCode: RawRepresentable, Codable, Hashable, Sendable {
    /// The number on the wire.
    public var rawValue: UInt16
    /// Makes a code from its number.
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    /// The code of a room's rule.
    public init(_ rejection: RoomRejection) { rawValue = rejection.rawValue }
    /// The room's rule, where the code is one.
    public var room: RoomRejection? { RoomRejection(rawValue: rawValue) }

    /// No such thing, or not for the asker: the same for both, and for used and expired.
    public static let notFound = RefusalCode(rawValue: 256)
    /// The asker was a member once.
    public static let left = RefusalCode(rawValue: 257)
    /// The server cannot keep anything now; ask again later.
    public static let tryLater = RefusalCode(rawValue: 258)
    /// The counter of the entry is not the next one; `detail` is.
    public static let outOfStep = RefusalCode(rawValue: 259)
    /// The payload does not say what the request needs.
    public static let badRequest = RefusalCode(rawValue: 260)
    /// The server does not know this kind of request.
    public static let unknownRequest = RefusalCode(rawValue: 261)
    /// Too much waits already.
    public static let busy = RefusalCode(rawValue: 262)
    /// A signature does not fit.
    public static let badSignature = RefusalCode(rawValue: 263)
    /// Something is longer than allowed; `detail` is the bound.
    public static let tooLong = RefusalCode(rawValue: 264)
    /// Somebody else was first; read on and ask again.
    public static let conflict = RefusalCode(rawValue: 265)
    /// Only administrators may ask this.
    public static let notAnAdministrator = RefusalCode(rawValue: 266)
    /// The server is stopping and takes nothing new.
    public static let stopping = RefusalCode(rawValue: 267)
    /// A clear body where the server takes sealed ones, or a suite that it does not know.
    public static let suiteRefused = RefusalCode(rawValue: 268)
}
