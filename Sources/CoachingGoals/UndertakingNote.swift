// SPDX-License-Identifier: Apache-2.0
public import CBOR
import CoachingModel

/// What stands inside a sealed entry beside its words where it is about an undertaking; the server
/// knows neither that it is, nor what became of it.
///
/// - Shape: `{0: id, 1: step, ?2: kind, ?3: state, ?4: goal, ?5: measure, ?6: means, ?7: reason}`;
///   unknown keys are skipped.
/// - Limits: the texts have ``textBytesMax`` bytes.
/// - Source: DESIGN.md D12.
public struct UndertakingNote: Hashable, Sendable {
    /// The longest measure, means or reason, in bytes.
    public static let textBytesMax = 512

    /// Which one.
    public var id: UndertakingID
    /// What happened.
    public var step: UndertakingStep.Kind
    /// What it is, where it is put down.
    public var kind: UndertakingKind?
    /// What became of it.
    public var state: UndertakingState?
    /// The goal that it belongs to.
    public var goal: UndertakingID?
    /// By what one sees that it is reached.
    public var measure: String?
    /// By which means it can be reached.
    public var means: String?
    /// Why it matters.
    public var reason: String?

    /// Makes a note.
    public init(
        id: UndertakingID,
        step: UndertakingStep.Kind,
        kind: UndertakingKind? = nil,
        state: UndertakingState? = nil,
        goal: UndertakingID? = nil,
        measure: String? = nil,
        means: String? = nil,
        reason: String? = nil
    ) {
        self.id = id
        self.step = step
        self.kind = kind
        self.state = state
        self.goal = goal
        self.measure = measure
        self.means = means
        self.reason = reason
    }

    /// Tells whether it is within its limits.
    public var isWithinLimits: Bool {
        [measure, means, reason].allSatisfy { ($0?.utf8.count ?? 0) <= Self.textBytesMax }
    }
}

extension UndertakingNote: CBORWritable, CBORReadable {
    /// Writes the map.
    public func write(to writer: inout CBORWriter) {
        let texts = [(5, measure), (6, means), (7, reason)] as [(UInt64, String?)]
        let present = [kind != nil, state != nil, goal != nil] + texts.map { $0.1 != nil }
        writer.map(2 + present.count { $0 })
        writer.key(0)
        writer.fixed16(id.value.high, id.value.low)
        writer.key(1)
        writer.uint(UInt64(step.rawValue))
        if let kind {
            writer.key(2)
            writer.uint(UInt64(kind.rawValue))
        }
        if let state {
            writer.key(3)
            writer.uint(UInt64(state.rawValue))
        }
        if let goal {
            writer.key(4)
            writer.fixed16(goal.value.high, goal.value.low)
        }
        for case (let key, let text?) in texts {
            writer.key(key)
            writer.text(text)
        }
    }

    /// Reads the map and skips what is unknown.
    public init(from reader: inout CBORReader) throws(CBORError) {
        let start = reader.offset
        var fields = try reader.fields()
        try fields.expect(0, &reader)
        let id = UndertakingID(try Self.bytes(&reader))
        try fields.expect(1, &reader)
        guard let step = UInt8(exactly: try reader.uint()).flatMap(UndertakingStep.Kind.init)
        else { throw CBORError(.invalidValue, offset: start) }
        self.init(id: id, step: step)
        while let key = try fields.next(&reader) {
            switch key {
            case 2: kind = UInt8(exactly: try reader.uint()).flatMap(UndertakingKind.init)
            case 3: state = UInt8(exactly: try reader.uint()).flatMap(UndertakingState.init)
            case 4: goal = UndertakingID(try Self.bytes(&reader))
            case 5: measure = try reader.text(maxBytes: Self.textBytesMax)
            case 6: means = try reader.text(maxBytes: Self.textBytesMax)
            case 7: reason = try reader.text(maxBytes: Self.textBytesMax)
            default: try reader.skip()
            }
        }
    }

    private static func bytes(_ reader: inout CBORReader) throws(CBORError) -> Bytes16 {
        let (high, low) = try reader.fixed16()
        return Bytes16(high: high, low: low)
    }
}
