// SPDX-License-Identifier: Apache-2.0
import CoachingArchive
import CoachingModel
import Testing

/// An archive as a stranger would forge it.
struct ArchiveTests {
    private static let hash = [UInt8](repeating: 0xa5, count: 32)
    private static let digits = String(repeating: "a5", count: 32)

    private func failure(_ text: String) -> ArchiveError? {
        do throws(ArchiveError) {
            _ = try ArchiveIndex(reading: text)
            return nil
        } catch { return error }
    }

    @Test func `an index is the text of sha256sum, and comes back`() throws {
        let files = ["you.json", "rooms/n/files/Bérénice’s plan.pdf", "README.txt"].map {
            ArchiveIndex.File(path: $0, hash: Self.hash)
        }
        let index = try ArchiveIndex(files)
        #expect(
            index.text == """
                \(Self.digits)  README.txt
                \(Self.digits)  rooms/n/files/Bérénice’s plan.pdf
                \(Self.digits)  you.json

                """
        )
        #expect(try ArchiveIndex(reading: index.text) == index)
        #expect(try ArchiveIndex(reading: "").files.isEmpty)
    }

    @Test(arguments: [
        "/etc/passwd", "../x", "a/../x", "a/./x", "a//x", "./x", "a/", "", ".", "..", "x\u{1b}[31m",
        "a\\x", " a", "a/b ", "x\u{202e}y", "x\u{7f}", "SHA256SUMS", "SHA256SUMS.sig",
        String(repeating: "a", count: 241),
    ])
    func `no path leads out of the archive, or drives a terminal`(_ path: String) {
        #expect(failure("\(Self.digits)  \(path)\n")?.code == .path)
        #expect(throws: ArchiveError.self) {
            try ArchiveIndex([ArchiveIndex.File(path: path, hash: Self.hash)])
        }
    }

    @Test func `no path breaks its line`() {
        for path in ["a\nb", "a\rb", "a\u{2028}b", "a\u{85}b"] {
            #expect(throws: ArchiveError(.path, path)) {
                try ArchiveIndex([ArchiveIndex.File(path: path, hash: Self.hash)])
            }
        }
    }

    @Test func `an index that is not in its form is refused with the line`() {
        let line = "\(Self.digits)  a\n"
        #expect(failure(line) == nil)
        #expect(failure(line + "x") == ArchiveError(.index, "SHA256SUMS", line: 1))
        #expect(failure(line + "\n")?.line == 2)
        #expect(failure("\(Self.digits) a\n")?.code == .index)
        #expect(failure("\(Self.digits)\ta\n")?.code == .index)
        #expect(failure("\(Self.digits.uppercased())  a\n")?.code == .index)
        #expect(failure("\(Self.digits.dropLast())  a\n")?.code == .index)
        #expect(failure("\(Self.digits)0  a\n") != nil)
        let unsorted = "\(Self.digits)  b\n" + line
        #expect(failure(unsorted) == ArchiveError(.index, "SHA256SUMS", line: 2))
        #expect(failure(line + line) == ArchiveError(.twice, "a", line: 2))
        let many = (0...ArchiveIndex.filesMax).map { number in
            "\(Self.digits)  f\(String(10_000 + number))\n"
        }
        #expect(failure(many.joined())?.code == .tooMuch)
        #expect(failure(many.dropLast().joined()) == nil)
        #expect(
            failure(String(repeating: "a", count: ArchiveIndex.bytesMax + 1))?.code == .tooMuch
        )
    }

    @Test func `a signature is two lines of digits`() throws {
        let signature = ArchiveSignature(
            key: [4] + [UInt8](repeating: 1, count: 64),
            signature: [UInt8](repeating: 2, count: 64)
        )
        #expect(try ArchiveSignature(reading: signature.text) == signature)
        let text = signature.text
        for count in text.indices {
            #expect(throws: ArchiveError(.signature, ArchiveSignature.name)) {
                try ArchiveSignature(reading: String(text[..<count]))
            }
        }
        #expect(throws: ArchiveError.self) { try ArchiveSignature(reading: text + "\n") }
        #expect(throws: ArchiveError.self) {
            try ArchiveSignature(reading: text.replacing("01", with: "0g"))
        }
    }

    private let items = (0..<5).map {
        ArchiveItem(
            at: Timestamp(milliseconds: Int64($0) - 2),
            place: Bytes16(high: 1, low: UInt64($0)),
            number: UInt64($0) << 40,
            body: [UInt8](repeating: UInt8($0), count: $0 * 100)
        )
    }

    @Test func `what is taken over comes back, and cut or longer is refused`() throws {
        let bytes = ArchiveItem.encoded(items)
        #expect(try ArchiveItem.decoded(bytes, path: "x") == items)
        #expect(try ArchiveItem.decoded([], path: "x").isEmpty)
        let ends = Set((0...5).map { ArchiveItem.encoded(items.prefix($0)).count })
        for count in bytes.indices {
            let cut = try? ArchiveItem.decoded(Array(bytes[..<count]), path: "x")
            #expect((cut != nil) == ends.contains(count), "cut at \(count)")
        }
        #expect(throws: ArchiveError(.item, "x")) {
            try ArchiveItem.decoded(bytes + [0xff], path: "x")
        }
        // A length that is not there takes no memory.
        let claimed = [0x5b] + [UInt8](repeating: 0x7f, count: 8)
        let head = [0xa4, 0, 0, 1, 0x50] + Self.hash[..<16] + [2, 0, 3]
        #expect(throws: ArchiveError(.item, "x")) {
            try ArchiveItem.decoded(head + claimed, path: "x")
        }
        let long = ArchiveItem(
            at: Timestamp(milliseconds: 0),
            place: .zero,
            number: 0,
            body: [UInt8](repeating: 0, count: ArchiveItem.bodyBytesMax + 1)
        )
        #expect(throws: ArchiveError(.item, "x")) {
            try ArchiveItem.decoded(ArchiveItem.encoded([long]), path: "x")
        }
    }

    @Test func `any changed byte is read or refused, and nothing else happens`() {
        let bytes = ArchiveItem.encoded(items)
        for place in bytes.indices {
            for change in [0x00, 0x01, 0x80, 0xff] as [UInt8] {
                var other = bytes
                other[place] ^= change
                do throws(ArchiveError) {
                    let read = try ArchiveItem.decoded(other, path: "x")
                    #expect(read.count <= bytes.count)
                } catch { #expect(error.code == .item) }
            }
        }
    }
}
