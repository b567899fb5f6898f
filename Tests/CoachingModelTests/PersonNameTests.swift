// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import CoachingModel

@Suite("Names") struct PersonNameTests {
    @Test(arguments: [
        "Lena", "Jürgen Groß", "Anne-Marie O'Neill", "山田 太郎", "Наталья", "José", "x", "Dr. Åsa",
    ])
    func `a name that people have is accepted`(name: String) {
        #expect(PersonName.mistake(name) == nil)
    }

    @Test func `a name has something in it and at most 64 bytes`() {
        #expect(PersonName.mistake("") == .empty)
        #expect(PersonName.mistake(String(repeating: "a", count: 64)) == nil)
        #expect(
            PersonName.mistake(String(repeating: "a", count: 65))
                == .tooLong(bytes: 65, bytesMax: 64)
        )
        #expect(
            PersonName.mistake(String(repeating: "ü", count: 33))
                == .tooLong(bytes: 66, bytesMax: 64)
        )
    }

    @Test(arguments: [" Lena", "Lena ", "Lena  M", " ", "  "])
    func `a space stands only between two words`(name: String) {
        #expect(PersonName.mistake(name) == .spaceMisplaced)
    }

    @Test(
        arguments: [
            0x00, 0x07, 0x09, 0x0A, 0x0D, 0x1B, 0x7F, 0x85, 0x9B, 0xA0, 0xAD, 0x034F, 0x061C,
            0x115F,
            0x180E, 0x2000, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202E,
            0x2060, 0x2066, 0x2069, 0x2800, 0x3000, 0x3164, 0xE000, 0xFE0F, 0xFEFF, 0xFFA0, 0xFFF9,
            0xFFFF, 0xE0001, 0xE0041, 0xE0100, 0x10_FFFF,
        ] as [UInt32]
    )
    func `what cannot be seen is refused wherever it stands`(code: UInt32) throws {
        let scalar = try #require(Unicode.Scalar(code))
        for name in ["\(scalar)ab", "a\(scalar)b", "ab\(scalar)"] {
            #expect(PersonName.mistake(name) == .invisible(scalar: code))
            #expect(RoomName.mistake(name) == .invisible(scalar: code))
        }
    }

    @Test func `a name does not begin with a mark that joins what is before it`() {
        #expect(PersonName.mistake("\u{0301}a") == .beginning)
        #expect(PersonName.mistake("a\u{0301}") == nil)
    }

    @Test func `names are the same whatever the letter case and the way accents are written`() {
        #expect(PersonName.key("LENA") == PersonName.key("lena"))
        #expect(PersonName.key("Groß") == PersonName.key("GROSS"))
        #expect(PersonName.key("Jose\u{301}") == PersonName.key("jos\u{E9}"))
        #expect(PersonName.key("Σίσυφος") == PersonName.key("ΣΊΣΥΦΟΣ"))
        #expect(PersonName.key("Lena") != PersonName.key("Lea"))
    }

    @Test func `a room's name begins with a letter or digit and has at most 40 bytes`() {
        for name in ["north", "3rd floor", "Élan", "東"] { #expect(RoomName.mistake(name) == nil) }
        for name in ["-north", "--help", "/etc", ".hidden", "*", "\u{0301}a"] {
            #expect(RoomName.mistake(name) == .beginning)
        }
        #expect(
            RoomName.mistake(String(repeating: "a", count: 41))
                == .tooLong(bytes: 41, bytesMax: 40)
        )
    }

    @Test func `a mail address has two sides and nothing that a mail's head would misread`() {
        #expect(MailAddress.mistake("lena@acme.example") == nil)
        for address in ["lena", "@acme", "lena@", "a@b@c", "a b@c", "a@b,c@d", "<a@b>", "\"a\"@b"] {
            #expect(MailAddress.mistake(address) == .notAnAddress)
        }
        #expect(MailAddress.mistake("a@b\r\nBcc: c@d") == .invisible(scalar: 13))
    }
}
