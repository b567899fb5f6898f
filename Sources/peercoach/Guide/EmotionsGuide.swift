// SPDX-License-Identifier: Apache-2.0

/// What is felt in a talk.
enum EmotionsGuide {
    static let text = """
        Emotional awareness

        Feelings come to every talk about work, named or not. They say what matters to
        somebody. You need not solve them, and you must not dig for them.

        Noticing, in the other
          Words with weight, "always", "never", a joke too many; faster, slower,
          quiet; a line that is only "well". Notice what changes.
          You can offer it: "it got quieter just now", "that sounds as if it stung".
          Offer, and let go: they know whether it is so. "Are you angry?" wants a
          yes; "what is it that touches you there?" leaves it to them.

        Noticing, in yourself
          Impatience, wanting to rescue, boredom, being hurt: first it is yours.
          Breathe out, feel the chair, come back. If it stays, it may say something
          about the matter: "I notice that I want to hurry. Does that fit anything?"

        More exact words
          Between good and bad there are many: tense, disappointed, left alone,
          ashamed, relieved, proud, torn, weary, hopeful. The fitting one often makes
          it lighter. Behind a feeling there is mostly something that is needed:
          clarity, respect, rest, to be asked, to belong.

        When it is a lot
          Stay. Go slower. "We have time." Ask what would do them good now: go on,
          pause, stop. /stop halts the clock for all, and nobody is asked why.
          A colleague is no therapist. If somebody cannot sleep for weeks, sees no way
          out, or speaks of harming themselves or of being harmed, say that you take
          it seriously and that this needs other help; find out together who, today.
          In danger call the emergency number.

        For yourself
          A word before and after a session is enough: from tired to awake, from tense
          to calm, where am I? Over weeks it tells more than any single day.
        """
}
