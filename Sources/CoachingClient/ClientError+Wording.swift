// SPDX-License-Identifier: Apache-2.0
import CoachingCertificates
import CoachingEnvelope
import CoachingModel
public import CoachingSeal
import CoachingTransport
import CoachingWire

extension ClientError {
    /// Says why no link could be made or kept.
    init(_ error: TransportError, address: ServerAddress) {
        switch error {
        case .notTrusted(let refusal):
            self.init(trust: TrustFailure(rawValue: refusal.code), address: address)
        case .alpnRefused, .handshakeFailed:
            self.init(
                .notTrusted,
                "What answers at \(address) is not a peercoach server that this program knows.",
                hint: "Check the address. If it is right, update peercoach or the server."
            )
        case .certificateRefused:
            self.init(
                .goodbye,
                "The server at \(address) does not take this device's certificate any more.",
                hint: "Ask for a new invite.",
                goodbye: .certificateRequired
            )
        case .timedOut, .writeStalled:
            self.init(.notReached, "The server at \(address) does not answer in time.")
        case .badCertificate:
            self.init(.profile, "The certificate in this profile cannot be used.")
        case .frameTooLong, .frameEmpty, .truncated:
            self.init(.notReached, "The connection to \(address) broke off in the middle.")
        case .closed, .cancelled, .cannotListen:
            self.init(.notReached, "The connection to \(address) is lost.")
        case .notReachable:
            self.init(
                .notReached,
                "Nobody answers at \(address).",
                hint: "Check the network, or ask who runs the server whether it runs."
            )
        }
    }

    /// Says why the server is not trusted.
    init(trust failure: TrustFailure?, address: ServerAddress) {
        switch failure {
        case .otherAuthority, .noAuthorityInChain:
            self.init(
                .notTrusted,
                "Something between you and the server replaced its certificate,"
                    + " probably a company proxy.",
                hint: "Ask your network's administrators to let \(address) through untouched. "
                    + "Nothing of yours was sent."
            )
        case .expired:
            self.init(
                .notTrusted,
                "The certificate of the server at \(address) is over.",
                hint: "Check this machine's clock; else who runs the server must renew it."
            )
        case .notYetValid:
            self.init(
                .notTrusted,
                "The certificate of the server at \(address) is not valid yet.",
                hint: "This machine's clock is probably wrong."
            )
        case .wrongHost:
            self.init(
                .notTrusted,
                "The server at \(address) is the right one under another name.",
                hint: "Ask for a new invite with the server's present address."
            )
        default:
            self.init(
                .notTrusted,
                "What answers at \(address) is not the server that your invite names.",
                hint: "Ask who invited you. Nothing of yours was sent."
            )
        }
    }

    /// Says what a server's refusal says.
    init(_ refusal: Refusal) {
        let isLater: [RefusalCode] = [.tryLater, .busy, .stopping]
        self.init(
            isLater.contains(refusal.code) ? .tryLater : .refused,
            refusal.sentence,
            reference: refusal.reference.isEmpty ? nil : refusal.reference,
            refusal: refusal.code,
            detail: refusal.detail
        )
    }

    /// Says why the server ended the connection.
    init(_ goodbye: Goodbye) {
        let hint: String? =
            switch goodbye.code {
            case .revoked: "Ask for a new invite, or add this device again from another one."
            case .versionUnsupported: "Update peercoach."
            case .tooMany: "Close another window of peercoach on this device."
            default: nil
            }
        self.init(
            goodbye.code == .stopping ? .tryLater : .goodbye,
            goodbye.sentence,
            hint: hint,
            goodbye: goodbye.code
        )
    }

    /// Says what is wrong with a text that should be an invite.
    init(_ error: InviteError) {
        switch error {
        case .notAnInvite:
            self.init(.invite, "That is no invite: one begins with peer1: and is one long word.")
        case .tooShort:
            self.init(.invite, "A part of the invite is missing. Paste all of it.")
        case .tooLong:
            self.init(.invite, "That is longer than an invite. Paste the invite alone.")
        case .wrongCharacter(let position):
            self.init(
                .invite,
                "Character \(position + 1) of the invite is one that no invite has."
            )
        case .typingError:
            self.init(.invite, "There is a typing error in the invite. Paste it again.")
        case .newerVersion:
            self.init(.invite, "A newer peercoach made this invite. Update peercoach.")
        case .malformed:
            self.init(.invite, "The invite is damaged. Ask for a new one.")
        }
    }

    /// Says that a line was not sent, because somebody else would read it.
    init(held names: [String]) {
        let who = names.joined(separator: " and ")
        self.init(
            .held,
            "Not sent: \(who) can now read this too.",
            hint: "/retry or /drop",
            newReaders: names
        )
    }

    /// Says that nothing is written for somebody whom only a restored backup brought back.
    init(returned name: String, asDevice: Bool) {
        self.init(
            .refused,
            asDevice
                ? "A device of \(name) had ended here before the server was set back, and counts"
                    + " again. Nothing of yours goes where it reads."
                : "\(name) was not in this room any more before the server was set back, and is"
                    + " in it again. Nothing of yours goes where \(name) reads.",
            hint: "It goes on by itself when who lets people in here opens the room.",
            candidates: [name]
        )
    }

    /// The profile is sealed and its passphrase was not given.
    public static let locked = ClientError(
        .locked,
        "Your keys on this machine are locked.",
        hint: "peercoach unlock asks for your passphrase."
    )

    /// Another passphrase than the profile's.
    public static let wrongPassphrase = ClientError(
        .locked,
        "That is not the passphrase of this profile."
    )

    /// The server has less of a room than this device has seen, or something else.
    public static let setBack = ClientError(
        .alarm,
        RoomReplica.setBack.sentence,
        hint: "If it was: who lets people in here accepts it with peercoach restored accept."
    )

    /// A kit that is not this person's.
    public static let othersKit = ClientError(
        .invalid,
        "This is the recovery kit of somebody else, or an old one.",
        hint: "Nothing was done."
    )

    /// Says what is wrong with a text that should be a recovery kit.
    public init(_ error: RecoveryKitError) {
        switch error {
        case .wrongCharacter(let group):
            self.init(.invalid, "Group \(group) has a character that no recovery kit has.")
        case .wrongCount(let found):
            self.init(
                .invalid,
                "A recovery kit has 12 groups of 5 characters, 60 in all; "
                    + (found > 4_096 ? "this is more." : "these are \(found).")
            )
        case .typingError(let group):
            self.init(.invalid, "There is a typing error in group \(group).")
        case .typingErrors(let groups):
            self.init(
                .invalid,
                "There are typing errors in groups \(groups.lowerBound) to \(groups.upperBound)."
            )
        }
    }

    static let notConnected = ClientError(
        .notReached,
        "There is no connection to the server.",
        hint: "It is being tried again."
    )

    static let timedOut = ClientError(
        .timedOut,
        "The server did not answer in time.",
        hint: "Try again."
    )

    static let uncertain = ClientError(
        .uncertain,
        "The connection was lost before the server said whether it has this line.",
        hint: "It is looked into at the next connection; nothing is sent twice."
    )

    static let unexpectedAnswer = ClientError(
        .alarm,
        "The server gave an answer to another question.",
        hint: "Is peercoach up to date?"
    )
}
