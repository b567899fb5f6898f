// SPDX-License-Identifier: Apache-2.0
public import CoachingModel
public import CoachingWire

/// Why something a client was asked for did not happen, in words for people.
///
/// One type for all of the client's public functions; the set of codes is open.
public struct ClientError: Error, Hashable, Sendable {
    /// What happened, stable and open.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The code's name.
        public let rawValue: String
        /// Makes a code from its name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// Nobody answers at the server's address, or the connection was lost.
        public static let notReached = Code(rawValue: "notReached")
        /// The server, or what answers in its place, is not the one that was pinned.
        public static let notTrusted = Code(rawValue: "notTrusted")
        /// The server refused, by a rule; ``ClientError/refusal`` has the rule's code.
        public static let refused = Code(rawValue: "refused")
        /// The server cannot do it now.
        public static let tryLater = Code(rawValue: "tryLater")
        /// No answer came in time.
        public static let timedOut = Code(rawValue: "timedOut")
        /// The server ended the connection; ``ClientError/goodbye`` has its code.
        public static let goodbye = Code(rawValue: "goodbye")
        /// The profile is locked with a passphrase.
        public static let locked = Code(rawValue: "locked")
        /// Not sent: somebody who was not shown would read it; ``ClientError/newReaders`` says who.
        public static let held = Code(rawValue: "held")
        /// Not sent: a reader may not be who they were; ``ClientError/candidates`` names them.
        public static let otherIdentity = Code(rawValue: "otherIdentity")
        /// It is not known whether it was sent; the client looks into it at the next connection.
        public static let uncertain = Code(rawValue: "uncertain")
        /// There is no profile, or it cannot be read or written.
        public static let profile = Code(rawValue: "profile")
        /// The text is no invite, or the invite cannot be used.
        public static let invite = Code(rawValue: "invite")
        /// No person, room or device fits a name.
        public static let noSuchName = Code(rawValue: "noSuchName")
        /// Several people, rooms or devices fit a name; ``ClientError/candidates`` names them.
        public static let ambiguousName = Code(rawValue: "ambiguousName")
        /// What came from the server cannot be: somebody lies, or is broken.
        public static let alarm = Code(rawValue: "alarm")
        /// A file of the person's cannot be read, written or understood.
        public static let file = Code(rawValue: "file")
        /// A text is too long, a key is missing: the asker's own.
        public static let invalid = Code(rawValue: "invalid")
    }

    /// What happened.
    public var code: Code
    /// A sentence for people: what is so.
    public var sentence: String
    /// What to do about it, where there is something.
    public var hint: String?
    /// By which the server's operator finds the line in the log.
    public var reference: String?
    /// The rule, where the server refused.
    public var refusal: RefusalCode?
    /// A number that belongs to the rule.
    public var detail: UInt64
    /// Why the server ended the connection.
    public var goodbye: GoodbyeCode?
    /// Who would read what was not shown, by name.
    public var newReaders: [String]
    /// What an ambiguous name could mean.
    public var candidates: [String]

    /// Makes an error.
    public init(
        _ code: Code,
        _ sentence: String,
        hint: String? = nil,
        reference: String? = nil,
        refusal: RefusalCode? = nil,
        detail: UInt64 = 0,
        goodbye: GoodbyeCode? = nil,
        newReaders: [String] = [],
        candidates: [String] = []
    ) {
        self.code = code
        self.sentence = sentence
        self.hint = hint
        self.reference = reference
        self.refusal = refusal
        self.detail = detail
        self.goodbye = goodbye
        self.newReaders = newReaders
        self.candidates = candidates
    }

    /// The room's rule by which the server refused, if it was one.
    public var roomRule: RoomRejection? { refusal?.room }

    /// Whether the same device can never connect again as it is, so that trying is in vain.
    public var isFinal: Bool {
        if code == .notTrusted || code == .profile { return true }
        guard let goodbye else { return false }
        let final: [GoodbyeCode] = [
            .notKnown, .revoked, .versionUnsupported, .certificateRequired, .malformed,
            .outOfOrder, .repeatedRequest, .notConfirmed,
        ]
        return final.contains(goodbye)
    }
}
