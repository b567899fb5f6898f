// SPDX-License-Identifier: Apache-2.0

extension BuiltInFormats {
    /// Two people who coach each other for the same time.
    ///
    /// - Source: CAPABILITIES.md F1.
    static let reciprocalPairYAML = """
        # Two people, two rounds of the same length. A third who has no partner observes, and is
        # coached in a third round.
        name: reciprocal-pair
        title: Reciprocal pair
        source: link2coaching.com, how it works; participatorymethods.com, GROW coaching
        version: 1
        pods: {smallest: 2, usual: 2, largest: 3}
        visits: allowed

        opening:
          - name: check-in
            title: Check in
            minutes: 5
            everyone:
              may: [say, commit]
              bare: say
              now: Say how you are, and what you kept, partly kept or missed of your promises.

        round:
          - name: coaching
            title: Coaching
            minutes: 20
            client:
              may: [say, answer, commit]
              bare: say
              now: Say what you want from this time, and think aloud. End with what, by when.
            coach:
              may: [ask, reflect]
              bare: ask
              now: "You coach {client}: listen, ask, say back. No advice."
            observer:
              now: Watch how {coach} works. Say nothing in this phase.

          - name: written-note
            title: Write it down
            minutes: 2
            client:
              now: Write for yourself what is clearer now, and what {coach} did that helped.
            coach:
              now: Write for yourself what you heard and what you want to tell {client} later.
            observer:
              now: Write for yourself what you saw {coach} do.

          - name: assessment
            title: The coach is assessed
            minutes: 3
            client:
              may: [feedback, assess]
              bare: feedback
              now: Tell {coach} what helped and what could help more, then assess the coaching.
            coach:
              may: [thanks]
              bare: note
              now: Listen to {client} and take notes. Explain nothing; say thanks.
            observer:
              now: Listen.

        closing:
          - name: commitments
            title: Promises
            minutes: 5
            everyone:
              may: [say, commit]
              bare: commit
              now: Promise what you will do until next time, and by when.

        """
}
