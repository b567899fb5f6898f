// SPDX-License-Identifier: Apache-2.0

extension BuiltInFormats {
    /// A set that helps by questions.
    ///
    /// - Source: CAPABILITIES.md F6.
    static let actionLearningYAML = """
        # A set of four to eight: three of them present, some thirty-five minutes each. Questions
        # help more than advice here. A facilitator whom the presenter lets in may call time out: stop
        # the clock, and put in how the set works.
        name: action-learning
        title: Action learning set
        source: personal-coaching-information.com, action learning, questions and principles
        version: 1
        pods: {smallest: 4, usual: 6, largest: 8}
        coaches: all
        rounds: 3
        labels: {client: presenter, coach: set member}
        visits: allowed

        opening:
          - name: check-in
            title: Check in
            minutes: 5
            everyone:
              may: [say]
              bare: say
              floor: round
              now: Say in a sentence or two how you are here, and what became of your last action.

        round:
          - name: present
            title: The matter
            minutes: 2
            intervene: [say, ask]
            client:
              may: [say]
              bare: say
              spoken: say
              now: Tell your matter, and what you want from the set.
            coach:
              now: Listen to {client}. Do not think of answers.

          - name: clarify
            title: Questions to understand
            minutes: 8
            intervene: [say, ask]
            client:
              may: [answer]
              bare: answer
              now: Answer in short.
            coach:
              may: [ask]
              bare: ask
              now: Ask {client} for facts, in few words.

          - name: help
            title: Questions that help
            minutes: 15
            intervene: [say, ask]
            client:
              may: [say, answer]
              bare: answer
              now: Think aloud. You need not answer every question.
            coach:
              may: [ask, reflect]
              bare: ask
              now: Ask {client} open questions that let them see it anew. Give no advice.

          - name: summary
            title: Where I am now
            minutes: 2
            intervene: [say, ask]
            client:
              may: [say]
              bare: say
              now: Say how you see your matter now.
            coach:
              now: Listen to {client}.

          - name: resources
            title: Offers
            minutes: 5
            intervene: [say, ask]
            client:
              may: [thanks]
              bare: thanks
              now: Listen; say thanks.
            coach:
              may: [offer]
              bare: offer
              now: "Offer {client} what you have: a name, a paper, an hour. They choose."

          - name: action
            title: What I will do
            minutes: 2
            intervene: [say, ask]
            client:
              may: [say, commit]
              bare: commit
              now: Promise what you will do, and by when.
            coach:
              now: Listen to {client}.

        closing:
          - name: learning
            title: How we worked
            minutes: 5
            everyone:
              may: [say, feedback, thanks]
              bare: say
              now: Say what helped the set to learn today, and what you will do otherwise next time.

        """
}
