//! The full-screen view: keys in, screen out.

mod form;
mod screen;
mod tags;
