// SPDX-License-Identifier: Apache-2.0

/// Questions in coaching.
enum QuestioningGuide {
    static let text = """
        Questioning

        A good question is for the one who answers. If you need the answer to know
        what to recommend, it is for you.

        What helps
          short        one question, then wait. Of two the easier one is answered
          open         what, how, who, when else. They leave the direction to them
          their word   take the one that had weight: "guilty - towards whom?"
          forward      "what instead?", "how would you notice?"
          small        "what is one thing?" rather than "what is the solution?"

        What gets in the way
          advice with a question mark   "have you tried ...?", "why don't you ...?"
          two doors                     "do you want A or B?": it is mostly C
          why                           it sounds like a reproach; "what made you
                                        ...?" does not
          curiosity                     details that only you need
          the chain                     question after question, nothing said back

        A way through a talk
          begin      what would you like to have at the end of this?
          situation  what happens, who is there, what have you tried?
          problem    what about it is difficult, and which part is yours?
          look anew  who sees it differently? what would you say to a friend?
          solution   what else? what is the smallest step that changes something?
          end        what will you do, by when, and who may ask how it went?
        It is no form to fill in. Go where the energy is, and leave out the rest.

        Stuck?
          Say so: "I do not know what to ask now. What would be a good question?" In
          the room /q offers some, /q perspective those for another view; peercoach
          questions lists them. Take none as it stands: use their words.
        """
}
