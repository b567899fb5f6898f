// SPDX-License-Identifier: Apache-2.0

/// Beginnings of English sentences that say what a sentence does.
///
/// Written by hand. They are lists, not knowledge: who says it otherwise is not recognised.
enum Phrases {
    /// Taken away before a sentence is looked at.
    static let fillers: Set<String> = [
        "so", "and", "but", "or", "ok", "okay", "well", "now", "um", "uh", "uhm", "er", "oh", "ah",
        "yeah", "yes", "yep", "no", "right", "hmm", "mm", "then", "alright", "because", "hi",
        "hello",
        "hey", "please", "also", "great", "good", "thanks", "sure", "cool", "perhaps", "maybe",
        "actually", "just", "like", "i", "mean",
    ]

    static let asking: Set<String> = [
        "what", "how", "why", "when", "where", "who", "which", "whose", "whom", "what's", "how's",
        "who's", "where's", "when's", "why's",
    ]

    static let auxiliaries: Set<String> = [
        "is", "are", "am", "was", "were", "do", "does", "did", "can", "could", "would", "will",
        "shall", "should", "has", "have", "had", "may", "might", "must", "isn't", "aren't",
        "wasn't",
        "weren't", "don't", "doesn't", "didn't", "can't", "couldn't", "wouldn't", "won't",
        "shouldn't", "hasn't", "haven't", "hadn't", "would've", "else", "about", "happens",
        "happened", "makes", "made", "keeps", "kept", "led", "stops", "stopped", "helps", "helped",
        "holds", "brings", "brought", "matters", "many", "much", "often", "long", "far",
    ]

    static let subjects: Set<String> = [
        "you", "i", "we", "they", "he", "she", "it", "there", "that", "this", "these", "those",
        "your", "the", "your", "his", "her", "their", "our", "anyone", "anybody", "someone",
        "everyone", "anything", "something",
    ]

    /// Invitations to tell, which are questions without the form of one.
    static let invitations = split([
        "tell me", "say more", "say a bit more", "say a little more", "describe", "walk me through",
        "talk me through", "take me through", "explain", "help me understand", "give me an example",
        "i wonder what", "i wonder how", "i wonder whether", "i wonder if", "i wonder why",
        "i'm curious", "i am curious", "i'd like to hear", "i would like to hear", "let me ask",
        "imagine", "any idea", "any thoughts", "anything else",
    ])

    /// Advice, also where it has the form of a question.
    static let adviceAsked = split([
        "why don't you", "why not", "why don't we", "have you considered", "have you thought of",
        "have you thought about", "have you tried", "how about", "couldn't you", "shouldn't you",
        "wouldn't it be better", "wouldn't it be good", "wouldn't you rather", "can't you just",
        "should we", "do you want to try",
    ])

    static let advice = split([
        "you should", "you shouldn't", "you could", "you might want", "you may want",
        "you might try", "you need to", "you don't need to", "you have to", "you've got to",
        "you must", "you ought", "you'd better", "you had better", "you can try", "you can just",
        "we should", "we could", "we need to", "we have to", "i'd suggest", "i would", "i suggest",
        "i'd", "i recommend", "i'd recommend", "i advise", "my advice", "my suggestion",
        "my recommendation", "if i were you", "if i was you", "try", "make sure", "don't forget",
        "don't", "remember", "let's", "let us", "it'd be better", "it would be better",
        "it might help", "it may help", "it could help", "it'd help", "the best thing",
        "the best way", "best to", "better to", "consider", "think about", "think of", "focus on",
        "start with", "start by", "begin with", "begin by", "first you", "what you need to do",
        "what you should do", "one thing you could", "one option", "another option", "one idea",
        "another idea", "i think you should", "i think you could", "i think you need",
        "i think we should", "i think it would be", "i'd go", "i'd say you", "a good idea",
        "there's always",
    ])

    /// Verbs with which a sentence tells somebody to do something.
    static let imperatives: Set<String> = [
        "go", "take", "talk", "call", "write", "speak", "check", "look", "use", "make", "do", "add",
        "multiply", "divide", "subtract", "find", "set", "stop", "keep", "get", "give", "send",
        "begin", "start", "ask", "read", "have", "put", "schedule", "plan", "practise", "practice",
        "show", "bring", "count", "calculate", "work", "book", "block", "delegate", "list",
    ]

    static let reflections = split([
        "it sounds like", "it sounds as if", "sounds like", "it seems like", "it seems that",
        "it seems you", "seems like", "it looks like you", "it feels like you", "it must",
        "that must", "that sounds", "i hear", "what i hear", "what i'm hearing", "i'm hearing",
        "i am hearing", "i understand that you", "i sense", "i get the sense", "i can hear",
        "i can see that you", "i can see how", "you feel", "you're feeling", "you are feeling",
        "you felt", "you want", "you wanted", "you'd like", "you would like", "you wish",
        "you hope",
        "you're hoping", "you are hoping", "you say", "you said", "you mentioned", "you mean",
        "you're saying", "you are saying", "you told me", "you're", "you are", "you seem",
        "you sound", "you've", "you have", "you don't", "you know", "you think", "you believe",
        "you see", "you like", "you love", "you care", "you notice", "you noticed", "you were",
        "you tried", "you worry", "you'll", "for you", "to you", "part of you", "a part of you",
        "one part of you", "on the one hand", "on one hand", "in other words", "if i understand",
        "if i hear", "let me see if i", "to sum up", "summing up", "in short you",
        "what matters to you",
        "what's important to you", "what you want is", "what you're saying", "what you are saying",
        "your", "there's a part of you", "there is a part of you",
    ])

    /// Greetings, praise and signs of listening.
    static let acknowledgements: Set<String> = [
        "ok", "okay", "yes", "yeah", "yep", "no", "mm", "mhm", "hmm", "uh", "huh", "right", "sure",
        "great", "good", "well", "done", "excellent", "perfect", "super", "nice", "exactly",
        "correct", "that's", "thats", "thanks", "thank", "you", "hi", "hello", "hey", "bye",
        "welcome", "job", "work", "wow", "oh", "ah", "i", "see", "alright", "cool", "fine",
        "absolutely", "definitely", "true", "very", "it", "is", "so", "much", "brilliant",
        "fantastic", "amazing", "awesome", "again", "all", "not", "quite", "morning", "afternoon",
        "evening", "sorry", "please", "and", "the", "a", "to", "for", "lovely", "glad", "agreed",
        "understood", "indeed",
    ]

    /// Words after which a statement is one about the matter.
    static let verbs: Set<String> = [
        "is", "are", "was", "were", "has", "have", "had", "means", "mean", "shows", "says", "takes",
        "costs", "makes", "made", "gives", "can", "will", "would", "does", "did", "do", "needs",
        "it's", "that's", "there's", "they're", "he's", "she's", "we're", "isn't", "aren't",
        "comes",
        "leads", "helps", "works", "equals", "depends", "happens", "got", "get", "said", "think",
        "told", "earns", "earned", "paid", "pays", "left", "goes", "went", "used", "uses", "found",
        "should", "could", "be", "been", "don't", "doesn't", "didn't", "i've", "we've", "i'm",
    ]

    /// Small words by which English is known.
    static let common: Set<String> = [
        "the", "be", "to", "of", "and", "a", "in", "that", "have", "i", "it", "for", "not", "on",
        "with", "you", "do", "at", "this", "but", "his", "by", "from", "they", "we", "say", "her",
        "she", "or", "an", "will", "my", "one", "all", "would", "there", "their", "what", "so",
        "up",
        "out", "if", "about", "who", "get", "which", "go", "me", "when", "make", "can", "like",
        "no",
        "just", "him", "know", "take", "into", "your", "some", "could", "them", "see", "other",
        "than", "then", "now", "only", "its", "over", "think", "also", "how", "our", "well", "even",
        "because", "these", "us", "is", "are", "was", "were", "has", "had", "been", "did", "does",
        "don't", "it's", "i'm", "you're", "that's", "what's", "more", "very", "where", "why", "am",
    ]

    /// Words too small to be an echo of what somebody said.
    static func isContent(_ word: String) -> Bool {
        word.count > 3 && !common.contains(word)
    }

    private static func split(_ texts: [String]) -> [[String]] {
        texts.map { $0.split(separator: " ").map(String.init) }
    }
}
