//! The clipboard against the real thing: an X server, terminals, tmux and GNU screen. Each test brings its own.

mod display;
mod keepers;
mod multiplexers;
mod pictures;
mod sequences;
mod terminal;
mod x11;
