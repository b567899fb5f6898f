// SPDX-License-Identifier: Apache-2.0

/// Knows in which sessions people meet so that everybody has met everybody as soon as can be.
///
/// - Source: pairs of an even number by the circle method; the others were found by annealing and
///   are held to their bounds by the tests: 9 and 15 in triads, and 16 in fours, are perfect (each
///   two meet once), the rest is within one session of the least.
enum RotationDesign {
    /// Gives the pods of each session as sets of places; `nil` where there is no design.
    ///
    /// The sizes descend.
    static func sessions(of sizes: [Int]) -> [[UInt32]]? {
        if sizes.count == 1 { return [[UInt32(truncatingIfNeeded: (1 as UInt64) << sizes[0] - 1)]] }
        if sizes.allSatisfy({ $0 == 2 }) { return pairs(of: 2 * sizes.count) }
        return tables[sizes]?.split(separator: " ").map(pods)
    }

    /// Lets one stand still and all others move on by one place around them.
    private static func pairs(of count: Int) -> [[UInt32]] {
        let moving = count - 1
        return (0..<moving).map { session in
            var pods = [bits(session, moving)]
            for distance in 1..<max(1, count / 2) {
                pods.append(
                    bits((session + distance) % moving, (session + moving - distance) % moving)
                )
            }
            return pods
        }
    }

    private static func bits(_ one: Int, _ other: Int) -> UInt32 { 1 << one | 1 << other }

    /// Reads the pods of a session: the digit at a place is the pod of who has that place.
    private static func pods(_ text: Substring) -> [UInt32] {
        var pods: [UInt32] = []
        for (place, digit) in text.utf8.enumerated() {
            let number = Int(digit) - 0x30
            while pods.count <= number { pods.append(0) }
            pods[number] |= 1 << UInt32(place)
        }
        return pods
    }

    /// A word for each session; people keep their places.
    private static let tables: [[Int]: String] = [
        [3, 2]: """
        01101 01100 00101 01001
        """,
        [3, 3]: """
        011100 001011 010101 010110
        """,
        [3, 2, 2]: """
        0101022 0101212 0122102 0110222 0012210
        """,
        [4, 3]: """
        0000111 0111000 0011110 0111001 0011001
        """,
        [3, 3, 2]: """
        01221002 00011212 01210120 01202211
        """,
        [4, 4]: """
        00011101 01000111 01011010
        """,
        [3, 2, 2, 2]: """
        001232311 011023023 010211332 012120313 012332201 012203130
        """,
        [3, 3, 3]: """
        012210021 011202102 001011222 010221210
        """,
        [5, 4]: """
        011110100 011110000 010000111 001111000 001110011
        """,
        [4, 3, 3]: """
        0010221201 0120202211 0120210121 0120122021 0110012220 0100121220
        """,
        [3, 2, 2, 2, 2]: """
        01022133442 01210343234 01102314423 01221034034 00121331424 01234203411 01234431320 \
        01234340102
        """,
        [3, 3, 3, 2]: """
        01023212301 00011212333 01231301032 01012230132 01202113323 01220023331 01201233210
        """,
        [4, 4, 3]: """
        01100122210 01201002212 01002212121 01101212002 00101120122
        """,
        [3, 3, 3, 3]: """
        011210320332 012201213303 011020332123 001233121023 012332101023 010123221330 \
        012330022311
        """,
        [4, 4, 4]: """
        012110020122 012200111220 000121212102 011211202020 001022121120
        """,
        [3, 2, 2, 2, 2, 2]: """
        0102304543521 0112340532354 0121344155023 0122334014554 0112034523435 0120131434255 \
        0123453221540 0123214450353 0012231345504 0123435402152
        """,
        [4, 3, 3, 3]: """
        0010232211333 0112313000232 0101121323032 0102300123123 0122013233012 0120332311102 \
        0012123312310
        """,
        [5, 4, 4]: """
        0110201210221 0001112221012 0112120020012 0112022101200 0111010122202
        """,
        [3, 3, 3, 3, 2]: """
        01210324314034 01202331442413 00123023132441 01123202044133 01022340243341 \
        01231214420303 01223344101420
        """,
        [4, 4, 3, 3]: """
        01123031200312 00122013113232 00102202231133 01233120203131 01221233013003 \
        01020332121230
        """,
        [3, 2, 2, 2, 2, 2, 2]: """
        000122345513664 012334215046653 012304524356416 012340135666425 012231443560546 \
        012345061426350 012345513642046 012345342106265 012132345651460 012023435315466 \
        012343565264101 012314500564632
        """,
        [3, 3, 3, 3, 3]: """
        012223443131400 011232014304342 012134302210443 001230432431241 010233121443024 \
        012304340423121 012012233044413
        """,
        [4, 4, 4, 3]: """
        012103113230203 012233302011320 012013231102032 000110233223321 012323020323111
        """,
        [4, 3, 3, 3, 3]: """
        0112314231203044 0122311034402340 0102134332414402 0123342230141034 0012132404024331 \
        0121303343220414 0120332120344144 0122020344143231
        """,
        [4, 4, 4, 4]: """
        0111123322003230 0120332301121203 0123023113210023 0102323030322111 0012300213231231
        """,
    ]
}
