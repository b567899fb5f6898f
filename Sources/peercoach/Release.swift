// SPDX-License-Identifier: Apache-2.0

/// The program's name and version, as people and the server are told them.
enum Release {
    static let version = "0.1.0"
    static let program = "peercoach \(version)"
}
