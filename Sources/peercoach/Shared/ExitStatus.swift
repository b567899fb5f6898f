// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient

/// The numbers with which the program ends; scripts rely on them.
enum ExitStatus: Int32, Hashable, Sendable, CaseIterable {
    /// It was done.
    case done = 0
    /// A rule says no, or something named does not exist.
    case refused = 1
    /// The command was not given as it must be.
    case usage = 2
    /// Nobody answers, or somebody who is not trusted.
    case notReached = 3
    /// A passphrase is needed first.
    case locked = 4
    /// Not sent, because somebody else would read it, or a reader may be somebody else.
    case held = 5
    /// Not now; the same may work later.
    case tryLater = 75

    /// Chooses the number for an error.
    init(_ code: ClientError.Code) {
        switch code {
        case .usage: self = .usage
        case .notReached, .notTrusted: self = .notReached
        case .locked: self = .locked
        case .held, .otherIdentity: self = .held
        case .tryLater, .timedOut, .uncertain: self = .tryLater
        default: self = .refused
        }
    }

    /// The error that ends a command with this number and prints nothing more.
    var exit: ExitCode { ExitCode(rawValue) }
}

extension ClientError.Code {
    /// The command was not given as it must be.
    static let usage = ClientError.Code(rawValue: "usage")
    /// A question was answered with no.
    static let notWanted = ClientError.Code(rawValue: "notWanted")
}
