// SPDX-License-Identifier: Apache-2.0

extension BuiltInFormats {
    /// Action learning in which statements only answer questions.
    ///
    /// - Source: CAPABILITIES.md F6, WIAL.
    static let questionsFirstYAML = """
        # Action learning in which nobody makes a statement unless it answers a question. Anybody
        # asks anybody. The last quarter of an hour is for what was learned. A facilitator whom the
        # presenter lets in asks, too, at any time that something can be learned.
        name: questions-first
        title: Questions first
        source: wial.uk, basics; wial.org, finish up
        version: 1
        pods: {smallest: 4, usual: 6, largest: 8}
        coaches: all
        rounds: 1
        labels: {client: presenter, coach: set member}
        visits: allowed

        round:
          - name: present
            title: The problem
            minutes: 3
            intervene: [ask]
            client:
              may: [say]
              bare: say
              spoken: say
              now: Tell the problem in a few sentences.
            coach:
              now: Listen to {client}.

          - name: questions
            title: Questions and answers
            minutes: 30
            intervene: [ask]
            client:
              may: [ask, answer]
              bare: answer
              floor: question-first
              now: Answer what you are asked, and ask back. A statement answers a question.
            coach:
              may: [ask, answer]
              bare: ask
              floor: question-first
              now: Ask {client} or anybody else. A statement answers a question.

          - name: action
            title: What I will do
            minutes: 5
            intervene: [ask]
            client:
              may: [say, commit]
              bare: commit
              now: Promise what you will do, and by when.
            coach:
              may: [ask]
              bare: ask
              now: Ask {client} what exactly, by when, and how you all will hear of it.

        closing:
          - name: learning
            title: What we learned
            minutes: 15
            everyone:
              may: [say, feedback, thanks]
              bare: say
              now: Say what you learned about the problem, about yourself, and about how we worked.

        """
}
