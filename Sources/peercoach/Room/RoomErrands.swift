// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingGoals
import CoachingModel
import CoachingSeal
import CoachingWire

/// Does what the room view's loop must not wait for, and hands it the outcome.
struct RoomErrands: Sendable {
    let client: Client
    let inputs: RoomInputs
    /// What stood in the room's place.
    let typed: String?
    let options: GlobalOptions

    /// Does one errand.
    func run(_ errand: RoomErrand) async {
        switch errand {
        case .arrive: await arrive()
        case .enter(let room): await enter(room)
        case .awaitAdmission(let room): await awaitAdmission(room)
        case .lookWhoWaits(let room): await look(room)
        case .identify(let session): await identify(session)
        case .post(let line, let session): await post(line, session)
        case .act(let deed, let place): await act(deed, place)
        case .recall(let count, let place, let session):
            await recall(count, before: place, session)
        case .readFormat(let wish):
            let reading =
                FormatChoice.isFile(wish.format)
                ? FormatChoice.readInRoom(wish.format)
                : await FormatChoice.inRoom(wish.format, client)
            await inputs.put(.format(wish, reading))
        }
    }

    /// Finds the room, says yes to a proposal, and tells where one stands.
    private func arrive() async {
        do throws(ClientError) {
            let ready = try await client.ready()
            let opened = Opened(
                client: client,
                ready: ready,
                options: options,
                output: options.output
            )
            let summary = try await opened.room(typed)
            if summary.isProgramme == true {
                throw ClientError(
                    .usage,
                    "Nobody talks in the programme's room; there is what was released to it.",
                    hint: "peercoach released"
                )
            }
            if summary.stage == .proposed || summary.stage == .founding {
                try await client.accept(summary.room)
            }
            if summary.stage == .founding {
                await inputs.put(.mayOpen(try await client.policyOfNewRooms()))
            }
            await inputs.put(.arrived(summary, ready.person))
        } catch {
            await inputs.put(.failed(error))
        }
    }

    private func enter(_ room: RoomID) async {
        do {
            let session = try await client.enter(room)
            await inputs.put(.entered(session))
            // Where it cannot be had now, /start asks again.
            if let formats = try? await client.formats() {
                await inputs.put(.formats(formats.map(\.name)))
            }
            for await happening in session.happenings {
                await inputs.put(.happening(happening))
            }
        } catch {
            await inputs.put(.failed(error))
        }
    }

    private func awaitAdmission(_ room: RoomID) async {
        do {
            try await client.awaitAdmission(room)
            await inputs.put(.admitted)
        } catch {
            await inputs.put(.failed(error))
        }
    }

    private func look(_ room: RoomID) async {
        // Where it cannot be had now, the next look will.
        guard let candidates = try? await client.lobby(of: room),
            let unconfirmed = try? await client.needsConfirmation(room)
        else { return }
        await inputs.put(.waiting(candidates.filter(\.accepted), unconfirmed: unconfirmed))
    }

    private func identify(_ session: RoomSession) async {
        // Where it cannot be had now, the next look will.
        guard let number = try? await session.roomNumber(),
            let standings = try? await session.identities()
        else { return }
        await inputs.put(.identified(number, standings))
    }

    private func post(_ line: OutgoingLine, _ session: RoomSession) async {
        do {
            if let path = line.file {
                try await session.send(
                    OutgoingFile(path: FileWords.path(path)),
                    kind: line.kind,
                    to: line.key,
                    shown: Set(line.readers),
                    cites: line.cites
                )
                return await inputs.put(.posted(line.id, nil))
            }
            // A promise is known by an identifier of its own, to say later what became of it.
            let made = UndertakingNote(
                id: client.drawUndertaking(),
                step: .made,
                kind: .promise
            )
            var body = EntryBody(
                text: line.text,
                subkind: line.meaning?.subkind,
                due: line.due,
                paper: line.meaning?.paper,
                undertaking: line.undertaking ?? (line.kind == .commit ? made : nil),
                scale: line.meaning?.scale
            )
            body.take(line.feedback)
            try await session.post(
                body,
                kind: line.kind,
                to: line.key,
                shown: Set(line.readers),
                cites: line.cites
            )
            await inputs.put(.posted(line.id, nil))
        } catch {
            await inputs.put(.posted(line.id, error))
        }
    }

    private func recall(_ count: Int, before place: LinePlace?, _ session: RoomSession) async {
        do {
            let page = try await session.lines(before: place, count: count)
            await inputs.put(.recalled(.success(page)))
        } catch {
            await inputs.put(.recalled(.failure(error)))
        }
    }

    private func act(_ deed: RoomDeed, _ place: RoomErrand.RoomPlace) async {
        do {
            try await done(deed, place)
            await inputs.put(.did(deed, nil))
        } catch {
            await inputs.put(.did(deed, error))
        }
    }

    private func done(
        _ deed: RoomDeed,
        _ place: RoomErrand.RoomPlace
    ) async throws(ClientError) {
        switch deed {
        case .found:
            try await client.found(
                place.room,
                agreement: FirstAgreement.text,
                policy: place.firstPolicy
            )
        case .confirm: try await client.confirm(place.unconfirmed, for: place.room)
        case .admit(let name):
            for candidate in place.candidates where name == nil || candidate.name == name {
                // Whom something speaks against is let in by name only.
                if name == nil, await client.warning(about: candidate) != nil { continue }
                try await client.admit(candidate.participant, to: place.room)
            }
        case .remove(let person): try await client.exclude(person, from: place.room)
        case .takeBack(let key, let number):
            guard let session = place.session else {
                throw ClientError(.refused, "You are not in the room yet.")
            }
            try await session.withdraw([number], from: key)
        case .compared(let person, let matched):
            try await place.session?.noteCompared(person, matched: matched)
        case .readAloud: try await place.session?.noteReadAloud()
        case .consent(let request, let yes):
            try await place.session?.answer(request, yes: yes)
        case .prompt(let text, let scope, let readers):
            try await place.session?.prompt(text, to: scope, shown: Set(readers))
        case .answer(let prompt, let text): try await place.session?.answer(prompt, text)
        case .endPrompt(let prompt): try await place.session?.endPrompt(prompt)
        case .allowVisit(let turn): try await place.session?.allowVisit(turn)
        default:
            guard let session = place.session else {
                throw ClientError(.refused, "You are not in the room yet.")
            }
            try await session.act(request(for: deed))
        }
    }

    private func request(for deed: RoomDeed) throws(ClientError) -> RoomAct {
        switch deed {
        case .accept(let version): return .acceptAgreement(version)
        case .attend(let person, let presence):
            return .attend(Attended(person: person, presence: presence))
        case .start(let offer):
            var generator = client.environment.generator
            let session = Bytes16(high: generator.next(), low: generator.next())
            return .start(
                SessionStart(
                    session: SessionID(session),
                    format: offer.format,
                    medium: offer.medium,
                    until: offer.until,
                    pace: offer.pace,
                    purpose: offer.purpose?.hash,
                    shown: offer.shown
                )
            )
        case .pause: return .pause
        case .resume: return .resume
        case .extend(let milliseconds): return .extend(milliseconds)
        case .skip: return .skip
        case .end: return .end
        case .handOver(let person): return .handOver(HandedOver(to: person))
        case .floor(let call): return .floor(call)
        case .back: return .back
        case .stop: return .stop
        case .mute(let person, let isMuted):
            return .mute(Muted(person: person, isMuted: isMuted))
        case .shut(let isShut): return .shut(Shut(isShut: isShut))
        case .move(let person, let pod): return .move(PodWish(person: person, pod: pod))
        case .askVisit(let turn): return .askVisit(TurnPlace(turn))
        case .endVisit(let turn): return .endVisit(TurnPlace(turn))
        case .callFacilitator(let turn): return .callFacilitator(TurnPlace(turn))
        case .agreeDeviation(let terms): return .agreeDeviation(terms)
        case .endDeviation(let terms): return .endDeviation(terms)
        case .found, .confirm, .admit, .remove, .takeBack, .compared, .readAloud, .prompt,
            .consent, .answer, .endPrompt, .allowVisit:
            throw ClientError(.invalid, "This is not asked of the room.")
        }
    }
}
