//! How many tests passed and failed, read from what each test runner prints for people.

/// Counts of passed and failed tests, or steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// How many passed.
    pub(crate) passed: u64,
    /// How many failed.
    pub(crate) failed: u64,
}

impl Tally {
    /// What a step without tests of its own counts as when it succeeds.
    pub(crate) const STEP: Self = Self { passed: 1, failed: 0 };

    /// Adds `other`'s counts to these.
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// The runner whose output is read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Runner {
    /// `cargo test` and wasm-bindgen's runner: one `test result:` line for every test program.
    Cargo,
    /// Vitest's default reporter: one line that begins with `Tests`.
    Vitest,
    /// Playwright's list, line and dot reporters: one line for every outcome at the end.
    Playwright,
}

impl Runner {
    /// The tests that `line` reports, if it is a closing line.
    pub(crate) fn read(self, line: &str) -> Tally {
        let line = plain(line);
        let line = line.trim();
        match self {
            Self::Cargo => line.strip_prefix("test result:").map(counted).unwrap_or_default(),
            Self::Vitest => line.strip_prefix("Tests ").map(counted).unwrap_or_default(),
            Self::Playwright => playwright(line),
        }
    }
}

/// Adds up every `N passed` and `N failed` of a line.
fn counted(line: &str) -> Tally {
    let words: Vec<&str> = line.split_whitespace().collect();
    let mut tally = Tally::default();
    for pair in words.windows(2) {
        let Ok(count) = pair[0].parse::<u64>() else { continue };
        match pair[1].trim_end_matches([';', ',']) {
            "passed" => tally.passed += count,
            "failed" => tally.failed += count,
            _ => {}
        }
    }
    tally
}

/// Reads `  3 passed (4.2s)`. A flaky test did pass in the end; an interrupted one, or one that never ran, did not.
fn playwright(line: &str) -> Tally {
    let Some((count, outcome)) = line.split_once(' ') else { return Tally::default() };
    let Ok(count) = count.parse::<u64>() else { return Tally::default() };
    let outcome = outcome.split(" (").next().unwrap_or(outcome);
    match outcome {
        "passed" | "flaky" => Tally { passed: count, failed: 0 },
        "failed" | "interrupted" | "did not run" => Tally { passed: 0, failed: count },
        _ => Tally::default(),
    }
}

/// `line` without terminal colours and other control sequences.
fn plain(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character != '\u{1b}' {
            text.push(character);
        } else if characters.next() == Some('[') {
            characters.by_ref().find(char::is_ascii_alphabetic);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(runner: Runner, output: &str) -> Tally {
        let mut tally = Tally::default();
        output.lines().for_each(|line| tally.add(runner.read(line)));
        tally
    }

    #[test]
    fn cargo_adds_up_all_test_programs() {
        let output = "running 2 tests\ntest a ... ok\ntest tests::reports_3_failed ... FAILED\n\n\
            test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            \u{1b}[0mtest result: \u{1b}[32mok\u{1b}(B. 41 passed; 0 failed; 2 ignored; 0 measured; 7 filtered out; finished in 3.51s\r\n";
        assert_eq!(read(Runner::Cargo, output), Tally { passed: 42, failed: 1 });
    }

    #[test]
    fn cargo_reads_the_browser_runner() {
        let output = "running 3 tests\ntest gpu::adds ... ok\n\n\
            test result: ok. 3 passed; 0 failed; 0 ignored; 0 filtered out; finished in 0.03s\n";
        assert_eq!(read(Runner::Cargo, output), Tally { passed: 3, failed: 0 });
    }

    #[test]
    fn vitest_counts_tests_and_not_files() {
        let output = " Test Files  1 failed | 2 passed (3)\n      Tests  1 failed | 11 passed | 2 skipped (14)\n   \
            Start at  12:00:01\n   Duration  1.02s\n";
        assert_eq!(read(Runner::Vitest, output), Tally { passed: 11, failed: 1 });
        let coloured = "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[31m1 failed\u{1b}[39m\u{1b}[22m\u{1b}[2m | \u{1b}[22m\
            \u{1b}[1m\u{1b}[32m12 passed\u{1b}[39m\u{1b}[22m\u{1b}[90m (13)\u{1b}[39m";
        assert_eq!(read(Runner::Vitest, coloured), Tally { passed: 12, failed: 1 });
    }

    #[test]
    fn playwright_counts_every_outcome() {
        let output = "Running 9 tests using 1 worker\n\n  ✓  1 page.spec.ts:3:1 › loads 3 failed files (1.2s)\n\n  \
            1 failed\n    page.spec.ts:9:1 › trains ─────\n  1 flaky\n    page.spec.ts:20:1 › resizes\n  1 skipped\n  \
            2 did not run\n  4 passed (1.2m)\n";
        assert_eq!(read(Runner::Playwright, output), Tally { passed: 5, failed: 3 });
    }
}
