//! Set-up, build, serve and test: one command each.

mod apt;
mod check;
mod cmd;
mod counts;
mod debian;
mod fresh;
mod names;
mod page;
mod setup;
mod size;
#[path = "../../build/squeeze.rs"]
mod squeeze;
mod suite;
mod tools;
mod wasm;

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::{Parser, Subcommand};

use crate::counts::Tally;
use crate::page::PORT;
use crate::setup::Scope;

/// Set-up, build, serve and test: one command each.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what is missing: a wasm32 toolchain, wasm-bindgen, wasm-pack, a browser, the page's packages
    Setup,
    /// Compile the engine for the browser, into www/pkg
    Wasm {
        /// Also the check page's engine, into www/pkg-full
        #[arg(long)]
        full: bool,
        /// Compile fast and keep debug information, instead of small
        #[arg(long)]
        dev: bool,
    },
    /// Build the engine and the page, into www/dist
    Page,
    /// Serve the built page
    Serve {
        /// Where to listen
        #[arg(long, default_value_t = PORT)]
        port: u16,
    },
    /// Set up, build, serve and open the page
    Play {
        /// Where to listen [default: 4173, or any free port with --headless]
        #[arg(long)]
        port: Option<u16>,
        /// Train in a browser without a window, print the result and leave a picture in target/play.png
        #[arg(long)]
        headless: bool,
    },
    /// Check the formatting of the Rust code (the page's is part of lint)
    Fmt {
        /// Format everything instead
        #[arg(long)]
        fix: bool,
    },
    /// Lint the Rust code, natively and for wasm32, and the page
    Lint,
    /// Validate every shader with naga, and with tint where it is installed
    Shaders,
    /// Run all Rust tests natively
    Unit,
    /// Run the Rust tests on a browser's WebGPU
    Browser,
    /// Run the page's unit tests, and its tests in a browser
    PageTest,
    /// Hold what the page loads against its limits
    Size,
    /// Set up and run every check: what CI runs
    Test {
        /// Go on after a step that fails
        #[arg(long)]
        keep_going: bool,
    },
}

fn main() -> ExitCode {
    let done = cmd::end_children_on_signal().and_then(|()| run(&Cli::parse().task));
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs one task; false if it has failed and has said so.
fn run(task: &Task) -> Result<bool> {
    match *task {
        Task::Setup => setup::setup(Scope::All)?,
        Task::Wasm { full, dev } => wasm::wasm(dev, full)?,
        Task::Page => page::page()?,
        Task::Serve { port } => page::serve(port)?,
        Task::Play { port, headless: true } => page::play_headless(port)?,
        Task::Play { port, headless: false } => page::play(port.unwrap_or(PORT))?,
        Task::Fmt { fix } => passed(check::fmt(fix)?)?,
        Task::Lint => passed(check::lint()?)?,
        Task::Shaders => passed(check::shaders()?)?,
        Task::Unit => passed(check::unit()?)?,
        Task::Browser => passed(check::browser()?)?,
        Task::PageTest => passed(check::page_test()?)?,
        Task::Size => passed(size::size()?)?,
        Task::Test { keep_going } => return Ok(suite::test(keep_going)),
    }
    Ok(true)
}

fn passed(tally: Tally) -> Result<()> {
    if tally.failed > 0 {
        bail!("{} passed, {} failed", tally.passed, tally.failed);
    }
    Ok(())
}
