// SPDX-License-Identifier: Apache-2.0
import CoachingWire

/// Who may ask what, and what it costs of a device's allowance: the one table.
///
/// What a room's or the directory's rules decide is not said again here: they know the person.
enum RequestTable {
    /// Who may ask.
    enum Right: Hashable {
        /// Every device that has proved itself; the rules look further.
        case device
        /// Administrators of the programme.
        case administrator
    }

    /// What holds for one kind of request.
    struct Rule: Hashable {
        var right: Right
        /// In requests: what it takes of the allowance.
        var cost: Int
    }

    /// What a further page of a list costs.
    static let costOfNextPage = 1

    /// What a request costs that cannot be understood.
    static let costOfNonsense = 1

    static func rule(for kind: Request.Kind) -> Rule {
        switch kind {
        case .post, .unfollow: Rule(right: .device, cost: 1)
        case .posted, .follow, .rooms, .lobby, .vouches, .devices, .introductions:
            Rule(right: .device, cost: 2)
        case .about: Rule(right: .device, cost: 5)
        case .policy, .formats: Rule(right: .device, cost: 2)
        // The bytes of a put count besides; what is got is paced so that it disturbs nobody.
        case .putChunk: Rule(right: .device, cost: 1)
        case .getChunk: Rule(right: .device, cost: 2)
        case .room, .keys: Rule(right: .device, cost: 2)
        case .history: Rule(right: .device, cost: 5)
        case .directory: Rule(right: .device, cost: 2)
        case .renew: Rule(right: .device, cost: 5)
        case .people, .invites, .status: Rule(right: .administrator, cost: 5)
        }
    }
}
