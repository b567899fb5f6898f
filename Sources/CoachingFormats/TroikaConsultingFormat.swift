// SPDX-License-Identifier: Apache-2.0

extension BuiltInFormats {
    /// Two think aloud about the third one's question.
    ///
    /// - Source: CAPABILITIES.md F4.
    static let troikaConsultingYAML = """
        # Three people, ten minutes each: one asks, the two others think aloud as if that one were
        # not there. The only advice is meant here.
        name: troika-consulting
        title: Troika consulting
        source: liberatingstructures-uncovered.com, troika consulting; workshopr.io
        version: 1
        pods: {smallest: 3, usual: 3, largest: 4}
        visits: allowed
        coaches: all
        labels: {coach: consultant}

        opening:
          - name: reflect
            title: Think of your question
            minutes: 1
            everyone:
              now: Write for yourself where you are stuck, and what help you would like.

        round:
          - name: question
            title: The question
            minutes: 2
            client:
              may: [say]
              bare: say
              spoken: say
              now: Say what you are stuck with, and what you want help for.
            coach:
              now: Listen to {client}. Questions come next.

          - name: clarify
            title: Questions to understand
            minutes: 2
            client:
              may: [answer]
              bare: answer
              now: Answer in short.
            coach:
              may: [ask]
              bare: ask
              now: Ask {client} what you need to understand. Suggest nothing yet.

          - name: consult
            title: Consultants think aloud
            minutes: 4
            client:
              now: Turn away, listen, write down what strikes you, and say nothing.
            coach:
              may: [say, reflect, suggest, offer]
              bare: suggest
              now: Think aloud with each other about the question, as if {client} were not there.

          - name: value
            title: What was of value
            minutes: 2
            client:
              may: [say, thanks, commit]
              bare: say
              now: Say what was most valuable to you, and what you will do with it.
            coach:
              now: Listen to {client}. Explain nothing.

        """
}
