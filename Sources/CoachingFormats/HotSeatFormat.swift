// SPDX-License-Identifier: Apache-2.0

extension BuiltInFormats {
    /// A mastermind group with two hot seats.
    ///
    /// - Source: CAPABILITIES.md F3.
    static let hotSeatYAML = """
        # A mastermind group: wins and promises, two hot seats of twenty minutes, new promises.
        # Who has waited longest comes first. The sources know 5 to 7 members; with 4 it works as
        # well.
        name: hot-seat
        title: Mastermind hot seat
        source: hard-skills.com, achieveup.ai (10-40-10); mastermindbetter.com; kobemastermind.com
        version: 1
        pods: {smallest: 4, usual: 6, largest: 7}
        coaches: all
        rounds: 2
        labels: {client: seat holder, coach: member}

        opening:
          - name: wins
            title: Wins and promises kept
            minutes: 10
            everyone:
              may: [say]
              bare: say
              floor: round
              now: Tell one win since last time, and which promises you kept, partly kept or missed.

        round:
          - name: pitch
            title: The pitch
            minutes: 2
            client:
              may: [say]
              bare: say
              spoken: say
              now: Say what you want help for, what you must decide, and what you have tried.
            coach:
              now: Listen to {client}.

          - name: clarify
            title: Questions to understand
            minutes: 5
            client:
              may: [answer]
              bare: answer
              now: Answer in short.
            coach:
              may: [ask]
              bare: ask
              now: Ask {client} for facts. Keep ideas for the next phase.

          - name: ideas
            title: Ideas in turn
            minutes: 10
            client:
              now: Listen and write down what you could use. Defend nothing.
            coach:
              may: [suggest, offer, say]
              bare: suggest
              floor: round
              now: Give {client} your best idea or help in about a minute, then /pass.

          - name: take-aways
            title: What the seat takes away
            minutes: 3
            client:
              may: [say, thanks, commit]
              bare: say
              now: Say which ideas you take, and what you will do first.
            coach:
              now: Listen to {client}.

        closing:
          - name: promises
            title: New promises
            minutes: 10
            everyone:
              may: [say, commit]
              bare: commit
              floor: round
              now: Promise what you will do until next time, and by when.

        """
}
