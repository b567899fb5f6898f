// SPDX-License-Identifier: Apache-2.0
import CBOR

// MARK: The programme's own formats

extension Directory {
    /// Lists the programme's own formats in order of their names.
    public func allFormats() -> [SessionFormat] { formats.values.sorted { $0.name < $1.name } }

    /// Adds a format for everybody, or puts another version in the place of the one of its name.
    ///
    /// A session that runs goes on with the format that it began with.
    func addFormat(
        _ format: SessionFormat,
        by actor: DirectoryActor
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        _ = try administrator(actor)
        guard format.mistakes.isEmpty, format.byteCount <= limits.formatBytesMax,
            !followsItself(format)
        else { throw .formatInvalid }
        guard !SessionFormat.builtInNames.contains(format.name) else { throw .formatNameTaken }
        let before = formats[format.name]
        guard before != format else { return [] }
        guard before != nil || formats.count < limits.formatsMax else { throw .tooManyFormats }
        return [.formatAdded(format)]
    }

    /// Whether a format goes on, by way of others of the programme's own, from a meeting of its
    /// own, so that none of them could ever begin.
    private func followsItself(_ format: SessionFormat) -> Bool {
        var before = format.follows?.before
        for _ in 0...formats.count {
            guard let name = before else { return false }
            if name == format.name { return true }
            before = formats[name]?.follows?.before
        }
        return false
    }

    /// Removes a format of the programme's own.
    func removeFormat(
        _ name: String,
        by actor: DirectoryActor
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        _ = try administrator(actor)
        guard formats[name] != nil else { throw .notFound }
        return [.formatRemoved(name)]
    }
}

extension SessionFormat {
    /// The names of the formats that come with the program; no programme can have one so called.
    public static let builtInNames: Set<String> = [
        "triad", "reciprocal-pair", "grow", "troika-consulting", "wise-crowds", "hot-seat",
        "action-learning", "questions-first", "codevelopment", "case-clinic", "peer-supervision",
        "feedback-round", "observation-before", "observation-work", "observation-after", "retro",
    ]

    /// How many bytes it has on the wire.
    public var byteCount: Int {
        var writer = CBORWriter(capacity: 1_024)
        write(to: &writer)
        return writer.finish().count
    }
}
