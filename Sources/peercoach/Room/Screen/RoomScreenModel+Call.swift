// SPDX-License-Identifier: Apache-2.0
import CoachingModel

// MARK: - Where people talk: on which call, or in which place

extension RoomScreenModel {
    /// The bytes that a link, or the name of a place, may have.
    static let linkBytesMax = 500

    /// Says where one talks now, or tells it to the people of one's turn, else to the room.
    mutating func call(_ rest: String) -> [RoomEffect] {
        let room = draft?.room ?? self.room
        let key = callKey(in: room)
        let shown = address(key, .paper, in: room)
        guard !rest.isEmpty else {
            let lines = talkHere()
            guard lines.isEmpty else { return lines.map { .show($0) } }
            return says("Nobody has said where. /call LINK says it to \(callReaders(shown)).")
        }
        guard rest.utf8.count <= Self.linkBytesMax else {
            return refuses("Not sent: that is too long for a link or a place.")
        }
        return send(rest, to: shown, meaning: .link)
    }

    /// The open turn that one sits in, else the room.
    private func callKey(in room: Room) -> TranscriptKey {
        room.turn(of: me).map { .turn($0.turn.id) } ?? .room
    }

    /// What is said where one is placed: the turn's own link before the room's, and that a call
    /// is not to be recorded.
    func callLines() -> [RoomLine] {
        guard room.session?.medium == .spoken, room.turn(of: me) != nil else { return talkHere() }
        return talkHere() + [
            system("Is the call recorded or transcribed? Switch it off first.", "unrecorded")
        ]
    }

    /// The link that counts for the person now, and who has it.
    private func talkHere() -> [RoomLine] {
        for key in [callKey(in: room), .room] {
            if let link = links[key]?.text { return [talkHere(link, key)] }
        }
        return []
    }

    private func talkHere(_ link: String, _ key: TranscriptKey) -> RoomLine {
        system(
            "Talk here: \(link) (only \(whoHas(key)))",
            "call",
            [.init("link", .string(link)), .init("scope", .string("\(key.scope)"))]
        )
    }

    private func whoHas(_ key: TranscriptKey) -> String {
        switch room.audience(of: key).count {
        case _ where key == .room: "\(roomName) has this link"
        case 2: "you two have this link"
        case 3: "you three have this link"
        case let count: "you \(count) have this link"
        }
    }

    private func callReaders(_ address: LineAddress) -> String {
        address.key == .room ? "everyone in \(roomName)" : address.text
    }

    /// Shows a link that somebody else has just said, where it counts for the person.
    func linkHeard(_ line: HeardLine) -> [RoomEffect]? {
        guard line.paper == .link, line.author != me, let link = line.text,
            line.key == callKey(in: room)
        else { return nil }
        return [.show(talkHere(link, line.key))]
    }
}
