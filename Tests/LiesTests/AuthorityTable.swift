// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingWire

/// What is asked of a room.
enum Deed: Int, CaseIterable {
    case admit, excludeOther, excludeSelf, propose, accept, attendSelf, attendOther
    case start, pause, resume, extend, skip, end, acceptRestore
    case grant
    case back, stop, ready, giveFloor, handOver, setRota, schedule, come
    case openPrompt, closePrompt, mute, shut, move, askVisit, allowVisit, endVisit
    case proposeDeviation, agreeDeviation, endDeviation
    case callRelationship, sayFarewell
    case callFacilitator
}

/// What is asked of the directory.
enum DirectoryDeed: Int, CaseIterable {
    case addPeople, removePerson, makeAdministrator, endAdministrator, addRoom, closeRoom, rename
    case propose, withdrawOther, accept, invite, renewInvite, revokeInvite
    case listOthersDevices, revokeOthersDevice, announceOthersKey, inviteDevice
    case setPolicy, openProgramme, contribute
    case addFormat, removeFormat
}

/// Who may do what and when, and what everybody else is told: written by hand from the method and
/// the protocol's text, apart from the rules that decide it.
enum AuthorityTable {
    /// The signs in the rows below.
    static func code(_ sign: Character) -> RefusalCode? {
        switch sign {
        case "?": .notFound
        case "L": .left
        case "k": RefusalCode(.notAKeeper)
        case "c": RefusalCode(.notInCharge)
        case "n": RefusalCode(.noSession)
        case "r": RefusalCode(.sessionRunning)
        case "p": RefusalCode(.alreadyPaused)
        case "u": RefusalCode(.notPaused)
        case "x": RefusalCode(.roomClosed)
        case "s": .badSignature
        case "h": RefusalCode(.historyNotAgreed)
        case "f": RefusalCode(.facilitatorOnly)
        case "w": RefusalCode(.noRoleNow)
        case "a": RefusalCode(.notAPeer)
        case "b": RefusalCode(.outOfBounds)
        case "m": RefusalCode(.meetingUnknown)
        case "e": RefusalCode(.tooFewToHide)
        case "i": RefusalCode(.notInScope)
        case "d": RefusalCode(.podUnfit)
        case "A": RefusalCode(rawValue: DirectoryRejection.notAnAdministrator.rawValue)
        case "v": RefusalCode(.deviationUnfit)
        case "z": RefusalCode(.deviationUnknown)
        case "y": RefusalCode(.relationshipYoung)
        case "q": RefusalCode(.peersChoose)
        case "g": RefusalCode(.nobodyToCall)
        case "l": RefusalCode(rawValue: DirectoryRejection.lastAdministrator.rawValue)
        case "o": RefusalCode(rawValue: DirectoryRejection.noProgramme.rawValue)
        default: nil
        }
    }

    /// One sign for each ``Deed``, in their order: `+` is done, `-` is answered with nothing.
    static func row(_ who: Standing, _ when: Moment, isModerated: Bool) -> String {
        first(who, when, isModerated) + later(who, when, isModerated)
            + agreeing(who, when, isModerated) + parting(who, when, isModerated)
            + calling(who, when, isModerated)
    }

    private static func first(_ who: Standing, _ when: Moment, _ isModerated: Bool) -> String {
        switch (who, when) {
        case (.nobody, _): return "---------------"
        case (.inCharge, .founding): return "+??????????????"
        case (.peer, .founding): return isModerated ? "???????????????" : "+??????????????"
        case (.stranger, _), (.administrator, _), (_, .founding): return "???????????????"
        case (.formerPeer, _), (.formerFacilitator, _): return "LLLLLLLLLLLLLLL"
        case (_, .closed): return "xxxxxxxxxxxxxxx"
        //                                                   admit others self,
        //                                                   agreement: propose accept,
        //                                                   presence: self other,
        //                                                   start pause resume extend skip end,
        //                                                   accept a restore, give older lines
        case (.peer, .idle): return isModerated ? "kk+k++ccnnnnnkh" : "++++++++nnnnn+h"
        case (.peer, _): return isModerated ? "kk+k++ccccccckh" : "++++++crccccc+h"
        case (.inCharge, .idle): return "++++++++nnnnn+h"
        case (.inCharge, .interrupted): return "+++++++rp+++++h"
        case (.inCharge, _): return "+++++++r+u++++h"
        }
    }

    /// The deeds of the floor, of keeping time, of dates, of questions and of facilitators.
    private static func later(_ who: Standing, _ when: Moment, _ isModerated: Bool) -> String {
        switch (who, when) {
        case (.nobody, _): return "----------------"
        case (.stranger, _), (.administrator, _), (_, .founding): return "????????????????"
        case (.formerPeer, _), (.formerFacilitator, _): return "LLLLLLLLLLLLLLLL"
        case (_, .closed): return "xxxxxxxxxxxxxxxx"
        //                                                   back stop ready, give the floor,
        //                                                   keeping time: hand over, order,
        //                                                   dates: set, come,
        //                                                   a question: ask close,
        //                                                   mute shut move,
        //                                                   a visit: ask allow end
        case (.peer, .idle): return isModerated ? "nnnnc+cmeinfnndn" : "nnnnn++meinfnndn"
        case (.inCharge, .idle): return isModerated ? "nnnn+++mein+nndn" : "nnnnn++meinfnndn"
        // Who keeps the time goes back within a stretch; a facilitator has no role to be ready in.
        case (.inCharge, _):
            let back = when == .feedback ? "+" : "b"
            if isModerated { return back + "ww++++mei++ddd" + end(when) }
            let stop = when == .interrupted ? "p" : "+"
            return back + stop + "+f+++meiffffd" + end(when)
        case (.peer, _):
            let stop = when == .interrupted ? "p" : "+"
            return "c" + stop + "+fc+" + (isModerated ? "c" : "+") + "meiffffd" + end(when)
        }
    }

    /// Ending a visit: nothing where no turn is open, refused where there is none to end.
    private static func end(_ when: Moment) -> String {
        when == .opening || when == .closing ? "+" : "w"
    }

    /// Two peers agree on unequal time: proposed with whom the stage asks about, agreed and ended
    /// where nothing is proposed.
    private static func agreeing(_ who: Standing, _ when: Moment, _ isModerated: Bool) -> String {
        switch (who, when) {
        case (.nobody, _): "---"
        case (.stranger, _), (.administrator, _), (_, .founding): "???"
        case (.formerPeer, _), (.formerFacilitator, _): "LLL"
        case (_, .closed): "xxx"
        case (.inCharge, _): isModerated ? "vzz" : "+zz"
        // Two peers, whoever facilitates.
        case (.peer, _): "+zz"
        }
    }

    /// The peers close their relationship, of which they have held no session; a facilitator says
    /// that the next one is the last.
    private static func parting(_ who: Standing, _ when: Moment, _ isModerated: Bool) -> String {
        switch (who, when) {
        case (.nobody, _): "--"
        case (.stranger, _), (.administrator, _), (_, .founding): "??"
        case (.formerPeer, _), (.formerFacilitator, _): "LL"
        case (_, .closed): "xx"
        case (.inCharge, _) where isModerated: "q+"
        case (.inCharge, .idle), (.peer, .idle): "yf"
        case (.inCharge, _), (.peer, _): "rf"
        }
    }

    /// Who has a role in the turn that is open calls the facilitator to it, where there is one.
    private static func calling(_ who: Standing, _ when: Moment, _ isModerated: Bool) -> String {
        switch (who, when) {
        case (.nobody, _): "-"
        case (.stranger, _), (.administrator, _), (_, .founding): "?"
        case (.formerPeer, _), (.formerFacilitator, _): "L"
        case (_, .closed): "x"
        case (_, .idle): "n"
        case (_, .opening), (_, .closing): "w"
        case (.inCharge, _) where isModerated: "w"
        case (_, _): isModerated ? "+" : "g"
        }
    }

    /// One sign for each ``DirectoryDeed``, in their order, in a room that is idle.
    static func row(_ who: Standing, isModerated: Bool) -> String {
        switch who {
        case .nobody: "----------------------"
        case .administrator: "+++l+++++?+++s+s+++o+?"
        case .inCharge: "AAAAAAA+A+???s?s+AAoAA"
        case .peer: isModerated ? "AAAAAAA??+???s?s+AAoAA" : "AAAAAAA+A+???s?s+AAoAA"
        case .stranger, .formerPeer, .formerFacilitator: "AAAAAAA??????s?s+AAoAA"
        }
    }
}
