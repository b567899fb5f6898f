// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// Who read what, kept the long way: for every accepted post the list of its readers.
///
/// Written from the six rules of scopes and not from `Room`: sets of people that are copied
/// whenever something is said, no positions, marks or spans.
struct NaiveRoom {
    struct Post {
        var key: TranscriptKey
        var number: UInt64
        var author: PersonID
        var readers: Set<PersonID>
    }

    var peers: Set<PersonID> = []
    var facilitators: Set<PersonID> = []
    var devices: [PersonID: Set<DeviceID>] = [:]
    var turns: [TurnID: Set<PersonID>] = [:]
    /// The turns, ascending.
    var turnList: [TurnID] = []
    /// Who reads each question without names, and whether facilitators do too.
    var prompts: [PromptID: (people: Set<PersonID>, scope: Scope)] = [:]
    /// Who visits which turn.
    var visiting: [TurnID: Set<PersonID>] = [:]
    var running: SessionID?
    var closed: Set<TurnID> = []
    var clients: [PersonID] = []
    var posts: [Post] = []
    /// Whether the group has agreed that newcomers may be given older posts.
    var givesHistory = false
    /// Grants that nobody might have made.
    var wrongGrants: [String] = []

    var members: Set<PersonID> { peers.union(facilitators) }

    mutating func see(_ event: RoomEvent) {
        take(event)
        // Answers without names are read by those who were asked as long as they stay; who comes
        // back has stopped, unlike in the room and in turns.
        for index in posts.indices {
            guard case .prompt(let prompt, _) = posts[index].key else { continue }
            posts[index].readers.formIntersection(prompts[prompt]?.people ?? [])
        }
    }

    private mutating func take(_ event: RoomEvent) {
        switch event {
        case .rostered(let rostered):
            let before = members
            peers = []
            facilitators = []
            for member in rostered.roster.members {
                if member.membership == .peer {
                    peers.insert(member.person)
                } else {
                    facilitators.insert(member.person)
                }
            }
            for person in before.subtracting(members) { forget(person) }
            for (prompt, asked) in prompts where asked.scope == .peers {
                prompts[prompt]?.people = asked.people.intersection(peers)
            }
            givesHistory = rostered.roster.policy.historyForNewcomers
        case .devicesChanged(let changed):
            devices[changed.list.person] = Set(changed.list.devices.map(\.device))
        case .excluded(let excluded):
            peers.remove(excluded.person)
            facilitators.remove(excluded.person)
            forget(excluded.person)
        case .turnOpened(let turn):
            if turns.updateValue(Set(turn.pod.people), forKey: turn.id) == nil {
                let place = turnList.lastIndex { $0 < turn.id }.map { $0 + 1 } ?? 0
                turnList.insert(turn.id, at: place)
            }
            clients.append(turn.pod.client)
        case .turnClosed(let turn):
            let id = TurnID(session: turn.session, round: turn.round, pod: turn.pod)
            closed.insert(id)
            if visiting[id]?.isEmpty == false { wrongGrants.append("a visit outlasts \(id)") }
        case .turnChanged(let changed):
            let (turn, visitor) = (changed.yes.turn, changed.yes.visitor)
            if !facilitators.contains(visitor) || closed.contains(turn) {
                wrongGrants.append("\(visitor) visits \(turn)")
            }
            visiting[turn, default: []].insert(visitor)
            turns[turn]?.insert(visitor)
        case .visitEnded(let ended):
            if visiting[ended.turn]?.remove(ended.person) != nil {
                turns[ended.turn]?.remove(ended.person)
            }
        case .sessionStarted(let started):
            running = started.session
            clients = []
        case .sessionEnded: running = nil
        case .promptOpened(let opened):
            prompts[opened.prompt] = (opened.scope == .peers ? peers : members, opened.scope)
        case .historyGranted(let granted): give(granted)
        default: break
        }
    }

    /// Who is given older posts is a reader of them from then on, as if they had been there; only
    /// a reader of each can give it.
    private mutating func give(_ granted: HistoryGranted) {
        let person = granted.grant.person
        let giver = devices.first { $0.value.contains(granted.signer) }?.key
        guard let giver, members.contains(giver), members.contains(person), giver != person,
            givesHistory
        else { return wrongGrants.append("\(granted.grant)") }
        for span in granted.grant.spans {
            let key: TranscriptKey = span.scope == .peers ? .peers : .room
            let isReader = readers(of: key).contains(person)
            if span.scope.rawValue < Scope.peers.rawValue || !isReader || span.from == 0 {
                wrongGrants.append("\(granted.grant)")
            }
            for index in posts.indices where posts[index].key == key {
                guard posts[index].number >= span.from, posts[index].number <= span.until else {
                    continue
                }
                if !posts[index].readers.contains(giver) {
                    wrongGrants.append("\(giver) gave \(posts[index].number) of \(key)")
                }
                posts[index].readers.insert(person)
            }
        }
    }

    /// A person who goes is taken out of every list for good.
    private mutating func forget(_ person: PersonID) {
        for turn in turns.keys { turns[turn]?.remove(person) }
        for turn in visiting.keys { visiting[turn]?.remove(person) }
        for prompt in prompts.keys { prompts[prompt]?.people.remove(person) }
        devices[person] = nil
    }

    func readers(of key: TranscriptKey) -> Set<PersonID> {
        switch key {
        case .own(let person): return members.contains(person) ? [person] : []
        case .direct(let one, let other):
            return members.contains(one) && members.contains(other) ? [one, other] : []
        case .turn(let turn): return turns[turn] ?? []
        case .peers: return peers
        case .room: return members
        case .programme: return []
        case .prompt(let prompt, let scope):
            guard let asked = prompts[prompt], asked.scope == scope else { return [] }
            return asked.people
        }
    }

    func devices(of key: TranscriptKey) -> Set<DeviceID> {
        readers(of: key).reduce(into: []) { $0.formUnion(devices[$1] ?? []) }
    }

    mutating func post(in key: TranscriptKey, number: UInt64, by author: PersonID) {
        posts.append(Post(key: key, number: number, author: author, readers: readers(of: key)))
    }
}
