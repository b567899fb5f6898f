// SPDX-License-Identifier: Apache-2.0

/// What a person did at the keyboard.
public enum Key: Hashable, Sendable {
    /// Typed or pasted text without controls; a cluster may come in parts.
    case text(String)
    /// Enter, which submits.
    case enter
    /// Tab, which completes.
    case tab
    /// Deletes what is before the cursor.
    case backspace
    /// Deletes what is at the cursor.
    case delete
    /// One cluster to the left.
    case left
    /// One cluster to the right.
    case right
    /// The line before in the history.
    case up
    /// The line after in the history.
    case down
    /// To the beginning (Home, Ctrl-A).
    case home
    /// To the end (End, Ctrl-E).
    case end
    /// One word to the left (Alt-b, Ctrl-Left).
    case wordLeft
    /// One word to the right (Alt-f, Ctrl-Right).
    case wordRight
    /// Deletes to the beginning (Ctrl-U).
    case killToStart
    /// Deletes to the end (Ctrl-K).
    case killToEnd
    /// Deletes the word before the cursor (Ctrl-W, Alt-Backspace).
    case killWordLeft
    /// Deletes the word after the cursor (Alt-d).
    case killWordRight
    /// Puts back what was deleted last by word or to an end (Ctrl-Y).
    case yank
    /// Clears the screen (Ctrl-L).
    case clearScreen
    /// Interrupts (Ctrl-C).
    case interrupt
    /// Ends the input on an empty line, deletes at the cursor on any other (Ctrl-D).
    case endOfInput
    /// Stops the program until the shell continues it (Ctrl-Z).
    case suspend
    /// Escape alone.
    case escape
}
