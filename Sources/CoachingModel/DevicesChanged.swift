// SPDX-License-Identifier: Apache-2.0
import CBOR

/// A member's device list in a new version.
public struct DevicesChanged: Hashable, Sendable {
    /// The bytes that the person signed.
    public var signed: SignedBytes
    /// What they say.
    public var list: DeviceList
    /// The last numbers of the transcripts that many read and whose readers' devices change.
    ///
    /// Of what is said between two, or to oneself, nothing stands in a log that all members see.
    public var marks: [TranscriptMark]

    /// Makes the payload.
    public init(signed: SignedBytes, list: DeviceList, marks: [TranscriptMark] = []) {
        self.signed = signed
        self.list = list
        self.marks = marks
    }
}

extension DevicesChanged {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var signed: SignedBytes?
        var person: PersonID?
        var marks: [TranscriptMark] = []
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: signed = try SignedBytes(&reader)
            case 1: person = try reader.identifier()
            case 2: marks = try [TranscriptMark](&reader)
            default: return false
            }
            return true
        }
        guard let signed, let person else { throw reader.missing }
        self.init(
            signed: signed,
            list: try DeviceList(body: signed.body, person: person),
            marks: marks
        )
    }

    func write(to writer: inout CBORWriter) {
        writer.map(marks.isEmpty ? 2 : 3)
        writer.key(0)
        signed.write(to: &writer)
        writer.key(1)
        writer.identifier(list.person)
        guard !marks.isEmpty else { return }
        writer.key(2)
        marks.write(to: &writer)
    }
}
