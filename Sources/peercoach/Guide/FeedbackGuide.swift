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
          /feedback NAME, or peercoach feedback write NAME, asks for one part after
          the other, before or after you meet. Each answer is kept for you alone until
          you send it; before that it says what is missing, and never holds you up.
          /assess NAME, or feedback assess NAME, is for how they coached: the ICF's
          eight competencies, or your programme's (competencies.yaml). With a text
          behind the name both are sent at once.
          feedback ask NAME about TEXT asks for it; feedback alone lists what waits.
          It is opened by its receiver when they like: /read, or feedback read. Who
          was assessed is asked first how they see it (or: /assess me), may leave
          that, and sees both side by side. /heard NAME: I heard it aloud.
          It takes a turn that you were in together. Only the two of you read it.
        """
}
