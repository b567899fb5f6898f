// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingWire

/// What is asked of a room.
enum Deed: Int, CaseIterable {
    case admit, excludeOther, excludeSelf, propose, accept, attendSelf, attendOther
    case start, pause, resume, extend, skip, end, acceptRestore
    case grant
}

/// What is asked of the directory.
enum DirectoryDeed: Int, CaseIterable {
    case addPeople, removePerson, makeAdministrator, endAdministrator, addRoom, closeRoom, rename
    case propose, withdrawOther, accept, invite, renewInvite, revokeInvite
    case listOthersDevices, revokeOthersDevice, announceOthersKey, inviteDevice
    case setPolicy, openProgramme, contribute
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
        case "A": RefusalCode(rawValue: DirectoryRejection.notAnAdministrator.rawValue)
        case "l": RefusalCode(rawValue: DirectoryRejection.lastAdministrator.rawValue)
        case "o": RefusalCode(rawValue: DirectoryRejection.noProgramme.rawValue)
        default: nil
        }
    }

    /// One sign for each ``Deed``, in their order: `+` is done, `-` is answered with nothing.
    static func row(_ who: Standing, _ when: Moment, isModerated: Bool) -> String {
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

    /// One sign for each ``DirectoryDeed``, in their order, in a room that is idle.
    static func row(_ who: Standing, isModerated: Bool) -> String {
        switch who {
        case .nobody: "--------------------"
        case .administrator: "+++l+++++?+++s+s+++o"
        case .inCharge: "AAAAAAA+A+???s?s+AAo"
        case .peer: isModerated ? "AAAAAAA??+???s?s+AAo" : "AAAAAAA+A+???s?s+AAo"
        case .stranger, .formerPeer, .formerFacilitator: "AAAAAAA??????s?s+AAo"
        }
    }
}
