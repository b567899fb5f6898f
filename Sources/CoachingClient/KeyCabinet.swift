// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingSeal

/// The sender keys that a device has opened, as they lie in its profile: those of each period
/// sealed under a random key of that period.
///
/// What is over is erased by erasing the period's key: a few bytes of a small file that is
/// overwritten as a whole. Whatever an old copy of the long list holds is closed from then on.
///
/// - Shape: the keys of the periods: `1 || for each: room 16, span u8, day u64be, key 32,
///   u64be milliseconds when it is over`; the list: `2 || for each: room 16, span u8, day u64be,
///   u32be length, sealed keys`. A list that begins with 1 holds keys alone, as a program of
///   before has left them.
/// - Limits: ``keysMax``; the oldest days go first.
/// - Source: SEALING.md 3.1 (K list) and 3.7.
struct KeyCabinet: Sendable {
    static let keysMax = 100_000
    private static let periodsVersion: UInt8 = 1
    private static let unsortedVersion: UInt8 = 1
    private static let version: UInt8 = 2
    private static let periodBytes = 65
    private static let sectionBytes = 29

    /// A period's key and its end.
    struct Period: Sendable {
        var secret: FileKey
        var due: Timestamp
    }

    private(set) var periods: [KeyPeriod: Period] = [:]
    /// What is sealed, for periods whose key is there.
    private(set) var sections: [KeyPeriod: [UInt8]] = [:]
    /// Keys of a program of before, not yet sealed.
    private var unsorted: [KeptKey] = []

    /// Reads both files; what is damaged counts as none, and what has lost its key is gone.
    init(periods: [UInt8]?, sections: [UInt8]?) {
        if let periods { read(periods: periods) }
        if let sections { read(sections: sections) }
    }

    // MARK: Keys

    /// All keys that are left; of one that stands in several periods the one that stays longest.
    func keys() -> [KeptKey] {
        var all: [KeyID: KeptKey] = [:]
        for key in unsorted { all[key.key] = key }
        for period in sections.keys.sorted() {
            for key in keys(of: period) {
                let isLonger = all[key.key].map { due($0.period) <= due(period) } ?? true
                if isLonger { all[key.key] = key }
            }
        }
        return Array(all.values)
    }

    /// Keeps keys; new periods end as a room's rules say now.
    mutating func add(
        _ keys: [KeptKey],
        under policy: RoomPolicy,
        using generator: inout some RandomNumberGenerator
    ) {
        var sorted: [KeyPeriod: [KeptKey]] = [:]
        for key in unsorted + keys {
            let day = KeyPeriod.day(of: key.at)
            let period =
                key.period
                ?? KeyPeriod(room: RoomID(.zero), span: .unsorted, day: day)
            sorted[period, default: []].append(key)
        }
        unsorted = []
        let known = Set(keys.filter { $0.period != nil }.map(\.key))
        for period in sections.keys where period.span == .unsorted {
            let left = self.keys(of: period).filter { !known.contains($0.key) }
            seal(left, as: period, under: policy, using: &generator)
        }
        for (period, added) in sorted {
            var all: [KeyID: KeptKey] = [:]
            for key in self.keys(of: period) + added { all[key.key] = key }
            if period.span == .unsorted { for key in known { all[key] = nil } }
            seal(Array(all.values), as: period, under: policy, using: &generator)
        }
        holdBounds()
    }

    /// Takes keys out, wherever they stand; each period's rest is sealed under another key.
    mutating func remove(
        _ gone: Set<KeyID>,
        of room: RoomID,
        using generator: inout some RandomNumberGenerator
    ) {
        unsorted.removeAll { gone.contains($0.key) }
        for period in sections.keys where period.room == room || period.span == .unsorted {
            let before = keys(of: period)
            let left = before.filter { !gone.contains($0.key) }
            guard left.count < before.count else { continue }
            guard let due = periods[period]?.due else { continue }
            forget(period)
            guard !left.isEmpty else { continue }
            periods[period] = Period(secret: FileKey(using: &generator), due: due)
            seal(left, as: period, under: .standard, using: &generator)
        }
    }

    // MARK: Time

    /// Lets the periods of a room end as its rules say now.
    mutating func settle(_ room: RoomID, under policy: RoomPolicy) {
        for period in periods.keys where period.room == room && period.span != .unsorted {
            periods[period]?.due = period.due(under: policy)
        }
    }

    /// Lets what would stay as long as one is in a room end at last.
    mutating func endPapers(of room: RoomID, at end: Timestamp) {
        guard let due = periods[.papers(of: room)]?.due, end < due else { return }
        periods[.papers(of: room)]?.due = end
    }

    /// Erases what is over.
    ///
    /// - Returns: the periods that are gone.
    mutating func erase(at now: Timestamp) -> [KeyPeriod] {
        let over = periods.filter { $0.value.due <= now }.map(\.key)
        for period in over { forget(period) }
        return over
    }

    private func due(_ period: KeyPeriod?) -> Timestamp {
        period.flatMap { periods[$0]?.due } ?? Timestamp(milliseconds: .min)
    }

    private mutating func forget(_ period: KeyPeriod) {
        periods[period] = nil
        sections[period] = nil
    }

    // MARK: Sections

    private func keys(of period: KeyPeriod) -> [KeptKey] {
        guard let secret = periods[period]?.secret, let section = sections[period],
            let bytes = try? SealedBox.open(section, named: Self.name(period), under: secret)
        else { return [] }
        return KeptKeys.decoded(bytes, of: period.span == .unsorted ? nil : period) ?? []
    }

    private mutating func seal(
        _ keys: [KeptKey],
        as period: KeyPeriod,
        under policy: RoomPolicy,
        using generator: inout some RandomNumberGenerator
    ) {
        guard !keys.isEmpty else { return forget(period) }
        let due = period.due(under: period.span == .unsorted ? .standard : policy)
        let held =
            periods[period] ?? Period(secret: FileKey(using: &generator), due: due)
        let newest = keys.sorted { $0.at > $1.at }.prefix(Self.keysMax)
        guard
            let section = try? SealedBox.seal(
                KeptKeys.encoded(newest),
                named: Self.name(period),
                under: held.secret,
                using: &generator
            )
        else { return }
        periods[period] = held
        sections[period] = section
    }

    /// Lets the oldest days go where there are more keys than are kept.
    private mutating func holdBounds() {
        var count = sections.values.reduce(0) { $0 + Self.keys(in: $1) }
        guard count > Self.keysMax else { return }
        for period in sections.keys.sorted(by: { $0.day < $1.day })
        where period.span == .turns || period.span == .rooms || period.span == .unsorted {
            guard count > Self.keysMax, let section = sections[period] else { return }
            count -= Self.keys(in: section)
            forget(period)
        }
    }

    private static func keys(in section: [UInt8]) -> Int { section.count / KeptKeys.bytesEach }

    private static func name(_ period: KeyPeriod) -> String {
        "keys/\(period.room)/\(period.span.rawValue)/\(period.day)"
    }

    // MARK: Bytes

    /// The file of the periods' keys.
    var periodsFile: [UInt8] {
        var bytes = [Self.periodsVersion]
        for (period, held) in periods.sorted(by: { $0.key < $1.key }) {
            bytes += Self.head(period) + held.secret.rawBytes
            bytes += BigEndian.bytes(UInt64(bitPattern: held.due.milliseconds))
        }
        return bytes
    }

    /// The file of the sealed keys.
    var sectionsFile: [UInt8] {
        var bytes = [Self.version]
        for (period, section) in sections.sorted(by: { $0.key < $1.key }) {
            bytes += Self.head(period) + BigEndian.bytes(UInt32(clamping: section.count)) + section
        }
        return bytes
    }

    private static func head(_ period: KeyPeriod) -> [UInt8] {
        period.room.value.bytes + [period.span.rawValue]
            + BigEndian.bytes(UInt64(bitPattern: period.day))
    }

    private static func period(_ bytes: ArraySlice<UInt8>) -> KeyPeriod? {
        let start = bytes.startIndex
        guard let room = Bytes16(bytes[start..<start + 16]),
            let span = KeyPeriod.Span(rawValue: bytes[start + 16])
        else { return nil }
        let day = Int64(bitPattern: BigEndian.number(bytes[start + 17..<start + 25]))
        guard (-100_000_000...100_000_000).contains(day) else { return nil }
        return KeyPeriod(room: RoomID(room), span: span, day: day)
    }

    private mutating func read(periods bytes: [UInt8]) {
        guard bytes.first == Self.periodsVersion,
            (bytes.count - 1).isMultiple(of: Self.periodBytes)
        else { return }
        for start in stride(from: 1, to: bytes.count, by: Self.periodBytes) {
            guard let period = Self.period(bytes[start..<start + 25]),
                let secret = FileKey(rawBytes: Array(bytes[start + 25..<start + 57]))
            else { continue }
            let due = BigEndian.number(bytes[start + 57..<start + 65])
            periods[period] = Period(
                secret: secret,
                due: Timestamp(milliseconds: Int64(bitPattern: due))
            )
        }
    }

    private mutating func read(sections bytes: [UInt8]) {
        if bytes.first == Self.unsortedVersion {
            unsorted = KeptKeys.decoded(bytes.dropFirst(), of: nil) ?? []
            return
        }
        guard bytes.first == Self.version else { return }
        var start = 1
        while bytes.count - start >= Self.sectionBytes {
            let front = start + Self.sectionBytes
            let count = Int(BigEndian.number(bytes[start + 25..<front]))
            guard bytes.count - front >= count else { return }
            if let period = Self.period(bytes[start..<start + 25]), periods[period] != nil {
                sections[period] = Array(bytes[front..<front + count])
            }
            start = front + count
        }
    }
}
