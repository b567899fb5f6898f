// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingStore
import CoachingWire

/// Something that waits until rooms are in memory.
struct LoadWait {
    var missing: Set<RoomID>
    /// Whether all that are here could be read.
    var areRead = true
    var then: (_ areRead: Bool) -> Void
}

extension ServerCore {
    /// Gives the host of a room, reading it from the store where it is not in memory.
    func host(_ id: RoomID) -> RoomHost {
        if let host = rooms[id] { return host }
        let host = RoomHost(id: id, core: self, at: now)
        rooms[id] = host
        host.load(at: now)
        return host
    }

    /// Does something as soon as these rooms are in memory.
    func whenLoaded(_ ids: [RoomID], then: @escaping (_ areRead: Bool) -> Void) {
        var missing: Set<RoomID> = []
        for id in ids {
            let host = host(id)
            if host.standing == .failed { host.load(at: now) }
            if host.standing != .ready { missing.insert(id) }
        }
        guard !missing.isEmpty else { return then(true) }
        loadWaits.append(LoadWait(missing: missing, then: then))
    }

    /// Goes on with what waited for this room.
    func loadEnded(_ host: RoomHost) {
        guard !loadWaits.isEmpty else { return }
        let waits = loadWaits
        loadWaits = []
        for wait in waits {
            var wait = wait
            if wait.missing.remove(host.id) != nil, host.standing != .ready { wait.areRead = false }
            if wait.missing.isEmpty { wait.then(wait.areRead) } else { loadWaits.append(wait) }
        }
    }

    /// Follows a room that has just been read: catches up with time and with the directory.
    func roomLoaded(_ host: RoomHost, awaySince: Timestamp?) {
        if let awaySince, host.room.session != nil {
            host.takeFirst([Self.awoke(since: awaySince)])
        }
        followDirectory(host)
        loadEnded(host)
        tellKeepers(of: host)
    }

    /// Brings a room to what the directory says, whatever was missed: devices, and who is no
    /// longer proposed for it.
    func followDirectory(_ host: RoomHost) {
        guard let record = directory.room(host.id), !record.isClosed else { return }
        var gone: [RoomWait] = []
        for member in host.room.members {
            let participant = directory.participant(of: member.person)?.participant
            let proposal = participant.flatMap { directory.proposal($0, in: host.id) }
            // Who became an administrator comes into the programme's room anew.
            if let proposal, !record.isProgramme || proposal.membership == member.membership {
                updateDevices(of: member.person, in: host)
            } else {
                gone.append(RoomWait(ask: .shutOut(member.person, .administrator, by: nil)))
            }
        }
        host.takeFirst(gone)
    }

    /// Follows a change of a room's log that has become durable.
    ///
    /// - Parameters:
    ///   - host: the room.
    ///   - byMember: whether a member asked for it, and not the directory.
    func roomChanged(_ host: RoomHost, byMember: Bool) {
        let members = Set(host.room.members.map(\.person))
        guard members != host.toldMembers else { return }
        let (came, left) = (
            members.subtracting(host.toldMembers), host.toldMembers.subtracting(members)
        )
        host.toldMembers = members
        for person in came.sorted() {
            for number in connections(of: person) { send(.push(.admitted(host.id)), to: number) }
        }
        // Somebody may have waited since before there was anybody who could let them in.
        if left.isEmpty, came == members { tellKeepers(of: host) }
        // Who became an administrator was shut out to come in anew.
        if !left.isEmpty, directory.isProgramme(host.id) { tellKeepers(of: host) }
        for person in left.sorted() where byMember || host.leftUntold.contains(person) {
            withdraw(person, from: host.id)
        }
    }

    /// Takes back the proposal of somebody who has left or was removed, so that nobody's client
    /// lets them in again by itself.
    private func withdraw(_ person: PersonID, from room: RoomID) {
        guard let participant = directory.participant(of: person)?.participant,
            let proposal = directory.proposal(participant, in: room)
        else { return }
        directoryHost.take(
            .withdrawProposal(room, participant),
            by: .server
        ) { [weak self] outcome, _ in
            // Where the store is in trouble it is asked again with the next sweep.
            guard outcome == nil, let self, let host = self.rooms[room],
                self.directory.proposal(participant, in: room) == proposal
            else { return }
            host.leftUntold.insert(person)
        }
    }

    func withdrawLeft(_ host: RoomHost) {
        let people = host.leftUntold.sorted()
        host.leftUntold = []
        for person in people where host.room.membership(of: person) == nil {
            withdraw(person, from: host.id)
        }
    }

    // MARK: Devices

    /// Copies a member's device lists into the room where the room has an older one (D1).
    ///
    /// Each version follows from the one before, so none may be left out.
    func updateDevices(of person: PersonID, in host: RoomHost) {
        guard host.room.membership(of: person) != nil,
            let latest = directory.deviceList(of: person),
            let listed = host.room.deviceList(of: person), latest.version > listed.version
        else { return }
        if latest.version - listed.version == 1 {
            return host.takeFirst(Self.changes([latest.signed]))
        }
        let positions = directoryHost.listPositions(of: person).dropFirst(Int(listed.version))
        readLists(at: Array(positions), []) { [weak host] lists in
            if let lists { host?.takeFirst(Self.changes(lists)) } else { host?.isBehind = true }
        }
    }

    private static func changes(_ lists: [SignedBytes]) -> [RoomWait] {
        lists.compactMap { signed in
            guard let list = try? SignedDeviceList.introduced(signed) else { return nil }
            let change = DevicesChanged(signed: list.signed, list: list.list)
            return RoomWait(ask: .command(.changeDevices(change), by: .server))
        }
    }

    private func readLists(
        at positions: [UInt64],
        _ lists: [SignedBytes],
        then: @escaping ([SignedBytes]?) -> Void
    ) {
        guard let position = positions.first else { return then(lists) }
        read(.frames(.directory, position...position, bytesMax: 1)) { [weak self] answer, _ in
            guard case .success(.frames(let frames)) = answer, let frame = frames.first,
                let list = DirectoryLog.deviceList(in: frame)
            else { return then(nil) }
            self?.readLists(at: Array(positions.dropFirst()), lists + [list], then: then)
        }
    }
}
