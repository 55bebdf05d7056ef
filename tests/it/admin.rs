//! Admin mode from the outside: one contract for every provider, proven by sign-ins.

mod cli;
mod contract;
mod live;
