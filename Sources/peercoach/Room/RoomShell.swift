// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingEnvelope
import CoachingFeedback
import CoachingFormats
import CoachingModel
import CoachingSeal
import CoachingTerminal
import CoachingWire

/// The loop of the room view: it hears of everything in turn, asks the model, and does what it
/// says.
///
/// - Isolation: a value; one task owns it.
struct RoomShell {
    /// How lines come in.
    enum Source {
        /// Keys, drawn as they are typed.
        case keys
        /// Whole lines of a person at a terminal that knows no sequences.
        case lines
        /// Lines of a file or program: the next is read when the one before is answered.
        case script
    }

    let options: GlobalOptions
    let source: Source
    let untilEnd: Bool
    let tty: TTY
    /// Lets one more line be read.
    let nextLine: AsyncStream<Void>.Continuation
    var display: RoomDisplay
    var model: RoomScreenModel?
    var tally = RoomTally()
    var place: RoomErrand.RoomPlace?
    var errands: [RoomErrand] = []
    /// Whether pretend members answer in the place of a server.
    var isRehearsal = false
    /// What they are to answer.
    var rehearsed: [RoomEffect] = []
    var parser = KeyParser()
    var acts = 0
    /// Where the lines began that `/history` showed.
    var oldestShown: LinePlace?
    var isOnline = false
    /// Whether it is waited for that one is let in.
    var isWaiting = false
    /// How the person wants to see how they coached.
    var coachingWords = CoachingWords()
    /// Questions to offer.
    var bank = QuestionBank.builtIn
    /// On what coaching is looked at.
    var competencies = CompetencySet.icf
    /// From which the identifiers of drafts are made.
    var feedbackSeed = Bytes16(high: 0, low: 0)
    /// With what a room begins that is one's own to open.
    var firstPolicy = RoomPolicy.standard
    var isInputOver = false
    var hasSessionEnded = false
    /// The seconds since one is in; a script waits some of them for the agreement's text.
    var secondsInside = 0
    var isLineAwaited = false
    var wasInterrupted = false
    /// The seconds for which what is on its way is still waited for; `nil` while the view is open.
    var closing: Int?
    var isOver = false
    var failure: ClientError?

    /// Takes one input; afterwards ``errands`` are to be run, and the display has been written.
    mutating func take(_ input: RoomInput, at now: Timestamp) {
        if let model, model.now < now { self.model?.now = now }
        switch input {
        case .terminal(let event): take(event)
        case .line(let line): take(line)
        case .link(let state): take(state, at: now)
        case .notice(let sentence):
            if let model { perform(model.noticed(sentence)) }
            lookWhoWaits()
        case .arrived(let room, let person): arrive(room, person, at: now)
        case .mayOpen(let policy): firstPolicy = policy
        case .admitted: goIn()
        case .entered(let session): place?.session = session
        case .happening(let happening): take(happening)
        case .posted(let id, let error): posted(id, error)
        case .did(let deed, let error): did(deed, error)
        case .recalled(let result): recalled(result)
        case .format(let wish, let reading):
            acts -= 1
            perform(model?.formatRead(wish, reading) ?? [])
        case .formats(let names): model?.programmeFormats = names
        case .waiting(let candidates, let unconfirmed): take(candidates, unconfirmed)
        case .identified(let number, let standings): model?.identified(number, standings)
        case .tick: tick(now)
        case .failed(let error): fail(error)
        }
        settle()
        do {
            try display.flush()
        } catch {
            // Whoever read it has gone.
            isOver = true
        }
    }

    /// Does what the model wants.
    mutating func perform(_ effects: [RoomEffect]) {
        for effect in effects {
            if isRehearsal, effect.needsAnswer {
                if !effect.isPost { acts += 1 }
                rehearsed.append(effect)
                continue
            }
            switch effect {
            case .show(let line): display.show(line)
            case .post(let line):
                if let session = place?.session { errands.append(.post(line, session)) }
            case .act(let deed):
                guard let place else { continue }
                acts += 1
                errands.append(.act(deed, place))
            case .recall(let count, let further):
                guard let session = place?.session else { continue }
                acts += 1
                errands.append(
                    .recall(count: count, before: further ? oldestShown : nil, session)
                )
            case .readFormat(let wish):
                acts += 1
                errands.append(.readFormat(wish))
            case .wipe: display.wipe()
            case .leave: close()
            }
        }
    }

    /// Ends the view as soon as nothing is on its way any more.
    mutating func close() { closing = closing ?? 10 }

    mutating func fail(_ error: ClientError) {
        failure = failure ?? error
        isOver = true
    }

    /// Draws the prompt, lets the next line in, and sees whether it is time to end.
    private mutating func settle() {
        if var model {
            display.setPrompt(&model)
            self.model = model
        }
        let isQuiet = acts == 0 && model?.outgoing.isEmpty != false
        if closing != nil, isQuiet || !isOnline { isOver = true }
        guard closing == nil else { return }
        if isInputOver, isQuiet, model?.kept.isEmpty != false, hasSessionEnded || !untilEnd {
            quit()
        }
        if !isLineAwaited, !isInputOver, isReadyForLine(isQuiet) {
            isLineAwaited = true
            nextLine.yield()
        }
    }

    private func isReadyForLine(_ isQuiet: Bool) -> Bool {
        guard source == .script else { return true }
        guard let model, isOnline, isQuiet else { return false }
        if model.stage == .inside, model.awaitsAgreement, secondsInside < 15 { return false }
        return model.stage == .inside || model.stage == .out || !model.questions.isEmpty
    }

    mutating func quit() {
        guard var model else { return close() }
        // Nobody is there who could decide.
        if source != .keys { model.wasWarnedOfLoss = true }
        let effects = model.quit()
        self.model = model
        perform(effects)
    }
}

// MARK: - The connection and the room

extension RoomShell {
    private mutating func take(_ state: Client.State, at now: Timestamp) {
        switch state {
        case .connecting: isOnline = false
        case .connected: isOnline = true
        case .offline(_, let error):
            isOnline = false
            // Who never got in is told why and how to go on, not left to wait.
            if model == nil { return fail(error) }
        case .ended(let error): return fail(error)
        }
        let link: RoomScreenModel.Link =
            isOnline ? .online : (model?.link == .online ? .offline : model?.link ?? .connecting)
        if let effects = model?.linked(link) { perform(effects) }
    }

    private mutating func arrive(_ room: RoomSummary, _ me: PersonID, at now: Timestamp) {
        place = RoomErrand.RoomPlace(
            room: room.room,
            candidates: [],
            unconfirmed: [],
            firstPolicy: firstPolicy
        )
        let stage: RoomScreenModel.Stage
        switch room.stage {
        case .founding: stage = .founding
        case .proposed, .accepted: stage = .lobby(waitingFor: room.admitters)
        case .admitted: stage = .entering
        }
        var model = RoomScreenModel(
            roomName: room.name,
            me: me,
            room: Room(id: room.room),
            stage: stage,
            now: now
        )
        model.answersYes = options.isYes
        model.firstPolicy = firstPolicy
        model.coachingWords = coachingWords
        model.offered.bank = bank
        model.competencies = competencies
        model.feedbackSeed = feedbackSeed
        model.link = isOnline ? .online : .connecting
        let effects = model.opening()
        self.model = model
        perform(effects)
        switch stage {
        case .entering: errands.append(.enter(room.room))
        default: if !isWaiting { errands.append(.awaitAdmission(room.room)) }
        }
        isWaiting = true
    }

    /// Goes into the room, once.
    private mutating func goIn() {
        switch model?.stage {
        case .lobby, .founding: break
        default: return
        }
        // Who opens the room goes in when its agreement is there.
        guard acts == 0 else { return }
        model?.stage = .entering
        if let place { errands.append(.enter(place.room)) }
    }

    private mutating func take(_ happening: RoomHappening) {
        guard let model else { return }
        tally.take(happening)
        let isInside = model.stage == .inside || model.stage == .out
        switch happening {
        case .record(let record, _):
            guard isInside else {
                self.model?.replay(record)
                return
            }
            perform(self.model?.happened(record) ?? [])
            if case .sessionEnded = record.event { hasSessionEnded = true }
            if case .rostered = record.event { lookWhoWaits() }
            if record.event.changesMembers { identify() }
        case .entry(let entry) where entry.kind == .withdraw:
            if isInside, entry.isNew { perform(self.model?.whyGone(HeardLine(entry)) ?? []) }
        case .entry(let entry):
            let line = HeardLine(entry)
            if isInside, entry.isNew {
                perform(self.model?.heard(line) ?? [])
            } else {
                self.model?.remember(line)
            }
        case .erased(let key, let number, let person):
            perform(self.model?.gone(key, number, by: person) ?? [])
        case .caughtUp:
            guard !isInside else { return }
            perform(self.model?.entered() ?? [])
            perform(self.model?.askConsents() ?? [])
            lookWhoWaits()
            identify()
        case .opened: break
        case .release(let change): perform(self.model?.released(change) ?? [])
        case .givenAgain(let given): perform(self.model?.givenAgain(given) ?? [])
        case .alarm(let alarm): perform(model.alarmed(alarm.sentence))
        }
    }

    private mutating func posted(_ id: Int, _ error: ClientError?) {
        tally.posted(error)
        guard let error else { return perform(model?.sent(id) ?? []) }
        if error.code == .held {
            perform(model?.heldBack(id, newReaders: error.newReaders) ?? [])
        } else {
            perform(model?.refused(id, error.sentence, hint: error.hint) ?? [])
        }
    }

    private mutating func recalled(_ result: Result<LinePage, ClientError>) {
        acts -= 1
        switch result {
        case .success(let page):
            oldestShown = page.next
            let lines = page.lines.map { HeardLine($0) }
            perform(model?.recalled(lines, hasOlder: page.next != nil) ?? [])
        case .failure(let error):
            perform(model?.notRecalled(error.sentence, hint: error.hint) ?? [])
        }
    }

    private mutating func did(_ deed: RoomDeed, _ error: ClientError?) {
        acts -= 1
        if let error {
            // Somebody else was faster.
            if deed == .found { errands.append(.arrive) }
            return perform(model?.failed(deed, error) ?? [])
        }
        switch deed {
        case .found: goIn()
        case .confirm, .admit, .remove: lookWhoWaits()
        case .compared, .readAloud: identify()
        case .prompt, .answer: perform(model?.done(deed) ?? [])
        default: break
        }
    }

    private mutating func identify() {
        if let session = place?.session { errands.append(.identify(session)) }
    }

    private mutating func lookWhoWaits() {
        guard let place, let model, model.stage == .inside, model.room.isKeeper(model.me), isOnline
        else { return }
        errands.append(.lookWhoWaits(place.room))
    }

    private mutating func take(
        _ candidates: [Candidate],
        _ unconfirmed: [UnconfirmedPerson]
    ) {
        place?.candidates = candidates
        place?.unconfirmed = unconfirmed
        let effects = model?.waits(
            candidates.map(\.name),
            unconfirmed: unconfirmed.map(\.name),
            by: Words.list(unconfirmed.map(\.proposer).unique)
        )
        perform(effects ?? [])
    }

    private mutating func tick(_ now: Timestamp) {
        if let effects = model?.tick(now) { perform(effects) }
        if model?.stage == .inside { secondsInside += 1 }
        if let seconds = closing {
            closing = seconds - 1
            if seconds <= 0 { isOver = true }
        }
    }
}

extension HeardLine {
    /// Takes a checked line over.
    init(_ entry: ReadEntry) {
        let paper: Paper? =
            switch entry.body?.paper {
            case .agreement: .agreement(version: entry.body?.paperVersion ?? 0)
            case .purpose:
                (entry.body?.text).map { .purpose(hash: Hashing.hash(Array($0.utf8))) }
            case .link: .link
            case .reason: .reason
            case nil: nil
            }
        self.init(
            key: entry.key,
            number: entry.number,
            at: entry.at,
            author: entry.author,
            kind: entry.kind,
            text: entry.body?.text,
            due: entry.body?.due,
            paper: entry.kind == .paper ? paper : nil,
            agreed: entry.agreed,
            saidBefore: entry.body?.saidBefore?.at,
            cites: entry.cites,
            file: entry.body?.file,
            undertaking: entry.body?.undertaking,
            feedback: entry.body?.feedbackContent,
            scale: entry.body?.subkind == EntryBody.checkIn ? entry.body?.scale : nil,
            isBreach: entry.body?.subkind == EntryBody.breach,
            isHeard: entry.body?.subkind == EntryBody.heard
        )
    }
}

extension RoomEvent {
    /// Whether somebody may have come or gone with it.
    fileprivate var changesMembers: Bool {
        switch self {
        case .rostered, .excluded: true
        default: false
        }
    }
}

extension [String] {
    /// The texts, each once.
    var unique: [String] { reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
}
