// SPDX-License-Identifier: Apache-2.0
public import CBOR

/// One of the parts of feedback that can be used.
public enum FeedbackPart: UInt8, CaseIterable, Hashable, Sendable {
    /// What they did that helped.
    case strengths = 0
    /// What was seen or heard: place, words, time.
    case observed = 1
    /// What it did, to oneself or as one saw it.
    case effect = 2
    /// What they could try, in place of criticism.
    case instead = 3
    /// Which aim of their own it serves.
    case goal = 4

    /// The word that stands before it where it is read.
    public var title: String {
        switch self {
        case .strengths: "What helped"
        case .observed: "What I saw or heard"
        case .effect: "What it did"
        case .instead: "What you could try"
        case .goal: "For your aim"
        }
    }
}

/// Written feedback in its parts, each of which can be missing.
///
/// - Shape: `{?0: strengths, ?1: observed, ?2: effect, ?3: instead, ?4: goal}`; unknown keys are
///   skipped.
/// - Limits: ``partBytesMax`` bytes a part, none empty.
public struct FeedbackParts: Hashable, Sendable {
    /// The longest part, in bytes.
    public static let partBytesMax = 1_200

    private var texts: [FeedbackPart: String] = [:]

    /// Makes feedback that says nothing yet.
    public init() {}

    /// The words of a part; `nil`, and never empty, where there are none.
    public subscript(part: FeedbackPart) -> String? {
        get { texts[part] }
        set {
            let text = newValue.map(Self.trimmed) ?? ""
            texts[part] = text.isEmpty ? nil : text
        }
    }

    /// Whether nothing is said.
    public var isEmpty: Bool { texts.isEmpty }

    /// The parts that are there, in their order.
    public var present: [FeedbackPart] { FeedbackPart.allCases.filter { texts[$0] != nil } }

    /// Tells whether each part is within its limit.
    public var isWithinLimits: Bool {
        texts.values.allSatisfy { $0.utf8.count <= Self.partBytesMax }
    }

    /// The first part that is longer than it may be.
    public var tooLong: FeedbackPart? {
        present.first { (texts[$0]?.utf8.count ?? 0) > Self.partBytesMax }
    }

    /// The whole as people read it: a line for each part.
    public var text: String {
        present.map { "\($0.title): \(texts[$0] ?? "")" }.joined(separator: "\n")
    }

    private static func trimmed(_ text: String) -> String {
        var rest = text[...].drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}

extension FeedbackParts: CBORWritable, CBORReadable {
    /// Writes the map.
    public func write(to writer: inout CBORWriter) {
        writer.map(texts.count)
        for part in present {
            writer.key(UInt64(part.rawValue))
            writer.text(texts[part] ?? "")
        }
    }

    /// Reads the map and skips what is unknown.
    public init(from reader: inout CBORReader) throws(CBORError) {
        self.init()
        var fields = try reader.fields()
        while let key = try fields.next(&reader) {
            guard let part = UInt8(exactly: key).flatMap(FeedbackPart.init) else {
                try reader.skip()
                continue
            }
            let text = try reader.text(maxBytes: Self.partBytesMax)
            if !text.isEmpty { texts[part] = text }
        }
    }
}
