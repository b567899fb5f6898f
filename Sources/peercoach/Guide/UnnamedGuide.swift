// SPDX-License-Identifier: Apache-2.0

/// How questions are answered without names, and what can tell who wrote what all the same.
enum UnnamedGuide {
    static let text = """
        Answers without a name

          /prompt TEXT asks all in the room, /prompt --to peers TEXT its peers. Each
          who was there then answers once, with /unnamed TEXT.

        How that is held
          Answers have one length and are sealed for those who were asked. The server
          keeps them back, apart from who gave one, until all have answered, the asker
          ends it (/prompt end), a day or the session is over, or one of those who
          were asked leaves or changes devices. Then all are shown at once, in an
          order that says nothing. Where there are fewer than five they are thrown
          away, and nobody has read them. Who comes later does not read them.

        What is not held
          Nobody knows which answer is yours: so you cannot take it back.
          Who watches the server's disk or memory while you answer, or its disk up to
          ten seconds later, sees which sealed answer is yours; together with one of
          those who were asked they can read it. With the server's help one of those
          who were asked could add answers. How you write can tell who you are.
        """
}
