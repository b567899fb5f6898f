// SPDX-License-Identifier: Apache-2.0

extension BuiltInFormats {
    /// The work that is observed.
    ///
    /// - Source: CAPABILITIES.md F7.
    static let observationWorkYAML = """
        # The second of three meetings: the work itself, as long as it takes. End it with /skip or
        # let it go on with /extend. Notes stay with who writes them.
        name: observation-work
        title: An observation
        source: courses.worldcampus.psu.edu, edldr560 lesson 8; fifatrainingcentre.com
        version: 1
        follows: observation-before
        pods: {smallest: 2, usual: 2, largest: 3}
        labels: {client: performer}

        round:
          - name: work
            title: The work
            minutes: 45
            client:
              now: Do your work as if nobody watched.
            coach:
              now: Write down what you see and hear, as you promised {client}. Judge nothing.
            observer:
              now: Write down how {coach} observes.

          - name: gap
            title: Notes in order
            minutes: 10
            client:
              now: Write for yourself how it went, before you hear anything.
            coach:
              now: Put your notes in order, then write to {client} before you meet (/feedback NAME).
            observer:
              now: Put your notes in order.

        """
}
