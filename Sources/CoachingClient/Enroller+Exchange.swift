// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingEnvelope
import CoachingModel
import CoachingWire
import Synchronization

extension Enroller {
    /// How long the server may take to answer.
    private static let ticksMax = 60

    /// Asks one thing on a connection of its own.
    func exchange(
        _ request: EnrolmentRequest,
        _ invite: Invite
    ) async throws(ClientError) -> EnrolmentReply {
        let link = try await dialing.dial(
            invite.address,
            authority: invite.authority,
            identity: nil
        )
        let outcome = await withTaskGroup(of: Result<EnrolmentReply, ClientError>.self) { group in
            group.addTask { await Self.converse(request, link) }
            group.addTask { [environment] in
                for _ in 0..<Self.ticksMax {
                    do {
                        try await environment.wait(.tick)
                    } catch {
                        break
                    }
                }
                return .failure(.timedOut)
            }
            let first = await group.next() ?? .failure(.timedOut)
            await link.close()
            group.cancelAll()
            return first
        }
        return try outcome.get()
    }

    private static func converse(
        _ request: EnrolmentRequest,
        _ link: any ServerLink
    ) async -> Result<EnrolmentReply, ClientError> {
        let outcome = Mutex<Result<EnrolmentReply, ClientError>?>(nil)
        do {
            try await link.receive { body in
                let step = await Self.answer(body, request, link)
                guard let step else { return true }
                outcome.withLock { $0 = step }
                return false
            }
        } catch {
            return outcome.withLock { $0 } ?? .failure(error)
        }
        return outcome.withLock { $0 } ?? .failure(.notConnected)
    }

    /// Takes one frame; gives the end of the conversation if this is it.
    private static func answer(
        _ body: [UInt8],
        _ request: EnrolmentRequest,
        _ link: any ServerLink
    ) async -> Result<EnrolmentReply, ClientError>? {
        guard let message = try? ServerMessage(body: body) else {
            return .failure(.unexpectedAnswer)
        }
        switch message {
        case .welcome(let welcome):
            guard welcome.versions.contains(wireVersion) else {
                return .failure(.otherVersion)
            }
            do {
                let frame = try ClientMessage.enrolment(request).frame()
                try await link.send(frame)
            } catch let error as ClientError {
                return .failure(error)
            } catch {
                return .failure(.unexpectedAnswer)
            }
            return nil
        case .enrolment(let reply): return .success(reply)
        case .goodbye(let goodbye): return .failure(ClientError(goodbye))
        default: return nil
        }
    }
}

extension ClientError {
    static let otherVersion = ClientError(
        .goodbye,
        "This server speaks another version of the protocol.",
        hint: "Update peercoach, or ask who runs the server to update it.",
        goodbye: .versionUnsupported
    )
}
