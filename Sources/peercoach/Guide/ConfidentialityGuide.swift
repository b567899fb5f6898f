// SPDX-License-Identifier: Apache-2.0

/// What is promised about who reads what, and what is not.
enum ConfidentialityGuide {
    static let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        .map(String.init)

    private static let text = """
        Confidentiality: who can read what you write

        Who reads it
          /note      only you, on your devices
          /to NAME   the two of you
          /turn      those who have a role in that turn
          /peers     the peers of the room, without facilitators
          /room      all who are in the room
        The prompt names the readers. A line never goes to anybody who was not named
        when you began to type it. Who comes later reads nothing from before, who
        leaves reads nothing from after. /who says who reads what now, since when.
        A group can agree that its members may give who comes later the older lines of
        the room and the peers (peercoach agreement shows whether it has). Only a
        member can, with peercoach grant, only what they read themselves, and all see
        who gave whom what. Turns, notes and lines between two are never given.

        When a line is to go to more people
          Only its author can ask: peercoach release LINE --to room (or peers). It
          waits for the yes of all whom it concerns: the client of that turn always,
          both where two share it, and whom it is about. peercoach consents yes N or
          no N answers; until it is released a no takes a yes back. Your device signs
          for exactly these words and readers, and every reader's device checks it.
          The line says by whose yes it is there, not where it came from; it stays as
          long as all lines there, and who is in the room by then reads it.

        Without a name
          /prompt TEXT asks all in the room (--to peers: the peers); each answers once
          with /unnamed TEXT. Answers have one length and are kept back, sealed, apart
          from who gave them, until all have answered, the asker ends it, a day or the
          session is over, or one of them leaves or changes devices. Then all show in
          an order that says nothing; fewer than five are thrown away. None is taken
          back. Who watches the server's disk or memory then (the disk 10 s longer)
          sees whose is whose; with one who was asked they read it and could add some.

        How that is held
          Each line is sealed on your device for the devices of exactly these people
          and signed by your device. The server passes it on and cannot open it; nor
          can who runs it, or who gets hold of its disk, its memory or its backups.
          Who is in a room stands in a list that is signed by whoever let them in.
          Your device checks every signature. It refuses a reader who is not in the
          list, and stops when the server leaves out, changes or adds something.
          When a person has other keys than before, nothing of yours goes where they
          read until the two of you have compared digits.

        What you can check
          peercoach members --devices   who let whom in, on whose word, on how many
                                        devices each of them reads
          peercoach verify NAME         digits to compare by voice: nobody is between
          peercoach verify              the room's digits, the same for all in it
          peercoach privacy             what others see of you now

        What nothing here can hold
          People: who may read a line can repeat, copy or photograph it. Lines are
          signed: a reader can prove to others that you wrote one.
          A call that is recorded or transcribed, a screen that is shared, somebody
          who looks over a shoulder.
          A laptop: who administers yours or theirs, or breaks into it, reads what its
          owner reads. /clear wipes the screen, not what a program has recorded.
          An invite: who uses yours before you do comes as you. It works once, so you
          would find it used. For a delicate room compare digits.

        What the server sees, because it must
          Names, who is in which room, who let them in, devices, sessions and their
          dates, roles in turns, who is there, the clock; of each line when, how long,
          of which kind, by whom and for whom, but not its words. It can refuse to
          work, and it can delay.

        How long it stays
          Lines of turns 90 days, of the room and the peers 12 months, unless the
          group agreed otherwise; your notes until you erase them. What is erased on
          the server stays, sealed, in backups that were made before; the keys of what
          is over are erased from each device when it is next started, so that these
          backups cannot be opened. A flash disk may keep old bytes for a while: a
          passphrase seals them. Your device keeps what you sent for 30 days, sealed,
          never longer than the server would: what a restored server has lost is posted
          again, for nobody new.

        When trust was broken
          peercoach guide breach says what you can do; /breach tells those you pick.

        The recovery kit
          It brings back who you are and your own notes when every device is lost; the
          programs of the others in your rooms give a new device of yours what you
          could read there. Who has it can come as you, get the same, and with a copy
          of the server's data read your notes. Keep it as you keep a key. Nobody can
          make you another one without an invite; without the kit you are let in anew,
          with other keys.
        """
}
