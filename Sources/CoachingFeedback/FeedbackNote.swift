// SPDX-License-Identifier: Apache-2.0
public import CBOR
public import CoachingModel

/// Feedback that somebody prepares, or a line that they opened: sixteen bytes.
public struct FeedbackID: Identifier {
    /// The sixteen bytes.
    public let value: Bytes16
    /// Makes the identifier from its bytes.
    public init(_ value: Bytes16) { self.value = value }

    /// The identifier of a line by its place.
    public init(lineOf transcript: TranscriptID, _ number: UInt64) {
        value = Bytes16(high: transcript.value.high, low: transcript.value.low &+ number)
    }
}

/// What kind of word about somebody's part it is.
public enum FeedbackForm: UInt8, CaseIterable, Hashable, Sendable {
    /// Feedback in its parts.
    case feedback = 1
    /// An assessment of how somebody coached.
    case assessment = 2
}

/// What happened to a draft, or to feedback that came.
///
/// A draft is its author's `own` entry, anew with each change. What is sent carries the draft's
/// identifier, so that it is sent once and for all with that one entry.
///
/// - Shape: `{0: id, 1: step, 2: form, ?3: person}`; unknown keys are skipped.
public struct FeedbackNote: Hashable, Sendable {
    /// What happened.
    public enum Step: UInt8, CaseIterable, Hashable, Sendable {
        /// It was put down, or changed: the entry holds all of it.
        case drafted = 1
        /// It was sent.
        case sent = 2
        /// It is not wanted any more.
        case dropped = 3
        /// It came from somebody else and was opened.
        case opened = 4
    }

    /// Which draft, or which line (``FeedbackID/init(lineOf:_:)``).
    public var id: FeedbackID
    /// What happened.
    public var step: Step
    /// What it is.
    public var form: FeedbackForm
    /// For whom, or by whom.
    public var person: PersonID?

    /// Makes a note.
    public init(id: FeedbackID, step: Step, form: FeedbackForm, person: PersonID? = nil) {
        self.id = id
        self.step = step
        self.form = form
        self.person = person
    }
}

extension FeedbackNote: CBORWritable, CBORReadable {
    /// Writes the map.
    public func write(to writer: inout CBORWriter) {
        writer.map(person == nil ? 3 : 4)
        writer.key(0)
        writer.fixed16(id.value.high, id.value.low)
        writer.key(1)
        writer.uint(UInt64(step.rawValue))
        writer.key(2)
        writer.uint(UInt64(form.rawValue))
        if let person {
            writer.key(3)
            writer.fixed16(person.value.high, person.value.low)
        }
    }

    /// Reads the map and skips what is unknown.
    public init(from reader: inout CBORReader) throws(CBORError) {
        let start = reader.offset
        var fields = try reader.fields()
        try fields.expect(0, &reader)
        let id = try reader.fixed16()
        try fields.expect(1, &reader)
        let step = UInt8(exactly: try reader.uint()).flatMap(Step.init)
        try fields.expect(2, &reader)
        let form = UInt8(exactly: try reader.uint()).flatMap(FeedbackForm.init)
        guard let step, let form else { throw CBORError(.invalidValue, offset: start) }
        self.init(id: FeedbackID(Bytes16(high: id.0, low: id.1)), step: step, form: form)
        while let key = try fields.next(&reader) {
            switch key {
            case 3:
                let (high, low) = try reader.fixed16()
                person = PersonID(Bytes16(high: high, low: low))
            default: try reader.skip()
            }
        }
    }
}

/// That somebody asks another for feedback, and about what.
///
/// - Shape: `{?0: about}`; unknown keys are skipped.
public struct FeedbackRequest: Hashable, Sendable {
    /// The longest subject, in bytes.
    public static let aboutBytesMax = 512

    /// What they would like to hear about.
    public var about: String?

    /// Makes a request.
    public init(about: String? = nil) { self.about = about }

    /// Tells whether it is within its limit.
    public var isWithinLimits: Bool { (about?.utf8.count ?? 0) <= Self.aboutBytesMax }

    /// The words that stand for it.
    public var text: String {
        about.map { "I ask you for feedback about: \($0)" } ?? "I ask you for feedback."
    }
}

extension FeedbackRequest: CBORWritable, CBORReadable {
    /// Writes the map.
    public func write(to writer: inout CBORWriter) {
        writer.map(about == nil ? 0 : 1)
        if let about {
            writer.key(0)
            writer.text(about)
        }
    }

    /// Reads the map and skips what is unknown.
    public init(from reader: inout CBORReader) throws(CBORError) {
        self.init()
        var fields = try reader.fields()
        while let key = try fields.next(&reader) {
            switch key {
            case 0: about = try reader.text(maxBytes: Self.aboutBytesMax)
            default: try reader.skip()
            }
        }
    }
}
