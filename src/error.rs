//! One opaque error, written for the person who reads it.

use std::fmt;

/// What went wrong: the thing, the numbers, and the way out, in one sentence.
///
/// Every fallible function of the crate returns this type. Callers show it; nothing in the crate branches on its
/// text. Panics are reserved for bugs of our own.
#[derive(Clone, PartialEq, Eq)]
pub struct Error {
    message: String,
}

/// `Result` with the crate's own [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error with this text.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }

    /// The same error, told of a layer: `conv2d "conv3": …`.
    #[must_use]
    pub fn of_layer(self, class: &str, name: &str) -> Self {
        Self { message: format!("{class} \"{name}\": {}", self.message) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// Leaves the function with an [`Error`] made of a format string.
macro_rules! bail {
    ($($arg:tt)*) => { return Err($crate::error::Error::new(format!($($arg)*))) };
}
pub(crate) use bail;
