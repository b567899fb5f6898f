// SPDX-License-Identifier: Apache-2.0

extension BuiltInFormats {
    /// The meeting before two people observe each other at work.
    ///
    /// - Source: CAPABILITIES.md F7.
    static let observationBeforeYAML = """
        # The first of three meetings of two people who observe each other at work: before, the
        # work itself (observation-work), after (observation-after). Each is the one observed
        # once.
        name: observation-before
        title: Before an observation
        source: courses.worldcampus.psu.edu, edldr560 lesson 8; barkleypd.com, guidelines
        version: 1
        pods: {smallest: 2, usual: 2, largest: 3}
        labels: {client: performer}

        round:
          - name: conference
            title: What shall be observed
            minutes: 20
            client:
              may: [say, answer]
              bare: say
              spoken: say
              now: Say what you will do, what shall be good in it, and what you want to know.
            coach:
              may: [ask, reflect]
              bare: ask
              now: Ask {client} for the goal, what to look at, what not, and who will be there.
            observer:
              now: Listen. Note what {coach} asks and what stays open.

          - name: method
            title: How it is written down
            minutes: 5
            client:
              may: [say, answer, commit]
              must: [commit]
              bare: say
              spoken: commit
              now: Agree on what is written down, with what, when, who sits where; /commit to it.
            coach:
              may: [say, ask, commit]
              must: [commit]
              bare: say
              spoken: commit
              now: Promise {client} what you will write down, and how (/commit). Silent meanwhile?
            observer:
              now: Note what was agreed.

        """
}
