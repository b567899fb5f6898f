// SPDX-License-Identifier: Apache-2.0

extension BuiltInFormats {
    /// Peer group supervision after Tietze.
    ///
    /// - Source: CAPABILITIES.md F, Tietze.
    static let peerSupervisionYAML = """
        # Peer group supervision after Tietze, without anybody from outside: six phases, 30 to 45
        # minutes a case, two cases; roles change with each. The plan casts: who presents, who
        # moderates, the others consult. Agree on which of them takes notes for the presenter.
        name: peer-supervision
        title: Peer group supervision
        source: peer-supervision.com, Kim-Oliver Tietze
        version: 1
        pods: {smallest: 4, usual: 6, largest: 10}
        rounds: 2
        labels: {client: presenter, coach: moderator, observer: consultant}

        round:
          - name: casting
            title: Casting
            minutes: 3
            client:
              may: [say]
              bare: say
              spoken: say
              now: Say in one sentence what your case is about.
            coach:
              may: [say, ask]
              bare: say
              spoken: say
              now: Open the case of {client}, and find who takes notes for {client}.
            observer:
              may: [say]
              bare: say
              spoken: say
              now: Say whether you take the notes for {client}.

          - name: story
            title: The story
            minutes: 9
            client:
              may: [say, answer]
              bare: say
              now: Tell your case as it comes to mind.
            coach:
              may: [ask, reflect]
              bare: ask
              now: Help {client} to tell it. Keep the others silent.
            observer:
              now: Listen to {client}. Say nothing in this phase.

          - name: key-question
            title: The key question
            minutes: 4
            client:
              may: [say, answer]
              bare: say
              now: Say as one question what you want from the consultants.
            coach:
              may: [ask, reflect]
              bare: ask
              now: Help {client} to find one question that can be answered here.
            observer:
              now: Listen. Note the question.

          - name: method
            title: The way of consulting
            minutes: 3
            client:
              may: [say]
              bare: say
              now: Say which way of consulting you would like.
            coach:
              may: [say, ask]
              bare: say
              now: Offer ways, such as ideas, good questions, what lies beneath. Settle one.
            observer:
              may: [suggest]
              bare: suggest
              now: Suggest a way of consulting that fits the question.

          - name: consult
            title: Consulting
            minutes: 12
            client:
              now: Lean back and listen. Notes are taken for you.
            coach:
              may: [say, ask]
              bare: say
              now: Keep to the way that was chosen and to the question. Give no ideas yourself.
            observer:
              may: [say, ask, reflect, suggest, offer]
              bare: suggest
              now: Consult in the way that was chosen. Short pieces, one thought each.

          - name: conclusion
            title: Conclusion
            minutes: 4
            client:
              may: [say, thanks, commit]
              bare: say
              now: Say what was of value to you and what you will do. Nobody discusses it.
            coach:
              may: [say, thanks]
              bare: thanks
              now: Give {client} the last word, and close the case.
            observer:
              may: [thanks]
              bare: note
              now: Listen to {client}.

        closing:
          - name: look-back
            title: How we worked
            minutes: 5
            everyone:
              may: [say, feedback, thanks]
              bare: say
              now: Say what you learned about how we consult each other.

        """
}
