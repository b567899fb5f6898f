// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import peercoach

struct PeopleFileTests {
    private func mistakes(_ text: String) -> [String] {
        do throws(PeopleFile.Mistakes) {
            _ = try PeopleFile.read(text)
            return []
        } catch {
            return error.sentences
        }
    }

    @Test func `columns come in any order, others are passed over`() throws {
        let people = try PeopleFile.read(
            "Department,id,NAME,E-Mail\nLogistics,7,Lena Hofmann,lena@acme.example\n,8,Tom,\n"
        )
        #expect(people.map(\.name) == ["Lena Hofmann", "Tom"])
        #expect(people.map(\.department) == ["Logistics", nil])
        #expect(people.map(\.address) == ["lena@acme.example", nil])
        #expect(people.map(\.line) == [2, 3])
    }

    @Test(arguments: [
        "\u{FEFF}name,email\r\nLena,lena@acme.example\r\n",
        "name;email\nLena;lena@acme.example",
        "name\temail\nLena\tlena@acme.example\n",
        "\"name\",\"email\"\n\"Lena\" , \"lena@acme.example\"\n\n",
    ])
    func `marks, line ends, separators and quotes of common programs are read`(
        _ text: String
    ) throws {
        let people = try PeopleFile.read(text)
        #expect(people.map(\.name) == ["Lena"])
        #expect(people.map(\.address) == ["lena@acme.example"])
    }

    @Test func `a quoted field holds separators, doubled quotes and counts its lines`() throws {
        let people = try PeopleFile.read(
            "name,department\nLena,\"Sales, \"\"north\"\"\"\nTom,Finance\n"
        )
        #expect(people.map(\.department) == ["Sales, \"north\"", "Finance"])
        let found = mistakes("name,department\nLena,\"Sales\nnorth\"\nTom,Finance,x\n")
        #expect(found.count == 2)
        #expect(found.first?.hasPrefix("Line 2: the department holds") == true)
        #expect(found.last?.hasPrefix("Line 4: 3 fields") == true)
    }

    @Test(arguments: [
        ("", "The file is empty."),
        ("name\n", "names nobody"),
        ("email\nlena@acme.example\n", "Line 1: the first line names the columns"),
        ("name,name\na,b\n", "Line 1: the column 'name' is there twice"),
        ("name,email\nLena\n", "Line 2: 1 field, the first line has 2"),
        ("name,email\n,lena@acme.example\n", "Line 2: the name is missing"),
        ("name,email\nLena,lena\n", "Line 2: the address is no mail address"),
        ("name\nLena\u{1B}[2J\n", "Line 2: the name holds a character that cannot be seen"),
        ("name\nLena\nTom\nlena\n", "Line 4: lena is on line 2 already"),
        ("name\nLe\"na\n", "Line 2: a quotation mark inside"),
        ("name\nTom\n\"Lena\n", "Line 3: a quotation mark that is never closed"),
        ("name\n\"Lena\"x\n", "Line 2: something after a closing quotation mark"),
    ])
    func `a mistake is named with its line`(_ text: String, _ sentence: String) {
        let found = mistakes(text)
        #expect(found.count == 1)
        #expect(found.first?.contains(sentence) == true, "\(found)")
    }

    @Test func `every mistake is listed, up to a bound, and nobody comes of the file`() {
        let text = "name,email\n" + String(repeating: "x,\n,\nTom,t\n", count: 20)
        #expect(mistakes(text).count == PeopleFile.mistakesMax)
    }

    @Test func `more people than one request takes are refused`() {
        let names = (0...PeopleFile.peopleMax).map { "Person \($0)" }.joined(separator: "\n")
        #expect(
            mistakes("name\n" + names) == [
                "The file has more than 500 people: make several files."
            ]
        )
        #expect(mistakes("name\n" + String(repeating: "x\n", count: 5_000)).count == 1)
    }
}
