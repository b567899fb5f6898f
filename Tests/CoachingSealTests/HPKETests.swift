// SPDX-License-Identifier: Apache-2.0
import Crypto
import Foundation
import Testing

/// The library's HPKE against another implementation's openings, in the one suite that is used.
@Suite struct `HPKE as RFC 9180 has it` {
    private struct Case {
        var scalar: [UInt8] = []
        var enc: [UInt8] = []
        var info: [UInt8] = []
        var messages: [(aad: [UInt8], text: [UInt8], sealed: [UInt8])] = []
    }

    private func cases() throws -> [Case] {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Vectors/hpke-p256.txt")
        var cases: [Case] = []
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
            let pair = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, !line.hasPrefix("#") else { continue }
            let digits = pair[1].compactMap(\.hexDigitValue)
            let bytes = stride(from: 0, to: digits.count - 1, by: 2).map {
                UInt8(digits[$0] << 4 | digits[$0 + 1])
            }
            if pair[0] == "scalar" { cases.append(Case()) }
            let last = try #require(cases.indices.last)
            switch pair[0] {
            case "scalar": cases[last].scalar = bytes
            case "enc": cases[last].enc = bytes
            case "info": cases[last].info = bytes
            case "aad": cases[last].messages.append((bytes, [], []))
            case "text": cases[last].messages[cases[last].messages.count - 1].text = bytes
            case "sealed": cases[last].messages[cases[last].messages.count - 1].sealed = bytes
            default: Issue.record("an unknown line: \(line)")
            }
        }
        return cases
    }

    @Test func `what another implementation sealed opens, in order and unchanged only`() throws {
        let cases = try cases()
        try #require(cases.count == 12 && cases.allSatisfy { $0.messages.count == 4 })
        for one in cases {
            func recipient(_ info: [UInt8]) throws -> HPKE.Recipient {
                try HPKE.Recipient(
                    privateKey: P256.KeyAgreement.PrivateKey(rawRepresentation: one.scalar),
                    ciphersuite: .P256_SHA256_AES_GCM_256,
                    info: Data(info),
                    encapsulatedKey: Data(one.enc)
                )
            }
            var opener = try recipient(one.info)
            for message in one.messages {
                let opened = try opener.open(
                    Data(message.sealed),
                    authenticating: Data(message.aad)
                )
                #expect([UInt8](opened) == message.text)
            }
            for changed in 0..<3 {
                var (info, message) = (one.info, one.messages[0])
                switch changed {
                case 0: info.append(0)
                case 1: message.aad[0] ^= 1
                default: message.sealed[0] ^= 1
                }
                var stranger = try recipient(info)
                #expect(throws: (any Error).self) {
                    try stranger.open(
                        Data(message.sealed),
                        authenticating: Data(message.aad)
                    )
                }
            }
        }
    }
}
