//! Child processes: named in every error, limited in time, and ended with us.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};

/// Set by Ctrl-C, SIGTERM and SIGHUP; every wait below looks at it.
static STOPPED: AtomicBool = AtomicBool::new(false);

/// No step of this project should take longer than this, so one that does is hanging.
const LIMIT: Duration = Duration::from_mins(25);
const POLL: Duration = Duration::from_millis(20);

/// Makes Ctrl-C and SIGTERM end the children first and then this process.
pub(crate) fn end_children_on_signal() -> Result<()> {
    ctrlc::set_handler(|| STOPPED.store(true, Ordering::SeqCst)).context("cannot listen for Ctrl-C")
}

/// The repository's root folder.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The page's folder.
pub(crate) fn www() -> PathBuf {
    root().join("www")
}

/// A command to run, started in the repository's root.
pub(crate) struct Cmd {
    inner: Command,
    limit: Duration,
    own_group: bool,
}

impl Cmd {
    /// Prepares `program`, which is looked up on `PATH`.
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let mut inner = Command::new(program);
        inner.current_dir(root()).stdin(Stdio::null());
        // `cargo run` tells us about the xtask crate; the builds that we start are of another.
        inner.env_remove("CARGO").env_remove("CARGO_MANIFEST_DIR").env_remove("CARGO_MANIFEST_PATH");
        inner.env_remove("LD_LIBRARY_PATH").env_remove("DYLD_FALLBACK_LIBRARY_PATH");
        Self { inner, limit: LIMIT, own_group: true }
    }

    /// Appends one argument.
    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.inner.arg(arg);
        self
    }

    /// Appends arguments.
    pub(crate) fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.inner.args(args);
        self
    }

    /// Sets an environment variable.
    pub(crate) fn env(mut self, key: &str, value: impl AsRef<OsStr>) -> Self {
        self.inner.env(key, value);
        self
    }

    /// Sets environment variables.
    pub(crate) fn envs(mut self, vars: &[(&str, String)]) -> Self {
        self.inner.envs(vars.iter().map(|(key, value)| (key, value)));
        self
    }

    /// Sets the folder to run in.
    pub(crate) fn dir(mut self, dir: impl AsRef<Path>) -> Self {
        self.inner.current_dir(dir);
        self
    }

    /// Ends the command after `limit` instead of the usual one.
    pub(crate) fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Leaves the command in our process group and gives it our input, so that it may ask for a password.
    pub(crate) fn asks(mut self) -> Self {
        self.own_group = false;
        self.inner.stdin(Stdio::inherit());
        self
    }

    /// The command line, for a person to read.
    pub(crate) fn line(&self) -> String {
        let words = std::iter::once(self.inner.get_program()).chain(self.inner.get_args());
        words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
    }

    /// Starts the command and leaves it running until the returned guard is dropped.
    pub(crate) fn start(mut self) -> Result<Running> {
        #[cfg(unix)]
        if self.own_group {
            std::os::unix::process::CommandExt::process_group(&mut self.inner, 0);
        }
        let line = self.line();
        let child = self.inner.spawn().map_err(|error| {
            let program = self.inner.get_program().to_string_lossy().into_owned();
            match error.kind() {
                std::io::ErrorKind::NotFound => anyhow!(
                    "`{program}` is not installed or `{}` is missing; `cargo xtask setup` installs what it can",
                    self.inner.get_current_dir().unwrap_or(Path::new(".")).display()
                ),
                _ => anyhow!("cannot start `{program}`: {error}"),
            }
        })?;
        Ok(Running { child, line, limit: self.limit, own_group: self.own_group, done: false })
    }

    /// Runs the command with our output; an error unless it succeeds.
    pub(crate) fn run(self) -> Result<()> {
        let mut running = self.start()?;
        let status = running.wait()?;
        running.check(status)
    }

    /// Runs the command and hands every line of its standard output to `each`; returns how it ended.
    pub(crate) fn lines(mut self, mut each: impl FnMut(&str)) -> Result<ExitStatus> {
        self.inner.stdout(Stdio::piped());
        let mut running = self.start()?;
        let Some(stdout) = running.child.stdout.take() else { bail!("`{}`: no output pipe", running.line) };
        let (sender, receiver) = std::sync::mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).split(b'\n').map_while(Result::ok) {
                if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                    break;
                }
            }
        });
        let status = running.wait_while(|| receiver.try_iter().for_each(|line| each(&line)))?;
        // A grandchild may hold the pipe open after the child has ended: do not wait for ever.
        while let Ok(line) = receiver.recv_timeout(Duration::from_secs(2)) {
            each(&line);
        }
        Ok(status)
    }

    /// Runs the command silently and returns its standard output, or nothing if it fails or does not exist.
    pub(crate) fn output(mut self) -> Option<String> {
        let output = self.inner.stderr(Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_string())
    }
}

/// A child that is ended when this is dropped.
pub(crate) struct Running {
    child: Child,
    line: String,
    limit: Duration,
    own_group: bool,
    done: bool,
}

impl Running {
    /// Waits for the child, or for Ctrl-C or the limit, which are errors.
    pub(crate) fn wait(&mut self) -> Result<ExitStatus> {
        self.wait_while(|| ())
    }

    /// Whether the child has ended already, and how.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        if STOPPED.load(Ordering::SeqCst) {
            bail!("stopped");
        }
        let status = self.child.try_wait().with_context(|| format!("lost `{}`", self.line))?;
        self.done |= status.is_some();
        Ok(status)
    }

    /// An error unless `status` is success.
    pub(crate) fn check(&self, status: ExitStatus) -> Result<()> {
        if status.success() { Ok(()) } else { bail!("`{}` failed ({status})", self.line) }
    }

    fn wait_while(&mut self, mut meanwhile: impl FnMut()) -> Result<ExitStatus> {
        let started = Instant::now();
        loop {
            meanwhile();
            if let Some(status) = self.ended()? {
                return Ok(status);
            }
            if started.elapsed() > self.limit {
                bail!("`{}` was still running after {} s and was ended", self.line, self.limit.as_secs());
            }
            thread::sleep(POLL);
        }
    }

    /// Sends `signal` to the child and all that it started; std can only kill the child itself.
    fn signal(&self, signal: &str) {
        if cfg!(unix) && self.own_group {
            let group = format!("-{}", self.child.id());
            let _ = Command::new("kill").args([signal, "--", &group]).stderr(Stdio::null()).status();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.done {
            return;
        }
        self.signal("-TERM");
        let patience = Instant::now() + Duration::from_secs(3);
        while self.own_group && Instant::now() < patience {
            if !matches!(self.child.try_wait(), Ok(None)) {
                break;
            }
            thread::sleep(POLL);
        }
        self.signal("-KILL");
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
