// SPDX-License-Identifier: Apache-2.0

/// The questions that come with the program.
enum BuiltInQuestions {
    static let all: [BankQuestion] = parts.flatMap { aim, phases in
        zip(QuestionPhase.allCases, phases).flatMap { phase, texts in
            texts.map { BankQuestion(aim: aim, phase: phase, text: $0) }
        }
    }

    /// Each aim with its questions for the beginning, the middle and the end.
    private static let parts: [(aim: String, phases: [[String]])] = [
        ("situation", situation), ("problem", problem), ("goal", goal),
        ("perspective", perspective), ("feelings", feelings), ("strengths", strengths),
        ("solution", solution), ("action", action),
    ]

    private static let situation = [
        [
            "What has happened since you first thought about it?",
            "Who else is part of this, and what do they do?",
            "When was it like this last, and how did it begin?",
            "What should I know so that I can follow you?",
        ],
        [
            "What do you see and hear that tells you so?",
            "When is it different, even a little?",
            "What have you tried so far, and what came of it?",
            "What do you know for sure, and what do you suppose?",
        ],
        [
            "How would you tell the situation now, in one sentence?",
            "What looks different from when we began?",
            "What do you still need to find out, and from whom?",
        ],
    ]

    private static let problem = [
        [
            "What about this is difficult for you?",
            "What makes it worth talking about today?",
            "For whom is it a problem, and for whom is it not?",
            "Which part of it is yours to change?",
        ],
        [
            "What keeps it going?",
            "What would you have to do to make it worse?",
            "What does it cost you to leave it as it is?",
            "What might it be good for that it is as it is?",
            "What is the question behind the question?",
        ],
        [
            "What is the heart of it, now that you have said all this?",
            "What of it can stay as it is?",
            "How would you name the problem to somebody who can help?",
        ],
    ]

    private static let goal = [
        [
            "What would you like to have at the end of this talk?",
            "How would you notice that it was worth the time?",
            "What do you want instead?",
            "Why does this matter to you, and why now?",
        ],
        [
            "How would a good day look, once it has worked?",
            "What would others see you do then?",
            "On a scale of ten, where are you, and what is one step more?",
            "Whose goal is it?",
        ],
        [
            "How close did we come to what you wanted from this talk?",
            "What would be good enough for the next month?",
            "By what will you know that you are there?",
        ],
    ]

    private static let perspective = [
        [
            "Who sees it quite differently, and what do they see?",
            "How would you explain it to somebody from outside?",
            "What would somebody notice who watched for a day?",
        ],
        [
            "How will they see it if you say no?",
            "What would you say to a friend in your place?",
            "How will you think about this in a year?",
            "What if the opposite were true as well?",
            "What do you suppose that the other one wants to keep?",
            "Whose voice is it that says so?",
        ],
        [
            "Which view would you like to take with you?",
            "What can you see now that you could not see before?",
            "Whom would you like to ask how they see it?",
        ],
    ]

    private static let feelings = [
        [
            "How are you, as you begin to tell it?",
            "What do you notice in yourself when you think of it?",
            "How much room does it take, in a week?",
        ],
        [
            "What is it that touches you there?",
            "What does that feeling want you to look at?",
            "Where have you felt like this before?",
            "What would you need to be calmer about it?",
            "What do you say to yourself in that moment?",
        ],
        [
            "How are you about it now?",
            "What of this would be good to be gentle with?",
            "What would do you good after this talk?",
        ],
    ]

    private static let strengths = [
        [
            "What have you done already that helped, if only a little?",
            "When did you master something like this?",
            "What is working well and should stay?",
        ],
        [
            "How did you manage that?",
            "What would people who like working with you say you are good at?",
            "What do you know about yourself that helps here?",
            "Who stands behind you in this?",
            "What have you learned from the time it went wrong?",
        ],
        [
            "What of yours will you lean on?",
            "Who could lend you a hand, and with what?",
            "What are you content with, about how you have thought today?",
        ],
    ]

    private static let solution = [
        [
            "What do you already have in mind?",
            "What would you do if nobody could say no?",
            "What has helped others in such a place?",
        ],
        [
            "What else? And what else?",
            "What would be the smallest thing that changes something?",
            "What would you do with half the time, and what with twice as much?",
            "What speaks for each of these, and what against it?",
            "What would be a strange idea, only to have it on the table?",
        ],
        [
            "Which of these draws you most?",
            "What would you have to give up for it?",
            "What could be tried for two weeks and then looked at?",
        ],
    ]

    private static let action = [
        [
            "What became of what you promised last time?",
            "What would you like to be able to do after this talk?",
            "What have you put off, and what did it wait for?",
        ],
        [
            "What would be the first step, and what comes before it?",
            "What could keep you from it, and what then?",
            "Whom do you have to tell?",
            "How will you remember it in the midst of a full week?",
        ],
        [
            "What will you do, and by when?",
            "How sure are you that you will, of ten, and what would make it one more?",
            "Who shall ask you how it went?",
            "What will you do if it does not work the first time?",
        ],
    ]
}
