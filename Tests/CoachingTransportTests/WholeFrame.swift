// SPDX-License-Identifier: Apache-2.0

/// Puts the length before a body.
func wholeFrame(_ body: [UInt8]) -> [UInt8] {
    withUnsafeBytes(of: UInt32(truncatingIfNeeded: body.count).bigEndian) { Array($0) } + body
}
