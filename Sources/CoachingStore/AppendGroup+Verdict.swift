// SPDX-License-Identifier: Apache-2.0
package import CoachingModel

extension AppendGroup {
    /// Says what is to become of the group, by where the streams end now.
    ///
    /// Every store judges by this one rule, so that they cannot differ.
    ///
    /// - Parameters:
    ///   - last: gives the last number of a stream.
    ///   - isTaken: says whether a label is in use.
    ///   - file: gives what is known of a file.
    /// - Returns: `committed` where it may be appended.
    /// - Throws: what the two look-ups throw.
    package func verdict<Failure>(
        last: (StreamID) throws(Failure) -> UInt64,
        isTaken: (Bytes16) throws(Failure) -> Bool,
        file: (StoredFileKey) throws(Failure) -> StoredFile?
    ) throws(Failure) -> AppendOutcome {
        for condition in guards where try last(condition.stream) != condition.number {
            return .conflict
        }
        for erasure in erasures {
            guard erasure.number >= 1, erasure.number <= (try last(erasure.stream)) else {
                return .conflict
            }
            guard erasure.frame.count <= AppendFrame.bytesMax else { return .refused }
        }
        let outcome = try FileChange.verdict(files, file: file)
        guard outcome == .committed else { return outcome }
        if frames.count == 1 {
            let frame = frames[0]
            return try frame.verdict(after: last(frame.stream), isTaken: isTaken)
        }
        var ends: [StreamID: UInt64] = [:]
        var labels: Set<Bytes16> = []
        for frame in frames {
            let end = if let end = ends[frame.stream] { end } else { try last(frame.stream) }
            let outcome = try frame.verdict(after: end, isTaken: isTaken)
            guard outcome == .committed else { return outcome }
            if let label = frame.label, !labels.insert(label).inserted { return .conflict }
            ends[frame.stream] = frame.number
        }
        return .committed
    }
}

extension AppendFrame {
    fileprivate func verdict<Failure>(
        after last: UInt64,
        isTaken: (Bytes16) throws(Failure) -> Bool
    ) throws(Failure) -> AppendOutcome {
        // A stream cannot grow past what the databases count with.
        guard last < UInt64(Int64.max), number == last + 1 else { return .conflict }
        guard frame.count <= Self.bytesMax else { return .refused }
        if let opens {
            guard number == 1 else { return .conflict }
            guard opens.key.count <= Self.bytesMax else { return .refused }
        }
        if let label, try isTaken(label) { return .conflict }
        return .committed
    }
}
