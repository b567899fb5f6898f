// SPDX-License-Identifier: Apache-2.0

/// Taking setbacks as something to learn from.
enum MindsetGuide {
    static let text = """
        Growth mindset

        Some hold that one can do a thing or cannot. Others, that one gets better at
        it by doing, erring and being helped. Nobody is only the one or the other: it
        changes with the topic and with the day. Yours shows in what you do after
        something went wrong.

        Listen for
          "I am no good at that."            about the person, for ever
          "It has not worked yet, twice."    about the matter, until now
        Do not correct it. Say it back, and ask for the exception: when did it go a
        little better, and what did you do then?

        Ask
          What did you try, and what did you learn from it?
          What would you do differently at the next attempt, and what again?
          What is hard about it, exactly? Which part could be practised?
          Who can do it, and how did they learn?
          What is the smallest version in which it may go wrong?

        Say
          what was done, rather than what somebody is: "you asked her before you
          decided, and she stayed" carries further than "you are a natural".
          Effort alone is no comfort when it led nowhere: speak about the way, and
          about looking for another one.

        Promises
          Kept, partly kept, missed, agreed anew: each tells something. A missed one
          is asked about in the same voice as a kept one: what got in the way, what do
          you know now, what is the promise today? Blame makes the next one smaller.

        For the coach, too
          You will talk too much, advise too early, miss what mattered. Choose one
          thing for the next turn, tell your observer, and let them mark it (+a, +s).
        """
}
