// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingModel

/// Puts releases into words, the same in the room and outside.
enum ReleaseWords {
    /// By whose yes a line stands where it was released to: "released with the yes of Tom".
    static func released(
        by people: [PersonID],
        but author: PersonID?,
        _ name: (PersonID) -> String
    ) -> String {
        var others = people.filter { $0 != author }.map(name)
        // Who agreed need not be known where it is read.
        let unknown = others.count { $0 == Room.unknownName }
        if unknown > 0 {
            others.removeAll { $0 == Room.unknownName }
            others.append(Words.count(unknown, "other person", "other people"))
        }
        return others.isEmpty ? "released" : "released with the yes of \(Words.list(others))"
    }

    /// Where a line is released to: "to the room".
    static func to(_ target: TranscriptKey) -> String {
        switch target {
        case .peers: "to the peers"
        case .room: "to the room"
        case .programme: "to the programme's administrators"
        default: "to others"
        }
    }

    /// What is waited for: "Tom said no", "waits for you and Tom".
    static func standing(
        _ request: ReleaseRequest,
        _ name: (PersonID) -> String
    ) -> String {
        if request.isReleased { return "released" }
        if request.isGone { return "taken back" }
        var parts: [String] = []
        if !request.refused.isEmpty {
            parts.append("no from \(Words.list(request.refused.map(name)))")
        }
        let others = request.agreed.filter { $0 != request.asker }
        if !others.isEmpty { parts.append("yes from \(Words.list(others.map(name)))") }
        if !request.awaited.isEmpty {
            parts.append("waits for \(Words.list(request.awaited.map(name)))")
        }
        if parts.isEmpty || request.refused.isEmpty && request.awaited.isEmpty {
            parts.append("is released as soon as who asked is there")
        }
        return parts.joined(separator: ", ")
    }
}

extension ReadEntry {
    /// By whose yes it stands here; `nil` where it was not released or they did not agree.
    var agreed: [PersonID]? {
        guard case .agreed(let people)? = release else { return nil }
        return people
    }
}
