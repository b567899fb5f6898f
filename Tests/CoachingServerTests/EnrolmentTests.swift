// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingServer
import CoachingStore
import CoachingTestKit
import CoachingWire
import Testing

struct EnrolmentTests {
    private func stranger(_ programme: Programme, _ number: Int) throws -> TestClient {
        let client = TestClient(programme.world, programme.people[number])
        try client.open(certified: false)
        return client
    }

    private func code(_ reply: EnrolmentReply?) -> RefusalCode? {
        if case .refused(let code, _)? = reply { code } else { nil }
    }

    @Test func `who has an invite sees who invites them to what`() throws {
        let programme = try Programme.invited(1)
        try programme.propose(1)
        let client = try stranger(programme, 1)
        let auth = Programme.invite(for: client.person).auth
        guard case .invitation(let invitation)? = try client.enrol(.look(auth: auth)) else {
            throw NoReply()
        }
        #expect(invitation.name == client.person.name)
        #expect(invitation.inviter == programme.people[0].name)
        #expect(invitation.rooms == ["alpha"])
    }

    @Test func `a person enrols, and the same again gives the same certificate`() throws {
        let programme = try Programme.invited(1)
        let form = Programme.form(programme.people[1])
        let client = try stranger(programme, 1)
        guard case .enrolled(let receipt)? = try client.enrol(.person(form)) else {
            throw NoReply()
        }
        #expect(receipt.person == client.person.id)
        #expect(receipt.active)
        #expect(client.link?.isAuthenticated == true)
        let before = programme.world.journal.count
        let again = try stranger(programme, 1)
        #expect(try again.enrol(.person(form)) == .enrolled(receipt))
        #expect(programme.world.journal.count == before)
        try programme.world.restart()
        let later = try stranger(programme, 1)
        #expect(try later.enrol(.person(form)) == .enrolled(receipt))
    }

    @Test func `a certificate is handed out only when it is durable, also the second time`() throws
    {
        let programme = try Programme.invited(1)
        let world = programme.world
        world.commitsAtOnce = false
        let form = Programme.form(programme.people[1])
        let (one, two) = (try stranger(programme, 1), try stranger(programme, 1))
        #expect(try one.enrol(.person(form)) == nil)
        #expect(try two.enrol(.person(form)) == nil)
        world.commitNext(failing: .unavailable(.diskFull))
        try one.read()
        #expect(code(one.enrolment.last) == .tryLater)
        world.commitNext()
        try two.read()
        guard case .enrolled? = two.enrolment.last else { throw NoReply() }
    }

    @Test func `unknown, used, expired and declined are refused with the same bytes`() throws {
        let programme = try Programme.invited(4)
        try programme.enrol(1)
        try programme.clients[1].open(certified: false)
        let declining = try stranger(programme, 3)
        let declined = Programme.invite(for: programme.people[3]).auth
        #expect(try declining.enrol(.decline(auth: declined)) == .declined)
        try programme.expect(.revokeInvite(Programme.invite(for: programme.people[4]).authHash))
        func frames(_ request: EnrolmentRequest) throws -> [[UInt8]] {
            let link = programme.world.connect(certified: nil)
            _ = link.takeFrames()
            programme.world.receive(try ClientMessage.enrolment(request).frame(), on: link)
            return link.takeFrames()
        }
        // Another device with a used invite; and one that nobody made.
        var used = Programme.form(programme.people[1])
        used.request = [0x30, 99]
        var unknown = Programme.form(programme.people[2])
        unknown.auth = Bytes32(1, 2, 3, 4)
        let refusal = try frames(.person(unknown))
        #expect(refusal.count == 1)
        #expect(try frames(.person(used)) == refusal)
        #expect(try frames(.person(Programme.form(programme.people[3]))) == refusal)
        #expect(try frames(.person(Programme.form(programme.people[4]))) == refusal)
        for auth in [unknown.auth, used.auth, declined] {
            #expect(try frames(.look(auth: auth)) == refusal)
            #expect(try frames(.decline(auth: auth)) == refusal)
        }
        programme.world.pass(milliseconds: 3 * 86_400_000)
        #expect(try frames(.person(Programme.form(programme.people[2]))) == refusal)
        #expect(try frames(.look(auth: Programme.form(programme.people[2]).auth)) == refusal)
    }

    @Test func `of many who come with one invite at once one wins`() throws {
        let programme = try Programme.invited(1)
        let world = programme.world
        let all = try Cast.people()
        var links: [Link] = []
        for number in 1...9 {
            let link = world.connect(certified: nil)
            _ = link.takeFrames()
            var form = Programme.form(all[number])
            form.auth = Programme.invite(for: all[1]).auth
            world.feed(try ClientMessage.enrolment(.person(form)).frame(), on: link)
            links.append(link)
        }
        world.step(.turnEnded)
        var enrolled = 0
        for link in links {
            for case .enrolment(let reply) in try link.takeMessages() {
                if case .enrolled = reply {
                    enrolled += 1
                } else {
                    #expect(code(reply) == .notFound)
                }
            }
        }
        #expect(enrolled == 1)
    }

    @Test func `a form that does not hold together is refused`() throws {
        let programme = try Programme.invited(1)
        let person = programme.people[1]
        let other = programme.people[0]
        let changes: [(inout PersonForm) -> Void] = [
            { $0.deviceList.signature[0] ^= 1 },
            { $0.deviceList = other.firstList.signed },
            { $0.encryptionKey = other.devices[0].announcement },
            { $0.encryptionKey = person.devices[1].announcement },
            { $0.request = [0x31] },
        ]
        for change in changes {
            var form = Programme.form(person)
            change(&form)
            let client = try stranger(programme, 1)
            #expect(code(try client.enrol(.person(form))) == .badRequest)
        }
    }

    @Test func `a connection has four tries`() throws {
        let programme = try Programme.invited(1)
        let client = try stranger(programme, 1)
        for _ in 0..<4 { #expect(code(try client.enrol(.look(auth: .zero))) == .notFound) }
        #expect(try client.enrol(.look(auth: .zero)) == nil)
        #expect(client.goodbye == .tooFast)
    }

    @Test func `a refusal that rests on what is not durable waits for it`() throws {
        let programme = try Programme.invited(1)
        let world = programme.world
        world.commitsAtOnce = false
        let admin = programme.administrator
        let name = NewParticipant(
            participant: ParticipantID(Bytes16(high: 1, low: 1)),
            name: "Somebody"
        )
        let same = NewParticipant(
            participant: ParticipantID(Bytes16(high: 1, low: 2)),
            name: "Somebody"
        )
        let link = try #require(admin.link)
        for (id, new) in [(UInt64(100), name), (101, same)] {
            let request = Request.directory(.addPeople([new]))
            world.feed(try ClientMessage.request(id: id, request).frame(), on: link)
        }
        admin.nextRequest = 102
        world.step(.turnEnded)
        #expect(try admin.reply(101) == nil)
        world.commitNext(failing: .unavailable(.diskFull))
        #expect(try admin.reply(100)?.refusal == .tryLater)
        #expect(try admin.reply(101)?.refusal == .tryLater)
    }
}
