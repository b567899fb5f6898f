// SPDX-License-Identifier: Apache-2.0

/// What one can do when trust was broken.
enum BreachGuide {
    static let text = """
        When trust was broken

        Something that was said in confidence went further, or somebody was harmed by
        what was done with it. You decide who shall know; nobody is told by itself.

        To raise it
          in the room    /breach NAMES: what happened     names with commas between
                         /breach facilitator: …           or /breach room: …
          outside        peercoach breach --to NAME "what happened"
        You see who will read it and are asked before it goes. Each person gets it
        alone, as a line between the two of you. It works in every phase, whoever has
        the floor. That it is about a breach stands inside the sealed line: neither
        the server nor anybody else can tell it from another line. In /room everyone
        reads it. peercoach withdraw takes it back; who has read it has read it.

        Write what you saw or heard, what it did to you, and what you need now. Leave
        out what was said in confidence: it need not go further a second time.

        If somebody raised one with you
          Take time. Thank them. Ask what they need before you explain anything.
          Do not tell others whom they did not pick.

        What a group can do
          talk           /to NAME, or together: say first who shall be there
          halt           /pause, where you keep the clock; nobody needs a reason
          look           /members: who is in, who let them in, since when
          end a place    /remove NAME, by who lets people in; that person reads
                         nothing from then on, and keeps what they have read
          leave          peercoach leave; erase first what you want gone:
                         peercoach erase
          agree anew     peercoach agreement propose FILE; shorter times for what
                         was said: peercoach agreement keep

        What cannot be undone: what somebody remembers, copied or told. Lines are
        signed, so a reader can show others that you wrote one.
        """
}
