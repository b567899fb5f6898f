// SPDX-License-Identifier: Apache-2.0

extension BuiltInFormats {
    /// The meeting after two people observed each other at work.
    ///
    /// - Source: CAPABILITIES.md F7.
    static let observationAfterYAML = """
        # The third of three meetings: who was observed speaks first, then come the notes. It opens
        # once each who observed has written to who was observed (/feedback NAME).
        name: observation-after
        title: After an observation
        source: courses.worldcampus.psu.edu, edldr560 lesson 8; barkleypd.com, guidelines
        version: 1
        follows: observation-work
        opens: after-feedback
        pods: {smallest: 2, usual: 2, largest: 3}
        labels: {client: performer}

        round:
          - name: own-view
            title: The performer's own view
            minutes: 7
            client:
              may: [say, answer]
              bare: say
              spoken: say
              now: Say how it went, before you hear what was written down.
            coach:
              may: [ask, reflect]
              bare: ask
              now: Ask {client} what went as meant and what did not. Keep your notes for now.
            observer:
              now: Listen.

          - name: notes
            title: What was seen
            minutes: 8
            client:
              may: [ask, thanks]
              bare: thanks
              now: Look at what was written down. Ask where you do not understand it.
            coach:
              may: [say, answer, feedback]
              bare: feedback
              now: Show {client} what you wrote down, what was seen and heard, without a verdict.
            observer:
              now: Watch how {coach} tells it.

          - name: next
            title: Patterns and next steps
            minutes: 8
            client:
              may: [say, answer, commit]
              bare: say
              now: Say what you see in it, and promise what you will try, and by when.
            coach:
              may: [ask, reflect, offer]
              bare: ask
              now: Ask {client} what repeats, and what they will keep or try.
            observer:
              now: Listen.

          - name: assessment
            title: The coach is assessed
            minutes: 4
            client:
              may: [feedback, assess]
              bare: feedback
              now: Tell {coach} what helped and what could help more, then assess the coaching.
            coach:
              may: [thanks]
              bare: note
              now: Listen to {client}. Explain nothing; say thanks.
            observer:
              may: [feedback]
              bare: feedback
              now: Tell {coach} what you saw. No advice to {client}.

        """
}
