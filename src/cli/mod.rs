//! The commands, one a file.

mod adapter;
mod bench;
mod conform;
mod cost;
mod image;
mod models;
mod network;
mod overfit;
mod predict;
mod schedule;
mod schema;
mod summary;
mod train;
mod transfer;
mod tuning;
mod twins;

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use cnn_playground::Error;
use cnn_playground::gpu::{Gpu, GpuOptions};
use serde::Serialize;

/// Classic convolutional networks, trained and opened up on your own GPU
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lists the networks
    Models(models::Arguments),
    /// Says which GPU would be used, and its limits
    Adapter(adapter::Arguments),
    /// Prints the JSON Schema of the model format
    Schema(schema::Arguments),
    /// Prints a network's table, as Keras would
    Summary(summary::Arguments),
    /// Trains a network
    Train(Box<train::Arguments>),
    /// Lets a trained network name a picture
    Predict(predict::Arguments),
    /// Shows what skip connections do: residual networks beside the same layers without them
    Twins(twins::Arguments),
    /// Lets networks learn eight pictures by heart, which only a right gradient can
    Overfit(overfit::Arguments),
    /// Compares the GPU with reference numbers
    Conform(conform::Arguments),
    /// Times kernels and networks beside what the GPU can do at best
    Bench(bench::Arguments),
}

/// Why a command did not do what it was asked to.
#[derive(Debug)]
enum Failure {
    /// It was asked for something that cannot be; exit code 2.
    Usage(String),
    /// It went wrong on the way; exit code 1.
    Run(String),
    /// All has been said already; exit code 1.
    Reported,
}

impl Failure {
    /// An error of the engine that what was asked for has brought about.
    #[allow(clippy::needless_pass_by_value, reason = "the form that map_err takes")]
    fn usage(error: Error) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Run(error.to_string())
    }
}

type Outcome<T = ()> = Result<T, Failure>;

/// Parses the command line and does as it says.
pub(crate) fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Models(arguments) => arguments.run(),
        Command::Adapter(arguments) => arguments.run(),
        Command::Schema(arguments) => arguments.run(),
        Command::Summary(arguments) => arguments.run(),
        Command::Train(arguments) => arguments.run(),
        Command::Predict(arguments) => arguments.run(),
        Command::Twins(arguments) => arguments.run(),
        Command::Overfit(arguments) => arguments.run(),
        Command::Conform(arguments) => arguments.run(),
        Command::Bench(arguments) => arguments.run(),
    };
    let (message, code) = match outcome {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Failure::Reported) => return ExitCode::FAILURE,
        Err(Failure::Run(message)) => (message, ExitCode::FAILURE),
        Err(Failure::Usage(message)) => (message, ExitCode::from(2)),
    };
    eprintln!("error: {message}");
    code
}

/// Writes a line to standard output. A reader that has gone away (`| head`) is no error, but there is nobody left to
/// work for.
fn say(line: impl AsRef<str>) {
    let mut out = std::io::stdout().lock();
    if out.write_all(line.as_ref().as_bytes()).and_then(|()| out.write_all(b"\n")).is_err() {
        std::process::exit(0);
    }
}

/// Writes a value as one line of JSON.
fn say_json(value: &impl Serialize) -> Outcome {
    let line = serde_json::to_string(value).map_err(|error| Failure::Run(error.to_string()))?;
    say(line);
    Ok(())
}

/// Writes a remark to standard error: something that is done as asked, but may not be what was meant.
fn note(text: impl AsRef<str>) {
    eprintln!("note: {}", text.as_ref());
}

/// Reads a whole number of the command line from `least` on.
fn whole(least: u32) -> impl Fn(&str) -> Result<u32, String> + Clone {
    move |text| match text.parse() {
        Ok(number) if number >= least => Ok(number),
        _ => Err(format!("use a whole number from {least} to {}", u32::MAX)),
    }
}

/// The GPU; `WGPU_BACKEND` and `WGPU_ADAPTER_NAME` choose among several.
fn gpu() -> Outcome<Gpu> {
    Ok(pollster::block_on(Gpu::new(GpuOptions::default()))?)
}

/// The bytes of a file that was named on the command line.
fn read(path: &std::path::Path) -> Outcome<Vec<u8>> {
    std::fs::read(path).map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))
}
