// SPDX-License-Identifier: Apache-2.0

// Prompts that are answered without names: who may ask, answer and read.
//
// The log says who could answer when a prompt was opened and how many did, never who. Any change
// of these readers or their devices ends it: so no answer is ever delivered under a key that
// somebody holds who reads no more.
extension Room {
    /// Gives a prompt's transcript.
    public func key(of prompt: PromptID) -> TranscriptKey? {
        prompts[prompt].map { .prompt(prompt, $0.scope) }
    }

    /// The prompts that take answers, in the order in which they were asked.
    public var openPrompts: [PromptID] {
        guard !prompts.isEmpty else { return [] }
        return prompts.filter(\.value.isOpen).sorted { $0.value.openedAt < $1.value.openedAt }
            .map(\.key)
    }

    /// Whether the readers of a prompt, or their devices, are others than when it was opened.
    public func hasChangedReaders(_ prompt: PromptID) -> Bool {
        guard let state = prompts[prompt] else { return false }
        return lastAudienceChange(of: .prompt(prompt, state.scope)) != state.openedAt
    }

    /// Whether an open prompt's time is up: it has come, or the session is over in which it was
    /// asked.
    public func isDue(_ prompt: PromptID, at now: Timestamp) -> Bool {
        guard let state = prompts[prompt], state.isOpen else { return false }
        return state.ends <= now || state.session.map { $0 != session?.id } ?? false
    }

    /// When the next open prompt closes by itself.
    public var nextPromptEnd: Timestamp? {
        prompts.isEmpty ? nil : prompts.values.filter(\.isOpen).map(\.ends).min()
    }

    /// Says whether a member may answer a prompt now, once and without their name.
    ///
    /// - Throws: ``RoomRejection/notAMember``, `notInScope` or `scopeClosed`.
    public func mayAnswer(_ key: TranscriptKey, by person: PersonID) throws(RoomRejection) {
        guard isMember(person) else { throw .notAMember }
        guard case .prompt(let prompt, _) = key, isInAudience(of: key, person),
            let state = prompts[prompt]
        else { throw .notInScope }
        guard state.isOpen else { throw .scopeClosed }
    }

    /// Under its own name only who asks posts there: the question, and later its withdrawal.
    func mayPost(
        _ kind: EntryKind,
        inPrompt prompt: PromptID,
        _ key: TranscriptKey,
        by person: PersonID
    ) throws(RoomRejection) {
        guard isInAudience(of: key, person), let state = prompts[prompt] else { throw .notInScope }
        guard kind == .ask || kind == .withdraw else { throw .kindNotHere }
        guard state.asker == person else { throw .notAsker }
        guard state.isOpen == (kind == .ask) else { throw .scopeClosed }
    }

    // MARK: Decisions

    func openPrompt(
        _ opening: PromptOpening,
        by actor: RoomActor,
        _ course: inout Course
    ) throws(RoomRejection) {
        let person = try member(asking: actor)
        guard let key = opening.scope.promptReaders else { throw .outOfBounds }
        guard isInAudience(of: key, person) else { throw .notInScope }
        let length = opening.milliseconds ?? RoomLimits.promptMillisecondsMax
        guard (1_000...RoomLimits.promptMillisecondsMax).contains(length),
            prompts[opening.prompt] == nil
        else { throw .outOfBounds }
        let audience = audience(of: key)
        guard audience.count >= RoomLimits.answersLeast else { throw .tooFewToHide }
        guard openPrompts.count < RoomLimits.promptsOpenMax else { throw .tooManyPrompts }
        course.add(
            .promptOpened(
                PromptOpened(
                    prompt: opening.prompt,
                    scope: opening.scope,
                    audience: audience,
                    ends: course.now.adding(milliseconds: length)
                )
            )
        )
    }

    func closePrompt(
        _ prompt: PromptID,
        answers: Int,
        by actor: RoomActor,
        _ course: inout Course
    ) throws(RoomRejection) {
        if actor != .server {
            let person = try member(asking: actor)
            guard let key = key(of: prompt), isInAudience(of: key, person) else {
                throw .notInScope
            }
            guard prompts[prompt]?.asker == person else { throw .notAsker }
        }
        let closed = PromptClosed(prompt: prompt, answers: UInt16(clamping: answers))
        try checkClosed(closed)
        course.add(.promptClosed(closed))
    }

    // MARK: Checks

    /// Checks that a prompt asks exactly those who read its scope.
    func checkOpened(_ opened: PromptOpened, _ record: RoomRecord) throws(RoomRejection) {
        guard let key = opened.scope.promptReaders, prompts[opened.prompt] == nil else {
            throw .outOfBounds
        }
        guard let person = record.by, isInAudience(of: key, person) else { throw .notInScope }
        guard opened.audience == audience(of: key) else { throw .planChanged }
        guard opened.audience.count >= RoomLimits.answersLeast else { throw .tooFewToHide }
        let longest = record.at.adding(milliseconds: RoomLimits.promptMillisecondsMax)
        guard opened.ends > record.at, opened.ends <= longest else { throw .outOfBounds }
    }

    /// Checks that nothing is delivered of fewer than five, nor after the readers changed.
    func checkClosed(_ closed: PromptClosed) throws(RoomRejection) {
        guard let state = prompts[closed.prompt], state.isOpen else { throw .scopeClosed }
        guard closed.answers > 0 else { return }
        guard closed.answers >= RoomLimits.answersLeast else { throw .tooFewToHide }
        guard closed.answers <= state.asked.count else { throw .outOfBounds }
        guard !hasChangedReaders(closed.prompt) else { throw .staleAudience }
    }

    // MARK: Records

    mutating func evolve(_ opened: PromptOpened, by person: PersonID?) {
        guard let person, prompts[opened.prompt] == nil,
            let key = opened.scope.promptReaders
        else { return }
        let readers = audience(of: key)
        let asked = Set(opened.audience).intersection(readers).sorted()
        prompts[opened.prompt] = PromptState(
            scope: opened.scope,
            asker: person,
            asked: asked,
            audience: asked,
            openedAt: position,
            ends: opened.ends,
            session: session?.id
        )
    }

    mutating func evolve(_ closed: PromptClosed) {
        guard prompts[closed.prompt]?.isOpen == true else { return }
        prompts[closed.prompt]?.closed = PromptEnd(answers: Int(closed.answers), at: lastAt)
    }

    /// Takes whoever reads a scope no more out of its prompts, for good.
    mutating func settlePrompts() {
        for (id, state) in prompts {
            let left = state.audience.filter { person in
                state.scope == .peers ? membership(of: person) == .peer : isMember(person)
            }
            if left.count < state.audience.count { prompts[id]?.audience = left }
        }
    }
}

extension Scope {
    /// Whose readers a prompt of this scope asks; `nil` where there are no prompts.
    var promptReaders: TranscriptKey? {
        switch self {
        case .room: .room
        case .peers: .peers
        case .own, .direct, .turn, .programme: nil
        }
    }
}
