// SPDX-License-Identifier: Apache-2.0

/// What fails when sealing and opening; all failures to open look alike.
public enum SealError: Error, Hashable, Sendable {
    /// The entry cannot be opened, whatever the reason.
    case cannotOpen
    /// Bytes that should be a key are none, or a key is wrapped to nobody or twice to one.
    case invalidKey
    /// The plaintext is too long to be sealed in one entry.
    case tooLong
    /// The key has sealed as many entries as a key may: another one is needed.
    case keyUsedUp
    /// There is not enough memory to try a passphrase.
    case outOfMemory
}
