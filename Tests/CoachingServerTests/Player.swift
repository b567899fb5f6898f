// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingServer
import CoachingStore
import CoachingTestKit
import CoachingWire

/// A person in a simulation: does anything at any time, and keeps what was not acknowledged.
final class Player {
    /// An item that was sealed and is not known to be accepted or refused.
    struct Pending {
        var item: [UInt8]
        var transcript: TranscriptID
        var key: TranscriptKey
        var id: KeyID
        /// 0 for the key event itself.
        var counter: UInt64
        var request: UInt64?
        /// Whether it names nobody, so that it gets no number.
        var isUnattributed = false
    }

    struct Accepted: Hashable {
        var transcript: TranscriptID
        var key: TranscriptKey
        var id: KeyID
        var counter: UInt64
        var number: UInt64
    }

    let client: TestClient
    let room = Programme.room
    private(set) var pending: [Pending] = []
    private(set) var accepted: [Accepted] = []
    /// The answers without a name that were acknowledged, by their digest.
    private(set) var given: [Bytes32: TranscriptID] = [:]
    /// The prompts that were answered at all.
    private var answered: Set<TranscriptKey> = []
    private(set) var isAdmitted = true
    private var followRequest: UInt64?

    init(_ client: TestClient) { self.client = client }

    var isConnected: Bool { client.isConnected && client.ready != nil }
    var copy: RoomCopy? { client.rooms[room] }
    var isFollowing: Bool { copy?.isFollowed == true }

    func connect() throws {
        for index in pending.indices { pending[index].request = nil }
        followRequest = nil
        try client.connect()
    }

    func cut() throws {
        guard let link = client.link else { return }
        // What is still on the way is lost.
        client.world.cut(link)
        try client.read()
        for index in pending.indices { pending[index].request = nil }
    }

    /// Reads, and draws the consequences as a client does.
    func goOn() throws {
        try client.read()
        if client.pushes.contains(.admitted(room)) {
            isAdmitted = true
            client.pushes = []
        }
        if let copy, copy.isCaughtUp, copy.room.membership(of: client.person.id) == nil {
            client.rooms[room]?.isFollowed = false
        }
        settlePending()
        if let request = followRequest, let reply = client.replies[request] {
            followRequest = nil
            if reply.refusal == .left || reply.refusal == .notFound { isAdmitted = false }
        }
        guard isConnected else { return }
        if !isFollowing, isAdmitted, followRequest == nil {
            followRequest = try client.begin(client.followRequest(room))
        }
        for index in pending.indices where pending[index].request == nil {
            guard isConnected else { return }
            pending[index].request = try client.begin(
                .post(Post(room: room, item: pending[index].item))
            )
        }
    }

    private func settlePending() {
        var left: [Pending] = []
        for var one in pending {
            guard let request = one.request, let reply = client.replies[request] else {
                left.append(one)
                continue
            }
            if one.isUnattributed, reply.posted != nil {
                if let digest = try? ContentItem.parse(one.item).digest() {
                    given[digest] = one.transcript
                }
                continue
            }
            if let number = reply.posted {
                accepted.append(
                    Accepted(
                        transcript: one.transcript,
                        key: one.key,
                        id: one.id,
                        counter: one.counter,
                        number: number
                    )
                )
                continue
            }
            switch reply.refusal {
            case .tryLater, .busy, .stopping:
                one.request = nil
                left.append(one)
            default:
                if client.rooms[room]?.keys[one.key]?.id == one.id {
                    client.rooms[room]?.keys[one.key] = nil
                }
            }
        }
        pending = left
    }

    /// Seals an entry, with a new key where there is none, and sends it unless the line drops it.
    func post(
        _ key: TranscriptKey,
        _ kind: EntryKind,
        isLost: Bool,
        cites: [UInt64] = []
    ) throws {
        guard copy != nil, pending.count < 20 else { return }
        if client.rooms[room]?.keys[key] == nil {
            let made = try client.makeKey(room, key)
            client.rooms[room]?.keys[key] = made
            let event = try client.event(of: made, room, key)
            try push(event, made, key, 0, isLost: isLost)
        }
        guard let sender = client.rooms[room]?.keys[key] else { return }
        let counter = sender.nextCounter
        let item = try client.seal(room, key, kind, cites: cites)
        try push(item, sender, key, counter, isLost: isLost)
    }

    /// Answers a prompt once, and the same again after whatever happens.
    func answer(_ key: TranscriptKey, _ text: String) throws {
        guard copy != nil, pending.count < 20, !answered.contains(key),
            let item = try? client.sealUnattributed(room, key, text)
        else { return }
        answered.insert(key)
        pending.append(
            Pending(
                item: item,
                transcript: TranscriptID(room: room, key: key),
                key: key,
                id: KeyID(.zero),
                counter: 0,
                isUnattributed: true
            )
        )
    }

    private func push(
        _ item: [UInt8],
        _ sender: SenderKey,
        _ key: TranscriptKey,
        _ counter: UInt64,
        isLost: Bool
    ) throws {
        var request: UInt64?
        if isConnected, !isLost {
            request = try client.begin(.post(Post(room: room, item: item)))
        }
        pending.append(
            Pending(
                item: item,
                transcript: sender.transcript,
                key: key,
                id: sender.id,
                counter: counter,
                request: request
            )
        )
    }
}
