// SPDX-License-Identifier: Apache-2.0

extension BuiltInFormats {
    /// Three people, three rounds, each role once.
    ///
    /// - Source: CAPABILITIES.md F2.
    static let triadYAML = """
        # Three people, three rounds: each is coached once, coaches once and observes once.
        # The observer watches the coach and gives no advice to the client.
        name: triad
        title: Coaching triad
        source: coachtriads.com, what is a coaching triad; certifiedcoach.org, how to be an observer
        version: 1
        pods: {smallest: 2, usual: 3, largest: 4}
        visits: allowed

        opening:
          - name: arrival
            title: Arrive
            minutes: 2
            everyone:
              may: [say]
              bare: say
              now: Say in one sentence how you arrive, and what became of your last promise.

        round:
          - name: aim
            title: Agree on the aim
            minutes: 2
            client:
              may: [say, answer]
              bare: say
              spoken: say
              now: Say what you want to think about, and what you want to have at the end.
            coach:
              may: [say, ask, reflect]
              bare: ask
              spoken: say
              now: Ask {client} what they want from this, and say what others should watch in you.
            observer:
              now: Listen. Note what {coach} asks you to watch.

          - name: coaching
            title: Coaching
            minutes: 14
            client:
              may: [say, answer, commit]
              bare: say
              now: Think aloud with {coach}. Before the end, promise what you will do and by when.
            coach:
              may: [ask, reflect]
              bare: ask
              now: "You coach {client}: listen, ask, say back. No advice. End with what, by when."
            observer:
              now: Watch {coach} and mark moments for yourself. Say nothing before it is your turn.

          - name: client-feedback
            title: Feedback from who was coached
            minutes: 3
            client:
              may: [feedback]
              bare: feedback
              now: Tell {coach} what helped you, and what could have helped more.
            coach:
              may: [thanks]
              bare: note
              now: Listen to {client} and take notes. Explain nothing; say thanks.
            observer:
              now: Listen. You are next.

          - name: observer-feedback
            title: Feedback from who observed
            minutes: 5
            client:
              now: Listen. This is about how {coach} worked, not about your topic.
            coach:
              may: [thanks]
              bare: note
              now: Listen and take notes; say thanks. If nobody observed, note what you learned.
            observer:
              may: [feedback]
              bare: feedback
              now: Tell {coach} what you saw and what it did. No advice to {client}.

        closing:
          - name: goodbye
            title: Close together
            minutes: 3
            everyone:
              may: [say, thanks, commit]
              bare: say
              now: Say in one sentence what you take with you, and what you still promise.

        """
}
