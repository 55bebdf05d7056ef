//! The full-screen view: keys in, screen out.

mod form;
mod qr;
mod screen;
mod tags;
