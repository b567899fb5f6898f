// SPDX-License-Identifier: Apache-2.0
public import CBOR
public import CoachingFeedback
public import CoachingGoals
public import CoachingModel

/// What stands inside an entry, readable by its audience alone.
///
/// - Shape: `{0:1, 1:text, ?2:finer kind, ?3:title, ?4:due, ?5:paper, ?6:paper version,
///   ?10:file, ?11:undertaking,
///   ?12:scale, ?14:said before, ?16:feedback in parts, ?17:feedback note, ?18:assessment,
///   ?19:feedback asked for, ?20:[persons], ?21:use without names,
///   ?22:carried over}`, and 7 to 9 and 15 of a released entry (``ReleaseProof``);
///   unknown keys are skipped, so that newer programs may add some.
/// - Limits: text 8,000 bytes, finer kind 32, title 256; checked both ways.
/// - Source: DESIGN.md D12, D14.
public struct EntryBody: Hashable, Sendable {
    /// The longest text, in bytes.
    public static let textBytesMax = 8_000
    /// The longest finer kind, in bytes.
    public static let subkindBytesMax = 32
    /// How somebody can be.
    public static let scales: ClosedRange<UInt8> = 1...5
    /// The longest title, in bytes.
    public static let titleBytesMax = 256

    /// Which text of the room a paper is.
    public enum Paper: UInt8, Codable, Hashable, Sendable, CaseIterable {
        /// The agreement.
        case agreement = 1
        /// What a session is for.
        case purpose = 2
        /// Where the call is.
        case link = 3
        /// Why something was done.
        case reason = 4
    }

    /// The words.
    public var text: String
    /// What it is in the author's own terms: goal, action, check-in, journal ...
    public var subkind: String?
    /// A title.
    public var title: String?
    /// When something is due.
    public var due: Timestamp?
    /// Which paper it is; `nil` also for one that this program does not know.
    public var paper: Paper?
    /// The version of the paper.
    public var paperVersion: UInt32?
    /// By whose yes it stands here, where it was released.
    public var release: ReleaseProof?
    /// The file that it hands over.
    public var file: HandedFile?
    /// How somebody is, from 1 (badly) to 5 (well), in a check-in.
    public var scale: UInt8?
    /// The goal, task or promise that it is about.
    public var undertaking: UndertakingNote?
    /// When and as which entry it was said first, where a restored server had lost it.
    public var saidBefore: SaidBefore?
    /// Feedback in its parts; the words say the same.
    public var feedback: FeedbackParts?
    /// What happened to feedback that one prepares, or that came.
    public var feedbackNote: FeedbackNote?
    /// How somebody coached, on competencies; the words say the same.
    public var assessment: Assessment?
    /// That the author asks for feedback.
    public var feedbackRequest: FeedbackRequest?
    /// Whom it concerns beside its author, ascending: without their yes it goes to nobody else.
    public var concerns: [PersonID] = []
    /// Whether lines may be used outside without names.
    public var unnamedUse: UnnamedUse?
    /// When and where it was put down first, where it was taken over from an archive.
    public var carried: CarriedOver?

    /// Makes a body.
    public init(
        text: String,
        subkind: String? = nil,
        title: String? = nil,
        due: Timestamp? = nil,
        paper: Paper? = nil,
        paperVersion: UInt32? = nil,
        file: HandedFile? = nil,
        undertaking: UndertakingNote? = nil,
        scale: UInt8? = nil,
        saidBefore: SaidBefore? = nil
    ) {
        self.text = text
        self.subkind = subkind
        self.title = title
        self.due = due
        self.paper = paper
        self.paperVersion = paperVersion
        self.file = file
        self.undertaking = undertaking
        self.scale = scale
        self.saidBefore = saidBefore
    }

    /// Tells whether it is within its limits.
    public var isWithinLimits: Bool {
        text.utf8.count <= Self.textBytesMax
            && (subkind?.utf8.count ?? 0) <= Self.subkindBytesMax
            && (title?.utf8.count ?? 0) <= Self.titleBytesMax
            && release?.isWithinLimits != false && file?.isWithinLimits != false
            && undertaking?.isWithinLimits != false && feedback?.isWithinLimits != false
            && assessment?.isWithinLimits != false && feedbackRequest?.isWithinLimits != false
            && concerns.count < Room.concernedMax && unnamedUse?.isWithinLimits != false
            && scale.map(Self.scales.contains) != false
    }

    /// Writes the plaintext that is padded and sealed.
    ///
    /// - Throws: ``SealError/tooLong`` for a body over its limits.
    public func encoded() throws(SealError) -> [UInt8] {
        guard isWithinLimits else { throw .tooLong }
        return cborBytes()
    }

    /// Reads a plaintext.
    ///
    /// - Throws: ``SealError/cannotOpen`` for anything that is not a body of version 1.
    public static func decoded(_ plaintext: [UInt8]) throws(SealError) -> EntryBody {
        do {
            return try read(plaintext)
        } catch {
            throw .cannotOpen
        }
    }
}

extension EntryBody: CBORWritable, CBORReadable {
    /// Writes the map.
    public func write(to writer: inout CBORWriter) {
        let present: [Bool] = [
            subkind != nil, title != nil, due != nil, paper != nil, paperVersion != nil,
            file != nil, undertaking != nil, scale != nil, saidBefore != nil,
            release?.deviceLists.isEmpty == false, feedback != nil, feedbackNote != nil,
            assessment != nil, feedbackRequest != nil, !concerns.isEmpty, unnamedUse != nil,
            carried != nil,
        ]
        writer.map(2 + present.count { $0 } + (release == nil ? 0 : ReleaseProof.keys.count))
        writer.key(0)
        writer.uint(1)
        writer.key(1)
        writer.text(text)
        if let subkind {
            writer.key(2)
            writer.text(subkind)
        }
        if let title {
            writer.key(3)
            writer.text(title)
        }
        if let due {
            writer.key(4)
            writer.int(due.milliseconds)
        }
        if let paper {
            writer.key(5)
            writer.uint(UInt64(paper.rawValue))
        }
        if let paperVersion {
            writer.key(6)
            writer.uint(UInt64(paperVersion))
        }
        release?.write(to: &writer)
        if let file {
            writer.key(10)
            file.write(to: &writer)
        }
        if let undertaking {
            writer.key(11)
            undertaking.write(to: &writer)
        }
        if let scale {
            writer.key(12)
            writer.uint(UInt64(scale))
        }
        if let saidBefore {
            writer.key(14)
            saidBefore.write(to: &writer)
        }
        release?.writeDeviceLists(to: &writer)
        writeFeedback(to: &writer)
        if !concerns.isEmpty {
            writer.key(20)
            writer.array(concerns.count)
            for person in concerns { writer.fixed16(person.value.high, person.value.low) }
        }
        if let unnamedUse {
            writer.key(21)
            unnamedUse.write(to: &writer)
        }
        if let carried {
            writer.key(22)
            carried.write(to: &writer)
        }
    }

    private func writeFeedback(to writer: inout CBORWriter) {
        if let feedback {
            writer.key(16)
            feedback.write(to: &writer)
        }
        if let feedbackNote {
            writer.key(17)
            feedbackNote.write(to: &writer)
        }
        if let assessment {
            writer.key(18)
            assessment.write(to: &writer)
        }
        if let feedbackRequest {
            writer.key(19)
            feedbackRequest.write(to: &writer)
        }
    }

    /// Reads the map and skips what is unknown.
    public init(from reader: inout CBORReader) throws(CBORError) {
        let start = reader.offset
        var fields = try reader.fields()
        try fields.expect(0, &reader)
        guard try reader.uint() == 1 else { throw CBORError(.invalidValue, offset: start) }
        try fields.expect(1, &reader)
        self.init(text: try reader.text(maxBytes: Self.textBytesMax))
        while let key = try fields.next(&reader) {
            switch key {
            case 2: subkind = try reader.text(maxBytes: Self.subkindBytesMax)
            case 3: title = try reader.text(maxBytes: Self.titleBytesMax)
            case 4: due = Timestamp(milliseconds: try reader.int())
            case 5: paper = UInt8(exactly: try reader.uint()).flatMap(Paper.init)
            case 6: paperVersion = try reader.integer()
            case 7, 8, 9, 15:
                var proof = release ?? ReleaseProof()
                try proof.read(key, from: &reader)
                release = proof
            case 10: file = try HandedFile(from: &reader)
            case 11: undertaking = try UndertakingNote(from: &reader)
            case 12:
                let value: UInt8 = try reader.integer()
                guard Self.scales.contains(value) else {
                    throw CBORError(.invalidValue, offset: start)
                }
                scale = value
            case 14: saidBefore = try SaidBefore(from: &reader)
            case 16: feedback = try FeedbackParts(from: &reader)
            case 17: feedbackNote = try FeedbackNote(from: &reader)
            case 18: assessment = try Assessment(from: &reader)
            case 19: feedbackRequest = try FeedbackRequest(from: &reader)
            case 20:
                concerns = try reader.persons()
                guard concerns.count < Room.concernedMax else {
                    throw CBORError(.invalidValue, offset: start)
                }
            case 21: unnamedUse = try UnnamedUse(from: &reader)
            case 22: carried = try CarriedOver(from: &reader)
            default: try reader.skip()
            }
        }
    }
}
