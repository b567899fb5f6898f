// SPDX-License-Identifier: Apache-2.0

extension BuiltInFormats {
    /// A conversation in four steps.
    ///
    /// - Source: CAPABILITIES.md F8.
    static let growYAML = """
        # A conversation in four steps, in a pair or with one who observes. The sources give 10 to
        # 15 minutes a turn, or 20 to 30 for the whole; the minutes of the single steps are ours.
        name: grow
        title: GROW conversation
        source: mozilla.teachable.com, GROW; participatorymethods.com, GROW coaching
        version: 2
        pods: {smallest: 2, usual: 2, largest: 3}
        visits: allowed

        round:
          - name: goal
            title: Goal
            minutes: 5
            client:
              may: [say, answer]
              bare: say
              spoken: say
              now: Say what you want to reach, and how you would know that you have.
            coach:
              may: [ask, reflect]
              bare: ask
              now: Ask {client} what they want to have at the end of this talk, and why it matters.
            observer:
              now: Watch how {coach} asks. Say nothing in this phase.

          - name: reality
            title: Reality
            minutes: 8
            client:
              may: [say, answer]
              bare: say
              now: Tell how it is today, what you have tried, and what came of it.
            coach:
              may: [ask, reflect]
              bare: ask
              now: "Ask {client} for facts: what happens, how often. Say back what you hear."
            observer:
              now: Note which questions made {client} stop and think.

          - name: options
            title: Options
            minutes: 10
            client:
              may: [say, answer]
              bare: say
              now: List what you could do, also what sounds unlikely. Weigh it only then.
            coach:
              may: [ask, reflect, offer]
              bare: ask
              now: Draw out the ideas of {client} first. Offer one of yours only after theirs.
            observer:
              now: Note when {coach} waited, and when {coach} led.

          - name: will
            title: What you will do
            minutes: 7
            client:
              may: [say, answer, commit]
              must: [commit]
              bare: say
              now: Promise what you will do, by when; say what could keep you from it and who helps.
            coach:
              may: [ask, reflect]
              bare: ask
              now: Ask {client} for the first step, the day, what is in the way, and who helps.
            observer:
              now: Note how {coach} ends.

        closing:
          - name: together
            title: Look back together
            minutes: 5
            everyone:
              may: [say, feedback, thanks]
              bare: say
              now: Say what helped in the way you were asked, and what you take with you.

        """
}
