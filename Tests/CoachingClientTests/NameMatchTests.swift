// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import Testing

struct NameMatchTests {
    private let names = ["Lena Marsh", "Lennart Berg", "Tom", "Tommy Lee", "Anna-Maria Ost"]

    private func find(_ typed: String) throws(ClientError) -> String {
        try NameMatch.find(typed, among: names) { $0 }
    }

    @Test(arguments: [
        ("lena", "Lena Marsh"), ("MARSH", "Lena Marsh"), ("tom", "Tom"),
        ("tomm", "Tommy Lee"), ("maria", "Anna-Maria Ost"), ("lena m", "Lena Marsh"),
    ])
    func `a name or the beginning of a word in it is enough`(
        _ typed: String,
        _ found: String
    )
        throws
    {
        #expect(try find(typed) == found)
    }

    @Test func `what fits several is asked back with their names`() throws {
        let error = try #require(throws: ClientError.self) { try find("len") }
        #expect(error.code == .ambiguousName)
        #expect(error.candidates == ["Lena Marsh", "Lennart Berg"])
        #expect(error.sentence == "len could be Lena Marsh or Lennart Berg.")
    }

    @Test(arguments: ["", "x", "ena"])
    func `what fits nothing is said`(_ typed: String) throws {
        let error = try #require(throws: ClientError.self) { try find(typed) }
        #expect(error.code == .noSuchName)
    }
}

struct BackoffTests {
    @Test func `waits grow from half a second to half a minute and are never all drawn`() {
        var least = Backoff()
        var most = Backoff()
        var steps: [Duration] = []
        for _ in 0..<9 {
            let low = least.next(random: 0)
            let high = most.next(random: 0)
            #expect(low == high)
            steps.append(low * 2)
        }
        #expect(steps.first == .milliseconds(500))
        #expect(steps.last == .seconds(30))
        #expect(zip(steps, steps.dropFirst()).allSatisfy { $0 <= $1 })
        most.reset()
        #expect(most.next(random: 250) == .milliseconds(500))
    }
}
