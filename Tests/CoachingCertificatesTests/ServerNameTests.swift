// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CoachingCertificates

@Suite struct ServerNameTests {
    @Test func `names and addresses are told apart`() {
        #expect(ServerName("Coach.Example.org.") == .host("coach.example.org"))
        #expect(ServerName("localhost") == .host("localhost"))
        #expect(ServerName("xn--bcher-kva.example") == .host("xn--bcher-kva.example"))
        #expect(ServerName("10.0.0.1") == .address([10, 0, 0, 1]))
        #expect(ServerName("::1") == .address([UInt8](repeating: 0, count: 15) + [1]))
        #expect(ServerName("[2001:db8::1]") == ServerName("2001:db8:0:0::1"))
    }

    @Test(arguments: [
        "", ".", "a..b", "-a.org", "a-.org", "a_b.org", "*.example.org", "10.0.0.256", "1.2.3",
        "10.0.0.1:80", "[10.0.0.1]", "[::1", "fe80::1%eth0", "a b", "b\u{FC}cher.de", "\u{212A}.de",
        "a\u{0}.org", String(repeating: "a", count: 64) + ".org",
        String(repeating: "a.", count: 127) + "org",
    ])
    func `what is neither is refused`(text: String) {
        #expect(ServerName(text) == nil)
    }

    @Test func `PEM text holds certificates in order and one key`() throws {
        let text = PEMText.text(certificates: [[1, 2, 3], [4]])
        #expect(try PEMText.certificates(in: text) == [[1, 2, 3], [4]])
        #expect(try PEMText.key(in: PEMText.text(key: [9])) == [9])
        #expect(throws: CertificateError.malformed) { try PEMText.key(in: text) }
        #expect(throws: CertificateError.malformed) {
            try PEMText.key(in: PEMText.text(key: [9]) + PEMText.text(key: [9]))
        }
        #expect(throws: CertificateError.malformed) {
            try PEMText.certificates(in: String(repeating: " ", count: PEMText.bytesMax + 1))
        }
    }
}
