// SPDX-License-Identifier: Apache-2.0

/// Equal time and equal turns: what each person gave and got in the sessions of a room.
///
/// - Units: milliseconds where times are meant.
/// - Source: DESIGN.md D19.
public struct Ledger: Hashable, Sendable {
    /// One row for each peer of the room and for whoever had a turn; ascending by person.
    public private(set) var rows: [LedgerRow] = []
    /// How long the sessions' clocks ran, each pod's turn by itself.
    public private(set) var total: Int64 = 0
    /// The time in which all listened.
    public private(set) var silence: Int64 = 0

    /// Counts some of the sessions of a room; peers who had no part in them have a row of zeros.
    public init(of sessions: some Sequence<SessionSummary>, in room: Room) {
        var rows: [PersonID: LedgerRow] = [:]
        for member in room.members where member.membership == .peer {
            rows[member.person] = LedgerRow(person: member.person)
        }
        for session in sessions { count(session, in: &rows) }
        self.rows = rows.values.sorted { $0.person < $1.person }
    }

    private mutating func count(_ session: SessionSummary, in rows: inout [PersonID: LedgerRow]) {
        total = saturatingSum(total, session.floor.total)
        silence = saturatingSum(silence, session.floor.silence)
        var came = Set(session.floor.people.keys).union(session.owed)
        for state in session.turns {
            for person in state.turn.pod.people {
                guard let role = state.turn.pod.role(of: person) else { continue }
                came.insert(person)
                rows[person, default: LedgerRow(person: person)].count(role, in: state)
            }
        }
        for person in came {
            rows[person, default: LedgerRow(person: person)].count(session, of: person)
        }
        for (person, agreed) in session.agreedMore {
            guard var row = rows[person] else { continue }
            row.agreed = saturatingSum(row.agreed, agreed)
            rows[person] = row
        }
    }

    /// How much time as client people had on average in as many sessions as one person came to,
    /// with what was agreed between two of them; `nil` where nobody but they had any.
    public func expected(of person: PersonID) -> Int64? {
        guard let own = rows.first(where: { $0.person == person }), own.sessions > 0 else {
            return nil
        }
        let others = rows.filter { $0.person != person && $0.sessions > 0 }
        let sessions = others.reduce(0) { $0 + Int64($1.sessions) }
        guard sessions > 0 else { return nil }
        let time = others.reduce(0) { saturatingSum($0, saturatingSum($1.asClientFor, -$1.agreed)) }
        let (product, overflow) = time.multipliedReportingOverflow(by: Int64(own.sessions))
        return overflow ? nil : saturatingSum(product / sessions, own.agreed)
    }

    /// How far over (or, negative, under) the others a person is as client, where that is far: by
    /// a quarter of what the others had and by five minutes at least.
    public func imbalance(of person: PersonID) -> Int64? {
        guard let expected = expected(of: person),
            let own = rows.first(where: { $0.person == person })
        else { return nil }
        let (off, overflow) = own.asClientFor.subtractingReportingOverflow(expected)
        guard !overflow, off.magnitude >= Self.farMilliseconds,
            off.magnitude >= expected.magnitude / 4
        else { return nil }
        return off
    }

    /// What is too little to speak of.
    private static let farMilliseconds: UInt64 = 300_000
}

/// What one person gave and got.
public struct LedgerRow: Hashable, Sendable {
    /// The person.
    public var person: PersonID
    /// The sessions that they came to or in which they are owed a turn.
    public var sessions = 0
    /// Their turns as client that counted.
    public var asClient = 0
    /// The counted turns in which they coached.
    public var asCoach = 0
    /// The counted turns in which they observed.
    public var asObserver = 0
    /// How long they were client, in all their turns.
    public var asClientFor: Int64 = 0
    /// How long they had the floor.
    public var floor: Int64 = 0
    /// How much more (or, negative, less) time as client they agreed on with others.
    public var agreed: Int64 = 0
    /// In how many of the sessions they did not get the turn that was planned.
    public var missed = 0

    init(person: PersonID) { self.person = person }

    fileprivate mutating func count(_ role: Role, in state: TurnState) {
        if role == .client { asClientFor = saturatingSum(asClientFor, state.milliseconds) }
        guard state.held else { return }
        switch role {
        case .client: asClient += 1
        case .coach: asCoach += 1
        case .observer: asObserver += 1
        case .everyone: break
        }
    }

    fileprivate mutating func count(_ session: SessionSummary, of person: PersonID) {
        sessions += 1
        floor = saturatingSum(floor, session.floor[person])
        if session.owed.contains(person) { missed += 1 }
    }
}

extension SessionSummary {
    /// How much of what its people had more or less as client than who agreed on nothing was
    /// agreed, in milliseconds.
    ///
    /// What was agreed but not made use of counts for nobody.
    public var agreedMore: [PersonID: Int64] {
        guard !deviations.isEmpty else { return [:] }
        var bounds: [PersonID: (less: Int64, more: Int64)] = [:]
        for deviation in deviations {
            let time = deviation.minutes.map { Int64($0) * 60_000 } ?? Self.wholeTurn
            bounds[deviation.less, default: (0, 0)].less += time
            bounds[deviation.more, default: (0, 0)].more += time
        }
        let clients = Set(turns.map(\.turn.pod.client)).union(bounds.keys)
        let others = clients.subtracting(bounds.keys)
        let among = others.isEmpty ? clients : others
        let sum = among.reduce(Int64(0)) { saturatingSum($0, millisecondsAsClient($1)) }
        let mean = sum / Int64(max(1, among.count))
        var agreed: [PersonID: Int64] = [:]
        for (person, bound) in bounds {
            let off = saturatingSum(millisecondsAsClient(person), -mean)
            agreed[person] = min(max(off, -bound.less), bound.more)
        }
        return agreed
    }

    /// Longer than any turn.
    private static let wholeTurn: Int64 = 86_400_000
}
