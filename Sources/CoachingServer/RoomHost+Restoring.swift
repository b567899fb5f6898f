// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingWire

extension RoomHost {
    /// Checks a signed acceptance: it must be the asking device's, for the log as it is here, and
    /// name no more of a transcript than there is.
    func acceptance(_ signed: SignedBytes, by asker: Asker) throws -> RoomCommand {
        guard let device = core.directory.device(asker.identity.device),
            let key = try? VerifyingKey(device.signingKey),
            let verified = try? SignedRestoreAcceptance.verified(signed, by: key)
        else {
            throw Refusal(.badSignature, sentence: "The acceptance is not signed rightly.")
        }
        let acceptance = verified.acceptance
        guard acceptance.room == id, acceptance.position == room.position,
            acceptance.head == heads.last
        else { throw RoomRejection.restoreConflict }
        for end in acceptance.transcripts {
            guard let transcript = transcripts[end.transcript], end.number <= transcript.number,
                end.number < transcript.number || end.head == transcript.head
            else { throw RoomRejection.restoreConflict }
        }
        return .acceptRestore(
            RestoreAccepted(
                signed: signed,
                signer: asker.identity.device,
                acceptance: acceptance,
                hash: verified.hash
            )
        )
    }
}
