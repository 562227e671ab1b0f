//! Every op on the GPU against plain `f64` loops, natively and in the browser from the same bodies.
//!
//! `fusion` compares inference as it runs with layers one by one. `reference` holds the loops, `ops` one file of tests an op with the stem of its shader, `property` random shapes,
//! `statistics` what can be asked of a session, `seeds` that a seed means the same weights in either place.

#[path = "../support/choices.rs"]
mod choices;
mod fusion;
mod gradient;
mod ops;
mod property;
mod reference;
mod rig;
mod seeds;
mod statistics;
mod support;
