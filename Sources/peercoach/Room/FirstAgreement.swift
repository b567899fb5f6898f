// SPDX-License-Identifier: Apache-2.0

/// The agreement with which a room begins; the group changes it as it likes.
enum FirstAgreement {
    static let text = """
        What is said in a turn stays with the people of that turn.
        What is said to the whole room stays in the room, unless who said it agrees.
        Everybody is coached for the same time, and everybody coaches.
        Coaches ask, listen and say back; they give advice only where the phase is for it.
        Nobody has to say anything; anybody can stop, and needs no reason.
        Nobody records or transcribes, also not on a call.
        What we promise each other we look at again the next time.
        Whoever cannot come says so before.
        """
}
