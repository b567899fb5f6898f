// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// The one form that every answer without a name has, so that none differs from another in
/// anything but what was sealed.
///
/// - Source: DESIGN.md D15; Protocol/spec.md 12.13.
public enum UnattributedAnswer {
    /// How long the padded plaintext is.
    public static let plaintextBytes = 2_048
    /// How long the sealed part is: salt, padded plaintext, tag.
    public static let sealedBytes = 16 + plaintextBytes + 16
    /// How long the whole item is.
    public static let itemBytes = EntryItem.encoded(
        header: EntryHeader.unattributed(
            transcript: TranscriptID(.zero),
            key: KeyID(.zero),
            kind: .answer
        ).encoded(),
        sealed: [UInt8](repeating: 0, count: sealedBytes),
        signature: []
    ).count

    /// Tells whether an entry has this form, whatever is sealed in it.
    public static func has(_ entry: EntryItem) -> Bool {
        entry.header.isUnattributed && entry.header.kind == .answer
            && entry.parts.payload.count == sealedBytes && entry.parts.bytes.count == itemBytes
    }
}
