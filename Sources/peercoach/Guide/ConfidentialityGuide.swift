// SPDX-License-Identifier: Apache-2.0

/// What is promised about who reads what, and what is not.
enum ConfidentialityGuide {
    static let text = """
        Confidentiality: who can read what you write

        Who reads it
          /note      only you, on your devices
          /to NAME   the two of you
          /turn      those with a role in that turn, and a visitor its client let in
          /peers     the peers of the room, without facilitators
          /room      all who are in the room
        The prompt names the readers. A line never goes to anybody who was not named
        when you began to type it. Who comes later reads nothing from before, who
        leaves reads nothing from after. /who says who reads what now, since when,
        and who gave whom older lines, where the group agreed to that.

        More readers, or no name
          peercoach guide release    older lines for who comes later; and a line of
                                     yours for more people, with everybody's yes
          peercoach guide unnamed    questions that are answered without names

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
          People: who may read a line can repeat, copy or photograph it, and keep a
          file. A reader can prove that you wrote a line: it is signed.
          A call that is recorded or transcribed, a screen that is shared, somebody
          who looks over a shoulder.
          A laptop: who administers yours or theirs, or breaks into it, reads what its
          owner reads. /clear wipes the screen, not what a program has recorded.
          An invite: who uses yours before you do comes as you. It works once, so you
          would find it used. For a delicate room compare digits.

        What the server sees, because it must
          Names, who is in which room, who let them in, devices, sessions and their
          dates, roles in turns, who is there, the clock; of each line and file when,
          how large, of which kind, by whom and for whom, but not its words or name;
          who gets a file. It can refuse to work, and it can delay.

        How long it stays
          Lines of turns 90 days, of the room and the peers 12 months, unless the
          group agreed otherwise; your notes until you erase them; a file as its line.
          Backups keep what is erased, sealed; its keys go from each device at its
          next start. Your device keeps what you sent 30 days, to post again what a
          restored server lost. A flash disk keeps old bytes: a passphrase seals them.
          When trust was broken: peercoach guide breach, /breach

        The recovery kit
          It brings back who you are and your own notes when every device is lost; of
          others' lines what a member gives you, where the agreement allows it. Who
          has it can come as you and, with the server's data, read your notes; there
          is no other. Lost or seen, you are removed and let in anew with other keys.
        """
}
