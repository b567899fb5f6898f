// SPDX-License-Identifier: Apache-2.0

/// The agreement with which a room begins, to be read aloud together; the group changes it as it
/// likes.
///
/// - Source: CAPABILITIES.md, section D: medium, rhythm, expectations, success, collected data,
///   limits of confidentiality, recording.
enum FirstAgreement {
    static let text = """
        We meet once a month, each time by typing or on a call, as we say before it starts.
        Whoever cannot come says so before.
        What is said in a turn stays with the people of that turn.
        What is said to the whole room stays in the room, unless who said it agrees.
        That ends where somebody is in danger, or the law asks; then we say so to who it is about.
        Everybody is coached for the same time, and everybody coaches.
        Coaches ask, listen and say back; they give advice only where the phase is for it.
        Nobody has to say anything; anybody can stop, and needs no reason.
        Nobody records or transcribes, also not on a call.
        An observer writes down what was seen and heard, as agreed before, and gives it to who coached.
        What we promise each other we look at again the next time.
        It went well where each, in their own words, came nearer to what they wanted; we ask each
        other after two sessions, and then renew this, change it or close it.
        """
}
