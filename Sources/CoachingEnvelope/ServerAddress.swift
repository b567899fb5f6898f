// SPDX-License-Identifier: Apache-2.0

/// Where a server listens: a name or an address, and a port.
public struct ServerAddress: Hashable, Sendable, CustomStringConvertible {
    /// The host name, or an address; an IPv6 address stands here without brackets.
    public let host: String
    /// The port, not 0.
    public let port: UInt16

    /// The longest host, in bytes.
    public static let hostBytesMax = 240

    /// Makes an address; `nil` for a host that no server has, or port 0.
    public init?(host: String, port: UInt16) {
        let letters = Array(host.utf8)
        let isName = letters.allSatisfy { letter in
            switch letter {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        let isAddress =
            letters.contains(UInt8(ascii: ":"))
            && letters.allSatisfy { letter in
                switch letter {
                case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ":"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
        guard !letters.isEmpty, letters.count <= Self.hostBytesMax, isName || isAddress, port > 0
        else { return nil }
        self.host = host
        self.port = port
    }

    /// Reads `host:port` or `[address]:port`.
    public init?(_ text: String) {
        guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")) else { return nil }
        var host = text[..<colon]
        let digits = text[text.utf8.index(after: colon)...]
        guard let port = UInt16(digits), String(port) == digits else { return nil }
        if host.utf8.first == UInt8(ascii: "[") {
            guard host.utf8.last == UInt8(ascii: "]"), host.utf8.contains(UInt8(ascii: ":")) else {
                return nil
            }
            host = host.dropFirst().dropLast()
        } else if host.utf8.contains(UInt8(ascii: ":")) {
            return nil
        }
        self.init(host: String(host), port: port)
    }

    /// `host:port`, with brackets around an IPv6 address.
    public var description: String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
