// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingModel

// Releases: what waits for the person's yes, and what came of their own.
extension RoomScreenModel {
    /// Takes what happened to a release.
    mutating func released(_ change: ReleaseChange) -> [RoomEffect] {
        let request = change.request
        guard request.persons.contains(me) else { return [] }
        consents.removeAll { $0.key == request.key && $0.number == request.number }
        if request.awaits(me) { consents.append(request) }
        questions.removeAll {
            guard case .consent(let open) = $0 else { return false }
            return open.key == request.key && open.number == request.number
                && !request.awaits(me)
        }
        guard change.isNew, stage == .inside else { return [] }
        switch change.step {
        case .asked:
            return request.awaits(me) ? askConsent(request) : []
        case .answered(let person, let yes): return answered(request, person, yes)
        case .released where request.asker != me:
            return says(
                "\(name(request.asker))'s line was released \(ReleaseWords.to(request.target)).",
                "release"
            )
        case .gone where request.asker != me:
            return says("\(name(request.asker))'s release is off: nothing is shown.", "release")
        case .released, .gone: return []
        }
    }

    /// Asks what waited before this view was opened.
    mutating func askConsents() -> [RoomEffect] {
        guard stage == .inside else { return [] }
        var effects: [RoomEffect] = []
        for request in consents { effects += askConsent(request) }
        return effects
    }

    private mutating func askConsent(_ request: ReleaseRequest) -> [RoomEffect] {
        let asked = ask(.consent(request), byItself: true)
        return asked.isEmpty ? [] : line(of: request) + asked
    }

    /// The line that is to be released, as it was shown when it came.
    func line(of request: ReleaseRequest) -> [RoomEffect] {
        let line = past.last { $0.key == request.key && $0.number == request.line }
        return line.map { [.show(shown($0))] } ?? []
    }

    /// What is asked of who is concerned.
    func consentText(_ request: ReleaseRequest) -> String {
        let line = past.last { $0.key == request.key && $0.number == request.line }
        let which = line.map { "of \(clock($0.at))" } ?? "that peercoach consents shows"
        return "\(name(request.asker)) asks to release \(ReleaseWords.to(request.target)) the line "
            + "\(which), which concerns you. Do you agree? /yes or /no"
    }

    /// Answers what was asked.
    func consent(to request: ReleaseRequest, _ yes: Bool) -> [RoomEffect] {
        let text =
            yes
            ? "You said yes. Until it is released, peercoach consents takes it back."
            : "You said no: it is not released."
        return [.act(.consent(request, yes: yes))] + says(text, "release")
    }

    private func answered(
        _ request: ReleaseRequest,
        _ person: PersonID,
        _ yes: Bool
    ) -> [RoomEffect] {
        guard request.asker == me, person != me else { return [] }
        let to = ReleaseWords.to(request.target)
        guard yes else {
            return says("\(name(person)) said no: your line is not released \(to).", "release")
        }
        let rest = request.awaited.map { name($0) }
        let waits = rest.isEmpty ? "" : " It waits for \(Words.list(rest))."
        return says("\(name(person)) said yes to releasing your line \(to).\(waits)", "release")
    }
}
