// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingFormats

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Where questions come from: the program, and files of one's own.
enum QuestionChoice {
    /// The name of the file in the profile's folder and in that of one's settings.
    static let fileName = "questions.yaml"

    /// The files of a name that are there: the profile's, then that of all profiles.
    static func paths(_ options: GlobalOptions, _ fileName: String = fileName) -> [String] {
        var folders: [String] = []
        if let folder = try? options.folder() { folders.append(folder.path) }
        if let config = GlobalOptions.variable("XDG_CONFIG_HOME"), config.hasPrefix("/") {
            folders.append(config + "/peercoach")
        } else if let home = GlobalOptions.variable("HOME"), home.hasPrefix("/") {
            folders.append(home + "/.config/peercoach")
        }
        return folders.map { "\($0)/\(fileName)" }.filter { access($0, F_OK) == 0 }
    }

    /// Puts the questions of files before those of the program.
    ///
    /// - Returns: the questions, and each mistake with its file; a file with mistakes is left out.
    static func bank(_ paths: [String]) -> (bank: QuestionBank, mistakes: [String]) {
        var bank = QuestionBank.builtIn
        var mistakes: [String] = []
        for path in paths.reversed() {
            do throws(ClientError) {
                let text = try TextFile.readOrdinary(path, bytesMax: QuestionFile.bytesMax)
                do throws(FormatError) {
                    bank = bank.adding(try QuestionFile.parse(yaml: text))
                } catch {
                    mistakes += error.mistakes.map { "\(path): \($0)" }
                }
            } catch {
                mistakes.append(error.sentence)
            }
        }
        return (bank, mistakes)
    }
}
