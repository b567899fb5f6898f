// SPDX-License-Identifier: Apache-2.0

/// One page on what is kept, for those who answer for people's data.
enum DataGuide {
    static let text = """
        peercoach: what is kept about people            for a works council or a
                                                        data protection officer
        Purpose: colleagues coach each other in small rooms. Nothing here rates them,
        and nothing is made for those they report to.

        What the server keeps               who sees it              for how long
        name, department, mail address      administrators, who      until the person
          (the last two only if entered),   runs the server; the       is removed
          whether an administrator          name: also the room
        invites: for whom, by whom, when,   administrators, who      with the person
          used or expired                   runs the server
        devices: public keys, certificate,  the room; who runs       with the person
          when added, when ended            the server
        rooms: who proposed, said yes,      the room; who runs       as the room's
          was let in, by whom, on whose     the server; admini-        own record
          word, who left                    strators in part
        agreement accepted, sessions,       the room; who runs       as the room's
          dates, who comes, turns, roles,   the server                 own record
          presence, clock, who keeps it, who passed, asked to speak, was ready to go
          on, gave what was asked, got the floor, was muted, visited, called, agreed
          to less time, wants to renew or close; last sessions; whether it is shut
        lines: time, size, kind, author's   their readers; who       turns 90 days,
          device, readers, sealed words     runs the server, but     room 12 months,
          and the line one refers to        never the words          own notes: kept
        files: who, when, for whom, how     as lines, and never      with the line,
          many sealed chunks, which line      names or content         else an hour
        answers without names: who gave     who runs the server,     until it is
          one, apart from it the answers      but never the words      closed
        formats that an administrator       everybody in the         until it is
          adds: name, title, sentences        programme                removed
        connections: address, times         who runs the server      as its own log
        of each change: who did it, when    as the change itself     as the change

        Who reads words: only the readers whom the author was shown. They are sealed
        and signed on the author's device. Neither administrators nor who runs the
        server can open them, also not from backups. Administrators read only what its
        author released to them, with the signed yes of all whom it concerns; it stays
        until its author takes it back. Where a group has agreed to it, a member can
        give who comes later the room's older lines; the room's own record says so.

        What an administrator gets: who takes part, in which room, with how many
        devices; whether a room met, how often, and from five people on how many came
        ("fewer than five" below that). Names of who came only if the group's own
        agreement says so. An invite that was declined looks like one that expired.
        An administrator sets with what new rooms begin (days, older lines, names);
        who opens a room sees it before, and rooms that there are stay as they are.

        What there is not: no scores, no text analysis by anybody else (a coach can
        count their own turns on their own device), no reading times, no typing signs,
        no location, no contact with other services, no tracking.

        Rights: each person sees what is held about them with peercoach privacy, and
        can leave a room or the programme by themselves. The room decides on its own
        agreement. Letting somebody in is visible to all who are in the room.

        Measures: TLS 1.3 with certificates of the server's own authority; sealing
        with P-256, HPKE and AES-256-GCM; every record of a room chained and checked
        by each device; one database on one server of yours, erasing in place.

        Not covered: what a reader copies or tells; recorded calls; shared screens;
        who administers a person's laptop; times, sizes, kinds and names, which who
        runs the server sees; stored files; backups made before something was erased,
        which hold it sealed, and for which the devices lose the keys when its time is
        over. The recovery kit lies with the person, never on the server.
        """
}
