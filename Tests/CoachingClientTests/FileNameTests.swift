// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import Testing

/// Names of files are data, whatever stands in them.
struct FileNameTests {
    @Test(arguments: [
        ("brief.pdf", "brief.pdf"), ("Größe 3.txt", "Größe 3.txt"), ("日本.md", "日本.md"),
        ("/etc/passwd", "passwd"), ("../../.ssh/authorized_keys", "authorized_keys"),
        ("..\\..\\x.exe", "x.exe"), ("a/", "a"), ("/", "file"), ("", "file"), ("..", "file"),
        (".", "file"), (".bashrc", "bashrc"), ("...hidden", "hidden"), ("-rf", "rf"),
        ("  a b  ", "a b"), ("a.", "a"), ("a\0b", "ab"), ("a\nb\r\u{1b}[2Jc", "ab[2Jc"),
        ("invoice\u{202e}fdp.exe", "invoicefdp.exe"), ("a\u{200b}\u{feff}b", "ab"),
        ("a\u{85}\u{2028}b", "ab"), ("\u{e000}x", "x"), (" . . a", "a"), ("-.-a", "a"),
    ])
    func `a name is stored plainly`(_ name: String, _ stored: String) {
        #expect(FileName.safe(name) == stored)
    }

    @Test func `a long name is cut in front of its ending`() {
        let long = FileName.safe(String(repeating: "ä", count: 300) + ".pdf")
        #expect(long.utf8.count <= FileName.bytesMax)
        #expect(long.hasSuffix("ä.pdf"))
        #expect(FileName.safe(String(repeating: "b", count: 900)).utf8.count == 200)
    }

    @Test func `no name leads out of a folder, whatever it is made of`() {
        var generator = SeededGenerator(seed: 7)
        let parts = [
            "..", "/", "\\", ".", " ", "\0", "\n", "\u{202e}", "a", "é", "\u{301}", "-", "~",
            "\u{7f}",
        ]
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...12, using: &generator)
            let name = (0..<count).map { _ in parts.randomElement(using: &generator) ?? "" }
                .joined()
            let safe = FileName.safe(name)
            let isPlain = safe.unicodeScalars.allSatisfy {
                $0 != "/" && $0 != "\\" && $0.value >= 0x20 && $0.value != 0x7F
            }
            #expect(isPlain && !safe.isEmpty && !safe.hasPrefix("."), "\(name.debugDescription)")
            #expect(FileName.safe(safe) == safe, "\(name.debugDescription)")
        }
    }
}
