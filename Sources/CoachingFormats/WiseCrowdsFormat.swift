// SPDX-License-Identifier: Apache-2.0

extension BuiltInFormats {
    /// Four or five consult each of them in turn.
    ///
    /// - Source: CAPABILITIES.md F5.
    static let wiseCrowdsYAML = """
        # Four or five people, fifteen minutes each.
        name: wise-crowds
        title: Wise crowds
        source: liberatingstructures-uncovered.com, wise crowds; wilmahartenfels.com, tip 93
        version: 1
        pods: {smallest: 4, usual: 4, largest: 5}
        visits: allowed
        coaches: all
        labels: {coach: consultant}

        round:
          - name: present
            title: The challenge
            minutes: 2
            client:
              may: [say]
              bare: say
              spoken: say
              now: Tell your challenge, and what you ask this group for.
            coach:
              now: Listen to {client}. Questions come next.

          - name: clarify
            title: Questions to understand
            minutes: 3
            client:
              may: [answer]
              bare: answer
              now: Answer in short.
            coach:
              may: [ask]
              bare: ask
              now: Ask {client} what you need to understand. Suggest nothing yet.

          - name: consult
            title: Consultants among themselves
            minutes: 8
            client:
              now: Turn your back, take notes, and say nothing.
            coach:
              may: [say, ask, reflect, suggest, offer]
              bare: suggest
              now: Work out together what {client} could do. {client} only listens.

          - name: value
            title: What was useful
            minutes: 2
            client:
              may: [say, thanks, commit]
              bare: say
              now: Say what was useful, and what you will do with it.
            coach:
              now: Listen to {client}. Explain nothing.

        """
}
