//! What is done to a picture at random each time that training sees it. The GPU does it, in `shaders/gather.wgsl`.

use std::fmt;

use crate::error::{Error, bail};

/// Names and bits, in the order in which they are told.
const NAMES: [(&str, u32); 4] = [("flip", 1), ("shift", 2), ("rotate", 4), ("cutout", 8)];

/// A choice of `flip` (left and right change places), `shift` (up to an eighth of a side), `rotate` (up to 15°) and `cutout`
/// (a square of a quarter of the side becomes 0; `DeVries` and Taylor 2017). None of them at first.
///
/// ```
/// # use cnn_playground::data::Augment;
/// let augment: Augment = "rotate,flip".parse()?;
/// assert_eq!(augment.to_string(), "flip,rotate");
/// assert!("".parse::<Augment>()?.is_none());
/// assert!("fold".parse::<Augment>().is_err());
/// # Ok::<(), cnn_playground::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Augment(u32);

impl Augment {
    /// Whether pictures stay as they are.
    pub fn is_none(self) -> bool {
        self.0 == 0
    }

    /// `AUGMENT` of the shader.
    pub fn bits(self) -> u32 {
        self.0
    }
}

impl std::str::FromStr for Augment {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut found = 0;
        for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            let Some((_, bit)) = NAMES.iter().find(|(name, _)| *name == word) else {
                bail!("there is no augmentation \"{word}\"; use flip, shift, rotate and cutout, with commas")
            };
            found |= bit;
        }
        Ok(Self(found))
    }
}

impl fmt::Display for Augment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chosen = NAMES.iter().filter(|(_, bit)| self.0 & bit != 0).map(|(name, _)| *name);
        f.write_str(&chosen.collect::<Vec<_>>().join(","))
    }
}
