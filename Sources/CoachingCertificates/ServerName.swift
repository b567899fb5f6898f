// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Names a server as people dial it: by host name or by IP address.
///
/// The two never stand for each other: a certificate that carries the address of the socket does
/// not prove the host name that was asked for.
public enum ServerName: Hashable, Sendable {
    /// A host name, lower case, without a final dot.
    case host(String)
    /// An IPv4 address (4 bytes) or an IPv6 address (16 bytes).
    case address([UInt8])

    /// Reads a name as it stands in an invite or a configuration file.
    ///
    /// - Shape: dotted IPv4, IPv6 with or without brackets, or labels of letters, digits and inner
    ///   hyphens. No wildcard, no zone, no port.
    /// - Limits: 253 bytes, 63 a label.
    /// - Returns: `nil` when the text is none of these.
    public init?(_ text: String) {
        guard text.utf8.count <= 255, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        var bare = Substring(text)
        let bracketed = bare.first == "[" && bare.last == "]" && bare.utf8.count > 2
        if bracketed { bare = bare.dropFirst().dropLast() }
        if let bytes = Self.addressBytes(String(bare)) {
            guard !bracketed || bytes.count == 16 else { return nil }
            self = .address(bytes)
            return
        }
        guard !bracketed, let host = Self.hostName(bare) else { return nil }
        self = .host(host)
    }

    private static func addressBytes(_ text: String) -> [UInt8]? {
        var four = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET, text, &four) == 1 { return four }
        var sixteen = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET6, text, &sixteen) == 1 { return sixteen }
        return nil
    }

    private static func hostName(_ text: Substring) -> String? {
        let name = (text.last == "." ? text.dropLast() : text).lowercased()
        guard !name.isEmpty, name.utf8.count <= 253 else { return nil }
        let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        for label in labels {
            guard (1...63).contains(label.count) else { return nil }
            guard label.first != UInt8(ascii: "-"), label.last != UInt8(ascii: "-") else {
                return nil
            }
            let allowed = label.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || byte == UInt8(ascii: "-")
            }
            guard allowed else { return nil }
        }
        // A last label of digits only would be a mistyped address.
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard let last = labels.last, !last.allSatisfy(digits.contains) else { return nil }
        return name
    }
}
