//! `test`: everything that CI runs, in the order in which it fails soonest.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::check;
use crate::counts::Tally;
use crate::page::page;
use crate::setup::{Scope, setup};
use crate::size::size;

type Step = (&'static str, fn() -> Result<Tally>);

const STEPS: [Step; 9] = [
    ("setup", || setup(Scope::All).map(|()| Tally::STEP)),
    ("fmt", || check::fmt(false)),
    ("lint", check::lint),
    ("shaders", check::shaders),
    ("unit", check::unit),
    ("page", || page().map(|()| Tally::STEP)),
    ("size", size),
    ("browser", check::browser),
    ("page-test", check::page_test),
];

/// Runs all steps, or with `keep_going` false all up to the first that fails; whether all passed.
pub(crate) fn test(keep_going: bool) -> bool {
    let started = Instant::now();
    let mut rows: Vec<(&str, Option<(Tally, Duration)>)> = Vec::new();
    let mut total = Tally::default();
    for (name, step) in STEPS {
        if total.failed > 0 && !keep_going {
            rows.push((name, None));
            continue;
        }
        println!("\n── {name}");
        let begun = Instant::now();
        let tally = step().unwrap_or_else(|error| {
            eprintln!("error: {error:#}");
            Tally { passed: 0, failed: 1 }
        });
        total.add(tally);
        rows.push((name, Some((tally, begun.elapsed()))));
    }
    println!("\n{:<10} {:>7} {:>7} {:>8}", "step", "passed", "failed", "time");
    for (name, row) in rows {
        match row {
            Some((tally, time)) => {
                println!("{name:<10} {:>7} {:>7} {:>8}", tally.passed, tally.failed, clock(time));
            }
            None => println!("{name:<10} not run; alone: cargo xtask {name}"),
        }
    }
    println!("{:<10} {:>7} {:>7} {:>8}\n", "all", total.passed, total.failed, clock(started.elapsed()));
    // The last line of CI: its form is fixed.
    println!("{} passed, {} failed", total.passed, total.failed);
    total.failed == 0
}

fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_minutes_and_seconds() {
        assert_eq!(clock(Duration::from_millis(65_999)), "1:05");
    }
}
