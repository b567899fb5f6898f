// SPDX-License-Identifier: Apache-2.0

/// What listening is in coaching.
enum ListeningGuide {
    static let text = """
        Listening

        Whoever is heard thinks on. In a turn that is most of what a coach does: the
        client does the work, and you keep the room for it.

        Three places your attention can be
          with yourself   what you would do, what to ask next, how you are doing
          with the other  their words, what they leave out, how they say it
          with both       what changes between you, what is in the air just now
        Nobody stays with the other for half an hour. Notice that you went to
        yourself, and come back. That is the whole exercise.

        Saying back
          Say in a few words what you heard, and stop. "You want to be asked before."
          Not all of it: the part that has weight. Not as a question: let your voice
          go down, or end with a full stop. They will put it right, and that is good:
          now both of you know it better. Typed, it is /reflect.
          Simple: their words. Deeper: what may stand behind them, "and it hurts that
          nobody noticed". Deeper is a guess; say it lightly.

        Silence
          After a question count slowly to seven. Most of what matters comes after
          the first answer. In typed talk silence is a line that you do not send.

        What listening is not
          waiting for your turn; collecting facts for your advice; "I know that from
          my own team"; agreeing; finding a silver lining; the next question.

        To look at afterwards
          peercoach coaching shows your share of the words, what you said back, and
          your longest stretch, or what an observer marked. A number is no verdict:
          look for the moment behind it, and at what came next.
        """
}
