//! The full-screen view: keys in, screen out.

mod form;
mod import;
mod life;
mod list;
mod qr;
mod screen;
mod tags;
