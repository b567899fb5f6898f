// SPDX-License-Identifier: Apache-2.0

internal import NIOSSL

/// Tells the mere end of a peer from a failure of TLS.
enum EndOfPeer {
    /// Whether an error of the TLS library only says that the peer is gone.
    ///
    /// A peer that vanishes without TLS's farewell is told apart by what was cut off. Who connects
    /// and goes, as those do who look whether the port is open, has not failed in the handshake.
    static func isMeant(by error: any Error) -> Bool {
        switch error as? NIOSSLError {
        case .uncleanShutdown, .handshakeFailed(.sslError([.eofDuringHandshake])): true
        default: false
        }
    }
}
