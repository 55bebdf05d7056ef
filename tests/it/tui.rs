//! The full-screen view: keys in, screen out.

mod screen;
mod tags;
