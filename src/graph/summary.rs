//! What Keras prints.
