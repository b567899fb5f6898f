// SPDX-License-Identifier: Apache-2.0

/// Feedback that can be used.
enum FeedbackGuide {
    static let text = """
        Feedback

        Feedback is what you saw, given to somebody; what becomes of it is theirs. It
        is there so that they can go on learning, not to rid you of something.

        Before
          Is it wanted, and now? In a session both sides have agreed to it.
          Write it, leave it, read it again as if it were for you.
          What do you want for them by saying it? If there is no answer, keep it.

        What belongs in it
          strength     what they did that helped, and should do again
          observation  what you saw or heard: place, words, time. No "always"
          effect       what it did to you, or what you saw it do
          instead      one thing that they could try, tied to what they want
          Example: "When Lena was silent at 14:20 you waited. She then named what it
          is about. At 14:23 you told her what you would do, and I saw her lean back.
          For your aim to say less: what if you say back what you heard, first?"

        What to leave out
          who they are ("you are impatient"); what you suppose they meant; what others
          are said to think; marks out of ten; the third and fourth point.

        Taking it
          Listen to the end. Ask for the example if it is missing. You need not agree,
          explain or put it right. Thank them: it cost something. Then choose what you
          take, leave the rest, and if you like tell them later what came of it.

        Here
          /feedback NAME writes to one person alone, /assess NAME how they coached.
          It is announced, and opened by its receiver when they like: /read, or
          peercoach feedback read. /heard NAME says that you heard it aloud.
          Only the two of you read it. Nobody rates anybody.
        """
}
