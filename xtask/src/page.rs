//! `page`, `serve` and `play`: builds the page and shows it.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::cmd::{Cmd, Running, root, www};
use crate::fresh::Inputs;
use crate::setup::{Scope, npm_program, setup};
use crate::tools::{self, CHROMIUM_HELP};
use crate::wasm::wasm;

/// Where `serve` and `play` listen unless told otherwise.
pub(crate) const PORT: u16 = 4173;
/// A server that nobody stops goes on for a week.
const FOREVER: Duration = Duration::from_hours(168);
/// In the page's folder but not inputs of its build.
const NOT_INPUTS: [&str; 6] =
    ["node_modules", "dist", "tests", "screenshots", "test-results", "playwright-report"];

/// Builds the engines and then the page, into `www/dist`.
pub(crate) fn page() -> Result<()> {
    wasm(false, true)?;
    let packages = www().join("node_modules/.package-lock.json");
    let inputs = Inputs::default().tree(&www(), &NOT_INPUTS).tree(&packages, &[]);
    // The check page brings the reference cases along.
    let inputs = inputs.tree(&root().join("shaders"), &[]).tree(&root().join("tests/fixtures/ops"), &[]);
    inputs.unless_fresh("page", &www().join("dist/index.html"), || {
        Cmd::new(npm_program()).args(["run", "build"]).dir(www()).run()
    })
}

/// A running server of `www/dist`, ended when dropped.
struct Server {
    running: Running,
    url: String,
}

/// Starts Vite's preview server and waits until it answers.
fn start(port: u16) -> Result<Server> {
    if !www().join("dist/index.html").is_file() {
        bail!("www/dist has no page; run `cargo xtask page` first");
    }
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    if TcpStream::connect_timeout(&address, Duration::from_millis(200)).is_ok() {
        bail!("port {port} is taken; choose another with --port");
    }
    // Not through npx, whose child would outlive it.
    let vite = Cmd::new("node").arg("node_modules/vite/bin/vite.js").args([
        "preview",
        "--strictPort",
        "--host",
        "127.0.0.1",
    ]);
    let vite = vite.args(["--logLevel", "warn", "--port", &port.to_string()]).dir(www()).limit(FOREVER);
    let mut running = vite.start()?;
    let patience = Instant::now() + Duration::from_mins(1);
    while TcpStream::connect_timeout(&address, Duration::from_millis(200)).is_err() {
        if let Some(status) = running.ended()? {
            bail!(
                "the page's server ended at once ({status}); if port {port} is taken, choose another with --port"
            );
        }
        if Instant::now() > patience {
            bail!("the page's server does not answer on port {port} after a minute");
        }
        thread::sleep(Duration::from_millis(50));
    }
    Ok(Server { running, url: format!("http://localhost:{port}/") })
}

/// Serves the built page until Ctrl-C.
pub(crate) fn serve(port: u16) -> Result<()> {
    let mut server = start(port)?;
    println!("{}  (Ctrl-C ends it)", server.url);
    let status = server.running.wait()?;
    server.running.check(status)
}

/// Sets up, builds and serves the page, and opens it in a browser where there is a screen.
pub(crate) fn play(port: u16) -> Result<()> {
    setup(Scope::Page)?;
    page()?;
    let mut server = start(port)?;
    println!("{}  (Ctrl-C ends it)", server.url);
    open_browser(&server.url);
    let status = server.running.wait()?;
    server.running.check(status)
}

/// Sets up, builds the page and trains on it in a browser without a window; leaves a screenshot in `target/play.png`.
pub(crate) fn play_headless(port: Option<u16>) -> Result<()> {
    setup(Scope::All)?;
    page()?;
    let port = match port {
        Some(port) => port,
        None => TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port(),
    };
    let server = start(port)?;
    let picture = root().join("target/play.png");
    let script =
        Cmd::new("node").arg("scripts/play-headless.mjs").args(["--url", &server.url, "--out"]).arg(picture);
    script.env("CHROMIUM", tools::require(tools::chromium(), "Chromium", CHROMIUM_HELP)?).dir(www()).run()
}

/// Opens `url` if there is a screen to open it on; the printed address does as well.
fn open_browser(url: &str) {
    let screen = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let command = if cfg!(target_os = "macos") {
        Some(("open", vec![url]))
    } else if cfg!(windows) {
        Some(("cmd", vec!["/c", "start", "", url]))
    } else if screen("DISPLAY") || screen("WAYLAND_DISPLAY") {
        Some(("xdg-open", vec![url]))
    } else {
        None
    };
    if let Some((program, words)) = command {
        // Left to itself: some desktops' openers stay as long as the browser does.
        let mut opener = std::process::Command::new(Path::new(program));
        let _ = opener.args(words).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    }
}
