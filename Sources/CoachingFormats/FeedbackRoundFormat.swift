// SPDX-License-Identifier: Apache-2.0

extension BuiltInFormats {
    /// One receives, all others give.
    ///
    /// - Source: CAPABILITIES.md F9.
    static let feedbackRoundYAML = """
        # One receives, three to nine give, each for up to three minutes; for every point to
        # change at least two to keep. Who has waited longest receives.
        name: feedback-round
        title: Feedback round
        source: fortestrong, feedback circle; agileavengers.com; leadcase.net
        version: 1
        pods: {smallest: 4, usual: 6, largest: 10}
        coaches: all
        rounds: 1
        labels: {client: receiver, coach: giver}

        round:
          - name: write
            title: Write it down
            minutes: 10
            client:
              now: Write for yourself what you would like to hear about, and what you expect.
            coach:
              now: Write what {client} does that you want kept, twice, and changed, once.

          - name: give
            title: Each gives
            minutes: 18
            client:
              now: Listen and take notes. Say nothing, ask nothing.
            coach:
              may: [feedback]
              bare: feedback
              floor: round
              now: Tell {client} what you saw and what it did to you, three minutes at most.

          - name: receive
            title: The receiver's word
            minutes: 2
            client:
              may: [thanks, ask]
              bare: thanks
              now: Say thanks. Explain nothing; ask only what you did not understand.
            coach:
              may: [answer]
              bare: answer
              now: Answer only if {client} asks.

        closing:
          - name: round
            title: Feedback on the round
            minutes: 5
            everyone:
              may: [say, feedback]
              bare: say
              now: Say how this round was for you, and what to do otherwise next time.

        """
}
