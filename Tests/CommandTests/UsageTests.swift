// Goal: a wrong command line ends with exit 64, names what is wrong and the nearest right word, and prints no result.
// Method: run the built program as a subprocess and look at its three outlets.

import TestSupport
import Testing

@Suite struct UsageTests {
    @Test(arguments: [
        (["chek"], "did you mean 'check'?"),
        (["--halp"], "did you mean '--help'?"),
        (["drift", "--detektor=adwin"], "did you mean '--detector'?"),
        (["run", "f", "--exit-at-ned"], "did you mean '--exit-at-end'?"),
        (["run", "f", "--exit"], "did you mean '--exit-at-end'?"),
        (["completion", "bsh"], "did you mean 'bash'?"),
        (["check", "f", "--log-level", "warnng"], "did you mean 'warning'?"),
    ])
    func `names the nearest word`(words: [String], hint: String) throws {
        let run = try CommandRun.finish(words)
        #expect(run.code == 64)
        #expect(run.output == "")
        #expect(run.errors.contains(hint), "\(run.errors)")
    }

    @Test(arguments: [
        ([], "no command given"),
        (["check"], "FILE is missing"),
        (["check", "a", "b"], "unexpected word 'b'"),
        (["drift", "--input", "x", "--column", "c"], "--detector NAME is missing"),
        (["drift", "--detector"], "--detector needs a value"),
        (["drift", "--detector", "--json"], "--detector needs a value"),
        (["drift", "--detector=adwin", "--input=x", "--column=c", "--set", "delta"], "--set needs KEY=VALUE"),
        (["drift", "--detector=adwin", "--input=", "--column=c"], "not empty"),
        (["state", "f", "--json", "--json"], "--json is given twice"),
        (["state", "f", "--json=yes"], "--json takes no value"),
        (["run", "f", "--partitions", "0", "--embedded"], "whole number from 1"),
        (["run", "f", "--partitions", "99999999999999999999", "--embedded"], "whole number from 1"),
        (["run", "f", "--partitions", "2"], "--partitions needs --embedded"),
        (["run", "f", "--input", "d.csv"], "--input needs --embedded"),
        (["run", "f", "--connect-timeout", "-1"], "number above 0"),
        (["produce", "--input", "f", "--topic", "t", "--rate", "nan"], "number above 0"),
        (["produce", "--topic", "t"], "--input DATA is missing"),
        (["produce", "--input", "f"], "--topic T is missing"),
    ])
    func `says what is wrong`(words: [String], message: String) throws {
        let run = try CommandRun.finish(words)
        #expect(run.code == 64)
        #expect(run.output == "")
        #expect(run.errors.contains(message), "\(run.errors)")
    }

    @Test(arguments: [
        ["state", "f.yaml", "--json"],
        ["replay", "--json", "f.yaml"],
    ])
    func `what is not built yet says so with exit 78`(words: [String]) throws {
        let run = try CommandRun.finish(words)
        #expect(run.code == 78)
        #expect(run.output == "")
        #expect(run.errors.contains("not yet"))
    }
}
