// SPDX-License-Identifier: Apache-2.0
import CoachingCertificates
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingTransport
import CoachingWire
import Testing

@testable import CoachingClient

struct WordingTests {
    private static let banned = [
        "transcript", "epoch", "keeper", "roster", "audience", "entry", "genesis", "envelope",
        "stale", "sequence", " client",
    ]

    private static func errors() throws -> [ClientError] {
        let address = try #require(ServerAddress(host: "coach.example", port: 7443))
        let transport: [TransportError] = [
            .badCertificate, .cannotListen, .notReachable, .timedOut, .alpnRefused,
            .handshakeFailed, .certificateRefused, .closed, .truncated, .frameTooLong,
            .frameEmpty, .writeStalled, .cancelled,
        ]
        let invites: [InviteError] = [
            .notAnInvite, .tooShort, .tooLong, .wrongCharacter(position: 1), .typingError,
            .newerVersion, .malformed,
        ]
        return transport.map { ClientError($0, address: address) }
            + TrustFailure.allCases.map { ClientError(trust: $0, address: address) }
            + invites.map { ClientError($0) }
            + [
                .notConnected, .timedOut, .uncertain, .unexpectedAnswer, .otherVersion,
                .cancelled, ClientError(held: ["Ben", "Tom"]),
            ]
    }

    @Test func `no sentence has a word that is not for people`() throws {
        for error in try Self.errors() {
            for text in [error.sentence, error.hint ?? ""] {
                for word in Self.banned where text.lowercased().contains(word) {
                    Issue.record("\"\(text)\" says \(word)")
                }
                #expect(!text.contains("  "))
            }
            #expect(error.sentence.hasSuffix("."))
        }
    }

    @Test func `no alarm has a word that is not for people`() throws {
        let device = DeviceID(.zero)
        let findings: [Finding] = [
            .gap(expected: 1, received: 2), .rewritten(number: 1),
            .unreadable(number: 1, .newerVersion), .unreadable(number: 1, .badSignature),
            .otherTranscript(number: 1, device: nil), .unknownDevice(number: 1, device),
            .badSignature(number: 1, device), .unsigned(number: 1),
            .repeatedKey(number: 1, device), .unknownKey(number: 1, device),
            .otherDevicesKey(number: 1, device, owner: device),
            .replayed(number: 1, device, counter: 1),
            .skipped(number: 1, device, expected: 1, 2), .forked(number: 1, device, seen: 1),
            .ahead(number: 1, device, seen: 1), .serverHeadDiffers(number: 1),
        ]
        let replica = RoomReplica(
            RoomID(.zero),
            owner: PersonID(.zero),
            keyring: DeviceKeyring(device: DeviceID(.zero), keys: []),
            pinned: nil,
            seen: []
        )
        for finding in findings {
            let alarm = try #require(replica.alarm(for: finding))
            for word in Self.banned where alarm.sentence.lowercased().contains(word) {
                Issue.record("\"\(alarm.sentence)\" says \(word)")
            }
        }
        #expect(replica.alarm(for: .repeated(number: 1)) == nil)
    }

    @Test func `a replaced certificate is named as what it probably is`() throws {
        let address = try #require(ServerAddress(host: "coach.example", port: 7443))
        let error = ClientError(trust: .otherAuthority, address: address)
        #expect(error.code == .notTrusted)
        #expect(
            error.sentence == "Something between you and the server replaced its certificate,"
                + " probably a company proxy."
        )
    }
}
